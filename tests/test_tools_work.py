"""The copies that learners write in: no solutions in them, and kept when the course changes."""

import copy

import nbformat
import pytest

from tools import tasks, work
from tools.cells import grading
from tools.common import Notebook, Problem

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


def test_copies_link_to_a_glossary_that_leads_to_copies(template, folder):
    first = template.content.cells[0]
    first.source += "\n| You should know | [softmax](../../docs/glossary.md#softmax) |"
    work.prepare([template])
    copied = Notebook(folder / f"{template.name}.ipynb").content.cells[0].source
    assert "[softmax](../glossary.md#softmax)" in copied
    text = (folder / "glossary.md").read_text(encoding="utf-8")
    assert '<a id="softmax"></a>' in text and "](07_dominant_speaker/02_cnn_from_scratch" in text
    assert "](../notebooks/" not in text


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
    assert "your 3 cells are carried over" in told and "'data-seen'" in told
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


def test_an_own_cell_in_the_place_of_a_dropped_one_stays(template, mine, folder):
    def write(content):
        cell(content, "check").source = "What I found out."

    edit(mine, write)

    def drop(content):
        content.cells.remove(cell(content, "check"))

    work.bring(change_course(template, drop), folder)
    assert "What I found out." in [c.source for c in Notebook(mine).content.cells]


def test_a_file_that_was_not_given_is_kept(template, folder):
    path = folder / f"{template.name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("something else")
    assert "it is kept as" in work.bring(template, folder)
    (kept,) = (folder / work.BEFORE).glob("*/*.ipynb")
    assert kept.read_text() == "something else"
    assert tasks.tasks_of(Notebook(path))


def test_a_folder_that_cannot_be_written_is_told(template, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(work, "WORK", tmp_path / "file" / "work")
    with pytest.raises(Problem, match="can't be written .* --solved"):
        work.prepare([template])
