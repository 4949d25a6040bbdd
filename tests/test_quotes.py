"""What a reproduction puts between quotation marks as a report's words stands in a report.

Runs where the variable COURSE_REPORTS_DIR names a folder with the reports as text files.
"""

import os
import re
from pathlib import Path

import pytest

from tools.notebook.cells import below_line
from tools.notebook.common import all_notebooks

REPORTS = Path(os.environ.get("COURSE_REPORTS_DIR") or "none")
CODE = re.compile(r"```.*?```|`[^`]*`", re.S)
QUOTE = re.compile(r'(?<!\w)["“](\w[^"”\n]* [^"”\n]*)["”]')  # of two words or more


def words(text):
    """Return the words and numbers of a text, without marks, capitals and line ends."""
    return " ".join(re.findall(r"[a-z0-9.%]+", text.lower())).strip(" .")


@pytest.fixture(scope="module")
def reports():
    paths = sorted(REPORTS.glob("*.txt"))
    if not paths:
        pytest.skip("COURSE_REPORTS_DIR names no folder with reports")
    return words(" ".join(path.read_text(encoding="utf-8") for path in paths))


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_quoted_words_are_those_of_a_report(notebook, reports):
    texts = [c.source for c in below_line(notebook.content.cells) if c.cell_type == "markdown"]
    quotes = QUOTE.findall(CODE.sub("", "\n".join(texts)))
    assert [quote for quote in quotes if words(quote) not in reports] == []
