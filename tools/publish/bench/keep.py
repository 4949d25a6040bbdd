"""Which measurements are kept in ``results/``: of a clean tree, on a quiet machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from filelock import FileLock

from tools.notebook.common import BUILD, Problem
from tools.publish import accepted
from utils import results

# What a measurement depends on: it is accepted only as a commit has it.
WATCHED = (*accepted.WATCHED, "benchmarks", "tools/publish/bench")
BUSY = 0.15  # share of the machine that others may take while a ratio is measured


def accept(names: list[str]) -> None:
    """Merge the last measurements into ``results/bench.json``, all of them or none.

    Raises Problem if nothing was measured, or a measurement is not worth keeping.
    """
    found = [result for name in names if (result := load(BUILD / "bench" / f"{name}.json"))]
    if not found:
        raise Problem("nothing was measured yet; name a benchmark: `course.py bench` lists them")
    accepted.refuse_changes(WATCHED)
    for result in found:
        if why := unfit(result):
            raise Problem(f"{result['benchmark']}: {why}; nothing was accepted", exit_code=1)
    with FileLock(str(BUILD / "results.lock")):
        kept = results.accepted("bench", "benchmarks")
        for result in found:
            merge(kept, result)
        accepted.write("bench", {"benchmarks": dict(sorted(kept.items()))})


def unfit(result: dict[str, Any]) -> str:
    """Return why a measurement should not be kept; empty where it may be."""
    if result["changed"]:
        return f"it was measured with changes that no commit has ({result['changed']}); run again"
    others = result["machine"]["others"]
    if others > BUSY:
        return (
            f"other work took {100 * others:.0f} % of the machine while it was measured, and a "
            f"ratio is kept below {100 * BUSY:.0f} %; run again when it is quiet"
        )
    return ""


def merge(kept: dict[str, Any], result: dict[str, Any]) -> None:
    """Put a measurement in its place; a lesser tier never replaces a better one."""
    name = result["benchmark"]
    before = kept.get(name)
    if before and (before["data"], result["data"]) == ("real", "sample"):
        print(f"{name}: keeps its measurement on better data")
        return
    kept[name] = result
    print(f"{name}: accepted, {result['data']}, {result['rounds']} rounds")


def uncommitted() -> str:
    """Return what differs from the last commit, or that none is known."""
    try:
        return accepted.uncommitted(WATCHED)
    except Problem:
        return "there is no git checkout"


def load(path: Path) -> dict[str, Any] | None:
    """Return a measurement that was written, None where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
