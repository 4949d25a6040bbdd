import json

import nbformat
import pytest
from nbconvert import HTMLExporter

from tools.notebook import outputs
from tools.notebook.common import ROOT, Notebook
from tools.notebook.execute import clean
from tools.write.structure import check
from utils import checkpoints, results


def findings(notebook, change):
    """Return what the structure check says after a change to the content."""
    change(notebook.content)
    nbformat.write(notebook.content, notebook.path)
    return "\n".join(check(notebook))


def cell(content, name):
    return next(c for c in content.cells if c.id == name)


def edit(name, old, new):
    def change(content):
        one = cell(content, name)
        assert old in one.source
        one.source = one.source.replace(old, new)

    return change


def drop(name):
    return lambda content: content.cells.remove(cell(content, name))


def set_points(points):
    def change(content):
        cell(content, "test-powers").metadata.nbgrader.points = points

    return change


def warn(content):
    text = "a.py:3: UserWarning: something"
    cell(content, "check-shape").outputs = [nbformat.v4.new_output("stream", text=text)]


def grow(content, most=1_010_000):
    cell(content, "check-shape").outputs = [nbformat.v4.new_output("stream", text="x" * most)]


LONG_FUNCTION = "def long():\n" + "\n".join(f"    a{i} = {i}" for i in range(31))
TRIES = "try:\n    powers(x, -1)\nexcept (np.linalg.LinAlgError, TypeError):\n    pass\n"
CASES = [
    (edit("title", "# Trial", "Trial"), "cell 1 must be Markdown that begins"),
    (edit("title", "| Source |", "| Sources |"), "lacks the row '| Source | ... |'"),
    (drop("imports"), "code cell 1 must carry the tag 'imports'"),
    (edit("settings", "utils.start(", "utils.begin("), "call course = utils.start"),
    (edit("settings", "course.pick(", "dict("), "settings = course.pick"),
    (edit("check-shape", "print(", "import math\nprint("), "move the import"),
    (
        edit("check-shape", "print(", 'report.finding("It helps.", 1 > 2, of="1 split")\nprint('),
        "say 'in this run'",
    ),
    (
        edit("check-shape", "print(", 'report.finding("So.", x)\nreport.finding("So.", y)\nprint('),
        "the finding 'So.' stands twice",
    ),
    (
        edit("recap", "- TODO: the third", "- Rain makes snails faster.\n- TODO: the third"),
        "no finding says 'Rain makes snails faster.'",
    ),
    (edit("powers-task", "(2 points)", "(3 points)"), "'### Task: `powers` (2 points)'"),
    (edit("powers-task", "<summary>Hint 2", "<summary>Hint"), "needs two hints"),
    (edit("powers-task", "</details>\n<details>", "<details>"), "needs two hints"),
    (edit("data-seen", "Check yourself", "Check it"), "2 texts with '**Check yourself.**'"),
    (edit("discussion", "## Discussion", "## Talk"), "no section '## Discussion'"),
    (edit("results-table", "report.table()", "1"), "no cell shows report.table()"),
    (edit("recap", "- TODO: the third objective, answered in", "TODO in"), None),
    (edit("check-shape", "print(", "x = 1\n" * 25 + "print("), "26 statements; at most 25"),
    (edit("check-shape", "print(", "\n" * 50 + "print("), "lines; at most 50"),
    (edit("check-shape", "print(", LONG_FUNCTION + "\nprint("), "long has 32 statements"),
    (edit("check-shape", "print(", "!ls\nprint("), "shell and magic lines"),
    (edit("check-shape", "print(", 'open("/Users/me/x")\nprint('), "an absolute path"),
    (
        edit("check-shape", "print(", "warnings.filterwarnings('ignore')\nprint("),
        "mend their cause",
    ),
    (edit("fit-figure", "ax.legend(", "plt.set_cmap('jet')\nax.legend("), "colour-blind"),
    (edit("check-shape", "print(", 'ResNet50(weights="imagenet")\nprint('), "utils.weights"),
    (edit("check-shape", "print(", "from data.kit import roads\nprint("), "data is utils.data"),
    (warn, "holds a warning"),
    (grow, "MB with outputs; at most 1 MB"),
    (grow, "(check-shape) 1010 kB"),
    (set_points(9), "1 to 5 points, not 9"),
    (edit("powers", "### END SOLUTION", ""), "mark the solution"),
    (edit("powers", "def powers(", "def power("), "must be the name of the function"),
    (edit("test-powers", "strict=True", "rtol=1e-6"), "needs strict=True"),
    (edit("test-powers", "### BEGIN HIDDEN TESTS", ""), "it needs '### BEGIN HIDDEN"),
    (
        edit("test-powers", "### BEGIN", "assert np.allclose(powers(x, 1), 1)\n### BEGIN"),
        "np.allclose broadcasts",
    ),
    (
        edit("test-powers", "### BEGIN", "assert (powers(x, 1) == 1).all()\n### BEGIN"),
        "true for an empty answer",
    ),
    (
        edit("test-powers", "### BEGIN", "assert powers(x, 1) is not None\n### BEGIN"),
        "'is' differs",
    ),
    (edit("test-powers", "### BEGIN", "f = lambda: 1\n### BEGIN"), "no callables"),
    (
        edit("powers", "float64 (n, degree + 1).", "float64; ValueError below 0."),
        "the docstring names ValueError; show a case in the visible part",
    ),
    (edit("test-powers", "### END", TRIES + "### END"), "it expects LinAlgError; name it in the"),
    (edit("test-powers", "### BEGIN", "y = 1\n" * 23 + "### BEGIN"), "26 statements; at most 25"),
    (edit("test-powers", "### END", "y = 1\n" * 24 + "### END"), "26 statements; at most 25"),
    (edit("test-powers", "### END HIDDEN TESTS", "### END HIDDEN TESTS\n1"), "takes for points"),
    (drop("test-powers"), "its test 'test_powers' must be the next cell"),
]


