"""State dicts of PyTorch without PyTorch: ``read("x.pth")`` returns NumPy arrays by name.

A ``.pth`` file is a pickle, and a pickle may run whatever its author likes. The reader here knows
tensors and dicts and refuses everything else. It takes the format of torch < 1.6: a row of pickles
with the numbers behind it.
"""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class _Storage(NamedTuple):
    """A run of numbers that tensors are parts of; ``key`` says where the file keeps them."""

    key: str
    dtype: np.dtype
    count: int


def _array(
    numbers: dict[str, bytes], storage: _Storage, offset: int, shape: tuple, strides: tuple
) -> np.ndarray:
    """Return a tensor's own copy of its numbers; NumPy refuses what lies outside."""
    size = storage.dtype.itemsize
    steps = [step * size for step in strides]
    return np.ndarray(shape, storage.dtype, numbers[storage.key], offset * size, steps).copy()


_ALLOWED = {
    ("collections", "OrderedDict"): OrderedDict,
    # A tensor: which numbers of which storage, offset, shape and strides in elements
    ("torch._utils", "_rebuild_tensor_v2"): lambda *arguments: arguments[:4],
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
        """Return the storage of ('storage', type, key, device, count, view)."""
        _, dtype, key, _, count, _ = pid
        return _Storage(key, dtype, count)


def read(path: Path) -> dict[str, np.ndarray]:
    """Read a flat dict of tensors that ``torch.save`` wrote, in the order of the file.

    The file is five pickles (magic number, protocol, system, tensors, keys), then the storages in
    a row. One that asks for anything but tensors is an UnpicklingError.
    """
    with open(path, "rb") as stream:
        *_, tensors = (_Reader(stream).load() for _ in range(4))
        storages = {storage.key: storage for storage, *_ in tensors.values()}
        numbers = {}
        for key in _Reader(stream).load():
            stream.read(8)  # how many numbers, which is known
            numbers[key] = stream.read(storages[key].count * storages[key].dtype.itemsize)
    return {name: _array(numbers, *tensor) for name, tensor in tensors.items()}
