"""``course.py run``: execute notebooks side by side and show what they measured."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.metadata
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from data.core.cards import DataError
from tools.notebook import forked, outputs
from tools.notebook.common import (
    BUILD,
    ROOT,
    Notebook,
    Parser,
    Problem,
    add_switches,
    one_line_high,
    parse,
    read,
    select,
    shown,
    switches,
    write_notebook,
)
from tools.notebook.execute import clean, kernel_environment
from tools.notebook.sources import changed, code, head, sources
from utils import report
from utils._files import write_text

# Of a table that is higher than the terminal the first rows are seen.
ORDER = ("running", "failed", "stopped", "waiting", "done", "skipped")
PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "scipy")
# Notebooks share the cores, and machines differ: a budget is stopped at this multiple of it.
SLACK = 3.0
MANY = 6  # notebooks, from which on it pays to import the libraries once for all
MEASURED_EVERY = 0.5  # seconds; finding a kernel's processes reads the table of all of them


@dataclass
class Job:
    """One notebook on its way through a run."""

    notebook: Notebook
    seconds_limit: float
    mb_limit: float
    state: str = "waiting"
    cell: int = 0
    cells: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    measured: float = float("-inf")  # when its memory was
    at: str = ""
    error: str = ""
    process: Any = None
    began: float = 0.0
    key: str = ""
    commit: str = ""
    lines: queue.SimpleQueue = field(default_factory=queue.SimpleQueue)
    messages: Any = None

    @property
    def over(self) -> bool:
        """Whether it is done: for good or ill."""
        return self.state in ("done", "failed", "skipped", "stopped")


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
        "--jobs", type=int, help="notebooks at a time (default: the number of cores, at most 4)"
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
        help="write outputs, time and memory into notebooks/ (quick and sample only)",
    )
    p.add_argument(
        "--no-limits",
        action="store_true",
        help=f"do not stop a notebook at {SLACK:g} times its budget",
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
            budget = notebook.budget(options.profile)
            job.key = key(notebook, options)
        except (Problem, DataError) as problem:
            job.state, job.at, job.error = "failed", "its file", str(problem)
            continue
        if not options.no_limits:
            job.seconds_limit = SLACK * budget["seconds"]
            job.mb_limit = SLACK * budget["mb"]
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
    return options.jobs or (1 if options.update else max(1, min(4, os.cpu_count() or 1)))


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


def environment(options: argparse.Namespace, width: int) -> dict[str, str]:
    """Return the environment of a process that executes one of ``width`` notebooks at a time."""
    return switches(options, width) | {"PYTHONPATH": str(ROOT)}


def begin(
    job: Job, options: argparse.Namespace, width: int, source: forked.Source | None = None
) -> None:
    """Start the process that executes one notebook, one of ``width`` at a time."""
    executed_path(job.notebook, options).unlink(missing_ok=True)
    report.result_path(job.notebook.name, options.profile).unlink(missing_ok=True)
    job.messages = tempfile.TemporaryFile()
    words = [str(job.notebook.path), str(executed_path(job.notebook, options))]
    given = environment(options, width)
    cells = [cell.source for cell in job.notebook.content.cells if cell.cell_type == "code"]
    if source and forked.may_fork(cells):
        job.process = source.execute(words, env=given, stderr=job.messages)
    else:
        job.process = subprocess.Popen(
            [sys.executable, "-m", "tools.notebook.execute", *words],
            stdin=subprocess.PIPE,  # nothing is sent: it ends with this process, however that ends
            stdout=subprocess.PIPE,
            stderr=job.messages,  # a file: a pipe that nobody empties would stop a talkative one
            encoding="utf-8",
            env=given,
            cwd=ROOT,
            start_new_session=os.name != "nt",
        )
    job.state, job.began = "running", time.monotonic()
    threading.Thread(target=listen, args=(job,), daemon=True).start()


def listen(job: Job) -> None:
    """Pass on what the process says, line by line."""
    for line in job.process.stdout:
        job.lines.put(line)


def watch(job: Job) -> None:
    """Take in progress, measure, and stop what is over its limits."""
    finished = job.process.poll() is not None
    job.seconds = time.monotonic() - job.began
    while not job.lines.empty():
        take(job, job.lines.get())
    if job.seconds >= job.measured + MEASURED_EVERY:
        job.measured = job.seconds
        job.peak_mb = max(job.peak_mb, kernel_mb(job.process.pid))
    if job.over:
        job.process.wait()
        return
    if finished:
        time.sleep(0.2)  # the last lines may still be on their way
        while not job.lines.empty():
            take(job, job.lines.get())
        if not job.over:
            fail(job, f"its process ended with code {job.process.returncode}: {last_words(job)}")
    elif job.seconds > job.seconds_limit:
        fail(
            job,
            f"stopped after {job.seconds:.0f} s: {SLACK:g} times its budget of "
            f"{job.seconds_limit / SLACK:.0f} s (--no-limits lets it go on)",
        )
    elif job.peak_mb > job.mb_limit:
        fail(
            job,
            f"stopped at {job.peak_mb:.0f} MB: {SLACK:g} times its budget of "
            f"{job.mb_limit / SLACK:.0f} MB (--no-limits lets it go on)",
        )


def last_words(job: Job) -> str:
    """Return the last line that the process wrote to standard error."""
    job.messages.seek(0)
    lines = job.messages.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "no message"


def take(job: Job, line: str) -> None:
    """Take in one line from the process; what libraries and cells print comes another way."""
    if not line.endswith("\n"):
        return  # the process was ended while it wrote
    message = json.loads(line)
    job.cell, job.cells = message.get("cell", job.cell), message.get("cells", job.cells)
    job.at, job.error = message.get("at", job.at), message.get("error", job.error)
    if "state" in message:
        job.state, job.seconds = message["state"], message["seconds"]


def fail(job: Job, error: str) -> None:
    """End a notebook that can't go on."""
    job.state, job.error = "failed", error
    job.at = f"cell {job.cell}" if job.cell else "its start"
    kill(job)


