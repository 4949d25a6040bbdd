"""The chart of this course beside its peers, drawn from ``results/bench.json``."""

from __future__ import annotations

import tomllib
from typing import Any, NamedTuple

from tools.notebook.common import ROOT
from tools.publish import accepted, charts

BENCHMARKS = ROOT / "benchmarks"
PATH = ROOT / "docs" / "results" / "peers.svg"


class Ratio(NamedTuple):
    """How many times as fast as a peer this course does a piece of work."""

    work: str
    peer: str
    ratio: float


def ratios() -> list[Ratio]:
    """Return the ratios that the benchmarks name for the chart, largest first."""
    kept, found = accepted.benchmarks(), []
    for path in sorted(BENCHMARKS.glob("*/bench.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = kept.get(path.parent.name, {}).get("rows", [])
        measured = {row["row"]: row["ratio"] for row in rows if row["side"] == "ours"}
        for row, work in told.get("chart", {}).items():
            if row in measured:
                found.append(Ratio(work, told.get("known_as", told["peer"]), measured[row]))
    return sorted(found, key=lambda one: -one.ratio)


def chart() -> str:
    """Draw the ratios, a bar each."""
    rows = {f"{one.work}, beside {one.peer}": (one.ratio, told(one.ratio)) for one in ratios()}
    return charts.svg(charts.ratios, rows)


def told(ratio: float) -> str:
    """Return a ratio with two digits, or all of those before the point."""
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def pages() -> dict[Any, str]:
    """Return the chart by its file."""
    return {PATH: chart()}
