"""The picture of README.md, a tile a module: ``python -m drawing.gallery``."""

from pathlib import Path

import cv2
import numpy as np

from drawing import (
    bodies,
    camera,
    cars,
    faces,
    hands,
    palette,
    portraits,
    prints,
    speakers,
    stages,
)
from drawing.canvas import Canvas, limb, oval
from drawing.noise import smooth_noise

FILE = Path(__file__).with_name("gallery.jpg")
SIDE, COLUMNS, LABEL = 128, 6, 16  # pixels, tiles a row, pixels below a tile


def tiles() -> dict[str, np.ndarray]:
    """Return a picture of what each module draws, (h, w, 3) uint8 of different sizes."""
    rng = np.random.default_rng(3)
    who = faces.random_identity(rng)
    face = faces.draw_face(who, faces.Take(zoom=0.7), size=SIDE, colour=True).image
    stage = stages.place(4)
    take = faces.Take(faces.Expression(smile=0.6, mouth=0.4))
    speakers.put(stage, speakers.SPEAKERS[4], speakers.Attire.random(rng), take, (172, 90), 46)
    return {
        "canvas": camera.to_uint8(_shapes()),
        "noise": camera.to_uint8(0.5 + 0.2 * smooth_noise(SIDE, SIDE, 16, rng)),
        "palette": camera.to_uint8(_swatches()),
        "camera": camera.photographed(face, (64, 64), camera.tint(rng, 0.3), 0.08, rng),
        "faces": camera.to_uint8(face),
        "portraits": portraits.portrait(who, rng),
        "speakers": camera.to_uint8(stage[:, 82:]),
        "stages": camera.to_uint8(stages.hall(rng)[0]),
        "bodies": bodies.scenes(1, 160, 160, people=(2, 2), seed=4).images[0],
        "cars": cars.draw(0, 2, 1),
        "hands": hands.draw(0, 3, 3),
        "prints": prints.photographs()["turned"].image[:, :480],
    }


def _shapes() -> np.ndarray:
    """Paint a fruit with its stalk and leaf."""
    canvas = Canvas(np.full((SIDE, SIDE, 3), 0.85, np.float32))
    canvas.paint(limb([(64, 50), (67, 32), (76, 18)], [7, 6, 4]), (0.35, 0.24, 0.14))
    canvas.paint(oval(90, 30, 18, 8, turn=-0.4), (0.25, 0.5, 0.2))
    canvas.paint(oval(64, 78, 40, 36), (0.75, 0.2, 0.15), relief=1)
    return canvas.pixels


def _swatches() -> np.ndarray:
    """Return the colours of skins, hair, irises and clothes as a chart."""
    rows = (palette.SKINS, palette.HAIRS, palette.IRISES)
    chart = [*rows, *np.reshape(palette.CLOTHS, (3, 4, 3))]
    return np.kron(np.array(chart), np.ones((20, 30, 1)))


def main() -> None:
    """Write the picture."""
    named = []
    for name, picture in tiles().items():
        height, width = picture.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        square = cv2.resize(
            picture[top : top + side, left : left + side],
            (SIDE, SIDE),
            interpolation=cv2.INTER_AREA if side > SIDE else cv2.INTER_CUBIC,
        )
        if square.ndim == 2:
            square = np.repeat(square[..., None], 3, axis=-1)
        tile = np.full((SIDE + LABEL, SIDE + 4, 3), 255, np.uint8)
        tile[:SIDE, 2:-2] = square
        cv2.putText(tile, name, (2, SIDE + 12), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0,) * 3, 1, 16)
        named.append(tile)
    named += [np.full_like(named[0], 255)] * (-len(named) % COLUMNS)
    rows = [np.hstack(named[i : i + COLUMNS]) for i in range(0, len(named), COLUMNS)]
    cv2.imwrite(str(FILE), np.vstack(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
