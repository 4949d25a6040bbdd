"""The glossary: every section and link in it leads to what is there."""

import re
from pathlib import Path

from tools.notebook.common import Notebook, all_notebooks
from tools.publish import glossary
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
