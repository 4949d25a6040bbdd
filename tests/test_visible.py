"""A test cell that passes says so in the notebook of a student, and in no other."""

import json
import os
import queue

import pytest
from jupyter_client.manager import start_new_kernel

from tools.notebook.common import ROOT
from utils import _visible

NAME = "98_trial/01_trial"
GRADED = {"grade": True, "grade_id": "test_double", "locked": True, "points": 2, "solution": False}


def write(path, solution: str) -> None:
    """Write a notebook of a settings cell, a task and its test."""
    cells = [
        ("settings", f"import utils\ncourse = utils.start('{NAME}')", {}),
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
    write(path, "def double(x):\n    raise NotImplementedError()")
    assert _visible.tests_of(path) == {"test-double": "double"}
    write(path, "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION")
    assert _visible.tests_of(path) == {}


@pytest.fixture
def kernel(tmp_path):
    """A function that runs a cell by its id in a kernel of that folder, as JupyterLab does."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    manager, client = start_new_kernel(cwd=str(tmp_path), env=environment)

    def run(source: str, cell: str) -> str:
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        content |= {"user_expressions": {}, "stop_on_error": True}
        message = client.session.msg("execute_request", content, metadata={"cellId": cell})
        client.shell_channel.send(message)
        output = ""
        while True:
            try:
                answer = client.get_iopub_msg(timeout=300)
            except queue.Empty:
                pytest.fail(f"the kernel says nothing more; so far {output!r}")
            if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            output += answer["content"].get("text", "")
            if answer["content"].get("execution_state") == "idle":
                return output

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_test_that_passes_says_so_once(tmp_path, kernel):
    write(tmp_path / "01_trial.ipynb", "def double(x):\n    raise NotImplementedError()")
    start = f"import utils\ncourse = utils.start('{NAME}')"
    message = "double: passes its visible tests. Hidden tests come with the grade.\n"
    assert "profile quick" in kernel(start, "settings")
    kernel("def double(x):\n    raise NotImplementedError()", "double")
    assert "passes" not in kernel("assert double(2) == 4", "test-double")
    assert kernel("def double(x):\n    return 2 * x", "double") == ""
    assert kernel("assert double(2) == 4", "test-double") == message
    kernel(start, "settings")  # run again
    assert kernel("assert double(2) == 4", "test-double") == message
    assert kernel("assert double(2) == 4", "a-cell-of-ones-own") == ""
