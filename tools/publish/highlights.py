"""The findings that the README and the book's first page begin with."""

from __future__ import annotations

from typing import Any, NamedTuple

from tools.notebook.common import Notebook


class Highlight(NamedTuple):
    """A finding in words, with the numbers of its full run."""

    notebook: Notebook
    picture: str  # the name of a figure of the full run, without its ending
    title: str
    text: str
    caption: str  # of the figure, where it needs one


def told(notebooks: list[Notebook], full: dict[str, Any]) -> list[Highlight]:
    """Return the findings that lessons put forward, with the numbers of accepted full runs."""
    found = []
    for notebook in notebooks:
        if entry := notebook.lesson.get("highlight"):
            metrics = full[notebook.name]["metrics"].items()
            numbers = {name: mean(told["value"]) for name, told in metrics if "value" in told}
            text = " ".join(entry["text"].split())
            title = percent(entry["title"].format(**numbers))
            text = percent(text.format(**numbers))
            caption = entry.get("caption", "")
            found.append(Highlight(notebook, entry["picture"], title, text, caption))
    return found


def percent(text: str) -> str:
    """Return a sentence with a space, at which no line ends, before each sign of per cent."""
    return text.replace("%", "\N{NO-BREAK SPACE}%")


def mean(value: Any) -> Any:
    """Return a number as it is, and the mean of several."""
    return sum(value) / len(value) if isinstance(value, list) and value else value
