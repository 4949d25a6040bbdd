"""Pages of what notebooks import: the public names of ``utils``, read from its docstrings.

The source is parsed, not imported: the book is built without TensorFlow.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from tools.notebook.common import ROOT

UTILS = ROOT / "utils"
FOLDER = "utils"
ITEMS = ("Parameters", "Attributes", "Returns", "Yields", "Raises")  # names, and what each is
SECTIONS = (*ITEMS, "Notes", "References", "Examples")
WIDTH = 66  # of a signature in one line, so that it need not be scrolled
INTRODUCTION = """\
# What notebooks import

Outside what a notebook teaches, the course uses libraries, and this thin package. Each page is a
module; everything on it can be tried in a notebook, as in `from utils import boxes`.

"""
Definition = ast.FunctionDef | ast.ClassDef


def module_pages() -> dict[str, str]:
    """Return a page for each public module, and one that leads to them, by place in the book."""
    modules = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in public()}
    found = {f"{FOLDER}/{name}.md": module_page(name, tree) for name, tree in modules.items()}
    rows = [
        f"| [utils.{name}]({name}.md) | {escaped(docstring(tree).partition(chr(10))[0])} |"
        for name, tree in modules.items()
    ]
    toctree = "\n".join(["", "```{toctree}", ":hidden:", *modules, "```", ""])
    table = "\n".join(["| module | what it is for |", "|---|---|", *rows])
    return {f"{FOLDER}/README.md": f"{INTRODUCTION}{table}\n{toctree}"} | found


def public() -> list[Path]:
    """Return the files of the modules that notebooks import."""
    return [path for path in sorted(UTILS.glob("*.py")) if not path.name.startswith("_")]


def module_page(name: str, tree: ast.Module) -> str:
    """Return the page of one module."""
    parts = [f"# utils.{name}", text(docstring(tree))]
    for node in definitions(tree):
        parts += definition(node, f"utils.{name}", 2)
    return "\n\n".join(parts) + "\n"


def definitions(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """Yield the public functions and classes of a module or class that say what they are.

    Those that a module hands on from ``data`` are among them where its ``__all__`` names them.
    """
    for one in node.body:
        if isinstance(one, Definition) and not one.name.startswith("_") and docstring(one):
            yield one
    for one in node.body:
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "__all__":
            names = ast.literal_eval(one.value)
            lines = [line for line in node.body if isinstance(line, ast.ImportFrom)]
            yield from (made for line in lines for made in imported(line) if made.name in names)


def imported(line: ast.ImportFrom) -> Iterator[Definition]:
    """Yield the functions and classes of ``data`` that a line imports, by their names there."""
    path = ROOT.joinpath(*(line.module or "").split(".")).with_suffix(".py")
    if path.is_relative_to(ROOT / "data") and path.is_file():
        names = {alias.name: alias.asname or alias.name for alias in line.names}
        for made in definitions(ast.parse(path.read_text(encoding="utf-8"))):
            if made.name in names:
                made.name = names[made.name]
                yield made


def definition(node: Definition, inside: str, level: int) -> Iterator[str]:
    """Yield the parts of a page on a function or class, and on the methods of the latter.

    Those of a Keras layer are Keras's own: the layer itself says how it is called.
    """
    yield f"{'#' * level} {node.name}"
    yield f"```python\n{signature(node, inside)}\n```"
    yield text(docstring(node))
    if isinstance(node, ast.ClassDef) and not any("Layer" in ast.unparse(b) for b in node.bases):
        for method in definitions(node):
            yield from definition(method, node.name, level + 1)


def signature(node: Definition, inside: str) -> str:
    """Return how it is called, with types and defaults; a long one has a line for each of them."""
    before, after = f"{inside}.{node.name}", ""
    if isinstance(node, ast.FunctionDef):
        taken = arguments(node)
        after = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    else:
        before = f"class {before}"
        made = [f for f in node.body if isinstance(f, ast.FunctionDef) and f.name == "__init__"]
        fields = [f for f in node.body if isinstance(f, ast.AnnAssign)]
        taken = arguments(made[0]) if made else [ast.unparse(field) for field in fields]
    short = f"{before}({', '.join(taken)}){after}"
    if len(short) <= WIDTH:
        return short
    return f"{before}(\n    " + ",\n    ".join(taken) + f",\n){after}"


def arguments(function: ast.FunctionDef) -> list[str]:
    """Return what a function takes, without ``self``."""
    listed = split(ast.unparse(function.args))
    return [re.sub(r"^(\w+: [^=]+)=", r"\1 = ", one) for one in listed if one != "self"]


def split(listed: str) -> list[str]:
    """Return the parameters of a list of them: commas inside of brackets do not part them."""
    parts, depth = [""], 0
    for sign in listed:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def docstring(node: ast.Module | Definition) -> str:
    """Return what a module, class or function says of itself."""
    return inspect.cleandoc(ast.get_docstring(node, clean=False) or "")


def text(said: str) -> str:
    """Return a docstring in NumPy's style as Markdown."""
    lines, parts, section, block = said.splitlines(), [], "", []
    for i, line in enumerate([*lines, "End", "---"]):
        after = lines[i + 1] if i + 1 < len(lines) else "---" if line == "End" else ""
        if after.startswith("---") and (line in SECTIONS or i == len(lines)):
            parts.append(formatted(section, block))
            section, block = line, []
        elif not line.startswith("---"):
            block.append(line)
    return "\n\n".join(part for part in parts if part)


def formatted(section: str, block: list[str]) -> str:
    """Return one section of a docstring; the first has no name."""
    said = "\n".join(block).strip("\n")
    if not said:
        return ""
    if section == "Examples":
        return f"**Examples**\n\n```pycon\n{said}\n```"
    if section not in ITEMS:
        return (f"**{section}**\n\n" if section else "") + escaped(said)
    items = []
    for line in said.splitlines():
        if line.strip() and not line.startswith(" "):
            items.append((line, []))
        elif items:
            items[-1][1].append(line.strip())
    first = escaped if section in ("Returns", "Yields") else head  # those begin with a type
    listed = [f"{first(name)}\n: {escaped(' '.join(about)) or chr(0xA0)}" for name, about in items]
    return f"**{section}**\n\n" + "\n\n".join(listed)


def head(line: str) -> str:
    """Return the first line of an item: its name set as code, and its type."""
    name, colon, kind = line.partition(" : ")
    return f"`{name}`{f' : {escaped(kind)}' if colon else ''}"


def escaped(said: str) -> str:
    """Return words with signs that Markdown would take for its own kept, but for code."""
    words = re.split(r"(``.+?``|`[^`]+`)", said, flags=re.S)
    italics = r"\*\w[\w ]*\*"
    words[::2] = [re.sub(rf"({italics})|([*_<$|\[\]])", backslashed, word) for word in words[::2]]
    return "".join(words)


def backslashed(found: re.Match[str]) -> str:
    """Return words in italics as they are, and another sign with a backslash before it."""
    return found[1] or f"\\{found[2]}"
