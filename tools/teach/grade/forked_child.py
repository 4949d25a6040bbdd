"""A process that stands ready: it has imported libraries, and forks a sandbox for every order.

It runs trusted code alone, and no student's ever: an order names one of the sandbox's programs and
its limits, and brings the files that the program is to have. The process lives in a sandbox of the
grader's making, so that it sees the same read-only system and nothing else of the disk. What is
forked from it goes, before any other code runs, into namespaces of its own (user, mount, process,
network, IPC, host name), with its own scratch, processes and terminals; gives up every right, takes
on the filter of system calls, and closes all files but its own. From there on it is as confined as
what bubblewrap starts, but for what a fork cannot change: the addresses of what was imported are
those of its siblings.

Three processes make such a sandbox, as with bubblewrap: one that stays outside and tells how it
ended; the first one inside, which reaps; and the program. It is started as a file of its own
(``python forked_child.py FD PROGRAM LIBRARIES...``), beside the programs.
"""

import contextlib
import ctypes
import fcntl
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

import seccomp

MOST = 100_000  # bytes of an order
FILES = 16  # that an order may bring
# Namespaces: of mounts, control groups, host names, IPC, users, processes and networks
NEW, NEW_USER = 0x7E020000, 0x10000000
NOSUID, NODEV, NOEXEC = 2, 4, 8  # of mount(2)
DEATH_SIGNAL, DROP_BOUND, AMBIENT, NO_NEW_RIGHTS, SECCOMP = 1, 24, 47, 38, 22  # of prctl(2)
CLEAR_AMBIENT, BY_FILTER = 4, 2
CAPABILITIES_3 = 0x20080522  # the version of capset(2) with 64 of them

libc = ctypes.CDLL(None, use_errno=True)


def main(argv: Sequence[str]) -> None:
    """Import a program and the libraries that it will need, then answer orders."""
    line = socket.socket(fileno=int(argv[0]))
    program = import_module(argv[1])
    for name in argv[2:]:
        import_module(name)
    threads = os.listdir("/proc/self/task")
    if len(threads) > 1:
        raise SystemExit(f"{len(threads)} threads run after the imports: a fork would lose them")
    if shared := shared_mappings():
        raise SystemExit(f"the imports left what forks would share: {'; '.join(shared)}")
    gc.collect()
    gc.freeze()  # what all share is not looked at, and so not copied, by each
    line.send(b"ready")
    serve(line, program.main)


def shared_mappings() -> list[str]:
    """Return the mappings that what is forked could write into for others to see."""
    with open("/proc/self/maps", encoding="utf-8") as file:
        return [line.strip() for line in file if line.split()[1][1:4:2] == "ws"]


def serve(line: socket.socket, program: Callable[[list[str]], None]) -> None:
    """Fork a sandbox for every order, until nobody is there to give one."""
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        text, files, _, _ = socket.recv_fds(line, MOST, FILES)
        if not text:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            line.close()
            _end_with(partial(outside, json.loads(text), files, program))
        for file in files:
            os.close(file)


