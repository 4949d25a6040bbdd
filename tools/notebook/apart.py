"""Work in a process of its own, of which a crash or a hang costs no other its answer."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import psutil

DIED = "ended their process: a crash, or too little memory"


class Lost(Exception):
    """Work of which no answer came; the text says why."""


def apart(context: Any, work: Callable[..., Any], *given: Any, seconds: float | None = None) -> Any:
    """Return what ``work(*given)`` returns in a fresh process.

    ``context`` says how the process starts. The work is importable there, its arguments can be
    pickled, and an error that it raises is raised here. Raises Lost if the process dies or takes
    longer than ``seconds``.
    """
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            process = pool.submit(os.getpid).result()
            answer = pool.submit(work, *given)
            if wait([answer], seconds).not_done:
                psutil.Process(process).kill()
                raise Lost(f"took longer than {seconds:g} s")
            return answer.result()
        except BrokenProcessPool:
            raise Lost(DIED) from None
