"""What the core parts of the course cost against the size of their work: lines, page and chart.

``course.py bench --growth`` times each part at sizes a factor apart. A line is fitted through the
largest ones on two logarithmic axes; its slope is the exponent, and the sizes that lie on it are
those where the work itself is what costs, no longer what every call costs.
"""

from __future__ import annotations

import html
import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tools.notebook.common import ROOT
from tools.publish import accepted

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
    return {PAGE: "\n".join(lines) + "\n", CHART: chart(kept)}


COLUMNS, WIDTH, HEIGHT, LEFT, TOP = 3, 240, 190, 52, 34
BLUE, GREY = "#0b4f8a", "#9e9e9e"


def chart(kept: dict[str, Any]) -> str:
    """Draw every part as a panel of its own: points, and the line where they lie on it."""
    rows = math.ceil(len(kept) / COLUMNS)
    width, height = COLUMNS * WIDTH, rows * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="10" role="img">',
        "<title>Seconds against size of the core parts, on logarithmic axes</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, (name, result) in enumerate(kept.items()):
        row, column = divmod(number, COLUMNS)
        parts.append(f'<g transform="translate({column * WIDTH} {row * HEIGHT})">')
        parts += panel(PARTS[name], result["points"])
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def panel(part: Part, points: list[dict[str, Any]]) -> list[str]:
    """Draw one part."""
    line = fitted(points)
    sizes = [point["size"] for point in points]
    times = [time for p in points for time in (p["seconds"], line.at(p["size"]))]
    right, bottom = WIDTH - 14, HEIGHT - 42
    x = _axis(min(sizes), max(sizes), LEFT, right)
    y = _axis(min(times), max(times), bottom, TOP)
    found = [
        f'<text x="{LEFT}" y="14" font-weight="bold">{html.escape(part.work)}</text>',
        f'<text x="{LEFT}" y="27">exponent {line.exponent:.2f}</text>',
        f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="#555"/>',
        f'<text x="{(LEFT + right) / 2:.0f}" y="{bottom + 30}" text-anchor="middle">'
        f"{part.unit}</text>",
        f'<text transform="translate(11 {(TOP + bottom) / 2:.0f}) rotate(-90)" '
        'text-anchor="middle">seconds</text>',
    ]
    for tick in _ticks(min(sizes), max(sizes)):
        found.append(f'<path d="M{x(tick):.1f} {bottom}v4" stroke="#555"/>')
        found.append(
            f'<text x="{x(tick):.1f}" y="{bottom + 15}" text-anchor="middle">{_short(tick)}</text>'
        )
    for tick in _ticks(min(times), max(times)):
        found.append(f'<path d="M{LEFT} {y(tick):.1f}h-4" stroke="#555"/>')
        found.append(
            f'<text x="{LEFT - 6}" y="{y(tick) + 3:.1f}" text-anchor="end">{tick:g}</text>'
        )
    styles = {
        (sizes[0], sizes[-1]): f'stroke="{GREY}" stroke-dasharray="3 3"',
        (line.begins, line.ends): f'stroke="{BLUE}" stroke-width="2"',
    }
    for ends, style in styles.items():
        path = "L".join(f"{x(size):.1f} {y(line.at(size)):.1f}" for size in ends)
        found.append(f'<path d="M{path}" {style}/>')
    found += [
        f'<circle cx="{x(p["size"]):.1f}" cy="{y(p["seconds"]):.1f}" r="3.2" fill="{BLUE}"/>'
        for p in points
    ]
    return found


def _axis(least: float, most: float, begin: float, end: float) -> Any:
    """Return what places a value on a logarithmic axis, with some room at both ends."""
    low, high = math.log10(least), math.log10(most)
    room = 0.06 * (high - low)
    low, high = low - room, high + room
    return lambda value: begin + (end - begin) * (math.log10(value) - low) / (high - low)


def _ticks(least: float, most: float) -> list[float]:
    """Return powers of ten between two values, or the values themselves where there is but one."""
    powers = range(math.ceil(math.log10(least)), math.floor(math.log10(most)) + 1)
    ticks = [10.0**power for power in powers]
    if len(ticks) < 2:
        ticks = [k * 10.0**p for p in range(-6, 8) for k in (1, 2, 5)]
        ticks = [tick for tick in ticks if least <= tick <= most]
    return ticks


def _short(value: float) -> str:
    """Return a size as it fits below an axis."""
    for factor, letter in ((1e6, " M"), (1e3, " k")):
        if value >= factor:
            return f"{value / factor:g}{letter}"
    return f"{value:g}"
