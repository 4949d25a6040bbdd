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


def test_each_question_has_one_heading():
    found = Counter(heading for number in WHERE for heading in headings(number))
    asked = [f"Q{k}" for k in range(1, 36)] + ["Rhetorical question 1", "Rhetorical question 2"]
    assert found == Counter(asked)


def test_each_question_stands_in_its_notebook():
    for number, questions in WHERE.items():
        there = [int(name[1:]) for name in headings(number) if name.startswith("Q")]
        assert sorted(there) == list(questions)  # a page may answer them in another order


def test_each_question_is_followed_by_an_answer():
    for number in WHERE:
        (path,) = UNIT.glob(f"{number}_*.ipynb")
        question, answer = "", ""  # the heading read last, and the text since, outputs left out
        for cell in [*Notebook(path).raw["cells"], {"source": "# end", "cell_type": "markdown"}]:
            for line in "".join(cell["source"]).splitlines():
                if cell["cell_type"] == "markdown" and line.startswith("#"):
                    enough = len(answer) >= 80 and len(answer.split()) >= 10
                    is_question = re.match(r"### (Q\d|Rhet)", question)
                    assert not is_question or enough, f"{path.name}: {question}: {answer}"
                    question, answer = line, ""
                else:
                    answer += f"{line} "
