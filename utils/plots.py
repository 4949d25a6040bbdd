"""Small plotting helpers that return the Axes, colour-blind safe, on white.

Each takes an ``ax`` where one figure holds several panels. Sizes suit a page 7 inches wide.
"""

import io
import os
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from data.core.progress import COMMITTED

# Okabe and Ito's palette (2008): eight colours that stay apart for all common colour visions.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
_RIM = {"linewidths": 0.3, "edgecolors": "white"}  # of dots that may lie over one another


def image_grid(
    images: Sequence[np.ndarray], titles: Sequence[str] | None = None, *, columns: int = 8,
    cell: float = 0.9, title: str | None = None, value_range: tuple[float, float] | None = None
) -> np.ndarray:  # fmt: skip
    """Draw images, grey or RGB, in a grid; return its Axes, (rows, columns).

    ``titles`` stand above the pictures, ``columns`` of them in a row, each ``cell`` inches wide and
    high. The values of ``value_range`` are drawn as black and white, each picture's own minimum and
    maximum otherwise. ValueError if there is no image.
    """
    if len(images) == 0:
        raise ValueError("image_grid was given no image; check the selection before it.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = rows * (cell + (0.22 if titles is not None else 0.03)) + (0.35 if title else 0.05)
    size = (columns * (cell + 0.05), height)
    fig, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    low, high = value_range if value_range is not None else (None, None)
    for i, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if i < len(images):
            ax.imshow(images[i], cmap="gray", vmin=low, vmax=high)
            if titles is not None:
                ax.set_title(titles[i], fontsize=8, pad=2)
    if title:
        fig.suptitle(title, fontsize=11)
    return axes


def curves(
    series: Mapping[str, Sequence[float]], *, xlabel: str = "epoch", ylabel: str,
    title: str = "", x: Sequence[float] | None = None, ax: Axes | None = None
) -> Axes:  # fmt: skip
    """Draw one line a series against the epoch, which differ in colour and dashes.

    Series may be of different lengths; without shared horizontal values ``x`` these are 1, 2, ...
    """
    ax = ax or plt.subplots(figsize=(4.6, 3.0), layout="constrained")[1]
    styles = ("-", "--", "-.", ":")
    for i, (label, values) in enumerate(series.items()):
        xs = np.arange(1, len(values) + 1) if x is None else x
        ax.plot(xs, values, styles[i % 4], color=PALETTE[i % len(PALETTE)], label=label, lw=1.6)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.grid(alpha=0.25)
    if len(series) > 1:
        ax.legend(frameon=False, fontsize=9)
    return ax


def confusion_heatmap(
    true: np.ndarray, predicted: np.ndarray, names: Sequence[str], *, title: str = "",
    ax: Axes | None = None
) -> Axes:  # fmt: skip
    """Draw how often each true class was given each predicted class, indices into ``names``.

    Up to 12 classes, the counts are written into the cells.
    """
    import seaborn as sns  # here: it takes a second

    k = len(names)
    counts = np.zeros((k, k), int)
    np.add.at(counts, (np.asarray(true), np.asarray(predicted)), 1)
    if ax is None:
        side = min(7.0, 2.2 + 0.42 * k) if k <= 12 else 6.4
        _, ax = plt.subplots(figsize=(side, side * 0.88), layout="constrained")
    written = {"annot": k <= 12, "annot_kws": {"fontsize": 9}}
    bar = {"label": "test items", "shrink": 0.82}
    sns.heatmap(counts, cmap="cividis", fmt="d", cbar_kws=bar, ax=ax, **written)
    ticks = np.arange(0, k, 1 if k <= 20 else 5)
    named = [names[i] for i in ticks.tolist()]
    ax.set_xticks(ticks + 0.5, named, rotation=90 if k > 4 else 0)
    ax.set_yticks(ticks + 0.5, named, rotation=0)
    ax.set(xlabel="predicted class", ylabel="true class", title=title)
    return ax


def scatter(
    points: np.ndarray, labels: np.ndarray, names: Sequence[str], *, ax: Axes,
    xlabel: str = "first component", ylabel: str = "second component", size: float = 14,
    legend: bool = True
) -> Axes:  # fmt: skip
    """Draw points (n, 2), each class, an index into ``names``, in its colour and marker."""
    for k, name in enumerate(names):
        chosen = points[np.asarray(labels) == k]
        # Ten markers over eight colours: the pair repeats after forty classes only.
        look = {"color": PALETTE[k % len(PALETTE)], "marker": MARKERS[k % len(MARKERS)]}
        ax.scatter(*chosen.T[:2], s=size, label=name, alpha=0.85, **look, **_RIM)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if legend:
        ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def boxes_on_image(
    image: np.ndarray, boxes: np.ndarray, *, ax: Axes, labels: Sequence[str] | None = None,
    landmarks: np.ndarray | None = None, color: str = PALETTE[1], title: str | None = None
) -> Axes:  # fmt: skip
    """Draw boxes (n, 4), x1 y1 x2 y2 in pixels, and landmarks (n, points, 2) over an image."""
    ax.imshow(image, cmap="gray")
    for i, (x1, y1, x2, y2) in enumerate(boxes):
        # A dark line under a bright one is seen on any background.
        for line, width in (("black", 2.6), (color, 1.4)):
            ax.add_patch(Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, ec=line, lw=width))
        if labels is not None:
            ground = {"facecolor": color, "edgecolor": "none", "pad": 1}
            ax.text(x1, y1 - 3, labels[i], color="black", fontsize=7, va="bottom", bbox=ground)
    if landmarks is not None and len(landmarks):
        x, y = np.reshape(landmarks, (-1, 2)).T
        ax.scatter(x, y, s=8, color=PALETTE[4], edgecolors="black", linewidths=0.4)
    ax.set_axis_off()
    if title:
        ax.set_title(title, fontsize=10)
    return ax


