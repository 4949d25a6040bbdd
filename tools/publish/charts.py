"""The charts of the results pages, drawn by Matplotlib: the same numbers make the same bytes.

Nothing is clipped or placed by its size, and letters stay text: then neither the fonts of a
machine nor the last bit of a sum can show in a file that is compared with the committed one.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

BLUE, ORANGE, GREY = "#0b4f8a", "#e08214", "#9e9e9e"
# Of a verdict, its colour: told apart by the colour-blind, and in grey.
COLOURS = {
    "better": BLUE,
    "better once": "#7391ab",
    "matched": "#3f8fd0",
    "met": "#a6cfee",
    "in its spread": "#f5d3a8",
    "short": ORANGE,
    "not comparable": GREY,
    "not run": "#e3e3e3",
}
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "course",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
ROW = 0.23  # inches of a bar with the room around it


class Panel(NamedTuple):
    """Seconds against size of one part, and the ends of the line through them."""

    title: str
    unit: str
    points: list[tuple[float, float]]
    whole: list[tuple[float, float]]  # the line from the smallest size to the largest
    fitted: list[tuple[float, float]]  # where the points lie on it


def svg(draw: Any, *told: Any) -> str:
    """Return what a function draws on a new figure as SVG; the figure's title is that of the file.

    The style is Matplotlib's own one, whatever the machine's settings say.
    """
    stream = io.StringIO()
    with style.context(["default", STYLE]):
        figure = Figure(layout="none")
        title = draw(figure, *told)
        for artist in figure.findobj(include_self=False):
            artist.set_clip_on(False)
        told_of = {"Title": title, "Date": None, "Creator": None}
        figure.savefig(stream, format="svg", metadata=told_of)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def verdicts(figure: Figure, rows: Mapping[str, Mapping[str, int]]) -> str:
    """Draw how many verdicts of each kind every notebook has, a bar each."""
    axes = _bars(figure, rows, left=2.5, above=0.6)
    at = [0] * len(rows)
    for verdict, colour in COLOURS.items():
        wide = [counts.get(verdict, 0) for counts in rows.values()]
        axes.barh(range(len(rows)), wide, 0.75, at, color=colour, edgecolor="w", label=verdict)
        at = [sum(pair) for pair in zip(at, wide, strict=True)]
    axes.set(xlabel="numbers", xlim=(0, max([1, *at])))
    figure.legend(loc="upper center", ncols=len(COLOURS) // 2, frameon=False)
    return "Verdicts on the numbers of each notebook"


def ratios(figure: Figure, rows: Mapping[str, tuple[float, str]]) -> str:
    """Draw ratios, each with how it is written, a bar each from 1; those of a slower one go left.

    The axis is logarithmic.
    """
    title = "Times as fast as a peer on the same work, on two processor cores"
    axes = _bars(figure, rows, left=3.8, above=0.3)
    found = [ratio for ratio, _ in rows.values()]
    colours = [BLUE if ratio >= 1 else ORANGE for ratio in found]
    axes.set_xscale("log")
    axes.barh(range(len(rows)), [r - 1 for r in found], 0.65, 1, color=colours, zorder=2)
    for place, (ratio, text) in enumerate(rows.values()):
        axes.annotate(text, (max(ratio, 1), place), (4, 0), textcoords="offset points", va="center")
    axes.axvline(1, color="#555555", lw=1)
    axes.grid(axis="x", color="#dddddd")
    axes.set(xlim=(min([1.0, *found]), max([10.0, *found])), xlabel="ratio of rates, logarithmic")
    _plain_ticks(axes.xaxis, (1, 2, 5))
    figure.suptitle(title, x=0.02, y=0.99, ha="left", va="top", size=10, fontweight="bold")
    return title


def growth(figure: Figure, panels: Sequence[Panel]) -> str:
    """Draw seconds against size on logarithmic axes, a panel a part."""
    rows = math.ceil(len(panels) / 3)
    figure.set_size_inches(9.5, 2.5 * rows)
    figure.subplots_adjust(0.085, 0.5 / (2.5 * rows), 0.985, 1 - 0.45 / (2.5 * rows), 0.38, 0.8)
    for number, panel in enumerate(panels, 1):
        axes = figure.add_subplot(rows, 3, number)
        axes.loglog(*zip(*panel.whole, strict=True), color=GREY, ls="--", lw=1)
        axes.loglog(*zip(*panel.fitted, strict=True), color=BLUE, lw=2)
        axes.loglog(*zip(*panel.points, strict=True), "o", color=BLUE, ms=4.5)
        axes.set_title(panel.title, loc="left")
        axes.set(xlabel=panel.unit, ylabel="seconds")
        axes.margins(0.06)
        axes.yaxis.set_label_coords(-0.24, 0.5)
        axes.xaxis.set_label_coords(0.5, -0.2)
        for axis in (axes.xaxis, axes.yaxis):
            low, high = axis.get_view_interval()
            _plain_ticks(axis, (1,) if high / low > 100 else (1, 2, 5))
    return "Seconds against size of the core parts, on logarithmic axes"


def _bars(figure: Figure, rows: Mapping[str, Any], left: float, above: float) -> Any:
    """Return axes with room for a bar a row, the first on top; ``left``, ``above``: inches."""
    high = ROW * max(1, len(rows))
    height = above + high + 0.5
    figure.set_size_inches(7.5, height)
    axes = figure.add_axes((left / 7.5, 0.5 / height, (7.1 - left) / 7.5, high / height))
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_ylim(max(1, len(rows)) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_label_coords(0.5, -0.35 / high)
    axes.spines["left"].set_visible(False)
    return axes


def _plain_ticks(axis: Any, steps: tuple[int, ...]) -> None:
    """Let a logarithmic axis say 0.5, 20, 4 k and 1 M."""
    axis.set_major_locator(LogLocator(subs=steps, numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def short(value: float) -> str:
    """Return a number as it fits beside an axis."""
    for factor, letter in ((1e6, " M"), (1e3, " k")):
        if value >= factor:
            return f"{value / factor:g}{letter}"
    return f"{value:g}"
