"""What comes out for instructors: totals, lateness, tables for other programs, pages."""

import csv
import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import datetime

import nbformat
import pytest
from grade_class import HEAD, NAME, UNIT, folder_with_gradebook, graded, merged, outcome, table
from grade_course import course, course_text, job
from nbformat.v4 import new_markdown_cell

from tools.notebook.common import Notebook, Problem
from tools.notebook.tasks import tasks_among
from tools.teach.grade import (
    clock,
    examine,
    gradebook,
    left,
    masters,
    output,
    pages,
    policy,
    rounds,
    rows,
    tables,
    totals,
)
from tools.teach.grade.roster import Student

ADA, JAN, DORA = "ada_101", "jan_102", "104"
PEOPLE = [
    {"id": ADA, "name": "Ada Love", "email": "ada@x.org", "group": "A"},
    {"id": JAN, "name": "'t Hooft, Jan", "email": "jan@x.org", "group": "=B"},
    {"id": DORA, "name": "Dora Absent", "email": "d@x.org", "group": ""},
]
DUE = datetime(2027, 5, 31, 18).timestamp()
STATE = {
    "people": PEOPLE,
    "numbers": [[ADA, UNIT, "101"], [JAN, UNIT, "102"]],
    "due": {UNIT: DUE},
    "percent": 10.0,
    "times": [[ADA, UNIT, NAME, DUE - 1], [JAN, UNIT, NAME, DUE + 90_000]],
}


@pytest.fixture
def out(tmp_path):
    return folder_with_gradebook(tmp_path)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """Return a class that tests only read, and what a person should look at in it."""
    out = folder_with_gradebook(tmp_path_factory.mktemp("school"))
    return out, new_school(out)


def new_school(out):
    return graded(out, outcome(ADA, why=""), outcome(JAN, 0), **STATE)


