"""Plain values over a socket, between a judge and code that may lie.

A frame is three parts: the lengths of the other two (4 and 8 bytes), a JSON header, raw bytes.
The header holds the message with its values: None, bool, int, float and str as JSON has them, all
else as a list that begins with its kind; arrays and numbers of NumPy stand in the raw part in their
order. Nothing is ever unpickled: what arrives can only be one of these, complex, bytes, list,
tuple, dict and its views, set, frozenset, range, deque, an iterator, an array or a NumPy number of
a plain type. Every size is checked before memory is taken for
it. Standard library and NumPy only, since the same file is read inside the sandbox; ``check`` holds
answers to the same rules by ``travelled``.
"""

import json
import math
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

HEADER = struct.Struct("!IQ")
MAX_HEADER = 1_000_000  # bytes of JSON; large data belongs into arrays, which travel raw
MAX_RAW = 64_000_000
MAX_DEPTH = 20
MAX_VALUES = 100_000
NOT_PLAIN = "the answer must be a plain value or a NumPy array"
KINDS = "biufcSU"  # of arrays: bool, integers, floats, complex, bytes and text of fixed length


class WireError(Exception):
    """What arrived is no frame of this protocol, or is larger than allowed."""


class NotPlain(Exception):
    """A value that does not travel: only plain values do. No test expects an error of this kind."""


class Closed(Exception):
    """The other side is gone."""


class TooSlow(Exception):
    """The other side did not answer in time."""


# ------------------------------------------------------------------ values


