"""Students' files as they come: what editors do to cells, graded and told alike by check."""

import copy
import functools
import json

import nbformat
import pytest
from grade_course import block, by_task, course_text, handed_in, job
from nbformat.v4 import new_code_cell

from tools.learn import check
from tools.notebook import matching
from tools.notebook.cells import name_of, text_of
from tools.notebook.common import Notebook
from tools.notebook.tasks import describe
from tools.teach.grade import submission
from tools.teach.grade.submission import examine

GIVEN = nbformat.reads(course_text(), as_version=4).cells


def plain(cell):
    return json.loads(json.dumps(cell))


def at(cells, name):
    return next(n for n, cell in enumerate(cells) if name_of(cell) == name)


def split(cells, between=(), sources=("def double(x):", "    return 2 * x")):
    """Split a cell as JupyterLab does: both halves keep the metadata."""
    place = at(cells, "double")
    first, second = cells[place], copy.deepcopy(cells[place]) | {"id": "another"}
    first["source"], second["source"] = sources
    cells[place : place + 1] = [first, *between, second]


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


def add_task(cells):
    cells.append(plain(new_code_cell("def third(): ...", metadata=block("third", solution=True))))


LINES = {
    "split": "double: " + matching.SPLIT.format(2),
    "copied": "double: " + matching.COPIED.format(2),
    "Markdown": "double: " + matching.TURNED.format("a Markdown cell", "a code cell"),
    "code": "a_why: " + matching.TURNED.format("a code cell", "a Markdown cell"),
    "missing": "double: " + matching.MISSING,
    "id": "double: " + matching.LOST.format("its id"),
    "name": "double: " + matching.LOST.format("the name that it defines"),
    "all": "double, test_double, centre, test_centre, a_why: " + matching.LOST.format("its id"),
    "names": "double, centre: " + matching.LOST.format("the name that it defines"),
    "question": "a_why: " + matching.MISSING,
    "test": f"test_double: the cell is missing. {matching.LOCKED}",
    "edited": f"test_double: {matching.EDITED}",
    "renamed": f"twice, test_twice: {matching.FOREIGN}",
    "extra": f"third: {matching.FOREIGN}",
}
BLANK, BOTH = plain(new_code_cell(" \n")), "def double(x):\n    return 2 * x"
NO_CODE = "def double(x):\n    return twice x"
# What was done to the cells, the points for ``double``, and the keys of what is said.
CASES = {
    "untouched": (lambda cells: None, 2, []),
    "split": (split, 2, ["split"]),
    "split, with an empty cell between": (lambda c: split(c, [BLANK]), 2, ["split"]),
    "split, one half empty": (lambda c: split(c, sources=(BOTH, "")), 2, ["split"]),
    "split, with a cell between": (lambda c: split(c, [plain(new_code_cell("1"))]), 0, ["copied"]),
    "copied": (lambda c: split(c, sources=(BOTH, BOTH)), 0, ["copied"]),
    "Markdown": (lambda c: turn(c, "double", "markdown"), 2, ["Markdown"]),
    "Markdown, no code": (lambda c: turn(c, "double", "markdown", NO_CODE), 0, ["Markdown"]),
    "question as code": (lambda c: turn(c, "a_why", "code"), 2, ["code"]),
    "metadata lost": (lambda c: lose(c, "double"), 2, ["id"]),
    "metadata and id lost": (lambda c: lose(c, "double", ids=True), 2, ["name"]),
    "all metadata lost": (lose, 2, ["all"]),
    "all metadata and ids lost": (lambda c: lose(c, ids=True), 2, ["names", "question"]),
    "deleted": (lambda c: c.pop(at(c, "double")), 0, ["missing"]),
    "renamed task": (rename, 0, ["missing", "test", "renamed"]),
    "extra task": (add_task, 2, ["extra"]),
    "test deleted": (lambda c: c.pop(at(c, "test_double")), 2, ["test"]),
    "test edited": (lambda c: turn(c, "test_double", "code", "assert True"), 2, ["edited"]),
    "claims points": (lambda c: c[at(c, "double")]["metadata"]["nbgrader"].update(points=9), 2, []),
}


def content(change):
    """Return the JSON of the course's notebook, solved, after a change of its cells."""
    notebook = json.loads(handed_in())
    change(notebook["cells"])
    return notebook


@functools.cache
def graded(name):
    """Return the outcome of a case; without a sandbox, which has nothing to do with cells."""
    return examine(job(json.dumps(content(CASES[name][0])).encode(), unsafe=True))


