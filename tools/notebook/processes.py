"""Work in a process of its own, of which a crash or a hang costs no other its answer."""

import contextlib
import faulthandler
import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import psutil

CONTEXT: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
# It takes seconds to import what most tasks import: Linux forks from a process that has it.
CONTEXT.set_forkserver_preload(["tools.notebook.libraries"])
SECONDS = 600  # of one piece of work; it ends what hangs
MEMORY = 4_000_000_000  # bytes that the processes of one submission may hold, in check and grade
TOO_MUCH_MEMORY = "all processes together took more memory than allowed"


def run_in_process(work: Callable[..., Any], *given: Any) -> Any:
    """Return what ``work(*given)`` returns in a process of its own, or raise its error.

    Raises BrokenProcessPool if the process crashes, or takes longer than ``SECONDS``: then it says
    on standard error where it was.
    """
    with ProcessPoolExecutor(1, CONTEXT, begin, (SECONDS,)) as pool:
        return pool.submit(work, *given).result()


def begin(seconds: float) -> None:
    """Prepare this process, which ends itself after some seconds."""
    os.dup2(2, 1)  # what the work prints is not for who asked
    # A cell starts processes as in a notebook: those of a fork server could not import its names.
    multiprocessing.set_start_method(None, force=True)
    faulthandler.dump_traceback_later(seconds, exit=True)


def hold_more(number: int, most: int) -> bool:
    """Say whether a process and those that it has started hold more bytes than they may.

    What they share is counted once where it decides: that count takes longer.
    """
    with contextlib.suppress(psutil.Error):  # one of them has just ended
        first = psutil.Process(number)
        family = [first, *first.children(recursive=True)]
        if sum(process.memory_info().rss for process in family) > most:
            sizes = [process.memory_full_info() for process in family]
            return sum(getattr(size, "pss", size.rss) for size in sizes) > most
    return False


def kill_marked(name: str, value: str) -> None:
    """End every process that has a variable in its environment, whoever started it."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(name) == value:
                process.kill()
