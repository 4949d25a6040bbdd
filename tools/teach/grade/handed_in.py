"""When work was handed in, as a platform's own table says.

The zips of Canvas and of a current Moodle give each file the time of the download. Moodle's grading
worksheet has the time of the hand-in, and any table may that has a column for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from tools.notebook.common import Problem
from tools.teach.grade import clock, sheets
from tools.teach.grade.platforms import words
from tools.teach.grade.roster import fault_of, plain_id
from tools.teach.grade.rows import visible
from tools.teach.grade.words import folded

TIMES = ("handed in", "submitted at", "last modified (submission)", "zuletzt geändert (abgabe)")
NONE = ("", "-")  # nothing was handed in
MOODLES = "Participant "  # stands before a number that is Moodle's, and no roster's id
# In English and German: another language's may begin as one of these, and be another month
MONTHS = (
    *("january jan januar jänner jän", "february feb februar feber", "march mar märz mär mrz"),
    *("april apr", "may mai", "june jun juni", "july jul juli", "august aug"),
    *("september sep sept", "october oct oktober okt", "november nov", "december dec dezember dez"),
)
# Monday, 31 May 2027, 6:05 PM; Montag, 31. Mai 2027, 18:05
SPELLED = re.compile(
    r"(?:\w+, )?(\d{1,2})\.? (\w+)\.? (\d{4}), (\d{1,2}):(\d\d)(?::\d\d)?(?: ?([AP])\.?M\.?)?",
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
    """Return times as ISO texts, by the id, number or name that the table has.

    The number of Moodle's ``Participant 123`` stays apart from a roster's id, by ``MOODLES``.
    """
    sheet = sheets.read(path)
    heads = [visible(heading).lower() for heading in sheet.headings]
    whos = [head for head in heads if folded(head) in words("id")]
    whens = [head for name in TIMES for head in heads if head == name]
    if not (whos and whens):
        raise Problem(
            f"{path.name} needs a column id (Moodle: Identifier) and one of {', '.join(TIMES)}; "
            f"its first line is {visible(sheet.between.join(sheet.headings))[:200]!r}"
        )
    for head in (whos[0], whens[0]):
        if heads.count(head) > 1:
            raise Problem(f"{path.name} has the column {head!r} twice; take one out")
    who, when = heads.index(whos[0]), heads.index(whens[0])
    found: dict[str, str] = {}
    for number, line in enumerate(sheet.lines, start=2):
        text, said = line[who].strip(), line[when].strip()
        if said in NONE:
            continue
        at, student = f"{path.name}, line {number}", plain_id(text)
        try:
            time = iso(said)
        except ValueError:
            raise Problem(
                f"{at}: {visible(said)[:60]!r} is no time; write it as 2027-05-31T18:05"
            ) from None
        moodles = folded(text.removesuffix(student)) in words("participant")
        key = f"{MOODLES}{student}" if moodles else student
        if fault := fault_of(student, ()) or (
            "" if found.get(key, time) == time else f"{visible(text)[:60]!r} is there twice"
        ):
            raise Problem(f"{at}: {fault}")
        found[key] = time
    return found


def iso(text: str) -> str:
    """Return a time as an ISO text; raises ValueError for what is none."""
    match = SPELLED.fullmatch(" ".join(text.split()))
    if not match:
        if len(text) <= len("2027-05-31"):
            raise ValueError(text)
        return of_term(datetime.fromisoformat(text))
    day, name, year, hour, minute, half = match.groups()
    month = next((n for n, names in enumerate(MONTHS, 1) if name.lower() in names.split()), 0)
    hours = int(hour) % 12 + 12 * (half.upper() == "P") if half else int(hour)
    return of_term(datetime(int(year), month, int(day), hours, int(minute)))


def of_term(said: datetime) -> str:
    """Return a time as an ISO text; raises ValueError for a year that is none of a term."""
    if not clock.in_term(said):
        raise ValueError(said.year)
    return said.isoformat()
