"""Files and pipes are UTF-8, whatever the system's own encoding is, also where ruff can't see it.

Its rule PLW1514 knows a path by its annotation alone, and nothing of pipes.
"""

import ast

import pytest

from tools.notebook.common import ROOT

FILES = [ROOT / "course.py", *ROOT.glob("tools/**/*.py"), *ROOT.glob("utils/*.py")]


def is_silent(call):
    """Say whether a call reads or writes text, of a file or a process, in no stated encoding."""
    name, words = ast.unparse(call.func), {keyword.arg for keyword in call.keywords}
    text = name.endswith((".read_text", ".write_text")) or (
        name.startswith("subprocess.") and words & {"text", "universal_newlines"}
    )
    return (
        text and "encoding" not in words and "utf" not in "".join(map(ast.unparse, call.args[:1]))
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_text_that_is_read_or_written_says_its_encoding(path):
    calls = [n for n in ast.walk(ast.parse(path.read_bytes())) if isinstance(n, ast.Call)]
    assert [call.lineno for call in calls if is_silent(call)] == []
