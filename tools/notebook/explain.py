"""Why an answer fails a visible test: the line, and the values that it compares.

This runs where the tests run, directly after one failed, while its values are still there.
"""

import ast
import contextlib
import itertools
import re
import traceback
from collections.abc import Sequence
from typing import Any

import numpy as np

MOST_LINES, WIDTH = 20, 96
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
# What TensorFlow means when it speaks of a symbolic tensor
IN_A_GRAPH = (
    "the test calls this as training does, in a graph: there a tensor has no values yet, so that",
    "no loop, `if`, unpacking, len(), float() or NumPy function can ask for them: use keras.ops",
)
SWAPPED = (
    "an optimizer got a tensor in place of a variable: are gradients and variables swapped?",
    "apply(gradients, variables) and pairs (gradient, variable) have the gradients first",
)
GROWS = "is there a loop that does not end, or an array that is too large?"
# Of one number, or of what a student has not asked for, these lines of NumPy's say nothing.
SAYS_LITTLE = ("Max absolute difference", "Max relative difference", "Mismatched elements: 1 / 1 ")
BOLD = re.compile(r"\x1b\[[\d;]*m")  # Keras has the first line of an error in bold print
NAMES = {"<solution>": "your cell", "<test>": "the test", "<adapter>": "the given cell"}


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
    lines = []
    for _, name, line in steps[-1:] if in_test else steps:
        lines += comment_above(cells[name], line) if name == "<test>" else []
        lines.append(f"line {line} of {NAMES[name]}: {statement(cells[name], line)}")
    if steps and isinstance(error, NameError):
        lines += unknown_name(error.name or "", steps[-1][1])
    if isinstance(error, MemoryError) and not str(error):  # NumPy's says which array
        lines.append(GROWS)
    if steps and "Tensor' object has no attribute '_unique_id'" in str(error):  # Keras asks for it
        lines += SWAPPED
    elif steps and "symbolic" in str(error).lower():
        lines += IN_A_GRAPH
    if steps and steps[-1][1] == "<test>" and isinstance(error, AssertionError):
        frame, _, line = steps[-1]
        lines += [f"  {text}" for text in values(statement_at(cells["<test>"], line), frame)]
    message = plain("".join(traceback.format_exception_only(error))).strip().splitlines()
    told = [line for line in message[1:] if not line.startswith(SAYS_LITTLE)]
    return short(lines + told)  # its first line stands beside the task's name


def plain(text: str) -> str:
    """Return a text without the codes that are colours and bold print to a terminal."""
    return BOLD.sub("", text)


def unknown_name(name: str, place: str) -> list[str]:
    """Return why a name is not known here that the notebook may well know."""
    if place == "<test>":
        return [f"your cell must define {name!r}: the name in its def line stays as given"]
    remedy = [f"pass {name!r} as an argument, or make it in this cell"]
    if name == "course":  # a hint offers it
        remedy = [
            "call `course.solution` in a cell of your own: it shows the solution, and the page",
            "goes on; the task stays unsolved, and earns nothing",
        ]
    return ["a task sees its own cell, the imports and the cells tagged 'given' alone:", *remedy]


def unsolved(source: str, line: int) -> list[str]:
    """Return what a stub that raised asks for, or that it was left beside other code.

    A class has code before its stub: there the stub is the last line, below nbgrader's comment.
    """
    for node in ast.walk(ast.parse(source)):
        block = getattr(node, "body", None)
        if not isinstance(block, list) or all(statement.lineno != line for statement in block):
            continue
        docstring = ast.get_docstring(node) if isinstance(node, DEFINITIONS) else None
        is_alone = len(block) == (1 if docstring is None else 2)
        if isinstance(node, ast.ClassDef):
            above = source.splitlines()[line - 2].strip()
            is_alone = block[-1].lineno == line and above == "# YOUR CODE HERE"
        if not is_alone:
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


def comment_above(source: str, line: int) -> list[str]:
    """Return the lines of the comment that says what the statement on a line tests.

    The comment stands directly above the statement, or above what prepares it: statements of the
    same block, and of those around it. Where another one asserts something between, the comment is
    this statement's as well if a value in it was made below the comment.
    """
    lines = source.splitlines()
    blocks = [
        block
        for node in ast.walk(ast.parse(source))
        for _, block in ast.iter_fields(node)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt)
        if block[0].lineno <= line <= (block[-1].end_lineno or 0)
    ]
    for block in reversed(blocks):  # ast.walk comes to an inner block after those around it
        before = [node for node in block if node.lineno <= line]
        used, made, between = names_in(before[-1], ast.Load), set(), False
        for node in reversed(before):
            made |= names_in(node, ast.Store)
            between |= node is not before[-1] and "assert" in ast.unparse(node)
            top = node.lineno - 1  # the number of lines above the statement
            above = itertools.takewhile(is_comment, reversed(lines[:top]))
            if comment := [text.strip() for text in above]:
                return comment[::-1] if not between or used & made else []
        if between:
            return []
    return []


