"""One bar for long work, in a terminal or a notebook: `data.core.progress` has it."""

from data.core.progress import bar

__all__ = ["bar"]
