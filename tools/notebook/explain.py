"""Why a student's answer fails a visible test: the line, the compared values, the own code's line.

This runs where the tests run, directly after one failed, while its values are still there.
"""

from __future__ import annotations

import ast
import contextlib
import traceback
from typing import Any

import numpy as np

from tools.notebook.mismatch import mismatch, of_kind

MOST_LINES, WIDTH = 14, 96
NAMES = {"<solution>": "your cell", "<test>": "the test", "<harness>": "the given cell"}


def explain(error: Exception, cells: dict[str, str]) -> list[str]:
    """Say in a few lines what happened: at most ``MOST_LINES``, of at most ``WIDTH`` letters.

    ``cells`` are the sources by the name that they were compiled with: ``<solution>``, ``<test>``,
    ...
    """
    if isinstance(error, SyntaxError) and error.filename in cells:
        return short(syntax(error))
    steps = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in cells
    ]
    told = []
    for frame, line in steps[-1:] if written(steps) else steps:
        name = frame.f_code.co_filename
        told.append(f"line {line} of {NAMES[name]}: {statement(cells[name], line)}")
    told += hint(error, steps)
    if steps and isinstance(error, AssertionError):
        frame, line = steps[-1]
        source = cells[frame.f_code.co_filename]
        words = in_words(error, source, line, frame) if source == cells.get("<test>") else []
        if words:
            return short(told + [f"  {text}" for text in words])
        if not str(error):
            told += compared(source, line, frame)
    message = "".join(traceback.format_exception_only(error)).strip().splitlines()
    return short(told + message[1:])  # its first line stands beside the task's name


def hint(error: Exception, steps: list[tuple[Any, int]]) -> list[str]:
    """Return why a name is not known here that the notebook may well know."""
    if not isinstance(error, NameError) or not steps:
        return []
    if steps[-1][0].f_code.co_filename == "<test>":
        return [f"your cell must define {error.name!r}: the name in its def line stays as given"]
    return [
        "a task sees its own cell, the imports and the cells tagged 'given' alone:",
        f"pass {error.name!r} as an argument, or make it in this cell",
    ]


def left_standing(source: str, line: int) -> list[str]:
    """Return that a stub's ``raise`` still stands where code was written around it."""
    for node in ast.walk(ast.parse(source)):
        block = getattr(node, "body", None)
        if not isinstance(block, list) or not any(one.lineno == line for one in block):
            continue
        beside = [
            one
            for one in block
            if one.lineno != line
            and not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        ]
        if beside:
            return [f"line {line} of your cell still raises NotImplementedError: delete that line"]
    return []


def written(steps: list[tuple[Any, int]]) -> bool:
    """Say whether the test alone was at work: then one line tells all."""
    return all(frame.f_code.co_filename == "<test>" for frame, _ in steps)


def syntax(error: SyntaxError) -> list[str]:
    """Return the place of a syntax error, with a mark below it."""
    text = (error.text or "").rstrip("\n")
    return [
        f"line {error.lineno} of {NAMES[str(error.filename)]}:",
        f"  {text}",
        f"  {' ' * max((error.offset or 1) - 1, 0)}^",
    ]


def statement(source: str, line: int) -> str:
    """Return the statement that stands on a line, on one line."""
    with contextlib.suppress(SyntaxError):
        inside = [
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
        ]
        smallest = min(inside, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)
        if smallest is not None and not hasattr(smallest, "body"):
            return " ".join((ast.get_source_segment(source, smallest) or "").split())
    lines = source.splitlines()
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def compared(source: str, line: int, frame: Any) -> list[str]:
    """Return both sides of a bare ``assert left == right``, or what the asserted call was given."""
    tests = [
        node.test
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    if not tests:
        return []
    test = tests[0].operand if isinstance(tests[0], ast.UnaryOp) else tests[0]
    if isinstance(test, ast.Compare):
        parts = [*operands(test.left), *test.comparators]
    elif isinstance(test, ast.Call):
        parts = [*test.args, *(keyword.value for keyword in test.keywords)]
    else:
        parts = [test]
    values = [(ast.unparse(part), value_of(part, frame)) for part in parts]
    return [
        f"  {text} is {value}"
        for text, value in values
        if value is not None and not same_text(text, value)
    ]


def operands(part: ast.expr) -> list[ast.expr]:
    """Return both values of ``abs(answer - asked)``: their difference alone says little."""
    if isinstance(part, ast.Call) and ast.unparse(part.func) in ("abs", "np.abs") and part.args:
        inside = part.args[0]
        if isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Sub):
            return [inside.left, inside.right]
    return [part]


