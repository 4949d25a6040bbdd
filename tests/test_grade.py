"""Private tests decide, and nothing is graded without a sandbox."""

import nbformat
import pytest
from grade_class import table
from grade_course import course, handed_in, job
from grade_sandboxed import SANDBOXED

from tools.notebook.common import Problem
from tools.teach.grade import assignments, cli, sandbox

pytestmark = SANDBOXED


def test_private_tests_are_proved_and_then_decide(tmp_path):
    source, students, out = (tmp_path / name for name in ("notebooks", "students", "out"))
    (source / "01_own").mkdir(parents=True)
    nbformat.write(course(), source / "01_own" / "01_small.ipynb")
    for student, body in {"ada": "2 * x", "bob": "2 * x if x < 5 else 0"}.items():
        path = students / student / "01_own" / "01_small.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(handed_in(double=f"def double(x):\n    return {body}"))
    file = tmp_path / "tests" / "01_own" / "01_small" / "double.py"
    file.parent.mkdir(parents=True)
    words = [str(students), "--out", str(out), "--jobs", "1"]
    words += ["--notebooks", str(source), "--tests", str(tmp_path / "tests")]
    file.write_text("assert double(7) == 14\n", encoding="utf-8")
    assert cli.main(words) == 0
    assert [table(out, who)["double"]["points"] for who in ("ada", "bob")] == ["2", "0"]
    failing = job(handed_in(double="def double(x):\n    return x"))
    with pytest.raises(Problem, match="01_small/01_small.*nothing is graded"):
        assignments.prove(failing)


def test_without_a_sandbox_grading_refuses(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "why_not", lambda: "bubblewrap is not installed")
    with pytest.raises(Problem, match="no sandbox: bubblewrap is not installed"):
        cli.main([str(tmp_path)])
