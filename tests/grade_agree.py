"""Do a notebook, ``check`` and ``grade`` judge alike? The right answers, changed in many ways.

Every change goes through all three with the whole test: cells in IPython as a notebook's kernel
runs them, ``tasks.attempt`` as ``check`` does, and the grader's two programs, without the walls of
the sandbox around them. What differs by design is named in ``BY_DESIGN`` with the reason.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tools.notebook import names
from tools.notebook.apart import Lost, apart
from tools.notebook.cells import comes_before
from tools.notebook.common import ROOT, Notebook
from tools.notebook.shell import ipython
from tools.notebook.tasks import SECONDS, Task, outcome, tasks_of

# What becomes of an answer ``v``, or of parts of it: an expression, and where it applies.
ARRAY = "isinstance(v, np.ndarray)"
REAL = f"{ARRAY} and v.dtype.kind == 'f'"
NUMBER = "type(v) in (int, float)"
ANSWERS = {
    "tensor": ("__import__('tensorflow').constant(v)", ARRAY),
    "array-like": ("type('Like', (), {'__array__': lambda s, *a, **k: v})()", ARRAY),
    "series": ("__import__('pandas').Series(v)", f"{ARRAY} and v.ndim == 1"),
    "data frame": ("__import__('pandas').DataFrame(v)", f"{ARRAY} and v.ndim == 2"),
    "matrix": ("np.asmatrix(v)", f"{ARRAY} and v.ndim == 2"),
    "array subclass": ("v.view(type('Mine', (np.ndarray,), {}))", ARRAY),
    "masked array, none masked": ("np.ma.array(v)", ARRAY),
    "masked array": ("np.ma.array(v, mask=np.arange(v.size).reshape(v.shape) == 0)", ARRAY),
    "masked and wrong": ("np.ma.masked_all_like(v)", ARRAY),
    "float32": ("v.astype('float32')", f"{REAL} and v.dtype != 'float32'"),
    "float16": ("v.astype('float16')", REAL),
    "big-endian": ("v.astype(v.dtype.newbyteorder('>'))", REAL),
    "read-only": ("np.broadcast_to(v, v.shape)", ARRAY),
    "list for array": ("v.tolist()", ARRAY),
    "tuple for list": ("tuple(v)", "type(v) is list"),
    "list for tuple": ("list(v)", "type(v) is tuple"),
    "named tuple": (
        "__import__('collections').namedtuple('N', [f'f{i}' for i in range(len(v))])(*v)",
        "type(v) is tuple",
    ),
    "generator": ("(i for i in v)", "type(v) in (list, tuple)"),
    "range": (
        "range(v[0], v[-1] + 1)",
        "type(v) is list and v and {type(i) for i in v} == {int} "
        "and v == list(range(v[0], v[-1] + 1))",
    ),
    "dict subclass": ("__import__('collections').OrderedDict(v)", "type(v) is dict"),
    "keys": ("dict.fromkeys(v).keys()", "type(v) in (set, frozenset)"),
    "NumPy number": ("np.asarray(v)[()]", NUMBER),
    "0-d array": ("np.asarray(v)", NUMBER),
    "int for float": ("int(v)", "type(v) is float and v.is_integer()"),
    "float for int": ("float(v)", "type(v) is int"),
    "bool for int": ("bool(v)", "type(v) is int and v in (0, 1)"),
    "number subclass": ("type('Mine', (type(v),), {})(v)", NUMBER),
    "text subclass": ("type('Mine', (str,), {})(v)", "type(v) is str"),
    "equal to all": (
        "type('E', (type(v),), {'__eq__': lambda s, o: True, '__hash__': None})(v + 1)",
        NUMBER,
    ),
    "extra axis": ("v[None]", ARRAY),
    "transposed": ("v.T", f"{ARRAY} and v.ndim > 1"),
    "Fortran order": ("np.asfortranarray(v)", f"{ARRAY} and v.ndim > 1"),
    "not a number": ("np.where(np.arange(v.size).reshape(v.shape) == 0, np.nan, v)", REAL),
    "off by 1e-9": ("v + 1e-9", f"{REAL} or type(v) is float"),
    "off by 1e-3": ("v + 1e-3", f"{REAL} or type(v) is float"),
    "nothing": ("None", "True"),
    "one too few": ("v[:-1]", f"{ARRAY} and v.ndim or type(v) in (list, tuple)"),
    "empty": ("v[:0]", f"{ARRAY} and v.ndim or type(v) in (list, tuple)"),
}
WALK = """

