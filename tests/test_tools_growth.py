"""Cost against size: the fitted line, where times leave it, and what is drawn of both."""

import json

import pytest

from tools.notebook.common import Problem
from tools.publish import accepted, bench, growth


def points(sizes, seconds):
    """Return measured points."""
    return [
        {"size": size, "seconds": time, "repeats": 1}
        for size, time in zip(sizes, seconds, strict=True)
    ]


def test_the_slope_of_the_largest_sizes_is_the_exponent():
    sizes = [10, 100, 1_000, 10_000, 100_000]
    line = growth.fitted(points(sizes, [3e-6 * n**1.5 for n in sizes]))
    assert line.exponent == pytest.approx(1.5) and line.at(100) == pytest.approx(3e-3)
    assert (line.begins, line.ends) == (10, 100_000)


def test_what_every_call_costs_is_seen_to_leave_the_line():
    sizes = [10, 100, 1_000, 10_000, 100_000, 1_000_000]
    line = growth.fitted(points(sizes, [0.01 + 1e-3 * n for n in sizes]))
    assert line.exponent == pytest.approx(1, abs=0.01)
    assert (line.begins, line.ends) == (100, 1_000_000)


def test_a_time_that_jumps_off_is_not_on_the_line():
    line = growth.fitted(points([1, 2, 4, 8, 16, 32, 64], [1, 2, 20, 8, 16, 32, 64]))
    assert (line.begins, line.ends) == (8, 64)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Return a way to accept measurements into a folder of the test's own."""
    monkeypatch.setattr(accepted, "RESULTS", tmp_path)

    def keep(**parts):
        (tmp_path / "growth.json").write_text(json.dumps({"parts": parts}), encoding="utf-8")

    return keep


def entry(name, **more):
    """Return a measured part as it is accepted."""
    part = growth.PARTS[name]
    found = points(part.sizes, [0.01 + n / 1000 for n in part.sizes])
    found[-1] |= more
    machine = {"cores": 2, "processor": "A & B", "others": 0.0}
    return {"threads": 2, "machine": machine, "points": found, "commit": "abc"}


def test_nothing_is_drawn_before_something_was_measured(kept):
    assert growth.pages() == {}


def test_page_and_chart_tell_every_part(kept):
    told = {"mb at a quarter": 700.0, "mb at the end": 710.0}
    kept(gat=entry("gat"), submissions=entry("submissions", **told))
    page, chart = growth.pages()[growth.PAGE], growth.pages()[growth.CHART]
    assert "| 1,000 to 1,024,000 edges | 1.00 | 1,000 to 1,024,000 |" in page
    assert "held 700 MB when a quarter was graded and 710 MB when all were" in page
    assert "![2 panels" in page
    assert [chart.count(f">{growth.PARTS[name].work}</text>") for name in ("gat", "walks")] == [
        1,
        0,
    ]
    assert chart.count("<use ") > sum(len(growth.PARTS[k].sizes) for k in ("gat", "submissions"))


def test_a_part_is_timed_in_a_process_of_its_own(monkeypatch, capsys):
    part = growth.PARTS["suppression"]._replace(sizes=(20, 40, 80, 160))
    monkeypatch.setitem(growth.PARTS, "suppression", part)
    assert bench.main(["suppression", "--growth"]) == 0
    assert "160 boxes" in capsys.readouterr().out


def test_a_part_that_is_not_there_is_told():
    with pytest.raises(Problem, match="no part nms that grows; there are gat, kernel"):
        bench.main(["nms", "--growth"])
