import argparse
import subprocess
import sys

import nbformat
import pytest

from tools.notebook.common import Problem
from tools.write import test as tool

OPTIONS = argparse.Namespace(profile="quick", data="sample", jobs=1)
CASE = '<testcase file="notebooks/{name}.ipynb" name="Cell {n}" time="0.1"></testcase>'


@pytest.mark.parametrize("left_out", [0, 1])
def test_a_notebook_whose_cells_did_not_all_run_is_missed(tmp_path, template, left_out):
    count = sum(cell.cell_type == "code" for cell in template.content.cells)
    cases = [CASE.format(name=template.name, n=n) for n in range(count - left_out)]
    path = tmp_path / "nbval.xml"  # what nbval leaves behind: one test case a cell that it ran
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    findings = tool.missing(path, [template], OPTIONS)[template.name]
    expected = f"{count - 1} of its {count} code cells ran and passed"
    assert findings == ([expected] if left_out else [])


def test_a_damaged_file_is_parted_from_the_others(tmp_path, template):
    torn = tmp_path / "02_torn.ipynb"
    torn.write_text("{")
    good, bad = tool.readable([template, type(template)(torn)])
    assert good == [template]
    assert "can't be read as a notebook" in next(iter(bad.values()))[0]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a scratch folder that lint passes; its notebook and module are then changed."""
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "trial"\nversion = "1"\ndependencies = ["numpy"]\n'
        '[project.optional-dependencies]\ntools = ["dask"]\nbook = []\n'
        '[tool.mypy]\nfiles = ["tools"]\nfollow_imports = "skip"\n'
    )
    for room in ("learn", "teach"):
        (tmp_path / "tools" / room).mkdir(parents=True)
    (tmp_path / "tools" / "learn" / "lab.py").write_text("import numpy\n\nprint(numpy)\n")
    (tmp_path / "tools" / "teach" / "crew.py").write_text("import dask\n\nprint(dask)\n")
    assert tool.lint(OPTIONS, [])
    return tmp_path


def test_lint_holds_the_cells_of_notebooks_to_the_form(project, template, capfd):
    template.content.cells = [nbformat.v4.new_code_cell("x=1")]
    nbformat.write(template.content, template.path)
    assert not tool.lint(OPTIONS, [])
    told = capfd.readouterr().out
    assert "01_trial.ipynb:cell 1" in told and "`ruff format`" in told


@pytest.mark.parametrize(
    ("module", "code", "finding"),
    [
        ("teach/crew.py", "import rich\n\nprint(rich)\n", "'rich' imported but it is a trans"),
        ("learn/lab.py", "import dask\n\nprint(dask)\n", "'dask' imported but declared as a dev"),
    ],
)
def test_lint_holds_imports_to_what_is_declared(project, capfd, module, code, finding):
    (project / "tools" / module).write_text(code)
    assert not tool.lint(OPTIONS, [])
    assert finding in capfd.readouterr().out


def test_unknown_step_is_told_with_the_known_ones():
    with pytest.raises(Problem, match="--only lnt: the steps are lint, unit"):
        tool.main(["--only", "lnt"])


def test_without_network_leaves_the_loopback_alone():
    words = tool.without_network()
    if not words:
        pytest.skip("bubblewrap is not there, or may not be used here")
    code = (
        "import socket, threading\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname(), timeout=60).close()\n"
        "try:\n"
        "    socket.create_connection(('192.0.2.1', 9), timeout=60)\n"
        "except OSError as error:\n"
        "    print(error.strerror)\n"
    )
    done = subprocess.run([*words, sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "Network is unreachable", done.stderr
