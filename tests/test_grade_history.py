"""Tables that are older than the book, marks that are taken back, what the history tells."""

import csv
import io
import json
import re
import zipfile

import pytest
from grade_class import (
    HEAD,
    NAME,
    UNIT,
    UNITS,
    Desk,
    folder_with_gradebook,
    graded,
    moodle,
    outcome,
    table,
    zipped,
)

from tools.notebook.common import Problem
from tools.teach.grade import command, gradebook, history, output, rows, tables

ADA = f"ada,{UNIT},{NAME}"
MONDAY = 1_811_786_400


@pytest.fixture
def out(tmp_path):
    return folder_with_gradebook(tmp_path)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return Desk(tmp_path, monkeypatch)


def grades(out):
    return (out / "grades.csv").read_text("utf-8")


def merge(out, text, *words, name="marks.csv"):
    """Merge a table; returns the exit code."""
    (out / name).write_text(text, encoding="utf-8", newline="")
    return command.main(["--manual", str(out / name), "--out", str(out), *words])


def changed(text, place, column, cell):
    """Return a table with another cell in the line of a place."""
    lines = list(csv.reader(io.StringIO(text)))
    (line,) = [line for line in lines if ",".join(line[:4]) == place]
    line[lines[0].index(column)] = cell
    return rows.as_csv([], lines).partition("\n")[2]


def point(out, task="double", student="ada"):
    return table(out, student)[task]["points"]


# ------------------------------------------------------------------ a stale table


def test_a_table_of_monday_freezes_no_mark_of_tuesday(desk, tmp_path, capsys):
    said = {"double": {"first": 0, "mended": 2}, "why": "Because."}
    class_ = zipped(tmp_path / "a.zip", *((f"{s}/{UNIT}/{NAME}.ipynb", said, MONDAY) for s in "ab"))
    desk(class_)
    monday = grades(desk.out)
    desk.tests = "mended"
    desk(class_)
    assert point(desk.out, student="a") == "2"
    capsys.readouterr()
    text = changed(monday, f"a,{UNIT},{NAME},a_why", "points", "3")
    assert merge(desk.out, text) == 0
    told = capsys.readouterr().out
    assert told.startswith("1 marks merged")
    assert "2 lines that you did not change are older than the gradebook, which stays" in told
    assert f"a/{UNIT}/{NAME}/double" in told
    assert [point(desk.out, "double", s) for s in "ab"] == ["2", "2"]
    assert point(desk.out, "a_why", "a") == "3"
    with gradebook.opened(desk.out / output.GRADEBOOK) as opened:
        assert [r.task for r in gradebook.rows(opened) if r.by_hand] == ["a_why"]


def test_a_line_that_was_changed_and_whose_row_has_moved_is_named_and_not_merged(out, capsys):
    graded(out, outcome("ada", 0), outcome("bob"))
    monday = grades(out)
    graded(out, outcome("ada", 2, key="2"), outcome("bob"))
    text = changed(monday, f"{ADA},double", "points", "1,5".replace(",", "."))
    text = changed(text, f"bob,{UNIT},{NAME},a_why", "points", "4")
    capsys.readouterr()
    assert merge(out, text) == 1
    told = capsys.readouterr().out
    assert told.startswith("1 marks merged") and "NOT MERGED: 1 lines" in told
    line = f"marks.csv, line 4: ada/{UNIT}/{NAME}/double: the line says 1.5; the gradebook says 2, "
    assert f"{line}automatic" in told
    assert (point(out), point(out, "a_why", "bob")) == ("2", "4")
    assert (
        merge(out, changed(text, f"{ADA},double", "fingerprint", "")) == 0
    )  # it counts all the same
    assert point(out) == "1.5"


@pytest.mark.parametrize("kind", ["grades.csv", "marking.csv"])
def test_a_mark_for_an_answer_that_is_another_one_now_is_named(out, capsys, kind):
    graded(out, outcome("ada"))
    state = output.read_state(out)
    output.write_pages(out, state, anonymous=True)
    text = (out / kind).read_text("utf-8").replace(",a_why,,", ",a_why,3,")
    graded(out, outcome("ada", key="2", why="Another."))
    assert merge(out, text) == 1
    told = capsys.readouterr().out
    assert "the gradebook says no mark, since the answer is another one" in told
    assert point(out, "a_why") == ""


