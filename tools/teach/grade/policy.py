"""What a teacher decided beside marks: due dates, lateness, exceptions, what counts at all.

A ``Policy`` is what a file says, checked against the course (``policy_file.py``), and is kept with
the term. ``Rules`` is what follows from it for the students of a book. Both change no mark and hold
nothing that was counted: totals are made from marks and times by them, anew in each call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

from tools.teach.grade import clock
from tools.teach.grade.roster import Roster, Student, folded

Where = tuple[str, str, str]  # student, unit, notebook
EXTENSION, EXCUSED, BONUS = "extension", "excused", "bonus"


@dataclass(frozen=True)
class Late:
    """What lateness costs."""

    percent: float = 0.0  # of the notebook's points
    each: str = "day"  # begun, or "hour", or "once"
    of: str = "possible"  # which points those are: the most there is, or "earned"
    at_most_percent: float = 100.0  # of the same points
    grace_minutes: float = 0.0  # after a due date that still count as in time
    closed_after_days: int | None = None  # begun, from when on a late notebook counts nothing


@dataclass(frozen=True)
class Rule:
    """An extension, an excuse or a bonus for some students."""

    kind: str
    place: str  # In its file, for people
    students: tuple[str, ...] = ()  # As the file names them
    groups: tuple[str, ...] = ()
    # Where it holds; "" for all units, or all notebooks of the unit
    unit: str = ""
    notebook: str = ""
    # What it gives: an extension one of these two, a bonus points
    until: str = ""
    days: float = 0.0
    points: float = 0.0
    reason: str = ""  # Students read it

    def holds(self, where: Where) -> bool:
        """Say whether it holds for a notebook."""
        return self.unit in ("", where[1]) and self.notebook in ("", where[2])

    def excuses_from(self, unit: str) -> bool:
        """Say whether it excuses from all of a unit."""
        return self.kind == EXCUSED and self.unit in ("", unit) and not self.notebook

    def covers(self, other: Rule) -> bool:
        """Say whether it excuses from all of where another rule holds."""
        mine, its = (self.unit, self.notebook), (other.unit, other.notebook)
        return self.kind == EXCUSED and all(m in ("", i) for m, i in zip(mine, its, strict=True))

    @property
    def where(self) -> str:
        """What it holds for, for people."""
        return "/".join(filter(None, (self.unit, self.notebook))) or "all units"

    @property
    def said(self) -> str:
        """What it gives, for people."""
        more = (
            f"due {self.until}" if self.until else f"{self.days:g} day{'s' * (self.days != 1)} more"
        )
        gives = {
            EXTENSION: more,
            EXCUSED: "excused",
            BONUS: f"{self.points:g} point{'s' * (self.points != 1)} on top",
        }
        return f"{self.where}: {gives[self.kind]}{f' ({self.reason})' if self.reason else ''}"


@dataclass(frozen=True)
class Withdrawn:
    """A task that counts for nobody, or in full for all who handed its notebook in."""

    unit: str
    notebook: str
    task: str
    full: bool = False
    reason: str = ""

    @property
    def said(self) -> str:
        """What becomes of it, for students."""
        what = "all points for everybody who handed it in" if self.full else "counts for nobody"
        return f"withdrawn: {what}{f' ({self.reason})' if self.reason else ''}"


@dataclass(frozen=True)
class Policy:
    """What a file says; ``Policy()`` says nothing."""

    name: str = ""  # The file's
    timezone: str = ""  # "" for this machine's
    due: dict[str, str] = field(default_factory=dict)  # By ``unit`` or ``unit/notebook``
    late: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # Of ``Late``, by unit; "" for all
    assigned: dict[str, list[str]] = field(default_factory=dict)  # Notebooks by unit
    drop_lowest: dict[str, int] = field(default_factory=dict)  # By unit
    may_exceed: bool = False  # A bonus may lift a unit above its points
    rules: tuple[Rule, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()

    @classmethod
    def kept(cls, found: Mapping[str, Any]) -> Policy:
        """Return one from the JSON of ``as_json``."""
        rules = tuple(
            Rule(**r | {"students": tuple(r["students"]), "groups": tuple(r["groups"])})
            for r in found.get("rules", ())
        )
        withdrawn = tuple(Withdrawn(**w) for w in found.get("withdrawn", ()))
        return cls(**dict(found) | {"rules": rules, "withdrawn": withdrawn})

    def as_json(self) -> dict[str, Any]:
        """Return what JSON can hold of it; nothing of one that says nothing."""
        says = asdict(self) | {"name": ""} != asdict(Policy())
        return {**asdict(self), "rules": [asdict(r) for r in self.rules]} if says else {}

    @property
    def zone(self) -> clock.Zone:
        """The zone of its dates, and of clocks that say none."""
        return clock.zone_of(self.timezone)

    def due_text(self, unit: str, notebook: str) -> str:
        """Return the due date of a notebook as the file has it; "" if it has none."""
        return self.due.get(f"{unit}/{notebook}") or self.due.get(unit, "")


@dataclass(frozen=True)
class Rules:
    """What holds for the students of a book."""

    policy: Policy = field(default_factory=Policy)
    # What calls were told of a unit, for where the policy says nothing: its due date in seconds,
    # and what a late day costs in percent
    due: Mapping[str, float] = field(default_factory=dict)
    percent: Mapping[str, float] = field(default_factory=dict)
    mine: Mapping[str, list[Rule]] = field(default_factory=dict)  # Rules by student
    doubts: list[str] = field(default_factory=list)  # Rules that nobody or nothing fits

    @cached_property
    def zone(self) -> clock.Zone:
        """The zone of due dates."""
        return self.policy.zone

    @cached_property
    def withdrawn(self) -> dict[tuple[str, str, str], Withdrawn]:
        """Tasks that are withdrawn, by unit, notebook and task."""
        return {(w.unit, w.notebook, w.task): w for w in self.policy.withdrawn}

    def is_assigned(self, unit: str, notebook: str) -> bool:
        """Say whether a notebook counts in its unit."""
        return notebook in self.policy.assigned.get(unit, [notebook])

    def counts(self, place: tuple[str, str, str, str]) -> bool:
        """Say whether marks of a student's task count: nobody need give one otherwise."""
        where = place[:3]
        gone = place[1:] in self.withdrawn or not self.is_assigned(*where[1:])
        return not (gone or self.of(EXCUSED, where))

    def of(self, kind: str, where: Where) -> list[Rule]:
        """Return the rules of a kind that hold for a student's notebook."""
        return [r for r in self.mine.get(where[0], []) if r.kind == kind and r.holds(where)]

    def bonus(self, student: str, unit: str) -> list[Rule]:
        """Return what a student gets on top in a unit."""
        return [r for r in self.mine.get(student, []) if r.kind == BONUS and r.unit == unit]

    def due_for_all(self, unit: str, notebook: str) -> float | None:
        """Return the due date of a notebook without anybody's extension; None if it has none."""
        text = self.policy.due_text(unit, notebook)
        return clock.due(text, self.zone) if text else self.due.get(unit)

    def due_of(self, where: Where) -> float | None:
        """Return when a student's notebook is due: the latest of what holds for it."""
        base = self.due_for_all(*where[1:])
        if base is None:
            return None
        later = [until_of(rule, base, self.zone) for rule in self.of(EXTENSION, where)]
        return max([base, *later])

    def late(self, unit: str) -> Late:
        """Return what lateness costs in a unit."""
        told = {"percent": self.percent.get(unit, 0.0)}
        return Late(**told | self.policy.late.get("", {}) | self.policy.late.get(unit, {}))


