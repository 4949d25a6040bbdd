"""One side in a fresh process, on a machine of which is known what others took."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from tools.notebook.common import Problem, shown
from tools.publish.bench.benchmark import BENCHMARKS

LIMIT = 1800  # seconds that one side may take for one round
PR_SET_CHILD_SUBREAPER = 36
THREADS = (
    "BENCH_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def run_side(python: Path, script: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Run one side in a fresh process and return what its last line says.

    Raises Problem if it fails, takes too long, or does not end with its line of JSON.
    """
    environment = environment_of_a_side(threads, BENCHMARKS)
    command = [str(python), str(script), str(folder)]
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
        lines = done.stdout.strip().splitlines()
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Problem(f"{shown(script)} failed: {last}", exit_code=1)
        return json.loads(lines[-1])
    except subprocess.TimeoutExpired:
        raise Problem(f"{shown(script)} took over {LIMIT} s and was stopped", exit_code=1) from None
    except (IndexError, ValueError):
        raise Problem(f"{shown(script)} did not end with a line of JSON", exit_code=1) from None
    finally:
        reap()


def environment_of_a_side(threads: int, *path: Path) -> dict[str, str]:
    """Return the environment of a process that is timed, with ``path`` to import from."""
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return kept | {
        **dict.fromkeys(THREADS, str(threads)),
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "CUDA_VISIBLE_DEVICES": "-1",  # on the processor, on both sides
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


@contextlib.contextmanager
def watched() -> Iterator[dict[str, Any]]:
    """Yield a description of the machine; at the end it says what share of it others took."""
    machine: dict[str, Any] = {"cores": psutil.cpu_count(), "processor": processor()}
    before, own, began = busy_seconds(), os.times(), time.monotonic()
    with adopting():
        yield machine
    took = (time.monotonic() - began) * psutil.cpu_count()
    ours = sum(os.times()[:4]) - sum(own[:4])  # this process and its children
    machine["others"] = round(min(1.0, max(0.0, (busy_seconds() - before - ours) / took)), 2)


@contextlib.contextmanager
def adopting() -> Iterator[None]:
    """Become the parent of what a side leaves behind: its time is no other work's.

    A sandbox whose grader was killed, say. Linux alone knows it; elsewhere such time counts as
    that of others.
    """
    if sys.platform != "linux":
        yield
        return
    kernel = ctypes.CDLL(None)
    kernel.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        kernel.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def reap() -> None:
    """Take note of adopted processes that have ended: their times count as this one's then."""
    with contextlib.suppress(AttributeError, ChildProcessError):  # Windows; none is left
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def busy_seconds() -> float:
    """Return the seconds that all cores together have worked since the start."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0) + getattr(times, "guest", 0)
    return sum(times) - idle - getattr(times, "guest_nice", 0)


def processor() -> str:
    """Return the processor's name where the system tells it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown"
