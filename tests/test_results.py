"""Verdicts on measured values, and whether the training code of a full run is still the same."""

import json

import pytest

from utils import results


@pytest.mark.parametrize(
    ("entry", "expected", "verdict"),
    [
        (None, {"reported": 0.9}, "not run"),
        ({"value": 0.9, "data": "sample"}, {"reported": 0.9}, "other data"),
        ({"value": 0.9, "data": "real"}, {"goal": ">=0.8"}, "better"),
        ({"value": 12075, "data": "none"}, {"reported": 12075, "exact": True}, "equal"),
        ({"value": 12076, "data": "none"}, {"reported": 12075, "exact": True}, "short"),
        ({"value": 0.88, "sd": 0.02, "data": "real"}, {"reported": 0.9}, "equal"),
        ({"value": 0.96, "sd": 0.02, "data": "real"}, {"reported": 0.9}, "better"),
        ({"value": 0.8917, "data": "real"}, {"reported": 0.9, "test_items": 120}, "equal"),
        ({"value": 0.05, "sd": 0.02, "data": "real"}, {"reported": 0.03}, results.WITHIN),
        ({"value": 3.0, "data": "real"}, {"reported": "8.0", "other": "no machine"}, "other data"),
        ({"value": 0.6, "data": "real"}, {"reported": "1.0"}, "short"),
        ({"value": 0.96, "data": "real"}, {"reported": "1.0"}, "equal"),
        ({"value": 0.904, "data": "real"}, {"reported": "0.90"}, "equal"),
        ({"value": 0.906, "data": "real"}, {"reported": "0.90"}, "better"),
        ({"value": 0.9588, "data": "real"}, {"reported": "0.9562", "test_items": 2648}, "within"),
        ({"value": 0.9724, "data": "real"}, {"reported": "0.9819", "test_items": 2648}, "short"),
        ({"value": 33, "data": "real"}, {"reported": 33, "constructed": "so"}, "by construction"),
        ({"value": 0.0, "data": "stand-in"}, {"miss": "nothing was found"}, "short"),
        ({"value": 0.9, "data": "stand-in"}, {"reported": "0.9"}, "other data"),
        ({"value": 9.0, "data": "real"}, {"goal": "<= 8", "unit": "ms"}, "short"),
        ({"value": 0.99, "data": "real"}, {"reported": 0.85, "goal": ">= 0.995"}, "short"),
        ({"value": 0.5, "data": "real"}, {"note": "beside it"}, ""),
        ({"value": [0.5, 0.6], "data": "real"}, {"reported": [0.46, 0.47]}, "better"),
        ({"value": [0.98, 0.96], "data": "real"}, {"goal": ">= 0.97"}, "short"),
        ({"value": [0.6196, 0.6273], "data": "real"}, {"reported": [0.627, 0.6196]}, "short"),
        ({"value": 0.4, "data": "real"}, {"reported": 1e-5, "better": "lower"}, "short"),
        ({"value": 1234570, "data": "real"}, {"reported": 1234568, "better": "lower"}, "short"),
    ],
)
def test_verdict(entry, expected, verdict):
    assert results.verdict(entry, expected) == verdict


def test_a_gap_says_whether_a_single_run_reached_the_printed_value():
    runs = {"value": 0.9, "sd": 0.02, "n": 3, "runs": [0.88, 0.9, 0.92], "data": "real"}
    assert results.gap(runs, {"reported": "0.91"}) == "gap 0.01; 1 of 3 runs reach it"
    known = {name: runs[name] for name in ("value", "sd", "n")}
    assert results.gap(known, {"reported": "0.93"}) == "gap 0.03; no single run reaches it"
    assert results.gap(known, {"reported": "0.92"}) == "gap 0.02"
    assert results.gap({"value": 0.2}, {"reported": "0.1", "better": "lower"}) == "gap 0.1"


def test_a_row_counts_the_numbers_of_a_long_list():
    entry = {"value": [0.5] * 9, "data": "real"}
    row = results.row("shares", entry, {"reported": list(range(9))})
    assert row[1:3] == ["0, 1, 2, 3, 4, 5, 6, 7, 8", "9 numbers"]
    assert results.row("shares", entry | {"value": [0.5] * 3}, {})[2] == "0.5, 0.5, 0.5"


def test_training_cells_decide_whether_the_code_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "ROOT", tmp_path)
    path = tmp_path / "notebooks" / "98_trial" / "01_trial.ipynb"
    path.parent.mkdir(parents=True)
    assert results.code_hash("98_trial/01_trial") == ""

    def hashed(other, training):
        sources = [(other, {}), (training, {"tags": ["training"]})]
        cells = [{"cell_type": "code", "source": s, "metadata": m} for s, m in sources]
        path.write_text(json.dumps({"cells": cells}))
        return results.code_hash("98_trial/01_trial")

    first = hashed("x = 1", "model.fit(x, epochs=3)")
    assert first == hashed("x = 2", "model.fit(x, epochs=3)  # short\n\n") != ""
    assert first == hashed("x = 1", "model.fit(x, epochs=3);")
    assert first != hashed("x = 1", "model.fit(x, epochs=4)")
    # A line that moves out of a loop, and what looks like a comment in a string, are other code.
    loop = "for _ in range(3):\n    fit(x)\n    fit(x)"
    assert hashed("", loop) != hashed(
        "", loop.replace("    fit(x)", "fit(x)").replace("f", "    f", 1)
    )
    assert hashed("", loop) != hashed("", "for _ in range(3):\n    fit(x)\nfit(x)")
    assert hashed("", "draw('a #1')") != hashed("", "draw('a #2')")
    text = 'names = """one\n\n  two  # {}\n"""'
    assert hashed("", text.format(1)) != hashed("", text.format(2))
    assert hashed("", text.format(1)) != hashed("", text.format(1).replace("\n\n", "\n"))
    documented = 'def f(x):\n    """{}"""\n    return x'
    assert hashed("", documented.format("One.\n\n    Two.")) == hashed("", documented.format("A"))
    beside = 'def f(x):\n    """Doc."""; x = {}\n    return x'
    assert hashed("", beside.format(1)) != hashed("", beside.format(2))
    joined = 'print("a"{}\n      f"b{{x}}")'
    assert hashed("", joined.format("  # one\n    # two")) == hashed("", joined.format(""))
