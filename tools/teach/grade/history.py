"""What became of marks: who changed which, when, from what and to what.

It follows from the gradebook: what a mark is now is compared with what the history last said of
it. So a change that no call has noted, by another program or because a call ended early, is noted
by the next one.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.teach.grade import kept
from tools.teach.grade.rows import Place, Row, visible

HISTORY = "history.jsonl"
GRADER = "the grader"
DECIDED: Place = ("", "", "", "")  # stands for what was decided for all: its policy
SOMEBODY = "another program, or a call that ended early"
Mark = dict[str, Any]  # points (None while it waits), of, by_hand, review, comment


@dataclass(frozen=True)
class Entry:
    """One change of one mark."""

    when: str  # in UTC
    who: str
    how: str
    place: Place
    # The mark; None where there was or is none
    before: Mark | None
    after: Mark | None
    said: str = ""  # The fingerprint of the line by which a person changed it


def login() -> str:
    """Return who calls, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no user of this number
        return "somebody"


def read(out: Path) -> list[Entry]:
    """Return the history of a book, the oldest change first."""
    path = out / HISTORY
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise kept.damaged(path, error) from None
    return [Entry(**line | {"place": tuple(line["place"])}) for line in found]


def mark_of(row: Row) -> Mark:
    """Return the mark of a row."""
    points = None if row.unmarked else row.points
    more = {"by_hand": row.by_hand, "review": row.review, "comment": row.comment}
    return {"points": points, "of": row.of} | more


def last(entries: Iterable[Entry]) -> dict[Place, Entry]:
    """Return the last change of each mark."""
    return {entry.place: entry for entry in entries}


def note(
    out: Path,
    table: Iterable[Row],
    who: str,
    how: str,
    *,
    lines: Mapping[Place, tuple[str, str]] | None = None,
    gone: str = "",
    known_alone: bool = False,
) -> None:
    """Note what has changed in the marks since the last call of this.

    ``lines`` are the lines of tables by which somebody changed marks: where it stands, and its
    fingerprint. ``gone`` is a student whose marks were taken out. With ``known_alone``, automatic
    marks of which the history says nothing are not yet looked at.
    """
    entries, now = read(out), datetime.now(UTC).isoformat(timespec="seconds")
    known = last(entries)
    marks: dict[Place, Mark | None] = {
        row.place: mark_of(row)
        for row in table
        if row.place in known or row.by_hand or row.comment or (row.answer and not known_alone)
    }
    marks |= dict.fromkeys((p for p in known if gone and p[0] == gone), None)
    new = []
    for place, after in sorted(marks.items(), key=lambda one: one[0]):
        before = known[place].after if place in known else None
        if before != after:
            place_how, said = (lines or {}).get(place, (how, ""))
            new.append(Entry(now, who, place_how, place, before, after, said))
    if new:
        text = "".join(json.dumps(vars(entry)) + "\n" for entry in [*entries, *new])
        write_text(out / HISTORY, text)


def decided(entries: Iterable[Entry]) -> Mark:
    """Return what was decided for all when that was last noted."""
    return (last(entries).get(DECIDED) or Entry("", "", "", DECIDED, None, None)).after or {}


def note_decided(
    out: Path, after: Mark, totals: Mapping[tuple[str, str], tuple[str, str]], who: str, how: str
) -> None:
    """Note what is decided for all now, and the totals that it changes.

    ``totals`` are those of units before and after, as texts, by student and unit.
    """
    entries, now = read(out), datetime.now(UTC).isoformat(timespec="seconds")
    new = [Entry(now, who, how, DECIDED, decided(entries), after)]
    new += [
        Entry(now, who, how, (student, unit, "", ""), {"total": was}, {"total": then})
        for (student, unit), (was, then) in sorted(totals.items())
    ]
    text = "".join(json.dumps(vars(entry)) + "\n" for entry in [*entries, *new])
    write_text(out / HISTORY, text)


# ------------------------------------------------------------------ for people


def told(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a line for each change."""
    for entry in entries:
        when = datetime.fromisoformat(entry.when).astimezone()
        where = "/".join(filter(None, entry.place[1:]))
        what = f"{where}: {mark(entry.before)} -> {mark(entry.after)}"
        yield visible(f"{when:%Y-%m-%d %H:%M}  {what}  ({entry.who}: {entry.how})")


def mark(found: Mark | None) -> str:
    """Return a mark as text."""
    if found is None:
        return "nothing"
    if "total" in found:
        return f"in all {found['total']}"
    waits = found["points"] is None
    text = "waits for a mark" if waits else f"{found['points']:g} of {found['of']:g}"
    text += " by hand" if found["by_hand"] else ""
    text += ", to be looked at again" if found["review"] and not waits else ""
    return f"{text}, {found['comment']!r}" if found["comment"] else text
