"""A term: calls in any order, over any division of a class, lose nothing."""

import itertools
import json
import re
import shutil
from datetime import datetime, timedelta

import pytest
from grade_class import UNIT, UNITS, Grader, moodle, table, upload
from grade_class import grader as grader

from data.core.files import write_text
from tools.notebook import assignment
from tools.notebook.common import Problem
from tools.teach.grade import cli, gradebook, scheduler, store, term

DUE = datetime(2027, 5, 31, 18).timestamp()
ADA, BOB, CARL = (moodle(name, n) for name, n in (("Ada", 11), ("Bob", 12), ("Carl", 13)))
COPY = ADA.replace(".ipynb", "-1.ipynb")
RIGHT, WRONG = {"why": ""}, {"double": 0, "why": ""}


def page(grader):
    return (grader.out / "overview.html").read_text("utf-8")


def points(grader, student="Ada_11"):
    return table(grader.out, student)["double"]["points"]


def class_list(tmp_path, *people):
    path = tmp_path / "class.csv"
    path.write_text("\n".join(["id,first_name,last_name,lms_user_id", *people]), encoding="utf-8")
    return path


def files(out):
    own = ("collection.json", "grade.lock")
    contents = {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in own and "nbgrader" not in path.parts
    }
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        contents["marks"] = gradebook.rows(opened)
        contents["times"] = sorted(
            (s.student.id, s.assignment.name, n.name, s.timestamp)
            for assignment in opened.assignments
            for s in assignment.submissions
            for n in s.notebooks
        )
        contents["students"] = sorted((s.id, s.first_name, s.email) for s in opened.students)
    return contents


UNKNOWN = datetime(1980, 1, 1).timestamp()  # what a zip without dates has


@pytest.mark.parametrize("when", [DUE, UNKNOWN], ids=["one date", "no date"])
def test_of_files_of_one_date_that_of_the_later_upload_counts(grader, tmp_path, when):
    first = upload(tmp_path / "a.zip", (ADA, WRONG, when), (BOB, RIGHT, when))
    grader(first)
    grader(upload(tmp_path / "again.zip", (ADA, WRONG, when)))  # downloaded once more
    assert points(grader) == "0" and len(grader.graded) == 2 and "again.zip" not in page(grader)
    second = upload(tmp_path / "b.zip", (ADA, RIGHT, when), (BOB, RIGHT, when))
    grader(second)
    assert points(grader) == "2" and "Ada_11" in note_on(grader, "a.zip", "b.zip")
    grader.tests = "mended"
    grader(first)
    grader(second)  # the earlier uploads once more: none of them is a later one
    assert points(grader) == "2" and points(grader, "Bob_12") == "2"
    upload(first, (ADA, WRONG, when), (BOB, WRONG, when))
    grader(first)  # of one file the content has changed, and of no other
    assert points(grader) == "2" and points(grader, "Bob_12") == "0"
    assert "Bob_12" in note_on(grader, "b.zip", "a.zip")


def test_a_file_that_is_passed_over_for_a_later_one_is_named(grader, tmp_path, capsys):
    grader(upload(tmp_path / "later.zip", (ADA, {"refused": "damaged"}, DUE)))
    grader(upload(tmp_path / "right.zip", (ADA, RIGHT, DUE - 60), (BOB, RIGHT, DUE)))
    (line,) = (x for x in capsys.readouterr().out.splitlines() if "later.zip" in x)
    assert "Ada_11" in line and "right.zip" in line and "Bob" not in line


def note_on(grader, *names):
    """Return the line of the overview that names uploads, in this order."""
    lines = page(grader).splitlines()
    return next(line for line in lines if re.search(".*".join(map(re.escape, names)), line))


