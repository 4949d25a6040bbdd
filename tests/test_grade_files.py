"""Students' files as they come: what is read, what is refused; check and grade say the same."""

import copy
import json

import nbformat
import pytest
from grade_course import block, by_task, course_text, handed_in, job
from grade_sandboxed import in_sandbox
from nbformat.v4 import new_code_cell

from tools.learn import check
from tools.notebook import matching
from tools.notebook.cells import name_of, text_of
from tools.notebook.common import Notebook
from tools.notebook.tasks import describe
from tools.teach.grade.submission import examine

GIVEN = nbformat.reads(course_text(), as_version=4).cells


def at(cells, name):
    return next(n for n, cell in enumerate(cells) if name_of(cell) == name)


def split(cells, between):
    """Split a cell as JupyterLab does: both halves keep the metadata."""
    place = at(cells, "double")
    first, second = cells[place], copy.deepcopy(cells[place])
    first["source"], second["source"] = "def double(x):", "    return 2 * x"
    cells[place : place + 1] = [first, dict(new_code_cell(between)), second | {"id": "another"}]


def turn(cells, name, kind, source=None):
    cell = cells[at(cells, name)]
    cell["cell_type"], cell["source"] = kind, source or cell["source"]


def lose(cells, *names, ids=False):
    """Take nbgrader's metadata away, of all cells where none is named, and their ids."""
    for cell in cells:
        if not names or name_of(cell) in names:
            cell["metadata"].pop("nbgrader", None)
            if ids:
                cell.pop("id")


def rename(cells):
    """Make of a task what an earlier release called otherwise."""
    for name, new in (("double", "twice"), ("test_double", "test_twice")):
        cell = cells[at(cells, name)]
        cell["metadata"]["nbgrader"]["grade_id"], cell["id"] = new, new
        cell["source"] = text_of(cell).replace("double", "twice")


def by_colab(cells):
    for cell in cells:
        cell["metadata"] |= {"id": "x1", "colab": {"base_uri": "https://localhost:8080/"}}
        cell.pop("id")


def by_vs_code(cells):
    for cell in cells:
        cell["metadata"]["vscode"], cell["id"] = {"languageId": "python"}, cells[2]["id"]


def by_windows(cells):
    for cell in cells:
        cell["source"] = text_of(cell).replace("\n", "\r\n")


# What was done to the cells, the points for ``double``, and the cells of which something is said.
ALL = "double, test_double, centre, test_centre, a_why"
CASES = {
    "untouched": (lambda cells: None, 2, []),
    "split, with an empty cell between": (lambda cells: split(cells, " \n"), 2, ["double"]),
    "split, with a cell between": (lambda cells: split(cells, "1"), 0, ["double"]),
    "Markdown": (lambda cells: turn(cells, "double", "markdown"), 2, ["double"]),
    "question as code": (lambda cells: turn(cells, "a_why", "code"), 2, ["a_why"]),
    "metadata and id lost": (lambda cells: lose(cells, "double", ids=True), 2, ["double"]),
    "all metadata lost": (lose, 2, [ALL]),
    "all lost": (lambda cells: lose(cells, ids=True), 2, ["double, centre", "a_why", "a_why"]),
    "deleted": (lambda cells: cells.pop(at(cells, "double")), 0, ["double"]),
    "older release": (rename, 0, ["double", "test_double", "twice, test_twice"]),
    "test edited": (lambda c: turn(c, "test_double", "code", "assert True"), 2, ["test_double"]),
    "claims points": (lambda c: c[at(c, "double")]["metadata"]["nbgrader"].update(points=9), 2, []),
    "Colab": (by_colab, 2, []),
    "VS Code": (by_vs_code, 2, []),
    "Windows": (by_windows, 2, []),
}


@in_sandbox
@pytest.mark.filterwarnings("ignore:.*id")  # nbformat's, which check reads with
@pytest.mark.parametrize("name", CASES)
def test_what_can_be_graded_is_graded_and_check_says_the_same(name, tmp_path):
    change, points, names = CASES[name]
    file = json.loads(handed_in()) | {"metadata": {"widgets": [3], "kernelspec": {"name": "venv"}}}
    change(file["cells"])
    text = json.dumps(file, indent=1)
    content = (f"\ufeff{text}" if name == "Windows" else text).encode()
    outcome = examine(job(content))
    tasks = {task: (result["points"], result["of"]) for task, result in by_task(outcome).items()}
    assert tasks == {"double": (points, 2), "centre": (3, 3)} and not outcome["refused"]
    assert [note.partition(": ")[0] for note in outcome["notes"]] == names
    assert outcome["questions"][0]["review"] == (name != "all lost")

    path = tmp_path / "01_small.ipynb"
    path.write_bytes(content)
    notebook = Notebook(path)
    remarks = check.compare(notebook, describe(GIVEN), [])
    lines = remarks["mend"] + remarks["note"]
    assert {line for line in lines if not line.startswith("move ")} == set(outcome["notes"])
    results = check.outcomes(notebook, describe(GIVEN))
    passing = {r["task"] for r in results if not r["error"]}
    assert passing == {task for task, (earned, _) in tasks.items() if earned}


def test_cells_that_hold_anything_are_no_cells_of_ours():
    deep = json.loads("[" * 900 + "]" * 900)
    strange = [
        *(None, 3, [], {}, {"metadata": 3}, {"metadata": {"nbgrader": deep}}),
        {"metadata": block("double"), "source": {"a": 1}, "cell_type": deep, "id": deep},
        {"metadata": {"nbgrader": {"grade_id": deep}}, "source": [3], "id": {}},
        *({"metadata": block(f"{n} {'x' * 10_000}")} for n in range(1_000)),
    ]
    matched = matching.match([*strange, *json.loads(handed_in())["cells"]], describe(GIVEN))
    assert matched.unclear == {"double"}
    assert max(map(len, matched.lines())) < 1_000  # of very many foreign cells few are named


@in_sandbox
def test_an_answer_that_is_longer_than_any_code_is_not_run():
    outcome = examine(job(handed_in(double="#" * 300_000)))
    assert by_task(outcome)["double"]["verdict"] == "cells"


REFUSED = {
    "empty": b"  \n",
    "no JSON": b"PK\x03\x04",
    "deep JSON": b'{"cells": ' + b"[" * 200_000,
    "JSON that is no notebook": b"[1, 2]",
    "another notebook": b'{"cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]}',
    "cells of other types": b'{"cells": [1, null, {"metadata": 3}, {}]}',
    "very many cells": b'{"cells": [' + b"{}," * 3000 + b"{}]}",
    "very many lists": b'{"cells": [' + b"[]," * 1_000_001,
    "large": b" " * 26_000_000,
}


@in_sandbox
@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_no_submission_are_refused_with_a_reason(name):
    outcome = examine(job(REFUSED[name]))
    assert outcome["refused"]
    assert [(t["points"], t["verdict"]) for t in outcome["tasks"]] == [(0, "refused")] * 2
    assert [q["review"] for q in outcome["questions"]] == [False]


def test_work_has_another_key_when_anything_that_counts_changes():
    other = handed_in(double="def double(x): return 3")
    changes = [{"student": "bob"}, {"locked": {}}, {"problem": "a link"}]
    keys = {job().key, job(other).key, *(job(**change).key for change in changes)}
    assert len(keys) == 5 and job().key in keys
