"""A teacher's file of policies: read, checked against the course, each mistake told in a line."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from tools.notebook.common import Problem, shown
from tools.teach.grade import clock
from tools.teach.grade.policy import (
    BONUS,
    EXCUSED,
    EXTENSION,
    Late,
    Policy,
    Rule,
    Who,
    Withdrawn,
    plain,
)
from tools.teach.grade.roster import Student
from tools.teach.grade.rows import visible

SAMPLE = Path(__file__).with_name("policy.toml")
MAX_BYTES = 1_000_000
MOST_DAYS = 3_650
KEYS = ("timezone", "due", "late", "assigned", "drop_lowest", "may_exceed", EXTENSION, EXCUSED,
        BONUS, "withdrawn")  # fmt: skip
WHO = ("student", "group")
GIVES = {EXTENSION: ("until", "days"), EXCUSED: (), BONUS: ("points",)}
LATE = tuple(f.name for f in fields(Late))
EACH, OF = ("day", "hour", "once"), ("possible", "earned")
COUNTS = ("nobody", "everybody")
Tasks = Callable[[str, str], Iterable[str]]


class Fault(Exception):
    """One mistake, told in one line."""


def read(
    path: Path,
    known: Iterable[tuple[str, str]],
    tasks: Tasks,
    people: Mapping[str, Student] | None = None,
) -> Policy:
    """Return what a file says.

    ``known`` are the units and notebooks of the course, and ``tasks`` names the tasks of one. With
    a roster in ``people``, students by id, whom nobody fits is a mistake, too. Raises Problem with
    a line for each mistake.
    """
    checked = Checked(known, tasks)
    policy = checked.policy(visible(path.name), content_of(path))
    faults = [*checked.faults, *contradictions(policy.rules, people or {})]
    faults += strangers(policy, people) if people else []
    if faults:
        number = "a mistake" if len(faults) == 1 else f"{len(faults)} mistakes"
        lines = "".join(f"\n  {visible(fault)}" for fault in faults)
        raise Problem(f"{path.name} has {number}, and nothing was changed:{lines}")
    return policy


def content_of(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; raises Problem, with the line, if it is none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Problem(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB: no policy")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Problem(f"{shown(path)} can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Problem(f"{path.name} is not in UTF-8 ({error.reason}); save it as that") from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        number = re.search(r"at line (\d+)", str(error))
        line = text.splitlines()[int(number[1]) - 1 :][:1] if number else []
        there = f": {visible(line[0].strip())[:80]!r}" if line else ""
        raise Problem(
            f"{path.name} is no TOML ({error}){there}; names with a / and texts stand in quotes, "
            "dates are written 2027-05-31, and each table and key stands there once"
        ) from None


def strangers(policy: Policy, people: Mapping[str, Student]) -> list[str]:
    """Say which students and groups of a policy are not on the roster."""
    who, found = Who(people.values()), []
    names = [text for s in people.values() for text in (s.name, s.id)]
    for rule in policy.rules:
        for fault in who.meant(rule)[1]:
            meant = re.search(r"'(.*)' is nobody", fault)
            near = like(meant[1], names) if meant else ""
            found.append(f"{rule.place}: {fault.replace('in the book', 'on the roster')}{near}")
    return found


def like(text: str, names: Iterable[str]) -> str:
    """Return what may have been meant, for the end of a line."""
    near = difflib.get_close_matches(text, [n for n in names if n], 2, 0.75)
    return f"; is {' or '.join(near)} meant?" if near else ""


class Checked:
    """The parts of a file, each looked at by itself, so that all mistakes are told at once.

    Parameters
    ----------
    known : iterable of (unit, notebook)
    tasks : callable
        Names the tasks of a unit's notebook.
    """

    def __init__(self, known: Iterable[tuple[str, str]], tasks: Tasks) -> None:
        self.known, self.tasks = list(known), tasks
        self.units = list(dict.fromkeys(unit for unit, _ in self.known))
        self.faults: list[str] = []
        self.assigned: dict[str, list[str]] = {}

    def policy(self, name: str, found: dict[str, Any]) -> Policy:
        """Return what is right of a file's content; ``faults`` says what is not."""
        self._try(partial(only, found, KEYS, "the file"))
        zone = self._try(partial(self._zone, found.get("timezone", ""))) or ""
        self.assigned = self._by_place(found, "assigned", self._notebooks, units=True)
        drop = self._by_place(found, "drop_lowest", self._drop, units=True)
        due = self._by_place(found, "due", partial(self._due, clock.zone_of(zone)))
        exceed = self._try(partial(truth, found.get("may_exceed", False), "may_exceed")) or False
        rules: list[Rule] = []
        for kind in (EXTENSION, EXCUSED, BONUS):
            rules += self._each(found, kind, partial(self._rule, kind, clock.zone_of(zone)))
        gone = self._each(found, "withdrawn", self._withdrawn)
        self.faults += doubled(gone)
        late = self._late(found.get("late", {}))
        return Policy(name, zone, due, late, self.assigned, drop, exceed, tuple(rules), tuple(gone))

    # ------------------------------------------------------------ how parts are looked at

    def _try(self, check: Callable[[], Any]) -> Any:
        """Return what a check returns; None if it finds a mistake, which is noted."""
        try:
            return check()
        except Fault as fault:
            self.faults.append(str(fault))
            return None

    def _table(self, found: dict[str, Any], name: str) -> dict[str, Any]:
        """Return a table of the file; an empty one if there is none."""
        table = found.get(name, {})
        if isinstance(table, dict):
            return table
        self.faults.append(f"{name} = {table!r:.80}: it has to be a table: [{name}]")
        return {}

    def _by_place(
        self, found: dict[str, Any], name: str, check: Callable, *, units: bool = False
    ) -> dict[str, Any]:
        """Return a table with a value for each unit or notebook."""
        values: dict[str, Any] = {}
        spelled: dict[str, str] = {}
        for text, value in self._table(found, name).items():
            try:
                unit, notebook = self._place(text, f"[{name}] {text}", units=units)
                key = "/".join(filter(None, (unit, notebook)))
                if key in spelled:
                    raise Fault(
                        f"[{name}] {text}: {spelled[key]} says it, too: {key}; take one out"
                    )
                spelled[key] = text
                values[key] = check(f"[{name}] {text} = {told(value)}", value, unit)
            except Fault as fault:
                self.faults.append(str(fault))
        return values

    def _each(self, found: dict[str, Any], name: str, check: Callable) -> list[Any]:
        """Return the entries of an array of tables that are right."""
        entries = found.get(name, [])
        if not (isinstance(entries, list) and all(isinstance(e, dict) for e in entries)):
            self.faults.append(f"{name}: each has to be a table below a line [[{name}]]")
            return []
        checked = [
            self._try(partial(check, f"[[{name}]] number {number}", entry))
            for number, entry in enumerate(entries, 1)
        ]
        return [entry for entry in checked if entry is not None]

    # ------------------------------------------------------------ places

    def _place(self, text: Any, at: str, *, units: bool = False) -> tuple[str, str]:
        """Return the unit and the notebook, "" for all of them, that a text such as 06/02 means."""
        if not isinstance(text, str):
            raise Fault(f'{at}: {told(text)} has to be a text, such as "06" or "06/02"')
        first, slash, second = text.strip().partition("/")
        unit = one_of(self.units, first, f"{at}: unit")
        if not slash:
            return unit, ""
        if units:
            raise Fault(f"{at}: it holds for a unit; write {unit[:2]}")
        mine = [notebook for name, notebook in self.known if name == unit]
        notebook = one_of(mine, second, f"{at}: notebook of {unit}")
        self._see_assigned(unit, notebook, at)
        return unit, notebook

    def _see_assigned(self, unit: str, notebook: str, at: str) -> None:
        have = self.assigned.get(unit, [notebook])
        if notebook not in have:
            raise Fault(f"{at}: [assigned] has {', '.join(have)} of {unit} and not {notebook}")

    def _notebooks(self, at: str, value: Any, unit: str) -> list[str]:
        mine = [notebook for name, notebook in self.known if name == unit]
        if not (isinstance(value, list) and value and all(isinstance(v, str) for v in value)):
            raise Fault(f'{at}: it has to be a list of notebooks, such as ["01", "03"]')
        named = {one_of(mine, v.rpartition("/")[2], f"{at}: notebook") for v in value}
        return [notebook for notebook in mine if notebook in named]

    def _drop(self, at: str, value: Any, unit: str) -> int:
        have = len(self.assigned.get(unit, [u for u, _ in self.known if u == unit]))
        number = int(number_in(value, at, 0, whole=True))
        if number >= have:
            raise Fault(f"{at}: {unit} has {have} notebooks that count, and one has to be left")
        return number

    # ------------------------------------------------------------ dates, lateness

    def _zone(self, value: Any) -> str:
        at = f"timezone = {told(value)}"
        try:
            clock.zone_of(value if isinstance(value, str) else "/")
        except ValueError as error:
            near = like(str(value), zoneinfo.available_timezones())
            raise Fault(f'{at}: {error}; write one such as "Europe/Berlin"{near}') from None
        return value

    def _due(self, zone: clock.Zone, at: str, value: Any, unit: str = "") -> str:
        text = value.isoformat() if isinstance(value, date | datetime) else value
        if not isinstance(text, str):
            raise Fault(f'{at}: it is no date; write 2027-05-31 or "2027-05-31 18:00"')
        try:
            clock.due(text, zone)
        except ValueError as error:
            raise Fault(f"{at}: {error}") from None
        return text

    def _late(self, table: Any) -> dict[str, dict[str, Any]]:
        if not isinstance(table, dict):
            table = self._table({"late": table}, "late")
        everywhere = {k: v for k, v in table.items() if not isinstance(v, dict)}
        found = {"": self._late_in("[late]", everywhere)}
        for text, inner in table.items():
            if isinstance(inner, dict):
                place = self._try(partial(self._place, text, f"[late.{text}]", units=True))
                if place and place[0] in found:
                    self.faults.append(f"[late.{text}]: {place[0]} is there twice; take one out")
                elif place:
                    found[place[0]] = self._late_in(f"[late.{text}]", inner, found[""])
        return {unit: says for unit, says in found.items() if says}

    def _late_in(
        self, at: str, table: dict[str, Any], before: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return what one table says of lateness, beside what one ``before`` it says."""
        self._try(partial(only, table, LATE, at))
        limits = {"percent": 100, "at_most_percent": 100, "grace_minutes": 60 * 24 * 31,
                  "closed_after_days": MOST_DAYS}  # fmt: skip
        words = {"each": EACH, "of": OF}
        found = {}
        for key, value in table.items():
            said = f"{at} {key} = {told(value)}"
            check: Callable[[], Any] = partial(
                number_in, value, said, 0, limits.get(key, 0), whole=key == "closed_after_days"
            )
            if key in words:
                check = partial(word_in, value, said, words[key])
            if key in LATE and (one := self._try(check)) is not None:
                found[key] = one
        both = (before or {}) | found
        if both.get("at_most_percent", 100) < both.get("percent", 0):
            cap, each = both["at_most_percent"], both["percent"]
            self.faults.append(
                f"{at}: at_most_percent = {cap:g} is less than percent = {each:g}; one is wrong"
            )
        return found

    # ------------------------------------------------------------ exceptions

    def _rule(self, kind: str, zone: clock.Zone, at: str, entry: dict[str, Any]) -> Rule:
        only(entry, (*WHO, "where", "reason", *GIVES[kind]), at)
        students, groups = (texts(entry.get(key, []), f"{at}: {key}") for key in WHO)
        if not (students or groups):
            raise Fault(f'{at}: whose is it? It needs student = "..." or group = "..."')
        at = f"{at} ({', '.join((*students, *groups))[:60]})"
        unit, notebook = "", ""
        if "where" in entry:
            unit, notebook = self._place(entry["where"], at)
        elif kind == BONUS:
            raise Fault(f'{at}: it needs where = "06" or "06/02"')
        reason = one_text(entry.get("reason", ""), f"{at}: reason")
        given = {EXTENSION: self._extension, EXCUSED: lambda *_: {}, BONUS: bonus}[kind]
        more = given(entry, at, zone)
        return Rule(kind, at, students, groups, unit, notebook, reason=reason, **more)

    def _extension(self, entry: dict[str, Any], at: str, zone: clock.Zone) -> dict[str, Any]:
        if ("until" in entry) == ("days" in entry):
            what = "both: take one out" if "until" in entry else "neither: give one"
            raise Fault(f"{at}: until = DATE or days = NUMBER; it has {what}")
        if "until" in entry:
            return {
                "until": self._due(zone, f"{at}: until = {told(entry['until'])}", entry["until"])
            }
        said = f"{at}: days = {told(entry['days'])}"
        days = number_in(entry["days"], said, 0, MOST_DAYS, above=True)
        return {"days": days}

    def _withdrawn(self, at: str, entry: dict[str, Any]) -> Withdrawn:
        only(entry, ("task", "counts_for", "reason"), at)
        text = one_text(entry.get("task", ""), f"{at}: task")
        place, colon, task = text.partition(":")
        if not (colon and "/" in place):
            raise Fault(f'{at}: it needs task = "06/02:name_of_the_task"; it has {text!r}')
        unit, notebook = self._place(place, f"{at} ({text})")
        name = one_of(list(self.tasks(unit, notebook)), task, f"{at}: task of {unit}/{notebook}")
        said = entry.get("counts_for", "nobody")
        counts = word_in(said, f"{at} ({text}): counts_for = {told(said)}", COUNTS)
        reason = one_text(entry.get("reason", ""), f"{at}: reason")
        return Withdrawn(unit, notebook, name, counts == "everybody", reason)


def bonus(entry: dict[str, Any], at: str, zone: clock.Zone = None) -> dict[str, Any]:
    """Return what a bonus gives."""
    if "points" not in entry:
        raise Fault(f"{at}: it needs points = NUMBER")
    points = number_in(
        entry["points"], f"{at}: points = {told(entry['points'])}", 0, 1e4, above=True
    )
    return {"points": points}


# ------------------------------------------------------------------ values


def told(value: Any) -> str:
    """Return a value as its file may have it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"{value!r:.80}" if not isinstance(value, bool) else str(value).lower()


def only(table: dict[str, Any], keys: Iterable[str], at: str) -> None:
    """Raise Fault for keys that nobody knows."""
    keys = list(keys)
    if unknown := [key for key in table if key not in keys]:
        near = like(unknown[0], keys)
        raise Fault(f"{at}: there is no key {unknown[0]!r}; there are {', '.join(keys)}{near}")


def one_of(names: list[str], text: str, what: str) -> str:
    """Return the one name that a text means, in full or by its two digits."""
    fitting = [n for n in names if text and text in (n, n[:2] if n[:2].isdigit() else n)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Fault(f"{what} {text!r} may be {' or '.join(fitting)}: write the name in full")
    near = like(text, names)
    raise Fault(f"{what}: there is no {text!r}; there are {', '.join(names)[:300]}{near}")


def number_in(
    value: Any, at: str, low: float, high: float = math.inf, *, whole: bool = False,
    above: bool = False,
) -> float:  # fmt: skip
    """Return a number between bounds."""
    good = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not (good and low <= value <= high and (value > low or not above)):
        kind = "a whole number" if whole else "a number"
        least = f"above {low:g}" if above else f"of {low:g} or more"
        most = f" and at most {high:g}" if math.isfinite(high) else ""
        raise Fault(f"{at}: it has to be {kind} {least}{most}")
    return value


def word_in(value: Any, at: str, words: Iterable[str]) -> str:
    """Return one of some words."""
    if value not in (words := list(words)):
        raise Fault(f"{at}: it has to be {' or '.join(map(repr, words))}")
    return value


def truth(value: Any, key: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise Fault(f"{key} = {told(value)}: it has to be true or false")
    return value


def one_text(value: Any, at: str) -> str:
    """Return a text, in one line."""
    if not isinstance(value, str):
        raise Fault(f"{at} = {told(value)}: it has to be a text in quotes")
    return " ".join(value.split())


def texts(value: Any, at: str) -> tuple[str, ...]:
    """Return one text or several."""
    values = [value] if isinstance(value, str) else value
    if not (isinstance(values, list) and all(isinstance(v, str) and v.strip() for v in values)):
        raise Fault(
            f'{at} = {told(value)}: it has to be a text in quotes, or a list ["...", "..."]'
        )
    return tuple(v.strip() for v in values)


# ------------------------------------------------------------------ rules that contradict


def contradictions(rules: Iterable[Rule], people: Mapping[str, Student]) -> list[str]:
    """Say which rules say different things of the same students and the same place.

    Where ``people`` are known, it is they who are compared, however a rule spells them; else it is
    the texts.
    """
    on: dict[tuple[str, ...], list[tuple[str, Rule, bool]]] = defaultdict(list)
    known = Who(people.values())
    for rule in rules:
        for key, (name, by_group) in on_whom(rule, known).items():
            on[*key, rule.unit, rule.notebook].append((name, rule, by_group))
    found: dict[tuple[str, str], str] = {}
    for mine in on.values():
        for (_, first, one), (who, second, other) in combinations(mine, 2):
            # A group's date and a student's own may both be meant: the latest counts
            if clash(first, second) and (first.kind == second.kind == BONUS or not (one or other)):
                told = f"{first.place} is on {who} and {second.where}, too; take one out"
                found.setdefault((first.place, second.place), f"{second.place}: {told}")
    return list(found.values())


def on_whom(rule: Rule, who: Who) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return whom a rule is on, each once: their names, and whether by a group alone."""
    found = {}
    for text in rule.students:
        student = who.roster.find(text)
        key = ("person", student.id) if student else ("student", plain(text))
        found.setdefault(key, (f"student {text}", False))
    for text in rule.groups:
        found.setdefault(("group", plain(text)), (f"group {text}", False))
        for one in who.group(text):
            found.setdefault(("person", one), (f"student {one}", True))
    return found


def clash(first: Rule, second: Rule) -> bool:
    """Say whether two rules on one student and place can't both be meant."""
    kinds = {first.kind, second.kind}
    if kinds == {EXTENSION}:
        return (first.until, first.days) != (second.until, second.days)
    if kinds == {BONUS}:
        return (first.points, first.reason) == (second.points, second.reason)
    return kinds == {EXTENSION, EXCUSED}


def doubled(withdrawn: Iterable[Withdrawn]) -> list[str]:
    """Say which tasks are withdrawn twice."""
    seen, found = set(), []
    for one in withdrawn:
        key = (one.unit, one.notebook, one.task)
        if key in seen:
            found.append(f"[[withdrawn]]: {'/'.join(key)} is there twice; take one out")
        seen.add(key)
    return found
