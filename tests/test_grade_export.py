"""Marks in the tables of Moodle and Canvas: the right row, or none; nothing else changes."""

import csv
import io
import shutil
import zipfile

import pytest
from grade_class import (
    NAME,
    UNIT,
    folder_with_gradebook,
    graded,
    merged,
    moodle,
    outcome,
    upload,
)
from grade_class import grader as grader

from tools.notebook.common import Problem
from tools.teach.grade import cli, gradebook, store

PEOPLE = [
    {"id": "0041", "last_name": "Łove", "email": "ada@x.org"},
    {"id": "0042", "last_name": "李", "email": "Bob@x.org"},
    {"id": "0043", "last_name": "Waits", "email": "cleo@x.org"},
]
MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade,Feedback comments\r\n"
    'Participant 11,"Ada Łove, Jr.",ada@x.org,Submitted,,9.00,"two\nlines"\r\n'
    "Participant 12,Bob 李,bob@x.org,Submitted,1.00,9.00,\r\n"
    "Participant 13,Cleo Waits,cleo@x.org,Submitted,2.00,9.00,\r\n"
    "Participant 14,Zoe Other,zoe@x.org,No submission,3.00,9.00,\r\n"
)
CANVAS = (
    f"Student,ID,SIS User ID,SIS Login ID,Section,Week 1: {UNIT} (4711),Essay (4712),Final Score\n"
    "    Points Possible,,,,,9.00,5.00,(read only)\n"
    '"Łove, Ada",501,0041,ada,A,,4,\n'
    '"李, Bob",502,0042,bob,A,1,,\n'
    '"Waits, Cleo",503,0043,cleo,A,2,,\n'
    '"Student, Test",499,,0af3,A,,,\n'
)


@pytest.fixture
def out(tmp_path):
    out = folder_with_gradebook(tmp_path)
    outcomes = (outcome("0041", why=""), outcome("0042", 0, why=""), outcome("0043"))
    graded(out, *outcomes, people=PEOPLE)
    return out


def exported(out, platform, text, *more):
    """Export into a table; return what is written, and its cells."""
    table = out / "table.csv"
    table.write_bytes(text if isinstance(text, bytes) else text.encode())
    words = ["--export", platform, "01", str(table), "--out", str(out), *more]
    assert cli.main(words) == 0
    written = (out / "export" / f"{platform}_{UNIT}.csv").read_bytes().decode()
    return written, list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))


def test_moodles_worksheet_changes_in_its_grades_alone(out, capsys):
    text, rows = exported(out, "moodle", MOODLE)
    assert [row[4] for row in rows[1:]] == ["5", "3", "2.00", "3.00"]
    assert text == MOODLE.replace("Submitted,,", "Submitted,5,").replace("1.00", "3")
    printed = capsys.readouterr().out
    assert "Zoe Other" in printed and f"moodle_{UNIT}.zip" in printed
    (waits,) = (line for line in printed.splitlines() if "Waits (0043)" in line)
    assert "not marked" in waits and "changed" not in waits
    merged(out, f"student,unit,notebook,task,points\n0043,{UNIT},{NAME},a_why,2.5\n")
    shutil.rmtree(out / "feedback")  # pages are written again, with the latest marks
    assert exported(out, "moodle", MOODLE)[1][3][4] == "7.5"
    with zipfile.ZipFile(out / "export" / f"moodle_{UNIT}.zip") as archive:
        names = archive.namelist()
        page = archive.read(names[0]).decode()
    assert names == [
        "Ada Łove  Jr._11_assignsubmission_file_/feedback.html",
        "Bob 李_12_assignsubmission_file_/feedback.html",
        "Cleo Waits_13_assignsubmission_file_/feedback.html",
    ]
    assert "Feedback for" in page and "instructors only" not in page


def test_of_whom_a_notebook_is_not_graded_the_old_grade_stays(out, capsys):
    newer = {"student": "0042", "unit": UNIT, "notebook": NAME, "file": "newer", "failed": "died"}
    graded(out, people=PEOPLE, failed=[newer])
    assert [row[4] for row in exported(out, "moodle", MOODLE)[1][1:3]] == ["5", "1.00"]
    lines = capsys.readouterr().out.splitlines()
    assert any("not graded" in line and "李 (0042)" in line for line in lines)


def test_export_says_whose_answer_has_changed_and_whose_file_was_refused(out, capsys):
    merged(out, f"student,unit,notebook,task,points\n0043,{UNIT},{NAME},a_why,2.5\n")
    refused = outcome("0041", 0, why="", refused="the file is empty", key="2")
    graded(out, refused, outcome("0043", why="Another reason.", key="2"), people=PEOPLE)
    capsys.readouterr()
    assert [row[4] for row in exported(out, "moodle", MOODLE)[1][1:4]] == ["3", "3", "2.00"]
    lines = capsys.readouterr().out.splitlines()
    (cleo,) = (line for line in lines if "Waits (0043)" in line)
    assert "changed" in cleo and "not marked" not in cleo
    (ada,) = (line for line in lines if "Łove (0041)" in line)
    assert "refused" in ada


