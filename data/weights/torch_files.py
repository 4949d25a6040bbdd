"""State dicts of PyTorch without PyTorch: ``read("x.pth")`` returns NumPy arrays by name.

A ``.pth`` file is a pickle, and a pickle may run whatever its author likes. The reader here knows
tensors and dicts and refuses everything else. It takes both formats: that of torch < 1.6, a row of
pickles with the numbers behind it, and the later one, a zip archive of a pickle and a file of
numbers for each storage.
"""

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class _Storage(NamedTuple):
    """A run of numbers that tensors are parts of; ``key`` says where the file keeps them."""

    key: str
    dtype: np.dtype
    count: int


class _Tensor(NamedTuple):
    """Which numbers of a storage a tensor consists of: offset and strides count elements."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self, numbers: Callable[[_Storage], bytes]) -> np.ndarray:
        """Return the tensor's own copy of its numbers; NumPy refuses what lies outside."""
        dtype = self.storage.dtype
        steps = [step * dtype.itemsize for step in self.strides]
        start = self.offset * dtype.itemsize
        return np.ndarray(self.shape, dtype, numbers(self.storage), start, steps).copy()


_ALLOWED = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): lambda *arguments: _Tensor(*arguments[:4]),
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}


class _Reader(pickle.Unpickler):
    """Reads dicts of tensors, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no tensor")
        return _ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        """Return the storage of ('storage', type, key, device, count), old files with a view."""
        _, dtype, key, _, count, *_ = pid
        return _Storage(key, dtype, count)


def read(path: Path) -> dict[str, Any]:
    """Read a dict that ``torch.save`` wrote, in the order of the file.

    Its tensors become arrays, also those of dicts in it, such as "state_dict"; other values, such
    as a count of layers, stay as they are. A file that asks for anything but tensors is an
    UnpicklingError.
    """
    return _from_zip(path) if zipfile.is_zipfile(path) else _from_row(path)


def _from_zip(path: Path) -> dict[str, Any]:
    """Read archive/data.pkl and, for each storage, archive/data/KEY."""
    with zipfile.ZipFile(path) as archive:
        pickled = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
        folder = pickled.removesuffix(".pkl")
        with archive.open(pickled) as stream:
            tensors = _Reader(stream).load()
        return _arrays(tensors, lambda storage: archive.read(f"{folder}/{storage.key}"))


def _from_row(path: Path) -> dict[str, Any]:
    """Read five pickles (magic number, protocol, system, tensors, keys), then the storages."""
    with open(path, "rb") as stream:
        *_, tensors = (_Reader(stream).load() for _ in range(4))
        sizes = {t.storage.key: t.storage.count * t.storage.dtype.itemsize for t in _all(tensors)}
        numbers = {}
        for key in _Reader(stream).load():
            stream.read(8)  # how many numbers, which is known
            numbers[key] = stream.read(sizes[key])
    return _arrays(tensors, lambda storage: numbers[storage.key])


def _all(values: dict[str, Any]) -> Iterator[_Tensor]:
    """Yield the tensors of a dict and of the dicts in it."""
    for value in values.values():
        if isinstance(value, dict):
            yield from _all(value)
        elif isinstance(value, _Tensor):
            yield value


def _arrays(values: dict[str, Any], numbers: Callable[[_Storage], bytes]) -> dict[str, Any]:
    """Return a dict with arrays in place of tensors."""

    def converted(value: Any) -> Any:
        if isinstance(value, dict):
            return _arrays(value, numbers)
        return value.array(numbers) if isinstance(value, _Tensor) else value

    return {name: converted(value) for name, value in values.items()}
