"""``course.py bench --growth``: the course's own parts, timed at sizes that grow."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from filelock import FileLock
from rich.console import Console
from rich.table import Table

from data.core.files import write_text
from tools.notebook.common import BUILD, ROOT, Problem, shown
from tools.notebook.sources import head
from tools.publish import accepted, growth
from tools.publish.bench.benchmark import BENCHMARKS
from tools.publish.bench.keep import refuse_unclean, uncommitted, unfit
from tools.publish.bench.timing import environment_of_a_side, reap, watched

GROWTH = BENCHMARKS / "growth.py"


def grow(options: argparse.Namespace) -> int:
    """Time the named parts, all of them for none, and keep them with ``--accept``."""
    if unknown := [name for name in options.names if name not in growth.PARTS]:
        have = ", ".join(growth.PARTS)
        raise Problem(f"there is no part {', '.join(unknown)} that grows; there are {have}")
    found = {name: growing(name, options.threads) for name in options.names or growth.PARTS}
    Console().print(grown(found))
    if options.accept:
        accept_growth(found)
    return 0


def growing(name: str, threads: int) -> dict[str, Any]:
    """Time a part at all its sizes, in a fresh process."""
    part = growth.PARTS[name]
    print(f"{name}: {part.sizes[0]:,} to {part.sizes[-1]:,} {part.unit}", flush=True)
    environment = environment_of_a_side(threads, BENCHMARKS, ROOT)
    command = [sys.executable, str(GROWTH), name, *map(str, part.sizes)]
    with watched() as machine:
        done = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        reap()
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Problem(f"{shown(GROWTH)} {name} failed: {last}", exit_code=1)
    return {
        "threads": threads,
        "machine": machine,
        "points": [json.loads(line) for line in done.stdout.splitlines()],
        "changed": uncommitted(),
        "commit": head(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def grown(found: dict[str, Any]) -> Table:
    """Return measured parts as a table."""
    shown_table = Table(box=None, padding=(0, 1))
    for heading in ("part", "largest", "seconds", "exponent", "on its line", "others"):
        shown_table.add_column(heading, overflow="fold")
    for name, result in found.items():
        part, last = growth.PARTS[name], result["points"][-1]
        line = growth.fitted(result["points"])
        shown_table.add_row(
            part.work,
            f"{last['size']:,} {part.unit}",
            f"{last['seconds']:.3g}",
            f"{line.exponent:.2f}",
            f"{line.begins:,} to {line.ends:,}",
            f"{100 * result['machine']['others']:.0f} %",
        )
    return shown_table


def accept_growth(found: dict[str, Any]) -> None:
    """Keep measured parts in ``results/growth.json``."""
    refuse_unclean()
    for name, result in found.items():
        if why := unfit(result):
            raise Problem(f"{name}: {why}; nothing was accepted", exit_code=1)
    with FileLock(str(BUILD / "results.lock")):
        both = growth.load() | found
        kept = {name: both[name] for name in growth.PARTS if name in both}
        content = json.dumps({"parts": kept}, indent=1)
        write_text(accepted.RESULTS / "growth.json", content + "\n")
    print(f"{', '.join(found)}: accepted")
