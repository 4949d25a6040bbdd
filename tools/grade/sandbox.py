"""bubblewrap around one process: what it sees, what it may use, and who ends it.

Started as root, the process drops to an unprivileged user first: an outer bubblewrap, still as
root, lays out what that user could not reach (a Python in root's own folder, say), and the inner
one runs as the user. What both do is described in the instructors' page.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tools.common import ROOT, Problem
from tools.grade import filter

INSIDE = "/grader"  # where the sandbox's own programs lie
STAGE = "/mnt"  # where root lays out, for the unprivileged user, what that user cannot reach
USER = 64_111  # nobody's number; used for grading as root
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/alternatives", "/etc/localtime", "/etc/fonts")
POLL = 0.05  # seconds between two looks at the memory of all processes of a sandbox


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    call_seconds, task_seconds, seconds : float
        Wall time of one call of a function, of one task, of a whole notebook.
    memory, all_memory : int
        Bytes that one process may map, and that all processes together may hold.
    judge_memory : int
        Bytes that the judge may map.
    processes : int
        Processes and threads.
    file, scratch : int
        Bytes of one file, and of all files in /tmp together; a quarter of it in /dev/shm.
    output : int
        Bytes that may be printed; more ends the sandbox.
    """

    call_seconds: float = 20.0
    task_seconds: float = 60.0
    seconds: float = 180.0
    memory: int = 4_000_000_000
    all_memory: int = 4_000_000_000
    judge_memory: int = 3_000_000_000
    processes: int = 96
    file: int = 64_000_000
    scratch: int = 64_000_000
    output: int = 4_000_000


class Unavailable(Problem):
    """bubblewrap is not there, or may not do what it has to."""


def python_folders() -> list[str]:
    """Return the folders that this Python and its packages live in, outermost first."""
    found = [sys.base_prefix, sys.prefix, str(Path(sys.executable).parent.parent)]
    found = sorted({str(Path(p).absolute()) for p in found} | {os.path.realpath(sys.base_prefix)})
    return [p for p in found if not any(_below(p, other) for other in found if other != p)]


