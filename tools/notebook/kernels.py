"""Kernels that Linux forks from a process which has imported the large libraries.

A fresh kernel spends four seconds on importing TensorFlow, Keras and SciPy, and `run` and `test`
start a kernel for each notebook. Here the standard library's fork server imports them once. A
kernel that is forked from it has these libraries, and nothing of the course or of another notebook.
"""

import contextlib
import multiprocessing
import os
import runpy
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib
import pandas
import threadpoolctl

from tools.notebook.common import cores
from tools.notebook.processes import CONTEXT

POSSIBLE = sys.platform == "linux"
INLINE = "module://matplotlib_inline.backend_inline"
FRESH = "COURSE_FRESH_KERNEL"  # in the environment of a kernel that must import TensorFlow itself


class ForkedKernel(CONTEXT.Process):
    """A forked kernel, with what jupyter_client asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Return None while it runs, and then its exit code."""
        return self.exitcode

    def wait(self) -> int:
        """Wait until it has ended and return its exit code."""
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


@contextlib.contextmanager
def forked_kernels() -> Iterator[None]:
    """Let jupyter_client fork its kernels, except those whose environment has ``FRESH``."""
    from jupyter_client.provisioning import local_provisioner

    usual = local_provisioner.launch_kernel

    def launch(command: list[str], env: dict[str, str], **options: Any) -> Any:
        if FRESH in env:
            return usual(command, env=env, **options)
        return fork(command, env, options.get("cwd") or os.getcwd())

    if POSSIBLE:
        local_provisioner.launch_kernel = launch  # type: ignore[assignment]
    try:
        yield
    finally:
        local_provisioner.launch_kernel = usual


def needs(sources: Sequence[str]) -> dict[str, str]:
    """Return what code cells need in the environment: a fresh kernel settles which Keras is used.

    Legacy Keras must be chosen before TensorFlow is imported.
    """
    return {FRESH: "1"} if any("legacy_keras" in source for source in sources) else {}


def fork(command: Sequence[str], env: dict[str, str], folder: str) -> ForkedKernel:
    """Start the kernel of a command ``[python, "-m", "ipykernel_launcher", *arguments]``."""
    arguments = list(command[command.index("ipykernel_launcher") :])
    receiver, sender = CONTEXT.Pipe(duplex=False)
    kernel = ForkedKernel(target=become_kernel, args=(sender, arguments, env, folder))
    kernel.start()
    sender.close()
    with receiver, contextlib.suppress(EOFError):
        receiver.recv()  # it has its own group by now, which jupyter_client sends signals to
    return kernel


def become_kernel(ready: Any, arguments: list[str], env: dict[str, str], folder: str) -> None:
    """Turn this process, a fork, into an IPython kernel."""
    os.setsid()
    ready.send(True)
    ready.close()
    os.dup2(2, 1)  # the outputs of cells do not come this way
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    for name in [
        n for n in sys.modules if n.partition(".")[0] in ("tools", "utils", "data", "drawing")
    ]:
        del sys.modules[name]
    # Matplotlib read the name of its backend when it was loaded.
    matplotlib.rcParams["backend"] = env.get("MPLBACKEND", INLINE)
    # Linear algebra read the number of its threads when it was loaded.
    threads = env.get("OPENBLAS_NUM_THREADS") or env.get("OMP_NUM_THREADS") or cores()
    threadpoolctl.threadpool_limits(int(threads), user_api="blas")
    # pandas took the fork server for a terminal, and would cut tables at its width.
    pandas.set_option("display.max_columns", 20)
    multiprocessing.set_start_method(None, force=True)  # of what a notebook starts: the usual
    # ipykernel would import the debugger, for half a second, and nobody debugs here.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    sys.path.insert(0, "")  # as `python -m` does
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.argv = [*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"]
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


def end_with_parent() -> None:
    """End this process when the one is gone that asked for it, which is not the fork server."""
    multiprocessing.parent_process().join()  # type: ignore[union-attr]
    os._exit(1)
