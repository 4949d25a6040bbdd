"""Execute one notebook in a fresh kernel, measure it, and tidy what it leaves."""

import contextlib
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from tools.notebook.cells import DRAWS, is_harness, tags
from tools.notebook.common import CELL_SECONDS, KERNEL_OPTIONS, read
from tools.notebook.kernels import INLINE, needs
from utils import touch

MOST_MESSAGES = 5  # lines of a dead kernel


@dataclass
class Execution:
    """An executed notebook, and what was measured: seconds by the clock and of its processor.

    ``import_seconds`` are those of its kernel's start and of the imports cell,
    ``processor_seconds`` those of all other cells. Unlike the time by the clock, they hardly depend
    on what else the machine does.
    """

    content: Any
    error: str = ""  # what went wrong, and in which cell
    seconds: float = 0.0
    processor_seconds: float = 0.0
    import_seconds: float = 0.0
    peak_mb: float = 0.0

    def watch(self, kernel: psutil.Process, ended: threading.Event, limit: float | None) -> None:
        """Measure a kernel's memory until it has ended, and end it after ``limit`` seconds."""
        began = time.monotonic()
        self.peak_mb = resident_mb(kernel)
        while not ended.wait(0.5):
            self.peak_mb = max(self.peak_mb, resident_mb(kernel))
            if limit and time.monotonic() - began > limit:
                self.error = f"stopped after {limit:.0f} s: it may hang"
                kill(kernel)
                return


def execute(path: Path, env: Mapping[str, str], limit: float | None = None) -> Execution:
    """Run every cell of a notebook in a fresh kernel, which ends with this process.

    With ``limit``, the notebook is stopped after that many seconds, and a cell after
    ``CELL_SECONDS``. Raises Problem if the file is no notebook.
    """
    from nbclient import NotebookClient

    content = read(path)
    done, ended = Execution(content), threading.Event()
    kernels: list[psutil.Process] = []
    client: Any  # made below, with what it calls

    def begin(**_: Any) -> None:  # the kernel is ready by then
        kernels.append(psutil.Process(client.km.provisioner.pid))
        done.import_seconds = processor_seconds(kernels[0])
        watch = threading.Thread(target=done.watch, args=(kernels[0], ended, limit), daemon=True)
        watch.start()

    def measure(cell: Any, **_: Any) -> None:
        total = processor_seconds(kernels[0])
        if "imports" in tags(cell):
            done.import_seconds = total
        done.processor_seconds = total - done.import_seconds

    client = NotebookClient(
        content,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=40", *KERNEL_OPTIONS],
        timeout=CELL_SECONDS if limit else None,
        # Only a kernel that hangs takes so long to start, or to send what a cell has printed.
        startup_timeout=CELL_SECONDS,
        iopub_timeout=CELL_SECONDS,
        on_cell_executed=measure,
        on_notebook_start=begin,
    )
    began = time.monotonic()
    code = [cell.source for cell in content.cells if cell.cell_type == "code"]
    environment = {**env, **needs(code), "MPLBACKEND": INLINE}
    with tempfile.TemporaryFile() as messages:  # TensorFlow announces its start in six lines
        try:
            client.execute(cwd=str(path.parent), env=environment, stderr=messages)
        except Exception as error:
            done.error = f"{place(content)}\n  {done.error or reason(error, messages)}"
    ended.set()
    done.seconds = time.monotonic() - began
    clean(content)
    return done


def family(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and those that it has started; none where it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def processor_seconds(process: psutil.Process) -> float:
    """Return the processor time of a process and its children, those that ended among them."""
    total = 0.0
    for member in family(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(member.cpu_times()[:4])  # user, system, and both of children that ended
    return total


def resident_mb(process: psutil.Process) -> float:
    """Return the memory that a process and its children hold, in MB."""
    total = 0
    for member in family(process):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            total += member.memory_info().rss
    return total / 1e6


def kill(process: psutil.Process) -> None:
    """End a process and what it has started."""
    for member in reversed(family(process)):
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()


def place(content: Any) -> str:
    """Return the cell that failed or was stopped: its number, id and first line."""
    for index, cell in enumerate(content.cells):
        failed = any(output.output_type == "error" for output in cell.get("outputs", []))
        times = cell.metadata.get("execution", {})
        if failed or ("iopub.execute_input" in times and "shell.execute_reply" not in times):
            first = next((line for line in cell.source.splitlines() if line.strip()), "")
            return f"cell {index + 1} ({cell.id}): {first.strip()[:60]}"
    return "its start"


def reason(error: Exception, messages: IO[bytes]) -> str:
    """Return what went wrong in a line or two; of a kernel that died, its last messages too."""
    if name := getattr(error, "ename", ""):  # nbclient's error of a cell
        return f"{name}: {getattr(error, 'evalue', '')}".strip()
    if type(error).__name__ == "DeadKernelError":
        messages.seek(0)
        last = messages.read().decode(errors="replace").splitlines()[-MOST_MESSAGES:]
        return "\n  ".join(["the kernel died (out of memory, or a crash)", *last])
    return f"{type(error).__name__}: {str(error).strip()[:400]}"


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
