"""bubblewrap around one process: what it sees, what it may use, and who ends it.

Started as root, the process drops to an unprivileged user first: an outer bubblewrap, still as
root, lays out what that user could not reach (a Python in root's own folder, say), and the inner
one runs as the user. SECURITY.md says what both do.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tools.notebook.bounds import ADDRESS_SPACE, FEW_THREADS
from tools.notebook.common import ROOT, Problem
from tools.notebook.processes import MEMORY
from tools.teach.grade import accounting, fork_server, seccomp

INSIDE = "/grader"  # where the sandbox's own programs lie
STAGE = "/mnt"  # where root lays out, for the unprivileged user, what that user cannot reach
USER = 64_111  # nobody's number; used for grading as root
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/alternatives", "/etc/localtime", "/etc/fonts")
PACKAGES = ("utils", "data", "drawing")  # of the course: what a solution may import
HERE = Path(__file__).resolve().parent
FORKING = [HERE / "forked_child.py", HERE / "seccomp.py"]
SCRATCH = ("/tmp", "/dev/shm")  # a fork covers what lies there
POLL = 0.05  # seconds between two looks at what all processes of a sandbox take


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    # Processor time of all processes together, for one call of a function, for one task, for a
    # whole notebook: neighbours on the machine cost nothing of it
    call_seconds: float = 20.0
    task_seconds: float = 60.0
    seconds: float = 180.0
    patience: float = 3.0  # Time by the clock, as a multiple of these: for what sleeps or waits
    # Bytes that one process may map, and that all processes together may hold, what the kernel
    # holds for them included where there are control groups
    memory: int = ADDRESS_SPACE
    all_memory: int = MEMORY
    judge_memory: int = 3_000_000_000  # Bytes that the judge may map
    processes: int = 96  # Processes and threads
    # Bytes of one file, and of all files in /tmp together; a quarter of it in /dev/shm
    file: int = 64_000_000
    scratch: int = 64_000_000
    files: int = 20_000  # Files, folders and links in both, empty ones included
    output: int = 4_000_000  # Bytes that may be printed; more ends the sandbox


class Unavailable(Problem):
    """bubblewrap is not there, or may not do what it has to."""


def python_folders() -> list[str]:
    """Return the folders that this Python and its packages live in, outermost first."""
    places = [sys.base_prefix, sys.prefix, str(Path(sys.executable).parent.parent)]
    folders = sorted({str(Path(p).absolute()) for p in places} | {os.path.realpath(places[0])})
    return [p for p in folders if not any(_below(p, other) for other in folders if other != p)]


def _below(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def command(
    programs: Sequence[Path],
    limits: Limits,
    *,
    seccomp: int | None = None,
    info: int | None = None,
    forks: bool = False,
) -> list[str]:
    """Return the arguments before a command that put it into a sandbox.

    ``programs`` are files that lie side by side in ``/grader`` inside; ``seccomp`` is a file
    descriptor with the system-call filter, ``info`` one that bubblewrap writes the number of the
    sandbox's first process to. With ``forks`` the command is trusted to make sandboxes itself, and
    ends when its line to the grader does.
    """
    bwrap = shutil.which("bwrap") or "bwrap"
    as_root = os.geteuid() == 0
    folders = [p for p in python_folders() if not any(_below(p, s) for s in SYSTEM)]
    mounts = {p: p for p in (*folders, *(str(ROOT / package) for package in PACKAGES))}
    mounts |= {str(path): f"{INSIDE}/{path.name}" for path in programs}
    staged = {p: f"{STAGE}/{i}" if as_root else p for i, p in enumerate(mounts)}
    # That of a parent is the end of the thread that started it, which need not be the process's.
    bound = [] if forks else ["--die-with-parent"]
    args = [*_as_user(bwrap, staged, bound)] if as_root else []
    args += [bwrap, "--unshare-all", "--unshare-user", *bound]
    args += [] if forks else ["--disable-userns"]
    args += ["--new-session", "--clearenv", "--hostname", "grading", "--cap-drop", "ALL"]
    for path in (*SYSTEM, *ETC):
        if os.path.islink(path):
            args += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            args += ["--ro-bind", path, path]
    args += ["--proc", "/proc", "--dev", "/dev"]
    args += ["--dev-bind", "/dev/null", "/dev/zero"]  # mapped, it shares memory without a file
    args += ["--size", str(limits.scratch // 4), "--tmpfs", "/dev/shm"]
    args += ["--size", str(limits.scratch), "--tmpfs", "/tmp"]
    outside = [path for path in mounts if not _below(mounts[path], str(ROOT))]
    for path in outside:
        args += ["--ro-bind", staged[path], mounts[path]]
    args += ["--tmpfs", str(ROOT)]  # the course itself stays out, whatever folder it lies in
    for path in (p for p in mounts if p not in outside):
        args += ["--ro-bind", staged[path], mounts[path]]
    args += ["--remount-ro", "/", "--remount-ro", "/dev", "--remount-ro", str(ROOT)]
    args += ["--chdir", "/tmp"]
    if seccomp is not None:
        args += ["--seccomp", str(seccomp)]
    if info is not None:
        args += ["--info-fd", str(info)]
    for name, value in environment().items():
        args += ["--setenv", name, value]
    return args


def _as_user(bwrap: str, staged: dict[str, str], bound: list[str]) -> list[str]:
    """Lay things out as root and become a user without rights."""
    args = [bwrap, "--dev-bind", "/", "/", "--tmpfs", STAGE, *bound]
    for path, place in staged.items():
        args += ["--ro-bind", path, place]
    drop = ["--reuid", str(USER), "--regid", str(USER), "--clear-groups", "--inh-caps=-all"]
    return [*args, "setpriv", *drop, "--no-new-privs", "--"]


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
        **FEW_THREADS,
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
        return (
            "the user is root, and setpriv (util-linux), which drops its rights, is not installed"
        )
    with Sandbox([], Limits()) as sandbox:
        code = "import os, numpy; print(os.getuid(), flush=True); os.read(0, 1)"
        done = sandbox.start(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        ended = threading.Timer(fork_server.STEP, sandbox.end, ["time"])
        ended.start()
        text = done.stdout.readline()  # type: ignore[union-attr]  # a pipe
        ended.cancel()
        try:
            sandbox.look()
        except PermissionError as error:
            return f"a sandbox was made, but its memory and time can't be read: {error}"
        done.communicate()
        message = sandbox.printed()
    if sandbox.ended:
        return f"a sandbox was made, but a Python in it did not start within {fork_server.STEP:g} s"
    if done.returncode or text.strip() in (b"", b"0"):
        return (
            f"bubblewrap is installed, but can't make a sandbox: {message.strip()[-300:] or text!r}"
        )
    return ""


class Sandbox:
    """One sandboxed process with its limits; leaving the ``with`` block ends all of it.

    ``programs`` are files that lie side by side in ``/grader``. With ``libraries``, and where the
    system lets them, they are forked from a process that has imported these; else they start from
    nothing.
    """

    def __init__(
        self, programs: Sequence[Path], limits: Limits, *, libraries: Sequence[str] = ()
    ) -> None:
        self.programs, self.limits, self.libraries = programs, limits, libraries
        self.ended = ""  # why it was ended: "memory", "files", "time", "output" or "late"
        self.seconds = 0.0  # processor time of all its processes; for a judge, also in ``clock``
        self.refusal = ""  # why it could not be forked, and was made from nothing
        self.process: Any = None  # a Popen, once started
        self.outside: psutil.Process | None = None  # the same, known by more than its number
        self.first: int | None = None  # the first process inside
        self.over = threading.Event()
        self.output = bytearray()  # what was printed, up to the limit
        self.threads: list[threading.Thread] = []

    def __enter__(self) -> Sandbox:
        self.clock = tempfile.TemporaryFile()
        self.clock.write(struct.pack("d", 0.0))
        self.clock.flush()
        parent, memory = accounting.parent(), self.limits.all_memory
        self.counter: accounting.Group | accounting.Processes = (
            accounting.Group(parent, memory)
            if parent
            else accounting.Processes(
                memory, lambda: accounting.inside(self.first) if self.first else ()
            )
        )
        return self

    def python(
        self, program: str, *args: str | int, stdin: int | None = None, stdout: int | None = None
    ) -> subprocess.Popen | fork_server.Confined:
        """Start one of the sandbox's programs.

        A word that is a file descriptor is handed on, and becomes its number inside; ``stdin``
        and ``stdout`` are descriptors, too. What else it prints is recorded up to the limit.
        """
        if self.libraries:
            try:
                return self._forked(program, args, stdin, stdout)
            except fork_server.NotReady as error:
                self.refusal = str(error)
        line = [sys.executable, "-s", f"{INSIDE}/{program}", *map(str, args)]
        streams = {"stdin": stdin, "stdout": stdout}
        given: dict[str, Any] = {name: file for name, file in streams.items() if file is not None}
        return self.start(line, pass_fds=[w for w in args if isinstance(w, int)], **given)

    def _forked(
        self, program: str, args: Sequence[str | int], stdin: int | None, stdout: int | None
    ) -> fork_server.Confined:
        """Fork a program from a process that stands ready."""
        read, write = os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        files = [nothing if stdin is None else stdin, write if stdout is None else stdout, write]

        def launch(source: fork_server.Ready) -> fork_server.Confined:
            confined = source.launch(args, files, self.limits.scratch)
            self.counter.take(confined.first)  # it is bounded before it begins
            confined.go()
            return confined

        kind = (program.removesuffix(".py"), *self.libraries)
        try:
            forked = fork_server.fork(kind, self._stand_ready, launch)
        except fork_server.NotReady:
            os.close(read)
            raise
        finally:
            os.close(write)
            os.close(nothing)
        self._started(forked)
        self.first = forked.first
        self._attend(self._drain, read)
        self._attend(self._watch)
        return forked

    def _stand_ready(self, kind: fork_server.Kind) -> fork_server.Ready:
        if any(_below(p, scratch) for p in (*python_folders(), str(ROOT)) for scratch in SCRATCH):
            raise fork_server.NotReady(f"the course, or its Python, lies in {' or '.join(SCRATCH)}")
        args = command([*self.programs, *FORKING], Limits(), forks=True)
        line = [*args, sys.executable, "-s", f"{INSIDE}/{FORKING[0].name}"]
        return fork_server.Ready(line, environment(), *kind)

    def start(
        self, args: list[str], *, pass_fds: Sequence[int] = (), **options: Any
    ) -> subprocess.Popen:
        """Start a command inside; what it prints is recorded up to the limit."""
        (read, write), (hear, report) = os.pipe(), os.pipe()
        options = {"stdin": subprocess.DEVNULL, "stdout": write, "stderr": write} | options
        (rules, fill), program = os.pipe(), seccomp.program()
        with open(fill, "wb") as file:  # the pipe holds it until bubblewrap reads
            file.write(program or b"")
        place = rules if program else None
        inner = command(self.programs, self.limits, seccomp=place, info=report)
        # bubblewrap itself is the sandbox's first process, where its environment can be read: not
        # even that may hold what the grader's holds.
        process = subprocess.Popen(
            [*self.counter.prefix(), *inner, *args],
            pass_fds=[*pass_fds, report, rules],
            start_new_session=True,
            env=environment(),
            **options,
        )
        self._started(process)
        for number in (write, report, rules):
            os.close(number)
        self._attend(self._drain, read)
        self._attend(self._read_first, hear)
        return process

    def _started(self, process: Any) -> None:
        """Note what was started, and by what it is known should its number go to another."""
        self.process = process
        with contextlib.suppress(psutil.NoSuchProcess):
            self.outside = psutil.Process(process.pid)

    def _attend(self, work: Callable[..., None], *files: int) -> None:
        self.threads.append(threading.Thread(target=work, args=files, daemon=True))
        self.threads[-1].start()

    def _drain(self, read: int) -> None:
        """Record what is printed, and end the sandbox when it is too much."""
        while data := os.read(read, 65_536):
            if len(self.output) + len(data) > self.limits.output:
                self.end("output")
                break
            self.output += data
        os.close(read)

    def _read_first(self, hear: int) -> None:
        """Learn the number of the first process inside from bubblewrap, then watch."""
        text = b""
        while b"}" not in text and (more := os.read(hear, 4_096)):
            text += more
        os.close(hear)
        number = re.search(rb'"child-pid": *(\d+)', text)
        self.first = int(number[1]) if number else None
        self._watch()

    def _watch(self) -> None:
        """Look again and again at what the sandbox takes."""
        while not self.over.wait(POLL) and self.process.returncode is None:
            self.look()

    def look(self) -> None:
        """Count what all processes together take, and end them when it is too much."""
        self.seconds, over = self.counter.look()
        os.pwrite(self.clock.fileno(), struct.pack("d", self.seconds), 0)
        if over:
            self.end("memory")
        elif self.seconds > self.limits.seconds:
            self.end("time")
        elif self.first and accounting.files(self.first) > self.limits.files:
            self.end("files")

    def end(self, why: str = "") -> None:
        """Kill every process of the sandbox: its first one takes the others with it."""
        self.ended = self.ended or why
        self.over.set()
        if self.outside is None:  # none was started, or it had ended before it was looked at
            return
        try:  # psutil sees where another process has the number by now
            everyone = [*self.outside.children(recursive=True), self.outside]
        except psutil.NoSuchProcess:
            everyone = []
        for process in everyone:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def printed(self) -> str:
        """Return the last of what was printed."""
        return bytes(self.output[-4_000:]).decode("utf-8", "backslashreplace")

    def __exit__(self, *_: object) -> None:
        self.end()
        if self.process is not None:
            self.process.wait()
            for thread in self.threads:
                thread.join(timeout=fork_server.STEP)
            if self.counter.look()[1]:  # since the watch looked last
                self.ended = self.ended or "memory"
        self.counter.close()
        self.clock.close()
