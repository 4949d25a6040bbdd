"""The six drawn speakers and their audience: a head, what it wears, and shoulders in a frame.

A head is a `drawing.faces` face; a torso is drawn below it down to the frame's lower edge,
in the face's own units, so that both keep together at any size.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from drawing import camera, faces
from drawing.canvas import soft
from drawing.faces import Expression, Identity, Take
from drawing.noise import bump, ramp
from drawing.palette import cloth

ZOOM = 0.6  # of a head in its tile
REACH = 1 / ZOOM  # half a tile's side, in units of a face
LEAST = 130  # pixels: tiles are drawn at least this large

FILE = Path(__file__).with_name("speakers.toml")
SPEAKERS = tuple(
    Identity(**{name: tuple(v) if isinstance(v, list) else v for name, v in measures.items()})
    for measures in tomllib.loads(FILE.read_text(encoding="utf-8")).values()
)
LONG_BEARDS = {2: 0.62}  # by speaker: how far below the chin, in units of a face


@dataclass(frozen=True)
class Attire:
    """What a person wears on a day."""

    colour: tuple[float, float, float]
    second: tuple[float, float, float]
    kind: str  # "plain", "stripes", "jacket", "robe"
    glasses: bool | None = None  # None: as ever

    @classmethod
    def random(cls, rng: np.random.Generator) -> Attire:
        """Draw clothes."""
        kinds, shares = ("plain", "stripes", "jacket", "robe"), (0.3, 0.25, 0.3, 0.15)
        return cls(_muted(cloth(rng)), _muted(cloth(rng)), str(rng.choice(kinds, p=shares)))


def _muted(colour: tuple[float, ...]) -> tuple[float, ...]:
    """Return a colour as worn before a camera, less loud."""
    grey = float(np.mean(colour))
    return tuple(0.90 * (grey + 0.72 * (c - grey)) for c in colour)


def put(
    frame: np.ndarray,
    who: Identity,
    attire: Attire,
    take: Take,
    place: tuple[float, float],
    unit: float,
    long_beard: float = 0.0,
) -> np.ndarray:
    """Draw a person into a frame, from the head to the lower edge.

    ``frame``, (h, w, 3) float32 in [0, 1], is painted in place. ``take`` says expression, turn and
    light; zoom, place and background are set here. The middle of the face lies at ``place``, x and
    y in pixels, and a face is about 1.8 units high, of ``unit`` pixels each. Returns the face's
    landmarks, (68, 2) float32, x and y in pixels of the frame.
    """
    if attire.glasses is not None:
        who = replace(who, glasses=attire.glasses)
    take = replace(take, zoom=ZOOM, centre=(0.0, 0.0))
    head, clear, landmarks = _head(who, take, unit)
    side = len(head)
    corner = np.array(place) - (side - 1) / 2
    move, shape = np.float32([[1, 0, corner[0]], [0, 1, corner[1]]]), frame.shape[1::-1]
    frame *= cv2.warpAffine(clear, move, shape, borderValue=1)[..., None]
    frame += cv2.warpAffine(head, move, shape)  # what lies outside is cut off
    height, width = frame.shape[:2]
    x = ((np.arange(width, dtype=np.float32) - place[0]) / unit)[None]
    y = ((np.arange(height, dtype=np.float32) - place[1]) / unit)[:, None]
    top = max(0, int(place[1] + 0.8 * unit))  # all above it lies higher than the shoulders
    _torso(frame[top:], attire, take, x, y[top:], edge=2.0 / unit)
    if long_beard:
        _beard(frame, who, take, x, y, long_beard)
    return (landmarks - (side - 1) / 2 + place).astype(np.float32)


def _head(who: Identity, take: Take, unit: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw a head in a tile: pixels before black, how much is seen behind them, landmarks."""
    side = 2 * round(REACH * unit)
    size = max(LEAST, side)
    black, behind, landmarks = faces.draw_cut_out(who, take, size=size)
    line = ((np.arange(size, dtype=np.float32) + 0.5) * 2 / size - 1) / ZOOM
    c, s = np.cos(take.roll), np.sin(take.roll)
    x, y = c * line[None] + s * line[:, None], -s * line[None] + c * line[:, None]
    wall = 1 + 0.10 * y + 0.05 * x  # how a face's background brightens downwards
    clear = np.clip(behind / (wall * np.quantile(behind / wall, 0.97)), 0, 1)
    worn = y > _neckline(np.abs(x)) + 0.03  # there the torso comes
    clear = np.where(worn, 1, clear).astype(np.float32)
    black = np.where(worn[..., None], 0, black)
    small = (cv2.resize(a, (side, side), interpolation=cv2.INTER_AREA) for a in (black, clear))
    return *small, (landmarks + 0.5) * (side / size) - 0.5


