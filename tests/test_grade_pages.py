"""What comes out for instructors and students: the table of marks, feedback, the overview."""

import csv
import io
from dataclasses import replace
from datetime import UTC as UTC_ZONE
from datetime import datetime

import nbformat
import pytest
from grade_class import HEAD, NAME, UNIT, folder_with_gradebook, graded, merged, outcome, table
from grade_course import course_text, job

from tools.notebook.common import Problem
from tools.notebook.tasks import tasks_among
from tools.teach.grade import (
    assignments,
    examine,
    gradebook,
    pages,
    pending,
    run_tasks,
    store,
)

ADA, JAN, DORA = "ada_101", "jan_102", "104"
PEOPLE = [
    {"id": ADA, "first_name": "Ada", "last_name": "Love", "email": "ada@x.org"},
    {"id": JAN, "first_name": "Jan", "last_name": "'t Hooft", "email": "jan@x.org"},
    {"id": DORA, "first_name": "Dora", "last_name": "Absent", "email": "d@x.org"},
]
NOON = 1_811_786_400.0
STATE = {"people": PEOPLE, "times": [[ADA, UNIT, NAME, NOON], [JAN, UNIT, NAME, NOON + 90_000]]}


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


def test_who_is_in_the_class_list_and_handed_in_nothing_is_told(out):
    attention = new_school(out)
    assert attention == [
        ("unclear", f"1 of 3 in the class list have no notebook here: Dora Absent ({DORA})")
    ]
    marks = table(out, DORA)
    assert {line["reason"] for line in marks.values()} == {"not handed in"}
    assert {(line["points"], line["needs review"]) for line in marks.values()} == {("0", "")}
    merged(out, f"{HEAD}\n{DORA},{UNIT},{NAME},double,1\n{JAN},{UNIT},{NAME},a_why,4\n")
    assert table(out, DORA)["double"]["points"] == "1"  # an oral exam


def test_the_gradebook_knows_names_addresses_and_times(school):
    with gradebook.opened(school[0] / store.GRADEBOOK) as opened:
        who = opened.find_student(JAN)
        assert (who.first_name, who.last_name, who.email) == ("Jan", "'t Hooft", "jan@x.org")
        assert opened.find_student(DORA).last_name == "Absent"
        entry = opened.find_submission(UNIT, JAN)
        assert entry.score == 3.0 and entry.timestamp == datetime.fromtimestamp(
            NOON + 90_000, UTC_ZONE
        ).replace(tzinfo=None)


def test_points_of_a_page_are_at_least_so_many_while_an_answer_waits(school):
    page = (school[0] / "feedback" / pages.page_name(JAN)).read_text("utf-8")
    assert "<p>At least 3 of 9 points; 1\nanswer waits for a mark.</p>" in page
    page = (school[0] / "feedback" / pages.page_name(ADA)).read_text("utf-8")
    assert "<p>5 of 9 points.</p>" in page


# ------------------------------------------------------------------ pages


def test_instructors_see_what_failed_in_hidden_tests_and_students_do_not(school):
    out, _ = school
    secret = "in the test: assert double(-2.5) == -5.0"
    name = pages.page_name(JAN)
    assert secret in (out / "instructor" / name).read_text("utf-8")
    assert not any("-2.5" in p.read_text("utf-8") for p in (out / "feedback").iterdir())
    overview = (out / "overview.html").read_text("utf-8")
    assert "1 &times; AssertionError: 7 in assert double(-2.5) == -5.0" in overview
    assert f'href="instructor/{name}"' in overview


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
    assert pages.failures(answers) == [
        (4, "the task is not solved"),
        (3, "AssertionError: 0 in assert f(0) == 1"),
        (2, "AssertionError: 1 in assert f(1) == 1"),
    ]


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
    assert run_tasks.credit(task | ({"shown": True} if shown else {})) == points


def test_part_of_the_points_is_set_apart_on_pages(out):
    graded(out, outcome("ada", 0, tasks=[outcome("ada", 0)["tasks"][0] | {"points": 1}]))
    page = next((out / "feedback").iterdir()).read_text("utf-8")
    assert '<span class="part">1 of 2' in page and table(out)["double"]["points"] == "1"


# ------------------------------------------------------------------ a task again


def kept_of(work):
    """Return an outcome of this work, as it is kept."""
    made = {}
    pending.work(lambda: work, None, set(), made)
    tasks = [{"task": "double", "points": 0}, {"task": "centre", "points": 1}]
    return made.pop(work.key).complete({"tasks": tasks})


def due(part):
    """Return the tasks that a worker is asked for."""
    return [t.name for t in tasks_among(nbformat.reads(part.course, as_version=4).cells, "x")]


def test_a_task_graded_again_alone_leaves_the_others():
    whole, made = job(), {}
    before = kept_of(whole)
    part = pending.work(lambda: whole, before, {"double"}, made)
    assert due(part) == ["double"] and part.content == whole.content
    cells = examine.graded_cells(part.content, nbformat.reads(part.course, as_version=4))
    assert "test_centre" in cells  # what the student's copy is compared with
    new = {"key": part.key, "tasks": [{"task": "double", "points": 2}], "notes": ["new"]}
    kept = made.pop(part.key).complete(new)
    assert kept["key"] == whole.key and kept["notes"] == ["new"]
    assert kept["tasks"] == [{"task": "double", "points": 2}, {"task": "centre", "points": 1}]
    # Another file, or nothing kept: all of it.
    for old in (None, before | {"file": "other"}, {"tasks": before["tasks"]}):
        assert pending.work(lambda: whole, old, {"double"}, {}) is whole


def test_of_two_mended_tests_the_one_that_was_not_named_is_graded_again_and_told():
    before = kept_of(job())
    mended = job().course.replace("double(3) == 6", "double(4) == 8")
    mended = mended.replace("[3.0, 6.0]", "[3.0, 8.0]")
    now, made = replace(job(), course=mended), {}
    part = pending.work(lambda: now, before, {"double"}, made)
    assert due(part) == ["double", "centre"]
    assert made[part.key].also == ["01_small/01_small:centre"]
    limits = replace(now.limits, call_seconds=9.0)  # and so is what other limits decided about
    other = replace(job(), limits=limits)
    assert due(pending.work(lambda: other, before, {"double"}, {})) == ["double", "centre"]


def test_what_is_to_be_graded_again_is_found_or_told():
    known = [("06_graph", "01_gat"), ("07_video", "01_cut"), ("07_video", "02_gat")]
    found = pending.to_repeat(["06/01:attention", "06_graph/01_gat:two", "02_gat"], known)
    assert found == {known[0]: {"attention", "two"}, known[2]: set()}
    with pytest.raises(Problem, match="'09/01' is 0 notebooks of 06/01, 07/01, 07/02"):
        pending.to_repeat(["09/01:x"], known)
    known_by = {known[0]: assignments.Assignment(*known[0], course_text(), {})}
    with pytest.raises(Problem, match="has no task attention; it has centre, double"):
        pending.check_tasks({known[0]: {"attention"}}, known_by)
    with pytest.raises(Problem, match="nobody handed in"):
        pending.check_tasks({known[2]: set()}, known_by)
