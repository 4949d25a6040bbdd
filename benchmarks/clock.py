"""What both sides of a benchmark share: one clock, one form of answer. Standard library only.

It is imported in this course's environment and in the peers', by their ``ours.py`` and
``peer.py``; the tool puts this folder on their path.
"""

import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def inputs() -> Path:
    """Return the folder that ``task.py`` filled: the one argument of the script."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(f"{sys.argv[0]}: give the folder of the inputs; `course.py bench` does")
    return Path(sys.argv[1])


def threads() -> int:
    """Return how many threads a side may use."""
    return int(os.environ.get("BENCH_THREADS", "1"))


def timed(work: Callable[[], Any]) -> dict[str, Any]:
    """Do the work once; return its wall seconds, its CPU seconds and its answer."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "answer": answer,
    }


def timed_with_children(work: Callable[[], Any]) -> dict[str, Any]:
    """Do the work once, as ``timed``; CPU seconds of processes that ended meanwhile count, too."""
    before = _spent()
    row = timed(work)
    return row | {"cpu_seconds": _spent() - before}


def _spent() -> float:
    import resource  # not on Windows

    parts = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, parts))


def tell(
    rows: dict[str, dict[str, Any]],
    packages: tuple[str, ...],
    skipped: dict[str, str] | None = None,
) -> None:
    """Print one line of JSON: the rows, the versions behind them, and what was left out."""
    versions = {name: importlib.metadata.version(name) for name in packages}
    versions["python"] = platform.python_version()
    print(json.dumps({"rows": rows, "versions": versions, "skipped": skipped or {}}))