def names_in(node: ast.AST, use: type[ast.expr_context]) -> set[str]:
    """Return the names that a piece of code reads, or those that it assigns."""
    names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, use)}


def is_comment(line: str) -> bool:
    """Say whether a line is a comment to read, and no mark of nbgrader."""
    return line.lstrip().startswith("#") and not line.lstrip().startswith("###")


def values(node: ast.stmt | None, frame: Any) -> list[str]:
    """Return what a failed ``assert`` compared; its parts are computed once more.

    Of a call such as ``np.testing.assert_allclose``, which tells its values itself, only an answer
    that is None is named.
    """
    parts, lines = compared(node), []
    for part in parts:
        try:
            value = eval(ast.unparse(part), frame.f_globals, frame.f_locals)
        except Exception:
            # The test computed it a moment ago. That it fails now says nothing of the answer.
            return []
        name = " ".join(ast.unparse(part).split())
        if value is None and part is parts[0]:
            return [f"{name} is None: does the function end in a line with `return`?"]
        if isinstance(node, ast.Assert) and name != repr(value) and not isinstance(value, type):
            lines.append(f"{name} is {value_text(value)}")
    return lines


# How numpy.testing says it, and how we do.
WORDS = (
    (r"^(?:Arrays|Items) are not equal:?$|^Not equal to tolerance .*$", ""),
    (r"^(\S+) location mismatch:$", r"\1 stands in other places than expected"),
    (r"\A\s*(?= ACTUAL)", "the values differ\n"),
    (r"\(shapes (\(.*?\)), (\(.*?\)) mismatch\)", r"expected the shape \2, got \1"),
    (r"\(dtypes (\S+), (\S+) mismatch\)", r"expected the dtype \2, got \1"),
    (r"Mismatched elements: (\d+) / (\d+) .*", r"\1 of \2 elements are wrong"),
    (r"^Max relative difference .*$", ""),
    (r"^ *(ACTUAL|DESIRED): ", r"\1:\n"),  # an array's lines stay below one another
    (r"\bACTUAL\b", "got"),
    (r"\bDESIRED\b", "expected"),
)


def in_words(error: AssertionError, test: str) -> str:
    """Say what a failed test expected and what came, as far as that is known."""
    text = str(error)
    for pattern, words in WORDS if "DESIRED" in text else ():
        text = re.sub(pattern, words, text, flags=re.M)
    steps = list(traceback.walk_tb(error.__traceback__))
    frame, line = [s for s in steps if s[0].f_code.co_filename == "<test>"][-1]
    node = statement_at(test, line)
    if isinstance(node, ast.Assert) and steps[-1][0] is frame:
        with contextlib.suppress(Exception):  # the test computed it a moment ago
            said = f"{text}\n" if isinstance(node.msg, ast.Constant | ast.JoinedStr) else ""
            text = said + claim_in_words(node.test, frame) or text
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def claim_in_words(claim: ast.expr, frame: Any) -> str:
    """Say what is wrong with what a test claims; its parts are computed once more."""

    def value(part: ast.expr) -> Any:
        return eval(ast.unparse(part), frame.f_globals, frame.f_locals)

    match claim:
        case ast.BoolOp(op=ast.And(), values=parts):
            return claim_in_words(next(part for part in parts if not value(part)), frame)
        case ast.Call(func=ast.Name("isinstance"), args=[answer, kinds]):
            wanted = value(kinds)
            names = map(named, wanted if isinstance(wanted, tuple) else (wanted,))
            return f"expected {' or '.join(names)}, got {named(type(value(answer)))}"
        case ast.Compare(left=answer, ops=[ast.Eq()], comparators=[wanted]):
            return f"expected {value_text(value(wanted))}, got {value_text(value(answer))}"
    return "\n".join(values(ast.Assert(test=claim), frame))


def named(kind: type) -> str:
    """Return the name of a type with its article."""
    name = {"ndarray": "array", "NoneType": "None"}.get(kind.__name__, kind.__name__)
    article = "an" if name[0] in "aeiou" else "a"
    return name if name == "None" else f"{article} {name}"


def compared(node: ast.stmt | None) -> Sequence[ast.expr]:
    """Return the parts of a statement of a test that have a value of interest."""
    match node:
        case ast.Assert(test=ast.Compare(left=left, comparators=others)):
            return [left, *others]
        case ast.Assert(test=ast.Call(args=parts)) | ast.Assert(test=ast.BoolOp(values=parts)):
            return parts
        case ast.Expr(value=ast.Call(args=[answer, *_])):
            return [answer]
    return []


def value_text(value: Any) -> str:
    """Return a value as text of moderate length."""
    if isinstance(value, np.generic):
        value = value.item()
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