def kill(job: Job) -> None:
    """End a notebook's process and its kernel."""
    if job.process is None:
        return
    try:
        family = psutil.Process(job.process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    for process in [*family, job.process]:
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            process.kill()
    job.process.wait()


def stop_all(todo: list[Job]) -> None:
    """End everything that still runs, after Ctrl-C."""
    for job in todo:
        if job.state == "running":
            kill(job)
            job.state = "stopped"


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


def kernel_mb(pid: int) -> float:
    """Return the resident memory of a process's children (the kernel and its own), in MB."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                total += child.memory_info().rss
    return total / 1e6


def finish(job: Job, options: argparse.Namespace) -> None:
    """Complete the notebook's result with time, memory and versions; remember what ran."""
    if job.state != "done":
        return
    path = report.result_path(job.notebook.name, options.profile)
    result = (
        json.loads(path.read_text(encoding="utf-8"))
        if path.is_file()
        else {
            "notebook": job.notebook.name,
            "profile": options.profile,
            "tier": options.data,
            "metrics": {},
            "fraction": None,
        }
    )
    result |= {
        "seconds": round(job.seconds, 1),
        "peak_mb": round(job.peak_mb),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "commit": what_ran(job),
    }
    write_text(path, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    note = {"key": job.key, "seconds": job.seconds, "peak_mb": job.peak_mb}
    write_text(note_path(job.notebook, options), json.dumps(note) + "\n")
    if options.update:
        update(job)


def what_ran(job: Job) -> str:
    """Return the commit that ran, with ``+`` where its sources were others; empty without git."""
    return job.commit + ("+" if job.commit and changed(job.notebook, job.commit) else "")


def key(notebook: Notebook, options: argparse.Namespace) -> str:
    """Return a hash of all that a run's outcome depends on.

    Raises
    ------
    Problem, DataError
        If the notebook can't be read, or names a data set that has no card.
    """
    digest = hashlib.sha256(f"{options.profile} {options.data} {sys.version}".encode())
    if options.data == "real":
        digest.update(os.environ.get("COURSE_DATA_DIR", "").encode())
    table = [report.reported().get(notebook.name), report.full_run(notebook.name)]
    digest.update(json.dumps([code(notebook.raw), *table]).encode())
    for path in [ROOT / "requirements.txt", *sources(notebook)[1:]]:
        digest.update(f"{shown(path)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def last_seconds(notebook: Notebook, options: argparse.Namespace) -> float:
    """Return how long it took last time, here or as accepted; else its budget."""
    if note := read_note(notebook, options):
        return note["seconds"]
    accepted = report.kept(options.profile, "notebooks").get(notebook.name, {})
    return accepted.get("seconds", notebook.budget(options.profile)["seconds"])


def read_note(notebook: Notebook, options: argparse.Namespace) -> dict[str, Any]:
    """Return what the last good run left behind."""
    path = note_path(notebook, options)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def remember(options: argparse.Namespace, jobs: list[Job]) -> None:
    """Keep which notebooks are still to do, for ``--resume``."""
    left = [job.notebook.name for job in jobs if job.state not in ("done", "skipped")]
    kept = {"profile": options.profile, "data": options.data, "left": left}
    write_text(BUILD / "run.json", json.dumps(kept) + "\n")


def resumed(options: argparse.Namespace) -> list[str]:
    """Return the notebooks that the last run left undone, and take over its switches."""
    path = BUILD / "run.json"
    if options.names:
        raise Problem("--resume goes on with the last run; leave the names out")
    if not path.is_file():
        raise Problem("there is no run to resume; start one with `course.py run`")
    kept = json.loads(path.read_text(encoding="utf-8"))
    if not kept["left"]:
        raise Problem("the last run left nothing undone", exit_code=0)
    options.profile, options.data = kept["profile"], kept["data"]
    return kept["left"]


def executed_path(notebook: Notebook, options: argparse.Namespace) -> Path:
    """Where the executed copy goes."""
    return BUILD / "executed" / f"{options.profile}-{options.data}" / f"{notebook.name}.ipynb"


def note_path(notebook: Notebook, options: argparse.Namespace) -> Path:
    """Where time, memory and inputs of the last good run are kept."""
    return executed_path(notebook, options).with_suffix(".run.json")


def update(job: Job) -> None:
    """Write outputs, time and memory of a quick run on the sample into the notebook itself."""
    options = argparse.Namespace(profile="quick", data="sample")
    executed = read(executed_path(job.notebook, options))
    clean(executed)
    took = outputs.cost(job.seconds, job.peak_mb)
    write_notebook(job.notebook.path, outputs.renewed(executed, job.notebook.name, took))


def live_table(jobs: list[Job]) -> Table:
    """Return the table that is redrawn while notebooks run."""
    table = Table(box=None, padding=(0, 1))
    table.add_column("notebook")
    table.add_column("state", no_wrap=True)
    for heading in ("cell", "seconds", "MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    styles = {"done": "green", "failed": "red", "running": "yellow"}
    for job in sorted(jobs, key=lambda job: ORDER.index(job.state)):
        cell = f"{job.cell}/{job.cells}" if job.cells and job.state == "running" else ""
        measured = (f"{job.seconds:.0f}", f"{job.peak_mb:.0f}") if job.began else ("", "")
        state = Text(job.state, style=styles.get(job.state, "dim"))
        table.add_row(one_line_high(job.notebook.label), state, cell, *measured)
    return table


def one_line(job: Job) -> str:
    """Return a finished notebook as one line, for logs."""
    return f"{job.state:<8} {job.notebook.name:<42} {job.seconds:7.1f} s {job.peak_mb:7.0f} MB"


def summary(jobs: list[Job], options: argparse.Namespace) -> None:
    """Show what was measured, then what failed."""
    console = Console(width=None if sys.stdout.isatty() else 120)  # a log does not wrap
    ran = [job for job in jobs if job.state == "done"]
    if ran:
        names = [job.notebook.name for job in ran]
        console.print(summary_table(names, options.profile, options.data))
    for job in ran:
        budget = job.notebook.budget(options.profile)["seconds"]
        if job.seconds > budget:
            print(f"over budget: {job.notebook.name} took {job.seconds:.0f} s of {budget:.0f} s")
    for job in jobs:
        if job.state == "failed":
            print(f"\nFAILED {job.notebook.name}\n  at {job.at}\n  {job.error}")
    done = len(ran)
    where = shown(executed_path(jobs[0].notebook, options).parent.parent)
    print(f"\n{done} of {len(jobs)} notebooks ran; executed copies are in {where}/")


def summary_table(names: list[str], profile: str, tier: str) -> Table:
    """Return the table at the end of a run: held numbers of the notebooks that ran."""
    table = Table(
        title=f"Reported and measured (profile {profile}, data {tier})",
        box=None,
        padding=(0, 1),
        title_justify="left",
    )
    for heading in ("number", "reported", "measured", "data", "verdict"):
        table.add_column(heading, overflow="fold")
    for name in sorted(names):
        path = report.result_path(name, profile)
        measured = json.loads(path.read_text(encoding="utf-8"))["metrics"] if path.is_file() else {}
        expected = report.reported().get(name, {}).get("metrics", {})
        table.add_row(one_line_high(Notebook(Path(f"{name}.ipynb")).label), style="bold")
        for metric in (m for m in expected if m in measured):
            row = report.row(metric, measured[metric], expected[metric])
            del row[4]  # the goal stands in docs/results.md; a terminal is narrow
            table.add_row(f"  {row[0]}", *row[1:])
    return table
