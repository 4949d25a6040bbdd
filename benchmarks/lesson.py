"""What a notebook teaches, taken from the notebook itself, so that its own code is timed."""

import ast
import json
from pathlib import Path
from typing import Any

CALLED = (ast.FunctionDef, ast.ClassDef)
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def taught(notebook: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Return functions, classes and constants of a notebook by name, with its imports.

    Parameters
    ----------
    notebook : str
        Unit and name, such as ``"06_graph_networks/03_deepwalk_node2vec"``.
    names : tuple of str
        What to take; it may use the imports and each other, and nothing else of the notebook.

    Raises
    ------
    LookupError
        If the notebook does not define one of them at the top level of a cell.
    """
    path = NOTEBOOKS / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    wanted, found = [], set()
    trees = [ast.parse("".join(cell["source"])) for cell in code]
    called = {n.name for tree in trees for n in tree.body if isinstance(n, CALLED)}
    for cell, tree in zip(code, trees, strict=True):
        if "imports" in cell["metadata"].get("tags", ()):
            wanted += tree.body
        for node in tree.body:
            defined = _defines(node) & set(names)
            if not isinstance(node, CALLED):
                defined -= called  # a name that means something else in another cell
            if defined - found:  # the first definition counts
                wanted.append(node)
                found |= defined
    if missing := [name for name in names if name not in found]:
        raise LookupError(f"{notebook} defines no {', '.join(missing)}")
    namespace: dict[str, Any] = {"__name__": path.stem}
    exec(compile(ast.Module(wanted, []), path.name, "exec"), namespace)
    return namespace


def _defines(node: ast.stmt) -> set[str]:
    if isinstance(node, CALLED):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {name.id for t in node.targets for name in ast.walk(t) if isinstance(name, ast.Name)}
    return set()