@pytest.mark.parametrize("name", CASES)
def test_what_can_be_graded_is_graded_and_the_rest_is_named(name):
    _, points, keys = CASES[name]
    outcome = graded(name)
    tasks = by_task(outcome)
    assert not outcome["refused"]
    assert (tasks["double"]["points"], tasks["centre"]["points"]) == (points, 3), tasks
    assert outcome["notes"] == [LINES[key] for key in keys]
    assert outcome["questions"][0]["review"] == ("question" not in keys)
    if keys[:1] in (["copied"], ["missing"]):
        double = tasks["double"]
        assert (double["verdict"], f"double: {double['reason']}") == ("cells", LINES[keys[0]])


@pytest.mark.parametrize("name", CASES)
def test_check_says_the_same_of_the_same_cell(name, monkeypatch, tmp_path):
    monkeypatch.setattr(check, "released", lambda _: describe(GIVEN))
    path = tmp_path / "01_small.ipynb"
    path.write_text(json.dumps(content(CASES[name][0])), encoding="utf-8")
    notebook = Notebook(path)
    said = [*check.cells_amiss(notebook), *check.notes(notebook)]
    assert set(graded(name)["notes"]) == {line for line in said if not line.startswith("move ")}
    passing = {r["task"]: not r["error"] for r in check.outcomes(notebook)}
    points = {task["task"]: task["points"] for task in graded(name)["tasks"]}
    if name.startswith("test "):  # check has no other test than the student's
        points.pop("double"), passing.pop("double", None)
    assert passing == {task: bool(earned) for task, earned in points.items()}


# ------------------------------------------------------------------ the whole file


def widgets(notebook):
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": [3, None]}


def by_colab(notebook):
    notebook["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU"}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"id": "x1", "colab": {"base_uri": "https://localhost:8080/"}}
        cell.pop("id")


def by_vs_code(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "venv", "display_name": ".venv (Python 3.12.1)"}
    for cell in notebook["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}


def same_ids(notebook):
    for cell in notebook["cells"]:
        cell["id"] = notebook["cells"][2]["id"]


def by_windows(notebook):
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell).replace("\n", "\r\n")


@pytest.mark.parametrize("change", [widgets, by_colab, by_vs_code, same_ids, by_windows, None])
def test_what_editors_add_to_a_file_is_of_no_matter(change, monkeypatch, tmp_path):
    notebook = json.loads(handed_in())
    text = (change or (lambda _: None))(notebook) or json.dumps(notebook, indent=1)
    raw = text.encode() if change else b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    outcome = examine(job(raw, unsafe=True))
    assert [task["points"] for task in outcome["tasks"]] == [2, 3], outcome
    assert outcome["notes"] == [] and outcome["questions"][0]["review"]
    path = tmp_path / "01_small.ipynb"
    path.write_bytes(raw)
    monkeypatch.setattr(check, "released", lambda _: describe(GIVEN))
    assert check.cells_amiss(Notebook(path)) == []
    assert check.check_notebook(Notebook(path)) == 0 and Notebook(path).raw["cells"]


def test_cells_that_hold_anything_are_no_cells_of_ours():
    notebook = json.loads(handed_in())
    deep = json.loads("[" * 900 + "]" * 900)
    odd = [
        *(None, 3, [], {}, {"metadata": 3}, {"metadata": {"nbgrader": deep}}),
        {"metadata": block("double"), "source": {"a": 1}, "cell_type": deep, "id": deep},
        {"metadata": {"nbgrader": {"grade_id": deep}}, "source": [3], "id": {}},
    ]
    notebook["cells"] = [*odd, *notebook["cells"]]
    matched = matching.match(notebook["cells"], describe(GIVEN))
    assert matched.unclear == {"double"}
    assert matching.own_cells(matched.cells, describe(GIVEN)) == []


def test_of_very_many_foreign_cells_few_are_named_and_in_short():
    cells = [{"metadata": block(f"{n} {'x' * 10_000}")} for n in range(1_000)]
    (line,) = matching.match([*cells, *GIVEN], describe(GIVEN)).lines()
    assert matching.FOREIGN in line and len(line) < 1_000


def test_an_answer_that_is_longer_than_any_code_is_not_run():
    outcome = examine(job(handed_in(double="#" * 300_000), unsafe=True))
    assert "longer than 200,000 characters" in by_task(outcome)["double"]["reason"]


@pytest.mark.parametrize("answer", ["", "  \n", "YOUR ANSWER HERE", "Because."])
def test_open_question_needs_review_if_there_is_an_answer(answer):
    cells = json.loads(handed_in(a_why=answer))["cells"]
    question = submission.question_of(GIVEN[-1], cells)
    assert (question["review"], question["of"]) == (answer == "Because.", 4)
