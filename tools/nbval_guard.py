"""A pytest plugin that makes nbval see a dead kernel, and wait for slow outputs.

nbval waits for a reply until its cell timeout although the kernel is gone, and gives an output
five seconds after the reply, with no option to change either. Loaded by ``course.py test`` with
``-p tools.nbval_guard``; it reaches into nbval, whose version is pinned, and has a test of its own.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

import pytest
from nbval import kernel as nbval_kernel
from nbval import plugin as nbval_plugin

OUTPUT_SECONDS = 60
_await_reply = nbval_kernel.RunningKernel.await_reply
_init = nbval_plugin.IPyNbCell.__init__


def await_reply(self: Any, msg_id: str, timeout: float | None = None) -> Any:
    """Wait for a reply in steps of a second, and look each time whether the kernel lives."""
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        try:
            return _await_reply(self, msg_id, timeout=1.0)
        except Empty:
            if not self.is_alive():
                pytest.fail(
                    "the kernel died (out of memory, or a crash in native code)", pytrace=False
                )
            if end is not None and time.monotonic() > end:
                raise


def init(self: Any, *args: Any, **kwargs: Any) -> None:
    """Give an output a minute after the reply."""
    _init(self, *args, **kwargs)
    self.output_timeout = OUTPUT_SECONDS


def pytest_configure(config: pytest.Config) -> None:
    """Put the two replacements in place."""
    nbval_kernel.RunningKernel.await_reply = await_reply
    nbval_plugin.IPyNbCell.__init__ = init
