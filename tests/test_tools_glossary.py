"""The glossary and the map: every section, link and arrow in them leads to what is there."""

import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from tools.notebook.common import Notebook, all_notebooks
from tools.publish import glossary, overview
from utils import lessons

NOTEBOOKS = {n.id: n for n in all_notebooks()}
TERMS = [(Notebook(Path(lesson)).id, term) for lesson, term in lessons.terms()]
ANCHORS = [glossary.anchor(term["name"]) for _, term in TERMS]
MOST_LINKS = 4


@cache
def headings(name):
    """Return the headings of a notebook."""
    cells = [c for c in NOTEBOOKS[name].raw["cells"] if c["cell_type"] == "markdown"]
    texts = ("".join(c["source"]) for c in cells)
    return [h for text in texts for h in re.findall(r"^#{1,4} (.+?) *$", text, flags=re.M)]


def test_a_term_names_one_section_that_is_there_and_every_notebook_explains_one():
    for notebook, term in TERMS:
        assert headings(notebook).count(term["heading"]) == 1, term["name"]
    assert {notebook for notebook, _ in TERMS} == set(NOTEBOOKS)


def test_anchors_differ_and_links_between_terms_lead_somewhere():
    assert len(set(ANCHORS)) == len(ANCHORS)
    links = [link for _, term in TERMS for link in re.findall(r"\]\(#([^)]+)\)", term["text"])]
    assert links and set(links) <= set(ANCHORS)


def test_notebooks_link_to_terms_where_they_say_what_to_know():
    known = {f"../../docs/glossary.md#{anchor}" for anchor in ANCHORS}
    for name, notebook in NOTEBOOKS.items():
        text = "\n".join("".join(c["source"]) for c in notebook.raw["cells"])
        links = re.findall(r"\]\(([^)\s]*glossary\.md[^)\s]*)\)", text)
        row = next(line for line in text.splitlines() if line.startswith("| You should know |"))
        assert len(links) <= MOST_LINKS and all(link in row for link in links), name
        assert set(links) <= known, name


def test_prerequisites_are_notebooks_and_go_round_in_no_circle():
    before = {i: n.prerequisites for i, n in NOTEBOOKS.items()}
    assert set().union(*before.values()) <= set(NOTEBOOKS)
    TopologicalSorter(before).prepare()  # raises CycleError


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