@pytest.mark.parametrize("later", ["first.zip", "second.zip"])
def test_files_of_one_date_in_one_upload_cost_no_earlier_points(grader, tmp_path, later):
    first = upload(tmp_path / "first.zip", (ADA, RIGHT, DUE))
    grader(first)
    twice = upload(tmp_path / later, (ADA, RIGHT, DUE), (COPY, WRONG, DUE), (BOB, RIGHT, DUE))
    for _ in range(2):
        grader(twice)
        assert points(grader) == "2" and points(grader, "Bob_12") == "2"
        assert ADA in note_on(grader, later) and COPY in note_on(grader, later)
    grader.out = tmp_path / "new"
    grader(twice)
    assert "Ada_11" in note_on(grader, later, COPY)  # without earlier points it is refused
    grader(upload(twice, (ADA, RIGHT, DUE), (BOB, RIGHT, DUE)))
    assert points(grader) == "2" and COPY not in page(grader)


def test_a_regrade_of_one_upload_leaves_what_is_known_of_the_others(grader, tmp_path):
    first = upload(tmp_path / "first.zip", (ADA, RIGHT, DUE), (BOB, WRONG, DUE))
    grader(first)
    grader(upload(tmp_path / "late.zip", (CARL, RIGHT, DUE)))
    before = files(grader.out)
    grader.tests = "mended"
    grader(first)
    after = files(grader.out)
    changed = {name for name in before if before[name] != after[name]}
    regraded = {name for name in before if name.startswith("outcomes") and "Carl" not in name}
    assert changed == regraded | {"overview.html"}
    assert "late.zip" in page(grader) and len(grader.graded) == 5
    grader(tmp_path / "late.zip")
    assert files(grader.out)["overview.html"] == before["overview.html"]


def test_a_call_that_ended_early_is_listed_and_goes_on(grader, tmp_path, monkeypatch):
    grader(upload(tmp_path / "first.zip", (ADA, WRONG, DUE)))
    examine = grader.examine

    def interrupted(client, jobs):
        yield next(examine(client, jobs))
        raise Problem("the scheduler is gone")

    members = (ADA, RIGHT, DUE + 60), (BOB, RIGHT, DUE), (CARL, RIGHT, DUE)
    again = upload(tmp_path / "again.zip", *members)
    with monkeypatch.context() as broken, pytest.raises(Problem, match="is gone"):
        broken.setattr(scheduler, "run", interrupted)
        grader(again)
    grader(upload(tmp_path / "late.zip", (moodle("Dora", 14), RIGHT, DUE)))
    assert "again.zip" in page(grader)
    assert not any("again.zip" in p.read_text("utf-8") for p in (grader.out / "feedback").iterdir())
    assert points(grader) == "2"  # was graded before the end
    assert table(grader.out, "Bob_12")["double"]["reason"].startswith("not graded")
    grader(again)
    assert "again.zip" not in page(grader) and points(grader, "Bob_12") == "2"
    assert [student for student, _ in grader.graded].count("Ada_11") == 2


def test_what_the_grader_failed_on_stays_listed_until_it_is_graded(grader, tmp_path):
    first = upload(tmp_path / "first.zip", (ADA, {"broke": "a worker died"}, DUE))
    assert grader(first) == 1
    assert grader(upload(tmp_path / "late.zip", (BOB, {}, DUE))) == 0
    assert "Ada_11, 01_small/01_small: a worker died" in page(grader)
    assert grader(upload(first, (ADA, RIGHT, DUE))) == 0
    assert "a worker died" not in page(grader)


# ------------------------------------------------------------------ who and what is listed


def test_a_class_list_holds_on_and_who_is_not_on_the_next_one_stays(grader, tmp_path):
    first = upload(tmp_path / "first.zip", (ADA, RIGHT, DUE), (BOB, RIGHT, DUE))
    grader(first)  # names without a list
    grader(first, "--students", class_list(tmp_path, "1,Ada,", "2,Bob,", "3,Carl,", "5,Eve,"))
    assert ": Ada_11, Bob_12" in page(grader)
    grader(upload(tmp_path / "late.zip", (f"Carl/{UNIT}/01_small.ipynb", {}, DUE)))
    grader(first, "--students", class_list(tmp_path, "1,Ada,", "2,Bob,", "4,Dora,"))
    assert all(table(grader.out, student) for student in "12345") and "Dora (4)" in page(grader)


