"""Why an answer fails a visible test: the line, and in what the answer differs from what is asked.

This runs where the tests run, directly after one failed, while its values are still there.
"""

import ast
import contextlib
import re
import traceback
from collections.abc import Iterable
from typing import Any

import numpy as np

MOST_LINES, WIDTH = 14, 96
MOST_ENTRIES = 3  # entries of an array that are shown
NAMES = {"<solution>": "your cell", "<test>": "the test", "<harness>": "the given cell"}
CONTAINERS = (list, tuple, dict)


def explain(error: Exception, cells: dict[str, str]) -> list[str]:
    """Say in a few lines what happened: at most ``MOST_LINES``, of at most ``WIDTH`` letters.

    ``cells`` are the sources by the name that they were compiled with: ``<solution>``, ``<test>``,
    ...
    """
    if isinstance(error, SyntaxError) and error.filename in cells:
        mark = " " * max((error.offset or 1) - 1, 0) + "^"
        place = f"line {error.lineno} of {NAMES[error.filename]}:"
        return short([place, f"  {(error.text or '').rstrip()}", f"  {mark}"])
    steps = [
        (frame, frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in cells
    ]
    in_test = all(name == "<test>" for _, name, _ in steps)  # then one line is enough
    lines = [
        f"line {line} of {NAMES[name]}: {statement(cells[name], line)}"
        for _, name, line in (steps[-1:] if in_test else steps)
    ]
    if steps and isinstance(error, NameError):
        lines += unknown_name(error.name or "", steps[-1][1])
    if steps and steps[-1][1] == "<test>" and isinstance(error, AssertionError):
        frame, _, line = steps[-1]
        if values := compared(error, statement_at(cells["<test>"], line), frame):
            return short(lines + [f"  {text}" for text in values])
    message = "".join(traceback.format_exception_only(error)).strip().splitlines()
    return short(lines + message[1:])  # its first line stands beside the task's name


def unknown_name(name: str, place: str) -> list[str]:
    """Return why a name is not known here that the notebook may well know."""
    if place == "<test>":
        return [f"your cell must define {name!r}: the name in its def line stays as given"]
    return [
        "a task sees its own cell, the imports and the cells tagged 'given' alone:",
        f"pass {name!r} as an argument, or make it in this cell",
    ]


def unsolved(source: str, line: int) -> list[str]:
    """Return what a function whose stub raised is to do, or that the stub stands beside code."""
    for node in ast.walk(ast.parse(source)):
        block = getattr(node, "body", None)
        if isinstance(block, list) and any(statement.lineno == line for statement in block):
            docstring = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
            if len(block) > (1 if docstring is None else 2):
                return [f"line {line} of your cell still raises NotImplementedError: delete it"]
            return [f"to write: {docstring.splitlines()[0]}"] if docstring else []
    return []


def statement(source: str, line: int) -> str:
    """Return the statement that stands on a line, on one line."""
    with contextlib.suppress(SyntaxError):
        node = statement_at(source, line)
        if node is not None and not hasattr(node, "body"):
            return " ".join((ast.get_source_segment(source, node) or "").split())
    lines = source.splitlines()
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def statement_at(source: str, line: int) -> ast.stmt | None:
    """Return the smallest statement of a cell that reaches over a line."""
    inside = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return min(inside, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


# ------------------------------------------------------------------ what a test compares


def compared(error: AssertionError, node: ast.stmt | None, frame: Any) -> list[str]:
    """Return in what the answer differs from what a statement of a test asks, or its values."""
    try:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            sides = given_to_numpy(error)
            return difference(named(node.value.args[0]), *sides) if sides else []
        return asserted(node, frame) if isinstance(node, ast.Assert) else []
    except Exception:
        # The test computed it a moment ago. That it fails now says nothing of the answer.
        return []


def given_to_numpy(error: AssertionError) -> tuple[Any, Any, dict[str, Any]] | None:
    """Return what a function of ``np.testing`` was given, and how close it had to be."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        own, place = frame.f_locals, frame.f_code.co_filename.replace("\\", "/")
        if "numpy/testing/" in place and "actual" in own and "desired" in own:
            close = {"rtol": 0, "atol": 0, "strict": False}
            if "decimal" in own:  # of the functions that count places behind the point
                close["atol"] = 1.5 * 10.0 ** -own["decimal"]
            return own["actual"], own["desired"], {k: own.get(k, close[k]) for k in close}
    return None


def asserted(node: ast.Assert, frame: Any) -> list[str]:
    """Return what is wrong with the values of an ``assert``, which are computed once more."""

    def value(part: ast.expr) -> Any:
        code = compile(ast.Expression(part), "<again>", "eval")
        return eval(code, frame.f_globals, frame.f_locals)

    test = node.test
    for part in test.values if isinstance(test, ast.BoolOp) else [test]:
        if not (isinstance(part, ast.Call) and ast.unparse(part.func) == "isinstance"):
            continue
        if not value(part):
            return another_kind(part.args[0], value(part.args[0]), part.args[1])
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq) and len(test.ops) == 1:
        answer, asked = value(test.left), value(test.comparators[0])
        if lines := difference(named(test.left), answer, asked, {}):
            return lines
    if node.msg:
        return []
    parts = [test]
    if isinstance(test, ast.Compare):
        parts = [test.left, *test.comparators]
        if re.match(r"(np\.)?abs\(", ast.unparse(test.left)):  # of a difference, mostly
            parts += [n for n in ast.walk(test.left) if isinstance(n, ast.Call)][1:]
    elif isinstance(test, ast.Call):
        parts = [*test.args, *(keyword.value for keyword in test.keywords)]
    values = [(part, value(part)) for part in parts if not isinstance(part, ast.Constant)]
    return [f"{ast.unparse(part)} is {shown(result)}" for part, result in values]


def named(part: ast.expr) -> str:
    """Return an expression of a test as a sentence names it."""
    name = " ".join(ast.unparse(part).split())
    return name if len(name) <= 40 else "the answer"


def another_kind(part: ast.expr, answer: Any, due: ast.expr) -> list[str]:
    """Return that an answer is not of the kind that ``isinstance`` asks for."""
    if answer is None:
        return difference(named(part), None, due, {})
    kinds = [kind.rpartition(".")[2] for kind in ast.unparse(due).split(" | ")]
    kinds = ["an array" if kind == "ndarray" else _with_article(kind) for kind in kinds]
    return [f"{named(part)} is {kind_of(answer)}; {' or '.join(kinds)} is asked"]


# ------------------------------------------------------------------ how two values differ


def difference(name: str, answer: Any, asked: Any, close: dict[str, Any]) -> list[str]:
    """Return the most basic difference of an answer from what is asked; empty if none is seen.

    ``close`` has ``rtol`` and ``atol`` where numbers need not be equal, and ``strict`` where arrays
    must have the same shape and type.
    """
    if isinstance(answer, np.ndarray) and answer.dtype == object and answer.ndim == 0:
        answer = answer.item()  # as NumPy wraps what is no array
    if answer is None and asked is not None:
        return [f"{name} is None: does the function end in a line with `return`?"]
    if isinstance(asked, CONTAINERS) and type(answer) is type(asked):
        return _of_parts(name, answer, asked, close)
    kinds = kind_of(answer), kind_of(asked)
    is_array = isinstance(answer, np.ndarray) or isinstance(asked, np.ndarray)
    is_container = isinstance(answer, CONTAINERS) or isinstance(asked, CONTAINERS)
    if isinstance(answer, dict) or (is_container and not is_array):
        return [f"{name} is {kinds[0]}; {kinds[1]} is asked"]
    got, due = np.asarray(answer), np.asarray(asked)
    if is_array:
        return _of_arrays(name, got, due, close)
    if _are_close(got, due, close).all():
        return []
    return [pair(name, answer, asked) + f" ({kinds[0]}, not {kinds[1]})" * (kinds[0] != kinds[1])]


def _of_parts(name: str, answer: Any, asked: Any, close: dict[str, Any]) -> list[str]:
    keys: Iterable[Any] = range(len(asked))
    if isinstance(asked, dict):
        keys = asked
        if lacks := asked.keys() - answer.keys():
            return [f"{name} lacks {', '.join(sorted(map(repr, lacks)))}"]
        if surplus := answer.keys() - asked.keys():
            return [f"{name} has {', '.join(sorted(map(repr, surplus)))}, which is not asked"]
    elif len(answer) != len(asked):
        return [
            f"{name} has {len(answer)} entries: {shown(answer)}",
            f"  {len(asked)} asked: {shown(asked)}",
        ]
    for key in keys:
        if lines := difference(f"{name}[{key!r}]", answer[key], asked[key], close):
            return lines
    return []


def _of_arrays(name: str, got: np.ndarray, due: np.ndarray, close: dict[str, Any]) -> list[str]:
    strict = close.get("strict", False)
    if got.shape != due.shape and (strict or (got.ndim and due.ndim)):
        return [f"{name} has shape {got.shape}; {due.shape} is asked"]
    if strict and got.dtype != due.dtype:
        return [f"{name} has type {got.dtype}; {due.dtype} is asked"]
    got, due = np.broadcast_arrays(got, due)
    wrong = np.argwhere(~_are_close(got, due, close))
    if got.ndim == 0:
        return [pair(name, got[()], due[()])] if len(wrong) else []
    lines = [f"{name}: {len(wrong)} of {got.size} entries differ"] if len(wrong) else []
    for index in map(tuple, wrong[:MOST_ENTRIES].tolist()):
        place = ", ".join(map(str, index))
        lines.append(pair(f"  at [{place}] it", got[index], due[index]))
    return lines


def _are_close(got: np.ndarray, due: np.ndarray, close: dict[str, Any]) -> np.ndarray:
    if all(np.issubdtype(array.dtype, np.number) for array in (got, due)):
        rtol, atol = close.get("rtol", 0), close.get("atol", 0)
        return np.isclose(got, due, rtol=rtol, atol=atol, equal_nan=True)
    return np.asarray(got == due)


# ------------------------------------------------------------------ texts


def kind_of(value: Any) -> str:
    """Return what a value is, as a person says it."""
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} {value.dtype}"
    size = f" of {len(value)}" if isinstance(value, CONTAINERS) else ""
    return _with_article(type(value).__name__) + size


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def pair(name: str, answer: Any, asked: Any) -> str:
    """Return both values on one line, with as many digits as tell them apart."""
    digits = 8 if shown(answer) != shown(asked) else 17
    return f"{name} is {shown(answer, digits)}; {shown(asked, digits)} is asked"


def shown(value: Any, digits: int = 8) -> str:
    """Return a value as text of moderate length."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return min(repr(value), f"{value:.{digits}g}", key=len)
    with np.printoptions(precision=5, threshold=12, edgeitems=2, linewidth=10_000):
        text = " ".join(repr(value).split())
    text = text if len(text) <= 60 else f"{text[:40]} ... {text[-15:]}"
    return text + (f", {value.dtype} {value.shape}" if isinstance(value, np.ndarray) else "")


def short(lines: list[str]) -> list[str]:
    """Keep the first lines, none of them too long; say how many are left out."""
    lines = [line for text in lines for line in text.splitlines() if line.strip()]
    lines = [x if len(x) <= WIDTH else f"{x[: WIDTH - 30]} ... {x[-25:]}" for x in lines]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], f"... {len(lines) - MOST_LINES + 1} more lines"]
