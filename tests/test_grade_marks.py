"""Marks in the gradebook: those given by hand stay, and accidents to the file cost none."""

import html
import re
import warnings
from unittest import mock

import nbformat
import pytest
from grade_class import HEAD, NAME, UNIT, empty_gradebook, graded, merged, outcome, table
from grade_class import out as out
from grade_course import DOUBLE, course
from nbconvert.filters import markdown2html
from nbformat.v4 import new_markdown_cell

from tools.notebook.common import Problem
from tools.teach.grade import cli, formgrader, gradebook, store, term

ADA = f"ada,{UNIT},{NAME}"


def waiting(out, *students):
    """Return which answers wait for a person."""
    rows = {student: table(out, student) for student in students}
    return [(s, t) for s in students for t, line in rows[s].items() if line["needs review"]]


def test_a_mark_by_hand_stays_when_the_notebook_is_graded_again(out):
    graded(out, outcome("ada"), outcome("bob", why=""))
    assert waiting(out, "ada", "bob") == [("ada", "a_why")] and table(out)["a_why"]["points"] == ""
    assert table(out, "bob")["a_why"]["points"] == "0"  # no answer, nothing to read
    merged(out, f"{HEAD},comment\n{ADA},a_why,3.5,Nearly\n")
    graded(out, outcome("ada", 0, key="2"))
    rows = table(out)
    assert (rows["a_why"]["points"], rows["a_why"]["needs review"]) == ("3.5", "")
    assert rows["a_why"]["reason"] == "Nearly" and rows["double"]["points"] == "0"
    assert table(out, "bob")["double"]["points"] == "2"


CHANGED = {
    "ada": ("a_why", {"why": "Another reason."}),
    "bob": ("double", {"answer": "def double(x): ..."}),
    "carl": ("a_why", {"why": ""}),
}


def test_a_new_answer_after_a_mark_waits_for_another_look_and_the_mark_stays(out):
    def handed_in(key, **changed):
        graded(out, *(outcome(s, key=key, **changed.get(s, {})) for s in CHANGED))

    handed_in("1")
    lines = [f"{s},{UNIT},{NAME},a_why,3\n{s},{UNIT},{NAME},double,1" for s in CHANGED]
    merged(out, "\n".join([HEAD, *lines]))
    handed_in("2")  # the same answers under another grader
    assert waiting(out, *CHANGED) == []
    changed = {student: change for student, (_, change) in CHANGED.items()}
    expected = [(student, task) for student, (task, _) in CHANGED.items()]
    for key in ("3", "4"):  # graded again, it is still to be looked at
        handed_in(key, **changed)
        assert waiting(out, *CHANGED) == expected
    for student in CHANGED:
        rows = table(out, student)
        assert rows["a_why"]["points"] == "3" and rows["double"]["points"] == "1"
        page = next((out / "feedback").glob(f"{student}-*.html")).read_text("utf-8")
        assert "has to be marked again" in page and "At least" not in page
    overview = (out / "overview.html").read_text("utf-8")
    for student, task in expected:  # by student, notebook and task
        assert f"<li>{student}, {UNIT}/{NAME}: {task}</li>" in overview
    assert "3 to read again" in overview and "(?)" in overview
    merged(out, "\n".join([HEAD, *lines]))  # looked at: the marks are right
    assert waiting(out, *CHANGED) == [] and table(out)["a_why"]["points"] == "3"
    assert "to read again" not in (out / "overview.html").read_text("utf-8")


# ------------------------------------------------------------------ accidents


def test_a_lost_gradebook_is_restored_with_the_marks_of_its_newest_copy(out, capsys):
    graded(out, outcome("ada"), outcome("bob", 0), outcome("carl"))
    marks = [f"{ADA},a_why,3,Good", f"bob,{UNIT},{NAME},double,1,", f"carl,{UNIT},{NAME},a_why,2,"]
    merged(out, "\n".join([f"{HEAD},comment", *marks]))
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        opened.find_grade("a_why", NAME, UNIT, "ada").extra_credit = 0.5
        opened.db.commit()
    assert cli.main(["--feedback", "--out", str(out)]) == 0
    before = {student: table(out, student) for student in ("ada", "bob")}
    assert not gradebook.is_lost(out)  # and it has a copy now
    (out / store.GRADEBOOK).unlink()
    assert gradebook.is_lost(out)
    (out / store.GRADEBOOK).write_bytes(empty_gradebook())
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(
            gradebook, "note", mock.Mock(side_effect=KeyboardInterrupt)
        )  # a call that ends early loses nothing
        graded(out)
    graded(out, outcome("carl", why="Another reason.", key="2"))
    assert {student: table(out, student) for student in before} == before
    assert before["ada"]["a_why"]["points"] == "3.5"
    carl = table(out, "carl")["a_why"]
    assert (carl["points"], carl["needs review"]) == ("2", "yes")  # of another answer
    assert "3 marks" in capsys.readouterr().out
    graded(out)
    assert " marks" not in capsys.readouterr().out


