"""One notebook on its way through ``run``: its process, what that says, and its limits."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tools.notebook import forked
from tools.notebook.common import BUILD, CELL_SECONDS, ROOT, Notebook, switches
from utils import report

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
    processor_seconds: float = 0.0  # of its kernel, beyond its start and the imports cell
    import_seconds: float = 0.0
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
    listener: Any = None

    @property
    def over(self) -> bool:
        """Whether it is done: for good or ill."""
        return self.state in ("done", "failed", "skipped", "stopped")


def executed_path(notebook: Notebook, options: argparse.Namespace) -> Path:
    """Where the executed copy goes."""
    return BUILD / "executed" / f"{options.profile}-{options.data}" / f"{notebook.name}.ipynb"


def environment(options: argparse.Namespace, width: int) -> dict[str, str]:
    """Return the environment of a process that executes one of ``width`` notebooks at a time."""
    return switches(options, width) | {"PYTHONPATH": str(ROOT)}


def begin(
    job: Job, options: argparse.Namespace, width: int, source: forked.Source | None = None
) -> None:
    """Start the process that executes one notebook, one of ``width`` at a time."""
    executed_path(job.notebook, options).unlink(missing_ok=True)
    result = report.result_path(job.notebook.name, options.profile, options.data)
    result.unlink(missing_ok=True)
    job.messages = tempfile.TemporaryFile()  # noqa: SIM115  (read when the job has ended)
    words = [str(job.notebook.path), str(executed_path(job.notebook, options))]
    if job.seconds_limit < float("inf"):
        words.append(str(CELL_SECONDS))
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
    job.listener = threading.Thread(target=listen, args=(job,), daemon=True)
    job.listener.start()


def listen(job: Job) -> None:
    """Pass on what the process says, line by line."""
    for line in job.process.stdout:
        job.lines.put(line)


def watch(job: Job) -> None:
    """Take in progress, measure, and stop what is over its limits."""
    # Gone, and its last line is here: what it wrote may come after its end.
    finished = job.process.poll() is not None and not job.listener.is_alive()
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
        fail(job, f"its process ended with code {job.process.returncode}: {last_words(job)}")
    elif job.seconds > job.seconds_limit:
        fail(
            job,
            f"stopped after {job.seconds:.0f} s: it may hang (--no-limits lets it go on)",
        )
    elif job.peak_mb > job.mb_limit:
        fail(
            job,
            f"stopped at {job.peak_mb:.0f} MB, more than the {job.mb_limit:.0f} MB that a notebook "
            "may take (--no-limits lets it go on)",
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
        job.processor_seconds = message.get("processor_seconds", 0.0)
        job.import_seconds = message.get("import_seconds", 0.0)


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


def kernel_mb(pid: int) -> float:
    """Return the resident memory of a process's children (the kernel and its own), in MB."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                total += child.memory_info().rss
    return total / 1e6