def until_of(rule: Rule, base: float, zone: clock.Zone) -> float:
    """Return the due date that an extension gives."""
    return clock.due(rule.until, zone) if rule.until else clock.moved(base, rule.days, zone)


def resolve(
    policy: Policy,
    due: Mapping[str, float],
    percent: Mapping[str, float],
    people: Mapping[str, Student],
) -> Rules:
    """Return what holds for students, who are all of a book and its roster, by id."""
    known, doubts = Who(people.values()), []
    mine: dict[str, list[Rule]] = defaultdict(list)
    for rule in policy.rules:
        fitting, faults = known.meant(rule)
        doubts += [
            f"{policy.name}, {rule.place}: {fault}; so far it does nothing" for fault in faults
        ]
        for student in fitting:
            mine[student].append(rule)
    rules = Rules(policy, due, percent, mine, doubts)
    doubts += [d for rule in policy.rules if (d := idle(rule, rules) or in_vain(rule, rules))]
    doubts += twice(rules)
    return rules


def twice(rules: Rules) -> list[str]:
    """Say which bonuses somebody has two times: a file may name a student in two ways."""
    found = {}
    for student, mine in rules.mine.items():
        for one, other in combinations([r for r in mine if r.kind == BONUS], 2):
            if (one.said, one.points) == (other.said, other.points):
                told = f"{student} has it by {one.place}, too, and gets both; take one out"
                found.setdefault((one.place, other.place), f"{other.place}: {told}")
    return [f"{rules.policy.name}, {line}" for line in found.values()]


