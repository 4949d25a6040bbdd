"""A notebook, check and grade judge alike; what a hidden test asks stays with the grader."""

import copy
import json
import os
from dataclasses import replace
from pathlib import Path

import grade_agree as agree
import nbformat
import pytest
from grade_course import QUICK, block, by_task, course, handed_in, job
from nbformat.v4 import new_code_cell, new_notebook

from tools.notebook import apart, names, tasks
from tools.notebook.common import Notebook
from tools.notebook.shell import Shell
from tools.teach.grade import run_tasks, sandbox, submission
from tools.teach.grade.submission import Job, examine

WHY_NOT = sandbox.why_not()
sandboxed = pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}")
if os.environ.get("CI") and WHY_NOT:
    pytest.fail(f"the tests of the sandbox must run in CI: {WHY_NOT}", pytrace=False)

# Tests that meet what differs between processes: arguments used again, errstate, kinds of errors.
SHARE = '''def share(counts):
    """Return the parts of a whole, float64; ValueError for none."""
    ### BEGIN SOLUTION
    if not len(counts):
        raise ValueError("no counts")
    total = np.sum(counts)
    return counts / total if total else np.zeros(len(counts))
    ### END SOLUTION'''
SHARE_TEST = """counts = np.array([1.0, 3.0])
np.testing.assert_allclose(share(counts), [0.25, 0.75], strict=True)
np.testing.assert_allclose(share(counts).sum(), 1.0)
### BEGIN HIDDEN TESTS
with np.errstate(all="raise"):
    np.testing.assert_array_equal(share(np.zeros(2)), np.zeros(2), strict=True)
try:
    share(np.zeros(0))
except ValueError:
    pass
else:
    raise AssertionError("no counts must raise ValueError")
### END HIDDEN TESTS"""
FACTORS = '''def factors(n, known):
    """Return the prime factors of n and their sum, with the primes that are known."""
    ### BEGIN SOLUTION
    found = [p for p in known if n % p == 0]
    return found, sum(found)
    ### END SOLUTION'''
FACTORS_TEST = """known = [2, 3, 5]
assert factors(6, known) == ([2, 3], 5)
found, total = factors(10, known)
assert sorted(found) == [2, 5] and total == 7
### BEGIN HIDDEN TESTS
assert factors(7, known) == ([], 0)
### END HIDDEN TESTS"""


def lesson(**sources):
    """Return a notebook of two tasks whose tests are hard to hold across processes."""
    parts = (("share", SHARE, SHARE_TEST), ("factors", FACTORS, FACTORS_TEST))
    cells = [new_code_cell("import numpy as np", metadata={"tags": ["imports"]})]
    for name, solution, test in parts:
        cells.append(
            new_code_cell(sources.get(name, solution), metadata=block(name, solution=True))
        )
        cells.append(new_code_cell(test, metadata=block(f"test_{name}", grade=True, points=2)))
    return new_notebook(cells=cells)


AGREED = {
    ("share", "+++"): ["right", "array subclass", "sets NumPy's errors", "own error",
                       "future and no name", "%%time", "%matplotlib", "pickled class"],
    ("share", "---"): ["masked array", "big-endian", "zeroes arguments after", "divides by zero",
                       "annotations of no name", "off by 1e-3"],
    ("factors", "+++"): ["named tuple", "display"],
    ("factors", "---"): ["zeroes arguments after", "adds to lists after", "generator"],
    ("factors", "+--"): ["equal to all"],
}  # fmt: skip
EXPECTED = [(task, change, signs) for (task, signs), all_ in AGREED.items() for change in all_]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agree") / "01_small"
    folder.mkdir()
    ends = {"share": "import os\nos._exit(3)", "factors": FACTORS}
    for name, sources in (("01_small", {}), ("02_ends", ends)):
        nbformat.write(lesson(**sources), folder / f"{name}.ipynb")
    notebooks = [Notebook(path) for path in sorted(folder.glob("*"))]
    with pytest.MonkeyPatch.context() as patch:  # processes of their own import ``grade_agree``
        places = (str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, places)))
        answers, lost = agree.in_processes(notebooks)
    assert lost == [f"01_small/02_ends: its changed answers {apart.DIED}"]
    return answers