def in_words(error: AssertionError, source: str, line: int, frame: Any) -> list[str]:
    """Return in what the answer differs from what is asked; empty where that is not to be had."""
    if told := of_another_kind(source, line, frame):
        return told
    sides = given_to_numpy(error) or equated(source, line, frame)
    if sides is None:
        return []
    answer, asked, close = sides
    call = asserted(source, line)
    parts = call.args if isinstance(call, ast.Call) else [getattr(call, "left", call)]
    return mismatch(named(parts[0] if parts else None), answer, asked, close)


def named(part: ast.expr | None) -> str:
    """Return an expression of a test as a sentence names it."""
    name = " ".join(ast.unparse(part).split()) if part is not None else ""
    return name if 0 < len(name) <= 40 else "the answer"


def of_another_kind(source: str, line: int, frame: Any) -> list[str]:
    """Return what is of another kind than ``assert isinstance(answer, kind)`` asks, in words."""
    test = asserted(source, line)
    for part in test.values if isinstance(test, ast.BoolOp) else [test]:
        if not (isinstance(part, ast.Call) and ast.unparse(part.func) == "isinstance"):
            continue
        value, due = part.args
        try:
            if again(part, frame):
                continue
            answer = again(value, frame)
        except Exception:
            # It was computed a moment ago; that it is not to be had again is no news of the answer.
            return []
        return of_kind(named(value), answer, tuple(ast.unparse(due).split(" | ")))
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


def equated(source: str, line: int, frame: Any) -> tuple[Any, Any, dict[str, Any]] | None:
    """Return both sides of ``assert answer == asked``, computed once more."""
    test = asserted(source, line)
    if not (isinstance(test, ast.Compare) and [type(op) for op in test.ops] == [ast.Eq]):
        return None
    try:
        answer, asked = (again(part, frame) for part in (test.left, test.comparators[0]))
    except Exception:
        # It was computed a moment ago; that it is not to be had again is no news of the answer.
        return None
    return answer, asked, {"strict": True}


def asserted(source: str, line: int) -> ast.expr | None:
    """Return what the statement on a line asserts: its condition, or its call of a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            if isinstance(node, ast.Assert):
                return node.test
            if isinstance(node, ast.Expr):
                return node.value
    return None


def again(part: ast.expr, frame: Any) -> Any:
    """Compute an expression of a test once more."""
    return eval(compile(ast.Expression(part), "<again>", "eval"), frame.f_globals, frame.f_locals)


def same_text(text: str, value: str) -> bool:
    """Say whether a value is written in the test as it is."""
    return text.replace(" ", "") == value.replace(" ", "")


def value_of(part: ast.expr, frame: Any) -> str | None:
    """Return a value once more, as text; None where it can't be had."""
    try:
        with np.printoptions(precision=5, threshold=20, edgeitems=2, linewidth=WIDTH):
            value = again(part, frame)
            text = " ".join(repr(value).split())
            kind = f", {value.dtype} {value.shape}" if isinstance(value, np.ndarray) else ""
    except Exception:
        # It was computed a moment ago; that it is not to be had again is no news of the answer.
        return None
    return cut(text) + kind


def short(lines: list[str]) -> list[str]:
    """Keep the first lines, none of them too long; say how many are left out."""
    lines = [cut(line) for text in lines for line in text.splitlines() if line.strip()]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], f"... {len(lines) - MOST_LINES + 1} more lines"]


def cut(text: str) -> str:
    """Shorten a line in its middle."""
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 30]} ... {text[-25:]}"
