"""One checksum of the code of cells: what a result and outputs were made with.

A checksum changes with whatever changes what the code does, indentation and strings included. It
does not change with comments, docstrings, blank lines and spaces at the ends of lines, nor with a
semicolon at the end of a cell, which only keeps Jupyter from printing its last value.
"""

import ast
import functools
import hashlib
import io
import json
import tokenize
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

REPRODUCTION = "reproduction"  # the tag of cells below the line, as `tools.notebook.cells` has it
TRAINING = "training"  # the tag of the cells that decide a training: its data, its network, its fit
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def checksum(sources: Iterable[str]) -> str:
    """Return a checksum of the code of cells, 16 hexadecimal digits; "" where there is none."""
    plain = "\n".join(filter(None, map(without_comments, sources)))
    return hashlib.sha256(plain.encode()).hexdigest()[:16] if plain else ""


@functools.cache  # checks and reports ask several times for a page
def without_comments(source: str) -> str:
    """Return code without comments, docstrings, blank lines and spaces at the ends of lines.

    Nothing within a string changes. What is no plain Python, such as a cell with a magic, is
    returned as it is. (What `ast.unparse` returns changes from one Python to the next.)
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    lines = source.splitlines()
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    inside = rows_within_strings(tokens)
    for token in tokens:
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    docstrings = {row for node in ast.walk(tree) for row in docstring_rows(node, lines)}
    kept = []
    for row, line in enumerate(lines, start=1):
        if row not in docstrings and (row in inside or line.strip()):
            kept.append(line if row + 1 in inside else line.rstrip())
    return "\n".join(kept).removesuffix(";")


def docstring_rows(node: ast.AST, lines: Sequence[str]) -> range:
    """Return the rows of the docstring of a function or class; none where more stands on them."""
    if not isinstance(node, DEFINITIONS) or ast.get_docstring(node) is None:
        return range(0)
    text = node.body[0]
    first, last = text.lineno, text.end_lineno or 0
    before = lines[first - 1].encode()[: text.col_offset]
    after = lines[last - 1].encode()[text.end_col_offset :]
    return range(0) if (before + after).strip() else range(first, last + 1)


def rows_within_strings(tokens: Iterable[tokenize.TokenInfo]) -> set[int]:
    """Return the rows of strings after their first: blank lines and spaces there are their own."""
    rows, starts = set(), []
    for token in tokens:
        kind = tokenize.tok_name[token.type]
        if kind in ("STRING", "FSTRING_START"):  # from Python 3.12 on, an f-string is many tokens
            starts.append(token.start[0])
        if kind in ("STRING", "FSTRING_END"):
            rows.update(range(starts.pop() + 1, token.end[0] + 1))
    return rows


def training_code(path: Path) -> str:
    """Return the checksum of a notebook's cells with the tag ``training``; "" where none has it.

    It is "" as well where there is no such file.
    """
    return checksum(training_sources(cells_of(path))) if path.is_file() else ""


def training_sources(cells: Iterable[dict[str, Any]], *, below: bool = True) -> list[str]:
    """Return the code of the cells with the tag ``training``, of the lesson or of all the page."""
    return [
        "".join(cell["source"])
        for cell in cells
        if TRAINING in cell["metadata"].get("tags", []) and (below or not is_below(cell))
    ]


def is_below(cell: dict[str, Any]) -> bool:
    """Say whether a cell stands below the line of its page, in the reproduction."""
    return REPRODUCTION in cell["metadata"].get("tags", [])


def cells_of(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook's file, as JSON has them."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]
