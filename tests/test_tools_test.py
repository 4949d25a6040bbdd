import argparse
import subprocess
import sys

import nbformat
import pytest

from tools.notebook.common import Problem
from tools.write import test as tool

OPTIONS = argparse.Namespace(profile="quick", data="sample", jobs=1)
CASE = (
    '<testcase classname="{file}" file="{file}" name="Cell {n}" time="{time}">{inside}</testcase>'
)


def outcome(folder, notebook, insides, time=0.1):
    """Write what nbval leaves behind: one test case a cell that it saw."""
    file = f"notebooks/{notebook.name}.ipynb"
    cases = [CASE.format(file=file, n=n, time=time, inside=i) for n, i in enumerate(insides)]
    path = folder / "nbval.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    return path


def cells(notebook):
    return sum(cell.cell_type == "code" for cell in notebook.content.cells)


def test_a_notebook_whose_cells_all_ran_is_well(tmp_path, template):
    path = outcome(tmp_path, template, [""] * cells(template))
    assert tool.missing(path, [template], OPTIONS) == {template.name: []}


def test_a_notebook_that_silently_did_not_run_is_missed(tmp_path, template):
    (finding,) = tool.missing(outcome(tmp_path, template, []), [template], OPTIONS)[template.name]
    assert finding.startswith("0 of its")


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
    ("room", "imported", "finding"),
    [
        ("teach/crew.py", ("dask", "rich"), "'rich' imported but it is a transitive dependency"),
        ("teach/crew.py", ("numpy",), "'dask' defined as a dependency but not used"),
        ("learn/lab.py", ("dask", "numpy"), "'dask' imported but declared as a dev dependency"),
    ],
)
def test_lint_holds_imports_to_what_is_declared(project, capfd, room, imported, finding):
    lines = "".join(f"import {name}\n" for name in imported)
    (project / "tools" / room).write_text(f"{lines}\nprint({', '.join(imported)})\n")
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
