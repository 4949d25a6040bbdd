"""Do a notebook, ``check`` and ``grade`` judge alike? The right answers, changed in many ways.

Every change goes through all three with the whole test: cells in IPython as a notebook's kernel
runs them, ``tasks.outcome`` as ``check`` does, and the grader's sandboxes. What differs by design
is named in ``BY_DESIGN`` with the reason.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tools.notebook.cells import comes_before
from tools.notebook.common import Notebook
from tools.notebook.shell import ipython
from tools.notebook.tasks import Task, outcome, tasks_of

# What becomes of an answer ``v``, or of parts of it: an expression, and where it applies.
ARRAY = "isinstance(v, np.ndarray)"
REAL = f"{ARRAY} and v.dtype.kind == 'f'"
NUMBER = "type(v) in (int, float)"
ANSWERS = {
    "array-like": ("type('Like', (), {'__array__': lambda s, *a, **k: v})()", ARRAY),
    "series": ("__import__('pandas').Series(v)", f"{ARRAY} and v.ndim == 1"),
    "array subclass": ("v.view(type('Mine', (np.ndarray,), {}))", ARRAY),
    "masked array": ("np.ma.array(v, mask=np.arange(v.size).reshape(v.shape) == 0)", ARRAY),
    "float32": ("v.astype('float32')", f"{REAL} and v.dtype != 'float32'"),
    "big-endian": ("v.astype(v.dtype.newbyteorder('>'))", REAL),
    "read-only": ("np.broadcast_to(v, v.shape)", ARRAY),
    "list for array": ("v.tolist()", ARRAY),
    "tuple for list": ("tuple(v)", "type(v) is list"),
    "named tuple": (
        "__import__('collections').namedtuple('N', [f'f{i}' for i in range(len(v))])(*v)",
        "type(v) is tuple",
    ),
    "generator": ("(i for i in v)", "type(v) in (list, tuple)"),
    "NumPy number": ("np.asarray(v)[()]", NUMBER),
    "float for int": ("float(v)", "type(v) is int"),
    "number subclass": ("type('Mine', (type(v),), {})(v)", NUMBER),
    "equal to all": (
        "type('E', (type(v),), {'__eq__': lambda s, o: True, '__hash__': None})(v + 1)",
        NUMBER,
    ),
    "extra axis": ("v[None]", ARRAY),
    "not a number": ("np.where(np.arange(v.size).reshape(v.shape) == 0, np.nan, v)", REAL),
    "off by 1e-3": ("v + 1e-3", f"{REAL} or type(v) is float"),
    "nothing": ("None", "True"),
    "empty": ("v[:0]", f"{ARRAY} and v.ndim or type(v) in (list, tuple)"),
}
WALK = """
import numpy as np
_right, _applied = {name}, []
def _walk(v):
    if {where}:
        _applied.append(True)
        return {becomes}
    return type(v)([_walk(inner) for inner in v]) if type(v) in (list, tuple) else v
def {name}(*args, **keywords):
    return _walk(_right(*args, **keywords))
"""
# What is done around a call.
ZERO = "[v.fill(0) if hasattr(v, 'fill') else v.clear() for v in args if hasattr(v, '__len__')]"
AROUND = {
    "zeroes arguments first": (ZERO, "pass"),
    "zeroes arguments after": ("pass", ZERO),
    "adds to lists after": ("pass", "[v.append(0) for v in args if type(v) is list]"),
    "warns": ("__import__('warnings').warn('odd')", "pass"),
    "divides by zero": ("np.divide(np.zeros(1), 0)", "pass"),
    "deep recursion": ("_deep(400)", "pass"),
    "sets NumPy's errors": ("np.seterr(all='ignore')", "pass"),
}
WRAP = """
import numpy as np
_right = {name}
def _deep(n):
    return n and _deep(n - 1)
def {name}(*args, **keywords):
    {before}
    found = _right(*args, **keywords)
    {after}
    return found
