"""Honest work in odd clothes: a notebook, check and grade judge it alike, and say what it lacks."""

import functools
import os
import sys
import textwrap
from dataclasses import replace

import nbclient
import pytest
from grade_course import DOUBLE, QUICK, course, job
from nbformat.v4 import new_code_cell, new_notebook

from tools.notebook.tasks import outcome, tasks_among
from tools.teach.grade import examine as examining
from tools.teach.grade import sandbox

WHY_NOT = sandbox.why_not()
sandboxed = [
    pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}"),
    pytest.mark.slow,
]
if os.environ.get("CI") and WHY_NOT:
    pytest.fail(f"the tests of the sandbox must run in CI: {WHY_NOT}", pytrace=False)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="bash, and processes by fork")


def in_sandbox(test):
    """Mark a test that needs the sandbox."""
    for mark in sandboxed:
        test = mark(test)
    return test


TASK = tasks_among(course().cells, "u/n")[0]

POOL = """
def twice(x):
    return 2 * x
def double(x):
    with {pool}(1) as pool:
        return list(pool.map(twice, [x]))[0]
"""
# Right solutions of ``double``, each with something that a notebook takes as a matter of course.
HONEST = {
    "%matplotlib inline": f"%matplotlib inline\n{DOUBLE}",
    "%matplotlib notebook": f"%matplotlib notebook\n{DOUBLE}",
    "%matplotlib agg": f"%matplotlib agg\n{DOUBLE}",
    "%matplotlib": f"%matplotlib\n{DOUBLE}",
    "%pylab": f"%pylab inline\n{DOUBLE}",
    "top-level await": f"import asyncio\nk = await asyncio.sleep(0, 2)\n{DOUBLE.replace('2', 'k')}",
    "%%bash": f"get_ipython().run_cell_magic('bash', '--out k', 'printf 2')\n"
    f"{DOUBLE.replace('2', 'int(k)')}",
    "! line": f"k = !echo 2\n{DOUBLE.replace('2', 'int(k[0])')}",
    "pickled class": """
        import pickle
        class Factor:
            number = 2
        def double(x):
            return pickle.loads(pickle.dumps(Factor())).number * x
        """,
    "multiprocessing": "from multiprocessing import Pool\n" + POOL.format(pool="Pool"),
    "executor": "from concurrent.futures import ProcessPoolExecutor\n"
    + POOL.format(pool="ProcessPoolExecutor"),
}
HONEST = {name: textwrap.dedent(source) for name, source in HONEST.items()}


def graded(sources, test=TASK.test, limits=QUICK):
    """Grade cells for ``double`` as tasks of one notebook; return them by name."""
    known = replace(TASK, test=test)
    tasks = {
        name: examining.task_of(known, {"double": [{"kind": "code", "source": source}]}, False)
        | {"task": name}
        for name, source in sources.items()
    }
    examining.run(list(tasks.values()), job(limits=limits))
    return tasks


# ------------------------------------------------------------------ what a notebook runs


@on_linux
@pytest.mark.slow
def test_a_notebook_s_kernel_takes_all_of_it():
    cells = [TASK.before]
    for source in HONEST.values():
        cells += [source, TASK.test, "del double"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()


@on_linux
@pytest.mark.parametrize("name", HONEST)
def test_check_takes_it_too(name):
    assert outcome(TASK, HONEST[name], TASK.test) == ""


@functools.cache
def honest():
    return graded(HONEST)


@pytest.mark.parametrize("name", [pytest.param(name, marks=sandboxed) for name in HONEST])
@pytest.mark.xdist_group("honest")
def test_and_so_does_grade(name):
    assert honest()[name]["points"] == 2, honest()[name]
