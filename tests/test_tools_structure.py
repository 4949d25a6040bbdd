"""The structure check: each rule finds its fault, and the template has none."""

import json
import subprocess
import sys

import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_output

from tools.notebook import outputs
from tools.notebook.common import ROOT, Notebook
from tools.notebook.execute import clean
from tools.write.structure import check
from utils import results

# What a notebook lacks that was made from the template and did not run.
NOT_RUN = [
    "its cells were not run once from top to bottom; run `course.py run --update` on it",
    "its processor time is not known; run `course.py run --update` on it",
]


def faults(notebook, change):
    """Return what the structure check says after a change to the content."""
    change(notebook.content)
    notebook.path.write_text(json.dumps(notebook.content))  # as it is: nbformat would mend it
    return "\n".join(check(notebook))


def cell(content, name):
    return next(c for c in content.cells if c.id == name)


def graded(name, **values):
    return lambda content: cell(content, name).metadata.nbgrader.update(values)


def move_up(name):
    """Return a change that puts a cell right below the title."""

    def change(content):
        one = cell(content, name)
        content.cells.remove(one)
        content.cells.insert(1, one)

    return change


# A cell, what stands in it, what is put in its place, and the fault; "" is the cell's beginning.
TEXTS = [
    ("check-shape", "", "!ls\n", "shell and magic lines"),
    ("check-shape", "", 'open("/Users/me/x")\n', "an absolute path"),
    ("check-shape", "", 'get("https://some.where/x.zip")\n', "the network is reached"),
    ("check-shape", "", 'plt.imshow(x, cmap="hsv")\n', "not for the colour-blind"),
    ("powers-task", "(2 points)", "(3 points)", "the line '### Task: `powers` (2 points)'"),
    ("powers", "### END SOLUTION", "", "mark the solution"),
    ("powers", "def powers(", "def power(", "must define a function 'powers'"),
    ("test-powers", "### BEGIN HIDDEN TESTS", "", "it needs '### BEGIN HIDDEN"),
    ("test-powers", "### END HIDDEN TESTS", "### END HIDDEN TESTS\n1", "takes for points"),
    ("test-powers", "strict=True", "rtol=1e-6", "needs strict=True"),
    ("test-powers", "", "assert np.allclose(powers(x, 1), 1)\n", "np.allclose broadcasts"),
    ("test-powers", "", "assert powers(x, 1) is not None\n", "'is' differs"),
    ("test-powers", "", "print(1)\n", "a test cell stays silent"),
    ("test-powers", "", "np.random.seed(1)\n", "does not reach the function"),
    ("title", "# NOTEBOOK_TITLE", "Trial", "cell 1 must begin with '# Title'"),
    ("title", "| Paper |", "| Source |", "the table has the rows You build, You should"),
    ("recap", "", "word " * 3_000, "words of Markdown; at most 3,000"),
    ("check-shape", "", "a = 1\n" * 420, "lines of code beside tests; at most 420"),
    ("check-shape", "", "a = 1\n" * 25, "the cell has 26 lines; at most 25"),
    ("check-shape", "", "def f():\n" + "    a = 1\n" * 20, "f has 21 lines; at most 20"),
]
OTHERS = [
    (lambda c: c.update(nbformat_minor=4), "nbformat is 4.4"),
    (lambda c: c.cells[1].update(id="title"), "several cells have the id title"),
    (lambda c: c.metadata.course.pop("datasets"), "'course' lacks datasets"),
    (lambda c: c.metadata.course.update(id="01/07"), "says id '01/07'; the file is '98/01'"),
    (lambda c: c.metadata.course.update(networks=["leenet"]), "names leenet: no such data set"),
    (lambda c: c.metadata.course.update(processor_seconds=15.1), "takes 15.1 s of processor time"),
    (lambda c: c.cells.remove(cell(c, "fit-figure")), "there is no code cell 'fit-figure'"),
    (lambda c: c.cells.remove(cell(c, "test-powers")), "its test 'test_powers' must be the next"),
    (move_up("recap"), "'## Recap' is missing, or not in the order"),
    (graded("test-powers", points=9), "1 to 5 points, not 9"),
    (graded("test-powers", locked=False), "a test cell is locked"),
]
OUTPUTS = [
    (new_output("stream", text="a.py:3: UserWarning: something"), "holds a warning"),
    (new_output("stream", text="saved to /tmp/x.png"), "names a folder of this machine"),
    (new_output("error", ename="ValueError", evalue=""), "is an error (ValueError)"),
    (new_output("stream", text="x" * 1_010_000), "MB with outputs; at most 1 MB"),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), TEXTS)
def test_each_rule_of_texts_finds_its_fault(template, name, old, new, expected):
    one = cell(template.content, name)
    assert old in one.source
    one.source = one.source.replace(old, new, 1)
    assert expected in "\n".join(check(template))


