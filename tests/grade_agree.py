"""Do a notebook, ``check`` and ``grade`` judge alike? The right answers, changed in many ways.

Every change goes through all three with the whole test: cells in IPython as a notebook's kernel
runs them, ``tasks.outcome`` as ``check`` does, and the grader's sandboxes.
"""

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tools.notebook.cells import comes_before
from tools.notebook.common import Notebook
from tools.notebook.shell import ipython
from tools.notebook.tasks import Task, outcome, tasks_of

WRAPPED = """{cell}
import numpy as np
_right = {name}
def {name}(*args, **keywords):
    {before}
    v = _right(*args, **keywords)
    {after}
    return {answer}
"""


def wrapped(answer: str = "v", *, before: str = "pass", after: str = "pass") -> str:
    """Return a cell whose function answers with an expression of the right answer ``v``."""
    text = WRAPPED.replace("{answer}", answer)
    return text.replace("{before}", before).replace("{after}", after)


ZERO = "[a.fill(0) if hasattr(a, 'fill') else a.clear() for a in args if hasattr(a, '__len__')]"
# By who lets it pass, of a notebook, check and grade: what was done, and the cell.
CHANGES = {
    "+++": {
        "right": "{cell}",
        "array subclass": wrapped("v.view(type('Mine', (np.ndarray,), {}))"),
        "read-only": wrapped("np.broadcast_to(v, v.shape)"),
        "warns": wrapped(before="__import__('warnings').warn('unexpected')"),
        "sets NumPy's errors": wrapped(before="np.seterr(all='ignore')"),
        "own error": "{cell}\n_right = {name}\n"
        "def {name}(*a, **k):\n    try:\n        return _right(*a, **k)\n"
        "    except Exception as error:\n"
        "        raise type('Mine', (type(error),), {})('mine') from error\n",
        "future and no name": "from __future__ import annotations\n{cell}\n"
        "def other(x: no_such_name) -> None: ...\n",
        "%%time": "%%time\n{cell}",
        "%matplotlib": "%matplotlib\n{cell}",
        "! line": "k = !echo 2\nassert int(k[0]) == 2\n{cell}",
        "%%bash": "get_ipython().run_cell_magic('bash', '--out k', 'printf 2')\n"
        "assert int(k) == 2\n{cell}",
        "top-level await": "import asyncio\nassert await asyncio.sleep(0, 2) == 2\n{cell}",
        "pickled class": "{cell}\nimport pickle\nclass Saved: ...\n"
        "assert type(pickle.loads(pickle.dumps(Saved()))) is Saved\n",
        "multiprocessing": "{cell}\nfrom multiprocessing import Pool\ndef one(x): return 1\n"
        "with Pool(1) as pool:\n    assert pool.map(one, [0]) == [1]\n",
    },
    "---": {
        # NumPy compares no masked entry.
        "masked array": wrapped("np.ma.array(v, mask=np.arange(v.size) == 0)"),
        "float32": wrapped("v.astype('float32')"),
        "big-endian": wrapped("v.astype(v.dtype.newbyteorder('>'))"),
        "list for array": wrapped("v.tolist()"),
        "extra axis": wrapped("v[None]"),
        "not a number": wrapped("np.where(np.arange(v.size) == 0, np.nan, v)"),
        "off by 1e-3": wrapped("v + 1e-3"),
        "nothing": wrapped("None"),
        "zeroes arguments after": wrapped(after=ZERO),
        "divides by zero": wrapped(before="np.divide(np.zeros(1), 0)"),
        "unknown magic": "%no_such_magic\n{cell}",
        "annotations of no name": "{cell}\ndef other(x: no_such_name) -> None: ...\n",
        "async": "{cell}\n_right = {name}\nasync def {name}(*a, **k): return _right(*a, **k)\n",
        "leaves": "{cell}\ndef {name}(*a, **k): raise SystemExit\n",
    },
    # NumPy may take a series for an array, which it is not.
    "+--": {"series": wrapped("__import__('pandas').Series(v)")},
    # In check and grade the test has the course's own names.
    "-++": {
        "its own np": "{cell}\n{name} = type({name})({name}.__code__, dict(globals()))\nnp = None\n"
    },
}


def changes(task: Task) -> dict[tuple[str, str], str]:
    """Return the solution of a task, changed in all ways, by who lets it pass and by name."""
    return {
        (signs, change): text.replace("{cell}", task.solution).replace("{name}", task.name)
        for signs, texts in CHANGES.items()
        for change, text in texts.items()
    }


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


def in_process(path: Path) -> dict[tuple[str, ...], tuple[str, str]]:
    """Send the changes of one notebook through a notebook and ``check``: the errors of both."""
    for stream in (1, 2):  # what the changed cells print is nobody's to read
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    notebook, errors = Notebook(path), {}
    shell = ipython({})
    before = [cell.source for cell in notebook.content.cells if comes_before(cell)]
    empty, flags = dict(shell.user_ns), shell.compile.flags
    (task,) = tasks_of(notebook)
    for change, source in changes(task).items():
        shell.user_ns.clear()
        shell.user_ns.update(empty)
        shell.compile.flags = flags
        for cell in before:  # again: a change may have spoiled what is given
            shell.run_cell(cell, silent=True).raise_error()
        with np.errstate(), warnings.catch_warnings():
            first = as_notebook(shell, task, source)
            errors[change] = (first, as_check(task, source))
    return errors
