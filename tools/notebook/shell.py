"""Runs cells one after the other as a notebook does: for ``check``, and in the grader's sandbox.

Standard library only, and IPython where a cell is more than Python.
"""

import __future__

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, ModuleType
from typing import Any

FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
GIVEN_BY_IPYTHON = {"display", "get_ipython", "In", "Out"}


class Shell:
    """A namespace, and the cells that run in it.

    Attributes
    ----------
    space : dict
        What the cells have defined.
    """

    def __init__(self) -> None:
        self.module = ModuleType("__main__")
        self.space: dict[str, Any] = vars(self.module)
        self.flags = 0  # what ``from __future__ import`` in a cell means for those after it

    @contextmanager
    def as_main(self) -> Iterator[None]:
        """Be the module ``__main__`` until the ``with`` block ends, as in a notebook.

        Pickle, and a pool of processes with it, looks there for what a cell has defined.
        """
        before = sys.modules["__main__"]
        sys.modules["__main__"] = self.module
        try:
            yield
        finally:
            sys.modules["__main__"] = before

    def run(self, source: str, name: str) -> None:
        """Run a cell; tracebacks call it ``name``."""
        code = self.compiled(source, name)
        if code is None:
            self._by_ipython(source, name)
            return
        self.flags |= code.co_flags & FUTURES
        exec(code, self.space)

    def compiled(self, source: str, name: str) -> CodeType | None:
        """Compile a cell; None where it is no plain Python: IPython runs it, or raises its error.

        It gets what earlier cells say of the future, and nothing of what this file says.
        """
        try:
            tree = compile(source, name, "exec", self.flags | ast.PyCF_ONLY_AST, dont_inherit=True)
            code = compile(source, name, "exec", self.flags, dont_inherit=True)
        except SyntaxError:
            return None
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        return None if names & GIVEN_BY_IPYTHON else code

    def _by_ipython(self, source: str, name: str) -> None:
        """Run a cell with magics, or with what IPython gives to every notebook."""
        shell = ipython(self.space)
        shell.compile.get_code_name = lambda *texts: name
        shell.compile.flags |= self.flags
        result = shell.run_cell(source, silent=True)
        self.flags |= shell.compile.flags & FUTURES
        result.raise_error()


def ipython(space: dict[str, Any]) -> Any:
    """Return what runs the cells in a notebook's kernel; it prints no tracebacks.

    There is no window to draw into: ``%matplotlib`` and ``%pylab`` leave the backend as it is.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class WithoutWindows(InteractiveShell):
        def enable_gui(self, gui: Any = None) -> None: ...

        def enable_matplotlib(self, gui: Any = None) -> tuple[Any, str]:
            return gui, "agg"

    # No file of a history: a sandbox has no home, and a student's own stays as it is.
    config = Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}})
    shell = WithoutWindows(config=config, user_ns=space)
    for name in ("showtraceback", "showsyntaxerror"):
        setattr(shell, name, lambda *args, **keywords: None)
    return shell
