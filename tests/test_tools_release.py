"""The graded format is proved through nbgrader itself: release, hand in, autograde."""

import shutil

import nbformat
import pytest

from tools import graded, release
from tools.common import NOTEBOOKS, Notebook, all_notebooks, read

pytestmark = pytest.mark.xdist_group("nbgrader")  # one process shares what is graded once

UNIT, NAME = "01_faces", "04_eigenfaces_olivetti"
TASKS = graded.tasks(Notebook(NOTEBOOKS / UNIT / f"{NAME}.ipynb"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return an nbgrader course in which one notebook of the course is released."""
    folder = tmp_path_factory.mktemp("course")
    source = folder / "notebooks" / UNIT
    source.mkdir(parents=True)
    shutil.copy(NOTEBOOKS / UNIT / f"{NAME}.ipynb", source)
    release.release(UNIT, folder, source=folder / "notebooks")
    return folder


def hand_in(course, student, solutions, answer=None):
    """Replace the released notebook's cells by a student's and hand it in."""
    content = read(course / "release" / UNIT / f"{NAME}.ipynb")
    for cell in content.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in solutions:
            assert graded.STUB in cell.source
            cell.source = solutions[name]
        if answer and cell.source == "YOUR ANSWER HERE":
            cell.source = answer
    path = course / "submitted" / student / UNIT / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(content, path)


@pytest.fixture(scope="module")
def scores(course):
    """Return the automatic scores by student and cell, as nbgrader's gradebook has them."""
    from nbgrader.api import Gradebook

    solved = {task.name: task.solution for task in TASKS}
    wrong = solved | {TASKS[0].name: next(iter(TASKS[0].wrong.values()))}
    hand_in(course, "solved", solved, answer="Both leaks use what only the test may know.")
    hand_in(course, "emptied", {})
    hand_in(course, "wrong", wrong)
    release.nbgrader(course, "autograde", UNIT, "--create", "--force")
    found = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for student in ("solved", "emptied", "wrong"):
            notebook = book.find_submission_notebook(NAME, UNIT, student)
            found[student] = {grade.name: grade.auto_score for grade in notebook.grades}
    return found


@pytest.mark.slow
def test_released_notebook_has_stubs_locked_tests_and_no_secret(course):
    content = read(course / "release" / UNIT / f"{NAME}.ipynb")
    text = "\n".join(cell.source for cell in content.cells)
    assert text.count(graded.STUB) == len(TASKS) == 3
    assert "SOLUTION" not in text and "HIDDEN" not in text
    by_id = {c.metadata.nbgrader.grade_id: c for c in content.cells if "nbgrader" in c.metadata}
    for task in TASKS:
        test = by_id[f"test_{task.name}"]
        assert not test.metadata.editable
        assert test.metadata.nbgrader.points == task.points
        assert test.source.strip() == task.visible.strip()
    answers = [
        c for c in content.cells if c.metadata.get("nbgrader", {}).get("grade_id", "")[:2] == "a_"
    ]
    assert [c.source for c in answers] == ["YOUR ANSWER HERE"]
    assert not any(cell.get("outputs") for cell in content.cells)


@pytest.mark.slow
def test_solved_gets_all_points_emptied_none_and_wrong_those_it_earned(scores):
    earned = {s: [scores[s][f"test_{task.name}"] for task in TASKS] for s in scores}
    points = [task.points for task in TASKS]
    assert earned["solved"] == points
    assert earned["emptied"] == [0, 0, 0]
    assert earned["wrong"] == [0, *points[1:]]


@pytest.mark.slow
def test_an_answered_question_waits_for_a_person_and_an_empty_one_has_no_points(scores):
    (question,) = [name for name in scores["solved"] if name.startswith("a_")]
    assert scores["solved"][question] is None
    assert scores["emptied"][question] == 0


@pytest.mark.slow
@pytest.mark.parametrize("unit", sorted({n.path.parent.name for n in all_notebooks()}))
def test_every_unit_is_released_without_solutions(unit, tmp_path):
    folder = release.release(unit, tmp_path)
    names = [n.path.name for n in all_notebooks() if n.path.parent.name == unit]
    assert sorted(path.name for path in folder.glob("*.ipynb")) == names
    for path in folder.glob("*.ipynb"):
        assert graded.STUB in "\n".join(cell.source for cell in read(path).cells)
