"""The glossary and the map: every section, link and arrow in them leads to what is there."""

import re
from pathlib import Path

from tools.notebook.common import Notebook, all_notebooks
from tools.publish import glossary, overview
from utils import lessons

NOTEBOOKS = {n.id: n for n in all_notebooks()}
TEXTS = {
    name: "\n".join("".join(c["source"]) for c in n.raw["cells"] if c["cell_type"] == "markdown")
    for name, n in NOTEBOOKS.items()
}
TERMS = [(Notebook(Path(lesson)).id, term) for lesson, term in lessons.terms()]
ANCHORS = [glossary.anchor(term["name"]) for _, term in TERMS]
MOST_LINKS = 4


def test_a_term_names_one_section_that_is_there_and_every_notebook_explains_one():
    for notebook, term in TERMS:
        headings = re.findall(r"^#{1,4} (.+?) *$", TEXTS[notebook], flags=re.M)
        assert headings.count(term["heading"]) == 1, term["name"]
    assert {notebook for notebook, _ in TERMS} == set(NOTEBOOKS)


def test_anchors_differ_and_links_to_them_lead_somewhere():
    assert len(set(ANCHORS)) == len(ANCHORS)
    links = [link for _, term in TERMS for link in re.findall(r"\]\(#([^)]+)\)", term["text"])]
    assert links and set(links) <= set(ANCHORS)
    for name, text in TEXTS.items():  # where a notebook says what to know
        links = re.findall(r"\]\([^)\s]*glossary\.md#?([^)\s]*)\)", text)
        row = next(line for line in text.splitlines() if line.startswith("| You should know |"))
        assert len(links) <= MOST_LINKS and set(links) <= set(ANCHORS), name
        assert all(f"](../../docs/glossary.md#{link})" in row for link in links), name


def test_the_map_draws_units_and_lists_notebooks():
    text = overview.map_page()
    assert "u01 --> u07" in text and 'u01["01 faces<br>6 notebooks, 13 h"]' in text
    rows = {line[3:8]: line for line in text.splitlines() if line.startswith("| [")}
    assert rows.keys() == NOTEBOOKS.keys()
    for name, notebook in NOTEBOOKS.items():
        *_, before, after = rows[name].removesuffix(" |").split(" | ")
        follows = [i for i, n in NOTEBOOKS.items() if name in n.prerequisites]
        assert re.findall(r"\[(\d\d/\d\d)\]", before) == notebook.prerequisites
        assert re.findall(r"\[(\d\d/\d\d)\]", after) == follows
