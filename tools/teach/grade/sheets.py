"""Tables as other programs write them: read whole, and written back in the same form.

Moodle, Canvas, Excel and LibreOffice differ in letters (UTF-8, UTF-16, each with or without a mark
in front), in what stands between cells, in line ends, and some put a line ``sep=;`` first.
``read(path)`` takes them all; ``Sheet.written(rows)`` gives other rows the form of the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.notebook.common import Problem

MAX_BYTES = 5_000_000
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)  # Excel's own first line


@dataclass(frozen=True)
class Sheet:
    """A table, and the form in which it was written."""

    name: str  # Of its file
    rows: list[list[str]]  # The first one are the headings
    mark: bytes = b""  # In front of all
    letters: str = "utf-8"
    first: str = ""  # The line ``sep=;``, where there is one
    between: str = ","
    end: str = "\n"

    @property
    def headings(self) -> list[str]:
        """The first line's cells, without spaces around."""
        return [cell.strip() for cell in self.rows[0]] if self.rows else []

    @property
    def lines(self) -> list[list[str]]:
        """The other lines, each with as many cells as there are headings."""
        wide = len(self.rows[0]) if self.rows else 0
        return [row + [""] * (wide - len(row)) for row in self.rows[1:]]

    def written(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Return rows in the form of this table."""
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.between, lineterminator=self.end).writerows(rows)
        return self.mark + (self.first + text.getvalue()).encode(self.letters)


def read(path: Path) -> Sheet:
    """Return a table with its form.

    Raises Problem if it can't be read, is too large, or is no CSV in UTF-8 or UTF-16.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Problem(f"{path} is larger than {MAX_BYTES // 1_000_000} MB: no roster")
        return of_bytes(path.name, path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise Problem(f"{path} is no CSV that can be read: {error}") from None


def of_bytes(name: str, content: bytes) -> Sheet:
    """Return the table that a file holds; raises UnicodeDecodeError or csv.Error where none is."""
    found = ((mark, letters) for mark, letters in MARKS if content.startswith(mark))
    mark, letters = next(found, (b"", unmarked(content)))
    text = content[len(mark) :].decode(letters)
    told = SEPARATOR.match(text)
    first = told[0] if told else ""
    text = text[len(first) :]
    between = told[1] if told else max(",;\t", key=lambda sign: len(first_row(text, sign)))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    end = "\r\n" if "\r\n" in text else "\n"
    return Sheet(name, [row for row in rows if row], mark, letters, first, between, end)


def unmarked(content: bytes) -> str:
    """Return the letters of a file without a mark: no text in UTF-8 has a byte 0."""
    if 0 not in content:
        return "utf-8"
    return "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"


def first_row(text: str, between: str) -> list[str]:
    """Return the headings, if this sign stands between them."""
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=between), [])
