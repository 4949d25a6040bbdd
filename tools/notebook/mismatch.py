"""What is wrong with an answer, in words: kind, shape, type, the first entries that differ."""

from __future__ import annotations

from typing import Any

import numpy as np

FIRST = 3  # entries that are told
ASKED = "is asked"
DUE = {"np.ndarray": "an array"}


def mismatch(name: str, answer: Any, asked: Any, close: dict[str, Any]) -> list[str]:
    """Return in what an answer differs from what is asked, the most basic difference alone.

    Parameters
    ----------
    name : str
        What the answer is called: ``"f(x)"``.
    answer, asked : object
        Plain values: numbers, strings, arrays, or lists, tuples and dicts of them.
    close : dict
        ``rtol`` and ``atol`` where numbers need not be equal, ``strict`` where arrays must have
        the same shape and type.

    Returns
    -------
    list of str
        Empty where no difference is seen.
    """
    if isinstance(answer, np.ndarray) and answer.dtype == object and answer.ndim == 0:
        answer = answer.item()  # as NumPy wraps what is no array
    if answer is None and asked is not None:
        return [f"{name} is None: does the function end in a line with `return`?"]
    if isinstance(asked, np.ndarray) or isinstance(answer, np.ndarray):
        return _arrays(name, answer, asked, close)
    if isinstance(asked, (list, tuple)) and isinstance(answer, (list, tuple)):
        return _in_order(name, answer, asked, close)
    if isinstance(asked, dict) and isinstance(answer, dict):
        return _by_key(name, answer, asked, close)
    if _same(answer, asked, close):
        return []
    told = _pair(name, answer, asked)
    kinds = _kind(answer), _kind(asked)
    return [told if kinds[0] == kinds[1] else f"{told} ({kinds[0]}, not {kinds[1]})"]


def of_kind(name: str, answer: Any, due: tuple[str, ...]) -> list[str]:
    """Return that an answer is of another kind than a test asks for.

    Parameters
    ----------
    name : str
        What the answer is called: ``"f(x)"``.
    answer : object
        Of a kind that is not asked for.
    due : tuple of str
        The names of the types that are, as the test writes them: ``"np.ndarray"``.
    """
    if answer is None:
        return mismatch(name, None, due, {})
    kinds = [DUE.get(kind) or _with_article(kind.rpartition(".")[2]) for kind in due]
    return [f"{name} is {_kind(answer)}; {' or '.join(kinds)} {ASKED}"]


def _arrays(name: str, answer: Any, asked: Any, close: dict[str, Any]) -> list[str]:
    if isinstance(asked, (list, tuple, dict, str)):
        return [f"{name} is {_kind(answer)}; {_kind(asked)} {ASKED}"]
    try:
        got, due = np.asarray(answer), np.asarray(asked)
    except (TypeError, ValueError):  # rows of different lengths
        return [f"{name} is {_kind(answer)}, not to be read as an array; {_kind(asked)} {ASKED}"]
    strict = close.get("strict", False)
    spread = not strict and (got.ndim == 0 or due.ndim == 0)
    if got.shape != due.shape and not spread:
        return [f"{name} has shape {got.shape}; {due.shape} {ASKED}"]
    if strict and got.dtype != due.dtype:
        return [f"{name} has type {got.dtype}; {due.dtype} {ASKED}"]
    got, due = np.broadcast_arrays(got, due)
    return _entries(name, got, due, close)


def _entries(name: str, got: np.ndarray, due: np.ndarray, close: dict[str, Any]) -> list[str]:
    wrong = np.argwhere(~_close(got, due, close))
    if not len(wrong):
        return []
    if got.ndim == 0:
        return [_pair(name, got.item(), due.item())]
    how_many = f"{len(wrong)} of {got.size} entries" if got.size > 1 else "its one entry"
    told = [f"{name}: {how_many} differ{'' if got.size > 1 else 's'}"]
    for index in map(tuple, wrong[:FIRST].tolist()):
        place = ", ".join(map(str, index))
        told.append(_pair(f"  at [{place}] it", got[index], due[index]))
    return told


def _close(got: np.ndarray, due: np.ndarray, close: dict[str, Any]) -> np.ndarray:
    numbers = all(np.issubdtype(one.dtype, np.number) for one in (got, due))
    if numbers:
        limits = {key: close.get(key, 0) for key in ("rtol", "atol")}
        return np.isclose(got, due, equal_nan=True, **limits)
    return np.asarray(got == due)


def _in_order(name: str, answer: Any, asked: Any, close: dict[str, Any]) -> list[str]:
    if type(answer) is not type(asked):
        return [f"{name} is {_kind(answer)}; {_kind(asked)} {ASKED}"]
    if len(answer) != len(asked):
        counts = f"{len(answer)} entries; {len(asked)} {'is' if len(asked) == 1 else 'are'} asked"
        return [f"{name} has {counts}: {_text(answer)}", f"  asked: {_text(asked)}"]
    for i, (one, due) in enumerate(zip(answer, asked, strict=True)):
        if told := mismatch(f"{name}[{i}]", one, due, close):
            return told
    return []


def _by_key(name: str, answer: dict, asked: dict, close: dict[str, Any]) -> list[str]:
    lacks, odd = asked.keys() - answer.keys(), answer.keys() - asked.keys()
    if lacks or odd:
        told = [f"{name} lacks {_names(lacks)}"] if lacks else []
        return told + ([f"{name} has {_names(odd)}, which nobody asked for"] if odd else [])
    for key in asked:
        if told := mismatch(f"{name}[{key!r}]", answer[key], asked[key], close):
            return told
    return []


def _names(keys: set) -> str:
    shown = sorted(map(repr, keys))
    more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
    return ", ".join(shown[:5]) + more


def _same(answer: Any, asked: Any, close: dict[str, Any]) -> bool:
    try:
        if isinstance(answer, (int, float, complex)) and isinstance(asked, (int, float, complex)):
            limits = {key: close.get(key, 0) for key in ("rtol", "atol")}
            return bool(np.isclose(answer, asked, equal_nan=True, **limits))
        return bool(answer == asked)
    except (TypeError, ValueError, OverflowError):  # an int that no float holds
        return False


def _kind(value: Any) -> str:
    """Return what a value is, as a person says it."""
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} {value.dtype}"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return _with_article(type(value).__name__)


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _pair(name: str, answer: Any, asked: Any) -> str:
    """Return both values on one line, with as many digits as tell them apart."""
    texts = [_text(one) for one in (answer, asked)]
    if texts[0] == texts[1]:
        texts = [
            repr(one.item() if isinstance(one, np.generic) else one) for one in (answer, asked)
        ]
    return f"{name} is {texts[0]}; {texts[1]} {ASKED}"


def _text(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return min(repr(value), f"{value:.8g}", key=len)
    with np.printoptions(precision=5, threshold=12, edgeitems=2, linewidth=10_000):
        text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:40]} ... {text[-15:]}"
