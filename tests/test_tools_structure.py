"""The structure check: each rule finds its fault, and the template has none."""

import json

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools.notebook import outputs
from tools.notebook.common import Notebook
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


def edit(name, old, new):
    def change(content):
        one = cell(content, name)
        assert old in one.source
        one.source = one.source.replace(old, new)

    return change


def add(name, text):
    """Return a change that puts a text before that of a cell."""

    def change(content):
        cell(content, name).source = text + cell(content, name).source

    return change


def drop(name):
    return lambda content: content.cells.remove(cell(content, name))


def move_up(name):
    """Return a change that puts a cell right below the title."""

    def change(content):
        one = cell(content, name)
        content.cells.remove(one)
        content.cells.insert(1, one)

    return change


def more(make, source, number):
    """Return a change that adds a number of cells at the end."""
    return lambda content: content.cells.extend(make(source) for _ in range(number))


def course(**values):
    return lambda content: content.metadata.course.update(values)


def grading(name, **values):
    return lambda content: cell(content, name).metadata.nbgrader.update(values)


def output(kind="stream", **parts):
    def change(content):
        cell(content, "check-shape").outputs = [new_output(kind, **parts)]

    return change


FORMAT = [
    (lambda content: content.update(nbformat_minor=4), "nbformat is 4.4"),
    (lambda content: content.metadata.kernelspec.update(name="julia"), "kernel is not python3"),
    (lambda content: content.cells[1].update(id="title"), "several cells have the id title"),
    (lambda content: content.metadata.course.pop("datasets"), "'course' lacks datasets"),
    (course(id="01/07"), "says id '01/07'; the file is '98/01'"),
    (course(networks=["leenet"]), "names leenet: no such data set or network"),
    (drop("fit-figure"), "there is no code cell 'fit-figure', its picture"),
]
CODE_AND_OUTPUTS = [
    (add("check-shape", "!ls\n"), "shell and magic lines"),
    (add("check-shape", 'open("/Users/me/x")\n'), "an absolute path"),
    (add("check-shape", 'get("https://some.where/x.zip")\n'), "the network is reached"),
    (add("check-shape", "warnings.filterwarnings('ignore')\n"), "mend their cause"),
    (add("check-shape", 'plt.imshow(x, cmap="hsv")\n'), "not for the colour-blind"),
    (add("check-shape", 'ResNet50(weights="imagenet")\n'), "utils.weights"),
    (add("check-shape", "from data.synthetic import roads\n"), "import utils.data"),
    (output(text="a.py:3: UserWarning: something"), "holds a warning"),
    (output(text="saved to /tmp/x.png"), "names a folder of this machine"),
    (output("error", ename="ValueError", evalue=""), "is an error (ValueError)"),
    (output(text="x" * 1_010_000), "(the largest output is that of cell 14 (check-shape))"),
]
GRADED = [
    (edit("powers-task", "(2 points)", "(3 points)"), "the line '### Task: `powers` (2 points)'"),
    (grading("test-powers", points=9), "1 to 5 points, not 9"),
    (grading("test-powers", locked=False), "a test cell is locked"),
    (grading("powers", locked=True), "neither locked nor graded"),
    (drop("test-powers"), "its test 'test_powers' must be the next cell"),
    (edit("powers", "### END SOLUTION", ""), "mark the solution"),
    (edit("powers", "def powers(", "def power("), "must define a function 'powers'"),
    (edit("test-powers", "### BEGIN HIDDEN TESTS", ""), "it needs '### BEGIN HIDDEN"),
    (edit("test-powers", "### END HIDDEN TESTS", "### END HIDDEN TESTS\n1"), "takes for points"),
    (edit("test-powers", "strict=True", "rtol=1e-6"), "needs strict=True"),
    (add("test-powers", "assert np.allclose(powers(x, 1), 1)\n"), "np.allclose broadcasts"),
    (add("test-powers", "assert (powers(x, 1) == 1).all()\n"), "true for an empty answer"),
    (add("test-powers", "assert powers(x, 1) is not None\n"), "'is' differs"),
    (add("test-powers", "f = lambda: 1\n"), "a function can't pass"),
    (add("test-powers", "print(1)\n"), "a test cell stays silent"),
    (add("test-powers", "np.random.seed(1)\n"), "does not reach the function"),
]
NEW_FORM = [
    (edit("title", "# NOTEBOOK_TITLE", "Trial"), "cell 1 must begin with '# Title'"),
    (edit("title", "| Paper |", "| Source |"), "the table has the rows You build, You should"),
    (drop("imports"), "the first code cell carries the tag 'imports'"),
    (add("settings", "a = 1\n" * 4), "at most 8 lines of settings"),
    (edit("recap", "## Recap", "## Summary"), "the section '## Recap' is missing"),
    (move_up("recap"), "the section '## Recap' is missing or not in its place"),
    (add("check-shape", "report.check(1)\n" * 4), "7 claims with report.check; write 3 to 6"),
    (edit("experiment-claims", "report.check(", "print("), "0 claims with report.check"),
    (edit("results-table", "report.table()", "1"), "no cell shows report.table()"),
    (more(new_markdown_cell, "word " * 500, 6), "words of Markdown; at most 3,000"),
    (more(new_code_cell, "a = 1\n" * 25, 17), "lines of code beside tests; at most 420"),
    (more(new_markdown_cell, "word", 40), "cells; at most 65"),
    (add("check-shape", "a = 1\n" * 25), "the cell has 26 lines; at most 25"),
    (add("check-shape", "def f():\n" + "    a = 1\n" * 20), "f has 21 lines; at most 20"),
    (add("check-shape", f"text = '{'x' * 72}'\n"), "a line of 81 characters; at most 79"),
    (course(processor_seconds=15.1), "it takes 15.1 s of processor time; at most 15 s"),
]


