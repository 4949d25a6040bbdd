"""Why a student's answer fails a visible test: the line, the compared values, the own code's line.

This runs where the tests run, directly after one failed, while its values are still there.
"""

from __future__ import annotations

import ast
import contextlib
import traceback
from typing import Any

import numpy as np

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
    if steps and isinstance(error, AssertionError) and not str(error):
        frame, line = steps[-1]
        told += compared(cells[frame.f_code.co_filename], line, frame)
    told += hint(error, steps)
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
        parts = [test.left, *test.comparators]
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


def same_text(text: str, value: str) -> bool:
    """Say whether a value is written in the test as it is."""
    return text.replace(" ", "") == value.replace(" ", "")


def value_of(part: ast.expr, frame: Any) -> str | None:
    """Return a value once more, as text; None where it can't be had."""
    try:
        code = compile(ast.Expression(part), "<again>", "eval")
        with np.printoptions(precision=5, threshold=20, edgeitems=2, linewidth=WIDTH):
            value = eval(code, frame.f_globals, frame.f_locals)
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
