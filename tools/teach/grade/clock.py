"""Moments and what clocks say of them: due dates, late days, and the two days of 23 and 25 hours.

A moment is in seconds since 1970. What a clock says is a ``datetime`` without a zone; it means a
moment with a ``Zone``, and None stands for this machine's. In the hour that clocks repeat in
autumn it means two moments: of a due date the later one counts and of a hand-in the earlier one,
so that nobody is late by the change of clocks.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = 86_400.0  # seconds
EARLIEST, LATEST = 1980, 2200  # years of a term
FAR = 3_660  # days from which on nobody counts days by the calendar
Zone = ZoneInfo | None
UTC = ZoneInfo("UTC")  # in which no hour is skipped


def zone_of(name: str) -> Zone:
    """Return a zone, this machine's for ""; raises ValueError if there is none of this name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, a long name
        raise ValueError(f"there is no time zone {name!r}") from None


def in_term(said: datetime) -> bool:
    """Say whether a date may be one of a term; far ones are none that all zones can tell."""
    return EARLIEST <= said.year <= LATEST


def on_clock(moment: float, zone: Zone) -> datetime:
    """Return what clocks say at a moment."""
    return datetime.fromtimestamp(moment, zone).replace(tzinfo=None, fold=0)


def moments(said: datetime, zone: Zone) -> tuple[float, float]:
    """Return the first and the last moment that what a clock says may mean."""
    both = [said.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)]
    return min(both), max(both)


def due(text: str, zone: Zone) -> float:
    """Return the moment up to which work is in time.

    A date means the end of that day; a time without an offset is the zone's, the later one where
    there are two. Raises ValueError, whose text says what to write, for what is none.
    """
    text = text.strip()
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date; write 2027-05-31 or 2027-05-31T18:00") from None
    if not in_term(said):
        raise ValueError(f"{text!r} is no date of a term; write the year in full, such as 2027")
    if said.tzinfo:
        return said.timestamp()
    if len(text) <= len("2027-05-31"):
        midnight = said + timedelta(days=1)  # the first one, should clocks say it twice
        return midnight.replace(tzinfo=zone, fold=0).timestamp()
    moment = moments(said, zone)[1]
    if on_clock(moment, zone) != said:
        where = f" in {zone.key}" if zone else " here"
        raise ValueError(f"{text!r} is no time{where}: clocks skip it; write another hour")
    return moment


def moved(moment: float, days: float, zone: Zone) -> float:
    """Return the moment some days later at the same time of the clock."""
    return moments(on_clock(moment, zone) + timedelta(days=days), zone)[1]


def days_begun(when: float, due: float, zone: Zone) -> int:
    """Return how many days after a due date have begun at a moment; 0 in time.

    Each ends at the due date's own time of the clock, after 23, 24 or 25 hours.
    """
    if when <= due:
        return 0
    if when - due > FAR * DAY:
        return math.ceil((when - due) / DAY)
    days = max(1, round((when - due) / DAY) - 1)
    while when > moved(due, days, zone):
        days += 1
    return days


def lateness(when: float, due: float, zone: Zone) -> float:
    """Return how much later than a due date a moment is, in seconds, for people; 0 in time.

    From a day on it is what clocks and calendars make of it, so that it fits the days begun.
    """
    late = max(0.0, when - due)
    if not DAY - 7_200 < late <= FAR * DAY:
        return late
    return (on_clock(when, zone) - on_clock(due, zone)).total_seconds()


def said_of(moment: float, zone: Zone) -> str:
    """Return a due date for people."""
    try:
        said = on_clock(moment, zone)
    except (OverflowError, ValueError, OSError):
        return "no date"
    where = f" ({zone.key})" if zone else ""
    if said.time() == datetime.min.time():
        return f"the end of {date.fromordinal(said.toordinal() - 1)}{where}"
    return f"{said:%Y-%m-%d %H:%M}{where}"
