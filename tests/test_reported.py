"""The numbers of the source reports, as the lessons have them: typed, and consistent."""

from __future__ import annotations

import ast
import math
import re

import pytest

from tools.notebook.common import ROOT, all_notebooks
from utils import lessons, results

WORDS = {"unit", "where", "note"}
METRIC = {"better", "setting", "reported", "goal", "exact", "test_items", "count", "tier", "seen"}
KINDS = {"setting", "shape", "result"}  # what a console prints beside these is left out
NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
NUMBER = r"-?\d+(\.\d+)?(e-?\d+)?"
TABLES = results.reported()
# Of the report's VGG16 on another set of cars, neither of which can be had.
NEVER_MEASURED = {"frozen_accuracy", "final_accuracy"}


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


@pytest.mark.parametrize("part", ["metrics", "printed"])
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
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
        assert fields.get("better", "lower") == "lower" and fields.get("exact", True) is True, name
        assert fields.get("tier", "sample") == "sample", name
        assert fields.get("count", "total") in ("trainable", "total"), name
        counted = name.endswith("parameters") and "exact" in fields
        assert ("count" in fields) == counted, f"{name}: say how parameters are counted"


@pytest.mark.parametrize("lesson", all_notebooks(), ids=lambda lesson: lesson.id)
def test_what_a_lesson_is_compared_in_is_recorded_by_it_or_beside_a_peer(lesson):
    names = set(results.benchmark_metrics(lesson.name)) | NEVER_MEASURED
    sources = [lesson.code]
    for module in re.findall(r"^from utils\.(\w+) import", lesson.code, flags=re.M):
        if (file := ROOT / "utils" / f"{module}.py").is_file():  # utils.sets is data's
            sources.append(file.read_text(encoding="utf-8"))
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr) and any(type(p) is ast.Constant for p in node.values):
            # f"{part}_accuracy" stands for any word before _accuracy
            parts = [re.escape(p.value) if type(p) is ast.Constant else r"\w+" for p in node.values]
            names.add("".join(parts))
    metrics = TABLES.get(lesson.name, {}).get("metrics", {})
    assert [n for n in metrics if not any(re.fullmatch(pattern, n) for pattern in names)] == []


def test_no_path_of_a_machine():
    for path in lessons.FOLDER.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"/(?:work|root|tmp|home)/|[A-Z]:\\|\.\./", text) == []
