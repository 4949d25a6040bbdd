"""Every question of the report on forged faces has one numbered heading in the unit."""

from __future__ import annotations

import re
from collections import Counter

from tools.notebook.common import ROOT, Notebook

UNIT = ROOT / "notebooks" / "09_deepfakes"
WHERE = {"01": range(1, 12), "02": range(12, 29), "03": range(29, 36), "04": ()}


def headings(number: str) -> list[str]:
    """The questions that a notebook's headings name: "Q7", "Rhetorical question 1".

    One heading may take two: "### Q21 and Q22. ..." names both.
    """
    (path,) = UNIT.glob(f"{number}_*.ipynb")
    texts = [
        "".join(c["source"]) for c in Notebook(path).raw["cells"] if c["cell_type"] == "markdown"
    ]
    pattern = r"^### (Q\d+(?: and Q\d+)?|Rhetorical question \d)\. \S"
    named = [found for text in texts for found in re.findall(pattern, text, re.MULTILINE)]
    return [question for found in named for question in found.split(" and ")]


def test_each_question_has_one_heading_in_its_notebook():
    found = {number: Counter(headings(number)) for number in WHERE}
    extra = {f"Rhetorical question {k}" for k in (1, 2)}
    assert sum(found.values(), Counter()) == Counter([f"Q{k}" for k in range(1, 36)] + [*extra])
    for number, questions in WHERE.items():
        assert set(found[number]) - extra == {f"Q{k}" for k in questions}
