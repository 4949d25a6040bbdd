"""State dicts of PyTorch without PyTorch: ``read("x.pt")`` returns NumPy arrays by name.

A ``.pt`` file is a pickle, and a pickle may run whatever its author likes. The reader here knows
tensors and dicts and refuses everything else. It takes both formats: a zip (torch >= 1.6) and
the row of pickles with the numbers behind it that came before.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import numpy as np

from data.core.cards import DataError

# torch's storage classes -> type of one number, as it lies in the file
DTYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "?",
}
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C  # the first pickle of the older format
_LEGACY_PROTOCOL = 1001  # the second one


def read(path: Path) -> dict[str, np.ndarray]:
    """Read a state dict that ``torch.save`` wrote.

    Parameters
    ----------
    path : Path
        A ``.pt`` or ``.pth`` file of a flat dict of tensors.

    Returns
    -------
    dict of str to np.ndarray
        In the order of the file, each array in the shape and type that it was saved with.

    Raises
    ------
    DataError
        If the file is none of torch's, or asks for anything but tensors.
    """
    try:
        with open(path, "rb") as stream:
            zipped = stream.read(4) == b"PK\x03\x04"
            stream.seek(0)
            return _read_zip(stream) if zipped else _read_legacy(stream)
    except OSError:
        raise
    except Exception as error:  # bytes that are no pickle can end in almost any exception
        why = str(error) or type(error).__name__
        raise DataError(f"{path} was not read as a state dict of PyTorch: {why}.") from error


@dataclass(frozen=True)
class _Storage:
    """A run of numbers that tensors are views of; ``key`` says where the file keeps them."""

    key: str
    dtype: np.dtype
    count: int


@dataclass(frozen=True)
class _Tensor:
    """A tensor as it is written: which numbers of which storage, in elements."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self, numbers: np.ndarray) -> np.ndarray:
        """Return the tensor's own copy of its numbers.

        The file chooses offset and strides, so they are checked before memory is looked at.
        """
        places = (self.offset, *self.shape, *self.strides)
        if len(self.shape) != len(self.strides) or not all(_is_count(n) for n in places):
            raise pickle.UnpicklingError("a tensor has no sensible shape")
        last = self.offset + sum(
            (n - 1) * step for n, step in zip(self.shape, self.strides, strict=True)
        )
        if 0 not in self.shape and last >= len(numbers):
            raise pickle.UnpicklingError("a tensor reaches beyond its storage")
        if 0 in self.shape:
            return np.empty(self.shape, self.storage.dtype)
        steps = [n * numbers.itemsize for n in self.strides]
        return np.lib.stride_tricks.as_strided(numbers[self.offset :], self.shape, steps).copy()


def _is_count(number: Any) -> bool:
    return type(number) is int and number >= 0


def _new_tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> _Tensor:
    """Stand in for torch._utils._rebuild_tensor_v2."""
    if not isinstance(storage, _Storage):
        raise pickle.UnpicklingError("a tensor without a storage")
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def _new_parameter(tensor: Any, *_: Any) -> Any:
    """Stand in for torch._utils._rebuild_parameter: a parameter is its tensor."""
    return tensor


class _Reader(pickle.Unpickler):
    """Reads dicts of tensors, and refuses everything else."""

    ALLOWED: ClassVar = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _new_tensor,
        ("torch._utils", "_rebuild_parameter"): _new_parameter,
        **{("torch", name): np.dtype(code) for name, code in DTYPES.items()},
    }

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self.ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"it asks for {module}.{name}, which is no tensor"
            ) from None

    def persistent_load(self, pid: Any) -> _Storage:
        """Return the storage of ('storage', type, key, device, count); an older file adds a view.

        A view of a storage was written by torch < 0.4 and is not taken.
        """
        kind, dtype, key, _, count, *view = pid
        if kind != "storage" or not isinstance(dtype, np.dtype) or any(view):
            raise pickle.UnpicklingError("a storage of a kind that is not known")
        if not isinstance(key, str) or not _is_count(count):
            raise pickle.UnpicklingError("a storage without a name or a size")
        return _Storage(key, dtype, count)


def _tensors(content: Any) -> dict[str, _Tensor]:
    """Return a pickle's content if it is a flat dict of tensors."""
    if not isinstance(content, Mapping):
        raise pickle.UnpicklingError(f"it holds a {type(content).__name__} and no dict of tensors")
    for name, value in content.items():
        if not isinstance(name, str) or not isinstance(value, _Tensor):
            raise pickle.UnpicklingError(f"entry {name!r} is a {type(value).__name__}, no tensor")
    return dict(content)


def _numbers(raw: bytes, storage: _Storage) -> np.ndarray:
    expected = storage.count * storage.dtype.itemsize
    if len(raw) != expected:
        raise pickle.UnpicklingError(f"a storage has {len(raw)} bytes where {expected} are due")
    return np.frombuffer(raw, storage.dtype)


def _read_zip(stream: BinaryIO) -> dict[str, np.ndarray]:
    """Read NAME/data.pkl and the storages NAME/data/KEY."""
    with zipfile.ZipFile(stream) as archive:
        pickles = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise pickle.UnpicklingError("the zip does not hold one data.pkl")
        folder = pickles[0].removesuffix("data.pkl")
        order = f"{folder}byteorder"
        if order in archive.namelist() and archive.read(order) != b"little":
            raise pickle.UnpicklingError("it was written by a big-endian machine")
        tensors = _tensors(_Reader(io.BytesIO(archive.read(pickles[0]))).load())
        storages = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
        numbers = {
            key: _numbers(_stored(archive, f"{folder}data/{key}"), storage)
            for key, storage in storages.items()
        }
    return {name: tensor.array(numbers[tensor.storage.key]) for name, tensor in tensors.items()}


def _stored(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member; torch packs none, so a packed one could only be there to fill the memory."""
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise pickle.UnpicklingError(f"{name} is compressed, which torch never does")
    return archive.read(name)


def _read_legacy(stream: BinaryIO) -> dict[str, np.ndarray]:
    """Read five pickles (magic, protocol, system, tensors, keys), then the storages in a row."""
    if _Reader(stream).load() != _LEGACY_MAGIC or _Reader(stream).load() != _LEGACY_PROTOCOL:
        raise pickle.UnpicklingError("it does not begin as torch's files do")
    if not _Reader(stream).load().get("little_endian", True):
        raise pickle.UnpicklingError("it was written by a big-endian machine")
    tensors = _tensors(_Reader(stream).load())
    storages = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    numbers = {}
    for key in _Reader(stream).load():
        if int.from_bytes(stream.read(8), "little") != storages[key].count:
            raise pickle.UnpicklingError(f"storage {key} is not as long as its tensors say")
        size = storages[key].count * storages[key].dtype.itemsize
        numbers[key] = _numbers(stream.read(size), storages[key])
    return {name: tensor.array(numbers[tensor.storage.key]) for name, tensor in tensors.items()}
