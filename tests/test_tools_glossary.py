"""The glossary and the map: every section, link and arrow in them leads to what is there."""

import re
from functools import cache
from graphlib import TopologicalSorter

import pytest

from tools.notebook.common import Notebook, all_notebooks
from tools.publish import glossary, roadmap
from utils import lessons

TERMS = glossary.terms()
NOTEBOOKS = {n.id: n for n in all_notebooks()}
MOST_LINKS = 4


@cache
def headings(name):
    """Return the headings of a notebook."""
    cells = [c for c in NOTEBOOKS[name].raw["cells"] if c["cell_type"] == "markdown"]
    texts = ("".join(c["source"]) for c in cells)
    return [h for text in texts for h in re.findall(r"^#{1,4} (.+?) *$", text, flags=re.M)]


def test_a_term_names_one_section_that_is_there():
    found = {term.name: headings(term.notebook).count(term.heading) for term in TERMS}
    assert {name: count for name, count in found.items() if count != 1} == {}


def test_anchors_differ_and_links_between_terms_lead_somewhere():
    anchors = [term.anchor for term in TERMS]
    assert len(set(anchors)) == len(anchors)
    links = [link for term in TERMS for link in re.findall(r"\]\(#([^)]+)\)", term.text)]
    assert links and set(links) <= set(anchors)


def test_every_notebook_explains_a_term():
    assert {term.notebook for term in TERMS} == set(NOTEBOOKS)


def test_notebooks_link_to_terms_where_they_say_what_to_know():
    known = {f"../../docs/glossary.md#{term.anchor}" for term in TERMS}
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


@pytest.fixture
def course(monkeypatch):
    """Return a function that makes a course of notebooks with these prerequisites its page."""

    def page(prerequisites):
        made = []
        for i, before in prerequisites.items():
            unit = next(u for u in lessons.units() if u[:2] == i[:2])
            notebook = Notebook(roadmap.ROOT / "notebooks" / unit / f"{i[3:]}_one.ipynb")
            course = {"prerequisites": before}
            cells = [{"source": [f'# Title "{i}"\n']}]
            notebook.__dict__["raw"] = {"metadata": {"course": course}, "cells": cells}
            made.append(notebook)
        monkeypatch.setattr(roadmap, "all_notebooks", lambda: made)
        monkeypatch.setattr(Notebook, "hours", 2)
        return roadmap.pages()[roadmap.PAGE]

    return page


def test_the_map_draws_neighbours_and_leaves_out_what_follows(course):
    chain = {"01/01": [], "01/02": ["01/01"], "01/03": ["01/01", "01/02"]}
    text = course(chain | {"03/01": ["01/03"]})
    first, *_ = re.findall(r"^## 01 faces\n\n(.*?)^```$", text, flags=re.M | re.S)
    assert re.findall(r"n(\d+) --> n(\d+)", first) == [
        *(("0101", "0102"), ("0102", "0103"), ("0103", "0301"))
    ]
    assert 'n0301["03/01<br>Title #quot;03/01#quot;"]:::other' in first
    assert "u01 --> u03" in text and 'u01["01 faces<br>3 notebooks, 6 h"]' in text
    row = next(line for line in text.splitlines() if line.startswith("| [01/02"))
    assert re.findall(r"\[(\d\d/\d\d)\]", row) == ["01/01", "01/03"]