@pytest.mark.parametrize("people", [(), ("1,Ada,,11", "2,Bob,,12", "3,Carl,,13")])
def test_who_handed_in_what_is_not_graded_is_in_the_table_with_the_reason(grader, tmp_path, people):
    homework, other = (p.replace("01_small.ipynb", "work.ipynb") for p in (BOB, CARL))
    members = (ADA, RIGHT, DUE), (homework, RIGHT, DUE), (other, RIGHT, DUE)
    words = ["--students", class_list(tmp_path, *people)] if people else []
    grader(upload(tmp_path / "all.zip", *members), *words)
    bob, carl = ("2", "3") if people else ("Bob_12", "Carl_13")
    for student in (bob, carl):
        reason = table(grader.out, student)["double"]["reason"]
        assert reason.startswith("nothing graded; left out: work.ipynb: ")
    grader(upload(tmp_path / "late.zip", (BOB, RIGHT, DUE)))
    assert points(grader, bob) == "2" and points(grader, carl) == "0"


def test_a_file_that_is_no_notebook_is_named_where_a_student_is_absent(grader, tmp_path, capsys):
    report = CARL.replace(f"{UNIT}/01_small.ipynb", "report.pdf")
    members = (ADA, RIGHT, DUE), (report, RIGHT, DUE)
    words = ["--students", class_list(tmp_path, "1,Ada,,11", "3,Carl,,13", "4,Dora,,14")]
    grader(upload(tmp_path / "all.zip", *members), *words)
    (absent,) = (line for line in capsys.readouterr().out.splitlines() if "Dora (4)" in line)
    assert "Carl (3): only report.pdf" in absent
    assert "<li>Carl (3): only report.pdf</li>" in page(grader)
    row = re.search(r">Carl \(3\)</a></td>\s*<td[^>]*>([^<]*)", page(grader))
    assert "report.pdf" in row[1]


def test_a_call_says_that_an_open_formgrader_shows_earlier_answers(grader, tmp_path, capsys):
    grader(upload(tmp_path / "first.zip", (ADA, RIGHT, DUE)))
    assert "formgrader" not in capsys.readouterr().out  # nothing to mark
    grader(upload(tmp_path / "second.zip", (ADA, {"why": "Because."}, DUE + 60)))
    assert re.search(r"--formgrader.*if it is open.*Ctrl-C", capsys.readouterr().out, re.S)


def test_tasks_of_a_refused_file_are_counted_as_such(capsys):
    task, refused = {"verdict": "pass"}, {"verdict": "refused"}
    cli.summary([{"student": "ada", "tasks": [task, refused, refused]}], 0, [])
    assert "1 passed" in (printed := capsys.readouterr().out)
    assert re.search(r"2 [\w ]*refused", printed) and "missing" not in printed


def test_who_is_on_no_class_list_is_listed_as_a_mismatch(grader, tmp_path):
    stranger = moodle("Nobody", 99)
    path = upload(tmp_path / "all.zip", (ADA, RIGHT, DUE), (stranger, RIGHT, DUE))
    grader(path, "--students", class_list(tmp_path, "1,Ada,,11"))
    mismatch = re.search(r"1 mismatch</strong>.*?</details>", page(grader), re.S)
    assert stranger in mismatch[0] and "left out" not in page(grader)