def test_all_three_agree_on_a_course_in_small(found):
    assert agree.differences(found) == []
    assert len({change for _, _, change in found}) > 60


@pytest.mark.parametrize(("task", "change", "signs"), EXPECTED)
def test_what_passes_is_what_should(found, task, change, signs):
    errors = found["01_small/01_small", task, change]
    assert agree.signs(errors) == signs, errors


def test_a_difference_that_nobody_planned_is_told():
    where = ("u/n", "t")
    known = {(*where, "%%time"): ["", "SyntaxError: x", ""], (*where, "matrix"): ["E: y", "", ""]}
    told = agree.differences(known | {(*where, "series"): ["", "", "E: z"]})
    assert told == [
        "u/n, t, %%time: notebook: passes; check: SyntaxError: x; grade: passes",
        "u/n, t, series: notebook: passes; check: passes; grade: E: z",
    ]


# ------------------------------------------------------------------ cells


def test_a_cell_leaves_its_futures_and_nothing_of_this_file_to_the_next():
    shell = Shell()
    shell.run("def f(x: int): ...", "<a>")
    assert shell.space["f"].__annotations__ == {"x": int}
    shell.run("from __future__ import annotations", "<b>")
    shell.run("def f(x: nowhere): ...", "<c>")
    assert shell.space["f"].__annotations__ == {"x": "nowhere"}


@pytest.mark.parametrize(
    ("source", "line"), [("%%time\nx = (", None), ("x = 1\ny = (2,,)", 2), ("!true\nx = )", None)]
)
def test_a_cell_that_is_wrong_in_a_notebook_too_is_an_error(source, line):
    with pytest.raises(SyntaxError) as caught:
        Shell().run(source, "<cell>")
    assert line is None or (caught.value.filename, caught.value.lineno) == ("<cell>", line)


def test_a_cell_with_a_magic_keeps_the_imports_that_it_names():
    before = (
        "import numpy as np\nimport keras\nfrom math import tau\nfrom __future__ import annotations"
    )
    kept = names.needed_imports(before, "%%time\ndef f():\n    return np.pi")
    assert kept == "from __future__ import annotations\nimport numpy as np"
    assert "keras" in names.needed_imports(before, "def f():\n    return eval('keras.Layer')")


def test_check_says_who_changes_an_argument_and_what_is_no_answer():
    task = tasks.tasks_among(lesson().cells, "u/n")[0]
    told = []
    spoils = task.solution.replace("total = np", "counts[:] = 0\n    total = np")
    assert tasks.outcome(task, spoils, task.visible, told=told).startswith("AssertionError")
    assert "share changes its arguments in place: work on copies" in told
    later = task.solution.replace(
        "return counts / total", "counts[:] = counts / total\n    return +counts"
    )
    told = []
    once = task.visible.partition("np.testing.assert_allclose(share(counts).sum")[0]
    assert tasks.outcome(task, later, once, told=told) == ""
    assert told == ["share changes its arguments in place: work on copies"]
    error = tasks.outcome(task, "def share(counts):\n    return object()", task.visible)
    assert error == (
        "NotPlain: the answer must be a plain value or a NumPy array: "
        "builtins.object is no plain value"
    )


# ------------------------------------------------------------------ in the sandbox


def graded(**sources):
    """Grade a submission of the lesson by its sources."""
    text = nbformat.writes(lesson(**sources)).encode()
    work = Job("ada", "u", "n", text, nbformat.writes(lesson()), limits=QUICK)
    return by_task(examine(work))


