"""The findings that the README and the book begin with."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tools.notebook.common import ROOT, all_notebooks
from tools.publish import accepted, highlights, report


def test_numbers_of_the_full_run_stand_in_the_sentences():
    told = highlights.told(all_notebooks(), accepted.load("full"))
    assert [h.notebook for h in told] == [n for n in all_notebooks() if "highlight" in n.lesson]
    for highlight in told:
        picture = f"results/figures/{highlight.notebook.name}/{highlight.picture}.svg"
        assert (ROOT / picture).is_file()
        assert "{" not in highlight.title + highlight.text


def lesson(title):
    """Return a notebook whose lesson puts a finding forward."""
    told = {"highlight": {"picture": "curve", "title": title, "text": "No number here."}}
    return SimpleNamespace(id="01/01", name="unit/notebook", lesson=told)


def test_values_are_taken_from_the_metrics_and_averaged():
    full = {"unit/notebook": {"metrics": {"a": {"value": 0.5}, "b": {"value": [1, 2]}, "c": {}}}}
    (told,) = highlights.told([lesson("{a:.1%} and {b:.2f}")], full)
    assert told.title == "50.0\N{NO-BREAK SPACE}% and 1.50"
    assert highlights.told([SimpleNamespace(lesson={})], full) == []


def test_a_number_that_the_run_did_not_measure_is_no_finding():
    with pytest.raises(KeyError, match="a"):
        highlights.told([lesson("{a}")], {"unit/notebook": {"metrics": {}}})


def test_the_readme_begins_with_them():
    for line in report.readme_findings().splitlines():
        assert line in report.README.read_text(encoding="utf-8")
