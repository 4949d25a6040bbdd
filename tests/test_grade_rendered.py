"""Answers as a page shows them: Markdown, formulas and pictures, of which nothing acts or loads."""

import json
import re
import time
from html.parser import HTMLParser

import pytest
from grade_course import course, handed_in, job

from tools.notebook.common import all_notebooks
from tools.teach.grade import examine, gradebook, pages
from tools.teach.grade.rendered import mathml, shown
from tools.teach.grade.rubric import criteria_of

PNG = "iVBORw0KGgo="
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) <javascript:alert(1)> [b](data:text/html,x)",
    "![p](http://evil.example/p.png) ![q](//evil.example/q.png)",
    "![r](data:image/svg+xml;base64,AA==)",
    '![p](data:image/png;base64,AA==" onerror="alert(1))',
    '[a](http://evil.example "\\" onmouseover=alert(1)")',
    r"$\text{<img src=x onerror=alert(1)>}$ $\text{&lt;script&gt;}$ $\unknown<script>$",
    r"$\href{javascript:alert(1)}{x}$ $\class{a}{x}$ $\style{background:url(//evil.example)}{x}$",
    "$$\n<script>alert(1)</script>\n$$\n\n\\begin{align}<b onclick=alert(1)>\\end{align}",
    "```html\n<script>\n```\n`<b>`\n\n    <iframe src=x>",
    '```" onclick=alert(1)\nx\n```',
]


