"""What the core parts of the course cost against the size of their work: lines, page and chart.

``course.py bench --growth`` times each part at sizes a factor apart. A line is fitted through the
largest ones on two logarithmic axes; its slope is the exponent, and the sizes that lie on it are
those where the work itself is what costs, no longer what every call costs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tools.notebook.common import ROOT
from tools.publish import accepted, charts

PAGE = ROOT / "docs" / "results" / "growth.md"
CHART = ROOT / "docs" / "results" / "growth.svg"
FITTED = 4  # the largest sizes, through which the line is drawn
NEAR = 0.25  # by how much a time may differ from the line and still lie on it


class Part(NamedTuple):
    """A part of the course: what it does, what its size counts, and the sizes that are timed."""

    work: str
    unit: str
    sizes: tuple[int, ...]


PARTS = {
    "gat": Part(
        "A training step of GAT, 8 heads of 8",
        "edges",
        (1_000, 4_000, 16_000, 64_000, 256_000, 1_024_000),
    ),
    "kernel": Part(
        "NSPD kernel matrix by explicit features",
        "digits",
        (50, 100, 200, 400, 800, 1_600, 3_200),
    ),
    "suppression": Part(
        "Non-maximum suppression", "boxes", (100, 200, 400, 800, 1_600, 3_200, 6_400)
    ),
    "walks": Part(
        "Biased random walks of 80 steps",
        "walks",
        (500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000),
    ),
    "archive": Part("Unpacking an official archive", "files", (100, 400, 1_600, 6_400, 25_600)),
    "submissions": Part("Grading, a sandbox each", "submissions", (10, 30, 100, 300, 1_000)),
    "notebooks": Part("course.py run, one cell each", "notebooks", (1, 2, 4, 8, 16, 32)),
}


class Line(NamedTuple):
    """Seconds = ``scale`` times size to the ``exponent``, from size ``begins`` to ``ends``."""

    exponent: float
    scale: float
    begins: int
    ends: int

    def at(self, size: float) -> float:
        """Return the seconds that the line says."""
        return self.scale * size**self.exponent


def fitted(points: list[dict[str, Any]]) -> Line:
    """Return the line through the largest sizes, and where the measured times lie on it."""
    size, seconds = (np.array([p[key] for p in points], float) for key in ("size", "seconds"))
    exponent, level = np.polyfit(np.log(size[-FITTED:]), np.log(seconds[-FITTED:]), 1)
    line = Line(float(exponent), float(np.exp(level)), 0, 0)
    on = [bool(abs(s / line.at(n) - 1) <= NEAR) for n, s in zip(size, seconds, strict=True)]
    first = last = max((k for k, near in enumerate(on) if near), default=len(on) - 1)
    while first and on[first - 1]:
        first -= 1
    return line._replace(begins=int(size[first]), ends=int(size[last]))


def load() -> dict[str, Any]:
    """Return the accepted measurements by part."""
    path = accepted.RESULTS / "growth.json"
    return json.loads(path.read_text(encoding="utf-8"))["parts"] if path.is_file() else {}


# ------------------------------------------------------------------ the page and its chart


def pages() -> dict[Path, str]:
    """Return page and chart by file; nothing where nothing was accepted."""
    kept = load()
    if not kept:
        return {}
    one = next(iter(kept.values()))
    lines = [
        "# What it costs to grow\n",
        "[All units](../results.md)\n",
        "Seconds against size for the core parts of the course, drawn by `python course.py report` "
        "from `results/growth.json`. If seconds = *a* times size to the power *b*, the points lie "
        "on a straight line on two logarithmic axes, and its slope is the exponent *b*: 1 means "
        "twice the work takes twice the time, 2 means four times; below 1, what is paid once is "
        "still being spread over more work. The line goes through the "
        f"{FITTED} largest sizes; *on its line* are the sizes next to one another whose times "
        f"differ from it by no more than {NEAR:.0%}. Below, what every call costs is larger than "
        "the work.\n",
        f"![{len(kept)} panels of seconds against size on logarithmic axes, each with measured "
        f"points and a fitted line]({CHART.name})\n",
        "| part | sizes | exponent | on its line | seconds, smallest | seconds, largest |",
        "|---|---|---|---|---|---|",
    ]
    for name, result in kept.items():
        part, line, points = PARTS[name], fitted(result["points"]), result["points"]
        lines.append(
            f"| {part.work} | {points[0]['size']:,} to {points[-1]['size']:,} {part.unit} | "
            f"{line.exponent:.2f} | {line.begins:,} to {line.ends:,} | "
            f"{points[0]['seconds']:.3g} | {points[-1]['seconds']:.3g} |"
        )
    told = kept.get("submissions", {}).get("points", [{}])[-1]
    if told.get("mb at a quarter"):
        lines.append(
            f"\nGrading {told['size']:,} submissions, the grader and its workers held "
            f"{told['mb at a quarter']:,.0f} MB when a quarter was graded and "
            f"{told['mb at the end']:,.0f} MB when all were."
        )
    machine = one["machine"]
    lines.append(
        f"\nMeasured with {one['threads']} threads on {machine['cores']} cores of "
        f"{machine['processor']}; each time is the least of up to five; commit {one['commit']}. "
        "`python course.py bench --growth` measures them again."
    )
    panels = [panel(PARTS[name], result["points"]) for name, result in kept.items()]
    return {PAGE: "\n".join(lines) + "\n", CHART: charts.svg(charts.growth, panels)}


def panel(part: Part, points: list[dict[str, Any]]) -> charts.Panel:
    """Return what is drawn of one part: points, and the line where they lie on it."""
    line, sizes = fitted(points), [point["size"] for point in points]
    return charts.Panel(
        f"{part.work}\nexponent {line.exponent:.2f}",
        part.unit,
        [(point["size"], point["seconds"]) for point in points],
        [(size, line.at(size)) for size in (sizes[0], sizes[-1])],
        [(size, line.at(size)) for size in (line.begins, line.ends)],
    )