def _torso(
    part: np.ndarray, attire: Attire, take: Take, x: np.ndarray, y: np.ndarray, edge: float
) -> None:
    """Paint shoulders, arms and chest over all of a part of a frame that is below the neck."""
    away = np.abs(x)
    body = np.maximum(_neckline(away) - y, away - 1.62 - 0.30 * ramp(y, 1.4, 2.6) - 0.04 * (y - 2))
    mask = soft(body, edge)[..., None]
    side = np.sin(take.light[0])
    shade = 0.92 + 0.20 * side * x - 0.16 * ramp(away, 0.8, 2.1) - 0.10 * bump((y - 1.2) / 0.2)
    folds = 0.04 * np.sin(5.5 * x + 2.2 * y) * ramp(y, 1.3, 2.0)
    shade = shade + folds - 0.22 * bump((away - 1.38 - 0.06 * y) / 0.05) * ramp(y, 1.5, 2.2)
    cloth = _cloth(attire, x, y, edge)
    part += mask * (np.clip(cloth * shade[..., None], 0, 1) - part)


def _neckline(away: np.ndarray) -> np.ndarray:
    """Return how high clothes reach, so far from the middle of the neck."""
    slope = 1.12 + 0.17 * (away / 1.2) ** 2 + 0.45 * ramp(away, 1.15, 1.85) ** 2
    return slope - 0.08 * bump((away - 0.42) / 0.12)


def _cloth(attire: Attire, x: np.ndarray, y: np.ndarray, edge: float) -> np.ndarray:
    """Return the colours of what is worn, (h, w, 3)."""
    base, second = np.float32(attire.colour), np.float32(attire.second)
    tone = np.broadcast_to(base, (*np.broadcast_shapes(x.shape, y.shape), 3)).copy()
    away = np.abs(x) + 0 * y
    if attire.kind == "stripes":
        rows = soft(np.sin(9 * (y - 0.12 * away**2)) + 0.2, 0.5)[..., None]
        tone += rows * (second - tone)
    if attire.kind == "jacket":
        shirt = soft(away - 0.42 + 0.24 * (y - 1.1), edge)[..., None]
        tone += shirt * (np.float32([0.90, 0.90, 0.88]) - tone)
        tie = soft(away - 0.07 - 0.03 * (y - 1.2), edge)[..., None] * shirt
        tone += tie * (second - tone)
        lapel = bump((away - 0.50 + 0.20 * (y - 1.1)) / 0.07)[..., None]
        tone *= 1 - 0.35 * lapel * (1 - shirt)
    elif attire.kind == "robe":
        fold = bump((x - 0.35 * (y - 1.9)) / 0.16)[..., None] + 0 * y[..., None]
        shawl = soft(0.35 * (y - 1.9) - x, edge)[..., None]
        tone += shawl * (second - tone)
        tone *= 1 - 0.25 * np.clip(fold, 0, 1)
    else:
        collar = bump((away - 0.46 - 0.3 * (1.25 - y)) / 0.05) * ramp(-y, -1.42, -1.3)
        tone *= 1 - 0.35 * collar[..., None]
    return tone


def _beard(
    frame: np.ndarray, who: Identity, take: Take, x: np.ndarray, y: np.ndarray, by: float
) -> None:
    """Paint a beard that falls over the chest."""
    lean, drop = 0.35 * np.sin(take.yaw), 0.10 * take.expression.mouth
    top, low = 0.60 + drop, who.chin + by + drop
    t = np.clip((y - top) / (low - top), 0, 1)
    half = 0.60 * (1 - t**2.6) ** 0.8 + 0.02
    off = x - lean * (1 - 0.5 * t)
    wavy = 0.025 * np.sin(14 * y + who.seed)
    mask = soft(np.abs(off + wavy) - half, 0.12) * ramp(y, top - 0.02, top + 0.22) * (y < low + 0.1)
    strands = 1 - 0.14 * t - 0.18 * (off / 0.6) ** 2
    strands += 0.07 * np.sin(46 * off / (1.15 - 0.5 * t) + 3 * np.sin(5 * y))
    strands += 0.05 * np.sin(27 * off + 9 * y)
    light = camera.evened(who.skin, share=0.0) * (0.82 + 0.2 * np.sin(take.light[0]) * off)
    tone = np.float32(who.hair) * (strands * light * take.exposure)[..., None]
    frame += mask[..., None] * (np.clip(tone, 0, 1) - frame)


def talking_take(
    who: Identity, mouth: float, paths: dict[str, float], light: tuple[float, float], mood: float
) -> Take:
    """Return a take of a person who moves along smooth paths and opens the mouth so far."""
    return Take(
        expression=Expression(
            smile=float(np.clip(mood + 0.2 * paths["smile"], -0.4, 1)),
            mouth=float(mouth),
            eyes=float(paths["eyes"]),
            brows=float(np.clip(0.25 * paths["brows"], 0, 1)),
        ),
        yaw=float(np.clip(paths["yaw"], -0.42, 0.42)),
        pitch=float(np.clip(paths["pitch"], -0.18, 0.18)),
        roll=float(np.clip(paths["roll"], -0.15, 0.15)),
        light=light,
        exposure=camera.evened(who.skin, share=0.45),
    )
