"""The copies that learners write in: no solutions in them, and kept when the course changes."""

import copy
import shutil

import nbformat
import pytest

from tools.learn import work
from tools.notebook import tasks
from tools.notebook.cells import grading
from tools.notebook.common import Notebook

ANSWER = "def powers(x, degree):\n    return x[:, None] ** np.arange(degree + 1.0)"


@pytest.fixture
def folder(template, tmp_path, monkeypatch):
    template.path.with_name("README.md").write_text("# The sheet\n")
    monkeypatch.setattr(work, "WORK", tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def path(template, folder):
    """Return the path of a fresh copy of the template."""
    assert work.update(template) == work.COPIED
    return folder / f"{template.name}.ipynb"


def edit(path, change):
    content = nbformat.read(path, as_version=4)
    change(content)
    nbformat.write(content, path)


def cell(content, name):
    return next(c for c in content.cells if c.id == name)


def answered(content):
    cell(content, "powers").source = ANSWER


def test_a_copy_has_no_solution_hidden_test_answer_or_output(template, path):
    copied = Notebook(path)
    text = "\n".join(c.source for c in copied.content.cells)
    assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN" not in text
    assert not any(c.get("outputs") for c in copied.content.cells)
    before, after = tasks.tasks_of(template), tasks.tasks_of(copied)
    assert [t.name for t in after] == [t.name for t in before]
    assert all("NotImplementedError" in t.solution for t in after)
    model = [c.source for c in copied.content.cells if grading(c).get("grade_id", "")[:2] == "a_"]
    assert model == ["YOUR ANSWER HERE"]


def test_a_copy_stays_as_it_is_while_the_course_does(template, path):
    edit(path, answered)
    before = path.read_bytes()
    assert work.update(template) == ""
    assert path.read_bytes() == before


def change_course(template, change):
    content = copy.deepcopy(template.content)
    change(content)
    nbformat.write(content, template.path)
    return Notebook(template.path)


def new_text(content):
    cell(content, "data-seen").source = "Said in other words."


def test_a_copy_that_nobody_wrote_in_is_replaced(template, path, folder):
    changed = change_course(template, new_text)
    assert "is replaced" in work.update(changed)
    assert cell(Notebook(path).content, "data-seen").source == "Said in other words."
    assert not (folder / work.BEFORE).exists()


def test_answers_are_carried_over_and_the_file_is_kept(template, path, folder):
    def write(content):
        answered(content)
        content.cells.append(nbformat.v4.new_code_cell("print('trying')", id="path"))

    def other_task(content):
        new_text(content)
        for name in ("powers", "mean_squared_error"):
            cell(content, name.replace("_", "-")).source += "\n# new"

    edit(path, write)
    old = path.read_bytes()
    told = work.update(change_course(template, other_task))
    now = Notebook(path).content
    assert cell(now, "powers").source == ANSWER
    assert cell(now, "mean-squared-error").source.endswith("# new")
    assert cell(now, "data-seen").source == "Said in other words."
    assert "your answers are in the new one: powers." in told
    (kept,) = (folder / work.BEFORE).glob("*/*.ipynb")
    assert kept.read_bytes() == old
    assert work.update(Notebook(template.path)) == ""


def test_answers_stay_where_it_is_not_known_what_was_given(template, path, folder):
    edit(path, answered)
    shutil.rmtree(folder / work.GIVEN)
    assert "your answers are in the new one: powers." in work.update(template)
    assert cell(Notebook(path).content, "powers").source == ANSWER
    assert work.update(template) == ""


def test_solved_notebooks_are_copied_read_only_and_made_anew(template, folder):
    assert work.write_solved([template]) == folder / work.SOLVED
    copied = folder / work.SOLVED / f"{template.name}.ipynb"
    assert Notebook(copied).content.cells == template.content.cells
    assert not copied.stat().st_mode & 0o222
    assert f"({template.name}.ipynb)" in (folder / work.SOLVED / "README.md").read_text()
    before = copied.stat().st_ino
    work.write_solved([template])
    assert copied.stat().st_ino == before  # left as it is
    work.write_solved([change_course(template, new_text)])
    assert cell(Notebook(copied).content, "data-seen").source == "Said in other words."
    assert not copied.stat().st_mode & 0o222


def test_a_copy_that_was_cut_short_is_told_and_left_alone(template, path):
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    assert "is damaged, no notebook any more: move it away" in work.update(template)
    assert path.read_text() == whole[: len(whole) // 2]
    path.unlink()
    assert work.update(template) == work.COPIED and path.read_text() == whole
