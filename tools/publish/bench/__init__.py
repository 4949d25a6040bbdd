"""``course.py bench``: this course beside its peers, on the same work in the same session.

A benchmark is a folder of ``benchmarks/``: ``task.py`` writes the inputs and judges the answers,
``ours.py`` runs in the course's environment and ``peer.py`` in one of the peer's own, made when
it is asked for and made again when its pins change. Both sides run in turn, in fresh processes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from data.core.files import write_text
from tools.notebook.common import Parser, parse, shown
from tools.notebook.sources import head
from tools.publish.bench.benchmark import Benchmark, select
from tools.publish.bench.environment import environment_is_ready, peer_python
from tools.publish.bench.keep import accept, load, uncommitted
from tools.publish.bench.ratios import answers, metrics_of, rows_of, table
from tools.publish.bench.timing import run_side, watched


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py bench``."""
    p = Parser(
        prog="python course.py bench",
        description="Measure this course beside its peers: the same inputs, in turn, in fresh "
        "processes with the same number of threads. The first run of a benchmark makes its "
        "peer's environment (gigabytes; the size is said first). Without NAME: list them.",
    )
    p.add_argument("names", nargs="*", metavar="NAME", help="a folder of benchmarks/")
    p.add_argument("--rounds", type=_at_least_one, default=5, help="runs of each side (5)")
    p.add_argument("--threads", type=_at_least_one, default=2, help="threads of each side (2)")
    p.add_argument(
        "--data",
        choices=("sample", "real"),
        default=os.environ.get("COURSE_DATA") or "sample",
        help="tier of the inputs",
    )
    p.add_argument(
        "--accept",
        action="store_true",
        help="keep the numbers in results/bench.json, without NAME those measured before "
        "(from a clean tree, on a quiet machine)",
    )
    options = parse(p, argv)
    chosen = select(options.names)
    if options.names:
        for benchmark in chosen:
            measure(benchmark, options)
    if options.accept:
        accept([benchmark.name for benchmark in chosen])
    elif not options.names:
        Console().print(listing(chosen))
    return 0


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


def listing(benchmarks: list[Benchmark]) -> Table:
    """Return the table of all benchmarks: what each compares, and what is here of it."""
    table = Table(box=None, padding=(0, 1))
    for heading in ("name", "what", "peer's environment", "last measured"):
        table.add_column(heading, overflow="fold")
    for benchmark in benchmarks:
        size = f"not made, {benchmark.gigabytes:g} GB"
        state = "here" if environment_is_ready(benchmark) else size
        last = load(benchmark.result)
        told = f"{last['finished'][:10]}, {last['data']}" if last else "never"
        table.add_row(benchmark.name, benchmark.title, state, told)
    return table


def measure(benchmark: Benchmark, options: argparse.Namespace) -> dict[str, Any]:
    """Run both sides in turn; keep the result under ``build/bench/`` and print its table."""
    pythons = {"ours": Path(sys.executable), "peer": peer_python(benchmark)}
    task = benchmark.task()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, watched() as machine:
        folder = Path(scratch)
        inputs = task.make(folder, options.data)
        told = f"{inputs['items']} {benchmark.unit}, {inputs['what']}"
        print(f"{benchmark.name}: {told}", flush=True)
        rounds = [
            one_round(benchmark, pythons, folder, options.threads, turned=bool(i % 2))
            for i in range(options.rounds)
        ]
        quality = task.judge(folder, answers(rounds[0]))
    result = circumstances(benchmark, options, rounds[0]) | inputs | {"machine": machine}
    result["rows"] = rows_of(benchmark, rounds, inputs["items"], quality)
    result["metrics"] = metrics_of(benchmark, result, rounds)
    write_text(benchmark.result, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    Console().print(table(result))
    print(f"wrote {shown(benchmark.result)}")
    return result


def circumstances(
    benchmark: Benchmark, options: argparse.Namespace, told: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return what a measurement was, besides its numbers."""
    differs = uncommitted()
    return {
        "benchmark": benchmark.name,
        "title": benchmark.title,
        "unit": benchmark.unit,
        "data": options.data,
        "rounds": options.rounds,
        "threads": options.threads,
        "skipped": {row: why for part in told.values() for row, why in part["skipped"].items()},
        "versions": {side: told[side]["versions"] for side in ("ours", "peer")},
        "changed": differs,
        "commit": head() + ("+" if head() and differs else ""),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def one_round(
    benchmark: Benchmark, pythons: dict[str, Path], folder: Path, threads: int, turned: bool
) -> dict[str, dict[str, Any]]:
    """Run each side once; which one begins changes from round to round."""
    sides = list(pythons.items())
    told = {}
    for side, python in reversed(sides) if turned else sides:
        told[side] = run_side(python, benchmark.folder / f"{side}.py", folder, threads)
        took = [f"{row} {entry['seconds']:.2f} s" for row, entry in told[side]["rows"].items()]
        print(f"  {side}: {', '.join(took)}", flush=True)
    return told
