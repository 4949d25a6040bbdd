"""Sandboxes that are forked from a process which has imported the large libraries already.

TensorFlow's import takes seconds, which a fresh sandbox pays for each submission. Each grading
process keeps a few trusted processes, in sandboxes of their own, that have paid it: one for the
judge, and one for each set of libraries that students' cells need. They hold libraries and
nothing else: no student's code, no test, no answer is ever sent to them. What is forked from them
confines itself before it is told anything (``forked_child.py``).

Forty hand-ins of a page with three Keras tasks took 47 s of processor time and 305 s by the clock
of a busy machine; with sandboxes that were made from nothing, 313 s and 1,226 s.

Where the system forbids forks, each sandbox is made from nothing, in the way in which the trusted
processes are; ``run_tasks.why_not_forked`` says why. AppArmor's profile of bubblewrap, which Ubuntu
has from 25.04 on, takes every capability from what bubblewrap starts, so nothing in there can make
a sandbox.
"""

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
MOST_READY = 4  # processes of one grading process: what the least recent has imported is let go
BASIC = ("numpy.testing",)
KERAS = (*BASIC, "keras", "tensorflow")
# Packages whose import starts no thread, and whose parts are worth importing once.
WORTH_IT = ("numpy", "scipy", "sklearn", "pandas", "networkx", "matplotlib")


class NotReady(Exception):
    """No sandbox can be forked here; the text says why."""


class Confined:
    """A sandbox that was forked, with what is asked of a ``subprocess.Popen``."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self.returncode: int | None = None
        self.pid = self._announced(b"outside")  # it stays outside, and ends with the sandbox
        self.first = self._announced(b"inside")  # the first process inside

    def go(self) -> None:
        """Let the sandbox confine itself and begin; ``NotReady`` where it may not."""
        self._control.send(b"go")
        if (message := self._control.recv(1_000)) != b"confined":
            self._control.close()
            raise NotReady(message.decode("utf-8", "replace") or "it ended before it was confined")
        self._control.settimeout(None)

    def _announced(self, what: bytes) -> int:
        """Return the number of the process that says a word, which the kernel tells."""
        self._control.settimeout(STEP)
        space = socket.CMSG_SPACE(CREDENTIALS.size)
        message, credentials, _, _ = self._control.recvmsg(1_000, space)
        if message != what or not credentials:
            raise NotReady(message.decode("utf-8", "replace") or "the forked process ended at once")
        return CREDENTIALS.unpack(credentials[0][2])[0]

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
    """A process that has imported modules, and is forked from.

    ``command`` puts it into a sandbox and starts it; ``modules`` are the sandbox's program and what
    that will need.
    """

    def __init__(self, command: Sequence[str], environment: dict[str, str], *modules: str) -> None:
        self.served = 0
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        nice = [] if accounting.parent() else ["nice", "-n", "10"]
        with tempfile.TemporaryFile() as messages:
            self._process = subprocess.Popen(
                [*nice, *command, str(theirs.fileno()), *modules],
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
                message = self._line.recv(100)
            except TimeoutError:
                message = b""
            if message != b"ready":
                self.close()
                messages.seek(0)
                lines = messages.read().decode("utf-8", "replace").strip().splitlines()
                raise NotReady(lines[-1] if lines else "it ended without a message")

    def launch(self, arguments: Sequence[str | int], files: list[int], scratch: int) -> Confined:
        """Fork a sandbox with ``scratch`` bytes of files; it begins once ``go`` is called.

        ``arguments`` are the program's: a file descriptor stands for the number that it has inside.
        ``files`` are descriptors of standard input, output and error.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        passed = [word for word in arguments if isinstance(word, int)]
        given = [None if isinstance(word, int) else word for word in arguments]
        order = json.dumps({"arguments": given, "scratch": scratch})
        self.served += 1
        try:
            with theirs:
                socket.send_fds(self._line, [order.encode()], [theirs.fileno(), *files, *passed])
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
_ready: dict[Kind, Ready] = {}
_refused: dict[Kind, str] = {}
_lock = threading.Lock()


def fork(
    kind: Kind, make: Callable[[Kind], Ready], launch: Callable[[Ready], Confined]
) -> Confined:
    """Fork a sandbox from the process that this one has for a kind; it is confined then.

    Where there is no such process, ``make`` starts one; ``launch`` asks it for a sandbox, and lets
    that begin. Raises ``NotReady`` where two processes did not manage; later calls fail at once.
    """
    if kind in _refused:
        raise NotReady(_refused[kind])
    for _ in range(2):  # one may have been ended by something else
        try:
            return launch(ready_for(kind, make))
        except (NotReady, OSError) as error:
            why = str(error)
            discard(kind)
    _refused[kind] = why
    raise NotReady(why)


def ready_for(kind: Kind, make: Callable[[Kind], Ready]) -> Ready:
    """Return this process's own for a kind; make one if there is none, or it has served enough."""
    with _lock:
        ready = _ready.pop(kind, None)
        if ready is not None and ready.served >= SERVED:
            ready.close()
            ready = None
        _ready[kind] = ready or make(kind)  # the last one now
        while len(_ready) > MOST_READY:
            _ready.pop(next(iter(_ready))).close()
        return _ready[kind]


def discard(kind: Kind) -> None:
    """End the one of a kind, if there is one; the next call of ``ready_for`` makes another."""
    with _lock:
        if (ready := _ready.pop(kind, None)) is not None:
            ready.close()


@atexit.register
def close_all() -> None:
    """End all of them; they end as well where this process is killed."""
    for kind in list(_ready):
        discard(kind)
