"""What check and grade ask of a file that is handed in: which notebook it is, and its size."""

import re
from collections.abc import Iterable, Iterator, Sequence

MAX_BYTES = 25_000_000  # of a notebook without its outputs
MAX_FILE = 250_000_000  # bytes of a notebook with its outputs, and of a zip within a zip
MAX_SKIPPED = 10_000_000  # brackets in outputs: a million takes a third of a second
MAX_LISTS = 1_000_000  # lists and groups of values in the file: each takes a hundred bytes
CLEAR = "clear its outputs (Edit, Clear Outputs of All Cells), save it, and hand that in"
# What nobody grades, of any size. Strings are found whole: what code quotes is none of it.
STRING = rb'"(?:[^"\\]++|\\.)*+"'
SKIPPED = rb'"(?:outputs|attachments|widgets)"\s*+:\s*+(?=[\[{])'
TO_SKIPPED = re.compile(rb'(?:[^"]++|(?!' + SKIPPED + rb")" + STRING + rb")*+" + SKIPPED, re.DOTALL)
TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + STRING + rb")*+[\[\]{}]", re.DOTALL)


class Course:
    """The notebooks of the course, by unit or other assignment, found by the names of files.

    ``folders`` are further names of folders that hold notebooks.
    """

    def __init__(self, notebooks: Iterable[tuple[str, str]], folders: Iterable[str] = ()) -> None:
        self.known = list(notebooks)
        self.units = any_of({unit for unit, _ in self.known} | set(folders))
        self.notebooks = any_of({name for _, name in self.known})

    def notebooks_of(self, parts: Sequence[str]) -> list[tuple[str, str]]:
        """Return the notebooks that the last part of a path means, in the units that others mean.

        More than one, or none, is not clear: such a file is not graded.
        """
        *folders, last = parts
        names = {name.casefold() for name in self.notebooks.findall(last)}
        units = {unit.casefold() for unit in self.units.findall("/".join(folders))}
        fitting = [(unit, name) for unit, name in self.known if name.casefold() in names]
        return [(unit, name) for unit, name in fitting if unit.casefold() in units] or fitting


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds names as whole words; of two that fit, the longer."""
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)


def too_large(content: bytes) -> str:
    """Return why a notebook, with its outputs or without, is not graded; "" if it is."""
    if len(content) > MAX_FILE:
        size, most = (f"{n / 1e6:.0f} MB" for n in (len(content), MAX_FILE))
        return f"the file has {size}, and at most {most} are graded; {CLEAR}"
    rest = without_outputs(content)
    if len(rest) > MAX_BYTES:
        size, most = (f"{n / 1e6:.0f} MB" for n in (len(rest), MAX_BYTES))
        return f"the file has {size} without its outputs, and at most {most} are graded"
    if rest.count(b"[") + rest.count(b"{") > MAX_LISTS:
        return f"the file has more than {MAX_LISTS:,} brackets, and is not graded; {CLEAR}"
    return ""


def without_outputs(content: bytes) -> bytes:
    """Return a notebook's bytes without its outputs, attachments and the states of widgets.

    Only these are left out, byte for byte, so that a file that is no notebook stays what it is.
    """
    parts, here, left = [], 0, iter(range(MAX_SKIPPED))
    while (found := TO_SKIPPED.match(content, here)) and (
        end := end_of_value(content, found.end(), left)
    ):
        parts += [content[here : found.end()], b"[]"]
        here = end
    return b"".join([*parts, content[here:]])


def end_of_value(content: bytes, here: int, left: Iterator[int]) -> int:
    """Return where a list or an object of a JSON text ends; 0 where it does not.

    It may have as many brackets as ``left`` yields.
    """
    depth = 0
    for _ in left:
        if not (found := TO_BRACKET.match(content, here)):
            break
        here = found.end()
        depth += 1 if content[here - 1] in b"[{" else -1
        if not depth:
            return here
    return 0
