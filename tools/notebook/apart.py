"""Work in a process of its own, of which a crash or a hang costs no other its answer."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from tools.notebook.common import ROOT

DIED = "ended their process: a crash, or too little memory"
PR_SET_PDEATHSIG = 1
_running: set[Any] = set()


class Lost(Exception):
    """Work of which no answer came; the text says why."""


def apart(
    work: Callable[..., Any],
    *given: Any,
    source: Any = None,
    seconds: float | None = None,
) -> Any:
    """Return what ``work(*given)`` returns in a process of its own.

    That is forked from ``source``, a ``forked.Source``, if there is one, and fresh else; what it
    starts ends with it. The work is importable there, its arguments and its answer can be pickled,
    and an error that it raises is raised here, as RuntimeError where it can't be pickled or is no
    Exception. Raises Lost if the process dies or takes longer than ``seconds``.
    """
    process = source.work() if source else fresh()
    late = threading.Event()

    def end() -> None:
        late.set()
        kill(process)

    timer = threading.Timer(seconds or 0, end)
    if seconds is not None:
        timer.start()
    _running.add(process)
    told = None
    try:
        with contextlib.suppress(OSError), process.stdin:  # it has died: nothing comes then
            pickle.dump((work, given), process.stdin)
        # Not all until the pipe ends: what the work has started may hold it open.
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            told = pickle.load(process.stdout)
    finally:
        timer.cancel()
        _running.discard(process)
        kill(process)
        process.stdout.close()
        process.wait()
    if told is None:
        raise Lost(f"took longer than {seconds:g} s" if late.is_set() else DIED)
    good, answer = told
    if not good:
        raise answer
    return answer


def end_all() -> None:
    """End all work that is under way: its process dies, and who waits for it is told."""
    for process in [*_running]:
        kill(process)


def fresh() -> Any:
    """Start a process that does one piece of work."""
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "tools.notebook.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        start_new_session=os.name != "nt",
    )


def kill(process: Any) -> None:
    """End a process, and on other systems than Windows what it has started."""
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def serve() -> None:
    """Do the work that standard input brings; its answer alone goes to standard output."""
    if sys.platform == "linux":  # with who asked, however that ends
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    answers = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(0, "rb", closefd=False) as asked:
            work, given = pickle.load(asked)
        answer = pickle.dumps((True, work(*given)))
    except BaseException as error:
        answer = pickle.dumps((False, _portable(error)))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    with os.fdopen(answers, "wb") as file:
        file.write(answer)


def _portable(error: BaseException) -> Exception:
    """Return an error that can be raised elsewhere, with where it came from as a note."""
    place = "".join(traceback.format_exception(error))
    if isinstance(error, Exception):
        with contextlib.suppress(Exception):  # some are made of other things than they hold
            error.add_note(place)
            pickle.loads(pickle.dumps(error))
            return error
    told = RuntimeError(f"{type(error).__name__}: {error}")
    told.add_note(place)
    return told


if __name__ == "__main__":
    serve()
    os._exit(0)  # threads that the work left behind are not waited for
