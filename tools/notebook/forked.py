"""Kernels and workers that are forked from a process which has imported the large libraries.

A fresh kernel spends three seconds on importing TensorFlow, Keras and their like before its first
cell ends, a fifth of what a notebook takes in the quick profile. `course.py test` starts one such
process for each of its workers and forks every kernel from it, and another one that the self-tests
of graded tasks are forked from; `course.py run`, where it has many notebooks to run, starts one
and forks what executes a notebook, which forks its kernel. A kernel has no variable and no module
of the course in it, only libraries that need not be read again. What is forked from has a single
thread: a lock that another one held would stay locked in the fork. This is for Linux, where a
forked process can be watched (``pidfd_open``); elsewhere everything starts as usual.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.notebook import apart

POSSIBLE = hasattr(os, "fork") and hasattr(os, "pidfd_open")
ROOT = Path(__file__).resolve().parents[2]
MOST = 1_000_000  # bytes of an order: words, folder and environment
LIBRARIES = (
    "keras",
    "tensorflow",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "scipy.stats",
    "scipy.sparse.linalg",
    "sklearn.metrics",
    "networkx",
    "ipykernel.kernelapp",
)
# Of all these, OpenBLAS alone starts threads when it is loaded; a kernel gets them back.
THREADS = "OPENBLAS_NUM_THREADS"
TO_EXECUTE = (
    "nbclient",
    "jupyter_client.manager",
    "jupyter_client.asynchronous",
    "tools.notebook.execute",
)


class Forked:
    """A forked process, with what is asked of a ``subprocess.Popen``."""

    stdin: Any = None
    stdout: Any = None
    stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, None
        try:
            self._ended = os.pidfd_open(pid)  # readable once the process is gone
        except ProcessLookupError:
            self.returncode = 1

    def poll(self) -> int | None:
        """Return None while it runs; how it ended is not known."""
        if self.returncode is None and select.select([self._ended], [], [], 0)[0]:
            os.close(self._ended)
            with contextlib.suppress(ChildProcessError):  # it is another's child
                os.waitpid(self.pid, os.WNOHANG)
            self.returncode = 1
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it is gone."""
        if self.returncode is None and not select.select([self._ended], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a forked process", timeout or 0.0)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it is gone."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._ended, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Source:
    """The process that others are forked from; it ends with this one.

    Parameters
    ----------
    libraries : sequence of str
        Modules that it imports first.
    env : dict, optional
        Its environment, which what libraries settle at their import is read from.
    """

    def __init__(
        self, libraries: Sequence[str] = LIBRARIES, env: dict[str, str] | None = None
    ) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.notebook.forked", str(theirs.fileno()), *libraries],
            stdin=subprocess.DEVNULL,
            stdout=2,  # what it and its kernels write beside the outputs of cells
            stderr=subprocess.DEVNULL,  # until its libraries are imported
            env={**(os.environ if env is None else env), THREADS: "1"},
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C is for the process that it serves
        )
        theirs.close()
        self._heard()

    def launch(self, command: Sequence[str], **options: Any) -> Forked:
        """Start a kernel as ``jupyter_client.launcher.launch_kernel`` does.

        The command is ``[python, ..., "-m", "ipykernel_launcher", *arguments]``. Of what the
        launcher is told, ``env`` and ``cwd`` are the kernel's, this process's own if not given.
        What the kernel's process itself writes, beside the outputs of cells, goes to this process's
        standard error.
        """
        return Forked(self._fork(_kernel_order(command, **options)))

    def execute(self, words: Sequence[str], *, env: dict[str, str], stderr: Any) -> Forked:
        """Start ``python -m tools.notebook.execute`` and ``words``, with pipes to and from it."""
        order = {"what": "execute", "arguments": list(words), "env": env, "cwd": str(ROOT)}
        process, tell, read = self._piped(order, stderr.fileno())
        process.stdin, process.stdout = os.fdopen(tell, "w"), os.fdopen(read, encoding="utf-8")
        return process

    def work(self) -> Forked:
        """Start a process that does one piece of work, as ``tools.notebook.apart`` tells it to."""
        order = {"what": "work", "env": dict(os.environ), "cwd": str(ROOT)}
        process, tell, read = self._piped(order, 2)
        process.stdin, process.stdout = os.fdopen(tell, "wb"), os.fdopen(read, "rb")
        return process

    def _piped(self, order: dict[str, Any], stderr: int) -> tuple[Forked, int, int]:
        """Fork with pipes for input and output; return their ends of this side as well."""
        (hear, tell), (read, write) = os.pipe(), os.pipe()
        try:
            process = Forked(self._fork(order, [hear, write, stderr]))
        except BaseException:
            os.close(tell)
            os.close(read)
            raise
        finally:
            os.close(hear)
            os.close(write)
        return process, tell, read

    def close(self) -> None:
        """End the process; kernels that still run end as well, within a second."""
        self._line.close()
        self._process.wait()

    def _fork(self, order: dict[str, Any], files: Sequence[int] = ()) -> int:
        with self._one:  # several threads ask for work
            socket.send_fds(self._line, [json.dumps(order).encode()], files)
            return int(self._heard())

    def _heard(self) -> str:
        said = self._line.recv(100)
        if not said:
            code = self._process.wait()
            raise RuntimeError(f"the process that forks kernels ended with code {code}")
        return said.decode()


