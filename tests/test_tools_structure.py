"""The structure check: each rule finds its fault, and the template has none."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_output

from tools.notebook import outputs
from tools.notebook.common import Notebook
from tools.notebook.execute import clean
from tools.write.structure import check
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


FAULTS = [
    (text("check-shape", "!ls\n"), "shell and magic lines"),
    (text("check-shape", 'open("/Users/me/x")\n'), "an absolute path"),
    (text("powers-task", "(3 points)", "(2 points)"), "the line '### Task: `powers` (2 points)'"),
    (text("powers", "", "### END SOLUTION"), "mark the solution"),
    (text("powers", "def power(", "def powers("), "must define a function 'powers'"),
    (text("test-powers", "", "### BEGIN HIDDEN TESTS"), "it needs '### BEGIN HIDDEN"),
    (text("test-powers", "### END HIDDEN TESTS\n1", "### END HIDDEN TESTS"), "takes for points"),
    (text("test-powers", "rtol=1e-6", "strict=True"), "needs strict=True"),
    (text("test-powers", "assert np.allclose(powers(x, 1), 1)\n"), "np.allclose broadcasts"),
    (text("test-powers", "assert powers(x, 1) is not None\n"), "'is' differs"),
    (text("title", "Trial", "# NOTEBOOK_TITLE"), "cell 1 must begin with '# Title'"),
    (
        text("title", "| Source |", "| Data |"),
        "the table must have the rows You build, You",
    ),
    (text("recap", "Summary", "## Recap"), "'## Recap' is missing, or not in the order"),
    (text("recap", "word " * 2_400), "words of Markdown; at most 2,400"),
    (text("check-shape", "a = 1\n" * 340), "lines of code beside tests; at most 340"),
    (text("reproduction", "word " * 600, "Students"), "below the line, 6"),
    (text("results-table", "a = 1\n" * 220), "lines of code beside tests; at most 220"),
    (tagged("check-shape"), "carries the tag 'reproduction'"),
    (tagged("results-table", remove=True), "lacks the tag 'reproduction'"),
    (text("references", "\n## More\n"), "'## More' comes after '## Reproduction'"),
    (text("reproduction", "# About\n", "## Reproduction"), "0 cells begin with '## Reproduction'"),
    (lambda c: c.cells.append(c.cells.pop(index(c, "test-powers"))), "test or question below"),
    (output("stream", text=f"{NOT_SO} (profile lesson): x"), "a claim does not hold"),
    (text("check-shape", "def f():\n" + "    a = 1\n" * 20), "f has 21 lines; at most 20"),
    (course(id="01/07"), "says id '01/07'; the file is '98/01'"),
    (course(prerequisites=["01/01"]), "the prerequisites ['01/01'], 'You should know' names []"),
    (text("title", "[a](../01_b/02_c.ipynb) and 03/04", "matrix"), "names ['01/02', '03/04']"),
    (text("fit-figure", "course.trained('a', b)\n"), "it loads trained weights"),
    (course(networks=["leenet"]), "names leenet: no such data set"),
    (course(seconds={"quick": 12.1, "lesson": 9}), "its quick run takes 12.1 s; at most 12 s"),
    (course(seconds={"quick": 1, "lesson": 121}), "its lesson run takes 121 s; at most 120 s"),
    (lambda c: c.cells[1].update(id="title"), "several cells have the id title"),
    (lambda c: c.cells.remove(cell(c, "fit-figure")), "there is no code cell 'fit-figure'"),
    (lambda c: c.cells.remove(cell(c, "test-powers")), "its test 'test_powers' must be the next"),
    (graded("test-powers", points=9), "1 to 5 points, not 9"),
    (graded("test-powers", locked=False), "a test cell must be locked"),
    (output("stream", text="a.py:3: UserWarning: something"), "contains a warning"),
    (output("stream", text="saved to /tmp/x.png"), "names a folder of this machine"),
    (output("error", ename="ValueError", evalue=""), "is an error (ValueError)"),
    (output("stream", text="x" * 1_510_000), "MB with outputs; at most 1.5 MB"),
]


@pytest.mark.parametrize(("change", "expected"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_each_rule_finds_its_fault(template, change, expected):
    change(template.content)
    template.path.write_text(json.dumps(template.content))  # as it is: nbformat would mend it
    assert expected in faults(template)


@pytest.mark.parametrize("place", range(3))
def test_an_empty_list_of_tags_is_as_none(template, place):
    code = [cell for cell in template.content.cells if cell.cell_type == "code"]
    code[place].metadata["tags"] = []
    template.path.write_text(json.dumps(template.content))
    assert ("needs the tag 'imports'" in faults(template)) == (place < 2)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [([], "it has no cells"), ([new_code_cell("x = 1")], "cell 1 must begin with")],
)
def test_a_page_without_text_has_faults(template, cells, expected):
    template.content.cells = cells
    template.path.write_text(json.dumps(template.content))
    assert expected in faults(template)


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
    assert outputs.renew(template) and not outputs.renew(Notebook(template.path))
    full = {"metrics": {"a": {"value": 1, "data": "real"}}, "datasets": {}, "data": "real"}
    full |= {"seconds": 300, "peak_mb": 2000, "finished": "2026-11-20T1", "commit": "abc"}
    full_runs = {"notebooks": {"98_trial/01_trial": full | {"code": ""}}}
    (tmp_path / "full.json").write_text(json.dumps(full_runs))
    assert "run `python course.py report`" in faults(Notebook(template.path))
    assert outputs.renew(template)
    (table,) = outputs.tables(Notebook(template.path).content)
    assert "full run of 2026-11-20 on real data, commit abc" in table.data["text/html"]
    assert table.metadata["course"] == run


def test_a_figure_has_an_alt_text_which_its_output_carries_too(template):
    figure = cell(template.content, "fit-figure")
    figure.outputs = [new_output("display_data", data={"image/png": "AAAA"})]
    figure.metadata.mystnb.image.alt = "a fit"
    assert "describe its figure" in faults(template)
    figure.metadata.mystnb.image.alt = "A line that rises from left to right."
    assert "carries another text than mystnb.image.alt" in faults(template)
    clean(template.content)  # as a run does
    assert "mystnb.image.alt" not in faults(template)
