"""A pytest plugin that makes nbval see a dead kernel, wait for slow outputs, and fork kernels.

nbval waits for a reply until its cell timeout although the kernel is gone, and gives an output five
seconds after the reply, with no option to change either. A cell may ask nbval to skip it: here it
is executed. ``course.py test`` loads this with pytest's ``-p``; it reaches into nbval, whose
version is pinned. Kernels come from `tools.notebook.kernels`.
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
_await_reply = nbval_kernel.RunningKernel.await_reply
_setup = nbval_plugin.IPyNbFile.setup


def await_reply(self: Any, msg_id: str, timeout: float) -> Any:
    """Wait for a reply in steps of a second, and look each time whether the kernel lives."""
    end = time.monotonic() + timeout
    while True:
        try:
            return _await_reply(self, msg_id, timeout=1.0)
        except Empty:
            if not self.is_alive():
                pytest.fail("the kernel died (out of memory, or a crash)", pytrace=False)
            if time.monotonic() > end:
                raise


def setup(self: Any) -> None:
    """Start a notebook's kernel, forked where that can be done."""
    code = [cell.source for cell in self.nb.cells if cell.cell_type == "code"]
    with nullcontext() if kernels.needs(code) else kernels.forked_kernels():
        _setup(self)


def pytest_configure() -> None:
    """Put the replacements in place."""
    nbval_kernel.RunningKernel.await_reply = await_reply
    nbval_plugin.IPyNbFile.setup = setup


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give an output a minute after the reply, and skip no cell."""
    if isinstance(item, nbval_plugin.IPyNbCell):
        item.output_timeout = OUTPUT_SECONDS
        item.options["skip"] = False