def test_marking_goes_on_in_a_table_that_was_merged(out, capsys):
    graded(out, outcome("ada"), outcome("bob"))
    text = changed(grades(out), f"{ADA},a_why", "points", "3")
    assert merge(out, text, "--by", "eve") == 0
    assert merge(out, text, "--by", "eve") == 0  # the same again: nothing new
    assert "0 marks merged" in capsys.readouterr().out
    text = changed(text, f"bob,{UNIT},{NAME},a_why", "points", "2")
    text = changed(text, f"{ADA},a_why", "points", "3.5")
    assert merge(out, text, "--by", "eve") == 0
    assert (point(out, "a_why"), point(out, "a_why", "bob")) == ("3.5", "2")
    # Another marker, or another copy of the table, has not seen that.
    for words, name in ((("--by", "dan"), "marks.csv"), (("--by", "eve"), "copy.csv")):
        other = changed(text, f"{ADA},a_why", "points", "1")
        assert merge(out, other, *words, name=name) == 1
    assert "the line says 1; the gradebook says 3.5, by hand" in capsys.readouterr().out
    assert point(out, "a_why") == "3.5"


def test_a_table_that_a_spreadsheet_saved_is_known_as_unchanged(out, capsys):
    graded(out, outcome("ada", 1.5), outcome("bob", 0))
    lines = list(csv.reader(io.StringIO(grades(out))))
    for line in lines[1:]:
        line[4] = f"{float(line[4]):.2f}".replace(".", ",") if line[4] else ""
        line[7] = line[7].upper()
    text = "\r\n".join(";".join(line) for line in lines)
    graded(out, outcome("ada", 0, key="2"), outcome("bob", 2, key="2"))
    assert merge(out, text) == 0
    assert "0 marks merged" in capsys.readouterr().out
    assert (point(out), point(out, student="bob")) == ("0", "2")


def test_fingerprints_are_words_that_no_spreadsheet_changes(out):
    graded(out, outcome("ada"), outcome("bob"))
    found = [line["fingerprint"] for s in ("ada", "bob") for line in table(out, s).values()]
    assert len(set(found)) == 6 and all(re.fullmatch("[a-p]{20}", text) for text in found)


def test_fingerprints_of_a_table_without_names_tell_no_name():
    ada, bob = (rows.Row(s, "u", "n", "t", 0.0, 4.0, "", True, answer="x") for s in ("ada", "bob"))
    tables_ = [tables.marking_csv([row], {row.student: "ABCDEF"}) for row in (ada, bob)]
    assert tables_[0] == tables_[1]


def test_a_table_without_fingerprints_of_a_whole_book_is_refused(out):
    graded(out, outcome("ada"))
    lines = list(csv.reader(io.StringIO(grades(out))))
    text = "\n".join(",".join(line[:-1]) for line in lines)
    with pytest.raises(Problem, match=r"marks.csv lacks the column fingerprint.* new grades.csv"):
        merge(out, text)
    text = changed(grades(out), f"{ADA},double", "fingerprint", "1.2E+45")
    with pytest.raises(Problem, match=r"'1.2E\+45' is no fingerprint of ours; copy it"):
        merge(out, text)


def test_cells_that_were_sorted_away_from_their_lines_change_nothing(out):
    graded(out, outcome("ada", 0), outcome("bob", 2))
    lines = list(csv.reader(io.StringIO(grades(out))))
    names = [line[0] for line in lines[1:]]
    for line, name in zip(lines[1:], reversed(names), strict=True):
        line[0] = name
    assert merge(out, "\n".join(",".join(line) for line in lines)) == 1
    assert (point(out), point(out, student="bob")) == ("0", "2")


# ------------------------------------------------------------------ taken back