class Encoder:
    """Turn values into what JSON can hold, and collect the raw bytes of arrays.

    Parameters
    ----------
    exact : bool
        Take what arrives as the very type that was sent and nothing else, as arguments are. An
        answer may also be what Python or NumPy take for a plain value (``taken_for``).
    """

    def __init__(self, *, exact: bool = False) -> None:
        self.raw: list[bytes] = []
        self.size = self.count = 0
        self.exact = exact

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return a value as JSON can hold it; ``NotPlain`` for what does not travel."""
        self.count += 1
        if depth > MAX_DEPTH:
            raise NotPlain(f"nested deeper than {MAX_DEPTH} levels")
        if self.count > MAX_VALUES:
            raise NotPlain(f"more than {MAX_VALUES:,} values; use an array")
        kind = type(value)  # exactly: a subclass could bring a comparison of its own
        if kind in _SIMPLE:
            return value
        if kind in _GROUPS or (isinstance(value, Iterator) and not self.exact):
            tag, parts, _ = _GROUPS.get(kind, _GROUPS[Iterator])
            return [tag, [self.encode(item, depth + 1) for item in parts(value)]]
        if kind is np.ndarray:
            return ["array", *self._array(value), list(value.shape)]
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            return ["number", *self._array(np.asarray(value))]
        if self.exact:
            raise NotPlain(f"{_named(value)} is no plain value")
        return self.encode(taken_for(value), depth)

    def _array(self, value: np.ndarray) -> list:
        if value.dtype.kind not in KINDS:
            raise NotPlain(f"an array of {value.dtype} is no plain value")
        self.size += value.nbytes
        if self.size > MAX_RAW:
            raise NotPlain(f"more than {MAX_RAW // 1_000_000} MB of arrays")
        self.raw.append(np.ascontiguousarray(value).tobytes())
        return [value.dtype.str]


# As JSON has them, infinite floats among them.
_SIMPLE = (type(None), bool, int, float, str)
# Of what is made from other values: its tag, how it is taken apart, and how it is put together.
_GROUPS: dict[type, tuple[str, Any, Any]] = {
    complex: ("complex", lambda value: (value.real, value.imag), lambda parts: complex(*parts)),
    bytes: ("bytes", lambda value: [value.hex()], lambda parts: bytes.fromhex(*parts)),
    list: ("list", iter, list),
    tuple: ("tuple", iter, tuple),
    set: ("set", iter, set),
    frozenset: ("frozenset", iter, frozenset),
    dict: (
        "dict",
        lambda value: (part for pair in value.items() for part in pair),
        lambda parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    ),
    deque: ("deque", iter, deque),
    range: (
        "range",
        lambda value: (value.start, value.stop, value.step),
        lambda parts: range(*parts),
    ),
    type({}.keys()): ("keys", iter, lambda parts: dict.fromkeys(parts).keys()),
    type({}.values()): ("values", iter, lambda parts: dict(enumerate(parts)).values()),
    type({}.items()): ("items", iter, lambda parts: dict(parts).items()),
    Iterator: ("iterator", iter, iter),
}
_REBUILT = {tag: build for tag, _, build in _GROUPS.values()}
# What a subclass is underneath: its own methods, which may say anything, are not asked.
_BASES: dict[type, Any] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: bytes.__bytes__,
    **{base: base for base in (list, tuple, dict, set, frozenset, deque)},
}


def taken_for(answer: Any) -> Any:
    """Return the plain value that an answer counts as in a comparison.

    An instance of a subclass of a plain type, arrays included, counts as that type. Raises NotPlain
    if it counts as none, such as a tensor, a series or a data frame, or hides entries behind a
    mask, which no comparison would see.
    """
    if isinstance(answer, np.ma.MaskedArray) and np.ma.is_masked(answer):
        raise NotPlain("an array with masked entries is no plain value; fill them")
    for base, plain in _BASES.items():
        if isinstance(answer, base):
            return plain(answer)
    if isinstance(answer, np.ndarray):
        return np.asarray(answer)
    if not isinstance(answer, type) and hasattr(answer, "__array__"):
        raise NotPlain(f"{_named(answer)} is no array; return what np.array makes of it")
    raise NotPlain(f"{_named(answer)} is no plain value")


def _named(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


class Decoder:
    """Turn what JSON held back into values; what is wrong with it is a ``WireError``."""

    def __init__(self, raw: bytes) -> None:
        self.raw = memoryview(raw)
        self.at = self.count = 0

    def decode(self, node: Any, depth: int = 0) -> Any:
        """Return the value that an encoder wrote so."""
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise WireError("the answer is nested too deeply or has too many parts")
        match node:
            case None | bool() | int() | float() | str():
                return node
            case ["array" | "number" as tag, *rest]:
                return self._array(tag, *rest)
            case [str(tag), list(parts)]:
                return _REBUILT[tag]([self.decode(part, depth + 1) for part in parts])
        raise WireError("the answer is malformed")

    def _array(self, tag: str, code: str, shape: Any = ()) -> Any:
        dtype = np.dtype(code)
        if not isinstance(shape, list | tuple) or any(type(n) is not int or n < 0 for n in shape):
            raise WireError("the answer holds an array of no shape")
        if dtype.kind not in KINDS or dtype.str != code:
            raise WireError("the answer holds an array of a foreign type")
        size = math.prod(shape) * dtype.itemsize
        if size > len(self.raw) - self.at:
            raise WireError("the answer holds an array larger than what arrived")
        # A copy: np.frombuffer gives arrays that cannot be written to, unlike a function's own.
        value = np.frombuffer(self.raw[self.at : self.at + size], dtype).reshape(shape).copy()
        self.at += size
        return value[()] if tag == "number" else value


def pack(kind: str, *values: Any, exact: bool = False) -> bytes:
    """Return a frame that says ``kind`` and carries values; ``NotPlain`` if one does not travel."""
    encoder = Encoder(exact=exact)
    nodes = [encoder.encode(value) for value in values]
    try:
        header = json.dumps([kind, nodes]).encode("ascii")
    except ValueError:  # Python writes none of more than 4,300 digits
        raise NotPlain("a whole number with thousands of digits") from None
    if len(header) > MAX_HEADER:
        raise NotPlain(f"more than {MAX_HEADER:,} bytes beside arrays")
    raw = b"".join(encoder.raw)
    return HEADER.pack(len(header), len(raw)) + header + raw


def travelled(answer: Any) -> Any:
    """Return an answer as it arrives at the other side; ``NotPlain`` if it does not."""
    frame = pack("value", answer)
    size = HEADER.size + HEADER.unpack(frame[: HEADER.size])[0]
    return unpack(frame[HEADER.size : size], frame[size:])[1][0]


def put_back(value: Any, changed: Any) -> Any:
    """Change a value in place to what it became where a function was called with a copy.

    Returns it, or what it became where that is of another type or can't be changed. Inner values
    of lists, tuples and dicts are treated alike. Raises ValueError if an array has become another
    size or type, or may not be written to.
    """
    match value, changed:
        case np.ndarray(), np.ndarray():
            if value.dtype != changed.dtype:
                raise ValueError("an argument has become an array of another type")
            if value.shape != changed.shape or value.tobytes() != changed.tobytes():
                value.shape = changed.shape
                value[...] = changed
        case (list(), list()) | (tuple(), tuple()) if len(value) == len(changed):
            parts = [put_back(old, new) for old, new in zip(value, changed, strict=True)]
            if isinstance(value, list):
                value[:] = parts
        case dict(), dict() if list(value) == list(changed):
            value |= {key: put_back(value[key], new) for key, new in changed.items()}
        case list(), list():
            value[:] = changed
        case (set(), set()) | (dict(), dict()):
            value.clear()
            value.update(changed)
        case _:
            return changed
    return value


def unpack(header: bytes, raw: bytes) -> tuple[str, list[Any]]:
    """Return what a frame says and carries; ``WireError`` for anything else."""
    try:
        kind, nodes = json.loads(header.decode("ascii"))
        if not isinstance(kind, str) or not isinstance(nodes, list):
            raise WireError("the answer is malformed")
        decoder = Decoder(raw)
        return kind, [decoder.decode(node) for node in nodes]
    except WireError:
        raise
    except Exception as error:  # whatever a forged frame provokes is wrong with the frame
        raise WireError(f"the answer cannot be read ({type(error).__name__})") from None


# ------------------------------------------------------------------ the socket


def send(line: socket.socket, frame: bytes, deadline: float | None = None) -> None:
    """Send a frame; ``Closed`` or ``TooSlow`` where the other side does not take it."""
    with _before(line, deadline):
        line.sendall(frame)


def receive(line: socket.socket, deadline: float | None = None) -> tuple[str, list[Any]]:
    """Return the next message; its lengths are checked before a byte of it is read."""
    header_size, raw_size = HEADER.unpack(_exactly(line, HEADER.size, deadline))
    if header_size > MAX_HEADER or raw_size > MAX_RAW:
        raise WireError("the answer is too large")
    header = _exactly(line, header_size, deadline)
    return unpack(header, _exactly(line, raw_size, deadline))


def _exactly(line: socket.socket, size: int, deadline: float | None) -> bytes:
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        with _before(line, deadline):
            got = line.recv_into(view)
        if not got:
            raise Closed
        view = view[got:]
    return bytes(buffer)


@contextmanager
def _before(line: socket.socket, deadline: float | None) -> Iterator[None]:
    """Let a call on the socket wait until a moment of ``time.monotonic`` and no longer."""
    left = None if deadline is None else deadline - time.monotonic()
    if left is not None and left <= 0:
        raise TooSlow
    line.settimeout(left)
    try:
        yield
    except TimeoutError:
        raise TooSlow from None
    except OSError:
        raise Closed from None
