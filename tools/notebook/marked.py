"""Parts of a written page that the course fills in: between a mark that names one and its end."""

from collections.abc import Iterable, Mapping

from tools.notebook.common import Problem

MARKS = "<!-- {part}: by `course.py report` -->", "<!-- /{part} -->"


def filled(text: str, parts: Mapping[str, str], file: str) -> str:
    """Return the text of a file with each part between its marks; Problem if it lacks them."""
    for part, lines in parts.items():
        begin, end = (mark.format(part=part) for mark in MARKS)
        if begin not in text or end not in text:
            raise Problem(f"{file} lacks the marks {begin} and {end} around its {part}")
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{lines.strip()}\n{end}{rest.partition(end)[2]}"
    return text


def without(text: str, parts: Iterable[str]) -> str:
    """Return a text in which the marks of some parts are gone, and what they enclose stands."""
    for part in parts:
        begin, end = (mark.format(part=part) for mark in MARKS)
        text = text.replace(f"{begin}\n", "").replace(f"\n{end}", "")
    return text
