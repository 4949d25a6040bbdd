"""Grading ends well: what stops it is told in a line with a way out, and leaves nothing half."""

import errno
import json
import os
import sqlite3
from functools import partial

import nbformat
import pytest
from grade_class import NAME, UNIT, folder_with_gradebook, graded, outcome, table
from grade_class import grader as grader
from grade_course import course

from data.core import files
from data.core.files import write_text
from tools.notebook.assignment import Assignment, every
from tools.notebook.common import Problem
from tools.teach import generate
from tools.teach.grade import assignments, cli, gradebook, sandbox, store


def test_without_a_sandbox_grading_refuses(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "why_not", lambda: "bubblewrap is not installed")
    with pytest.raises(Problem, match="bubblewrap is not installed"):
        cli.main([str(tmp_path)])


# ------------------------------------------------------------------ the gradebook


def test_a_gradebook_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    book = tmp_path / "course" / generate.BOOK
    unit = Assignment(UNIT, ())

    def interrupted(course, *words, book):
        book.write_bytes(b"half")
        book.with_name(f"{book.name}-journal").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(generate, "nbgrader", interrupted)
    with pytest.raises(KeyboardInterrupt):
        generate.student_version(unit, book.parent)
    assert not [path for path in book.parent.iterdir() if path.is_file()]
    book.with_name(f".{book.name}.part").write_bytes(b"of a call that was killed")
    monkeypatch.setattr(generate, "nbgrader", lambda *_, book: book.write_bytes(b"whole"))
    generate.student_version(unit, book.parent)
    assert [path.name for path in book.parent.iterdir() if path.is_file()] == [book.name]


def test_a_gradebook_that_another_program_holds_is_told_and_stays(tmp_path, monkeypatch):
    path = folder_with_gradebook(tmp_path) / store.GRADEBOOK
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    soon = partial(sqlite3.connect, timeout=0.1)  # in place of five seconds
    monkeypatch.setattr(sqlite3, "connect", soon)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", soon)  # SQLAlchemy's
    try:
        locked = "database is locked"
        with pytest.raises(Problem, match=locked):
            store.refuse_damaged(tmp_path)
        with pytest.raises(Problem, match=locked), gradebook.opened(path) as opened:
            opened.update_or_create_student("ada")
    finally:
        other.close()


# ------------------------------------------------------------------ the output folder


@pytest.fixture
def upload(tmp_path):
    """Return a folder in which Ada and Bob have handed in."""
    for student in ("ada", "bob"):
        write_text(tmp_path / "in" / student / UNIT / f"{NAME}.ipynb", json.dumps({"double": 2}))
    return tmp_path / "in"


@pytest.mark.parametrize("below", ["", "inner/out"])
def test_a_file_in_the_place_of_the_output_folder_is_told(grader, upload, below):
    grader.out.write_text("mine")
    with pytest.raises(Problem, match=store.ELSEWHERE):
        grader(upload, "--out", grader.out / below)
    assert grader.out.read_text() == "mine"


def test_of_two_graders_on_one_folder_the_second_is_refused(grader, upload):
    grader.out.mkdir()
    with store.only_one(grader.out), pytest.raises(Problem, match=grader.out.name):
        grader(upload)
    assert grader(upload) == 0


@pytest.mark.parametrize(
    ("fault", "number", "remedy"),
    [(errno.ENOSPC, 0, "space"), (errno.ENOSPC, 3, "space"),
     (errno.EROFS, 1, store.ELSEWHERE), (errno.EACCES, 8, store.ELSEWHERE)],
)  # fmt: skip
def test_a_folder_that_can_not_be_written_any_more_is_told(grader, upload, fault, number, remedy):
    left, replace = [number], os.replace

    def failing(source, target):
        if not left[0]:
            raise OSError(fault, os.strerror(fault), str(target))
        left[0] -= 1
        replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.os, "replace", failing)
        with pytest.raises(Problem, match=remedy):
            grader(upload)
    assert not list(grader.out.rglob("*.part"))
    assert grader(upload) == 0  # it goes on where it stopped
    assert [table(grader.out, who)["double"]["points"] for who in ("ada", "bob")] == ["2", "2"]


# ------------------------------------------------------------------ a task more, or less


def write_course(units, name="centre"):
    """Write the small course, with another name of a task, into a folder of units."""
    content = course()
    for cell in content.cells[4:6]:
        cell.metadata.nbgrader.grade_id = cell.metadata.nbgrader.grade_id.replace("centre", name)
    write_text(units / UNIT / f"{NAME}.ipynb", nbformat.writes(content))
    return assignments.graded_cells(every(units)[UNIT])


def test_another_task_than_before_is_told_before_anything_is_changed(tmp_path):
    out, units = tmp_path / "out", tmp_path / "units"
    out.mkdir()
    path = folder_with_gradebook(out) / store.GRADEBOOK
    gradebook.refuse_other_tasks(out, UNIT, write_course(units, "middle"))  # nobody has marks yet
    graded(out, outcome("ada"))
    release = out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb"
    before = release.read_bytes(), path.read_bytes()
    with pytest.raises(Problem, match=r"middle.*/centre"):
        assignments.prepare([every(units)[UNIT]], out, None)
    assert (release.read_bytes(), path.read_bytes()) == before
    gradebook.refuse_other_tasks(out, UNIT, write_course(units))


def test_who_was_graded_with_other_tasks_stays_in_a_gradebook_that_is_written_again(tmp_path):
    out = folder_with_gradebook(tmp_path)
    old, new = outcome("ada"), outcome("bob")
    gone = old["tasks"][0] | {"task": "gone"}
    old["tasks"] = [gone, old["tasks"][0]]  # ``centre`` is new
    graded(out, old, new)
    rows = table(out)
    assert rows.keys() == {"double", "centre", "a_why"} and rows["double"]["points"] == "2"
    assert (rows["centre"]["points"], rows["centre"]["reason"]) == ("0", gradebook.NEW)
    assert table(out, "bob")["centre"]["points"] == "3"
