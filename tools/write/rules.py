"""What rules on notebooks are made with: how one is added, and how it finds and names a cell."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from nbformat import NotebookNode

from tools.notebook.common import Notebook

Finding = str

Rule = Callable[[Notebook], Iterator[Finding]]

RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Add a rule to those that ``check`` applies."""
    RULES.append(function)
    return function


def where(notebook: Notebook, cell: NotebookNode) -> str:
    """Return how to find a cell: its number and id."""
    return f"cell {notebook.content.cells.index(cell) + 1} ({cell.get('id', 'no id')})"


def code_cells(notebook: Notebook) -> list[NotebookNode]:
    """Return the code cells in order."""
    return [c for c in notebook.content.cells if c.cell_type == "code"]


def parse(source: str) -> ast.Module | None:
    """Return a cell's syntax tree; None for what is not plain Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def defined(tree: ast.Module | None, kinds: Any) -> list[Any]:
    """Return the nodes of some kinds at the top of a cell."""
    return [n for n in (tree.body if tree else []) if isinstance(n, kinds)]
