"""Drawn press photographs of eight people, in the layout of Labeled Faces in the Wild.

Light, turn, expression, background and clothes differ from picture to picture. As funneling leaves
them, faces stand upright in the middle, their eyes about 40 pixels apart. The people stand for
those with at least 60 photographs in the set, with a third as many each: one of them has two fifths
of all pictures.
"""

from dataclasses import replace

import numpy as np

from data.core.progress import counted
from drawing import camera, faces

SIDE = 250  # pixels of a photograph
ROWS, COLUMNS = slice(70, 195), slice(78, 172)  # of the face in it, as in scikit-learn
SHAPE = (62, 47)  # of the face at half its size

NAMES = (
    *("Ash Brook", "Brin Lane", "Casey Moss", "Dana Hart"),
    *("Eden Reed", "Jo Voss", "Kim Dale", "Robin Crane"),
)
COUNTS = (26, 79, 40, 177, 36, 24, 20, 48)

# A drawn face is this large, and this far below the middle, in halves of the photograph's side.
_ZOOM, _BELOW = 0.45, 0.02


def portraits(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw "faces", (450, 62, 47) float32 in [0, 1], and whose each is: "person", (450,) int64."""
    rng = np.random.default_rng([seed, 60])
    people = [faces.random_identity(rng, spread=1.1) for _ in COUNTS]
    person = np.repeat(np.arange(len(COUNTS)), COUNTS)
    followed = counted(person, len(person), f"drawing {len(person)} faces")
    return {"faces": np.stack([_portrait(people[i], rng) for i in followed]), "person": person}


def _portrait(identity: faces.Identity, rng: np.random.Generator) -> np.ndarray:
    """Draw a person in one photograph, of which only the face is seen."""
    bare = identity.glasses and rng.random() < 0.15
    # Clothes follow from the seed, hair from its remainder: other clothes, the same hair.
    clothes = identity.seed % 35 + 35 * int(rng.integers(1, 10_000))
    take = faces.Take(
        expression=faces.random_expression(rng, strength=1.1),
        yaw=float(np.clip(rng.normal(0, 0.2), -0.45, 0.45)),
        pitch=float(np.clip(rng.normal(0, 0.08), -0.2, 0.2)),
        roll=float(rng.normal(0, 0.045)),
        light=(float(rng.normal(0, 0.6)), float(rng.normal(0.35, 0.2))),
        ambient=float(rng.uniform(0.25, 0.6)),
        exposure=float(np.clip(rng.normal(1.0, 0.16), 0.6, 1.4)) * camera.evened(identity.skin),
        background=float(rng.uniform(0.08, 0.85)),
        zoom=_ZOOM * float(rng.normal(1.0, 0.035)),
        centre=(float(rng.normal(0, 0.018)), _BELOW + float(rng.normal(0, 0.018))),
    )
    today = replace(identity, seed=clothes, glasses=identity.glasses and not bare)
    return _face(today, take, np.random.default_rng(int(rng.integers(2**31))))


def _face(who: faces.Identity, take: faces.Take, rng: np.random.Generator) -> np.ndarray:
    """Draw what the loader cuts out of a photograph, (62, 47) float32 in [0, 1].

    It is drawn at its own size, which costs a tenth of drawing the photograph, cutting and
    scaling, and looks the same. ``take`` has zoom and centre in halves of the photograph's side.
    """
    height, width = SHAPE
    window = ROWS.stop - ROWS.start  # pixels of the photograph, square
    skipped = (height - width) // 2 + 1  # columns of the square left of the face
    corner = np.array([COLUMNS.start - skipped * window / height, ROWS.start])
    # P = (z v + c + 1) side / 2 in the photograph; the same point seen in the window:
    scale = SIDE / window
    centre = scale * (np.array(take.centre) + 1) - 2 * corner / window - 1
    take = replace(take, zoom=scale * take.zoom, centre=tuple(centre))
    image = faces.draw_face(who, take, size=height, noise=0.012, rng=rng).image
    return image[:, skipped : skipped + width]
