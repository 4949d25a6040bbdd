"""When work was handed in, as a platform's own table says.

The zips of Canvas and of a current Moodle give each file the time of the download. Moodle's grading
worksheet has the time of the hand-in, and any table may that has a column for it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tools.notebook.common import Problem
from tools.teach.grade import clock
from tools.teach.grade.marks import text_of
from tools.teach.grade.platforms import words
from tools.teach.grade.roster import plain_id
from tools.teach.grade.rows import visible
from tools.teach.grade.words import folded

TIMES = ("handed in", "submitted at", "last modified (submission)", "zuletzt geändert (abgabe)")
NONE = ("", "-")  # nothing was handed in
MONTHS = ("jan", "feb", "mar|mär", "apr", "may|mai", "jun", "jul", "aug", "sep", "oct|okt", "nov",
          "dec|dez")  # fmt: skip
# Monday, 31 May 2027, 6:05 PM; Montag, 31. Mai 2027, 18:05
SPELLED = re.compile(
    r"(?:\w+, )?(\d{1,2})\.? (\w{3})\w*\.? (\d{4}), (\d{1,2}):(\d\d)(?::\d\d)?(?: ?([AP])\.?M\.?)?",
    re.IGNORECASE,
)


def read(texts: Iterable[str], units: list[str]) -> dict[str, dict[str, str]]:
    """Return times as ISO texts, by unit and by id, number or name, of ``UNIT=FILE.csv`` texts.

    Raises Problem if a table cannot be read, or a time in it, with its line.
    """
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        name, _, path = text.partition("=")
        fitting = [unit for unit in units if name in (unit, unit[:2])]
        if not path or len(fitting) != 1:
            raise Problem(
                f"--times {text}: write the unit before the table, such as 06=worksheet.csv; there "
                f"are {', '.join(units)}"
            )
        found.setdefault(fitting[0], {}).update(of_table(Path(path)))
    return found


def of_table(path: Path) -> dict[str, str]:
    """Return times as ISO texts, by the id, number or name that the table has."""
    text = text_of(path)
    lines = text.splitlines(keepends=True)
    heading = lines[0] if lines else ""
    separator = max(",;\t", key=heading.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    names = {cell.strip().lower(): cell for cell in table.fieldnames or () if cell}
    who = next((cell for name, cell in names.items() if folded(name) in words("id")), None)
    when = next((names[n] for n in TIMES if n in names), None)
    if not (who and when):
        raise Problem(
            f"{path.name} needs a column id (Moodle: Identifier) and one of {', '.join(TIMES)}; "
            f"its first line is {visible(heading.strip())[:200]!r}"
        )
    found = {}
    for line in lines_of(table, path.name):
        said, student = (line[when] or "").strip(), plain_id((line[who] or "").strip())
        if student and said not in NONE:
            try:
                found[student] = iso(said)
            except ValueError:
                raise Problem(
                    f"{path.name}, line {table.line_num}: {visible(said)[:60]!r} is no time; write "
                    "it as 2027-05-31T18:05"
                ) from None
    return found


def lines_of(table: csv.DictReader, name: str) -> Iterator[dict[str, str | None]]:
    """Yield the lines of a table; raises Problem where it is no CSV."""
    try:
        yield from table
    except csv.Error as error:
        raise Problem(f"{name}, line {table.line_num}: {error}; save it as CSV anew") from None


def iso(text: str) -> str:
    """Return a time as an ISO text; raises ValueError for what is none."""
    match = SPELLED.fullmatch(" ".join(text.split()))
    if not match:
        if len(text) <= len("2027-05-31"):
            raise ValueError(text)
        return of_term(datetime.fromisoformat(text))
    day, name, year, hour, minute, half = match.groups()
    month = next((n for n, names in enumerate(MONTHS, 1) if re.match(names, name.lower())), 0)
    hours = int(hour) % 12 + 12 * (half.upper() == "P") if half else int(hour)
    return of_term(datetime(int(year), month, int(day), hours, int(minute)))


def of_term(said: datetime) -> str:
    """Return a time as an ISO text; raises ValueError for a year that is none of a term."""
    if not clock.in_term(said):
        raise ValueError(said.year)
    return said.isoformat()
