"""What check and grade ask of a file that is handed in: which notebook it is, and its size."""

import re
from collections.abc import Iterable, Sequence

MAX_BYTES = 25_000_000
MAX_LISTS = 1_000_000  # lists and groups of values in the file: each takes a hundred bytes
CLEAR = "clear its outputs (Edit, Clear Outputs of All Cells), save it, and hand that in"


class Course:
    """The notebooks of the course, by unit and name, found by the names of files."""

    def __init__(self, notebooks: Iterable[tuple[str, str]]) -> None:
        self.known = list(notebooks)
        self.units = any_of({unit for unit, _ in self.known})
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
    """Return why a file is too large to be graded; "" if it is not."""
    if len(content) > MAX_BYTES:
        size, most = (f"{bytes_ / 1e6:.0f} MB" for bytes_ in (len(content), MAX_BYTES))
        return f"the file has {size}, and at most {most} are graded; {CLEAR}"
    if content.count(b"[") + content.count(b"{") > MAX_LISTS:
        return f"the file has more than {MAX_LISTS:,} brackets, and is not graded; {CLEAR}"
    return ""