def test_a_worksheet_in_which_nobody_is_found_names_what_it_lacks_and_nothing_is_written(out):
    bare = "Identifier,Full name,Grade\nParticipant 11,Ada Łove,\nParticipant 12,Bob 李,\n"
    with pytest.raises(Problem, match="ID number.*Email address"):
        exported(out, "moodle", bare)
    others = MOODLE.replace("@x.org", "@y.org")
    with pytest.raises(Problem, match="table.csv") as raised:
        exported(out, "moodle", others)
    assert "Email address" not in str(raised.value)  # it has this column
    assert not (out / "export").exists()


def test_export_names_another_maximum_and_a_row_that_may_not_be_changed(out, capsys):
    locked = MOODLE.replace("9.00", "100,00").replace(",100,00", ',"100,00"')
    locked = locked.replace("Status", "Grade can be changed").replace("Submitted", "No", 1)
    assert [row[4] for row in exported(out, "moodle", locked)[1][1:3]] == ["", "3"]
    lines = capsys.readouterr().out.splitlines()
    assert any("is 100" in line and "has 9 points" in line for line in lines)
    (line,) = (line for line in lines if "unlock" in line)
    assert "Łove (0041)" in line and "0042" not in line
    exported(out, "canvas", CANVAS.replace("9.00", "32"))
    assert "is 32" in capsys.readouterr().out
    exported(out, "canvas", CANVAS)
    assert "points" not in capsys.readouterr().out


def test_one_student_in_two_rows_is_said_where_nobody_else_is_found(out):
    graded(out, people=PEOPLE[:1])
    head, *lines = MOODLE.splitlines(keepends=True)
    with pytest.raises(Problem, match="two rows"):
        exported(out, "moodle", head + "".join(lines[:2]) * 2)


def test_another_language_names_its_column(out):
    german = MOODLE.replace("Identifier", "ID").replace(",Grade,", ",Bewertung,")
    for words in ((), ("--column", "Note")):
        with pytest.raises(Problem, match="--column: ID, Full name"):
            exported(out, "moodle", german, *words)
    assert exported(out, "moodle", german, "--column", "Bewertung")[1][1][4] == "5"


def test_canvass_gradebook_keeps_what_waits_and_has_the_units_column_alone(out):
    _, rows = exported(out, "canvas", CANVAS)
    assert rows[0] == [*CANVAS.split(",")[:5], f"Week 1: {UNIT} (4711)"]
    assert [row[5] for row in rows[1:]] == ["9.00", "5", "3", "2", ""]
    several = CANVAS.replace("Essay (4712)", f"{UNIT} again (4712)")
    with pytest.raises(Problem, match="--column: Student, ID"):
        exported(out, "canvas", several)
    rows = exported(out, "canvas", several, "--column", f"{UNIT} again (4712)")[1]
    assert [row[5] for row in rows[1:3]] == ["5.00", "5"]


def test_a_row_that_fits_two_students_has_no_owner(out, capsys):
    graded(out, people=[PEOPLE[0] | {"email": "same@x.org"}, PEOPLE[1] | {"email": "SAME@x.org"}])
    shared = MOODLE.replace("ada@x.org", "same@x.org").replace("bob@x.org", "same@x.org")
    assert [row[4] for row in exported(out, "moodle", shared)[1][1:3]] == ["", "1.00"]
    assert "Łove (0041), 李 (0042)" in capsys.readouterr().out
    twice = CANVAS.replace("502,0042,bob", "502,0041,bob")  # one student in two rows
    assert [row[5] for row in exported(out, "canvas", twice)[1][2:4]] == ["", "1"]


def test_a_participants_number_is_that_of_moodles_path_and_no_end_of_an_id(grader, tmp_path):
    own = (f"{student}/{UNIT}/{NAME}.ipynb" for student in ("11", "ada_11"))
    places = moodle("Bob Berg", 12), *own
    grader(upload(tmp_path / "all.zip", *((place, {"why": ""}, 1.8e9) for place in places)))
    rows = exported(grader.out, "moodle", MOODLE)[1]
    assert [row[4] for row in rows[1:3]] == ["", "5"]


def test_a_penalty_in_the_gradebook_counts(out):
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        (notebook,) = opened.find_submission(UNIT, "0041").notebooks
        notebook.late_submission_penalty = 1.5
        opened.db.commit()
    assert exported(out, "moodle", MOODLE)[1][1][4] == "3.5"


BAD = [b"\xff\xfea\x00", b"Identifier,Grade\n" + b"x" * 200_000 + b",\n", b"Identifier,Grade\n",
       b"Identifier,Grade\n1,2,3\n"]  # fmt: skip


@pytest.mark.parametrize("content", BAD)
def test_what_is_no_table_is_named_and_nothing_is_written(out, content):
    with pytest.raises(Problem, match="table.csv"):
        exported(out, "moodle", content)
    with pytest.raises(Problem, match="moodle .*canvas.* 01_small"):
        exported(out, "ilias", MOODLE)
    assert not (out / "export").exists()