@pytest.mark.parametrize(("change", "expected"), FORMAT + CODE_AND_OUTPUTS + GRADED + NEW_FORM)
def test_each_rule_finds_its_fault(template, change, expected):
    assert expected in faults(template, change)


def test_the_template_lacks_nothing_but_a_run(template):
    assert check(template) == NOT_RUN


def test_a_lesson_without_its_facts_is_found(template, monkeypatch):
    monkeypatch.setattr(type(template), "lesson", property(lambda self: {"hours": 1, "term": []}))
    assert "lesson.toml lacks picture, week" in "\n".join(check(template))


LAWFUL = [
    add("check-shape", "hsv = rgb_to_hsv(image)  # hue, saturation, value\n"),
    add("test-powers", "a = 1\n" * 500),  # of tests neither lines nor cells are counted
    add("check-shape", "\n" * 500),
    add("check-shape", f"# https://example.org/{'x' * 70}\n"),
    add("powers-task", "## A section of its own\n\n"),
    course(processor_seconds=15.0),
]


@pytest.mark.parametrize("change", LAWFUL)
def test_what_is_allowed_is_no_fault(template, change):
    assert set(faults(template, change).splitlines()) <= set(NOT_RUN)


# ------------------------------------------------------------------ outputs that follow from others


RAN = {"notebook": "98_trial/01_trial", "profile": "quick", "data": "sample", "metrics": []}


@pytest.fixture
def told(template, tmp_path, monkeypatch):
    """Return a notebook that shows a table, and a writer of results/."""
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    metadata = {"course": RAN}
    shown = nbformat.v4.new_output("execute_result", {"text/plain": "old"}, metadata=metadata)
    cell(template.content, "results-table").outputs = [shown]
    outputs.renew(template)

    def accept(**result):
        run = {"metrics": {}, "datasets": {}, "tier": "real", "finished": "2026-11-20T1"} | result
        kept = {"notebooks": {"98_trial/01_trial": run | {"commit": "abc", "code": ""}}}
        (tmp_path / "full.json").write_text(json.dumps(kept))

    return Notebook(template.path), accept


