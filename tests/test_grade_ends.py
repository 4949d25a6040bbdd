"""Grading ends well: what stops it is told in a line with a way out, and leaves nothing half."""

from types import SimpleNamespace

import pytest
from grade_class import UNIT

from tools.notebook.common import Problem
from tools.teach import generate

# ------------------------------------------------------------------ the gradebook is made


def test_a_gradebook_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    book = tmp_path / "course" / generate.BOOK
    (tmp_path / "notebooks" / UNIT).mkdir(parents=True)

    def interrupted(course, *words, book=None):
        path = book or course / generate.BOOK
        path.write_bytes(b"half")
        path.with_name(f"{path.name}-journal").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(generate, "nbgrader", interrupted)
    with pytest.raises(KeyboardInterrupt):
        generate.student_version(UNIT, book.parent, tmp_path / "notebooks")
    assert not [path for path in book.parent.iterdir() if path.is_file()]
    book.with_name(f".{book.name}.part").write_bytes(b"of a call that was killed")
    whole = SimpleNamespace(seen=[])

    def made(course, *words, book):
        whole.seen.append(book.exists())
        book.write_bytes(b"whole")

    monkeypatch.setattr(generate, "nbgrader", made)
    for _ in range(2):  # the second time it is there
        generate.student_version(UNIT, book.parent, tmp_path / "notebooks")
    assert whole.seen == [False, True] and book.read_bytes() == b"whole"
    assert [path.name for path in book.parent.iterdir() if path.is_file()] == [book.name]


@pytest.mark.parametrize(("sign", "way"), generate.WAYS.items())
def test_what_is_not_nbgrader_s_fault_is_told_with_what_to_do(sign, way, tmp_path, monkeypatch):
    said = SimpleNamespace(returncode=1, stdout="", stderr=f"sqlite3.OperationalError: {sign}\n")
    monkeypatch.setattr(generate.subprocess, "run", lambda *_, **__: said)
    with pytest.raises(Problem, match=f"failed: .*{sign}; {way}$"):
        generate.nbgrader(tmp_path, "generate_assignment")
