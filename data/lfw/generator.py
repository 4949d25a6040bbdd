"""Drawn press photographs of eight people, in the layout of Labeled Faces in the Wild.

The pictures vary as press photographs do: light from anywhere, turned heads, speech and smiles,
another background and other clothes each time. What they share with the set is what funneling
leaves: the face stands upright in the middle, its eyes about 40 pixels apart.

The eight people and the number of their pictures follow the people with at least 60 photographs
in the set, a third as many each: one of them has two fifths of all pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.kit import faces

SIDE = 250  # pixels of a photograph
ROWS, COLUMNS = slice(70, 195), slice(78, 172)  # of the face in it, as in scikit-learn
SHAPE = (62, 47)  # of the face at half its size

NAMES = (
    "Ash Brook",
    "Brin Lane",
    "Casey Moss",
    "Dana Hart",
    "Eden Reed",
    "Jo Voss",
    "Kim Dale",
    "Robin Crane",
)
COUNTS = (26, 79, 40, 177, 36, 24, 20, 48)

# A drawn face is this large, and this far below the middle, in halves of the photograph's side.
_ZOOM, _BELOW = 0.45, 0.02


@dataclass(frozen=True)
class Shot:
    """One photograph before it is taken: everything that decides its pixels.

    Parameters
    ----------
    identity, expression
        Who is seen, and what the face does.
    turn : (float, float, float)
        Yaw, pitch and roll in radians.
    light : (float, float)
        Azimuth and elevation of the light in radians.
    ambient, exposure, background : float
        Share of light without direction, factor on all grey values, tone behind the head.
    zoom, centre
        Size and place of the face, in halves of the photograph's side.
    seed : int
        Of the sensor's noise.
    """

    identity: faces.Identity
    expression: faces.Expression
    turn: tuple[float, float, float]
    light: tuple[float, float]
    ambient: float
    exposure: float
    background: float
    zoom: float
    centre: tuple[float, float]
    seed: int

    def photograph(self) -> np.ndarray:
        """Draw the whole photograph, (250, 250, 3) uint8."""
        drawn = self._draw(SIDE, self.zoom, self.centre, colour=True)
        return np.rint(255 * drawn).astype(np.uint8)

    def face(self) -> np.ndarray:
        """Draw only what the loader cuts out, (62, 47) float32 in [0, 1].

        It is drawn at its own size, which costs a tenth of drawing the photograph, cutting and
        scaling, and looks the same.
        """
        height, width = SHAPE
        window = ROWS.stop - ROWS.start  # pixels of the photograph, square
        skipped = (height - width) // 2 + 1  # columns of the square left of the face
        left = COLUMNS.start - skipped * window / height
        corner = np.array([left, ROWS.start])
        # P = (z v + c + 1) side / 2 in the photograph; the same point seen in the window:
        scale = SIDE / window
        centre = scale * (np.array(self.centre) + 1) - 2 * corner / window - 1
        square = self._draw(height, scale * self.zoom, tuple(centre), colour=False)
        return square[:, skipped : skipped + width]

    def _draw(
        self, size: int, zoom: float, centre: tuple[float, float], *, colour: bool
    ) -> np.ndarray:
        yaw, pitch, roll = self.turn
        return faces.draw_face(
            self.identity,
            expression=self.expression,
            yaw=yaw,
            pitch=pitch,
            roll=roll,
            light=self.light,
            ambient=self.ambient,
            exposure=self.exposure,
            zoom=zoom,
            centre=centre,
            background=self.background,
            size=size,
            colour=colour,
            noise=0.012,
            rng=np.random.default_rng(self.seed),
        ).image


def shots(counts: tuple[int, ...] = COUNTS, seed: int = 0) -> tuple[list[Shot], np.ndarray]:
    """Plan photographs of as many people as there are counts.

    Returns
    -------
    shots : list of Shot
        Sorted by person.
    person : (sum of counts,) int64
    """
    rng = np.random.default_rng([seed, 60])
    people = [faces.random_identity(rng, spread=1.1) for _ in counts]
    planned = [
        plan(identity, rng) for identity, n in zip(people, counts, strict=True) for _ in range(n)
    ]
    return planned, np.repeat(np.arange(len(counts)), counts)


def plan(identity: faces.Identity, rng: np.random.Generator) -> Shot:
    """Plan one photograph of a person."""
    bare = identity.glasses and rng.random() < 0.15
    # Clothes follow from the seed, hair from its remainder: other clothes, the same hair.
    clothes = identity.seed % 35 + 35 * int(rng.integers(1, 10_000))
    evened = (0.62 / float(faces.LUMA @ identity.skin)) ** 0.6  # as a camera does
    return Shot(
        identity=replace(identity, seed=clothes, glasses=identity.glasses and not bare),
        expression=faces.random_expression(rng, strength=1.1),
        turn=(
            float(np.clip(rng.normal(0, 0.2), -0.45, 0.45)),
            float(np.clip(rng.normal(0, 0.08), -0.2, 0.2)),
            float(rng.normal(0, 0.045)),
        ),
        light=(float(rng.normal(0, 0.6)), float(rng.normal(0.35, 0.2))),
        ambient=float(rng.uniform(0.25, 0.6)),
        exposure=float(np.clip(rng.normal(1.0, 0.16), 0.6, 1.4)) * evened,
        background=float(rng.uniform(0.08, 0.85)),
        zoom=_ZOOM * float(rng.normal(1.0, 0.035)),
        centre=(float(rng.normal(0, 0.018)), _BELOW + float(rng.normal(0, 0.018))),
        seed=int(rng.integers(2**31)),
    )
