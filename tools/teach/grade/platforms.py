"""Which columns of a table hold what: a roster, Moodle's worksheet or Canvas's gradebook export.

Moodle writes its worksheet in the language of whoever downloads it, and takes it back in that
language alone. So headings are known by their words in ``moodle.toml``; where a site has others
(another language, its own translation), by what always stands at which place: first Moodle's
``Participant 123``, and the grade beside the highest one, which is the same in each line.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.teach.grade.rows import number
from tools.teach.grade.sheets import Sheet
from tools.teach.grade.words import folded

# By language and column
LANGUAGES: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("moodle.toml").read_text(encoding="utf-8")
)
# What a roster of one's own, and Canvas, may call them
OWN = {
    "id": ("id",),
    "name": ("name", "student"),
    "email": ("email", "sis login id"),
    "group": ("group", "groups", "section"),
}


@dataclass(frozen=True)
class Form:
    """The places of columns in a table; -1 for what it has not."""

    platform: str = ""  # "Moodle" or "Canvas"; "" for a roster of one's own
    id: int = -1
    name: int = -1
    given: int = -1  # A first name in a column of its own
    email: int = -1
    group: int = -1
    # Of Moodle
    points: int = -1
    most: int = -1
    participant: str = ""  # What stands before each student's number

    @property
    def taken(self) -> set[int]:
        """The places of the columns that are known."""
        return {place for place in vars(self).values() if isinstance(place, int)}


def form_of(sheet: Sheet) -> Form:
    """Return where a table of people has what; ``id`` is -1 where no column can be one."""
    heads = [folded(heading) for heading in sheet.headings]
    if "id" in heads and {"sisloginid", "sisuserid", "section"} & set(heads) and (
        {"student", "lastname"} & set(heads)
    ):  # fmt: skip
        return canvas(heads)
    return (None if is_own(heads) else moodle(sheet, heads)) or own(sheet, heads)


def canvas(heads: list[str]) -> Form:
    """Return where Canvas's gradebook has what: it speaks English to everybody."""
    name = place_of(heads, ["student"])
    return Form(
        "Canvas",
        id=place_of(heads, ["id"]),
        name=name if name >= 0 else place_of(heads, ["lastname"]),
        given=-1 if name >= 0 else place_of(heads, ["firstname"]),
        email=place_of(heads, ["sisloginid"]),
        group=place_of(heads, ["section"]),
    )


def moodle(sheet: Sheet, heads: list[str]) -> Form | None:
    """Return where Moodle's grading worksheet has what; None if the table is none."""
    first = [line[0] for line in sheet.lines]
    word = participant(first)
    most = place_of(heads, words("most"))
    if most < 2:
        most = next(full_marks(sheet), -1)
    if not word or most < 2:
        return None
    points = most - 1
    for place in range(most - 1, 0, -1):  # a worksheet of a scale has nothing else in between
        if heads[place] in words("points"):
            points = place
            break
    email = place_of(heads, words("email"))
    email = email if email > 0 else addresses(sheet)
    name = place_of(heads, words("name"))
    if not 0 < name < points:
        name = 1 if points > 2 and several(line[1] for line in sheet.lines) else -1
    return Form(
        "Moodle",
        id=0,
        name=name if name != email else -1,
        email=email,
        group=place_of(heads, [folded(word) for word in OWN["group"]]),
        points=points,
        most=most,
        participant=word,
    )


def is_own(heads: list[str]) -> bool:
    """Say whether a roster of one's own has such headings: its words, and none that Moodle has.

    What its columns hold may look like Moodle's: ``s901``, a group 1, a year 2027.
    """
    fields = ("name", "group", "email") if heads[:1] == ["id"] else ("name", "group")
    known = {folded(word) for field in fields for word in OWN[field]} | {"firstname", "lastname"}
    moodles = (words("id") - {"id"}) | words("most")
    return not known.isdisjoint(heads) and moodles.isdisjoint(heads)


def own(sheet: Sheet, heads: list[str]) -> Form:
    """Return where a roster has what, by the names of its columns."""
    id_, name, email, group = (
        place_of(heads, {folded(word) for word in OWN[field]} | words(field)) for field in OWN
    )
    if id_ < 0 and participant(line[0] for line in sheet.lines):
        id_ = 0
    family, given = place_of(heads, ["lastname"]), place_of(heads, ["firstname"])
    split = name < 0 and min(family, given) >= 0
    return Form(
        id=id_,
        name=family if split else name,
        given=given if split else -1,
        email=email if email >= 0 else addresses(sheet),
        group=group,
    )


# ------------------------------------------------------------------ how columns are known


@functools.cache
def words(field: str) -> frozenset[str]:
    """Return what all languages call a column, as ``folded`` has it."""
    return frozenset(folded(word) for each in LANGUAGES.values() for word in each.get(field, ()))


def place_of(heads: list[str], wanted: Container[str]) -> int:
    """Return the first column that has one of these names; -1 for none."""
    return next((place for place, head in enumerate(heads) if head in wanted), -1)


def participant(cells: Iterable[str]) -> str:
    """Return what stands before the numbers in a column, if it is Moodle's: the same in each."""
    found = [re.fullmatch(r"(\D*[^\d.,+-])\d+", cell.strip()) for cell in cells]
    known = {match[1] for match in found if match}
    return known.pop() if len(known) == 1 and all(found) else ""


def full_marks(sheet: Sheet) -> Iterator[int]:
    """Yield the columns of one number, right of a column of numbers up to that, or of none."""
    for place in range(2, len(sheet.headings)):
        values = {number(line[place]) for line in sheet.lines}
        most = values.pop() if len(values) == 1 else -1.0
        left = [line[place - 1].strip() for line in sheet.lines]
        if most > 0 and all(not cell or 0 <= number(cell) <= most for cell in left):
            yield place


def addresses(sheet: Sheet) -> int:
    """Return the column of e-mail addresses, known by its cells; -1 for none."""
    for place in range(1, len(sheet.headings)):
        cells = [line[place].strip() for line in sheet.lines if line[place].strip()]
        if cells and all(re.fullmatch(r"[^\s@]+@[^\s@]+", cell) for cell in cells):
            return place
    return -1


def several(cells: Iterable[str]) -> bool:
    """Say whether cells differ as names do: those of a status repeat."""
    known = list(cells)
    return 2 * len(set(known)) > len(known)


def is_student(sheet: Sheet, form: Form, line: list[str]) -> bool:
    """Say whether a line is a student's.

    Canvas has lines of its own: the highest points, which assignments are posted by hand, and a
    student who only shows what students see, with a random login.
    """
    if form.platform != "Canvas":
        return any(cell.strip() for cell in line)
    who = (line[form.id].strip(), line[form.name].strip(), line[max(form.email, 0)].strip())
    invented = form.email >= 0 and re.fullmatch(r"[0-9a-f]{40}", who[2])
    name = {folded(who[1]), folded(line[form.given]) if form.given >= 0 else ""}
    tester = name & {"studenttest", "teststudent"} or name == {"test", "student"}
    posted = not any(who)
    return not (posted or is_most(form, line) or invented or tester)


def is_most(form: Form, line: list[str]) -> bool:
    """Say whether a line of Canvas's gradebook has the highest points."""
    return not line[form.id].strip() and line[0].strip().lower().startswith("points possible")
