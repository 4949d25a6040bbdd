"""One bar for long work, in a terminal or a notebook."""

from __future__ import annotations

import sys

from tqdm import tqdm


def bar(total: int, description: str, unit: str = "step") -> tqdm:
    """Return a bar of ``total`` steps: call ``update(n)`` for what is done, ``close()`` at the end.

    In a notebook the bar lives in one output and ends as one line without times, so that a
    repeated run leaves the same output behind.
    """
    line = _Line() if _in_kernel() else None
    look = {"leave": False, "mininterval": 0.5, "ncols": 90}
    progress = _Bar(desc=description, total=total, unit=unit, file=line or sys.stderr, **look)
    progress.line = line
    return progress


class _Bar(tqdm):
    """A bar whose last word says how many there were."""

    line: _Line | None = None

    def close(self) -> None:
        """Take the bar away; in a notebook leave one line."""
        super().close()
        if self.line is not None:
            self.line.end(f"{self.desc}: {self.n} {self.unit}{'s' * (self.n != 1)}")


class _Line:
    """A text stream that shows only its last line, in one output of the notebook."""

    def __init__(self) -> None:
        from IPython.display import display

        self.handle = display({"text/plain": ""}, raw=True, display_id=True)

    def write(self, text: str) -> None:
        if line := text.strip():
            self.end(line)

    def flush(self) -> None:
        """Do nothing: every line is shown when it is written."""

    def end(self, line: str) -> None:
        self.handle.update({"text/plain": line}, raw=True)


def _in_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
