"""The numbers of the source reports, as the lessons tell them: typed, and consistent."""

from __future__ import annotations

import ast
import math
import re

import pytest

from tools.notebook.common import ROOT, all_notebooks
from tools.publish import results as page
from utils import lessons, results

WORDS = {"why", "unit", "where", "note"}
METRIC = {"better", "setting", "reported", "goal", "exact", "test_items", "count", "tier", "seen"}
KINDS = {"setting", "shape", "result"}  # what a console says beside is not kept
NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
NUMBER = r"-?\d+(\.\d+)?(e-?\d+)?"
TABLES = results.reported()
NUMBERS = [
    pytest.param(part, name, fields, id=f"{lesson}: {name}")
    for lesson, table in TABLES.items()
    for part in ("metrics", "printed")
    for name, fields in table.get(part, {}).items()
]
# Of the report's VGG16 on another set of cars, neither of which can be had.
NEVER_MEASURED = {"frozen_accuracy", "final_accuracy"}


def is_number(value: object) -> bool:
    """Tell whether the value is a finite number; TOML's booleans are none."""
    return type(value) in (int, float) and math.isfinite(value)


def is_printed(value: object, part: str) -> bool:
    """Tell whether a report may print the value: a number, a list of them, or short words."""
    if isinstance(value, list):
        return bool(value) and all(map(is_number, value))
    return is_number(value) or (part == "printed" and type(value) is str and 0 < len(value) <= 250)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_is_whole(table):
    assert {"report", "section"} <= set(table)
    assert set(table) <= {"report", "section", "figures", "metrics", "printed"}
    texts = [table["report"], table["section"], *table.get("figures", [])]
    assert all(isinstance(text, str) and text.strip() for text in texts)
    assert len(set(texts)) == len(texts)
    assert not set(table.get("metrics", {})) & set(table.get("printed", {})), "one name, one number"


@pytest.mark.parametrize(("part", "name", "fields"), NUMBERS)
def test_a_number_is_told_in_known_fields_of_the_right_kind(part, name, fields):
    assert re.fullmatch(NAME, name)
    known = METRIC | WORDS if part == "metrics" else {"reported", "kind"} | WORDS
    assert fields and set(fields) <= known
    for field in WORDS & set(fields):
        assert isinstance(fields[field], str) and fields[field].strip() == fields[field] != ""
    assert ("reported" in fields) == ("where" in fields)
    assert "reported" not in fields or is_printed(fields["reported"], part)
    assert part == "metrics" or ("reported" in fields and fields["kind"] in KINDS)
    assert re.fullmatch(rf"(>=|<=) {NUMBER}", fields.get("goal", ">= 0"))
    assert is_number(fields.get("seen", 0))
    assert "seen" not in fields or {"goal", "reported"} & set(fields)
    assert fields.get("better", "lower") == "lower"
    assert "better" not in fields or ("reported" in fields and "goal" not in fields)
    assert fields.get("exact", True) is True
    assert "exact" not in fields or type(fields["reported"]) is int
    assert fields.get("tier", "sample") == "sample"
    assert fields.get("count", "total") in ("trainable", "total")
    counted = name.endswith("parameters") and "exact" in fields
    assert ("count" in fields) == counted, "an exact parameter count says how it is counted"


@pytest.mark.parametrize("lesson", all_notebooks(), ids=lambda lesson: lesson.id)
def test_what_a_lesson_is_held_to_is_recorded_by_it_or_beside_a_peer(lesson):
    names = set(results.benchmark_metrics(lesson.name)) | NEVER_MEASURED
    sources = [lesson.code]
    for module in re.findall(r"^from utils\.(\w+) import", "\n".join(sources), flags=re.M):
        if (file := ROOT / "utils" / f"{module}.py").is_file():  # utils.sets is data's
            sources.append(file.read_text(encoding="utf-8"))
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    for node in nodes:  # f"{part}_accuracy" stands for any word before _accuracy
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr) and any(type(p) is ast.Constant for p in node.values):
            parts = [re.escape(p.value) if type(p) is ast.Constant else r"\w+" for p in node.values]
            names.add("".join(parts))
    held_to = TABLES.get(lesson.name, {}).get("metrics", {})
    assert [name for name in held_to if not any(re.fullmatch(one, name) for one in names)] == []


def test_no_path_of_a_machine():
    for path in lessons.FOLDER.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"/(?:work|root|tmp|home)/|[A-Z]:\\|\.\./", text) == []


def test_what_is_short_says_why():
    rows = [cells for n in all_notebooks() for cells in page.compared(n.name)]
    assert [cells for cells in rows if cells[-1] == "short"] == []