import numpy as np

_right, _applied = {name}, []


def _walk(v):
    if {where}:
        _applied.append(True)
        return {becomes}
    if type(v) in (list, tuple):
        return type(v)([_walk(inner) for inner in v])
    return {{key: _walk(inner) for key, inner in v.items()}} if type(v) is dict else v


def {name}(*args, **keywords):
    return _walk(_right(*args, **keywords))
"""
# What is done around a call; ``_spoil`` zeroes and empties what can be.
AROUND = {
    "zeroes arguments first": ("_spoil((args, keywords))", "pass"),
    "zeroes arguments after": ("pass", "_spoil((args, keywords))"),
    "adds to lists after": ("pass", "_grow((args, keywords))"),
    "prints": ("print('x' * 1000)", "print('y' * 1000)"),
    "warns": ("__import__('warnings').warn('odd')", "pass"),
    "divides by zero": ("np.divide(np.zeros(1), 0)", "pass"),
    "keeps what it was called with": ("_kept.append((args, keywords))", "pass"),
    "deep recursion": ("_deep(400)", "pass"),
    "sets NumPy's errors": ("np.seterr(all='ignore')", "pass"),
}
WRAP = """

import numpy as np

_right, _kept, _applied = {name}, [], [True]


def _spoil(v):
    if isinstance(v, np.ndarray):
        v[...] = 0 if v.dtype.kind in "biufc" else v
    elif isinstance(v, dict | list | tuple):
        for inner in list(v.values() if isinstance(v, dict) else v):
            _spoil(inner)
        if not isinstance(v, tuple):
            v.clear()


def _grow(v):
    if isinstance(v, list):
        v.append(0)
    elif isinstance(v, tuple):
        for inner in v:
            _grow(inner)


def _deep(n):
    return n and _deep(n - 1)


def {name}(*args, **keywords):
    {before}
    found = _right(*args, **keywords)
    {after}
    return found