def _reap(*_: Any) -> None:
    """Take note of those that ended: were they ignored, their time would be nobody's."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _end_with(work: Callable[[], int]) -> NoReturn:
    """Do some work and end with its code, whatever happens: never back into who was forked."""
    code = 1
    try:
        code = work()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


# ------------------------------------------------------------------ the three processes


def outside(order: dict[str, Any], files: list[int], program: Callable[[list[str]], None]) -> int:
    """Stay outside of the new namespaces, and tell the grader how their first process ended."""
    control = socket.socket(fileno=files[0])
    _die_with_parent()
    uid, gid = os.getuid(), os.getgid()
    _check(libc.unshare(NEW), "unshare")
    _map_user(uid, gid)
    control.send(b"outside")  # with it the kernel tells the number of this process
    first = os.fork()
    if first == 0:
        _end_with(partial(inside, order, control, files[1:], program))
    _keep_only([files[0]])
    code = os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
    control.send(f"ended {code}".encode())
    return 0


def inside(
    order: dict[str, Any],
    control: socket.socket,
    files: list[int],
    program: Callable[[list[str]], None],
) -> int:
    """Be the first process of the namespaces: confine it, start the program, and reap."""
    _die_with_parent()
    control.send(b"inside")
    if control.recv(10) != b"go":  # it is in its control group now
        return 1
    try:
        lay_out(order["scratch"])
        without_rights()
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        confine(seccomp.program())
    except OSError as error:
        control.send(f"refused {error}".encode())
        return 1
    control.send(b"confined")
    control.close()
    pid = os.fork()
    if pid == 0:
        _end_with(partial(run, order, files, program))
    _keep_only([])
    while True:
        ended, status = os.wait()
        if ended == pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def run(order: dict[str, Any], files: list[int], program: Callable[[list[str]], None]) -> int:
    """Be the program, with its files in their places and chances of its own."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    above = [fcntl.fcntl(file, fcntl.F_DUPFD, len(files)) for file in files]
    for place, file in enumerate(above):  # by now, none lies in the place of another
        os.dup2(file, place)
    _keep_only(range(len(files)))
    _seed()
    places = iter(range(3, len(files)))
    arguments = [str(next(places)) if word is None else word for word in order["arguments"]]
    sys.argv = [sys.argv[0], *arguments]
    program(arguments)
    return 0


def _keep_only(files: Sequence[int]) -> None:
    """Close all files but some."""
    start = 0
    for file in (*sorted(files), os.sysconf("SC_OPEN_MAX")):
        if start < file:  # Python takes an empty range from 0 on for everything
            os.closerange(start, file)
        start = file + 1


def _seed() -> None:
    """Draw again what NumPy has drawn at its import: siblings share no chance.

    Python's own is drawn again by the fork, and TensorFlow's with its first operation.
    """
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(int.from_bytes(os.urandom(4), "little"))


# ------------------------------------------------------------------ confinement


def _die_with_parent() -> None:
    _check(libc.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0), "prctl")


def _map_user(uid: int, gid: int) -> None:
    """Be the same user in the new user namespace, and the only one there is."""
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def lay_out(scratch: int) -> None:
    """Mount a scratch, terminals and a list of processes of its own over those that are seen."""
    _mount("tmpfs", "/tmp", NOSUID | NODEV, f"size={scratch},mode=0755")
    _mount("tmpfs", "/dev/shm", NOSUID | NODEV, f"size={scratch // 4},mode=0755")
    _mount("devpts", "/dev/pts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    _mount("proc", "/proc", NOSUID | NODEV | NOEXEC, "")
    os.chdir("/tmp")  # the new one: the old would still be the working folder


def _mount(kind: str, place: str, flags: int, options: str) -> None:
    arguments = (kind.encode(), place.encode(), kind.encode())
    _check(libc.mount(*arguments, ctypes.c_ulong(flags), options.encode()), f"mount {place}")


def without_rights() -> None:
    """Give up every right, and the making of user namespaces, which would give them back.

    The namespaces belong to a user namespace that this process leaves for one below it, the last
    that may be made.
    """
    uid, gid = os.getuid(), os.getgid()
    with open("/proc/sys/user/max_user_namespaces", "w", encoding="ascii") as file:
        file.write("1")
    _check(libc.unshare(NEW_USER), "unshare")
    _map_user(uid, gid)
    with open("/proc/sys/kernel/cap_last_cap", encoding="ascii") as file:
        last = int(file.read())
    for number in range(last + 1):
        _check(libc.prctl(DROP_BOUND, number, 0, 0, 0), "prctl")
    _check(libc.prctl(AMBIENT, CLEAR_AMBIENT, 0, 0, 0), "prctl")
    header, none = (ctypes.c_uint32 * 2)(CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    _check(libc.capset(header, none), "capset")


class _Program(ctypes.Structure):
    """``struct sock_fprog``: so many instructions, and where they lie."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def confine(code: bytes | None) -> None:
    """Take on the filter of system calls for good, where there is one for this machine."""
    _check(libc.prctl(NO_NEW_RIGHTS, 1, 0, 0, 0), "prctl")
    if code is not None:
        given = _Program(len(code) // 8, code)
        _check(libc.prctl(SECCOMP, BY_FILTER, ctypes.byref(given), 0, 0), "prctl")


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
    main(sys.argv[1:])
