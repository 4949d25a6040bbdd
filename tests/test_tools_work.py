"""The copies that learners write in: no solutions in them, and kept when the course changes."""

import copy

import nbformat
import pytest

from tools.learn import work
from tools.notebook import tasks
from tools.notebook.cells import grading
from tools.notebook.common import Notebook, Problem

ANSWER = "def powers(x, degree):\n    return x[:, None] ** np.arange(degree + 1.0)"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(work, "WORK", tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def mine(template, folder):
    """Return the path of a fresh copy of the template."""
    assert work.bring(template, folder) == work.MADE
    return folder / f"{template.name}.ipynb"


def edit(path, change):
    content = nbformat.read(path, as_version=4)
    change(content)
    nbformat.write(content, path)


def cell(content, name):
    return next(c for c in content.cells if c.id == name)


def answered(content):
    cell(content, "powers").source = ANSWER


def test_a_copy_has_no_solution_hidden_test_answer_or_output(template, mine):
    copied = Notebook(mine)
    text = "\n".join(c.source for c in copied.content.cells)
    assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN" not in text
    assert not any(c.get("outputs") for c in copied.content.cells)
    before, after = tasks.tasks_of(template), tasks.tasks_of(copied)
    assert [t.name for t in after] == [t.name for t in before]
    assert all("NotImplementedError" in t.solution for t in after)
    model = [c.source for c in copied.content.cells if grading(c).get("grade_id", "")[:2] == "a_"]
    assert model == ["YOUR ANSWER HERE"]


def test_a_copy_stays_as_it_is_while_the_course_does(template, mine, folder):
    edit(mine, answered)
    before = mine.read_bytes()
    assert work.bring(template, folder) == ""
    assert mine.read_bytes() == before


def change_course(template, change):
    content = copy.deepcopy(template.content)
    change(content)
    nbformat.write(content, template.path)
    return Notebook(template.path)


def new_text(content):
    cell(content, "data-seen").source = "Said in other words."


def test_a_copy_that_nobody_wrote_in_is_replaced(template, mine, folder):
    changed = change_course(template, new_text)
    assert "it is replaced" in work.bring(changed, folder)
    assert cell(Notebook(mine).content, "data-seen").source == "Said in other words."
    assert not (folder / work.BEFORE).exists()


def test_answers_own_cells_and_changes_are_carried_over(template, mine, folder):
    def write(content):
        answered(content)
        own = nbformat.v4.new_code_cell("print('trying')", id="mine")
        content.cells.insert(content.cells.index(cell(content, "test-powers")), own)
        cell(content, "settings").source += "\n# my note"
        cell(content, "data-seen").source = "My own words."

    edit(mine, write)
    old = mine.read_bytes()
    told = work.bring(change_course(template, new_text), folder)
    now = Notebook(mine).content
    assert cell(now, "powers").source == ANSWER
    assert [c.id for c in now.cells][[c.id for c in now.cells].index("powers") + 1] == "mine"
    assert cell(now, "settings").source.endswith("# my note")
    assert cell(now, "data-seen").source == "Said in other words."
    lines = told.splitlines()
    assert 'under "Task: `powers` (2 points)": your answer, a cell of your own' in told
    assert "a cell that you changed" in told
    place = next(i for i, line in enumerate(lines) if "not carried over" in line)
    assert lines[place + 1].strip().endswith(": My own words.")
    assert not any(c.id in told for c in now.cells if "-" in c.id)
    (kept,) = (folder / work.BEFORE).glob("*/*.ipynb")
    assert kept.read_bytes() == old


def test_an_answer_counts_even_where_the_task_changed(template, mine, folder):
    edit(mine, answered)

    def other_docstring(content):
        one = cell(content, "powers")
        one.source = one.source.replace("Return the powers", "Return all powers")

    told = work.bring(change_course(template, other_docstring), folder)
    assert cell(Notebook(mine).content, "powers").source == ANSWER
    assert "also changed the task powers" in told


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


def test_a_copy_that_was_cut_short_is_told_and_left_alone(template, mine, folder):
    whole = mine.read_text()
    mine.write_text(whole[: len(whole) // 2])
    for _ in range(2):  # also where the course is as it was
        told = work.bring(template, folder)
        assert "is damaged, no notebook any more: move it away" in told
    assert mine.read_text() == whole[: len(whole) // 2]
    mine.unlink()
    assert work.bring(template, folder) == work.MADE and mine.read_text() == whole


def test_a_folder_that_cannot_be_written_is_told(template, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(work, "WORK", tmp_path / "file" / "work")
    with pytest.raises(Problem, match="can't be written .* make that folder writable"):
        work.prepare([template])
    with pytest.raises(Problem, match="can't be written .* make it writable"):
        work.write_solved([template])