def lines(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_a_bonus_is_not_scaled_for_who_is_excused_from_a_part():
    half = totals.Total(6.0, 10.0, bonus=1.0)  # 5 of 10, and 1 on top
    assert tables.scaled(half, 20.0, "") == "11"
    assert tables.scaled(replace(half, waiting=1), 20.0, "") == ""
    assert tables.scaled(totals.Total(5.0, 10.0), 20.0, "") == "10"
    assert tables.scaled(half, 10.0, "") == "6"


def test_one_row_a_student_with_name_and_total(school):
    found = {line["student"]: line for line in lines(school[0] / "students.csv")}
    assert list(found) == [DORA, ADA, JAN]
    assert found[ADA] == {
        "student": ADA, "name": "Ada Love", "e-mail": "ada@x.org", "group": "A", "points": "5",
        "of": "9", "needs review": "", "late penalty": "", "bonus": "", "at least": "5",
        f"{UNIT}/{NAME}": "5",
    }  # fmt: skip
    # An answer waits: a total would be no total. The penalty is at most what was earned.
    assert found[JAN]["points"] == "" and found[JAN]["late penalty"] == "1.8"
    assert (found[JAN]["at least"], found[JAN][f"{UNIT}/{NAME}"]) == ("1.2", "at least 1.2")
    assert found[JAN]["group"] == "'=B" and found[JAN]["name"] == "'t Hooft, Jan"
    assert found[DORA]["points"] == "0"


def test_who_is_on_the_roster_and_handed_in_nothing_is_told(out):
    new_school(out)
    marks = table(out, DORA)
    assert {line["reason"] for line in marks.values()} == {"not handed in"}
    assert {(line["points"], line["needs review"]) for line in marks.values()} == {("0", "")}
    merged(out, f"{HEAD}\n{DORA},{UNIT},{NAME},double,1\n{JAN},{UNIT},{NAME},a_why,4\n")
    assert table(out, DORA)["double"]["points"] == "1"  # an oral exam
    moodle = lines(out / "import" / f"moodle_{UNIT}.csv")
    assert [line["Grade"] for line in moodle] == ["1", "5", "5.2"]


def test_what_is_late_is_listed_and_costs_what_was_told(school):
    out, attention = school
    assert attention == [
        ("in doubt", f"1 of 3 on the roster have no notebook here: Dora Absent ({DORA})"),
        ("late", f"'t Hooft, Jan ({JAN}), {UNIT}/{NAME}: 1 d 1 h late, 1.8 points less"),
    ]
    assert table(out, JAN)["centre"]["points"] == "3"  # marks stay as they were earned
    page = (out / "feedback" / pages.page_name(JAN)).read_text("utf-8")
    assert "1.2 of 9 points" in page and "1 d 1 h after the due date" in page
    with gradebook.opened(out / output.GRADEBOOK) as opened:  # what `nbgrader export` takes it from
        entry = opened.find_submission(UNIT, JAN)
        assert (entry.score, entry.late_submission_penalty) == (3.0, pytest.approx(1.8))
        assert entry.total_seconds_late == 90_000
        who = opened.find_student(JAN)
        assert (who.first_name, who.last_name, who.email) == ("Jan", "'t Hooft", "jan@x.org")
        assert opened.find_student(DORA).last_name == "Absent"


def test_lateness_alone_costs_nothing():
    table = [rows.Row("a", "u", "n", "t", 4.0, 5.0, "", False)]
    where = ("a", "u", "n")
    rules = policy.Rules(due={"u": 10.0})
    (total,) = totals.by_notebook(table, {where: 100.0}, rules).values()
    assert (total.points, total.late, total.penalty) == (4.0, 90.0, 0.0)
    rules = policy.Rules(due={"u": 10.0}, percent={"u": 50})
    (total,) = totals.by_notebook(table, {where: 1e6}, rules).values()
    assert (total.points, total.penalty) == (0.0, 4.0)
    (total,) = totals.by_notebook(table, {}, rules).values()
    assert (total.points, total.late) == (4.0, 0.0)


def test_due_dates_are_read():
    def dates(texts):
        return {unit: clock.due(t, None) for unit, t in totals.due_texts(texts, units).items()}

    units = ["06_graph", "07_video"]
    day = datetime(2027, 6, 1).timestamp()
    assert dates(["2027-05-31"]) == dict.fromkeys(units, day)
    at = dates(["2027-05-31", "07=2027-05-31T18:00"])
    assert at == {"06_graph": day, "07_video": DUE}
    zoned = dates(["06_graph=2027-05-31 18:00+00:00"])["06_graph"]
    assert zoned == 1811786400
    with pytest.raises(Problem, match="'31.5.' is no date; write 2027-05-31"):
        dates(["31.5."])
    with pytest.raises(Problem, match="there is no unit '08'; there are 06_graph, 07_video"):
        dates(["08=2027-05-31"])


# ------------------------------------------------------------------ Moodle and Canvas


def test_moodles_worksheet_and_canvass_gradebook(school):
    out, _ = school
    moodle = lines(out / "import" / f"moodle_{UNIT}.csv")
    assert list(moodle[0])[:6] == [
        "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"
    ]  # fmt: skip
    assert [(line["Identifier"], line["Grade"], line["Maximum Grade"]) for line in moodle] == [
        ("Participant 104", "0", "9"), ("Participant 101", "5", "9"), ("Participant 102", "", "9"),
    ]  # fmt: skip
    assert "Last modified (grade)" in moodle[0]  # Moodle refuses a worksheet without it
    canvas = (out / "import" / "canvas.csv").read_text("utf-8").splitlines()
    assert canvas[0] == f"Student,ID,SIS User ID,SIS Login ID,Section,{UNIT}"
    assert canvas[1] == "    Points Possible,,,,,9"
    assert "Ada Love,101,,,A,5" in canvas and "\"'t Hooft, Jan\",102,,,'=B," in canvas


def test_feedback_is_a_zip_with_the_folders_that_moodle_wants(school):
    path = school[0] / "import" / f"moodle_{UNIT}_feedback.zip"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        text = archive.read(names[1]).decode()
    assert names == [
        "Dora Absent_104_assignsubmission_file_/feedback.html",
        "Ada Love_101_assignsubmission_file_/feedback.html",
        "'t Hooft  Jan_102_assignsubmission_file_/feedback.html",
    ]
    assert "Feedback for Ada Love" in text and "for you alone" not in text


def test_numbers_come_from_the_platform_or_the_roster_and_are_never_shared():
    numbers = {("ada", "u"): "5", ("bob", "u"): "5", ("carl", "u"): "6"}
    platform = tables.Platform(numbers, {"7": Student("7"), "ada": Student("ada")})
    assert platform.of(["ada", "bob", "carl", "7", "8"], "u") == {"carl": "6", "7": "7"}


def test_without_numbers_there_is_nothing_to_import(out):
    graded(out, outcome("ada"))
    assert not (out / "import").exists()


# ------------------------------------------------------------------ pages


def test_instructors_see_what_failed_in_hidden_tests_and_students_do_not(school):
    out, _ = school
    secret = "in the test: assert double(-2.5) == -5.0"
    name = pages.page_name(JAN)
    assert secret in (out / "instructor" / name).read_text("utf-8")
    assert not any("-2.5" in p.read_text("utf-8") for p in (out / "feedback").iterdir())
    overview = (out / "overview.html").read_text("utf-8")
    assert "1 &times; AssertionError: 7 in assert double(-2.5) == -5.0" in overview
    assert f'href="instructor/{name}"' in overview and "median 3.1" in overview


def test_question_and_rubric_stand_on_the_page(out):
    graded(out, outcome("ada"))
    path = out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb"
    content = course()
    assert not pages.questions_of([Notebook(path)])[UNIT, NAME, "a_why"]  # code before it
    content.cells.insert(-1, new_markdown_cell("Why?\n\nRubric: 4 points for the mean."))
    nbformat.write(content, path)
    output.write_pages(out, output.State())
    page = next((out / "feedback").iterdir()).read_text("utf-8")
    assert "Rubric: 4 points for the mean." in page


def test_failures_are_counted_by_what_they_have_in_common():
    def failed(detail, verdict="fail"):
        return {"verdict": verdict, "reason": "a hidden test fails", "detail": detail}

    answers = [
        failed(f"AssertionError: {n}\nin the test: assert f({n % 2}) == 1") for n in range(5)
    ]
    answers += [
        failed("no answer within 4 s", "timeout"),
        failed("no answer within 5 s", "timeout"),
    ]
    answers += [{"verdict": "pass", "reason": ""}, {"task": "a_question"}]
    stub = {"reason": "the task is not solved", "detail": "NotImplementedError: replace this"}
    answers += 4 * [{"verdict": "unsolved"} | stub]
    assert list(pages.failures(answers)) == [
        (4, "the task is not solved"),
        (3, "AssertionError: 0 in assert f(0) == 1"),
        (2, "AssertionError: 1 in assert f(1) == 1"),
    ]


@pytest.mark.parametrize(
    ("values", "of", "counts", "last"),
    [
        ([0, 0, 2, 1.5], 2, [2, 0, 2], "2"),
        ([], 3, [0, 0, 0, 0], "3"),
        ([0, 100, 99, 10], 100, [1, 1, 0, 0, 0, 0, 0, 0, 0, 2], "90 to 100"),
        ([57, 5, 6], 57, [1, 1, 0, 0, 0, 0, 0, 0, 0, 1], "54 to 60"),
    ],
)
def test_histograms(values, of, counts, last):
    found = pages.histogram(values, of)
    assert [bar["count"] for bar in found["bars"]] == counts
    assert found["bars"][-1]["label"] == last


# ------------------------------------------------------------------ partial credit


@pytest.mark.parametrize(
    ("word", "verdict", "shown", "points"),
    [
        ("### PARTIAL CREDIT: 1", "fail", True, 1),
        ("### PARTIAL CREDIT: 1.5", "fail", True, 1.5),
        ("### PARTIAL CREDIT: 9", "fail", True, 3),
        ("### PARTIAL CREDIT: 1", "fail", False, 0),
        ("### PARTIAL CREDIT: 1", "timeout", True, 1),
        ("### PARTIAL CREDIT: 1", "timeout", False, 0),
        ("### PARTIAL CREDIT: 1", "unsolved", False, 0),
        ("### PARTIAL CREDIT: 1", "pass", True, 3),
        ("# no word", "fail", True, 0),
        ("text = '### PARTIAL CREDIT: 1'", "fail", True, 0),
    ],
)
def test_partial_credit_where_the_test_cell_says_so(word, verdict, shown, points):
    task = {"of": 3, "verdict": verdict, "test": f"{word}\nassert f(1) == 2\n"}
    assert rounds.credit(task | ({"shown": True} if shown else {})) == points


def test_part_of_the_points_is_set_apart_on_pages(out):
    graded(out, outcome("ada", 0, tasks=[outcome("ada", 0)["tasks"][0] | {"points": 1}]))
    page = next((out / "feedback").iterdir()).read_text("utf-8")
    assert '<span class="part">1 of 2' in page and table(out)["double"]["points"] == "1"


# ------------------------------------------------------------------ a task again


def test_a_task_graded_again_alone_leaves_the_others():
    whole = job()
    before = {"tasks": [{"task": "double", "points": 0}, {"task": "centre", "points": 1}]}
    before |= {"file": hashlib.sha256(whole.content).hexdigest()}
    made = {}
    part = left.work(lambda: whole, before, {"double"}, made)
    cells = nbformat.reads(part.course, as_version=4).cells
    names = [task.name for task in tasks_among(cells, "x")]
    assert names == ["double"] and part.content == whole.content
    cells = examine.graded_cells(part.content, nbformat.reads(part.course, as_version=4))
    assert "test_centre" in cells  # what the student's copy is compared with
    new = {"key": part.key, "tasks": [{"task": "double", "points": 2}], "notes": ["new"]}
    kept = made.pop(part.key).complete(new)
    assert kept["key"] == whole.key and kept["notes"] == ["new"]
    assert kept["tasks"] == [{"task": "double", "points": 2}, {"task": "centre", "points": 1}]
    # Another file, or nothing kept: all of it.
    for old in (None, before | {"file": "other"}, {"tasks": before["tasks"]}):
        assert left.work(lambda: whole, old, {"double"}, {}) is whole


def test_what_is_to_be_graded_again_is_found_or_told():
    known = [("06_graph", "01_gat"), ("07_video", "01_cut"), ("07_video", "02_gat")]
    found = left.to_repeat(["06/01:attention", "06_graph/01_gat:two", "02_gat"], known)
    assert found == {known[0]: {"attention", "two"}, known[2]: set()}
    with pytest.raises(Problem, match="'09/01' is 0 notebooks of 06/01, 07/01, 07/02"):
        left.to_repeat(["09/01:x"], known)
    known_by = {known[0]: masters.Master(*known[0], course_text(), {})}
    with pytest.raises(Problem, match="has no task attention; it has centre, double"):
        left.check_tasks({known[0]: {"attention"}}, known_by)
    with pytest.raises(Problem, match="nobody handed in"):
        left.check_tasks({known[2]: set()}, known_by)
