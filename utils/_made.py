"""What decided a training: the code and the settings behind kept weights, so as to know them again.

Starting from the functions that trained, everything of the notebook that they use is followed:
other functions and classes by their code, settings by their values. What a library or this package
brings counts by its name alone, arrays and models by their kind (of the data, a checkpoint keeps a
portrait), and what students write themselves not at all: their tests hold it to one behaviour.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import hashlib
import inspect
import linecache
import symtable
import sys
import textwrap
from collections.abc import Iterable
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

GRADED = "### BEGIN SOLUTION"
SCALAR = (int, float, complex, str, bytes, type(None), range, slice)
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
    walk = _Walk(full)
    given: Found = {}
    for thing in things:
        if isinstance(thing, dict):
            given |= {name: _sum(walk.told(value)) for name, value in thing.items()}
        else:
            walk.follow(_name(thing), thing)
    return given | {f"{k}()" if k in given else k: v for k, v in walk.found.items()}


def changed(before: Found, now: Found) -> list[str]:
    """Return the names of what was there before and is another now, or is not reached any more."""
    return [name for name, known in before.items() if now.get(name) != known]


class _Walk:
    """A walk from some functions over what they use; ``found`` has a sum for each name."""

    def __init__(self, full: dict[str, Any]) -> None:
        self.full = full
        self.found: Found = {}
        self.space = vars(sys.modules["__main__"])  # where names of the notebook are looked up

    def follow(self, name: str, thing: Any) -> None:
        """Note something of the notebook under a name, and what it uses in turn."""
        if name in self.found or not _counts(thing):
            return
        self.found[name] = ""  # what uses itself comes here again
        said = self.told(thing)
        if said:
            self.found[name] = _sum(said)
        else:
            del self.found[name]

    def told(self, value: Any) -> str:
        """Return what is the same in each run of the same notebook, and another in another one."""
        if isinstance(value, SCALAR):
            return repr(value)
        if isinstance(value, np.generic):
            return repr(value.item())
        if isinstance(value, dict):
            return f"{{{self._each(one for pair in value.items() for one in pair)}}}"
        if isinstance(value, list | tuple):
            return f"{type(value).__name__}({self._each(value)})"
        if isinstance(value, set | frozenset):
            return f"set({sorted(map(self.told, value))})"
        if isinstance(value, SimpleNamespace):
            return self.told({k: self.full.get(k, v) for k, v in sorted(vars(value).items())})
        if isinstance(value, functools.partial):
            return f"partial({self._each([value.func, value.args, value.keywords])})"
        if _is_code(value):
            return self._code(inspect.unwrap(value))
        return self._object(value)

    def _each(self, values: Iterable[Any]) -> str:
        return ", ".join(map(self.told, values))

    def _object(self, value: Any) -> str:
        """Return what is known of something that is neither plain nor code: its kind at least."""
        kind = type(value).__name__
        if dataclasses.is_dataclass(value) and type(value).__module__ == "__main__":
            self.follow(kind, type(value))
            return f"{kind}({self._each(vars(value).items())})"
        if _is_configured(value):  # an optimizer, a loss, a schedule
            config = {k: v for k, v in value.get_config().items() if k != "name"}
            return f"{kind}({self.told(config)})"
        return kind

    def _code(self, thing: Any) -> str:
        """Return the code of a function or a class of the notebook, and follow what it uses."""
        if thing.__module__ != "__main__":
            return f"{thing.__module__}.{_name(thing)}"
        source = _source(thing)
        if GRADED in source:
            return ""
        plain = _plain(source)
        self.space = getattr(thing, "__globals__", self.space)
        outer = inspect.getclosurevars(thing).nonlocals if isinstance(thing, FunctionType) else {}
        for other in sorted(_names(plain) - {_name(thing)}):
            if other not in outer and other in self.space:
                self.follow(other, self.space[other])
        return plain + (self.told(outer) if outer else "")


def _counts(thing: Any) -> bool:
    """Tell whether something of that kind is noted: arrays, models and libraries are not."""
    if _is_code(thing):
        return inspect.unwrap(thing).__module__ == "__main__"
    plain = SCALAR, np.generic, dict, list, tuple, set, frozenset, SimpleNamespace
    return (
        isinstance(thing, (*plain, functools.partial))
        or (dataclasses.is_dataclass(thing) and type(thing).__module__ == "__main__")
        or _is_configured(thing)
    )


def _is_code(thing: Any) -> bool:
    """Tell whether it is a class or a function, also one behind a cache or a graph."""
    wrapped = inspect.unwrap(thing) if callable(thing) else thing
    return isinstance(wrapped, FunctionType | type)


def _is_configured(thing: Any) -> bool:
    return hasattr(thing, "get_config") and not hasattr(thing, "weights")


def _name(thing: Any) -> str:
    return getattr(inspect.unwrap(thing), "__name__", type(thing).__name__)


def _names(source: str) -> set[str]:
    """Return the names that some code takes from outside; those of attributes are not among them.

    Of a function or a class these are its own, and those of its decorators, defaults and bases.
    """
    found: set[str] = set()
    top = symtable.symtable(source, "<cell>", "exec")
    tables = [top]
    for table in tables:
        tables += table.get_children()
        read = [s for s in table.get_symbols() if s.is_referenced()]
        found |= {s.get_name() for s in read if table is top or s.is_global()}
    return found


def _source(thing: FunctionType | type) -> str:
    """Return the source of what a cell defines; of a class without lines, what it consists of."""
    if isinstance(thing, type):
        return _source_of_class(thing)
    if thing.__name__ != "<lambda>":
        return inspect.getsource(thing)
    code = thing.__code__
    cell = ast.parse("".join(linecache.getlines(code.co_filename)))
    nodes = [n for n in ast.walk(cell) if isinstance(n, ast.Lambda)]
    return "\n".join(ast.unparse(n) for n in nodes if n.lineno == code.co_firstlineno)


def _source_of_class(thing: type) -> str:
    """Return the newest source of a class: Python knows the lines of its methods alone."""
    cells = [entry[2] for entry in linecache.cache.values() if len(entry) > 1 and entry[1] is None]
    for lines in reversed(cells):
        if any(f"class {thing.__name__}" in line for line in lines):
            nodes = [n for n in ast.walk(ast.parse("".join(lines))) if isinstance(n, ast.ClassDef)]
            for node in nodes:
                if node.name == thing.__name__:
                    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                    return "".join(lines[first - 1 : node.end_lineno])
    plain = {k: v for k, v in vars(thing).items() if isinstance(v, (*SCALAR, tuple))}
    return repr(sorted(plain.items()))


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
