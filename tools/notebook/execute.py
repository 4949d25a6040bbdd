"""Execute one notebook in a fresh kernel; the process that ``run`` starts for each.

Progress and the outcome go, one JSON object a line, to what was given as standard output; what
libraries and cells print there goes to standard error instead. Standard input is a pipe that ends
when the process ends that started this one.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from tools.notebook.cells import DRAWS, is_harness, tags
from tools.notebook.common import (
    CELL_SECONDS,
    KERNEL_OPTIONS,
    Problem,
    read,
    write_notebook,
)
from utils import touch


def main(argv: list[str]) -> int:
    """Execute ``argv[0]`` and write the executed copy to ``argv[1]``.

    Where ``argv[2]`` is there, a cell is stopped after that many seconds.
    """
    source, target = Path(argv[0]), Path(argv[1])
    cell_seconds = int(argv[2]) if len(argv) > 2 else None
    began = time.monotonic()
    say = own_channel()
    manager = start_kernel(source.parent)
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        content = read(source)
    except Problem:
        manager.shutdown_kernel(now=True)
        raise
    try:
        outcome = {"state": "done"} | execute(content, manager, say, cell_seconds)
    except Exception as error:
        outcome = failure(content, error)
    clean(content)
    write_notebook(target, content)
    say(outcome | {"seconds": round(time.monotonic() - began, 1)})
    return 0 if outcome["state"] == "done" else 1


def start_kernel(folder: Path) -> Any:
    """Start a fresh kernel with ``folder`` as its working directory.

    It comes before nbformat and nbclient are imported, which takes a second: the kernel starts up
    meanwhile.
    """
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.client_class = "jupyter_client.asynchronous.AsyncKernelClient"  # as nbclient needs it
    quiet = ["--IPKernelApp.log_level=40", "--HistoryManager.hist_file=:memory:"]
    quiet += KERNEL_OPTIONS
    manager.start_kernel(extra_arguments=quiet, cwd=str(folder), env=kernel_environment(os.environ))
    return manager


def execute(
    content: Any,
    manager: Any,
    tell: Callable[[dict[str, Any]], None],
    cell_seconds: int | None = None,
) -> dict[str, float]:
    """Run every cell in a kernel that was started, end the kernel, and return its processor time.

    ``import_seconds`` are those of its start and of the imports cell, ``processor_seconds`` those
    of all other cells. Unlike the time by the clock, they hardly depend on what else the machine
    does.

    ``tell`` is given the number of cells, then the number of each cell that begins. A cell that
    takes longer than ``cell_seconds`` is an error; with None it may take any time.
    """
    from nbclient import NotebookClient

    kernel = psutil.Process(manager.provisioner.pid)
    used = {"import_seconds": 0.0, "processor_seconds": 0.0}

    def begin(notebook: Any) -> None:
        used["import_seconds"] = processor_seconds(kernel)
        tell({"cells": len(notebook.cells)})

    def measure(cell: Any, **_: Any) -> None:
        total = processor_seconds(kernel)
        if "imports" in tags(cell):
            used["import_seconds"] = total
        used["processor_seconds"] = total - used["import_seconds"]

    client = NotebookClient(
        content,
        km=manager,
        timeout=cell_seconds,  # the parent watches the whole notebook's time and memory
        # Only a kernel that hangs takes so long to start, or to send what a cell has printed.
        startup_timeout=CELL_SECONDS,
        iopub_timeout=CELL_SECONDS,
        on_cell_start=lambda cell, cell_index: tell({"cell": cell_index + 1}),
        on_cell_executed=measure,
        on_notebook_start=begin,  # the kernel is ready by then
    )
    client.execute(cleanup_kc=True)
    return {name: round(seconds, 1) for name, seconds in used.items()}


def processor_seconds(process: psutil.Process) -> float:
    """Return the processor time of a process and its children, those that ended among them."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(one.cpu_times()[:4])  # user, system, and both of children that ended
    return total


def kernel_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the kernel's environment: figures inline, everything else as it was given."""
    return {**given, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}


def failure(content: Any, error: Exception) -> dict[str, Any]:
    """Say which cell failed and how, in a line or two."""
    for index, cell in enumerate(content.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                text = f"{output.ename}: {output.evalue}".strip()
                return {"state": "failed", "at": cell_name(index, cell), "error": text}
    running = [i for i, c in enumerate(content.cells) if c.metadata.get("execution")]
    at = cell_name(running[-1], content.cells[running[-1]]) if running else "its start"
    name = type(error).__name__
    if name == "DeadKernelError":
        return {"state": "failed", "at": at, "error": "the kernel died (out of memory, or a crash)"}
    return {"state": "failed", "at": at, "error": f"{name}: {str(error).strip()[:400]}"}


def cell_name(index: int, cell: Any) -> str:
    """Return how a person finds a cell: its number, id and first line."""
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    return f"cell {index + 1} ({cell.id}): {first.strip()[:60]}"


def clean(content: Any) -> None:
    """Take out what differs from run to run, and fold cells that only draw, and adapters."""
    for cell in content.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("ExecuteTime", None)
        merge_streams(cell)
        describe_figures(cell)
        keep_numbers(cell)
        if DRAWS in tags(cell) or is_harness(cell):
            cell.metadata["jupyter"] = {"source_hidden": True}
    content.metadata["language_info"] = {"name": "python"}


def merge_streams(cell: Any) -> None:
    """Join pieces of one stream that the kernel happened to send apart."""
    merged: list[Any] = []
    for output in cell.get("outputs", []):
        last = merged[-1] if merged else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    if cell.cell_type == "code":
        cell.outputs = merged


def describe_figures(cell: Any) -> None:
    """Write a cell's alternative text (``mystnb.image.alt``) where nbconvert reads it as well."""
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    for output in cell.get("outputs", []):
        for kind in output.get("data", {}):
            if alt and kind.startswith("image/"):
                output.metadata[kind] = {**output.metadata.get(kind, {}), "alt": alt}


def keep_numbers(cell: Any) -> None:
    """Keep of a figure to touch its numbers, without the page that a running notebook shows."""
    for output in cell.get("outputs", []):
        if touch.numbers_in(output.get("data", {})):
            output.data.pop("text/html", None)


def own_channel() -> Callable[[dict[str, Any]], None]:
    """Take standard output for messages alone; return what sends one.

    Whatever else this process or its kernel prints there goes to standard error.
    """
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    return say


def end_with_parent() -> None:
    """Wait until the process that started this one is gone, and end with the kernel."""
    sys.stdin.buffer.read()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
