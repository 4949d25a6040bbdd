"""What all processes of a sandbox take together: memory and processor time.

A control group of version 2 has the kernel count and bound both, its own memory for them included,
and gives each sandbox its share of the cores. There is one where this process may make it: as root
on most machines, and as a user in a terminal of a desktop or under ``systemd-run --user --scope``.
Where there is none, as in most containers, the processes are read one by one.
"""

import contextlib
import functools
import itertools
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil

JOIN = 'echo 0 > "$1/cgroup.procs" || exit; shift; exec "$@"'
NAME = "grading"
_numbers = itertools.count()
Read = Callable[[], Iterable[tuple[float, int]]]


class Group:
    """A control group of version 2, made in the folder ``parent``.

    ``memory`` bounds the bytes that its processes, and the kernel for them, hold together.
    """

    def __init__(self, parent: Path, memory: int) -> None:
        self.folder = parent / f"{NAME}-{os.getpid()}-{next(_numbers)}"
        bounds = {"memory.max": memory, "memory.swap.max": 0, "memory.oom.group": 1}
        try:
            self.folder.mkdir()
            for file, bound in bounds.items():
                if ".swap." not in file or (self.folder / file).exists():
                    (self.folder / file).write_text(str(bound), encoding="utf-8")
        except OSError:
            self.close()
            raise

    def prefix(self) -> list[str]:
        """Return what before a command puts it, and all that it starts, into the group."""
        return ["sh", "-c", JOIN, "sh", str(self.folder)]

    def take(self, first: int) -> None:
        """Put a process, and all that it will start, into the group."""
        (self.folder / "cgroup.procs").write_text(str(first), encoding="utf-8")

    def look(self) -> tuple[float, bool]:
        """Return the processor time so far, and whether the kernel had to end something."""
        clock = (self.folder / "cpu.stat").read_text(encoding="utf-8").split()
        events = (self.folder / "memory.events").read_text(encoding="utf-8").split()
        return int(clock[1]) / 1e6, int(events[events.index("oom_kill") + 1]) > 0

    def close(self) -> None:
        """End what still runs in it, and take it away."""
        _remove(self.folder, 300.0)


def _remove(folder: Path, patience: float) -> None:
    """End what runs in a control group, and take it away; ``OSError`` where that takes too long."""
    end = time.monotonic() + patience
    while folder.exists():
        for number in (folder / "cgroup.procs").read_text(encoding="utf-8").split():
            if number != "0":  # of a process that this one cannot see
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(number), signal.SIGKILL)
        try:
            folder.rmdir()
        except OSError:  # its processes take a moment to end
            if time.monotonic() > end:
                raise
            time.sleep(0.002)


class Processes:
    """The processes of a sandbox, read one by one; what the kernel holds for them is not seen.

    ``memory`` bounds the bytes that they hold together; ``read`` returns seconds and bytes of each.
    """

    def __init__(self, memory: int, read: Read) -> None:
        self.memory, self.read = memory, read
        self.last = self.lost = 0.0
        self.shared = 0  # bytes that the first process has from what it was forked from

    def prefix(self) -> list[str]:
        """Return what before a command lets the grader itself come first."""
        return ["nice", "-n", "10"]

    def take(self, first: int) -> None:
        """Count what a forked sandbox begins with once, and not for its first process as well."""
        process = _process(Path("/proc", str(first)))
        self.shared = process[1] if process else 0

    def look(self) -> tuple[float, bool]:
        """Return the processor time so far, and whether they hold more than they may."""
        processes = list(self.read())
        seconds = sum(spent for spent, _ in processes)
        # The time of an ended process is its parent's, if the parent waits for it: else it is lost.
        self.lost += max(0.0, self.last - seconds)
        self.last = seconds
        return seconds + self.lost, sum(size for _, size in processes) - self.shared > self.memory

    def close(self) -> None:
        """Nothing is left to take away."""


# ------------------------------------------------------------------ where groups can be made


@functools.cache
def parent() -> Path | None:
    """Return the group that new ones can be made in; None where a trial failed."""
    own = own_group(Path("/proc/self/cgroup"), Path("/proc/self/mountinfo"))
    if own is None:
        return None
    # A group with processes of its own bounds no others: a sandbox's lies beside this one.
    beside = own if os.path.ismount(own) else own.parent
    for name in ("memory", "cpu"):
        with contextlib.suppress(OSError):  # in part: without "cpu", shares are not its matter
            (beside / "cgroup.subtree_control").write_text(f"+{name}", encoding="utf-8")
    return beside if works(beside) else None


def own_group(groups: Path, mounts: Path) -> Path | None:
    """Return the folder of this process's own group of version 2, if there is one.

    The kernel says it in ``/proc/self/cgroup`` and ``/proc/self/mountinfo``.
    """
    if not (groups.exists() and mounts.exists()):
        return None
    lines = groups.read_text(encoding="utf-8").splitlines()
    own = next((Path(line[3:]) for line in lines if line.startswith("0::/")), None)
    if own is None or ".." in own.parts:
        return None
    for line in mounts.read_text(encoding="utf-8").splitlines():
        before, _, after = line.partition(" - ")
        top, place = before.split()[3:5]
        # In a container, a part of the tree may be mounted, or one that this group is not in.
        if after.startswith("cgroup2 ") and own.is_relative_to(top):
            return Path(place) / own.relative_to(top)
    return None


def works(parent: Path) -> bool:
    """Say whether a group can be made here, be joined, and be read; sweep old ones out."""
    for old in parent.glob(f"{NAME}-*-*"):
        if not psutil.pid_exists(int(old.name.split("-")[1])):  # of a grader that was killed
            with contextlib.suppress(OSError):  # of another user's, say: they do no harm
                _remove(old, 1.0)
    try:
        trial = Group(parent, 100_000_000)
    except OSError:
        return False
    try:
        done = subprocess.run([*trial.prefix(), "true"], capture_output=True)
        trial.look()
    finally:
        trial.close()
    return done.returncode == 0


# ------------------------------------------------------------------ without groups

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MEMORY = (b"RssAnon", b"VmSwap", b"VmPTE")  # what is shared lies in the scratch, which has a size


def root_of(first: int) -> Path | None:
    """Return the root folder of a sandbox; None before it is laid out, and when it has ended."""
    root = Path("/proc", str(first), "root")
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return None if root.samefile("/") else root
    return None


def inside(first: int) -> Iterator[tuple[float, int]]:
    """Yield seconds and bytes of each process that the /proc of a sandbox lists.

    It begins with ``first``, the sandbox's first process.
    """
    place = root_of(first)
    if place is None:
        return
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for name in os.listdir(place / "proc"):
            if name.isdigit() and (read := _process(place / "proc" / name)):
                yield read


def _process(folder: Path) -> tuple[float, int] | None:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        stat = (folder / "stat").read_bytes().rpartition(b")")[2].split()
        status = (folder / "status").read_bytes().splitlines()
        sizes = (row.split() for row in status if row.partition(b":")[0] in MEMORY)
        seconds = sum(int(ticks) for ticks in stat[11:15]) / TICKS
        return seconds, sum(int(line[1]) for line in sizes) * 1024
    return None


def files(first: int) -> int:
    """Return how many files, folders and links the scratch of a sandbox holds."""
    place = root_of(first)
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        systems = (os.statvfs(place / inner) for inner in ("tmp", "dev/shm") if place)
        return sum(system.f_files - system.f_ffree for system in systems)
    return 0
