"""``course.py run``: execute notebooks side by side and show what they measured."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from data.core.cards import DataError
from tools.learn.job import Job, begin, environment, executed_path, stop_all, watch
from tools.learn.record import finish, key, last_seconds, read_note, remember, resumed
from tools.notebook import forked
from tools.notebook.common import (
    NOTEBOOK_MB,
    NOTEBOOK_SECONDS,
    Parser,
    Problem,
    add_switches,
    cores,
    one_line_high,
    parse,
    select,
    shown,
)
from tools.notebook.execute import kernel_environment
from tools.notebook.sources import head
from utils import report, results

# Of a table that is higher than the terminal the first rows are seen.
ORDER = ("running", "failed", "stopped", "waiting", "done", "skipped")
MANY = 6  # notebooks, from which on it pays to import the libraries once for all


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py run``."""
    options = parse(parser(), argv)
    jobs = plan(options)
    todo = [job for job in jobs if not job.over]
    announce(options, jobs, todo)
    remember(options, jobs)
    with interruptible():
        try:
            execute_all(todo, options, lambda: remember(options, jobs))
        except KeyboardInterrupt:
            stop_all(todo)
            remember(options, jobs)
            print("\ncourse.py run: stopped; `run --resume` goes on", file=sys.stderr)
            return 130
    summary(jobs, options)
    return 1 if any(job.state == "failed" for job in jobs) else 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``run``."""
    p = Parser(
        prog="python course.py run",
        description="Execute notebooks, each in a fresh kernel, and show what they measured. "
        "Executed copies are written under build/executed/; notebooks/ stays as it is.",
    )
    p.add_argument("names", nargs="*", help="units, numbers or paths, such as 06/01; all if none")
    add_switches(p)
    p.add_argument(
        "--jobs",
        type=int,
        help="notebooks at a time (default: the cores that it may use, at most 4)",
    )
    p.add_argument(
        "--changed",
        action="store_true",
        help="leave out what has not changed since it last ran well",
    )
    p.add_argument("--resume", action="store_true", help="go on with the run that was stopped")
    p.add_argument(
        "--update",
        action="store_true",
        help="write outputs and processor time into notebooks/ (quick and sample only)",
    )
    p.add_argument(
        "--no-limits",
        action="store_true",
        help=f"do not stop a notebook of the quick profile after {NOTEBOOK_SECONDS // 60} minutes "
        f"or at {NOTEBOOK_MB // 1000} GB (the full profile has no limits)",
    )
    return p


def plan(options: argparse.Namespace) -> list[Job]:
    """Decide which notebooks run, and in what order: longest first, by the last known time."""
    if options.jobs is not None and options.jobs < 1:
        raise Problem(f"--jobs {options.jobs}: write a number of 1 or more")
    if options.update and (options.profile, options.data) != ("quick", "sample"):
        raise Problem(
            "--update writes the committed outputs, which come from quick and sample; "
            "leave --profile and --data out"
        )
    names = resumed(options) if options.resume else options.names
    jobs, commit = [], head()
    for notebook in select(names):
        job = Job(notebook, float("inf"), float("inf"), commit=commit)
        jobs.append(job)
        try:
            job.key = key(notebook, options)
        except (Problem, DataError) as problem:
            job.state, job.at, job.error = "failed", "its file", str(problem)
            continue
        if options.profile == "quick" and not options.no_limits:
            job.seconds_limit, job.mb_limit = NOTEBOOK_SECONDS, NOTEBOOK_MB
        if options.changed and read_note(notebook, options).get("key") == job.key:
            job.state = "skipped"
    return sorted(jobs, key=lambda job: 0 if job.over else -last_seconds(job.notebook, options))


def announce(options: argparse.Namespace, jobs: list[Job], todo: list[Job]) -> None:
    """Say what is about to happen."""
    left = sum(job.state == "skipped" for job in jobs)
    told = f", {left} unchanged" if left else ""
    print(
        f"course.py run: {len(todo)} notebook{'s' if len(todo) != 1 else ''}{told}, "
        f"profile {options.profile}, data {options.data}",
        flush=True,
    )


def execute_all(
    todo: list[Job], options: argparse.Namespace, tell: Callable[[], None] = lambda: None
) -> None:
    """Keep as many notebooks running as there are places, and draw the table meanwhile.

    ``tell`` is called whenever one is over.
    """
    console = Console()
    waiting, width = list(todo), min(places(options), len(todo))
    live = Live(console=console, refresh_per_second=4, transient=False)
    with (
        source_of_kernels(todo, options, width) as source,
        live if console.is_terminal else contextlib.nullcontext(),
    ):
        while any(not job.over for job in todo):
            running = [job for job in todo if job.state == "running"]
            while waiting and len(running) < width:
                job = waiting.pop(0)
                begin(job, options, width, source)
                running.append(job)
            for job in running:
                watch(job)
                if job.over:
                    finish(job, options)
                    tell()
                    if not console.is_terminal:
                        console.print(one_line(job), highlight=False, soft_wrap=True)
            if console.is_terminal:
                live.update(live_table(todo))
            time.sleep(0.1)


def places(options: argparse.Namespace) -> int:
    """Return how many notebooks run at a time; one where its time is to be written down."""
    return options.jobs or (1 if options.update else min(4, cores()))


@contextlib.contextmanager
def source_of_kernels(
    todo: list[Job], options: argparse.Namespace, width: int
) -> Iterator[forked.Source | None]:
    """Yield the process that kernels are forked from; None where it would gain too little.

    Where time and memory are to be written down, kernels start as they do for a reader.
    """
    if not forked.POSSIBLE or options.update or len(todo) < MANY:
        yield None
        return
    libraries = (*forked.LIBRARIES, *forked.TO_EXECUTE)
    source = forked.Source(libraries, kernel_environment(environment(options, width)))
    try:
        yield source
    finally:
        source.close()


@contextlib.contextmanager
def interruptible() -> Any:
    """Let SIGTERM end a run as cleanly as Ctrl-C."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def live_table(jobs: list[Job]) -> Table:
    """Return the table that is redrawn while notebooks run."""
    table = Table(box=None, padding=(0, 1))
    table.add_column("notebook")
    table.add_column("state", no_wrap=True)
    for heading in ("cell", "seconds", "processor", "MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    styles = {"done": "green", "failed": "red", "running": "yellow"}
    for job in sorted(jobs, key=lambda job: ORDER.index(job.state)):
        cell = f"{job.cell}/{job.cells}" if job.cells and job.state == "running" else ""
        used = f"{job.processor_seconds:.0f}" if job.state == "done" else ""
        measured = (f"{job.seconds:.0f}", used, f"{job.peak_mb:.0f}") if job.began else ("",) * 3
        state = Text(job.state, style=styles.get(job.state, "dim"))
        table.add_row(one_line_high(job.notebook.label), state, cell, *measured)
    return table


def one_line(job: Job) -> str:
    """Return a finished notebook as one line, for logs."""
    measured = f"{job.seconds:7.1f} s {job.peak_mb:7.0f} MB   {processor(job)}"
    return f"{job.state:<8} {job.notebook.name:<42} {measured}"


def processor(job: Job) -> str:
    """Return the processor time of a notebook's cells, and that of its imports, in words."""
    return f"processor {job.processor_seconds:.1f} s, imports {job.import_seconds:.1f} s"


def summary(jobs: list[Job], options: argparse.Namespace) -> None:
    """Show what was measured, then what failed."""
    console = Console(width=None if sys.stdout.isatty() else 120)  # a log does not wrap
    ran = [job for job in jobs if job.state == "done"]
    if ran:
        console.print(summary_table(ran, options.profile, options.data))
    for job in jobs:
        if job.state == "failed":
            print(f"\nFAILED {job.notebook.name}\n  at {job.at}\n  {job.error}")
    done = len(ran)
    where = shown(executed_path(jobs[0].notebook, options).parent.parent)
    print(f"\n{done} of {len(jobs)} notebooks ran; executed copies are in {where}/")


def summary_table(jobs: list[Job], profile: str, tier: str) -> Table:
    """Return the table at the end of a run: processor time and numbers of what ran."""
    table = Table(
        title=f"Reported and measured (profile {profile}, data {tier})",
        box=None,
        padding=(0, 1),
        title_justify="left",
    )
    for heading in ("number", "reported", "measured", "data", "verdict"):
        table.add_column(heading, overflow="fold")
    for job in sorted(jobs, key=lambda job: job.notebook.name):
        name = job.notebook.name
        path = report.result_path(name, profile, tier)
        measured = json.loads(path.read_text(encoding="utf-8"))["metrics"] if path.is_file() else {}
        expected = results.reported().get(name, {}).get("metrics", {})
        table.add_row(one_line_high(job.notebook.label), "", processor(job), style="bold")
        for metric in (m for m in expected if m in measured):
            row = results.row(metric, measured[metric], expected[metric])
            del row[4]  # the goal stands in docs/results.md; a terminal is narrow
            table.add_row(f"  {row[0]}", *row[1:])
    return table
