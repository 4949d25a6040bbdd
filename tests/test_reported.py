"""The numbers of the source reports, as the lessons have them: typed, and consistent."""

import math
import re

import pytest

from tools.notebook.common import all_notebooks
from tools.publish import results as page
from utils import lessons, results

WORDS = {"why", "unit", "where", "note"}
METRIC = {"better", "setting", "reported", "goal", "exact", "test_items", "count", "seen"}
KINDS = {"setting", "shape", "result"}  # what a console prints beside these is left out
CHOICES = {"better": ["lower"], "exact": [True], "count": ["trainable", "total"]}
NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
NUMBER = r"-?\d+(\.\d+)?(e-?\d+)?"
TABLES = results.reported()


def is_number(value: object) -> bool:
    """Return whether the value is a finite number; TOML's booleans are none."""
    return type(value) in (int, float) and math.isfinite(value)


def is_printed(value: object, part: str) -> bool:
    """Return whether a report may print the value: a number, a list of them, or short words."""
    if isinstance(value, list):
        return bool(value) and all(map(is_number, value))
    return is_number(value) or (part == "printed" and type(value) is str and 0 < len(value) <= 250)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_is_whole(table):
    assert {"report", "section"} <= set(table)
    assert set(table) <= {"report", "section", "figures", "metrics", "printed"}
    texts = [table["report"], table["section"], *table.get("figures", [])]
    assert all(isinstance(text, str) and text.strip() for text in texts)
    assert not set(table.get("metrics", {})) & set(table.get("printed", {})), "one name, one number"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("part", ["metrics", "printed"])
def test_numbers_have_known_fields_of_the_right_kind(table, part):
    known = METRIC | WORDS if part == "metrics" else {"reported", "kind"} | WORDS
    for name, fields in table.get(part, {}).items():
        assert re.fullmatch(NAME, name)
        assert fields and set(fields) <= known, name
        assert all(isinstance(fields[f], str) and fields[f].strip() for f in WORDS & set(fields))
        assert ("reported" in fields) == ("where" in fields), name
        assert is_printed(fields.get("reported", 0), part), name
        assert part == "metrics" or ("reported" in fields and fields["kind"] in KINDS), name
        assert re.fullmatch(rf"(>=|<=) {NUMBER}", fields.get("goal", ">= 0")), name
        assert is_number(fields.get("seen", 0)), name
        for field, values in CHOICES.items():
            assert fields.get(field, values[0]) in values, name
        counted = name.endswith("parameters") and "exact" in fields
        assert ("count" in fields) == counted, f"{name}: say how parameters are counted"


def test_no_path_of_a_machine():
    for path in lessons.FOLDER.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"/(?:work|root|tmp|home)/|[A-Z]:\\|\.\./", text) == []


def test_what_is_short_says_why():
    rows = [cells for n in all_notebooks() for cells in page.compared(n.name)]
    assert [row for row in rows if row[0] == "short" and not row[-1]] == []