class Standby:
    """One kernel that is forked now and begins when jupyter_client asks for it.

    It is made before this process has threads or an event loop, of which a fork has nothing good.
    """

    def __init__(self) -> None:
        order, self._order = os.pipe()

        def wait() -> None:
            os.close(self._order)
            with os.fdopen(order, "rb") as file:
                text = file.read()
            if text:
                become_kernel(**json.loads(text))

        self._pid = fork(wait)
        os.close(order)

    def launch(self, command: Sequence[str], **options: Any) -> Forked:
        """Let the kernel begin; the rest is as in ``Source.launch``."""
        order = _kernel_order(command, **options)
        del order["what"]
        with os.fdopen(self._order, "wb") as file:
            file.write(json.dumps(order).encode())
        return Forked(self._pid)


def _kernel_order(
    command: Sequence[str],
    env: dict[str, str] | None = None,
    cwd: str | None = None,
    **streams: Any,
) -> dict[str, Any]:
    return {
        "what": "kernel",
        "arguments": list(command[command.index("ipykernel_launcher") :]),
        "env": dict(os.environ if env is None else env),
        "cwd": cwd or os.getcwd(),
    }


def may_fork(sources: Sequence[str]) -> bool:
    """Say whether TensorFlow may be there before the first cell: it settles which Keras is used."""
    return not any("legacy_keras" in source for source in sources)


@contextlib.contextmanager
def kernels(source: Source | Standby) -> Iterator[None]:
    """Let jupyter_client start its kernels from a source."""
    from jupyter_client.provisioning import local_provisioner

    usual = local_provisioner.launch_kernel
    local_provisioner.launch_kernel = source.launch  # type: ignore[assignment]
    try:
        yield
    finally:
        local_provisioner.launch_kernel = usual


# ------------------------------------------------------------------ the process itself


def serve(line: socket.socket, libraries: Sequence[str]) -> None:
    """Import the libraries, then fork a process for every order that comes."""
    # pandas asks how to print tables
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        for name in libraries:
            import_module(name)
    finally:
        os.dup2(1, 2)  # from here on what is said there is heard
    del builtins.get_ipython  # type: ignore[attr-defined]
    gc.freeze()  # what is shared by all kernels is not looked at, and so not copied, by each
    signal.signal(signal.SIGCHLD, _reap)
    line.send(b"ready")
    while True:
        text, files, _, _ = socket.recv_fds(line, MOST, 3)
        if not text:
            return
        order = json.loads(text)
        kinds: dict[str, Callable[..., None]]
        kinds = {"kernel": become_kernel, "execute": become_executor, "work": become_worker}
        become = kinds[order.pop("what")]
        if files:
            order["files"] = files

        def work(become: Callable[..., None] = become, order: dict[str, Any] = order) -> None:
            line.close()
            become(**order)

        line.send(str(fork(work)).encode())
        for file in files:
            os.close(file)


def _reap(*_: Any) -> None:
    """Take note of processes that ended: their processor time counts as this one's then."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def fork(work: Callable[[], None]) -> int:
    """Fork a process that does some work and ends; return its number once it has its own group.

    jupyter_client asks for that group at once, and sends signals to all of it.
    """
    listening, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(telling)
            os.close(listening)
            work()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        finally:
            sys.stderr.flush()
            os._exit(code)  # not back into the loop that it was forked in
    os.close(telling)
    os.read(listening, 1)  # empty: the other end was closed
    os.close(listening)
    return pid


def become_kernel(arguments: list[str], env: dict[str, str], cwd: str) -> None:
    """Turn this process, a fork, into an IPython kernel."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # standard output may be a channel of the process that this was forked in
    _settle(env, cwd)
    _give_threads(env)
    for name in [n for n in sys.modules if n.partition(".")[0] in ("tools", "utils", "data")]:
        del sys.modules[name]
    sys.path[0] = ""  # as `python -m` begins; it was the folder that the source was started in
    sys.argv = arguments
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


def _give_threads(env: dict[str, str]) -> None:
    """Let linear algebra have the threads that it would have taken when it was loaded."""
    import threadpoolctl

    told = env.get(THREADS) or env.get("OMP_NUM_THREADS", "")
    threads = int(told) if told.isdecimal() else 0
    threadpoolctl.threadpool_limits(threads or len(os.sched_getaffinity(0)), user_api="blas")


def become_executor(
    arguments: list[str], env: dict[str, str], cwd: str, files: Sequence[int]
) -> None:
    """Turn this process, a fork, into one that executes a notebook."""
    _settle(env, cwd, files)
    standby = Standby()
    from tools.notebook import execute

    with kernels(standby):
        sys.exit(execute.main(arguments))


def become_worker(env: dict[str, str], cwd: str, files: Sequence[int]) -> None:
    """Turn this process, a fork, into one that does one piece of work."""
    _settle(env, cwd, files)
    _give_threads(env)
    apart.serve()


def _settle(env: dict[str, str], cwd: str, files: Sequence[int] = ()) -> None:
    """Take an environment, a folder and, if they are given, standard streams."""
    for stream, file in enumerate(files):
        os.dup2(file, stream)
        os.close(file)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