@pytest.mark.parametrize("word", ["-", "Take Back", "\u2013"])
def test_marks_and_comments_are_taken_back(out, capsys, word):
    graded(out, outcome("ada", 0))
    merge(out, f"{HEAD},comment\n{ADA},double,1,Nearly\n{ADA},a_why,3,Good\n")
    assert [point(out, task) for task in ("double", "a_why")] == ["1", "3"]
    capsys.readouterr()
    assert merge(out, f"{HEAD},comment\n{ADA},double,{word},\n{ADA},a_why,{word},{word}\n") == 0
    assert capsys.readouterr().out.startswith("0 marks merged")
    marks = table(out)
    assert (marks["double"]["points"], marks["double"]["reason"]) == ("0", "Nearly")
    assert (marks["a_why"]["points"], marks["a_why"]["needs review"]) == ("", "yes")
    assert "Good" not in marks["a_why"]["reason"]
    with gradebook.opened(out / output.GRADEBOOK) as opened:
        assert not any(row.by_hand for row in gradebook.rows(opened))
    graded(out, outcome("ada", 2, key="2"))  # and is automatic again
    assert point(out) == "2"


def test_there_may_be_nothing_to_take_back(out, capsys):
    graded(out, outcome("ada"))
    before = grades(out)
    assert merge(out, f"{HEAD},comment\n{ADA},double,-,-\n") == 0
    assert grades(out) == before and "taken back" not in capsys.readouterr().out


def test_a_mark_of_who_handed_in_nothing_is_taken_back(out):
    people = [{"id": "zoe", "name": "Zoe", "email": "", "group": ""}]
    graded(out, outcome("ada"), people=people)
    merge(out, f"{HEAD}\nzoe,{UNIT},{NAME},a_why,3\n")
    merge(out, f"{HEAD}\nzoe,{UNIT},{NAME},a_why,-\n")
    assert (point(out, "a_why", "zoe"), table(out, "zoe")["a_why"]["needs review"]) == ("0", "")


def test_an_older_gradebook_does_not_bring_back_what_was_taken_back(out):
    graded(out, outcome("ada", 0))
    merge(out, f"{HEAD},comment\n{ADA},double,1,Nearly\n{ADA},a_why,3,\n")
    backup = (out / output.GRADEBOOK).read_bytes()
    merge(out, f"{HEAD},comment\n{ADA},double,-,-\n")
    (out / output.GRADEBOOK).write_bytes(backup)
    graded(out)
    assert [point(out, task) for task in ("double", "a_why")] == ["0", "3"]


def test_a_merge_that_ended_before_it_said_so_loses_no_mark(out):
    graded(out, outcome("ada", 0))
    kept = {path: path.read_bytes() for path in (out / output.WRITTEN, out / output.BY_HAND)}
    merge(out, f"{HEAD}\n{ADA},double,1\n")
    for path, content in kept.items():
        path.write_bytes(content)
    graded(out)
    assert point(out) == "1"


# ------------------------------------------------------------------ the history