def test_dated_copies_are_made_of_what_has_changed_and_old_ones_go(out, monkeypatch):
    monkeypatch.setattr(store, "COPIES", 2)
    for number in range(3):
        graded(out, outcome("ada", number % 2, key=str(number)))
        graded(out)
    store.back_up(out)
    newest = store.copies(out)[-1]
    store.back_up(out)
    assert len(store.copies(out)) == 2 and store.copies(out)[-1] == newest
    with gradebook.opened(newest) as copy, gradebook.opened(out / store.GRADEBOOK) as opened:
        assert gradebook.rows(copy) == gradebook.rows(opened)


@pytest.mark.parametrize("content", [empty_gradebook()[:6000], b"", b"x"])
def test_a_damaged_gradebook_is_refused(out, content):
    (out / store.GRADEBOOK).write_bytes(content)
    for call in (gradebook.is_lost, lambda out: cli.main(["--feedback", "--out", str(out)])):
        with pytest.raises(Problem, match="gradebook.db"):
            call(out)


def test_a_unit_that_the_gradebook_lacks_is_named(out):
    with pytest.raises(Problem, match="09_other/01_small"):
        graded(out, outcome("ada", unit="09_other"))


def test_damaged_files_are_named_and_nothing_is_changed(out):
    graded(out, outcome("ada"), outcome("bob"))
    before = (out / "grades.csv").read_text("utf-8")
    for path in (store.outcome_path(out, outcome("bob")), out / term.STATE):
        whole = path.read_text("utf-8")
        path.write_text('{"half', encoding="utf-8")
        with pytest.raises(Problem, match=path.name):
            cli.main(["--feedback", "--out", str(out)])
        path.write_text(whole, encoding="utf-8")
    assert (out / "grades.csv").read_text("utf-8") == before


# ------------------------------------------------------------------ what formgrader shows

EVIL = "Why <script>alert(1)</script>\n\n</pre>\n# big"


def test_formgrader_lists_what_there_is_and_shows_answers_as_text(out, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(formgrader.lab, "open_lab", lambda *words, **_: opened.append(words) or 0)
    times = [["ada", UNIT, NAME, 1.8e9], ["bob", UNIT, NAME, 1.8e9]]
    graded(out, outcome("ada", why=EVIL), outcome("bob", 0, why=""), times=times)
    graded(out, outcome("a/b"), outcome("李" * 100), times=times)
    assert cli.main(["--formgrader", "--out", str(out)]) == 0
    assert f"a/b, {'李' * 100}" in capsys.readouterr().out
    with warnings.catch_warnings(action="ignore"):
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange.default import Exchange
        from traitlets.config import Config, PyFileConfigLoader

        written = PyFileConfigLoader("nbgrader_config.py", str(out / "nbgrader")).load_config()
        Exchange(config=written).ensure_root()  # else it complains of each page
        config = Config({"CourseDirectory": {"root": str(out / "nbgrader")}})
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        students = api.get_submissions(UNIT)
        submissions = api.get_notebook_submissions(UNIT, NAME)
    listed = {s["student"]: (s["submitted"], s["autograded"], s["score"]) for s in students}
    assert listed["ada"] == (True, True, 5.0) and listed["bob"] == (True, True, 3.0)
    assert sorted(s["student"] for s in submissions) == ["ada", "bob"]
    assert opened[0][:2] == (out / "nbgrader", "/formgrader/gradebook")
    path = out / "nbgrader" / "autograded" / "ada" / UNIT / f"{NAME}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    sources = {c["metadata"].get("nbgrader", {}).get("grade_id"): c["source"] for c in cells}
    assert sources["centre"] == "x"
    shown = re.fullmatch(r"\s*<pre [^<>]*>([^<>]*)</pre>\s*", markdown2html(sources["a_why"]))
    assert shown and html.unescape(shown[1]) == EVIL
    assert not list((out / "nbgrader" / "submitted").rglob("*.ipynb"))  # nothing to autograde


def test_a_sheet_begins_with_the_question_its_rubric_and_the_model_answer(tmp_path):
    content = course()
    content.cells.insert(-1, new_markdown_cell("## Open question\n\nWhy? *Rubric: 4 points.*"))
    solved = tmp_path / "solved.ipynb"
    nbformat.write(content, solved)
    content.cells[-1].source = "YOUR ANSWER HERE"
    nbformat.write(content, tmp_path / "released.ipynb")
    sheet = formgrader.sheet_of(tmp_path / "released.ipynb", solved, {"a_why": "It is 0."})
    texts = [cell.source for cell in nbformat.reads(sheet.decode(), as_version=4).cells]
    assert "Rubric" in texts[0] and "Because the mean is 0." in texts[1]
    assert texts[2:4] == ["It is 0.", DOUBLE] and "import numpy as np" not in texts


def test_a_folder_without_a_gradebook_is_refused(tmp_path):
    with pytest.raises(Problem, match="gradebook"):
        cli.main(["--formgrader", "--out", str(tmp_path)])