@pytest.mark.parametrize(("change", "expected"), [c for c in CASES if c[1]])
def test_each_rule_finds_its_fault(template, change, expected):
    cell(template.content, "title").source = cell(template.content, "title").source.replace(
        "NOTEBOOK_TITLE", "Trial"
    )
    assert expected in findings(template, change)


def test_template_lacks_nothing_but_todos_and_a_run(template):
    rest = [f for f in check(template) if "TODO" not in f]
    assert rest == [
        "0 figures in its outputs; at least 3",
        "its cells were not run once from top to bottom; run `course.py run --update` on it",
        "its table, its times or its length are others now; run `python course.py report`",
    ]


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        (["Look at the data", "powers"], None),
        (["Look at all data", "powers"], "the heading 'Look at all data', which is not there"),
        (["Look at the data", "power"], "ends in 'power', which is no task"),
        (["powers"], "take 0 minutes to read; 1 to 10"),
    ],
)
def test_the_short_way_names_sections_and_a_task(template, monkeypatch, short, expected):
    monkeypatch.setattr(type(template), "lesson", property(lambda self: {"short": short}))
    section = "\n\n## Look at the data\n\n" + "word " * 300
    cell(template.content, "title").source += section
    found = [f for f in check(template) if "short" in f]
    assert found == [] if expected is None else expected in found[0]


def test_a_notebook_of_less_than_a_megabyte_is_small_enough(template):
    assert "with outputs" not in findings(template, lambda content: grow(content, 900_000))


def test_a_statement_over_several_lines_counts_once(template):
    broken = "numbers = [\n" + "    1,\n" * 30 + "]\nprint("
    assert "at most" not in findings(template, edit("check-shape", "print(", broken))


RAN = {"notebook": "98_trial/01_trial", "profile": "quick", "data": "sample", "metrics": []}


