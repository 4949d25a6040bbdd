"""The structure check: each rule finds its fault, and the template has none."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_output

from tools.notebook import outputs, sheets
from tools.notebook.cells import grading
from tools.notebook.common import Notebook, Problem, write_notebook
from tools.notebook.execute import clean
from tools.write.structure import RULES, check, slow
from utils import results
from utils.report import NOT_SO


def faults(notebook):
    return "\n".join(check(notebook))


def cell(content, name):
    return next(c for c in content.cells if c.id == name)


def text(name, new, old=""):
    """Return a change that puts a text into a cell, in the place of another or at its beginning."""

    def change(content):
        source = cell(content, name).source
        assert old in source
        cell(content, name).source = source.replace(old, new, 1)

    return change


def index(content, name):
    return [cell.id for cell in content.cells].index(name)


def tagged(name, *, remove=False):
    """Return a change that gives a cell the tag of the cells below the line, or takes it away."""
    return lambda content: cell(content, name).metadata.update(
        tags=[] if remove else ["reproduction"]
    )


def output(*words, **values):
    """Return a change that gives a cell an output."""
    return lambda content: cell(content, "check-shape").update(
        outputs=[new_output(*words, **values)]
    )


def graded(name, **values):
    return lambda content: cell(content, name).metadata.nbgrader.update(values)


def course(**values):
    return lambda content: content.metadata.course.update(values)


FAULTS = [  # a change, the rule that finds it, and what the rule names
    (text("check-shape", "!ls\n"), "code", "check-shape"),
    (text("check-shape", 'open("/Users/me/x")\n'), "code", "check-shape"),
    (text("powers-task", "(3 points)", "(2 points)"), "graded", "(2 points)"),
    (text("powers", "", "### END SOLUTION"), "graded", "### END SOLUTION"),
    (text("powers", "def power(", "def powers("), "graded", "'powers'"),
    (text("test-powers", "", "### BEGIN HIDDEN TESTS"), "graded", "### BEGIN HIDDEN"),
    (
        text("test-powers", "### END HIDDEN TESTS\n1", "### END HIDDEN TESTS"),
        "graded",
        "test-powers",
    ),
    (text("test-powers", "rtol=1e-6", "strict=True"), "graded", "strict=True"),
    (text("test-powers", "assert np.allclose(powers(x, 1), 1)\n"), "graded", "np.allclose"),
    (text("test-powers", "assert powers(x, 1) is not None\n"), "graded", "'is'"),
    (text("title", "Trial", "# NOTEBOOK_TITLE"), "order", "cell 1"),
    (text("title", "| Source |", "| Data |"), "order", "You build"),
    (text("recap", "Summary", "## Recap"), "order", "'## Recap'"),
    (text("recap", "word " * 2_200), "length", "2,200"),
    (text("check-shape", "a = 1\n" * 300), "length", "300"),
    (text("in-practice-fit", "a = 1\n" * 15), "practice", "at most 15"),
    (text("in-practice-fit", "course.pick()\n"), "practice", "uses course"),
    (text("in-practice-fit", "plots.PALETTE\n"), "practice", "uses plots"),
    (lambda c: c.cells.remove(cell(c, "in-practice-fit")), "practice", "no cell"),
    (lambda c: c.cells.remove(cell(c, "in-practice")), "order", "'## In practice'"),
    (text("imports", "import cv2\n"), "rests_on_itself", "cv2"),
    (text("limits", "See *Reproduction*."), "rests_on_itself", "limits"),
    (text("check-shape", "report.full('a')\n" * 3), "rests_on_itself", "3 calls"),
    (tagged("check-shape"), "line", "check-shape"),
    (tagged("results-table", remove=True), "line", "results-table"),
    (text("references", "\n## More\n"), "line", "'## More'"),
    (text("reproduction", "# About\n", "## Reproduction"), "line", "0 cells"),
    (lambda c: c.cells.append(c.cells.pop(index(c, "test-powers"))), "line", "test-powers"),
    (output("stream", text=f"{NOT_SO} (profile lesson): x"), "claims", "check-shape"),
    (text("check-shape", "def f():\n" + "    a = 1\n" * 20), "length", "f has 21 lines"),
    (course(id="01/07"), "metadata", "'01/07'"),
    (course(prerequisites=["01/01"]), "metadata", "['01/01']"),
    (
        text("title", "[a](../01_b/02_c.ipynb) and 03/04", "matrix"),
        "metadata",
        "['01/02', '03/04']",
    ),
    (course(networks=["leenet"]), "metadata", "leenet"),
    (text("check-shape", 'data.load("flowers")\n'), "metadata", "flowers"),
    (lambda c: c.cells[1].update(id="title"), "metadata", "title"),
    (lambda c: c.cells.remove(cell(c, "fit-figure")), "lesson", "'fit-figure'"),
    (text("title", "150 including", "90 including"), "lesson", "hours are 3"),
    (text("title", "90 with", "90 including"), "lesson", '"Time"'),
    (lambda c: c.cells.remove(cell(c, "test-powers")), "graded", "'test_powers'"),
    (graded("test-powers", points=9), "graded", "9"),
    (graded("test-powers", locked=False), "graded", "test-powers"),
    (output("stream", text="a.py:3: UserWarning: something"), "code", "check-shape"),
    (output("stream", text="saved to /tmp/x.png"), "code", "check-shape"),
    (output("error", ename="ValueError", evalue=""), "code", "(ValueError)"),
    (output("stream", text="x" * 2_010_000), "cost", "at most 2 MB"),
]


@pytest.mark.parametrize(("change", "rule", "named"), FAULTS, ids=[" ".join(f[1:]) for f in FAULTS])
def test_each_rule_finds_its_fault(template, change, rule, named):
    (rule,) = (each for each in RULES if each.__name__ == rule)
    before = {*rule(Notebook(template.path))}
    change(template.content)
    template.path.write_text(json.dumps(template.content))  # as it is: nbformat would mend it
    assert any(named in fault for fault in {*rule(template)} - before)


def test_a_slow_run_is_a_fault_in_ci_alone(template, monkeypatch):
    template.content.metadata.course["seconds"] = {"quick": 12.1, "lesson": 121}
    for ci, number in {"": 0, "true": 2}.items():
        monkeypatch.setenv("CI", ci)
        assert sum(fault in list(slow(template)) for fault in check(template)) == number
    assert any("12.1 s" in text for text in slow(template))


def test_cells_below_the_line_may_still_have_to_run(template):
    code = [c for c in template.content.cells if c.cell_type == "code"]
    for number, each in enumerate(code, start=1):
        each.execution_count = number
    table = cell(template.content, "results-table")
    table.execution_count = None
    assert "top to bottom" not in faults(template)
    code[0].execution_count = None
    assert "top to bottom" in faults(template)


@pytest.mark.parametrize("place", range(3))
def test_an_empty_list_of_tags_is_as_none(template, place):
    code = [cell for cell in template.content.cells if cell.cell_type == "code"]
    code[place].metadata["tags"] = []
    template.path.write_text(json.dumps(template.content))
    assert ("'imports'" in faults(template)) == (place < 2)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [([], "no cells"), ([new_code_cell("x = 1")], "cell 1 ")],
)
def test_a_page_without_text_has_faults(template, cells, expected):
    template.content.cells = cells
    template.path.write_text(json.dumps(template.content))
    assert expected in faults(template)


@pytest.mark.parametrize("cell", [3, {}, {"cell_type": "code", "metadata": {}, "source": [3]}])
def test_a_file_with_what_is_no_cell_is_no_notebook(template, cell):
    template.path.write_text(json.dumps({"cells": [cell], "metadata": {}}))
    with pytest.raises(Problem, match="01_trial.ipynb"):
        _ = Notebook(template.path).title
    template.path.write_text(json.dumps({"cells": [], "metadata": {}}))
    assert Notebook(template.path).title == ""


def test_the_template_lacks_nothing_but_a_run(template):
    assert all("run --update" in fault for fault in check(template))
    # Its outputs, their code, the picture, and the times of quick and lesson.
    assert len(check(template)) == 5
    assert "are missing" in outputs.reproduction_note(template)


def test_a_table_that_results_make_stale_is_found_and_written_again(
    template, tmp_path, monkeypatch
):
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    run = {"notebook": "98_trial/01_trial", "profile": "quick", "data": "sample", "metrics": []}
    shown = new_output("execute_result", {"text/plain": "old"}, metadata={"course": run})
    cell(template.content, "results-table").outputs = [shown]
    content = outputs.renewed(template.content)
    assert content != template.content and outputs.renewed(content) == content
    write_notebook(template.path, content)
    full = {"metrics": {"a": {"value": 1, "data": "real"}}, "datasets": {}, "data": "real"}
    full |= {"seconds": 300, "peak_mb": 2000, "finished": "2026-11-20T1", "commit": "abc"}
    full_runs = {"notebooks": {"98_trial/01_trial": full | {"code": ""}}}
    (tmp_path / "full.json").write_text(json.dumps(full_runs))
    assert "`python course.py report`" in faults(Notebook(template.path))
    (table,) = outputs.tables(outputs.renewed(content))
    assert "full run of 2026-11-20 on real data, commit abc" in table.data["text/html"]
    assert table.metadata["course"] == run


def test_points_are_changed_in_the_metadata_alone(template):
    for name, points in {"test_powers": 1, "a_degree": 5}.items():
        (found,) = (c for c in template.content.cells if grading(c).get("grade_id") == name)
        found.metadata.nbgrader["points"] = points
    text = "\n".join(c.source for c in sheets.headed(template.content).cells)
    assert "### Task: `powers` (1 point)" in text and "**Question (5 points)" in text
    assert "### Task: `mean_squared_error` (1 point)" in text


def test_a_figure_has_an_alt_text_which_its_output_carries_too(template):
    figure = cell(template.content, "fit-figure")
    figure.outputs = [new_output("display_data", data={"image/png": "AAAA"})]
    figure.metadata.mystnb.image.alt = "a fit"
    assert "mystnb.image.alt" in faults(template)
    figure.metadata.mystnb.image.alt = "A line that rises from left to right."
    assert "mystnb.image.alt" in faults(template)
    clean(template.content)  # as a run does
    assert "mystnb.image.alt" not in faults(template)
