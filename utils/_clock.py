"""How long a training took, while `course.py train` has a notebook trained: steps and seconds."""

from __future__ import annotations

import functools
import time
from typing import Any


class Clock:
    """Counts the steps of all optimizers, and the seconds of the cells that made some.

    A notebook trains several networks, looks at data and draws: of a checkpoint's time counts what
    was spent since the one before it, and of that the cells alone in which an optimizer moved.
    """

    def __init__(self) -> None:
        self._iterations: list[Any] = []  # a variable of each optimizer that was ever made
        self._seen = 0
        self._set_back = 0  # steps of optimizers that began anew
        self._steps, self._seconds = 0, 0.0
        self._since = time.monotonic()
        self._watch_optimizers()
        self._watch_cells()

    def take(self) -> tuple[int, float]:
        """Return steps and seconds since it was last asked, this cell's first part with them."""
        self._end_cell()
        told = self._steps, self._seconds
        self._steps, self._seconds = 0, 0.0
        return told

    def _watch_optimizers(self) -> None:
        import keras

        begin = keras.optimizers.Optimizer.__init__

        @functools.wraps(begin)
        def made(optimizer: Any, *args: Any, **options: Any) -> None:
            begin(optimizer, *args, **options)
            self._iterations.append(optimizer.iterations)
            self._keep_what_a_reset_takes(optimizer.iterations)

        keras.optimizers.Optimizer.__init__ = made

    def _keep_what_a_reset_takes(self, iterations: Any) -> None:
        """Count on where an optimizer is put back to its first state, to train once more."""
        import tensorflow as tf

        assign = iterations.assign

        def assigned(value: Any) -> Any:
            if tf.executing_eagerly():  # not while a step is traced
                self._set_back += max(0, int(iterations.value) - int(value))
            return assign(value)

        iterations.assign = assigned

    def _watch_cells(self) -> None:
        from IPython import get_ipython

        if (shell := get_ipython()) is not None:
            shell.events.register("pre_run_cell", lambda *_: self._begin_cell())
            shell.events.register("post_run_cell", lambda *_: self._end_cell())

    def _begin_cell(self) -> None:
        self._since = time.monotonic()

    def _end_cell(self) -> None:
        now = time.monotonic()
        counted = self._set_back + sum(int(one.value) for one in self._iterations)
        if counted != self._seen:
            self._seconds += now - self._since
        self._steps += counted - self._seen
        self._seen, self._since = counted, now


@functools.cache
def running() -> Clock:
    """Return the clock of this process; the first call starts it."""
    return Clock()
