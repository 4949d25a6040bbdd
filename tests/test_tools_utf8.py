"""Files and pipes are UTF-8, whatever the system's own encoding is."""

import ast

import pytest

from tools.notebook.common import ROOT

FILES = [
    path
    for path in (ROOT / "course.py", *sorted(ROOT.glob("tools/**/*.py")), *ROOT.glob("utils/*.py"))
    if "__pycache__" not in path.parts
]


def is_text(call):
    """Say whether a call reads or writes text: a file, or what another process says."""
    name, keywords = ast.unparse(call.func), {k.arg: ast.unparse(k.value) for k in call.keywords}
    if name == "open":
        mode = ast.unparse(call.args[1]) if call.args[1:] else keywords.get("mode", "'r'")
        return "b" not in mode
    if name.startswith("subprocess."):
        return "text" in keywords or "universal_newlines" in keywords
    return name.endswith((".read_text", ".write_text"))


def says_its_encoding(call):
    named = any(k.arg == "encoding" for k in call.keywords)
    return named or any("utf" in ast.unparse(argument) for argument in call.args[:1])


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_text_that_is_read_or_written_says_its_encoding(path):
    calls = [n for n in ast.walk(ast.parse(path.read_bytes())) if isinstance(n, ast.Call)]
    silent = [c.lineno for c in calls if is_text(c) and not says_its_encoding(c)]
    assert silent == [], f'{path.name}: add encoding="utf-8" in these lines'
