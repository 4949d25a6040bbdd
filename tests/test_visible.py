"""A test cell that passes says so in the notebook of a student, and in no other."""

import json
import os

from jupyter_client.manager import run_kernel

from tools.notebook.common import ROOT
from utils import _visible

NAME = "98_trial/01_trial"
START = f"import utils\ncourse = utils.start('{NAME}')"
STUB = "def double(x):\n    raise NotImplementedError()"
GRADED = {"grade": True, "grade_id": "test_double", "locked": True, "points": 2, "solution": False}


def write(path, solution: str) -> None:
    """Write a notebook of a settings cell, a task and its test."""
    cells = [
        ("settings", START, {}),
        ("double", solution, {"nbgrader": {"grade_id": "double", "solution": True}}),
        ("test-double", "assert double(2) == 4", {"nbgrader": GRADED}),
    ]
    made = [
        {"id": i, "cell_type": "code", "source": source.splitlines(True), "metadata": metadata}
        for i, source, metadata in cells
    ]
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")


def test_only_the_test_cells_of_a_copy_count(tmp_path):
    path = tmp_path / "01_trial.ipynb"
    assert _visible.tests_of(path) == {}
    path.write_text("{", encoding="utf-8")
    assert _visible.tests_of(path) == {}
    write(path, STUB)
    assert _visible.tests_of(path) == {"test-double": "double"}
    write(path, "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION")
    assert _visible.tests_of(path) == {}


def run(client, source: str, cell: str) -> str:
    """Run a cell by its id, as JupyterLab does; return what it prints."""
    content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
    content |= {"user_expressions": {}, "stop_on_error": True}
    message = client.session.msg("execute_request", content, metadata={"cellId": cell})
    client.shell_channel.send(message)
    output = ""
    while True:
        answer = client.get_iopub_msg(timeout=300)
        if answer["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            output += answer["content"].get("text", "")
            if answer["content"].get("execution_state") == "idle":
                return output


def test_a_test_that_passes_says_so_once(tmp_path):
    write(tmp_path / "01_trial.ipynb", STUB)
    message = "double: passes its visible tests. Hidden tests come with the grade.\n"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with run_kernel(cwd=str(tmp_path), env=environment) as client:
        assert "profile quick" in run(client, START, "settings")
        run(client, STUB, "double")
        assert "passes" not in run(client, "assert double(2) == 4", "test-double")
        assert run(client, "def double(x):\n    return 2 * x", "double") == ""
        assert run(client, "assert double(2) == 4", "test-double") == message
        run(client, START, "settings")  # run again
        assert run(client, "assert double(2) == 4", "test-double") == message
        assert run(client, "assert double(2) == 4", "a-cell-of-ones-own") == ""