"""
# What is done to the whole cell: lines before and after the right solution.
CELLS = {
    "right": ("", ""),
    "%%time": ("%%time\n", ""),
    "%time line": ("%time 1 + 1\n", ""),
    "%matplotlib": ("%matplotlib inline\n", ""),
    "! line": ("!true\n", ""),
    "unknown magic": ("%no_such_magic\n", ""),
    "%%html": ("%%html\n", ""),
    "future annotations": ("from __future__ import annotations\n", ""),
    "annotations of no name": ("", "\n\ndef other(x: no_such_name) -> None: ...\n"),
    "future and no name": (
        "from __future__ import annotations\n",
        "\n\ndef other(x: no_such_name) -> None: ...\n",
    ),
    "pickled class": (
        "",
        "\n\nimport pickle\n\n\nclass Kept: ...\n\n\npickle.loads(pickle.dumps(Kept()))\n",
    ),
    "top-level await": ("import asyncio\nawait asyncio.sleep(0)\n", ""),
    "a global": ("", "\n\n_right, K = {name}, 1\n{name} = lambda *a, **k: K and _right(*a, **k)\n"),
    "decorated": (
        "",
        "\n\nimport functools\n{name} = functools.lru_cache(None)(lambda: {name})()\n",
    ),
    "partial": ("", "\n\nimport functools\n{name} = functools.partial({name})\n"),
    "callable object": (
        "",
        "\n\n_right = {name}\n\n\nclass Call:\n    def __call__(self, *a, **k):\n"
        "        return _right(*a, **k)\n\n\n{name} = Call()\n",
    ),
    "async": (
        "",
        "\n\n_right = {name}\n\n\nasync def {name}(*a, **k):\n    return _right(*a, **k)\n",
    ),
    "display": (
        "",
        "\n\n_right = {name}\n\n\ndef {name}(*a, **k):\n    display(1)\n"
        "    return _right(*a, **k)\n",
    ),
    "by text": ("", "\n\n{name} = eval('{name}')\n"),
    "its own np": ("", "\n\nnp = None\n"),
    "other name": ("", "\n\nother = {name}\ndel {name}\n"),
    "own error": (
        "",
        "\n\n_right = {name}\n\n\ndef {name}(*a, **k):\n    try:\n        return _right(*a, **k)\n"
        "    except Exception as e:\n        raise type('Mine', (type(e),), {{}})('mine') from e\n",
    ),
    "leaves": ("", "\n\ndef {name}(*a, **k):\n    raise SystemExit\n"),
}
ANY_CELL = {"right", "%%time", "%time line", "%matplotlib", "! line", "unknown magic", "%%html",
            "future annotations", "future and no name", "top-level await"}  # fmt: skip
AS_ARRAY = ("-++", "what is an array underneath is compared as that array")
NO_ARRAY = ("+--", "NumPy may take it for an array, which it is not")
NO_MASK = ("+--", "NumPy compares no masked entry, so everything would equal it")
# Where the three may differ: who passes, of notebook, check and grade, and why that is so.
BY_DESIGN = {
    "tensor": NO_ARRAY,
    "array-like": NO_ARRAY,
    "series": NO_ARRAY,
    "data frame": NO_ARRAY,
    "matrix": AS_ARRAY,
    "masked array, none masked": AS_ARRAY,
    "masked array": NO_MASK,
    "masked and wrong": NO_MASK,
    "equal to all": ("+--", "what an answer says of its own equality does not count"),
    "zeroes arguments first": ("++-", "a test may not compare with what the function wrote there"),
    "its own np": ("-++", "the test has the course's own names"),
}


def changes(task: Task, only: set[str] | None = None) -> dict[str, str]:
    """Return the solution of a task, changed in all ways or in some, by their names."""
    plain = task.name in names.functions(task.solution)
    found = {
        change: first + task.solution + last.format(name=task.name)
        for change, (first, last) in CELLS.items()
        if plain or change in ANY_CELL
    }
    if plain:
        found |= {
            change: task.solution + WALK.format(name=task.name, becomes=becomes, where=where)
            for change, (becomes, where) in ANSWERS.items()
        }
        found |= {
            change: task.solution + WRAP.format(name=task.name, before=before, after=after)
            for change, (before, after) in AROUND.items()
        }
    found |= {f"wrong: {mistake}": source for mistake, source in task.wrong.items()}
    if "keras" not in task.before:  # nothing else in such a notebook loads TensorFlow
        found.pop("tensor", None)
    return {change: source for change, source in found.items() if not only or change in only}


# ------------------------------------------------------------------ a notebook, and check


def as_notebook(shell: Any, task: Task, source: str) -> str:
    """Run a task's cells in IPython; return the error, "" where the test passes."""
    for cell in (source, task.harness, task.test):
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


def in_process(path: Path, only: set[str] | None) -> dict[tuple[str, str], tuple[str, str]]:
    """Send the changes of one notebook through a notebook and ``check``: the errors of both.

    Changes that a task's answers do not allow, such as a list made of an array, are left out.
    """
    be_silent()
    notebook, found = Notebook(path), {}
    shell = ipython({})
    before = [cell.source for cell in notebook.content.cells if comes_before(cell)]
    empty, flags = dict(shell.user_ns), shell.compile.flags
    for task in tasks_of(notebook):
        for change, source in changes(task, only).items():
            shell.user_ns.clear()
            shell.user_ns.update(empty)
            shell.compile.flags = flags
            for cell in before:  # anew: a change may have spoiled what is given
                shell.run_cell(cell, silent=True).raise_error()
            with np.errstate(), warnings.catch_warnings():
                first = as_notebook(shell, task, source)
                applied = shell.user_ns.get("_applied", True)
                if applied:
                    found[task.name, change] = (first, as_check(task, source))
    return found