def _below(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def command(programs: Sequence[Path], limits: Limits, *, seccomp: int | None = None) -> list[str]:
    """Return the words before a command that put it into a sandbox.

    Parameters
    ----------
    programs : sequence of Path
        Files that lie side by side in ``/grader`` inside.
    seccomp : int, optional
        A file descriptor with the system-call filter.
    """
    bwrap = shutil.which("bwrap") or "bwrap"
    as_root = os.geteuid() == 0
    folders = [p for p in python_folders() if not any(_below(p, s) for s in SYSTEM)]
    seen = {p: p for p in folders} | {str(ROOT / "utils"): str(ROOT / "utils")}
    seen |= {str(path): f"{INSIDE}/{path.name}" for path in programs}
    staged = {p: f"{STAGE}/{i}" for i, p in enumerate(seen)} if as_root else {p: p for p in seen}
    words = _as_user(bwrap, staged) if as_root else []
    words += [bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
    words += ["--new-session", "--clearenv", "--hostname", "grading", "--cap-drop", "ALL"]
    for path in (*SYSTEM, *ETC):
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            words += ["--ro-bind", path, path]
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--size", str(limits.scratch // 4), "--tmpfs", "/dev/shm"]
    words += ["--size", str(limits.scratch), "--tmpfs", "/tmp"]
    outside = [path for path in seen if not _below(seen[path], str(ROOT))]
    for path in outside:
        words += ["--ro-bind", staged[path], seen[path]]
    words += ["--tmpfs", str(ROOT)]  # the course itself stays out, whatever folder it lies in
    for path in (p for p in seen if p not in outside):
        words += ["--ro-bind", staged[path], seen[path]]
    words += ["--remount-ro", "/", "--remount-ro", "/dev", "--remount-ro", str(ROOT)]
    words += ["--chdir", "/tmp"]
    if seccomp is not None:
        words += ["--seccomp", str(seccomp)]
    for name, value in environment().items():
        words += ["--setenv", name, value]
    return words


def _as_user(bwrap: str, staged: dict[str, str]) -> list[str]:
    """Lay things out as root and become a user without rights."""
    words = [bwrap, "--dev-bind", "/", "/", "--tmpfs", STAGE, "--die-with-parent"]
    for path, place in staged.items():
        words += ["--ro-bind", path, place]
    drop = ["--reuid", str(USER), "--regid", str(USER), "--clear-groups", "--inh-caps=-all"]
    return [*words, "setpriv", *drop, "--no-new-privs", "--"]


def environment() -> dict[str, str]:
    """Return all that a sandboxed process finds in its environment."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": "/tmp",
        "KERAS_HOME": "/tmp",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # TensorFlow starts threads by the number of cores, and each maps memory of its own: on a
        # large machine it would meet the limits on both.
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COURSE_PROFILE": "quick",
        "COURSE_DATA": "sample",
    }


@functools.cache
def why_not() -> str:
    """Return why no sandbox can be made here; "" where a real one ran."""
    if sys.platform != "linux":
        return f"bubblewrap runs on Linux alone, and this is {sys.platform}"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)"
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        return "this is root, and setpriv (util-linux), which drops its rights, is not installed"
    with Sandbox([], Limits()) as sandbox:
        code = "import os, numpy; print(os.getuid())"
        done = sandbox.start([sys.executable, "-c", code], stdout=subprocess.PIPE)
        try:
            text, _ = done.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            return "a sandbox was made, but a Python in it did not start within 60 s"
        told = sandbox.printed()
    if done.returncode or text.strip() in (b"", b"0"):
        return f"bubblewrap is there, but it cannot make a sandbox: {told.strip()[-300:] or text}"
    return ""


class Sandbox:
    """One sandboxed process with its limits; leaving the ``with`` block ends all of it.

    Attributes
    ----------
    ended : str
        Why the watch ended it: "memory" or "output"; "" if it did not.
    """

    def __init__(self, programs: Sequence[Path], limits: Limits, *, unsafe: bool = False) -> None:
        self.programs, self.limits, self.unsafe = programs, limits, unsafe
        self.ended = ""
        self.process: subprocess.Popen | None = None
        self.over = threading.Event()
        self.kept = bytearray()  # what was printed, up to the limit
        self.drain: threading.Thread | None = None
        self.copies: tempfile.TemporaryDirectory | None = None

    def __enter__(self) -> Sandbox:
        if self.unsafe:  # the programs import one another: side by side here, as in /grader
            self.copies = tempfile.TemporaryDirectory(prefix="grader-")
            for path in self.programs:
                shutil.copy(path, self.copies.name)
        return self

    def python(self, program: str, *words: str, **options: Any) -> subprocess.Popen:
        """Start one of the sandbox's programs."""
        place = self.copies.name if self.copies else INSIDE
        return self.start([sys.executable, "-s", f"{place}/{program}", *words], **options)

    def start(
        self, words: list[str], *, pass_fds: Sequence[int] = (), **options: Any
    ) -> subprocess.Popen:
        """Start a command inside; what it prints is kept up to the limit."""
        read, write = os.pipe()
        options = {"stdin": subprocess.DEVNULL, "stdout": write, "stderr": write} | options
        with _filter_file() as seccomp:
            prefix = [] if self.unsafe else command(self.programs, self.limits, seccomp=seccomp)
            fds = [*pass_fds, *([] if seccomp is None else [seccomp])]
            # bubblewrap itself is the sandbox's first process, where its environment can be read:
            # not even that may hold what the grader's holds.
            self.process = subprocess.Popen(
                [*prefix, *words],
                pass_fds=fds,
                start_new_session=True,
                env=environment(),
                **options,
            )
        os.close(write)
        self.drain = threading.Thread(target=self._drain, args=(read,), daemon=True)
        self.drain.start()
        threading.Thread(target=self._watch, daemon=True).start()
        return self.process

    def _drain(self, read: int) -> None:
        """Keep what is printed, and end the sandbox when it is too much."""
        while data := os.read(read, 65_536):
            if len(self.kept) + len(data) > self.limits.output:
                self.end("output")
                break
            self.kept += data
        os.close(read)

    def _watch(self) -> None:
        """End the sandbox when its processes together hold too much memory."""
        try:
            top = psutil.Process(self.process.pid)
        except psutil.NoSuchProcess:
            return
        while not self.over.wait(POLL) and self.process.returncode is None:
            if held(top) > self.limits.all_memory:
                self.end("memory")
                return

    def end(self, why: str = "") -> None:
        """Kill every process of the sandbox: its first one takes the others with it."""
        self.ended = self.ended or why
        self.over.set()
        if self.process is None:
            return
        try:
            everyone = psutil.Process(self.process.pid).children(recursive=True)
            everyone.append(psutil.Process(self.process.pid))
        except psutil.NoSuchProcess:
            everyone = []
        for process in everyone:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass

    def printed(self) -> str:
        """Return the last of what was printed."""
        return bytes(self.kept[-4_000:]).decode("utf-8", "backslashreplace")

    def __exit__(self, *_: object) -> None:
        self.end()
        if self.process is not None:
            self.process.wait()
            self.drain.join(timeout=5)
        if self.copies is not None:
            self.copies.cleanup()


@contextlib.contextmanager
def _filter_file() -> Iterator[int | None]:
    """Hold the system-call filter in a file without a name; None where there is none."""
    program = filter.program()
    if program is None:
        yield None
        return
    with tempfile.TemporaryFile() as file:
        file.write(program)
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        yield file.fileno()


def held(top: psutil.Process) -> int:
    """Return the bytes that a process and all below it hold and share with no file."""
    try:
        everyone = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for process in everyone:
        try:
            memory = process.memory_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += memory.rss - memory.shared
    return total
