"""A pytest plugin that makes nbval see a dead kernel, wait for slow outputs, and fork kernels.

nbval waits for a reply until its cell timeout although the kernel is gone, gives an output five
seconds after the reply, with no option to change either, and has no limit for a whole notebook.
With ``--notebook-timeout=SECONDS`` all cells of a notebook together may take that long. Loaded by
``course.py test`` with its ``-p``; it reaches into nbval, whose version is pinned, and has a test
of its own. Kernels come from `tools.notebook.kernels`.
"""

import time
from contextlib import nullcontext
from queue import Empty
from typing import Any

import pytest
from nbval import kernel as nbval_kernel
from nbval import plugin as nbval_plugin

from tools.notebook import kernels

OUTPUT_SECONDS = 60
NOTEBOOK = {"seconds": float("inf")}  # set by the option
_await_reply = nbval_kernel.RunningKernel.await_reply
_init = nbval_plugin.IPyNbCell.__init__
_setup = nbval_plugin.IPyNbFile.setup


def await_reply(self: Any, msg_id: str, timeout: float | None = None) -> Any:
    """Wait for a reply in steps of a second, and look each time whether the kernel lives.

    The wait ends after ``timeout``, or when the time of the whole notebook is over.
    """
    now = time.monotonic()
    self.first_asked = getattr(self, "first_asked", now)
    ends = [] if timeout is None else [now + timeout]
    end = min([*ends, self.first_asked + NOTEBOOK["seconds"]])
    while True:
        try:
            return _await_reply(self, msg_id, timeout=1.0)
        except Empty:
            if not self.is_alive():
                pytest.fail(
                    "the kernel died (out of memory, or a crash in native code)", pytrace=False
                )
            if time.monotonic() > end:
                raise


def init(self: Any, *args: Any, **kwargs: Any) -> None:
    """Give an output a minute after the reply."""
    _init(self, *args, **kwargs)
    self.output_timeout = OUTPUT_SECONDS


def setup(self: Any) -> None:
    """Start a notebook's kernel, forked where that can be done."""
    code = [cell.source for cell in self.nb.cells if cell.cell_type == "code"]
    with nullcontext() if kernels.needs(code) else kernels.forked_kernels():
        _setup(self)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take ``--notebook-timeout``."""
    help_text = "seconds that all cells of a notebook may take together"
    parser.addoption("--notebook-timeout", type=float, default=float("inf"), help=help_text)


def pytest_configure(config: pytest.Config) -> None:
    """Put the replacements in place."""
    NOTEBOOK["seconds"] = config.option.notebook_timeout
    nbval_kernel.RunningKernel.await_reply = await_reply
    nbval_plugin.IPyNbCell.__init__ = init
    nbval_plugin.IPyNbFile.setup = setup
