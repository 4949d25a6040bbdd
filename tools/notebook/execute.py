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

from tools.notebook.cells import DRAWS, above_line, below_line, is_adapter, is_test, tags
from tools.notebook.common import read
from tools.notebook.kernels import INLINE, needs
from tools.notebook.switches import CELL_SECONDS, KERNEL_OPTIONS
from utils import touch

MOST_MESSAGES = 5  # lines of a dead kernel


def draws(cell: Any) -> bool:
    """Say whether a cell only draws."""
    return DRAWS in tags(cell)


FOLDED = (draws, is_adapter, is_test)  # cells whose code a student opens by a click


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


def execute(
    path: Path, env: Mapping[str, str], limit: int | None = None, *, whole: bool = True
) -> Execution:
    """Run the cells of a notebook in a fresh kernel, which ends with this process.

    Unless the ``whole`` page is asked for, the cells below its line are left out, and keep the
    outputs that they have. A cell that takes longer than ``limit`` seconds ends the run. Raises
    Problem if the file is no notebook.
    """
    from nbclient import NotebookClient

    content = read(path)
    left_out = [] if whole else below_line(content.cells)
    content.cells = content.cells if whole else above_line(content.cells)
    done, ended = Execution(content), threading.Event()
    kernels: list[psutil.Process] = []
    place = "its start"
    client: Any  # made below, with what it calls

    def begin(**_: Any) -> None:  # the kernel is ready by then
        kernels.append(psutil.Process(client.km.provisioner.pid))
        done.import_seconds, done.peak_mb = measure(kernels[0])
        watch = threading.Thread(target=watch_memory, args=(kernels[0], done, ended), daemon=True)
        watch.start()

    def begin_cell(cell: Any, cell_index: int) -> None:
        nonlocal place
        first = next((line for line in cell.source.splitlines() if line.strip()), "")
        place = f"cell {cell_index + 1} ({cell.id}): {first.strip()[:60]}"

    def end_cell(cell: Any, **_: Any) -> None:
        total = measure(kernels[0])[0]
        if "imports" in tags(cell):
            done.import_seconds = total
        done.processor_seconds = total - done.import_seconds

    client = NotebookClient(
        content,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=40", *KERNEL_OPTIONS],
        timeout=limit,
        # Only a kernel that hangs takes so long to start, or to send what a cell has printed.
        startup_timeout=CELL_SECONDS,
        iopub_timeout=CELL_SECONDS,
        on_notebook_start=begin,
        on_cell_start=begin_cell,
        on_cell_executed=end_cell,
    )
    began = time.monotonic()
    code = [cell.source for cell in content.cells if cell.cell_type == "code"]
    environment = {**env, **needs(code), "MPLBACKEND": INLINE}
    with tempfile.TemporaryFile() as messages:  # TensorFlow announces its start in six lines
        try:
            client.execute(cwd=str(path.parent), env=environment, stderr=messages)
        except Exception as error:
            done.error = f"{place}\n  {reason(error, messages)}"
    ended.set()
    done.seconds = time.monotonic() - began
    content.cells = [*content.cells, *left_out]
    clean(content)
    return done


def watch_memory(kernel: psutil.Process, done: Execution, ended: threading.Event) -> None:
    """Write down the most memory that a kernel holds, twice a second until it has ended."""
    while not ended.wait(0.5):
        done.peak_mb = max(done.peak_mb, measure(kernel)[1])


def family(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and those that it has started; none where it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def measure(process: psutil.Process) -> tuple[float, float]:
    """Return the processor time of a process and its children, and the MB that they hold."""
    seconds = size = 0.0
    for member in family(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            seconds += sum(member.cpu_times()[:4])  # user, system, and both of children that ended
            size += member.memory_info().rss / 1e6
    return seconds, size


def kill(process: psutil.Process) -> None:
    """End a process and what it has started."""
    for member in reversed(family(process)):
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()


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
    """Take out what differs from run to run; fold what a student need not read: see ``FOLDED``."""
    for number, cell in enumerate((c for c in content.cells if c.cell_type == "code"), start=1):
        if cell.execution_count is not None:
            cell.execution_count = number  # below the line, they were executed in another run
    for cell in content.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("ExecuteTime", None)
        merge_streams(cell)
        describe_figures(cell)
        keep_numbers(cell)
        if any(is_folded(cell) for is_folded in FOLDED):
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
