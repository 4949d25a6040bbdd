"""The chart of this course beside its peers, drawn from ``results/bench.json``."""

from __future__ import annotations

import html
import math
import tomllib
from typing import Any, NamedTuple

from tools.notebook.common import ROOT
from tools.publish import accepted

BENCHMARKS = ROOT / "benchmarks"
PATH = ROOT / "docs" / "results" / "peers.svg"
OURS, SLOWER = "#0b4f8a", "#e08214"
LEFT, RIGHT, BAR, STEP, TOP = 390, 660, 14, 22, 34


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
    """Draw the ratios as SVG, a bar each on a logarithmic axis; bars of a slower one go left."""
    found = ratios()
    least = min([1.0, *(one.ratio for one in found)])
    most = max([10.0, *(one.ratio for one in found)])
    scale = (RIGHT - LEFT) / math.log10(most / least)
    height = TOP + len(found) * STEP + 34

    def at(ratio: float) -> float:
        return LEFT + scale * math.log10(ratio / least)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" '
        f'font-family="sans-serif" font-size="12" role="img">',
        "<title>This course beside its peers: times as fast, on the same work</title>",
        f'<rect width="720" height="{height}" fill="white"/>',
        '<text x="20" y="20" font-weight="bold">Times as fast as a peer on the same work</text>',
    ]
    bottom = TOP + len(found) * STEP
    for tick in (0.5, 1, 2, 5, 10, 20, 50, 100):
        if least <= tick <= most:
            x = f"{at(tick):.1f}"
            dark = "#555" if tick == 1 else "#ddd"
            parts.append(f'<line x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{bottom}" stroke="{dark}"/>')
            parts.append(f'<text x="{x}" y="{bottom + 14}" text-anchor="middle">{tick:g}</text>')
    for i, one in enumerate(found):
        y, ends = TOP + i * STEP, sorted((at(1), at(one.ratio)))
        label = html.escape(f"{one.work}, beside {one.peer}")
        parts.append(f'<text x="{LEFT - 10}" y="{y + 11}" text-anchor="end">{label}</text>')
        place = f'x="{ends[0]:.1f}" y="{y}" width="{ends[1] - ends[0]:.1f}" height="{BAR}"'
        parts.append(f'<rect {place} fill="{OURS if one.ratio >= 1 else SLOWER}"/>')
        parts.append(f'<text x="{ends[1] + 6:.1f}" y="{y + 11}">{told(one.ratio)}</text>')
    middle = (LEFT + RIGHT) / 2
    parts.append(
        f'<text x="{middle:.0f}" y="{bottom + 29}" text-anchor="middle">'
        "ratio of rates, logarithmic</text>"
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def told(ratio: float) -> str:
    """Return a ratio with two digits, or all of those before the point."""
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def pages() -> dict[Any, str]:
    """Return the chart by its file."""
    return {PATH: chart()}