class Elements(HTMLParser):
    """What elements a text has, and their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_hostile_answer_acts_or_loads(text):
    for tag, attributes in Elements(shown(text)).found:
        assert tag not in {"script", "a", "iframe", "b", "object", "svg", "style", "link"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert not {"href", "src", "srcset"} & set(attributes)


def test_markdown_is_shown_as_a_notebook_shows_it():
    found = shown("## Because\n\n- of **it**\n\n| a | b |\n|---|---|\n| 1 | ~~2~~ |\n\n`x < y`")
    for part in ("<h2>Because</h2>", "<strong>it</strong>", "<td>1</td>", "<code>x &lt; y</code>"):
        assert part in found
    assert "\\u202e" in shown("turned \u202e round")


def test_formulas_are_set_without_a_script_and_prices_are_none():
    found = shown("$\\frac{1}{2} < 3$ costs $5 and $6\n\n$$\n\\sum_{i=1}^n x_i\n$$")
    assert found.count("<math") == 2 and "<mfrac>" in found and "<mo>&lt;</mo>" in found
    assert "costs $5 and $6" in found and '<math display="block">' in found
    assert "<mtable" in shown("\\begin{align}a&=b\\\\c&=d\\end{align}")


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{",
        r"\unknown{x}",
        r"\newcommand{\a}{\b\b}\a",
        r"\def\a{b}\a",
        "x" * 3000,
        r"\begin{matrix}",
    ],
)
def test_a_formula_that_cannot_be_set_stands_as_it_was_typed(formula):
    assert mathml(formula, alone=False) is None or "<math" in mathml(formula, alone=False)
    assert f"<code>${formula}$</code>" in shown(f"${formula}$") or "<math" in shown(f"${formula}$")


def test_a_macro_that_unfolds_to_any_length_is_not_followed():
    macros = "".join(
        rf"\newcommand{{\{b}}}{{\{a}\{a}\{a}\{a}}}"
        for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert mathml(rf"{macros}\k", alone=False) is None


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "![" * 10_000, "*a **b " * 3_000, "$a " * 7_000, "$a$ " * 5_000, ">" * 20_000,
     "|a" * 5_000 + "\n" + "|-" * 5_000, "$" + "{" * 900 + "}" * 900 + "$", "\\begin{a}" * 2_000],
)  # fmt: skip
def test_long_answers_take_no_time(text):
    began = time.process_time()
    shown(text)
    assert time.process_time() - began < 30


def test_pictures_are_those_that_the_answer_carries():
    text = "![a curve](attachment:my%20curve.png) ![no](attachment:other.png)"
    found = shown(text, {"my curve.png": {"image/png": PNG}})
    assert f'<img src="data:image/png;base64,{PNG}" alt="a curve">' in found
    assert "a picture that is not in the answer: no (attachment:other.png)" in found
    assert f"data:image/png;base64,{PNG}" in shown(f"![in](data:image/png;base64,{PNG})")
    for kind, content in (("image/svg+xml", PNG), ("text/html", PNG), ("image/png", '"onerror=')):
        assert "<img" not in shown("![x](attachment:x)", {"x": {kind: content}})


def test_so_do_those_of_an_answer_below_its_cell():
    own = [
        examine.Own(
            "a_why", "markdown", "See ![](attachment:a.png).", {"a.png": {"image/png": PNG}}
        ),
        examine.Own("", "markdown", "Elsewhere.", {"b.png": {"image/png": PNG}}),
    ]
    question = next(c for c in course().cells if examine.is_question(c))
    cells = examine.graded_cells(handed_in(a_why=""), course())
    found = examine.question_of(question, cells, own)
    assert found["answer"] == "See ![](attachment:a.png)."
    assert found["pictures"] == {"a.png": {"image/png": PNG}}


def test_the_pictures_of_an_answer_come_along():
    raw = json.loads(handed_in(a_why="See ![](attachment:a.png)."))
    cell = next(
        c for c in raw["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "a_why"
    )
    other, large = {"text/html": "<b>"}, {"image/png": "A" * (examine.MAX_PICTURES + 1)}
    cell["attachments"] = {
        "a.png": {"image/png": PNG},
        "b.png": {"image/png": PNG},
        "c": other,
        "d": large,
    }
    cells = examine.graded_cells(json.dumps(raw).encode(), course())
    question = next(c for c in course().cells if examine.is_question(c))
    found = examine.question_of(question, cells)
    assert found["pictures"] == {
        "a.png": {"image/png": PNG}
    }  # b.png is not shown, c and d can't be
    for odd in ([], {"a": 1}, {"a": {"image/png": 1}}, {1: {}}, "x", None):
        assert examine.pictures_of(odd) == {}
    plain = {k: v for k, v in found.items() if k != "pictures"}
    one, two = ({"tasks": [], "questions": [q]} for q in (found, plain))
    assert gradebook.answers_of(one) != gradebook.answers_of(
        two
    )  # another picture is another answer
    assert "pictures" not in examine.question_of(
        question, examine.graded_cells(job().content, course())
    )


# ------------------------------------------------------------------ rubrics


@pytest.mark.parametrize(
    ("rubric", "of", "found"),
    [
        ("*Rubric: 2 points for $a^*$; 1 point for (b).*", 3, [(2, "$a^*$"), (1, "(b)")]),
        ("*Rubric.* One point for a, one for b with c; and one for d.", 3, "abd"),
        ("*Rubric, 3 points: one for a; one for b: c; one for d.*", 3, "abd"),
        ("*Rubric: 1 point each for (a) x; y; (b) 2 u.*", 2, [(1, "(a) x; y"), (1, "(b) 2 u")]),
        ("*Rubric.* 1 point: a. 1 point: b.", 2, "ab"),
        ("*Rubric: 1 point for a; 1 point for b.*", 3, []),  # does not add up
        ("*Rubric: one for each of a, b.*", 2, []),
        ("Why?", 2, []),
        ("", 2, []),
    ],
)  # fmt: skip
def test_a_rubric_is_read_from_its_words(rubric, of, found):
    read = [(c.points, c.text) for c in criteria_of(rubric, of)]
    if isinstance(found, str):
        assert [text[0] for _, text in read] == list(found) and {p for p, _ in read} == {1.0}
    else:
        assert read == found


def test_every_rubric_of_the_course_is_read():
    notebooks = {n.path: n for n in all_notebooks()}
    found = pages.questions_of(notebooks.values())
    of = {
        (
            path.parent.name,
            path.stem,
            cell.metadata.nbgrader.grade_id,
        ): cell.metadata.nbgrader.points
        for path, notebook in notebooks.items()
        for cell in notebook.content.cells
        if examine.is_question(cell)
    }
    read = {place: criteria_of(text, of[place]) for place, text in found.items()}
    assert not [place for place, parts in read.items() if not parts]
    for place, parts in read.items():
        assert not parts or sum(part.points for part in parts) == of[place]
        assert all(re.match(r"\S.*\S\Z", part.text) for part in parts)
