import argparse
import re
import subprocess
import sys

import nbformat
import pytest

from tools.notebook import common
from tools.notebook.common import Problem
from tools.write import test as tool
from utils import lessons

OPTIONS = argparse.Namespace(profile="quick", data="sample", jobs=1)


def test_lint_checks_cells_of_notebooks_and_imports(tmp_path, template, monkeypatch, capfd):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "trial"\nversion = "1"\ndependencies = ["numpy"]\n'
        '[project.optional-dependencies]\ntools = ["dask"]\nbook = []\n'
        '[tool.mypy]\nfiles = ["tools"]\nfollow_imports = "skip"\n'
    )

    def lint(learn, teach, cell):
        for package, module in {"learn": learn, "teach": teach}.items():
            path = tmp_path / "tools" / package / f"{package}_module.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"import {module}\n\nprint({module})\n")
        template.content.cells = [nbformat.v4.new_code_cell(cell)]
        nbformat.write(template.content, template.path)
        return tool.lint(OPTIONS, [])

    assert lint("numpy", "dask", "x = 1")
    assert not lint("dask", "rich", "x=1")
    printed = capfd.readouterr().out
    assert "01_trial.ipynb:cell 1" in printed and "`ruff format`" in printed
    assert re.search("DEP003.* 'rich'", printed)  # between them, the end of a colour
    assert re.search("DEP004.* 'dask'", printed)  # learners do not install it


def test_of_a_named_page_only_the_steps_on_pages_are_done(monkeypatch):
    done = []
    steps = {name: lambda *_, name=name: done.append(name) or True for name in tool.STEPS}
    monkeypatch.setattr(tool, "STEPS", steps)
    for names, number in ([], 5), (["03/01"], 3):
        done.clear()
        assert tool.main([*names, "--network"]) == 0 and len(done) == number


def test_unknown_step_is_refused_with_the_known_ones():
    with pytest.raises(Problem, match="--only.*'lnt'.*lint"):
        tool.main(["--only", "lnt"])


@pytest.mark.parametrize(
    ("program", "right", "printed"),
    [
        ("pass", True, "the site would build"),
        ("print('docs/a.md:3: no b'); raise SystemExit(1)", False, "not build:\ndocs/a.md:3: no b"),
        ("1 / 0", False, "ZeroDivisionError"),
    ],
)
def test_a_site_that_would_not_build_fails(monkeypatch, capsys, program, right, printed):
    run = subprocess.run
    command = [sys.executable, "-c", program]
    monkeypatch.setattr(subprocess, "run", lambda _, **options: run(command, **options))
    assert tool.site_is_right() == right
    assert printed in capsys.readouterr().out


def test_without_network_leaves_the_loopback_alone():
    words = tool.without_network()
    if not words:
        pytest.skip("bubblewrap is not there, or may not be used here")
    code = (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname(), timeout=60)\n"
        "print('loopback')\n"
        "socket.create_connection(('192.0.2.1', 9), timeout=60)\n"
    )
    done = subprocess.run([*words, sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "loopback\n" and "Network is unreachable" in done.stderr


def test_a_notebook_that_was_deleted_by_hand_is_told(template, monkeypatch, capsys):
    monkeypatch.setattr(common, "NOTEBOOKS", template.path.parents[1])
    weeks = lessons.FOLDER / "course.toml"
    weeks.write_text(f'{weeks.read_text()}[[short_week]]\ntitle = "A"\nlessons = ["98/01"]\n')
    assert list(tool.gone()) == []
    template.path.unlink()
    lesson, week = tool.gone()
    assert template.name in lesson and "leave_out" in lesson
    assert "98/01" in week and "course.toml" in week
