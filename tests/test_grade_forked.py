"""Sandboxes that are forked: what they share with the ready process and with one another.

An attack answers rightly only if it failed. What one leaves behind is looked for by the next, which
is forked from the same process.
"""

import contextlib
import os
import re
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from grade_course import DOUBLE, QUICK, handed_in
from grade_course import job as job_of
from grade_sandboxed import SANDBOXED, both, cell, graded, one_by_one
from grade_sandboxed import origin as origin

from tools.notebook.common import ROOT
from tools.teach.grade import fork_server, sandbox
from tools.teach.grade.submission import examine

pytestmark = [*SANDBOXED, pytest.mark.usefixtures("origin"), pytest.mark.xdist_group("forked")]

# What is bound into a sandbox's own /tmp: the course and its Python, where they lie below /tmp.
BOUND = sorted(
    {
        path.relative_to("/tmp").parts[0]
        for path in map(Path, (ROOT, sys.prefix))
        if path.is_relative_to("/tmp")
    }
)


def value_of(expression, more=""):
    """Return what an expression of a student's is worth in there, as text."""
    source = f"import os\n{more}\ndef double(x):\n    raise ValueError(repr(({expression})))"
    return re.search(r"ValueError: (.*?)(?: \[line|$)", graded(source)["reason"])[1]


def source():
    """Return the process that sandboxes of the small course are forked from."""
    return fork_server._ready[("worker", *fork_server.BASIC)]


def inside(kind):
    """Return the Python of a ready process, which bubblewrap has started."""
    family = psutil.Process(fork_server._ready[kind]._process.pid).children(recursive=True)
    return next(p for p in family if p.name().startswith("python"))


@pytest.fixture(autouse=True)
def _served_without_end(monkeypatch):
    monkeypatch.setattr(fork_server, "SERVED", 10**6)


# ------------------------------------------------------------------ what is seen


@both
def test_a_sandbox_has_its_own_processes_files_and_terminals():
    assert value_of("sorted(p for p in os.listdir('/proc') if p.isdigit())") == "['1', '2']"
    assert value_of("os.readlink('/proc/1/root'), os.getcwd()") == "('/', '/tmp')"
    assert value_of("os.listdir('.')") == repr(BOUND)
    assert value_of("os.listdir('/dev/pts'), os.listdir('/dev/shm')") == "(['ptmx'], [])"
    more = "def kind(n):\n    try: return os.readlink(f'/proc/self/fd/{n}').split(':')[0]"
    more += "\n    except OSError: return None"
    assert value_of("[k for n in range(256) if (k := kind(n))]", more) == (
        "['/dev/null', 'pipe', 'pipe', 'socket']"  # its line to the judge, and nothing else
    )


def test_the_first_process_inside_holds_no_file():
    assert value_of("os.listdir('/proc/1/fd')") == "[]"


# ------------------------------------------------------------------ what siblings share


def test_siblings_share_no_chance():
    chances = "(random.random(), np.random.rand(), uuid.uuid4().hex, tempfile.mktemp())"
    more = "import random, uuid, tempfile\nimport numpy as np"
    first, second = (set(re.split(r", ", value_of(chances, more).strip("()"))) for _ in range(2))
    assert len(first) == len(second) == 4 and not first & second


def test_nothing_of_a_submission_is_in_the_memory_of_the_next():
    mark = "4711" + "-submission-" + "0815"
    assert graded(f"KEPT = [{mark!r}] * 1000\ndef double(x):\n    return 2 * x")["points"] == 2
    search = """
        import re
        def count_marks():
            wanted = b"4711-submission-" + b"0815"
            own, count = set(), 0
            for line in open("/proc/self/maps"):
                place, rights = line.split()[:2]
                if rights[0] != "r" or "[v" in line:
                    continue
                start, end = (int(part, 16) for part in place.split("-"))
                with open("/proc/self/mem", "rb") as memory:
                    memory.seek(start)
                    count += memory.read(end - start).count(wanted)
            return count
    """
    assert (
        int(value_of("count_marks()", textwrap.dedent(search))) <= 1
    )  # what this one has just joined


POISON = """
    import builtins, ctypes, gc, json, os, random, signal, socket, sys, threading, time
    import numpy as np
    np.asarray = np.ndarray.__class__
    np.testing.assert_array_equal = lambda *a, **k: None
    builtins.len = lambda x: 0
    json.dumps = json.loads = None
    sys.modules["wire"].pack = None
    sys.setprofile(lambda *a: None)
    for n in range(-5, 257):  # the small numbers that all of Python shares
        ctypes.memset(id(n) + 24, 7, 4) if n > 100 else None
    for place in ("/tmp/left", "/dev/shm/left"):
        open(place, "w").write("left")
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    threading.Thread(target=time.sleep, args=(1000,), daemon=False).start()
    if os.fork() == 0:
        os.setpgid(0, 0)
        while True: time.sleep(1)
    def double(x):
        return 2 * x
"""


