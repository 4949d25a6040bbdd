"""Fingerprints of arrays: by which data are known again on another machine."""

from typing import Any

import numpy as np

PARTS = 8  # of an array, which are measured one by one
ROWS = 256  # of a part, each of which counts by its place
SPREAD_OF = 100_000  # so many values tell how far all of them spread
ROUNDED = 2e-5  # of its standard deviation: what machines may change in the mean of a part


def compute(data: Any) -> dict[str, Any]:
    """Return the types and shapes of arrays, and some of their moments.

    This is no checksum of their bytes: processors round the last bit of a product differently, and
    a pixel of a synthetic picture then differs by one.
    """
    arrays = [np.asarray(a) for a in (data if isinstance(data, list | tuple) else [data])]
    kinds = [f"{a.dtype} {' x '.join(map(str, a.shape))}" for a in arrays]
    return {"data": ", ".join(kinds), "moments": [_moments(a) for a in arrays]}


def _moments(array: np.ndarray) -> list[float]:
    """Return the spread of all values and, of each of some parts in order, two means.

    The second mean weighs values by their place in the part, so that it changes where two values
    change places.
    """
    flat = array.ravel()
    moments = [float(flat[:: len(flat) // SPREAD_OF + 1].std(dtype=np.float64))]
    for part in np.array_split(flat, min(PARTS, len(flat))):
        sums = np.add.reduceat(part, np.arange(0, len(part), -(-len(part) // ROWS)), dtype=float)
        ramp = np.linspace(-1, 1, len(sums)) if len(sums) > 1 else np.zeros(1)
        moments += [float(sums.sum()) / len(part), float(sums @ ramp) / len(part)]
    return [float(f"{value:.9g}") for value in moments]


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Return whether two fingerprints are of the same data, up to how machines round."""
    if first["data"] != second.get("data"):
        return False
    return all(
        np.allclose(a, b, rtol=0, atol=ROUNDED * a[0] + 1e-12, equal_nan=True)
        for a, b in zip(first["moments"], second["moments"], strict=True)
    )


def arrays(record: Any) -> list[np.ndarray]:
    """Return the numbers that a record holds, without its texts and paths."""
    return [array for value in vars(record).values() for array in _numbers(value)]


def _numbers(value: Any) -> list[np.ndarray]:
    """Return the arrays of a value; those of a tuple, such as pictures of many sizes, as one."""
    if isinstance(value, tuple | list):
        parts = [part.ravel() for each in value for part in _numbers(each)]
        return [np.concatenate(parts)] if parts else []
    if hasattr(value, "indptr"):  # a sparse matrix
        return [value.data, value.indices, value.indptr]
    numeric = isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size
    return [value] if numeric else []
