"""Slides: what of a notebook they show, and that no solution, hidden test or answer is in them."""

import html
import re

import pytest
from nbformat import v4

from tools.notebook.cells import above_line
from tools.notebook.common import NOTEBOOKS, Notebook, Problem, all_notebooks, write_notebook
from tools.teach import generate, slides

GAT = Notebook(NOTEBOOKS / "06_graph_networks" / "01_gat_cora.ipynb")


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_no_solution_hidden_test_or_answer_is_on_a_slide(notebook):
    lecture = Notebook(notebook.path)
    lecture.__dict__["content"] = slides.lecture(notebook, code=True)
    leaks = generate.leaks([notebook], lecture)
    assert [leak for leak in leaks if not leak.endswith("still has outputs")] == []
    shown = lecture.content.cells
    text = "\n".join(cell.source for cell in shown)
    assert not re.search(r"BEGIN SOLUTION|HIDDEN TESTS|<details|<summary|\*Rubric", text)
    for cell in shown:
        assert not cell.source.startswith("*Answer") or slides.kind_of(cell) == "notes"
    asked, told = (text.count(words) for words in ("**Check yourself", slides.SPOKEN))
    assert asked == told, "each self-check has its answer in the notes"
    assert all(c.source.count("```") % 2 == c.source.count("$$") % 2 == 0 for c in shown)


def test_a_page_has_a_slide_for_each_heading_and_its_pictures_have_texts():
    short, whole = (slides.page(GAT, code=code) for code in (False, True))
    lesson = above_line(GAT.content.cells)
    texts = (c.source for c in lesson if c.cell_type == "markdown")
    levels = re.findall(r"^(#+) ", "\n".join(texts), flags=re.M)
    assert short.count("<section") > len(levels)  # a second slide where a figure has no room
    for slide in re.split("<section", short):
        assert slide.count("<img") <= 1 and "Setup" not in slide
    images = re.findall(r"<img[^>]+>", short)
    assert all('src="data:image/' in image for image in images)
    descriptions = {html.unescape(re.search('alt="([^"]*)"', image)[1]) for image in images}
    figures = [c.metadata.mystnb.image.alt for c in lesson if "mystnb" in c.metadata]
    assert figures and set(figures) <= descriptions
    for page, has_long_code in ((short, False), (whole, True)):
        assert ("def edge_scores" in re.sub("<[^>]+>", "", page)) == has_long_code


def test_slides_end_above_the_line_with_the_attached_picture_and_no_progress_line(tmp_path):
    title = v4.new_markdown_cell("# A\n\n![a fit](attachment:fit.png)")
    title["attachments"] = {"fit.png": {"image/png": "AAAA"}}
    fit = v4.new_code_cell("fit()")
    for text in ("seed 0: 30 epochs", "seed 1: 30 epochs"):
        fit.outputs.append(v4.new_output("display_data", {"text/plain": text}))
    below = v4.new_markdown_cell("## Reproduction", metadata={"tags": ["reproduction"]})
    notebook = Notebook(tmp_path / "99_unit" / "01_a.ipynb")
    notebook.path.parent.mkdir()
    write_notebook(notebook.path, v4.new_notebook(cells=[title, fit, below]))
    *_, picture, code = slides.lecture(notebook).cells
    assert picture.source.startswith("![a fit]")
    assert (code.source, code.outputs) == ("fit()", [])
    assert "data:image/png;base64,AAAA" in slides.page(notebook)


def test_a_last_paragraph_that_would_be_alone_on_its_slide_is_spoken(tmp_path):
    code = v4.new_code_cell("\n".join(f"a = {n}" for n in range(9)))
    code.outputs = [v4.new_output("stream", text="1\n" * 12)]
    texts = ["## A", "One more remark on it.", "## B"]
    a, remark, b = map(v4.new_markdown_cell, texts)
    notebook = Notebook(tmp_path / "99_unit" / "01_a.ipynb")
    notebook.path.parent.mkdir()
    write_notebook(notebook.path, v4.new_notebook(cells=[a, code, remark, b]))
    shown = slides.lecture(notebook).cells
    kinds = [(slides.kind_of(c), c.source) for c in shown if c.cell_type == "markdown"]
    assert kinds == list(zip(["slide", "notes", "slide"], texts, strict=True))


def test_command_links_copies_of_the_libraries(tmp_path, monkeypatch):
    notebook = Notebook(tmp_path / "99_unit" / "01_a.ipynb")
    notebook.path.parent.mkdir()
    write_notebook(notebook.path, v4.new_notebook(cells=[v4.new_markdown_cell("# A & B")]))
    monkeypatch.setattr(slides, "BUILD", tmp_path)
    monkeypatch.setattr(slides, "select", lambda names: [notebook])
    folder = tmp_path / "slides" / "node_modules"
    with pytest.raises(Problem, match=r"reveal\.js/dist/reveal\.js"):
        slides.main(["99/01", "--libraries", str(folder)])
    for file in ("reveal.js/dist/reveal.js", "mathjax/MathJax.js"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    slides.main(["99/01", "--libraries", str(folder)])
    page = (tmp_path / "slides" / "99_unit" / "01_a.html").read_text(encoding="utf-8")
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', page)
    assert scripts and all(script.startswith("../node_modules/") for script in scripts)
