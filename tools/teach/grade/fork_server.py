"""Sandboxes that are forked from a process which has imported the large libraries already.

TensorFlow's import takes seconds, which a fresh sandbox pays for each submission. Each grading
process keeps a few trusted processes, in sandboxes of their own, that have paid it: one for the
judge, and one for each set of libraries that students' cells need. They hold libraries and
nothing else: no student's code, no test, no answer is ever sent to them. What is forked from them
confines itself before it is told anything (``forked_child.py``).

Where the system forbids that, each sandbox is made from nothing, as ever; ``why_not`` says why.
"""

from __future__ import annotations

import atexit
import json
import select
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence

from tools.teach.grade import accounting

# Seconds that the imports may take, and a fork to confine itself: only what hangs meets them
START = 600.0
STEP = 300.0
SERVED = 50  # sandboxes of one process: the next ones have other addresses
CREDENTIALS = struct.Struct("3i")  # process, user and group, as the kernel sends them
MOST_KEPT = 4  # processes of one grading process: what the least recent has imported is let go
BASIC = ("numpy.testing",)
KERAS = (*BASIC, "keras", "tensorflow")
# Packages whose import starts no thread, and whose parts are worth importing once.
WORTH_IT = ("numpy", "scipy", "sklearn", "pandas", "networkx", "matplotlib")


class NotReady(Exception):
    """No sandbox can be forked here; the text says why."""


class Confined:
    """A sandbox that was forked, with what is asked of a ``subprocess.Popen``.

    Attributes
    ----------
    pid : int
        The process that stays outside of the sandbox and ends with it.
    first : int
        The first process inside.
    returncode : int or None
        How the program ended; None while that is not known.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self.returncode: int | None = None
        self.pid = self._announced(b"outside")
        self.first = self._announced(b"inside")

    def go(self) -> None:
        """Let the sandbox confine itself and begin; ``NotReady`` where it may not."""
        self._control.send(b"go")
        if (said := self._control.recv(1_000)) != b"confined":
            raise NotReady(said.decode("utf-8", "replace") or "it ended before it was confined")
        self._control.settimeout(None)

    def _announced(self, what: bytes) -> int:
        """Return the number of the process that says a word, which the kernel tells."""
        self._control.settimeout(STEP)
        said, told, _, _ = self._control.recvmsg(1_000, socket.CMSG_SPACE(CREDENTIALS.size))
        if said != what or not told:
            raise NotReady(said.decode("utf-8", "replace") or "what was forked ended at once")
        return CREDENTIALS.unpack(told[0][2])[0]

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, and return how."""
        if self.returncode is None:
            if not select.select([self._control], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a sandbox", timeout or 0.0)
            word, _, code = self._control.recv(1_000).partition(b" ")
            self.returncode = int(code) if word == b"ended" else -9  # it was killed
            self._control.close()
        return self.returncode


class Ready:
    """A process that has imported a program of the sandbox and libraries, and is forked from.

    Parameters
    ----------
    words : sequence of str
        What puts it into a sandbox and starts it, the number of its socket left out.
    environment : dict
        All that it finds in its environment.
    program : str
        Module of the sandbox's program.
    *libraries : str
        What it imports.
    """

    def __init__(
        self,
        words: Sequence[str],
        environment: dict[str, str],
        program: str,
        *libraries: str,
    ) -> None:
        self.served = 0
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        nice = [] if accounting.parents() else ["nice", "-n", "10"]
        with tempfile.TemporaryFile() as messages:
            self._process = subprocess.Popen(
                [*nice, *words, str(theirs.fileno()), program, *libraries],
                stdin=subprocess.DEVNULL,
                stdout=messages,
                stderr=messages,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env=environment,
            )
            theirs.close()
            self._line.settimeout(START)
            try:
                said = self._line.recv(100)
            except TimeoutError:
                said = b""
            if said != b"ready":
                self.close()
                messages.seek(0)
                lines = messages.read().decode("utf-8", "replace").strip().splitlines()
                raise NotReady(lines[-1] if lines else "it ended without a word")

    def launch(
        self,
        words: Sequence[str | int],
        files: Sequence[int],
        scratch: int,
        keep: Sequence[str] = (),
    ) -> Confined:
        """Fork a sandbox; it begins once ``go`` is called.

        Parameters
        ----------
        words : sequence of str or int
            What the program is told; a file descriptor stands for the number that it has inside.
        files : sequence of int
            Descriptors of standard input, output and error.
        scratch : int
            Bytes of its scratch.
        keep : sequence of str
            Read-only mounts that lie below it and stay.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        passed = [word for word in words if isinstance(word, int)]
        told = [None if isinstance(word, int) else word for word in words]
        order = json.dumps({"words": told, "scratch": scratch, "keep": list(keep)}).encode()
        self.served += 1
        try:
            with theirs:
                socket.send_fds(self._line, [order], [theirs.fileno(), *files, *passed])
            return Confined(ours)
        except (OSError, NotReady) as error:
            ours.close()
            raise NotReady(str(error)) from None

    def close(self) -> None:
        """End the process, and what was forked from it with it."""
        self._line.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # in the midst of its imports
            self._process.kill()
            self._process.wait()


# ------------------------------------------------------------------ those of this process

Kind = tuple[str, ...]  # a program and its libraries
_kept: dict[Kind, Ready] = {}
_refused: dict[Kind, str] = {}
_lock = threading.Lock()


def fork(
    kind: Kind,
    make: Callable[[Kind], Ready],
    launch: Callable[[Ready], Confined],
    admit: Callable[[int], None],
) -> Confined:
    """Fork a sandbox from the process that this one keeps for a kind; it is confined then.

    Parameters
    ----------
    kind : tuple of str
        Its program and libraries.
    make : callable
        Starts such a process, where none is kept.
    launch : callable
        Asks it for a sandbox.
    admit : callable
        Takes the number of the sandbox's first process, before that goes on, to bound it.

    Raises
    ------
    NotReady
        Where two processes did not manage; later calls are told so at once.
    """
    if kind in _refused:
        raise NotReady(_refused[kind])
    why = ""
    for _ in range(2):  # one may have been ended by something else
        try:
            confined = launch(kept(kind, make))
            admit(confined.first)
            confined.go()
            return confined
        except (NotReady, OSError) as error:
            why = str(error)
            let_go(kind)
    _refused[kind] = why
    raise NotReady(why)


def kept(kind: Kind, make: Callable[[Kind], Ready]) -> Ready:
    """Return this process's own for a kind; make one if there is none, or it has served enough."""
    with _lock:
        found = _kept.pop(kind, None)
        if found is not None and found.served >= SERVED:
            found.close()
            found = None
        _kept[kind] = found or make(kind)  # the last one now
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept))).close()
        return _kept[kind]


def let_go(kind: Kind) -> None:
    """End the one of a kind, if there is one; the next call of ``kept`` makes another."""
    with _lock:
        if (found := _kept.pop(kind, None)) is not None:
            found.close()


@atexit.register
def close_all() -> None:
    """End all of them; they end as well where this process is killed."""
    for kind in list(_kept):
        let_go(kind)
