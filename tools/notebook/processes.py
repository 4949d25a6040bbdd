"""Run a function in a process of its own, of which a crash or a hang costs no other its answer."""

import contextlib
import multiprocessing
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from multiprocessing import connection
from typing import Any

DIED = "ended their process: a crash, or too little memory"
CONTEXT: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
# It takes seconds to import what most tasks import: Linux forks from a process that has it.
CONTEXT.set_forkserver_preload(["tools.notebook.libraries"])


class Lost(Exception):
    """Work of which no answer came; the text says why."""


def run_in_process(work: Callable[..., Any], *given: Any, seconds: float | None = None) -> Any:
    """Return what ``work(*given)`` returns in a process of its own.

    The work is importable there, its arguments and its answer can be pickled, and an error that it
    raises is raised here as RuntimeError. Raises Lost if the process dies or takes longer than
    ``seconds``.
    """
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=answer, args=(sender, work, given))
    process.start()
    sender.close()
    try:
        # The process, too: what the work has started may hold the pipe open after its end.
        if not connection.wait([receiver, process.sentinel], seconds):
            raise Lost(f"took longer than {seconds:g} s")
        reply = receiver.recv() if receiver.poll() else None
    except (EOFError, OSError, pickle.UnpicklingError):
        reply = None
    finally:
        process.kill()
        process.join()
        receiver.close()
    if reply is None:
        raise Lost(DIED)
    good, value = reply
    if not good:
        raise RuntimeError(value)
    return value


def answer(sender: Any, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    """Do the work and send what it returns, or its error as text."""
    os.dup2(2, 1)  # what the work prints is not for who asked
    # A cell starts processes as in a notebook: those of a fork server could not import its names.
    multiprocessing.set_start_method(None, force=True)
    try:
        reply = (True, work(*given))
    except BaseException as error:
        reply = (False, "".join(traceback.format_exception(error)).strip())
    with contextlib.suppress(BrokenPipeError):
        sender.send(reply)
    os._exit(0)  # threads that the work left behind are not waited for