@pytest.fixture
def told(template, tmp_path, monkeypatch):
    """Return a notebook that shows a table, and a writer of results/."""
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    row = "| Time and memory | quick: 10 s, 0.5 GB; full: not measured |"
    title = template.content.cells[0]
    title.source = outputs.TIMES.sub(row, title.source)
    metadata = {"course": RAN}
    shown = nbformat.v4.new_output("execute_result", {"text/plain": "old"}, metadata=metadata)
    cell(template.content, "results-table").outputs = [shown]
    outputs.renew(template)

    def accept(**result):
        run = {"metrics": {}, "datasets": {}, "tier": "real", "finished": "2026-11-20T1"} | result
        kept = {"notebooks": {"98_trial/01_trial": run | {"commit": "abc", "code": ""}}}
        (tmp_path / "full.json").write_text(json.dumps(kept))

    return Notebook(template.path), accept


def test_what_results_make_stale_is_found_and_written_anew(told):
    notebook, accept = told
    assert not list(outputs.stale(notebook)) and not outputs.renew(notebook)
    accept(seconds=300, peak_mb=2000, metrics={"a": {"value": 1, "data": "real"}})
    assert "run `python course.py report`" in "\n".join(check(notebook))
    assert outputs.renew(notebook)
    again = Notebook(notebook.path)
    assert not list(outputs.stale(again)) and not outputs.renew(again)
    assert "| quick: 10 s, 0.5 GB; full: 5 min, 2.0 GB |" in again.content.cells[0].source
    (table,) = outputs.tables(again.content)
    assert "full run of 2026-11-20 on real data, commit abc" in table.data["text/html"]
    assert table.metadata["course"] == RAN


def test_a_table_of_no_known_run_is_found(told):
    notebook, _ = told
    del outputs.tables(notebook.content)[0].metadata["course"]
    assert ["which run it is of" in one for one in outputs.stale(notebook)] == [True]


def test_trained_weights_that_changed_since_the_run_are_found(told, tmp_path, monkeypatch):
    notebook, _ = told
    monkeypatch.setattr(checkpoints, "folder_of", tmp_path.joinpath)
    cards = {notebook.name: 0.5, "98_trial/02_other": 0.6}
    lines = []
    for owner, value in cards.items():
        (tmp_path / owner).mkdir(parents=True, exist_ok=True)
        text = f'run_seconds = 70\nmetric = "loss"\nvalue = {value}\n'
        (tmp_path / owner / "net.toml").write_text(text)
        card = checkpoints.card_of(owner, "net")
        lines.append(checkpoints.told("net", owner, card, owner != notebook.name))
    shown = nbformat.v4.new_output("stream", text="\n".join(lines) + "\n")
    cell(notebook.content, "check-shape").outputs = [shown]
    assert not list(outputs.stale(notebook))
    (tmp_path / "98_trial" / "02_other" / "net.toml").write_text(text.replace("0.6", "0.7"))
    assert ["weights net are others now" in one for one in outputs.stale(notebook)] == [True]


def test_recap_must_mirror_the_objectives(template):
    def shorten(content):
        recap = cell(content, "recap")
        recap.source = "\n".join(recap.source.splitlines()[:-1])

    assert "2 bullets for 3 objectives" in findings(template, shorten)


def drawn(alt):
    """Return a change that gives the template's figure a picture and this alt text."""

    def draw(content):
        one = cell(content, "fit-figure")
        one.outputs = [nbformat.v4.new_output("display_data", data={"image/png": "AAAA"})]
        one.metadata.mystnb.image.alt = alt

    return draw


def test_figure_without_alt_text_is_found(template):
    assert "describe its figure" in findings(template, drawn("a fit"))


