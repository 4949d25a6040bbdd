"""What decided a training: the code and the settings behind kept weights, so as to know them again.

Starting from the functions that trained, everything of the notebook that they use is followed:
other functions and classes by their code, settings by their values. What a library or this package
brings is left aside, and so are arrays (of the data, a checkpoint keeps a portrait) and what
students write themselves, which their tests hold to one behaviour.
"""

from __future__ import annotations

import ast
import dis
import hashlib
import inspect
import linecache
import textwrap
from collections.abc import Iterable
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

GRADED = "### BEGIN SOLUTION"
PLAIN = (int, float, str, bool, type(None), tuple, list, dict, set, frozenset)
Found = dict[str, str]


def told(things: Iterable[Any], full: dict[str, Any]) -> Found:
    """Return a sum over each function, class and setting that the things reach, by its name.

    Parameters
    ----------
    things : iterable
        Functions and classes of the notebook, or dictionaries of settings.
    full : dict
        The settings of the full profile, which stand for those of the running one.
    """
    found: Found = {}
    for thing in things:
        if isinstance(thing, dict):
            found |= {name: _sum(repr(value)) for name, value in thing.items()}
        else:
            _follow(thing.__name__, thing, full, found)
    return found


def changed(before: Found, now: Found) -> list[str]:
    """Return the names of what was there before and is another now, or is not reached any more."""
    return [name for name, known in before.items() if now.get(name) != known]


def _follow(name: str, thing: Any, full: dict[str, Any], found: Found) -> None:
    if name in found:
        return
    if isinstance(thing, SimpleNamespace):
        found[name] = _sum(repr(sorted(full.items())))
    elif isinstance(thing, PLAIN):
        found[name] = _sum(repr(thing))
    elif isinstance(thing, FunctionType | type) and thing.__module__ == "__main__":
        source = _source(thing)
        if source is None or GRADED in source:
            return
        found[name] = _sum(_plain(source))
        for other, value in _reached(thing):
            _follow(other, value, full, found)


def _reached(thing: FunctionType | type) -> list[tuple[str, Any]]:
    """Return the names of the notebook that a function or a class uses, and what they mean."""
    methods = [thing] if isinstance(thing, FunctionType) else vars(thing).values()
    functions = [one for one in methods if isinstance(one, FunctionType)]
    return [
        (name, one.__globals__[name])
        for one in functions
        for name in sorted(_names(one.__code__))
        if name in one.__globals__
    ]


def _names(code: CodeType) -> set[str]:
    """Return the names of the notebook in some code; those of attributes are not among them."""
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    own = {str(one.argval) for one in dis.get_instructions(code) if one.opname == "LOAD_GLOBAL"}
    return own.union(*map(_names, inner))


def _source(thing: FunctionType | type) -> str | None:
    """Return the source of what a cell defines; of a class, which has no lines of its own, too."""
    if isinstance(thing, FunctionType):
        return inspect.getsource(thing)
    methods = [one for one in vars(thing).values() if isinstance(one, FunctionType)]
    if not methods:
        return None
    cell = "".join(linecache.getlines(methods[0].__code__.co_filename))
    nodes = [n for n in ast.walk(ast.parse(cell)) if isinstance(n, ast.ClassDef)]
    own = [ast.get_source_segment(cell, n) for n in nodes if n.name == thing.__name__]
    return own[-1] if own else None


def _plain(source: str) -> str:
    """Return some code without its comments, docstrings and types, however it is broken."""
    tree = ast.parse(textwrap.dedent(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
