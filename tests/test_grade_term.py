"""A book over a term: calls in any order, over any division of a class, lose nothing."""

import csv
import io
import json
import os
import random
import warnings
from datetime import datetime

import pytest
from grade_class import UNIT, UNITS, Desk, merged, moodle, table, zipped

from data.core.files import write_text
from tools.notebook.common import Problem
from tools.teach.grade import gradebook, scheduler, store, term

OTHER = UNITS[1]
DUE = datetime(2027, 5, 31, 18).timestamp()


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return Desk(tmp_path, monkeypatch)


def lines(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def students(desk):
    return sorted({line["student"] for line in lines(desk.out / "grades.csv")})


def first_zip(tmp_path):
    return zipped(
        tmp_path / "first.zip",
        (moodle("Ada Love", 11), {"why": ""}, DUE - 100),
        (moodle("Bob Berg", 12), {"double": 0, "why": ""}, DUE + 90_000),
    )


def test_latecomers_leave_marks_and_feedback_of_the_others(desk, tmp_path):
    desk(first_zip(tmp_path))
    before = files(desk.out)
    desk(zipped(tmp_path / "late.zip", (moodle("Carl Rau", 13), {"why": ""}, DUE + 10)))
    assert students(desk) == ["Ada Love_11", "Bob Berg_12", "Carl Rau_13"]
    after = files(desk.out)
    same = [name for name in before if name.startswith(("feedback", "outcomes", "instructor"))]
    assert len(same) == 6 and all(before[name] == after[name] for name in same)


def test_a_later_file_counts_whatever_call_comes_last(desk, tmp_path):
    place = moodle("Ada Love", 11)
    old = zipped(tmp_path / "old.zip", (place, {"double": 0, "why": ""}, DUE))
    new = zipped(tmp_path / "new.zip", (place, {"why": ""}, DUE + 100))
    desk(new)
    desk(old)
    assert table(desk.out, "Ada Love_11")["double"]["points"] == "2"
    assert desk.graded == [("Ada Love_11", UNIT)]
    assert "handed in 01_small/01_small again" in (desk.out / "overview.html").read_text("utf-8")


def test_files_of_one_date_in_two_uploads_have_to_be_one(desk, tmp_path):
    place = moodle("Ada Love", 11)
    first = zipped(tmp_path / "a.zip", (place, {"double": 0}, DUE))
    second = zipped(tmp_path / "b.zip", (place.replace("file_/", "file_/x/"), {"why": ""}, DUE))
    desk(first)
    desk(first)
    desk(zipped(tmp_path / "again.zip", (place, {"double": 0}, DUE)))  # downloaded once more
    assert table(desk.out, "Ada Love_11")["double"]["points"] == "0" and len(desk.graded) == 1
    desk(second)
    told = "2 files of one date (2027-05-31 18:00) may be it"
    assert told in (desk.out / "overview.html").read_text("utf-8")
    desk(zipped(second, (place.replace("file_/", "file_/x/"), {"why": ""}, DUE + 60)))
    assert table(desk.out, "Ada Love_11")["double"]["points"] == "2"


def test_a_regrade_of_one_upload_leaves_what_is_known_of_the_others(desk, tmp_path):
    first = first_zip(tmp_path)
    desk(first)
    desk(zipped(tmp_path / "late.zip", (moodle("Carl Rau", 13), {"why": ""}, DUE + 10)))
    before = files(desk.out)
    desk.tests = "mended"
    desk(first)
    after = files(desk.out)
    told = b"1 of 01_small/01_small were graded with other tests than the last ones: grade "
    assert told in after["overview.html"] and b"late.zip again" in after["overview.html"]
    assert len(desk.graded) == 5 and [k for k in before if before[k] != after[k]] == [
        *(k for k in before if k.startswith("outcomes") and "Carl" not in k),
        "overview.html",
    ]
    desk(tmp_path / "late.zip")
    assert files(desk.out)["overview.html"] == before["overview.html"]


def test_a_call_that_ended_early_is_told_and_goes_on(desk, tmp_path, monkeypatch):
    place = moodle("Ada Love", 11)
    desk(zipped(tmp_path / "first.zip", (place, {"double": 0, "why": ""}, DUE)))

    def lost(client, jobs):
        raise Problem("the scheduler is gone")

    again = zipped(
        tmp_path / "again.zip", (place, {"why": ""}, DUE + 60), (moodle("Bob", 12), {}, DUE)
    )
    with monkeypatch.context() as broken, pytest.raises(Problem, match="is gone"):
        broken.setattr(scheduler, "run", lost)
        desk(again)
    desk(zipped(tmp_path / "late.zip", (moodle("Carl Rau", 13), {}, DUE)))
    page = (desk.out / "overview.html").read_text("utf-8")
    for told in ("Ada Love_11, 01_small/01_small: the file of 2027-05-31 18:01", "Bob_12"):
        assert told in page
    assert "2 files of" in page and "again.zip are not graded yet: call again with it" in page
    assert not any("again.zip" in p.read_text("utf-8") for p in (desk.out / "feedback").iterdir())
    assert table(desk.out, "Bob_12")["double"]["reason"].startswith("not graded: the file of")
    desk(again)
    assert "not graded yet" not in (desk.out / "overview.html").read_text("utf-8")
    assert table(desk.out, "Ada Love_11")["double"]["points"] == "2"


def test_what_the_grader_failed_on_stays_told_until_it_is_graded(desk, tmp_path):
    place = moodle("Ada Love", 11)
    first = zipped(tmp_path / "first.zip", (place, {"broke": "a worker died"}, DUE))
    assert desk(first) == 1
    assert desk(zipped(tmp_path / "late.zip", (moodle("Bob", 12), {}, DUE))) == 0
    told = "Ada Love_11, 01_small/01_small: a worker died"
    assert told in (desk.out / "overview.html").read_text("utf-8")
    assert desk(zipped(first, (place, {"why": ""}, DUE))) == 0
    assert "a worker died" not in (desk.out / "overview.html").read_text("utf-8")


# ------------------------------------------------------------------ what a call says


def test_a_class_list_holds_on_and_who_is_not_on_the_next_one_is_told(desk, tmp_path, capsys):
    people = tmp_path / "class.csv"
    people.write_text(
        "id,first_name,last_name\n1,Ada,Love\n2,Bob,Berg\n3,Carl,Rau\n", encoding="utf-8"
    )
    desk(first_zip(tmp_path), "--students", people)
    desk(zipped(tmp_path / "late.zip", (f"Carl Rau/{UNIT}/01_small.ipynb", {}, DUE)))
    assert students(desk) == ["1", "2", "3"]
    people.write_text(
        "id,first_name,last_name\n1,Ada,Love\n2,Bob,Berg\n4,Dora,Fee\n", encoding="utf-8"
    )
    capsys.readouterr()
    desk(first_zip(tmp_path), "--students", people)
    told = "1 of an earlier class list are not on this one and stay: Carl Rau (3)"
    assert told in capsys.readouterr().out
    assert students(desk) == ["1", "2", "3", "4"]


def test_who_is_not_in_the_class_list_is_told(desk, tmp_path):
    desk(first_zip(tmp_path))  # names without a list
    people = tmp_path / "class.csv"
    people.write_text("id,first_name,last_name\n1,Ada,Love\n2,Bob,Berg\n", encoding="utf-8")
    desk(first_zip(tmp_path), "--students", people)
    told = "2 in the gradebook are not in the class list: Ada Love_11, Bob Berg_12"
    assert told in (desk.out / "overview.html").read_text("utf-8")


def test_what_was_left_out_is_told_of_the_whole_term(desk, tmp_path):
    def page(path, *places):
        members = [(place, {"why": ""}, DUE) for place in places]
        desk(zipped(tmp_path / path, *members))
        return (desk.out / "overview.html").read_text("utf-8")

    def told(text):
        return [n for n in range(4) if f"notes{n}.txt: no notebook" in text]

    ada, bob = moodle("Ada Love", 11), moodle("Bob Berg", 12)
    assert told(page("a.zip", ada, "notes0.txt", "notes1.txt")) == [0, 1]
    assert told(page("b.zip", bob, "notes2.txt")) == [0, 1, 2]
    assert told(page("a.zip", ada, "notes1.txt")) == [1, 2]  # what it now holds
    assert told(page("a.zip", moodle("Carl", 13), "notes3.txt")) == [1, 2, 3]  # another one


def test_a_folder_of_another_version_is_told(desk, tmp_path):
    desk(first_zip(tmp_path))
    kept = json.loads((desk.out / term.STATE).read_text("utf-8"))
    kept["versions"][0]["clock"] = ""
    (desk.out / term.STATE).write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(Problem, match="written by another version .* new folder, by --out"):
        desk(first_zip(tmp_path))


# ------------------------------------------------------------------ any order, any division


def files(out):
    """Return all that a book says: marks, tables, pages."""
    own = ("collection.json", "grade.lock")
    found = {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in own and "nbgrader" not in path.parts
    }
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        found["marks"] = gradebook.rows(opened)
        found["times"] = sorted(
            (s.student.id, s.assignment.name, n.name, s.timestamp)
            for assignment in opened.assignments
            for s in assignment.submissions
            for n in s.notebooks
        )
        found["students"] = sorted((s.id, s.first_name, s.email) for s in opened.students)
    return found


def random_class(dice):
    """Return what students hand in, now and again, for two units: (place, what it says, when)."""
    members = []
    for number in range(dice.randint(3, 6)):
        name, unit = f"{dice.choice('ABC')} {number}", dice.choice(UNITS)
        for _ in range(dice.randint(1, 4)):
            said = {"double": dice.choice([0, 2]), "why": dice.choice(["", "Because."])}
            when = DUE + 60 * dice.choice([-9, -1, 0, 1, 2_000])
            place = moodle(name, 10 + number, dice.choice([unit, *UNITS]))
            if dice.random() < 0.3:
                place = place.replace("01_small.ipynb", "01_small-1.ipynb")
            members.append((place, said, when))
        if dice.random() < 0.4:
            members.append((moodle(name, 10 + number).replace("ipynb", "txt"), {}, DUE))
    return members


def divided(dice, members):
    """Return the members in a few parts, each of which has work of somebody."""
    parts = [[] for _ in range(dice.randint(2, 4))]
    for member in members:
        dice.choice(parts).append(member)
    having = [part for part in parts if any(m[0].endswith("ipynb") for m in part)]
    having[0].extend(m for part in parts if part not in having for m in part)
    return having


def uploaded(dice, path, members):
    """Return an upload of members: a folder, or a zip."""
    if dice.random() < 0.5 or len({place for place, *_ in members}) < len(members):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of two members with one name
            return zipped(path.with_suffix(".zip"), *members)
    for place, said, when in members:
        write_text(path / place, json.dumps(said))
        os.utime(path / place, (when, when))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_calls_over_any_division_ends_in_one_book(tmp_path, monkeypatch, seed):
    dice = random.Random(seed)
    members = random_class(dice)
    people = tmp_path / "class.csv"
    lines = [f"{10 + n},{'Bob' if n % 2 else 'Ada'},{n},{n}@x.org" for n in range(7)]
    people.write_text("\n".join(["id,first_name,last_name,email", *lines]), encoding="utf-8")
    words = []
    named = dice.random() < 0.5
    words += ["--students", people] if named else []
    often = Desk(tmp_path / "often", monkeypatch)
    parts = divided(dice, members)
    calls = [uploaded(dice, tmp_path / str(n), part) for n, part in enumerate(parts)]
    calls += dice.choices(calls, k=dice.randint(0, 2))
    dice.shuffle(calls)
    said_once = dice.random() < 0.5  # and it holds on
    for number, path in enumerate(calls):
        told = words if not (said_once and number) else []
        often(path, *told)
        if number == len(calls) // 2:  # marks for what is there by then, and a table put back
            marked = marks_for(often.out, members, parts, calls[: number + 1])
            merged(often.out, marked)
    once = Desk(tmp_path / "once", monkeypatch)
    once(uploaded(dice, tmp_path / "whole", members), *words)
    merged(once.out, marked)
    assert files(once.out) == files(often.out)


def marks_for(out, members, parts, calls):
    """Return a table of marks for students all of whose files were in these calls."""
    there = {int(path.stem) for path in calls}
    missing = [m[0] for n, part in enumerate(parts) if n not in there for m in part]
    kept = [
        line
        for line in lines(out / "grades.csv")
        if not any(f"_{line['student'][-2:]}_" in place for place in missing)
        and line["reason"] != "not handed in"
    ]
    cells = [f"{r['student']},{r['unit']},{r['notebook']},{r['task']},1" for r in kept[::2]]
    return "\n".join(["student,unit,notebook,task,points", *cells])