def test_alt_text_goes_along_in_the_output_where_nbconvert_reads_it(template):
    draw = drawn('A "line" & <dots> that rises from left to right.')
    assert "carries another text than mystnb.image.alt" in findings(template, draw)
    one = cell(template.content, "fit-figure")
    clean(template.content)
    assert one.outputs[0].metadata["image/png"]["alt"] == one.metadata.mystnb.image.alt
    assert "mystnb.image.alt" not in findings(template, lambda content: None)
    template.content.cells = [one]
    for name in ("classic", str(ROOT / "tools" / "publish" / "html")):
        page, _ = HTMLExporter(template_name=name).from_notebook_node(template.content)
        assert 'alt=\'A "line" &amp; &lt;dots&gt; that rises' in page
    one.metadata.mystnb.image.alt = "Another sentence, written after the figure was drawn."
    assert "carries another text than mystnb.image.alt" in findings(template, lambda content: None)


def test_clean_joins_streams_and_drops_times(template):
    one = cell(template.content, "check-shape")
    one.metadata["execution"] = {"iopub.execute_input": "2026"}
    stream = nbformat.v4.new_output
    one.outputs = [stream("stream", text="a"), stream("stream", text="b")]
    clean(template.content)
    assert [o.text for o in one.outputs] == ["ab"]
    assert "execution" not in one.metadata


def test_clean_keeps_no_output_of_a_slider(template):
    one = cell(template.content, "data-figure")
    one.metadata["tags"] = ["slider"]
    one.outputs = [nbformat.v4.new_output("stream", text="interactive(children=...)")]
    clean(template.content)
    assert one.outputs == []


HARNESS = '''def columns(x: np.ndarray, degree: int) -> np.ndarray:
    """Return the powers 0..degree of x, float64 (n,), as columns, float64 (n, degree + 1)."""
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


def unlock(content):
    cell(content, "harness").metadata.nbgrader.locked = False


def untag(content):
    cell(content, "harness").metadata.tags = []


def move(content):
    content.cells.append(content.cells.pop(content.cells.index(cell(content, "harness"))))


def rename(content):
    cell(content, "harness").metadata.nbgrader.grade_id = "harness_power"


HARNESS_CASES = [
    (unlock, "a harness cell is locked"),
    (untag, "a harness is a code cell with the tag 'harness'"),
    (move, "stands directly after a solution cell"),
    (rename, "the grade_id of this harness must be 'harness_powers'"),
    (edit("harness", "def columns", "columns = np.ones\ndef _columns"), "defines functions"),
    (edit("harness", "degree: int", "degree"), "annotate degree with a plain type"),
    (edit("harness", "-> np.ndarray", "-> Powers"), "its answer is Powers, which does not travel"),
    (edit("harness", "-> np.ndarray", "-> bool"), "decides beside the student's code"),
    (edit("harness", "    return", "    assert degree > 0\n    return"), "assert in the test"),
    (edit("harness", '"""Return', 'x = """Return'), "columns needs a docstring"),
    (
        edit("harness", "    return", "    np.testing.assert_equal(x, x)\n    return"),
        "assert in the",
    ),
    (edit("test-powers", "columns(", "np.vander("), "it asks none of columns"),
    (
        edit("test-powers", "### BEGIN", "assert Powers(1)(x).shape == (2, 2)\n### BEGIN"),
        "it uses Powers, which stays in the student's process",
    ),
    (
        edit("harness", "def columns", "class Powers(dict): pass\n\n\ndef columns"),
        "it takes the place of Powers",
    ),
    (edit("powers", '"""Powers of', 'text = """Powers of'), "Powers needs a docstring"),
]


@pytest.mark.parametrize(("change", "expected"), HARNESS_CASES)
def test_each_rule_about_a_harness_finds_its_fault(template, change, expected):
    with_harness(template.content)
    assert expected in findings(template, change)


def test_a_task_with_a_harness_passes(template):
    before = [finding for finding in check(template) if "TODO" not in finding]
    with_harness(template.content)
    nbformat.write(template.content, template.path)
    assert [finding for finding in check(template) if "TODO" not in finding] == before