def test_what_one_poisons_or_leaves_is_not_there_for_the_next():
    graded(DOUBLE)
    before, served = source(), source().served
    examine(job_of(handed_in(double=textwrap.dedent(POISON))))
    assert value_of("os.listdir('/tmp'), os.listdir('/dev/shm'), 100 + 28, len('four')") == (
        "([], [], 128, 4)"
    )
    assert graded(DOUBLE)["points"] == 2
    assert source() is before and source().served > served + 2


FILL = "while True:\n try:\n  if os.fork() == 0: time.sleep(1000)\n except OSError: pass"
WRITE = """
for line in open("/proc/1/maps"):
    place, rights = line.split()[:2]
    if rights.startswith("rw"):
        start, end = (int(part, 16) for part in place.split("-"))
        with open("/proc/1/mem", "r+b", buffering=0) as memory:
            memory.seek(start)
            memory.write(b"\\xff" * min(end - start, 10**6))
return 2 * x"""
CALL = "for n in range(256):\n try: os.write(n, b'ended 0go')\n except OSError: pass\nos._exit(0)"
ATTACKS = {
    "kills all that it sees": cell("os.kill(-1, 9)\nos.kill(1, 9)"),
    "kills its parents": cell("os.kill(os.getppid(), 9)\nos.killpg(1, 9)"),
    "stops the first process": cell("os.kill(1, 19)\nreturn 2 * x"),
    "fills the table of processes": cell(FILL),
    "writes into the first process": cell(WRITE),
    "calls the grader by the old numbers of files": cell(CALL),
}


def test_the_ready_process_outlives_what_attacks_its_forks():
    graded(DOUBLE)
    before = source()._process.pid
    tasks = one_by_one(ATTACKS, replace(QUICK, call_seconds=0.5, task_seconds=8.0))
    assert {tasks[name]["points"] for name in ATTACKS if "return" not in ATTACKS[name]} == {0}
    assert graded(DOUBLE)["points"] == 2 and source()._process.pid == before


# ------------------------------------------------------------------ the ready process itself


def test_ready_processes_share_no_files_or_addresses():
    graded(DOUBLE)
    starts = set()
    for program in ("worker", "judge"):
        python = inside((program, *fork_server.BASIC))
        with open(f"/proc/{python.pid}/maps", encoding="utf-8") as maps:
            starts.add(next(line.split("-")[0] for line in maps if "[heap]" in line))
        folder = f"/proc/{python.pid}/fd"
        names = [os.readlink(f"{folder}/{n}") for n in os.listdir(folder)]
        assert sum(name.startswith("socket:") for name in names) == 1
        environment = psutil.Process(python.pid).environ()
        assert {n: environment.get(n) for n in sandbox.environment()} == sandbox.environment()
    assert len(starts) == 2


def test_a_process_that_is_killed_or_has_served_enough_is_replaced(monkeypatch):
    graded(DOUBLE)
    first = source()
    for process in psutil.Process(first._process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended with the one before it
            process.kill()
    assert graded(DOUBLE)["points"] == 2
    second = source()
    assert second is not first
    monkeypatch.setattr(fork_server, "SERVED", second.served)
    assert graded(DOUBLE)["points"] == 2
    assert source() is not second


def forbidden(monkeypatch, tmp_path):
    """Have a fork fail to mount /proc."""
    child = tmp_path / "forked_child.py"
    text = sandbox.FORKING[0].read_text(encoding="utf-8")
    child.write_text(text.replace('_mount("proc", "/proc"', '_mount("no such", "/proc"'))
    monkeypatch.setattr(sandbox, "FORKING", [child, sandbox.FORKING[1]])


def covered(monkeypatch, tmp_path):
    """Have the course lie in what a fork covers."""
    monkeypatch.setattr(sandbox, "SCRATCH", [str(sandbox.ROOT.parent)])


@pytest.mark.parametrize(
    ("change", "reason"), [(forbidden, "mount /proc: "), (covered, "the course, or its Python")]
)
def test_where_no_fork_confines_itself_sandboxes_are_made_from_nothing(
    change, reason, monkeypatch, tmp_path
):
    change(monkeypatch, tmp_path)
    monkeypatch.setattr(fork_server, "_ready", {})
    monkeypatch.setattr(fork_server, "_refused", {})
    assert graded(DOUBLE)["points"] == 2
    refusals = fork_server._refused[("worker", *fork_server.BASIC)]
    assert reason in refusals and not fork_server._ready


def test_imports_that_start_a_thread_or_share_memory_leave_no_process_ready(tmp_path, monkeypatch):
    for line, message in (
        ("import threading as t; t.Thread(target=t.Event().wait, daemon=True).start()",
         "2 threads"),
        ("import mmap; KEPT = mmap.mmap(-1, 4096)", "would share"),
        ("raise ImportError('no such thing')", "no such thing"),
    ):  # fmt: skip
        (tmp_path / "imports.py").write_text(line)
        words = [sys.executable, sandbox.FORKING[0]]
        env = {**os.environ, "PYTHONPATH": str(tmp_path)}
        with pytest.raises(fork_server.NotReady, match=message):
            fork_server.Ready(list(map(str, words)), env, "imports")
