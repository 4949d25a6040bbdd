"""Slides: what of a notebook they show, and that no solution, hidden test or answer is in them."""

import re
from html.parser import HTMLParser

import pytest
from nbformat import v4

from tools.notebook.common import NOTEBOOKS, Notebook, Problem, all_notebooks, write_notebook
from tools.teach import generate, slides

GAT = Notebook(NOTEBOOKS / "06_graph_networks" / "01_gat_cora.ipynb")


class Page(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def named(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_no_solution_hidden_test_or_answer_is_on_a_slide(notebook):
    shown = slides.lecture(notebook, code=True).cells
    blocks = {block for cell in shown for block in generate.blocks(cell.source)}
    lines = {line.strip() for cell in shown for line in cell.source.splitlines()}
    for name, kind, secret in generate.secrets(notebook):
        assert not generate.blocks(secret) & blocks, f"{kind} of {name}"
        if kind == "model answer":
            assert not {line.strip() for line in secret.splitlines() if len(line) > 20} & lines
    text = "\n".join(cell.source for cell in shown)
    assert not re.search(r"BEGIN SOLUTION|HIDDEN TESTS|<details|<summary|\*Rubric", text)
    assert all(c.source.count("```") % 2 == c.source.count("$$") % 2 == 0 for c in shown)


@pytest.mark.parametrize("code", [False, True])
def test_page_has_a_slide_for_each_heading_and_its_pictures_have_texts(code):
    text = slides.page(GAT, code=code)
    page = Page(text)
    texts = (c.source for c in GAT.content.cells if c.cell_type == "markdown")
    levels = re.findall(r"^(#+) ", "\n".join(texts), flags=re.M)
    upper = [level for level in levels if len(level) < 3]  # a stack around each of these
    assert len(page.named("section")) == len(levels) + len(upper)
    figures = [c.metadata.mystnb.image.alt for c in GAT.content.cells if "mystnb" in c.metadata]
    assert set(figures) <= {picture["alt"] for picture in page.named("img")}
    assert all(picture["src"].startswith("data:image/") for picture in page.named("img"))
    assert ("def edge_scores" in re.sub("<[^>]+>", "", text)) == code


def test_command_links_copies_of_the_libraries(tmp_path, monkeypatch, capsys):
    notebook = Notebook(tmp_path / "99_unit" / "01_a.ipynb")
    notebook.path.parent.mkdir()
    write_notebook(notebook.path, v4.new_notebook(cells=[v4.new_markdown_cell("# A & B")]))
    monkeypatch.setattr(slides, "BUILD", tmp_path)
    monkeypatch.setattr(slides, "select", lambda names: [notebook])
    folder = tmp_path / "slides" / "node_modules"
    with pytest.raises(Problem, match=r"has no reveal\.js/dist/reveal\.js"):
        slides.main(["99/01", "--libraries", str(folder)])
    for file in ("reveal.js/dist/reveal.js", "mathjax/MathJax.js"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    slides.main(["99/01", "--libraries", str(folder)])
    assert "99/01: " in capsys.readouterr().out
    page = Page((tmp_path / "slides" / "99_unit" / "01_a.html").read_text(encoding="utf-8"))
    scripts = [script["src"] for script in page.named("script") if "src" in script]
    assert scripts and all(script.startswith("../node_modules/") for script in scripts)