def show_compact(fig: Figure, colors: int = 96, *, dither: bool = False) -> None:
    """Show a figure full of pictures as a PNG with a palette, in a third of the usual bytes.

    Call it in place of ``plt.show()`` where a notebook would grow too large to be committed. The
    palette is used where `COMMITTED` is set in the environment, since the outputs are then written
    into ``notebooks/``. Otherwise the figure has all its colours. ``dither`` mixes what the palette
    lacks from its neighbours, so that smooth colours show no steps, for half as many bytes again.
    """
    from IPython.display import Image as Shown
    from IPython.display import display
    from PIL import Image

    if not os.environ.get(COMMITTED):
        plt.show()
        return
    full, small = io.BytesIO(), io.BytesIO()
    as_is = {"compress_level": 0}  # it is read again at once
    fig.savefig(full, format="png", facecolor="white", bbox_inches="tight", pil_kwargs=as_is)
    plt.close(fig)
    picture = Image.open(full).convert("RGB")
    # Colours far apart first, then the means of what they stand for: the usual method has no colour
    # left for the ends of a narrow colour bar. One pixel in four chooses, and the means are moved
    # until fewer than 1 in 200 of these changes its colour: more takes long and is not seen.
    quarter = Image.fromarray(np.ascontiguousarray(np.asarray(picture)[::2, ::2]))
    few = quarter.width * quarter.height // 200 + 1
    how = {"method": Image.Quantize.MAXCOVERAGE, "kmeans": few, "dither": Image.Dither.NONE}
    palette = quarter.quantize(colors, **how)
    mixed = Image.Dither.FLOYDSTEINBERG if dither else Image.Dither.NONE
    picture = picture.quantize(palette=palette, dither=mixed)
    # The ground is as white as the page: not the mean of white and the greys beside it.
    white = Image.new("RGB", (1, 1), "white").quantize(palette=palette, dither=Image.Dither.NONE)
    entries = np.reshape(picture.getpalette(), (-1, 3))
    entries[white.getpixel((0, 0))] = 255
    picture.putpalette(entries.ravel().tolist())
    picture.save(small, "png", optimize=True)
    display(Shown(small.getvalue(), format="png"))


def graph(
    positions: np.ndarray, edges: np.ndarray, *, node_color: Any = PALETTE[0],
    node_size: Any = 12, edge_width: Any = 0.5, edge_color: Any = "0.55", ax: Axes
) -> Axes:  # fmt: skip
    """Draw a graph of edges (2, n_edges) whose nodes have positions (n_nodes, 2).

    Colours, sizes and widths are one value for all, or one a node or edge.
    """
    segments = positions[np.asarray(edges).T]
    ax.add_collection(LineCollection(segments, colors=edge_color, linewidths=edge_width))
    ax.scatter(*positions.T, c=node_color, s=node_size, zorder=2, **_RIM)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def spring_layout(
    edges: np.ndarray, n_nodes: int, *, iterations: int = 150, seed: int = 0
) -> np.ndarray:
    """Return positions for `graph`: edges pull like springs, nodes push like charges.

    Nodes with many edges push harder, so that hubs get room, and a weak pull to the middle keeps
    small components near. Memory grows with nodes squared: 30 MB for 2,700 nodes. Takes edges,
    (2, edges) of int, in both directions; each step moves less far than the one before. Returns
    (nodes, 2) float32.
    """
    import scipy.sparse

    ones = np.ones(np.shape(edges)[1], np.float32)
    springs = scipy.sparse.csr_matrix((ones, tuple(edges)), shape=(n_nodes, n_nodes))
    degree = np.asarray(springs.sum(axis=1), np.float32).reshape(-1, 1)
    mass = degree + 1
    start = np.random.default_rng(seed).normal(size=(n_nodes, 2)) * np.sqrt(n_nodes)
    at = start.astype(np.float32)
    for step in range(iterations):
        square = (at**2).sum(axis=1)
        # Push of node j on i: mass_j / distance^2, with distance^2 = |i|^2 + |j|^2 - 2 i.j
        push = square[:, None] + square - 2 * (at @ at.T)
        push = mass.T / np.maximum(push, 0.01, out=push)
        np.fill_diagonal(push, 0)
        move = at * push.sum(axis=1, keepdims=True) - push @ at
        move += (springs @ at - degree * at) / mass - 0.1 * at
        length = np.linalg.norm(move, axis=1, keepdims=True) + 1e-9
        farthest = 0.25 * np.sqrt(n_nodes) * (1 - step / iterations) ** 1.5 + 0.02
        at += move / length * np.minimum(length, farthest)
    return at.astype(np.float32)
