"""Figures to touch: one source for the book and for a running notebook."""

import json

import nbformat
import pytest

from tools.notebook.common import all_notebooks
from tools.notebook.execute import keep_numbers
from utils import touch

NUMBERS = {"quantity": "a </script> b", "same": {"numbers": "1 2"}}


def test_every_kind_is_a_script_and_every_script_a_kind():
    others = {"kit", "start", "lab"}
    assert {path.stem for path in touch.FOLDER.glob("*.js")} - others == set(touch.TRY)


def test_a_notebook_keeps_the_numbers_alone():
    data = {touch.mime("thresholds"): NUMBERS, "text/html": touch.frame("thresholds", NUMBERS)}
    table = nbformat.v4.new_output("display_data", data={"text/html": "<table>"})
    cell = nbformat.v4.new_code_cell(
        "x", outputs=[nbformat.v4.new_output("display_data", data=data), table]
    )
    keep_numbers(cell)
    assert cell.outputs[0].data == {touch.mime("thresholds"): NUMBERS}
    assert cell.outputs[1].data == {"text/html": "<table>"}


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_what_notebooks_hand_over_is_drawn_and_small(notebook):
    for cell in notebook.raw["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if found := touch.numbers_in(data):
                assert found[0] in touch.TRY and list(data) == [touch.mime(found[0])]
                assert len(json.dumps(found[1])) < 100_000
