"""The numbers of the source reports, as the lessons have them: typed, and consistent."""

import math
import re

import pytest

from tools.notebook.common import all_notebooks
from tools.publish import results as page
from utils import lessons, results

REASONS = {"miss", "constructed", "other"}  # why a verdict needs no arithmetic
WORDS = {"why", "unit", "where", "note", "by", "same_as"} | REASONS
METRIC = {"better", "reported", "goal", "exact", "test_items", "count", "seen"}
KINDS = {"setting", "shape", "result"}  # what a console prints beside these is left out
CHOICES = {
    "by": list(results.PRINTED_BY),
    "better": ["lower"],
    "exact": [True],
    "count": ["trainable", "total"],
}
GAP = r"^gap [\d.,]+(; no single run reaches it|; \d+ of \d+ runs reach it)?(; )?"
NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
NUMBER = r"-?\d+(\.\d+)?(e-?\d+)?"
TABLES = results.reported()


def is_number(value: object) -> bool:
    """Return whether the value is a finite number; TOML's booleans are none."""
    return type(value) in (int, float) and math.isfinite(value)


def is_printed(value: object, part: str) -> bool:
    """Return whether a report may print the value: a number, a list of them, or short words.

    A number with a point is kept as text, because 1.0 and 1 are not as precise.
    """
    if isinstance(value, list):
        return bool(value) and all(is_printed(each, "metrics") for each in value)
    if isinstance(value, str):
        number = re.fullmatch(NUMBER, value) is not None
        return number or (part == "printed" and 0 < len(value) <= 250)
    return type(value) is int


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
        judged = part == "metrics" and bool({"reported", "miss"} & set(fields))
        assert ("by" in fields) == judged, f"{name}: say who prints it"


def test_a_number_is_counted_in_a_row_that_is_there():
    for name, table in TABLES.items():
        for fields in table.get("metrics", {}).values():
            if "same_as" in fields:
                page, _, metric = f"{name}:{fields['same_as']}".rpartition(":")
                other = TABLES[page.rpartition(":")[2]]["metrics"][metric]
                assert "same_as" not in other and other["reported"] == fields["reported"]


def test_no_path_of_a_machine():
    for path in lessons.FOLDER.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"/(?:work|root|tmp|home)/|[A-Z]:\\|\.\./", text) == []


def test_what_is_short_says_why():
    tables = [rows for n in all_notebooks() for rows in page.compared(n.name).values()]
    rows = [row for rows in tables for row in rows if row[0] == "short"]
    assert [row for row in rows if not re.sub(GAP, "", row[-1])] == []