def be_silent() -> None:
    """Let this process print nothing."""
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


# ------------------------------------------------------------------ grade


def by_grader(path: Path, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Send changes of one notebook through the grader's two programs; "" where all points come."""
    import IPython.core.interactiveshell  # noqa: F401  (here, or each fork loads it anew)

    be_silent()
    sys.path[:0] = [
        str(ROOT / "tools" / "notebook"),
        str(ROOT / "tools" / "teach" / "grade"),
    ]  # as in the sandbox
    tasks = {task.name: task for task in tasks_of(Notebook(path))}
    sources = {name: changes(task) for name, task in tasks.items()}
    return {(t, change): as_graded(tasks[t], sources[t][change]) for t, change in wanted}


def as_graded(task: Task, source: str) -> str:
    """Let the judge ask a fork of this process, which loads what the cell needs and ends."""
    import judge
    import worker

    known = {"before": task.before, "solution": task.solution, "harness": task.harness}
    known |= {"visible": task.visible, "test": task.test, "answer": source}
    ours, theirs = socket.socketpair()
    student = os.fork()
    if student == 0:
        ours.close()
        worker.serve(theirs)
        os._exit(0)
    theirs.close()
    with ours, tempfile.TemporaryFile() as clock:
        clock.write(struct.pack("d", 0.0))  # no sandbox counts its processor time here
        clock.flush()
        limits = {"call_seconds": SECONDS, "task_seconds": 2 * SECONDS, "patience": 1}
        asked = judge.Asked(ours, clock.fileno(), limits)
        for part in ("visible", "whole"):
            verdict = judge.judge(known, part, asked)
            if verdict["verdict"] != "pass":
                break
    os.waitpid(student, 0)
    return "" if verdict["verdict"] == "pass" else f"{verdict['verdict']}: {verdict['reason']}"


def of_notebook(notebook: Notebook, only: set[str] | None) -> dict[tuple[str, str, str], list[str]]:
    """Do all of it for one notebook, in processes of its own."""
    errors = apart(in_process, notebook.path, only)
    graded = apart(by_grader, notebook.path, list(errors))
    return {(notebook.name, *which): [*both, graded[which]] for which, both in errors.items()}


def in_processes(
    notebooks: list[Notebook], only: set[str] | None = None
) -> tuple[dict[tuple[str, str, str], list[str]], list[str]]:
    """Do all of it; by notebook, task and change, and which notebooks ended their process."""
    found, lost = {}, []
    for notebook in notebooks:
        try:
            found |= of_notebook(notebook, only)
        except Lost as why:
            lost.append(f"{notebook.name}: its changed answers {why}")
    return found, lost


# ------------------------------------------------------------------ what differs


def differences(found: dict[tuple[str, str, str], list[str]]) -> list[str]:
    """Return what differs and not by design.

    ``found`` holds by notebook, task and change the errors in a notebook, in ``check`` and in
    ``grade``, "" where it passes.
    """
    return [
        difference(f"{notebook}, {task}, {change}", errors)
        for (notebook, task, change), errors in found.items()
        if len({not one for one in errors}) > 1
        and signs(errors) != BY_DESIGN.get(change, ("", ""))[0]
    ]


def signs(errors: list[str]) -> str:
    """Return who passes, as ``BY_DESIGN`` writes it."""
    return "".join("-" if error else "+" for error in errors)


def difference(where: str, errors: list[str]) -> str:
    """Return one difference as a line."""
    modes = zip(("notebook", "check", "grade"), errors, strict=True)
    return f"{where}: " + "; ".join(
        f"{m}: {' '.join(e[:200].split()) or 'passes'}" for m, e in modes
    )