@sandboxed
def test_the_sandbox_says_the_same():
    shares = {
        becomes: SHARE + agree.WALK.format(name="share", becomes=becomes, where=agree.ARRAY)
        for becomes in (agree.ANSWERS["array subclass"][0], agree.ANSWERS["series"][0])
    }
    mine, series = shares.values()
    spoils = FACTORS.replace("return", "known.clear()\n    return")
    found = graded(share="%%time\n" + mine, factors=spoils)
    assert found["share"]["points"] == 2, found["share"]
    assert found["factors"]["points"] == 0
    assert "factors changes its arguments in place: work on copies" in found["factors"]["reason"]
    no_array = graded(share=series)["share"]
    assert no_array["points"] == 0
    assert "Series is no array; return what np.array makes of it" in no_array["reason"]


KEEPS = {
    "in a module": ("import sys\nsys.kept = []\n", "sys.kept.append({x})", "sys.kept"),
    "in a file": (
        "import pathlib\nkept = pathlib.Path('/tmp/kept')\nkept.touch()\n",
        "kept.write_text(kept.read_text() + repr({x}))",
        "kept.read_text()",
    ),
}


@sandboxed
@pytest.mark.parametrize("name", KEEPS)
@pytest.mark.parametrize("has_hidden", [True, False], ids=["hidden", "all visible"])
def test_what_a_hidden_test_asks_is_told_nobody(name, has_hidden, monkeypatch):
    first, keep, read = KEEPS[name]
    double = f"{first}def double(x):\n    {keep.format(x='x')}\n    return 2 * x"
    later = first.replace("sys.kept = []", "").replace("kept.touch()", "")
    centre = f"{later}def centre(a):\n    if '-2.5' in str({read}):\n"
    centre += f"        raise LookupError(str({read}))\n    return a - a.mean(axis=0)"
    known = course()
    if not has_hidden:  # then all of it runs again once the first task's hidden test has run
        known.cells[5].source = tasks.without_hidden(known.cells[5].source)
    work = job(handed_in(double=double, centre=centre))
    work = replace(work, course=nbformat.writes(known))
    # In a fresh sandbox, there is nothing to tell; here, the second task meets what was kept.
    monkeypatch.setattr(run_tasks, "AGAIN", set())
    found = by_task(examine(work))
    assert found["double"]["points"] == 2
    assert found["centre"]["verdict"] == "fail" and "-2.5" in found["centre"]["detail"]
    assert found["centre"]["reason"] == (run_tasks.FAILS if has_hidden else run_tasks.FAILS_AGAIN)


# ------------------------------------------------------------------ an earlier release


def released(change=None):
    """Return the small course as nbgrader gives it, after a change to its cells."""
    from nbgrader.utils import compute_checksum

    content = copy.deepcopy(course())
    for cell in content.cells:
        if change:
            cell.source = change(cell.source)
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.checksum = compute_checksum(cell)
    return json.loads(nbformat.writes(content))


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda cell: None, []),
        (lambda cell: cell.update(source=cell["source"] + "\n\n"), []),
        (lambda cell: cell.update(source="assert True"), ["edited: test_double"]),
        (lambda cell: cell["metadata"]["nbgrader"].pop("checksum"), ["edited: test_double"]),
        (lambda cell: cell["metadata"]["nbgrader"].update(points="x"), ["edited: test_double"]),
        (lambda cell: cell["metadata"]["nbgrader"].update(points=10**400), ["edited: test_double"]),
    ],
    ids=["untouched", "line ends", "edited", "no checksum", "odd metadata", "more than a float"],
)
def test_a_locked_cell_of_an_earlier_release_is_not_an_edited_one(edit, told, monkeypatch):
    monkeypatch.setattr(submission, "run", lambda tasks, limits, unsafe: None)
    before = released(lambda source: source.replace("double(3) == 6", "double(4) == 8"))
    cell = next(c for c in before["cells"] if "double(4)" in str(c["source"]))
    cell["source"] = "".join(cell["source"])
    edit(cell)
    outcome = examine(job(json.dumps(before).encode(), unsafe=True))
    assert [part in note for part, note in zip(told, outcome["notes"], strict=True)] == [
        True
    ] * len(told)
