"""What nbgrader's formgrader lists and shows of an output folder."""

import json
import warnings

import pytest
from grade_class import NAME, UNIT, folder_with_gradebook, graded, outcome

from tools.notebook.common import Problem
from tools.teach.grade import cli

EVIL = "Why <script>alert(1)</script>\n~~~\n# big"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    out = folder_with_gradebook(tmp_path_factory.mktemp("out"))
    times = [["ada", UNIT, NAME, 1.8e9], ["bob", UNIT, NAME, 1.8e9]]
    graded(out, outcome("ada", why=EVIL), outcome("bob", 0, why=""), outcome("a/b"), times=times)
    assert cli.main(["--formgrader", "--out", str(out)]) == 0
    return out


def test_formgrader_lists_what_there_is(out):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import Config

        config = Config()
        config.CourseDirectory.root = str(out / "nbgrader")
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        (assignment,) = api.get_assignments()
        (notebook,) = api.get_notebooks(UNIT)
        students = api.get_submissions(UNIT)
        shown = api.get_notebook_submissions(UNIT, NAME)
    assert (assignment["name"], assignment["num_submissions"]) == (UNIT, 2)
    assert notebook["name"] == NAME and notebook["needs_manual_grade"]
    listed = {s["student"]: (s["submitted"], s["autograded"], s["score"]) for s in students}
    assert listed["ada"] == (True, True, 5.0) and listed["bob"] == (True, True, 3.0)
    # A name with a slash has no folder.
    assert sorted(s["student"] for s in shown) == ["ada", "bob"]


def test_answers_are_in_the_notebooks_as_text(out):
    path = out / "nbgrader" / "autograded" / "ada" / UNIT / f"{NAME}.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    found = {c["metadata"].get("nbgrader", {}).get("grade_id"): c["source"] for c in cells}
    assert found["a_why"] == f"~~~~text\n{EVIL}\n~~~~" and found["centre"] == "x"
    assert not list((out / "nbgrader" / "submitted").rglob("*.ipynb"))  # nothing to autograde


def test_a_folder_without_a_gradebook_is_refused(tmp_path):
    with pytest.raises(Problem, match="there is no gradebook"):
        cli.main(["--formgrader", "--out", str(tmp_path)])
