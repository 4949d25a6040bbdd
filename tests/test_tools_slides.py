"""Lectures: what of a notebook stands on slides, what is said, and what is nowhere."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser

import pytest
from nbformat import v4
from PIL import Image

from tools.commands import COMMANDS
from tools.notebook.cells import is_question, is_solution, is_test
from tools.notebook.common import NOTEBOOKS, Notebook, Problem, write_notebook
from tools.teach import deck, measure, slides
from tools.teach.pieces import pieces

FIRST = """\
# A title

Here is why it matters.

| | |
|---|---|
| Objectives | Do this<br>See [that](../x.md#that) |
| You should know | Vectors |
"""
IDEA = """\
## The idea

Some words about $x_i$, see [the next](02_b.ipynb).

$$\\begin{aligned} a &= b \\\\ c &= \\frac{d}{e} \\end{aligned}$$

Three steps:

1. one
2. two

**Check yourself.** What is $x$?

<details>
<summary>Answer</summary>

It is four.

</details>

### Task: `double` (3 points)

Return the double.

<details>
<summary>Hint 1</summary>

Add.

</details>
"""
SOLUTION = """\
def double(x):
    \"\"\"Return it.\"\"\"
    ### BEGIN SOLUTION
    return x + x + secret_of_the_solution
    ### END SOLUTION
"""
TEST = "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert hidden_one\n### END HIDDEN TESTS"
QUESTION = "**Open question (2 points).** Why?\n\n*Rubric: a reason.*"


def png(width, height):
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(kept, "png")
    return base64.b64encode(kept.getvalue()).decode()


def figure(source, alt, *, width=800, height=300, text=""):
    outputs = [v4.new_output("display_data", {"image/png": png(width, height)})]
    outputs += [v4.new_output("stream", text=text)] if text else []
    return v4.new_code_cell(source, outputs=outputs, metadata={"mystnb": {"image": {"alt": alt}}})


def graded(cell, name, **marks):
    cell.metadata["nbgrader"] = {"grade_id": name, "grade": False, "solution": False} | marks
    return cell


@pytest.fixture
def notebook(tmp_path):
    table = "<table><thead><tr><th>a</th></tr></thead><tbody>{}</tbody></table>"
    rows = "".join(f"<tr><td>row {i}</td></tr>" for i in range(40))
    cells = [
        v4.new_markdown_cell(FIRST),
        v4.new_code_cell("import numpy", metadata={"tags": ["imports"]}),
        v4.new_markdown_cell(IDEA),
        graded(v4.new_code_cell(SOLUTION), "double", solution=True),
        graded(v4.new_code_cell(TEST), "test_double", grade=True, locked=True, points=3),
        figure("plt.show()", 'A "wide" one.', text="noise\nFinding: It holds & lasts.\n"),
        figure("# extra\nplt.show()", "An extra figure."),
        v4.new_markdown_cell("## Large\n\nLook."),
        figure("plt.show()", "A tall one.", width=400, height=4000),
        v4.new_code_cell(
            "x", outputs=[v4.new_output("display_data", {"text/html": table.format(rows)})]
        ),
        graded(v4.new_markdown_cell(QUESTION), "q", locked=True),
        graded(v4.new_markdown_cell("Because of it."), "a", grade=True, solution=True, points=2),
        v4.new_markdown_cell("## Text alone\n\nOne thing. And more.\n\nAnother thing. And more."),
    ]
    path = tmp_path / "99_unit" / "01_a.ipynb"
    path.parent.mkdir()
    write_notebook(path, v4.new_notebook(cells=cells))
    return Notebook(path)


def on(made, heading):
    """Return what stands on the slides of a heading, and what is said on them."""
    own = [slide for slide in made if slide.heading == heading]
    blocks = [block.text for slide in own for block in slide.blocks]
    return blocks, "\n".join(note for slide in own for note in slide.notes)


def test_a_slide_for_each_heading_in_order(notebook):
    made = deck.slides(notebook)
    headings = [(s.heading, s.below) for s in made if not s.continued]
    assert headings == [
        ("A title", False),
        ("What you will be able to do", True),
        ("The idea", False),
        ("Check yourself", True),
        ("In class: `double`", True),
        ("Large", False),
        ("Discuss: an open question (2 points)", True),
        ("Text alone", False),
    ]


def test_formulas_and_lists_are_shown_and_text_is_said(notebook):
    blocks, said = on(deck.slides(notebook), "The idea")
    assert "$$\\begin{aligned} a &= b \\\\ c &= \\frac{d}{e} \\end{aligned}$$" in blocks
    assert blocks.index("Three steps:") == blocks.index("1. one\n2. two") - 1
    assert "Some words about $x_i$, see the next." in said


def test_title_and_objectives_open_the_lecture(notebook):
    title, goals = deck.slides(notebook)[:2]
    assert (title.level, title.blocks[0].text) == (1, "Here is why it matters.")
    assert "You should know: Vectors" in title.notes
    assert goals.blocks[0].text == "- Do this\n- See that"


def test_a_task_is_a_slide_with_its_name_points_and_call(notebook):
    made = deck.slides(notebook)
    blocks, said = on(made, "In class: `double`")
    assert blocks[0] == "**3 points** · `python course.py check 99/01`"
    assert blocks[1:] == ["```python\ndouble(x)\n```", "Return the double."]
    assert "*Hint 1:* Add." in said
    # What comes after the task is of the section around it.
    after = made[made.index(next(s for s in made if s.heading.startswith("In class"))) + 1]
    assert (after.heading, after.continued) == ("The idea", True)
    assert [block.title for block in after.blocks] == ['A "wide" one.', ""]
    assert after.blocks[1].text == "> It holds & lasts."


def test_a_question_is_asked_and_its_answer_is_said(notebook):
    blocks, said = on(deck.slides(notebook), "Check yourself")
    assert blocks == ["What is $x$?"] and "*Answer:* It is four." in said


def test_text_alone_shows_where_its_paragraphs_begin(notebook):
    blocks, said = on(deck.slides(notebook), "Text alone")
    assert blocks == ["- One thing.\n- Another thing."] and "And more." in said


def test_a_section_without_text_shows_what_it_printed(notebook):
    printed = v4.new_output("stream", text="a  b\n1  2\n")
    notebook.content.cells += [
        v4.new_markdown_cell("## Counted"),
        v4.new_code_cell("print(x)", outputs=[printed]),
    ]
    blocks, said = on(deck.slides(notebook), "Counted")
    assert blocks == ["```\na  b\n1  2\n```"] and said == ""


@pytest.mark.parametrize("code", [False, True])
def test_nothing_is_higher_than_a_slide(notebook, code):
    made = deck.slides(notebook, code=code)
    assert min(slide.left for slide in made) >= 0
    tall = next(b for s in made for b in s.blocks if b.title == "A tall one.")
    assert tall.width / (tall.height - measure.GAP) == pytest.approx(0.1, rel=0.05)
    tables = [block.text for slide in made for block in slide.blocks if block.kind == "html"]
    assert len(tables) > 1 and all("<th>a</th>" in table for table in tables)
    assert re.findall(r"row \d+", "".join(tables)) == [f"row {i}" for i in range(40)]


def test_code_is_shown_when_asked_for(notebook):
    kinds = [{b.kind for s in deck.slides(notebook, code=c) for b in s.blocks} for c in (0, 1)]
    shown = [b.text for s in deck.slides(notebook, code=True) for b in s.blocks]
    assert "```python\nx\n```" in shown and "```python\nimport numpy\n```" not in shown
    assert kinds[0] | {"code"} == kinds[1]


def alts(page):
    """Return the alternative texts of a page's pictures."""
    found, parser = [], HTMLParser()
    parser.handle_starttag = lambda tag, told: (
        found.append(dict(told)["alt"]) if tag == "img" else 0
    )
    parser.feed(page)
    return found


@pytest.mark.parametrize("code", [False, True])
def test_a_page_has_alternative_texts_and_formulas_and_no_solution(notebook, code):
    page = slides.page(notebook, deck.slides(notebook, code=code), {})
    for secret in ("secret_of_the_solution", "hidden_one", "assert double", "Because of it."):
        assert secret not in page
    assert alts(page) == ['A "wide" one.', "A tall one."]
    assert "An extra figure." not in page
    assert r"\begin{aligned}" in page and r"\frac{d}{e}" in page
    assert page.count("<aside") == sum(bool(s.notes) for s in deck.slides(notebook, code=code))
    assert "https://unpkg.com/reveal.js" in page and "require" not in page.split("<body")[0]


LECTURES = ("01_faces/01_mtcnn_face_detection", "06_graph_networks/01_gat_cora")
LECTURES += ("08_convnets_detection/06_iou_nms_yolo",)


@pytest.mark.parametrize("name", LECTURES)
def test_a_notebook_of_the_course_is_a_lecture(name):
    notebook = Notebook(NOTEBOOKS / f"{name}.ipynb")
    made = deck.slides(notebook)
    assert min(slide.left for slide in made) >= 0
    text = "\n".join(b.text for s in made for b in s.blocks if not b.width)
    said = "\n".join(note for slide in made for note in slide.notes)
    cells = notebook.content.cells
    secret = [c.source for c in cells if is_question(c)]
    for cell in cells:
        if is_solution(cell) or is_test(cell):
            marked = r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END"
            secret += [found[1] for found in re.findall(marked, cell.source, flags=re.S)]
    assert len(secret) >= 5
    for one in secret:
        assert one.strip() not in text + said
    headings = [p.text for c in cells[1:] for p in pieces(c.source) if p.kind == "heading"
                if c.cell_type == "markdown"]  # fmt: skip
    slides_of = [slide.heading for slide in made if not slide.continued]
    found = [h.replace("In class: ", "Task: ") for h in slides_of[slides_of.index(headings[0]) :]]
    found = [h for h in found if h != "Check yourself" and not h.startswith("Discuss:")]
    assert found == [re.sub(r" \(\d points?\)$", "", h) if "Task:" in h else h for h in headings]


def test_pictures_that_are_not_there_are_told(notebook, tmp_path):
    notebook.content.cells[7].source = "## Large\n\n![It](gone.svg)"
    with pytest.raises(Problem, match="gone.svg is not there"):
        deck.slides(notebook)
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 150"></svg>'
    (notebook.path.parent / "gone.svg").write_text(drawn)
    found = [b for s in deck.slides(notebook) for b in s.blocks if b.title == "It"]
    assert found[0].width == 640 and found[0].height == 320 + measure.GAP
    page = slides.page(notebook, deck.slides(notebook), {})
    assert base64.b64encode(drawn.encode()).decode() in page.replace("\n", "")


def test_copies_stand_beside_the_pages(notebook, tmp_path, monkeypatch, capsys):
    given = tmp_path / "reveal"
    for part in slides.REVEAL:
        (given / "package" / part).parent.mkdir(parents=True, exist_ok=True)
        (given / "package" / part).write_text("")
    (given / "package" / "dist" / "theme").unlink()
    (given / "package" / "dist" / "theme").mkdir()
    monkeypatch.setattr(slides, "BUILD", tmp_path / "build")
    monkeypatch.setattr(slides, "select", lambda names: [notebook])
    assert slides.main(["99/01", "--reveal", str(given)]) == 0
    page = (tmp_path / "build/slides/99_unit/01_a.html").read_text()
    assert '"../reveal.js/dist/reveal.js"' in page and "unpkg" not in page
    assert (tmp_path / "build/slides/reveal.js/dist/reveal.js").is_file()
    assert "99/01: 1" in capsys.readouterr().out
    (given / "package" / "dist" / "reveal.css").unlink()
    with pytest.raises(Problem, match=r"no copy of reveal.js 4 or 5: it has no dist/reveal.css"):
        slides.main(["99/01", "--reveal", str(given)])


def test_help_says_what_is_loaded(capsys):
    with pytest.raises(SystemExit):
        slides.main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "loads reveal.js and MathJax" in told and "--reveal FOLDER" in told
    assert "slides" in COMMANDS