def idle(rule: Rule, rules: Rules) -> str:
    """Say why an extension changes nothing, "" if it may."""
    if rule.kind != EXTENSION:
        return ""
    at = f"{rules.policy.name}, {rule.place}"
    places = {(rule.unit, rule.notebook)} if rule.unit else {(unit, "") for unit in rules.due}
    if not rule.notebook:
        keys = (key.partition("/")[::2] for key in rules.policy.due)
        places |= {place for place in keys if rule.unit in ("", place[0])}
    dues = [due for place in places if (due := rules.due_for_all(*place)) is not None]
    if not dues:
        there = f"{rule.where} has no" if rule.unit else "no unit has a"
        return f"{at}: {there} due date that it could extend; give one below [due]"
    if all(until_of(rule, due, rules.zone) <= due for due in dues):
        was = clock.said_of(min(dues), rules.zone)
        return f"{at}: {rule.until} is not after the due date, {was}, and changes nothing"
    return ""


def in_vain(rule: Rule, rules: Rules) -> str:
    """Say for whom an extension or a bonus does nothing, since they are excused; "" for nobody.

    What a group has may be in vain for some of it.
    """
    fitting = [student for student, mine in rules.mine.items() if any(r is rule for r in mine)]
    excused = [
        student
        for student in fitting
        if any(
            r.excuses_from(rule.unit) if rule.kind == BONUS else r.covers(rule)
            for r in rules.mine[student]
        )
    ]
    if rule.kind == EXCUSED or not excused or (rule.groups and excused != fitting):
        return ""
    names = ", ".join(excused[:5]) + ", ..." * (len(excused) > 5)
    return f"{rules.policy.name}, {rule.place}: excused from it: {names}; it does nothing there"


class Who:
    """Finds the students whom a rule means.

    Parameters
    ----------
    students : iterable of Student
    """

    def __init__(self, students: Iterable[Student]) -> None:
        self.roster = Roster(students)
        self.groups: dict[str, list[str]] = defaultdict(list)
        for student in self.roster.students:
            parts = student.group.replace(";", ",").split(",")
            # As a whole, too: a platform's section may have a comma in its name
            for group in dict.fromkeys(map(plain, (student.group, *parts))):
                self.groups[group].append(student.id)
        self.groups.pop("", None)

    def group(self, text: str) -> list[str]:
        """Return the ids of a group, spelled so, or as only one group may be; none for no group."""
        if plain(text) in self.groups:
            return self.groups[plain(text)]
        near = [name for name in self.groups if folded(name) == folded(text) != ""]
        return self.groups[near[0]] if len(near) == 1 else []

    def meant(self, rule: Rule) -> tuple[list[str], list[str]]:
        """Return the ids of the students of a rule, and what is to be said of the others."""
        found, faults = [], []
        for text in rule.students:
            if student := self.roster.find(text):
                found.append(student.id)
            else:
                number = len(self.roster.by_text.get(folded(text), ()))
                fault = f"is {number} students: write the id" if number else "is nobody in the book"
                faults.append(f"student {text!r} {fault}")
        for text in rule.groups:
            found += (group := self.group(text))
            if not group:
                faults.append(f"group {text!r} is no group of the roster")
        return list(dict.fromkeys(found)), faults


def plain(text: str) -> str:
    """Return a name without what nobody sees of it: case and how many spaces; signs stay."""
    return " ".join(text.casefold().split())
