"""Kernels that are forked from a process which has imported the large libraries already.

A fresh kernel spends three seconds on importing TensorFlow, Keras and their like before its first
cell ends, a fifth of what a notebook takes in the quick profile. `course.py test` starts one such
process for each of its workers and forks every kernel from it: the kernel has no variable and no
module of the course in it, only libraries that need not be read again. This is for Linux, where a
forked process can be watched (``pidfd_open``); elsewhere kernels start as usual.
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
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Any

POSSIBLE = hasattr(os, "fork") and hasattr(os, "pidfd_open")
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


class Kernel:
    """A forked process, with what jupyter_client asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

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
            self.returncode = 1
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it is gone."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("a forked kernel", timeout)
            time.sleep(0.02)
        return self.returncode

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
    """The process that kernels are forked from; it ends with this one.

    Parameters
    ----------
    libraries : sequence of str
        Modules that it imports first.
    """

    def __init__(self, libraries: Sequence[str] = LIBRARIES) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.forked", *libraries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._told()

    def launch(
        self,
        command: Sequence[str],
        *,
        env: dict[str, str] | None = None,
        cwd: str | None = None,
        **streams: Any,
    ) -> Kernel:
        """Start a kernel as ``jupyter_client.launcher.launch_kernel`` does.

        Parameters
        ----------
        command : sequence of str
            ``[python, ..., "-m", "ipykernel_launcher", *arguments]``.
        env, cwd
            The kernel's environment and folder; this process's own if not given.
        **streams
            What else the launcher is told. What the kernel's process itself writes, beside the
            outputs of cells, goes to this process's standard error.
        """
        module = command.index("ipykernel_launcher")
        order = {
            "arguments": list(command[module:]),
            "env": dict(os.environ if env is None else env),
            "cwd": cwd or os.getcwd(),
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Kernel(int(self._told()))

    def close(self) -> None:
        """End the process; kernels that still run end as well, within a second."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _told(self) -> str:
        line = self._process.stdout.readline()
        if not line.endswith("\n"):
            code = self._process.wait()
            raise RuntimeError(f"the process that forks kernels ended with code {code}")
        return line


@contextlib.contextmanager
def kernels(source: Source) -> Iterator[None]:
    """Let jupyter_client start its kernels from a source."""
    from jupyter_client.provisioning import local_provisioner

    usual = local_provisioner.launch_kernel
    local_provisioner.launch_kernel = source.launch
    try:
        yield
    finally:
        local_provisioner.launch_kernel = usual


# ------------------------------------------------------------------ the process itself


def serve(libraries: Sequence[str]) -> None:
    """Import the libraries, then fork a kernel for every line of standard input."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # pandas asks how to print tables
    with _quiet():
        for name in libraries:
            import_module(name)
    del builtins.get_ipython
    gc.freeze()  # what is shared by all kernels is not looked at, and so not copied, by each
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a kernel ended
    print("ready", flush=True)
    for line in sys.stdin:
        print(fork(json.loads(line)), flush=True)


def fork(order: dict[str, Any]) -> int:
    """Fork a kernel; return its number once it has a process group of its own.

    jupyter_client asks for that group at once, and sends signals to all of it.
    """
    listening, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.close(telling)
        os.close(listening)
        become_kernel(**order)
    os.close(telling)
    os.read(listening, 1)  # empty: the other end was closed
    os.close(listening)
    return pid


def become_kernel(arguments: list[str], env: dict[str, str], cwd: str) -> None:
    """Turn this process, a fork, into an IPython kernel."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # standard output is where the number of the next kernel is told
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    for name in [n for n in sys.modules if n.partition(".")[0] == "tools"]:
        del sys.modules[name]
    sys.path[0] = ""  # as `python -m` begins; it was the folder that the source was started in
    sys.argv = arguments
    code = 1
    try:
        runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)  # not back into the loop of the source


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libraries say while they are imported out of the terminal."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


if __name__ == "__main__":
    serve(sys.argv[1:])
