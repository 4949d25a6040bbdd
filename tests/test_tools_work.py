"""The copies that learners write in: unsolved, and saved when the course changes."""

import copy
import os
import shutil

import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel
from nbformat.v4 import new_markdown_cell, new_notebook

from tools.learn import work
from tools.notebook.cells import above_line
from tools.notebook.common import Notebook, read, write_notebook

ANSWER = "def powers(x, degree):\n    return x[:, None] ** np.arange(degree + 1.0)"
NEW_TEXT = "Another explanation."


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


def cell(content, name):
    return next(c for c in content.cells if c.id == name)


def answer(path):
    """Write an answer and a cell of one's own into a copy; return its bytes."""
    content = nbformat.read(path, as_version=4)
    cell(content, "powers").source = ANSWER
    content.cells.append(nbformat.v4.new_code_cell("print('trying')", id="path"))
    nbformat.write(content, path)
    return path.read_bytes()


def change_course(template):
    """Change a text and the stubs of two tasks in the course's notebook; return it read again."""
    content = copy.deepcopy(template.content)
    cell(content, "data-seen").source = NEW_TEXT
    for name in ("powers", "mean-squared-error"):
        cell(content, name).source += "\n# new"
    nbformat.write(content, template.path)
    return Notebook(template.path)


def test_an_unchanged_copy_is_replaced_when_the_course_changes(template, path, folder):
    assert work.update(template) == ""
    assert "NotImplementedError" in cell(Notebook(path).content, "powers").source
    assert "is replaced" in work.update(change_course(template))
    assert cell(Notebook(path).content, "data-seen").source == NEW_TEXT
    assert not (folder / work.BEFORE).exists()


@pytest.mark.parametrize("given_is_known", [True, False])
def test_answers_are_carried_over_and_the_file_is_saved(template, path, folder, given_is_known):
    before = answer(path)
    assert work.update(template) == "" and path.read_bytes() == before
    if not given_is_known:
        shutil.rmtree(folder / work.GIVEN)
    assert "powers" in work.update(change_course(template))
    content = Notebook(path).content
    assert cell(content, "powers").source == ANSWER
    assert cell(content, "mean-squared-error").source.endswith("# new") == given_is_known
    assert cell(content, "data-seen").source == NEW_TEXT
    (saved,) = (folder / work.BEFORE).glob("*/*.ipynb")
    assert saved.read_bytes() == before
    assert work.update(Notebook(template.path)) == ""


def test_solved_notebooks_are_copied_read_only_and_made_again(template, folder):
    assert work.write_solved([template]) == folder / work.SOLVED
    copied = folder / work.SOLVED / f"{template.name}.ipynb"
    assert Notebook(copied).content.cells == above_line(template.content.cells)
    assert f"({template.name}.ipynb)" in (folder / work.SOLVED / "README.md").read_text()
    work.write_solved([change_course(template)])
    assert cell(Notebook(copied).content, "data-seen").source == NEW_TEXT
    assert not copied.stat().st_mode & 0o222


def test_a_copy_that_was_cut_short_is_named_and_left_alone(template, path):
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    assert path.name in work.update(template)
    assert path.read_text() == whole[: len(whole) // 2]
    path.unlink()
    assert work.update(template) == work.COPIED and path.read_text() == whole


def test_a_released_notebook_gets_the_language_of_its_kernel_and_keeps_its_date(tmp_path):
    path = tmp_path / "01_unit" / "01_page.ipynb"
    content = new_notebook(cells=[new_markdown_cell("# Page")])
    content.metadata["language_info"] = {"name": "python"}
    write_notebook(path, content)
    os.utime(path, (1.8e9, 1.8e9))
    work.name_kernel([Notebook(path)])
    assert read(path).metadata["language_info"] == IPythonKernel.language_info
    assert read(path).cells == content.cells and path.stat().st_mtime == 1.8e9
