"""One bar for long work, in a terminal or a notebook.

What makes or fetches data shows a bar with a ``delay``: it appears once the work has taken that
long, and never where outputs are written into ``notebooks/`` or compared with those there, since
the next time the data are at hand and there is nothing to show.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from tqdm import tqdm

T = TypeVar("T")

COMMITTED = "COURSE_COMMITTED"  # set by `course.py run` where outputs are to be committed
DELAY = 1.0  # seconds of work that nobody need be told of


def bar(total: int, description: str, unit: str = "step", *, delay: float = 0.0) -> tqdm:
    """Return a bar of ``total`` steps: call ``update(n)`` for what is done, ``close()`` at the end.

    In a notebook the bar lives in one output and ends as one line without times, so that a
    repeated run leaves the same output behind. The unit "B" stands for bytes; with the unit "",
    the bar shows a share and no numbers. A bar with a ``delay`` appears after so many seconds, or
    not at all.
    """
    line = _Line() if _in_kernel() else None
    hidden = bool(delay) and line is not None and _is_compared()
    look: dict[str, Any] = {
        "leave": False,
        "mininterval": 0.5,
        "ncols": 90,
        "unit_scale": unit == "B",
    }
    if unit == "":
        look["bar_format"] = "{l_bar}{bar}| {elapsed}<{remaining}"
    given = {"desc": description, "total": total, "unit": unit, "delay": delay, "disable": hidden}
    progress = _Bar(file=line or sys.stderr, **given, **look)
    progress.line = line
    return progress


def counted(items: Iterable[T], total: int, description: str) -> Iterator[T]:
    """Yield items, of which there are ``total``; if that takes long, a bar says how far it is."""
    with bar(total, description, unit="", delay=DELAY) as progress:
        for item in items:
            yield item
            progress.update()


class _Bar(tqdm):
    """A bar whose last word says how many there were."""

    line: _Line | None = None

    def reset(self, total: float | None = None) -> None:
        """Begin again, as pooch does before it fills its bar; what is shown stays."""
        self.n = 0

    def close(self) -> None:
        """Take the bar away; in a notebook leave one line, if it was shown."""
        was_open = not getattr(self, "disable", True)
        super().close()
        if was_open and self.line is not None and self.line.handle is not None:
            # Where outputs are shown as plain text, what is printed next begins a line.
            end = "\n" if self.delay else ""
            self.line.end(f"{self.desc}: {self._last_word()}{end}")

    def _last_word(self) -> str:
        if self.delay:
            return "done" if self.n >= self.total else "stopped"
        return f"{self.n} {self.unit}{'s' * (self.n != 1)}"


class _Line:
    """A text stream that shows only its last line, in one output of the notebook."""

    handle: Any = None  # of the output, from the first line on

    def write(self, text: str) -> None:
        if line := text.strip():
            self.end(line)

    def flush(self) -> None:
        """Do nothing: every line is shown when it is written."""

    def end(self, line: str) -> None:
        from IPython.display import display

        shown = {"text/plain": line}
        if self.handle is None:
            self.handle = display(shown, raw=True, display_id=True)
        else:
            self.handle.update(shown, raw=True)


def _in_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _is_compared() -> bool:
    """Say whether `run --update` writes this run's outputs, or a test compares them."""
    return any(os.environ.get(name) for name in (COMMITTED, "PYTEST_CURRENT_TEST"))
