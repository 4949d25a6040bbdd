"""How long a notebook is to read: words and lines of its main line, and the minutes they take.

What a reader may leave folded does not count: hints and answers in ``<details>``, cells that begin
with ``# extra``, cells that only draw, and the tests and harnesses of graded tasks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from nbformat import NotebookNode

from tools.notebook.cells import grading, is_solution, tags

WORDS_A_MINUTE, LINES_A_MINUTE = 200, 20
SHORT = 20  # minutes of the short way: sections for the idea, and one task
EXTRA, DRAWS = "# extra", "draws"
FOLDED = re.compile(r"<details>.*?</details>", re.S)
WRITTEN = re.compile(r"^\| *(?:To read|Time and memory) *\|.*$", re.M)  # rows that are not read
NO_WORDS = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|<[^>]+>|\]\([^)\s]*\)", re.S)
WORD = re.compile(r"\w+(?:['.,-]\w+)*")
SHOWS = re.compile(r"plt\.show\(|plots\.show\w*\(")
DOES = re.compile(r"report\.(?:record|finding|touch)\(|\.fit\(|\b(?:course\.|print\(|assert\b)")


class Length(NamedTuple):
    """Words and lines of code of the main line."""

    words: int
    lines: int

    @property
    def minutes(self) -> int:
        """Minutes to read it, the tasks not among them."""
        return round(self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE)


def of(content: NotebookNode) -> Length:
    """Return how long a notebook is to read."""
    texts = [cell.source for cell in content.cells if cell.cell_type == "markdown"]
    code = [cell.source for cell in content.cells if is_open(cell)]
    return Length(sum(words_in(WRITTEN.sub("", text)) for text in texts), sum(map(lines_in, code)))


def words_in(text: str) -> int:
    """Return the number of words of a text that are read: none folded, no formula, no link."""
    return len(WORD.findall(NO_WORDS.sub(" ", FOLDED.sub("", text))))


def lines_in(source: str) -> int:
    """Return the number of lines of code that hold something."""
    return sum(bool(line.strip()) for line in source.splitlines())


def of_sections(content: NotebookNode, headings: list[str]) -> Length:
    """Return how long some sections are to read, each up to the next heading of any level."""
    total, inside = Length(0, 0), False
    for cell in content.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"(?m)^(?=#{1,4} )", cell.source):
                if found := re.match(r"#{1,4} +(.*)", part):
                    inside = found[1].strip() in headings
                if inside:
                    total = Length(total.words + words_in(part), total.lines)
        elif inside and is_open(cell):
            total = Length(total.words, total.lines + lines_in(cell.source))
    return total


def is_open(cell: NotebookNode) -> bool:
    """Say whether a cell is code that everyone reads."""
    if cell.cell_type != "code" or cell.source.startswith(EXTRA) or DRAWS in tags(cell):
        return False
    return is_solution(cell) or not grading(cell)


def drawing(content: NotebookNode) -> Iterator[NotebookNode]:
    """Yield the code cells that only draw: no later cell needs what they make."""
    code = [cell for cell in content.cells if cell.cell_type == "code"]
    trees = [parsed(cell.source) for cell in code]
    shows = re.compile("|".join([SHOWS.pattern, *helpers(trees)]))
    for place, cell in enumerate(code):
        plain = not grading(cell) and not cell.source.startswith(EXTRA)
        if plain and shows.search(cell.source) and not DOES.search(cell.source):
            made = {name for name, stores in names(trees[place]) if stores}
            if not made & needed(trees[place + 1 :], made):
                yield cell


def helpers(trees: list[ast.Module]) -> list[str]:
    """Return patterns of calls of the notebook's own functions that show a figure."""
    defined = [s for tree in trees for s in tree.body if isinstance(s, ast.FunctionDef)]
    return [rf"\b{f.name}\(" for f in defined if SHOWS.search(ast.unparse(f))]


def parsed(source: str) -> ast.Module:
    """Return the syntax of a cell, empty where it is none of Python's."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def fold(content: NotebookNode) -> None:
    """Mark and collapse the cells that only draw, and open those that do more by now."""
    only = {cell.id for cell in drawing(content)}
    for cell in content.cells:
        if cell.id in only and DRAWS not in tags(cell):
            cell.metadata["tags"] = [*tags(cell), DRAWS]
            cell.metadata["jupyter"] = {"source_hidden": True}
        elif cell.id not in only and DRAWS in tags(cell):
            cell.metadata["tags"] = [tag for tag in tags(cell) if tag != DRAWS]
            cell.metadata.pop("jupyter", None)


def needed(trees: list[ast.Module], made: set[str]) -> set[str]:
    """Return which of the names later code reads before it binds them anew."""
    found, waiting = set(), set(made)
    for tree in trees:
        for name, stores in names(tree):
            if name in waiting:
                waiting.remove(name)
                found |= set() if stores else {name}
    return found


def names(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield the names in code in the order in which they are met, and whether they are bound."""
    if isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
    elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
        yield from inner(node)
    else:
        for part in in_order(node):
            yield from names(part)


def inner(node: ast.FunctionDef | ast.ClassDef | ast.Lambda) -> Iterator[tuple[str, bool]]:
    """Yield what a definition takes from outside, then its own name."""
    own = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    inside = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    own |= {n.id for n in inside if isinstance(n.ctx, ast.Store)}
    yield from ((n.id, False) for n in inside if n.id not in own)
    if not isinstance(node, ast.Lambda):
        yield node.name, True


def in_order(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a statement or an expression as Python comes to them."""
    parts = [*ast.iter_child_nodes(node)]
    first: list[ast.AST]
    if isinstance(node, ast.For | ast.comprehension):
        first = [node.iter, node.target]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        first = [*node.generators]
    elif isinstance(node, ast.Assign | ast.AugAssign):
        first = [node.value]
    else:
        return parts
    return first + [part for part in parts if part not in first]