def test_a_table_that_results_make_stale_is_found_and_written_again(told):
    notebook, accept = told
    assert not list(outputs.stale(notebook)) and not outputs.renew(notebook)
    accept(seconds=300, peak_mb=2000, metrics={"a": {"value": 1, "data": "real"}})
    assert "run `python course.py report`" in "\n".join(check(notebook))
    assert outputs.renew(notebook)
    again = Notebook(notebook.path)
    assert not list(outputs.stale(again)) and not outputs.renew(again)
    (table,) = outputs.tables(again.content)
    assert "full run of 2026-11-20 on real data, commit abc" in table.data["text/html"]
    assert table.metadata["course"] == RAN


# ------------------------------------------------------------------ figures, and what a run leaves


def drawn(alt):
    """Return a change that gives the template's figure a picture and this alt text."""

    def draw(content):
        one = cell(content, "fit-figure")
        one.outputs = [new_output("display_data", data={"image/png": "AAAA"})]
        one.metadata.mystnb.image.alt = alt

    return draw


def test_figure_without_alt_text_is_found(template):
    assert "describe its figure" in faults(template, drawn("a fit"))


def test_alt_text_goes_along_in_the_output_where_nbconvert_reads_it(template):
    draw = drawn('A "line" & <dots> that rises from left to right.')
    assert "carries another text than mystnb.image.alt" in faults(template, draw)
    one = cell(template.content, "fit-figure")
    clean(template.content)
    assert one.outputs[0].metadata["image/png"]["alt"] == one.metadata.mystnb.image.alt
    assert "mystnb.image.alt" not in faults(template, lambda content: None)
    template.content.cells = [one]
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(template.content)
    assert 'alt=\'A "line" &amp; &lt;dots&gt; that rises' in page


# ------------------------------------------------------------------ tasks with a harness


HARNESS = '''def columns(x: np.ndarray, degree: int) -> np.ndarray:
    """Return the powers 0..degree of x, float64, as columns."""
    return Powers(degree)(x)'''


def with_harness(content):
    """Make a class with a harness of the template's first task."""
    solution, test = cell(content, "powers"), cell(content, "test-powers")
    solution.source = """class Powers:
    \"\"\"Powers of x, float64 (n,), as columns, float64 (n, degree + 1).\"\"\"

    def __init__(self, degree: int):
        self.degree = degree

    def __call__(self, x: np.ndarray) -> np.ndarray:
        ### BEGIN SOLUTION
        return x[:, None] ** np.arange(self.degree + 1.0)
        ### END SOLUTION"""
    test.source = test.source.replace("powers(", "columns(")
    graded = dict(test.metadata.nbgrader) | {"grade": False, "grade_id": "harness_powers"}
    del graded["points"]
    metadata = {"tags": ["harness"], "nbgrader": graded}
    harness = nbformat.v4.new_code_cell(HARNESS, metadata=metadata, id="harness")
    content.cells.insert(content.cells.index(test), harness)


HARNESS_CASES = [
    (grading("harness", locked=False), "is locked and has the grade_id 'harness_powers'"),
    (grading("harness", grade_id="harness_power"), "has the grade_id 'harness_powers'"),
    (move_up("harness"), "stands directly after a solution cell"),
    (edit("harness", "degree: int", "degree"), "columns: annotate arguments and result"),
    (edit("harness", "-> np.ndarray", "-> Powers"), "columns: annotate arguments and result"),
    (edit("harness", "    return", "    assert degree > 0\n    return"), "assert in the test"),
    (edit("test-powers", "columns(", "np.vander("), "its test calls no function of"),
    (add("test-powers", "assert Powers(1)(x).shape == (2, 2)\n"), "its test uses Powers, which"),
]


@pytest.mark.parametrize(("change", "expected"), HARNESS_CASES)
def test_each_rule_about_a_harness_finds_its_fault(template, change, expected):
    with_harness(template.content)
    assert expected in faults(template, change)


def test_a_task_with_a_harness_passes(template):
    assert faults(template, with_harness).splitlines() == NOT_RUN
