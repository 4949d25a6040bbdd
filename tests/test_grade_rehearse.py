"""A class of invented students, and what has to become of it."""

import csv
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tools.notebook.common import Problem, select
from tools.teach.grade import (
    command,
    handed_in,
    rehearse,
    rehearse_check,
    roster,
    submissions,
    worksheets,
)
from tools.teach.grade.masters import without_outputs
from tools.teach.grade.rehearse import Dice
from tools.teach.grade.rows import Row

UNIT, NAME = "06_graph_networks", "01_gat_cora"


@pytest.fixture(scope="module")
def parts():
    chosen = select(["06/01", "06/05"])
    return [rehearse.part_of(n, without_outputs(n.content).encode()) for n in chosen]


def made_of(parts):
    class_ = rehearse.rehearse_class.people(40)
    return list(zip(class_, rehearse.hand_ins(parts, Dice("06")), strict=True))


@pytest.fixture(scope="module")
def folder(parts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rehearsal")
    rehearse.write(folder, UNIT, 20.0, made_of(parts))
    return folder


def expected(folder):
    text = (folder / "expected.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("platform", ["moodle", "canvas"])
def test_uploads_are_those_of_the_class_in_each_form(folder, platform, capsys):
    sheet = folder / ("canvas.csv" if platform == "canvas" else f"moodle_{UNIT}.csv")
    class_ = roster.read(folder / "class.csv")
    numbers = worksheets.numbers_of([str(sheet)], class_)
    assert len(class_) == 40 == len(numbers) and capsys.readouterr().out == ""
    known = [(n.path.parent.name, n.path.stem) for n in select(["06"])]
    found = submissions.collect(folder / f"{platform}.zip", known, class_, numbers)
    wanted = {(line["student"], line["notebook"]) for line in expected(folder) if line["task"]}
    assert {(one.student, one.notebook) for one in found.found} == wanted
    assert found.notes == []
    told = "\n".join(found.left_out)
    assert "homework_final_NEW.ipynb: no notebook of this course by its name" in told
    assert "nobody on the roster has the number" in told and "again, the later counts" in told
    twice = next(x["student"] for x in expected(folder) if x["hand-in"].startswith("two uploads"))
    assert all(len(one.load()) > 9 for one in found.found if one.student == twice)


def test_the_same_class_comes_each_time_and_has_all_that_classes_have(parts, folder, tmp_path):
    rehearse.write(tmp_path, UNIT, 20.0, made_of(parts))
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()
    lines = expected(folder)
    verdicts = {line["verdict"] for line in lines}
    assert verdicts == {
        *("pass", "fail", "unsolved", "refused", "died", "timeout", "cells"),
        *(rehearse.WAITS, rehearse.NOTHING, "no answer"),
    }
    assert {line["hand-in"] for line in lines} == {what for what, *_ in rehearse.CASES}
    assert sum(line["late"] == "yes" for line in lines) > 3
    points = {line["points"] for line in lines if line["verdict"] == "fail"}
    assert points == {"0"}


def test_the_worksheet_says_when_each_was_handed_in(folder):
    times = handed_in.read([f"06={folder / f'moodle_{UNIT}.csv'}"], [UNIT])[UNIT]
    nothing = {x["student"] for x in expected(folder) if x["hand-in"] == "nothing"}
    assert len(times) == 40 - len(nothing) and max(times.values()) == "2027-06-02T06:00:00"


def test_wrong_ones_are_the_lessons_own(parts):
    hand_in = rehearse.HandIn("wrong")
    made = dict(rehearse.wrong(Dice("x"), parts, hand_in))
    for part, name, verdict in hand_in.expected:
        cells = json.loads(made[part.name])["cells"]
        sources = {c["metadata"].get("nbgrader", {}).get("grade_id"): c["source"] for c in cells}
        for task in (t for t in part.tasks if t.name == name):
            assert (sources[name] == task.solution) == (verdict == "pass")
            assert sources[name] == task.solution or sources[name] in part.wrong[name]


# ------------------------------------------------------------------ what became of it


def book_of(lines, out, **changed):
    """Return a book in which all went as expected, but for ``changed``."""
    table, outcomes = {}, []
    for line in lines:
        place = (line["student"], line["unit"], line["notebook"], line["task"])
        if not line["task"]:
            continue
        waits = line["verdict"] == rehearse.WAITS
        table[place] = Row(*place, float(line["points"] or 0), 9.0, "", waits)
        task = {"task": line["task"], "verdict": line["verdict"]}
        open_one = waits or line["verdict"] == "no answer"
        outcome = dict(zip(("student", "unit", "notebook"), place, strict=False))
        outcome |= {
            "refused": "x" if line["verdict"] == "refused" else "",
            "tasks": [],
            "questions": [],
        }
        outcome["questions" if open_one else "tasks"] = [
            {"task": task["task"]} if open_one else task
        ]
        outcomes.append(outcome)
    late = {tuple(x[k] for k in ("student", "unit", "notebook")): 9.0 for x in lines if x["late"]}
    state = SimpleNamespace(handed_in=late, due={UNIT: 5.0})
    alike = [line["student"] for line in lines if "alike" in line["hand-in"]]
    (out / "similar.csv").write_text(f"student,other student\n{alike[0]},{alike[-1]}\n", "utf-8")
    return SimpleNamespace(out=out, state=state, outcomes=outcomes), table


def test_what_is_as_expected_and_what_is_not(folder, tmp_path):
    lines = expected(folder)
    book, table = book_of(lines, tmp_path)
    assert list(rehearse_check.differences(lines, book, table)) == []
    place = next(place for place in table if place[3] == "latent_draw")
    book.outcomes[list(table).index(place)]["tasks"][0]["verdict"] = "timeout"
    waiting = next(place for place, row in table.items() if row.review)
    table[waiting] = replace(table[waiting], points=2.0, by_hand=True, review=False)  # marked since
    book.outcomes.append(book.outcomes[0] | {"student": "nobody"})
    book.state.due[UNIT] = 99.0
    (tmp_path / "similar.csv").unlink()
    told = list(rehearse_check.differences(lines, book, table))
    assert told[0] == "nobody is in the book and not in the class"
    assert any("latent_draw: timeout" in line and line.endswith("not pass") for line in told)
    assert any(line.endswith("is not late") for line in told)
    assert told[-1].startswith("similar.csv does not name ")
    assert not any(waiting[0] in line and waiting[3] in line for line in told)


def test_no_folder_is_written_over_and_a_wrong_one_is_told(folder, tmp_path):
    with pytest.raises(Problem, match="is there already: name a new folder by --into"):
        command.main(["--rehearse", "06", "--into", str(folder), "--out", str(tmp_path)])
    with pytest.raises(Problem, match=r"expected.csv is not there: name the folder that --rehe"):
        command.main(["--check", str(tmp_path), "--out", str(tmp_path)])
