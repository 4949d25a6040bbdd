"""Work in a process of its own, of which a crash or a hang costs no other its answer."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from tools.notebook.common import ROOT

DIED = "ended their process: a crash, or too little memory"


class Lost(Exception):
    """Work of which no answer came; the text says why."""


def apart(
    work: Callable[..., Any],
    *given: Any,
    source: Any = None,
    seconds: float | None = None,
) -> Any:
    """Return what ``work(*given)`` returns in a process of its own.

    That is forked from ``source``, a ``forked.Source``, if there is one, and fresh else. The work
    is importable there, its arguments and its answer can be pickled, and an error that it raises is
    raised here. Raises Lost if the process dies or takes longer than ``seconds``.
    """
    process = source.work() if source else fresh()
    late = threading.Event()

    def end() -> None:
        late.set()
        kill(process)

    timer = threading.Timer(seconds or 0, end)
    if seconds is not None:
        timer.start()
    try:
        with contextlib.suppress(BrokenPipeError), process.stdin:  # dead: nothing comes then
            pickle.dump((work, given), process.stdin)
        with process.stdout:
            said = process.stdout.read()
    except BaseException:
        kill(process)
        raise
    finally:
        timer.cancel()
        process.wait()
    if late.is_set():
        raise Lost(f"took longer than {seconds:g} s")
    if not said:
        raise Lost(DIED)
    good, answer = pickle.loads(said)
    if not good:
        raise answer
    return answer


def fresh() -> Any:
    """Start a process that does one piece of work."""
    return subprocess.Popen(
        [sys.executable, "-m", "tools.notebook.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        start_new_session=os.name != "nt",
    )


def kill(process: Any) -> None:
    """End a process, and what it has started."""
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def serve() -> None:
    """Do the work that standard input brings; its answer alone goes to standard output."""
    answers = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(0, "rb", closefd=False) as asked:
        work, given = pickle.load(asked)
    try:
        told = pickle.dumps((True, work(*given)))
    except BaseException as error:
        told = pickle.dumps((False, error))
    with os.fdopen(answers, "wb") as answer:
        answer.write(told)


if __name__ == "__main__":
    serve()
    os._exit(0)  # threads that the work left behind are not waited for