"""
# What is done to the whole cell.
CELLS = {
    "right": "{cell}",
    "%%time": "%%time\n{cell}",
    "unknown magic": "%no_such_magic\n{cell}",
    "future annotations": "from __future__ import annotations\n{cell}",
    "annotations of no name": "{cell}\ndef other(x: no_such_name) -> None: ...\n",
    "future and no name": "from __future__ import annotations\n{cell}\n"
    "def other(x: no_such_name) -> None: ...\n",
    "decorated": "{cell}\nimport functools\n{name} = functools.lru_cache(None)(lambda: {name})()\n",
    "callable object": "{cell}\n_right = {name}\nclass Call:\n    def __call__(self, *a, **k):\n"
    "        return _right(*a, **k)\n{name} = Call()\n",
    "async": "{cell}\n_right = {name}\nasync def {name}(*a, **k): return _right(*a, **k)\n",
    "display": "{cell}\n_right = {name}\n"
    "def {name}(*a, **k):\n    display(1)\n    return _right(*a, **k)\n",
    "its own np": "{cell}\nnp = None\n",
    "own error": "{cell}\n_right = {name}\n"
    "def {name}(*a, **k):\n    try:\n        return _right(*a, **k)\n"
    "    except Exception as e:\n        raise type('Mine', (type(e),), {})('mine') from e\n",
    "%matplotlib": "%matplotlib\n{cell}",
    "%pylab": "%pylab inline\n{cell}",
    "top-level await": "import asyncio\nassert await asyncio.sleep(0, 2) == 2\n{cell}",
    "%%bash": "get_ipython().run_cell_magic('bash', '--out k', 'printf 2')\n"
    "assert int(k) == 2\n{cell}",
    "! line": "k = !echo 2\nassert int(k[0]) == 2\n{cell}",
    "pickled class": "{cell}\nimport pickle\nclass Kept: ...\n"
    "assert type(pickle.loads(pickle.dumps(Kept()))) is Kept\n",
    "multiprocessing": "{cell}\nfrom multiprocessing import Pool\ndef one(x): return 1\n"
    "with Pool(1) as pool:\n    assert pool.map(one, [0]) == [1]\n",
    "executor": "{cell}\nfrom concurrent.futures import ProcessPoolExecutor as P\n"
    "def one(x): return 1\nwith P(1) as pool:\n    assert list(pool.map(one, [0])) == [1]\n",
    "leaves": "{cell}\ndef {name}(*a, **k): raise SystemExit\n",
}
NO_ARRAY = ("+--", "NumPy may take it for an array, which it is not")
# Where the three may differ: who passes, of notebook, check and grade, and why that is so.
BY_DESIGN = {
    "array-like": NO_ARRAY,
    "series": NO_ARRAY,
    "masked array": ("+--", "NumPy compares no masked entry, so everything would equal it"),
    "equal to all": ("+--", "what an answer says of its own equality does not count"),
    "zeroes arguments first": ("++-", "a test may not compare with what the function wrote there"),
    "its own np": ("-++", "the test has the course's own names"),
}


def changes(task: Task) -> dict[str, str]:
    """Return the solution of a task, changed in all ways, by their names."""
    changed = {change: cell.replace("{cell}", task.solution) for change, cell in CELLS.items()}
    changed |= {
        change: task.solution + WALK.replace("{becomes}", becomes).replace("{where}", where)
        for change, (becomes, where) in ANSWERS.items()
    }
    changed |= {
        change: task.solution + WRAP.replace("{before}", before).replace("{after}", after)
        for change, (before, after) in AROUND.items()
    }
    return {change: source.replace("{name}", task.name) for change, source in changed.items()}


def as_notebook(shell: Any, task: Task, source: str) -> str:
    """Run a task's cells in IPython; return the error, "" where the test passes."""
    for cell in (source, task.test):
        try:
            shell.run_cell(cell, silent=True).raise_error()
        except BaseException as error:  # a cell that ends Python is one that does not pass
            return f"{type(error).__name__}: {error}"
    return ""


def as_check(task: Task, source: str) -> str:
    """Return the error that ``check`` finds with the whole test."""
    try:
        return outcome(task, source, task.test)
    except BaseException as error:  # ends the process of ``check``, which says so
        return f"{type(error).__name__}: {error}"


def in_process(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Send the changes of one notebook through a notebook and ``check``: the errors of both.

    Changes that a task's answers do not allow, such as a list made of an array, are left out.
    """
    for stream in (1, 2):  # what the changed cells print is nobody's to read
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    notebook, found = Notebook(path), {}
    shell = ipython({})
    before = [cell.source for cell in notebook.content.cells if comes_before(cell)]
    empty, flags = dict(shell.user_ns), shell.compile.flags
    for task in tasks_of(notebook):
        for change, source in changes(task).items():
            shell.user_ns.clear()
            shell.user_ns.update(empty)
            shell.compile.flags = flags
            for cell in before:  # again: a change may have spoiled what is given
                shell.run_cell(cell, silent=True).raise_error()
            with np.errstate(), warnings.catch_warnings():
                first = as_notebook(shell, task, source)
                if shell.user_ns.get("_applied", True):
                    found[task.name, change] = (first, as_check(task, source))
    return found