def test_what_came_after_the_due_date_is_marked(grader, tmp_path):
    day = datetime.fromtimestamp(DUE).date()
    list_ = grader.notebooks / assignment.FILE
    first = upload(tmp_path / "first.zip", (ADA, RIGHT, DUE))
    for due, is_late in ((day, False), (day - timedelta(days=1), True)):
        write_text(list_, f"[{UNIT}]\ndue = {due}\n")
        grader(first)
        assert ("<strong>LATE</strong>" in page(grader)) == is_late and f"Due {due:%d}" in page(
            grader
        )
    write_text(list_, f"[{UNIT}]\ndue = 'soon'\n")
    with pytest.raises(Problem, match=f"{UNIT}.*'soon'"):
        grader(first)


def test_a_notebook_that_was_graded_in_another_assignment_is_told(grader, tmp_path):
    first = upload(tmp_path / "first.zip", (ADA, RIGHT, DUE))
    grader(first)
    for unit in UNITS[1:]:
        shutil.rmtree(grader.notebooks / unit)
    write_text(grader.notebooks / assignment.FILE, "[week1]\nnotebooks = ['01/01']\n")
    with pytest.raises(Problem, match=rf"{UNIT}.*week1.*--out"):
        grader(first)
    assert points(grader, "Ada_11") == "2"


def test_what_is_left_out_is_listed_of_the_whole_term(grader, tmp_path):
    def listed(path, *places):
        grader(upload(tmp_path / path, *((place, RIGHT, DUE) for place in places)))
        return [n for n in range(4) if f"notes{n}.txt: no notebook" in page(grader)]

    assert listed("a.zip", ADA, "notes0.txt", "notes1.txt") == [0, 1]
    assert listed("b.zip", BOB, "notes2.txt") == [0, 1, 2]
    assert listed("a.zip", ADA, "notes1.txt") == [1, 2]  # what it now holds
    assert listed("a.zip", CARL, "notes3.txt") == [1, 2, 3]  # another zip of the same name


def test_what_comes_again_under_a_clear_name_is_left_out_no_longer(grader, tmp_path):
    other = BOB.replace("01_small.ipynb", "work.ipynb")
    grader(upload(tmp_path / "all.zip", (ADA, RIGHT, DUE), (other, RIGHT, DUE)))
    assert f"such as {UNIT}/01_small.ipynb" in page(grader)
    assert "left out</strong>" in page(grader)  # although Ada's has the same content
    grader(upload(tmp_path / "fix.zip", (BOB, RIGHT, DUE)))
    assert "left out</strong>" not in page(grader)


def test_a_folder_of_another_version_is_an_error(grader, tmp_path):
    grader(upload(tmp_path / "first.zip", (ADA, RIGHT, DUE)))
    write_text(grader.out / term.STATE, json.dumps({"versions": []}))
    with pytest.raises(Problem, match=r"--out"):
        grader(tmp_path / "first.zip")


PARTS = (
    [(ADA, RIGHT, DUE), (BOB, WRONG, DUE - 60), (moodle("Bob", 12, UNITS[1]), {}, DUE)],
    [(COPY, WRONG, DUE - 30), (BOB, RIGHT, DUE), (CARL.replace(".ipynb", ".txt"), {}, DUE)],
    [(ADA, {}, DUE - 540), (BOB, WRONG, DUE + 60), (moodle("Ada", 14, UNITS[1]), RIGHT, DUE)],
)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("people", [(), ("7,Bob,,11", "8,Ada,,12", "9,Ada,,14")])
@pytest.mark.parametrize("order", [(0, 1, 2, 0), (2, 1, 0), (1, 2, 1, 0)])
def test_any_order_of_calls_ends_in_one_book(tmp_path, monkeypatch, people, order):
    words = ["--students", class_list(tmp_path, *people)] if people else []
    whole = upload(tmp_path / "all.zip", *itertools.chain(*PARTS))
    parts = [upload(tmp_path / f"{n}.zip", *part) for n, part in enumerate(PARTS)]
    books = []
    for name, uploads in (("often", [parts[n] for n in order]), ("once", [whole])):
        grader = Grader(tmp_path / name, monkeypatch)
        for path in uploads:
            grader(path, *words)
        books.append(files(grader.out))
    assert books[0] == books[1]
