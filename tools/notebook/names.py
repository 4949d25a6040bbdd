"""Which names a piece of source uses and defines.

Students' checks need it, and the grader's programs read it inside the sandbox: standard library
only.
"""

import ast
import re
from collections.abc import Sequence

STUB_SAYS = "replace this line by your solution"
STUB = f'raise NotImplementedError("{STUB_SAYS}")'  # what students find in a solution's place
# What reaches names by their text.
BY_TEXT = {"eval", "exec", "globals", "get_type_hints", "get_annotations", "get_ipython"}


def needed_imports(given_code: str, *rest: str) -> str:
    """Keep the imports and helpers that the task uses, so that none loads a framework for nothing.

    A function or class of the ``given`` code that nothing names is left out, and with it the
    imports that it alone uses; all other statements stay, ``from x import *`` among them. Of a cell
    that is no Python, such as one with a magic, every word counts; where names may be reached by
    their text, all is kept.
    """
    words = set().union(*map(names_used, rest))
    try:
        tree = ast.parse(given_code)
    except SyntaxError:
        return given_code
    if words & BY_TEXT:
        return given_code
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    others = [n for n in tree.body if n not in imports]
    helpers = [n for n in others if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    helpers = [n for n in helpers if not n.decorator_list]  # a decorator may register it
    used = words | _names_in([n for n in others if n not in helpers])
    while wanted := [n for n in helpers if n.name in used]:
        helpers = [n for n in helpers if n not in wanted]
        used |= _names_in(wanted)
    others = [n for n in others if n not in helpers]
    needed = []
    for node in imports:
        names = [a for a in node.names if (a.asname or a.name.partition(".")[0]) in used | {"*"}]
        if getattr(node, "module", None) == "__future__":
            needed.insert(0, node)
        elif names:
            node.names = names
            needed.append(node)
    return "\n".join(ast.unparse(n) for n in (*needed, *others))


def imported(source: str) -> set[str]:
    """Return the modules that a source imports, or imports from; none if it is not Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return set()
    whole = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    return whole | {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}


def names_used(cell: str) -> set[str]:
    """Return the names that a cell uses; if it is not Python, all its words."""
    try:
        return _names_in([ast.parse(cell)])
    except SyntaxError:
        return set(re.findall(r"\w+", cell))


def _names_in(nodes: Sequence[ast.AST]) -> set[str]:
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def functions(source: str) -> list[str]:
    """Return the names of the functions that a solution or adapter cell defines at its top."""
    return [n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]


def is_stub(source: str, line: int, text: str) -> bool:
    """Say whether a NotImplementedError is that of a stub, which stands where a solution belongs.

    ``line`` of the cell ``source`` is the innermost that it came through, ``text`` is what it says.
    Libraries raise such errors too, for what they cannot do.
    """
    lines = source.splitlines()
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    return STUB_SAYS in text or (not text and "raise NotImplementedError" in here)