def told(out, student, capsys):
    capsys.readouterr()
    assert command.main(["--history", student, "--out", str(out)]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_history_says_who_when_from_what_to_what(out, capsys):
    graded(out, outcome("ada", 0))
    merge(out, f"{HEAD},comment\n{ADA},double,1.5,=Nearly\n", "--by", "eve")
    graded(out, outcome("ada", 2, key="2"))
    merge(out, f"{HEAD},comment\n{ADA},double,-,\n", "--by", "dan", name="back.csv")
    head, *lines = told(out, "ada", capsys)
    assert head == "ada: 5 changes"
    mine = [line for line in lines if "/double:" in line]
    assert all(re.match(r"  \d{4}-\d\d-\d\d \d\d:\d\d  01_small/01_small/", line) for line in lines)
    assert [line.partition("double: ")[2] for line in mine] == [
        "nothing -> 0 of 2  (the grader: graded)",
        "0 of 2 -> 1.5 of 2 by hand, '=Nearly'  (eve: marks.csv, line 2)",
        "1.5 of 2 by hand, '=Nearly' -> 2 of 2, '=Nearly'  (dan: back.csv, line 2)",
    ]
    with pytest.raises(Problem, match=r"no student 'adda' in .*; there is ada. students.csv has"):
        told(out, "adda", capsys)


def test_a_change_by_another_program_is_noted_and_not_as_the_grader_s(out, capsys):
    graded(out, outcome("ada", 0))
    with gradebook.opened(out / output.GRADEBOOK) as opened:
        entry = opened.find_submission_notebook(NAME, UNIT, "ada")
        next(g for g in entry.grades if g.name == "test_double").manual_score = 2.0
        opened.db.commit()
    graded(out)
    line = told(out, "ada", capsys)[-1]
    assert "0 of 2 -> 2 of 2 by hand  (another program, or a call that ended early" in line


def test_a_call_that_changes_nothing_adds_nothing_to_the_history(out):
    graded(out, outcome("ada"))
    before = (out / history.HISTORY).read_bytes()
    graded(out, outcome("ada", key="2"))
    merge(out, grades(out))
    assert (out / history.HISTORY).read_bytes() == before
    (out / history.HISTORY).write_text('{"half', encoding="utf-8")
    with pytest.raises(Problem, match=r"history.jsonl is damaged .* or delete it"):
        graded(out)


# ------------------------------------------------------------------ taken out


def take_out(out, *students):
    return command.main([w for s in students for w in ("--take-out", s)] + ["--out", str(out)])


def test_a_student_is_taken_out_and_the_others_stay_as_they_are(desk, tmp_path, capsys):
    people = tmp_path / "class.csv"
    people.write_text("id,name\n11,Ada Love\n12,Bob Berg\n13,Zoe\n", encoding="utf-8")
    members = [
        (moodle(name, n, unit), {"why": ""}, MONDAY)
        for unit in UNITS
        for n, name in ((11, "Ada Love"), (12, "Bob Berg"))
    ]
    class_ = zipped(tmp_path / "a.zip", *members)
    desk(class_, "--roster", people, "--anonymous")
    out = desk.out
    merge(out, f"{HEAD}\n12,{UNIT},{NAME},double,1\n")
    ada = {p: p.read_bytes() for p in out.rglob("*Ada*") if p.is_file()}
    ada |= {p: p.read_bytes() for p in out.glob("feedback/11-*")}
    capsys.readouterr()
    assert take_out(out, "Bob Berg", "13") == 0
    assert "12 is taken out, with 2 notebooks of 2 units" in capsys.readouterr().out
    assert not table(out, "12") and not table(out, "13") and table(out, "11")
    assert all(path.read_bytes() == content for path, content in ada.items()) and ada
    left = [
        p for p in out.rglob("*") if p.is_file() and p.name not in ("marks.csv", history.HISTORY)
    ]
    assert not [p for p in left if b"Bob Berg" in p.read_bytes() or p.name.startswith("12-")]
    with zipfile.ZipFile(out / "import" / f"moodle_{UNIT}_feedback.zip") as archive:
        assert len(archive.namelist()) == 1
    assert json.loads((out / output.CODES).read_text()).keys() == {"11"}
    with gradebook.opened(out / output.GRADEBOOK) as opened:
        assert [s.id for s in opened.students] == ["11"]
    assert "1 of 2 by hand -> nothing" in " ".join(told(out, "12", capsys))
    desk(class_, "--roster", people)  # who is there still comes back, with the automatic marks
    assert table(out, "12")["double"]["points"] == "2"


def test_the_last_student_of_a_platform_leaves_nothing_to_import(desk, tmp_path):
    desk(zipped(tmp_path / "a.zip", (moodle("Ada Love", 11), {}, MONDAY)))
    assert (desk.out / "import" / "canvas.csv").is_file()
    take_out(desk.out, "Ada Love_11")
    assert not list((desk.out / "import").iterdir())
    assert grades(desk.out).splitlines() == [",".join(rows.COLUMNS)]


def test_whoever_is_not_there_cannot_be_taken_out(out):
    graded(out, outcome("ada"), outcome("bob"))
    before = grades(out)
    with pytest.raises(Problem, match="there is no student 'bop' in .*; there is bob"):
        take_out(out, "ada", "bop")
    assert grades(out) == before


@pytest.mark.parametrize(
    "words", [["--manual", "m.csv", "--take-out", "a"], ["x.zip", "--history", "a"], []]
)
def test_a_call_does_one_thing(words):
    with pytest.raises(Problem, match="name one of: a folder or zip of submissions; --manual"):
        command.main(words)