@pytest.mark.parametrize(("change", "expected"), OTHERS)
def test_each_other_rule_finds_its_fault(template, change, expected):
    assert expected in faults(template, change)


@pytest.mark.parametrize(("output", "expected"), OUTPUTS)
def test_each_rule_of_outputs_finds_its_fault(template, output, expected):
    cell(template.content, "check-shape").outputs = [output]
    assert expected in faults(template, lambda content: None)


def test_the_template_lacks_nothing_but_a_run(template):
    assert check(template) == NOT_RUN


def test_what_is_allowed_is_no_fault(template):
    cell(template.content, "check-shape").source += "\nhsv = rgb_to_hsv(image)"
    cell(template.content, "test-powers").source += "\n" + "a = 1\n" * 500  # tests do not count
    assert check(template) == NOT_RUN


def test_ruff_refuses_in_a_notebook_what_utils_is_for():
    code = "import sys\n\nfrom data.synthetic import roads\n\nsys.path.append(roads)\n"
    words = ["check", "--config", "notebooks/ruff.toml", "--output-format", "concise", "-"]
    command = [sys.executable, "-m", "ruff", *words, "--stdin-filename", "notebooks/01_a/01_b.py"]
    done = subprocess.run(command, cwd=ROOT, input=code, capture_output=True, text=True)
    assert "import utils.data, utils.kit or utils.sets" in done.stdout
    assert "no path needs changing" in done.stdout


# ------------------------------------------------------------------ outputs that follow from others


def test_a_table_that_results_make_stale_is_found_and_written_again(
    template, tmp_path, monkeypatch
):
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    run = {"notebook": "98_trial/01_trial", "profile": "quick", "data": "sample", "metrics": []}
    shown = new_output("execute_result", {"text/plain": "old"}, metadata={"course": run})
    cell(template.content, "results-table").outputs = [shown]
    outputs.renew(template)
    notebook = Notebook(template.path)
    assert not list(outputs.stale(notebook)) and not outputs.renew(notebook)
    full = {"metrics": {"a": {"value": 1, "data": "real"}}, "datasets": {}, "tier": "real"}
    full |= {"seconds": 300, "peak_mb": 2000, "finished": "2026-11-20T1"}
    full |= {"commit": "abc", "code": ""}
    text = json.dumps({"notebooks": {"98_trial/01_trial": full}})
    (tmp_path / "full.json").write_text(text)
    assert "run `python course.py report`" in "\n".join(check(notebook))
    assert outputs.renew(notebook)
    again = Notebook(notebook.path)
    assert not list(outputs.stale(again)) and not outputs.renew(again)
    (table,) = outputs.tables(again.content)
    assert "full run of 2026-11-20 on real data, commit abc" in table.data["text/html"]
    assert table.metadata["course"] == run


# ------------------------------------------------------------------ figures, and what a run leaves


def test_a_figure_has_an_alt_text_which_its_output_carries_too(template):
    figure = cell(template.content, "fit-figure")
    figure.outputs = [new_output("display_data", data={"image/png": "AAAA"})]
    figure.metadata.mystnb.image.alt = "a fit"
    assert "describe its figure" in "\n".join(check(template))
    figure.metadata.mystnb.image.alt = 'A "line" & <dots> that rises from left to right.'
    assert "carries another text than mystnb.image.alt" in "\n".join(check(template))
    clean(template.content)  # as a run does
    assert "mystnb.image.alt" not in "\n".join(check(template))
    template.content.cells = [figure]
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(template.content)
    assert 'alt=\'A "line" &amp; &lt;dots&gt; that rises' in page


# ------------------------------------------------------------------ tasks with a harness


def with_harness(content):
    """Make a class with a harness of the template's first task."""
    solution, test = cell(content, "powers"), cell(content, "test-powers")
    solution.source = "class Powers:\n    ### BEGIN SOLUTION\n    size = 1\n    ### END SOLUTION"
    test.source = test.source.replace("powers(", "columns(")
    graded = dict(test.metadata.nbgrader) | {"grade": False, "grade_id": "harness_powers"}
    del graded["points"]
    source = "def columns(x, degree):\n    return Powers(degree)(x)"
    metadata = {"tags": ["harness"], "nbgrader": graded}
    harness = new_code_cell(source, metadata=metadata, id="harness")
    content.cells.insert(content.cells.index(test), harness)


HARNESS = [
    (graded("harness", locked=False), "is locked and has the grade_id 'harness_powers'"),
    (graded("harness", grade_id="harness_power"), "has the grade_id 'harness_powers'"),
    (move_up("harness"), "stands directly after a solution cell"),
    (lambda c: cell(c, "harness").update(source="assert 1"), "assert in the test"),
]


@pytest.mark.parametrize(("change", "expected"), HARNESS)
def test_each_rule_about_a_harness_finds_its_fault(template, change, expected):
    assert faults(template, with_harness).splitlines() == NOT_RUN
    assert expected in faults(template, change)
