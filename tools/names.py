"""Which names a piece of source uses and defines.

Students' checks need it, and the grader's programs read it inside the sandbox: standard library
only.
"""

from __future__ import annotations

import ast


def needed_imports(before: str, *rest: str) -> str:
    """Keep the imports whose names the task uses, so that none loads a framework for nothing.

    Names that the ``given`` code uses count too. Statements that are no import stay. Each of the
    task's cells is read by itself, so that an error's line is the line of its cell.
    """
    tree = ast.parse(before)
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    others = [n for n in tree.body if n not in imports]
    code = [ast.parse(cell) for cell in rest]
    used = {n.id for part in (*others, *code) for n in ast.walk(part) if isinstance(n, ast.Name)}
    kept = []
    for node in imports:
        names = [a for a in node.names if (a.asname or a.name.partition(".")[0]) in used]
        if names or getattr(node, "module", None) == "__future__":
            node.names = names or node.names
            kept.append(node)
    return "\n".join(ast.unparse(n) for n in (*kept, *others))


def functions(source: str) -> list[str]:
    """Return the names of the functions that a solution or harness cell defines at its top."""
    return [n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
