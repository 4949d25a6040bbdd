"""Whose a file is, and which notebook of the course, as its place tells.

A platform's download has the student's number in its names: Moodle's ``NAME_123_assignsubmission_``
in a folder or a file, Canvas's ``name_77_991_`` (user, attachment) and ``anon_abcde_991_`` in a
file. That number is who the student is. Names are written by the students: a place that can be
read in two ways is nobody's. The outermost mark counts, since what lies within a student's own
folder or zip is theirs to name.

Elsewhere the outermost folder is the student (``STUDENT/UNIT/NOTEBOOK.ipynb``), but for folders
that are around all.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tools.teach.grade.students import Student, Students, folded, spellings

LONGEST = 120  # characters of a name that are kept
DEPTH = 8  # folders of a place that are looked at
# Its last ``_`` is left to a second mark that begins with it.
MOODLE = re.compile(
    r"_([0-9]{1,18})_assignsubmission(?=_)(?:_[a-z]+)?(?:_(?![0-9]{1,18}_assignsubmission_))?"
)
CANVAS = re.compile(r"(?=_(?:LATE_)?([0-9]{1,18})_([0-9]{1,18})_)")
ANONYMOUS = re.compile(r"(?:LATE_)?anon_(?:LATE_)?([A-Za-z0-9]{1,20})_(?:([0-9]{1,18})_)?")
# What is put before and after a name where a file is copied, or handed in again.
COPY_OF = re.compile(r"(?:copy|kopie|copie|copia)[ _+](?:of|von|de)[ _+]$", re.IGNORECASE)
DOWNLOAD = re.compile(r" ?\([0-9]{1,4}\)$")
LEADING = re.compile(rf"(?:{COPY_OF.pattern[:-1]})+", re.IGNORECASE)
AGAIN = re.compile(r"(?:-([0-9]{1,4})| ?\(([0-9]{1,4})\)| ?-? ?copy ?([0-9]{0,4}))$", re.IGNORECASE)


def clean(text: str, longest: int = 300) -> str:
    """Return a text as every file, terminal and database takes it."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)[:longest]


def label(name: str) -> str:
    """Return a name as a student's id: no two names have one.

    What ``clean`` writes for a byte that is no text, or for a control character, stands for that
    alone; for anything else that it changes or cuts, the name's SHA-256 is added.
    """
    known = all(
        (c.isprintable() and c != "\\") or c < " " or "\udc80" <= c <= "\udcff" for c in name
    )
    if known and len(name) <= LONGEST:
        return clean(name)
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{clean(name, LONGEST)} ~{digest}"


# ------------------------------------------------------------------ which notebook


@dataclass(frozen=True)
class What:
    """The notebook of the course that a file is."""

    unit: str
    notebook: str
    before: str  # What stands before the notebook's own name
    version: int  # What a second upload or download appends

    @property
    def exact(self) -> bool:
        """Whether nothing but a platform's mark stands before the notebook's own name."""
        marks = r"(?:^|_assignsubmission_[a-z]+_|_[0-9]+_[0-9]+_|anon_[A-Za-z0-9]+_(?:[0-9]+_)?)$"
        return bool(re.search(marks, self.before[-80:]))


def what(parts: Sequence[str], known: Collection[tuple[str, str]]) -> What | str:
    """Return which notebook a path means, or why it means none."""
    if not parts or not parts[-1].lower().endswith(".ipynb"):
        return "no notebook"
    stem = parts[-1][: -len(".ipynb")]
    fits = {name: fit for _, name in known if (fit := before(stem, name))}
    if not fits:
        return "no notebook of this course by its name"
    notebook = max(fits, key=len)
    units = [unit for unit, name in known if name == notebook]
    unit = units[0] if len(units) == 1 else unit_of(parts[:-1], units)
    if not unit:
        return f"{' and '.join(units)} have one of this name, and no folder says which it is"
    packed = [fit[1] for part in parts[:-1] if (fit := before(part, unit))]
    left, version = fits[notebook]
    return What(unit, notebook, left, max([version, *packed]))


def before(text: str, name: str) -> tuple[str, int] | None:
    """Return what stands before a name of the course, and the number that a copy has behind it.

    None where the name is not there. Copies are ``-1``, `` (1)``, ``-Copy1``, `` copy 2`` and
    ``Copy of``; a name of the course may end like that itself.
    """
    version = 0
    while not text.endswith(name):
        match = AGAIN.search(text, max(0, len(text) - 40))
        if not match:
            return None
        text, said = text[: match.start()], match[1] or match[2] or match[3]
        version = max(version, int(said or 1))
    left = text[: -len(name)]
    while match := COPY_OF.search(left, max(0, len(left) - 40)):
        left = left[: match.start()]
    return (left, version) if not left or left[-1] in "_ -" else None


def unit_of(folders: Sequence[str], units: Iterable[str]) -> str:
    """Return the unit that the innermost folder with a unit's name names; "" if none does."""
    for folder in reversed(folders):
        for unit in units:
            if before(folder, unit):
                return unit
    return ""


# ------------------------------------------------------------------ what a place claims


@dataclass(frozen=True)
class Claim:
    """Whose a file is, as its place says it."""

    # A platform's number, and the name beside it; several if the place can be read in several ways,
    # none where no platform has put one
    numbers: dict[str, str] = field(default_factory=dict)
    # The folders around that mark, or all that may be a student's; those of units left out
    around: tuple[str, ...] = ()
    loose: str = ""  # What stands before the notebook's own name, where there is no mark
    attachment: int = 0  # Canvas's number of the upload: a later one is larger
    fault: str = ""  # Why the number is not believed; "" if it is
    shared: bool = False  # The folder around the mark holds work without one, too


def claim(parts: Sequence[str], zips: Collection[int], alone: str, units: Iterable[str]) -> Claim:
    """Return what a place claims.

    ``parts`` are folders and zips from the outside in, then the file; ``zips`` says which of them
    are zips, and ``alone`` what stands before the notebook's own name in the file's. ``units`` are
    those of the course.
    """
    around: list[str] = []
    inside_unit = False
    for place, part in enumerate(parts[:-1]):
        left = next((fit[0] for u in units if (fit := before(part, u))), part)
        if marked := marks(left, is_file=place in zips):
            return Claim(marked[0], tuple(around), attachment=marked[1])
        if place in zips:
            left = DOWNLOAD.sub("", LEADING.sub("", left))
        name = left if left == part else left.rstrip("_ -")
        if name and not inside_unit and around[-1:] != [name] and len(around) < DEPTH:
            around.append(name)
        inside_unit = inside_unit or (left != part and bool(around))
    if marked := marks(alone, is_file=True):
        return Claim(marked[0], tuple(around), attachment=marked[1])
    return Claim({}, tuple(around), alone.strip("_ -"))


def marks(text: str, *, is_file: bool) -> tuple[dict[str, str], int] | None:
    """Return the numbers that a platform may have put into a name, and Canvas's of the upload."""
    moodle = [m for m in MOODLE.finditer(text) if m.start()]
    found = {m[1]: text[: m.start()] for m in reversed(moodle)}
    # Canvas's mark behind Moodle's: of the two, one was in the student's own name.
    at = moodle[-1].end() if moodle else 0
    if not is_file or (moodle and not CANVAS.match(f"_{text[at:].lstrip('_')}")):
        return (found, 0) if found else None
    if anonymous := ANONYMOUS.match(text):
        return found | {f"anon_{anonymous[1]}": ""}, int(anonymous[2] or 0)
    canvas = [m for m in CANVAS.finditer(text) if m.start()]
    if not canvas:
        return (found, 0) if found else None
    found |= {m[1]: text[: m.start()] for m in reversed(canvas)}
    return found, int(canvas[0][2])


# ------------------------------------------------------------------ who that is


@dataclass(frozen=True)
class Owner:
    """The student whose a file is: an id, and who that is in the class list if there is one."""

    id: str
    student: Student | None = None


@dataclass
class Owners:
    """Whose each claim is, or why it is nobody's; and what a person should know of that."""

    of: list[Owner | str]
    notes: list[str]


def owners(claims: Sequence[Claim], students: Students | None) -> Owners:
    """Decide whose files are, a claim each, all of a class together.

    With a class list, nobody else has work.
    """
    claims = doubtful(claims)
    if students:
        return by_students(claims, students)
    claims = [c if not c.shared or len(c.numbers) > 1 else as_folder(c) for c in claims]
    names: dict[str, set[str]] = defaultdict(set)
    for each in claims:
        if len(each.numbers) == 1:
            number, name = next(iter(each.numbers.items()))
            names[number].add(name)
    ids = {n: label(f"{min(own)}_{n}" if min(own) else n) for n, own in names.items()}
    notes = [
        f"{number} stands beside {len(own)} names, "
        f"{' and '.join(repr(clean(name, 60)) for name in sorted(own)[:3])}: taken as one student"
        for number, own in sorted(names.items())
        if len(own) > 1
    ]
    plain = [c for c in claims if not c.numbers and c.around]
    folders, told = by_folder({c.around for c in plain})
    found: list[Owner | str] = []
    for each in claims:
        if not each.numbers:
            owner = folders.get(each.around, "whose it is cannot be told from its place")
            if isinstance(owner, Owner) and owner.id in ids.values():
                owner = f"a folder or zip of the name {owner.id!r}, which a platform's download has"
            found.append(owner)
        else:
            found.append(doubted(each) or Owner(ids[next(iter(each.numbers))]))
    return Owners(found, notes + told)


def doubted(claim: Claim) -> str:
    """Return why a name with a platform's number is nobody's; "" if it is somebody's."""
    if claim.fault or len(claim.numbers) == 1:
        return claim.fault
    told = " or ".join(sorted(claim.numbers)[:5])
    return f"whose it is cannot be told: the student's number may be {told}; rename it"


def doubtful(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims; a mark within a folder that may be a student's is in doubt.

    A folder around a platform's download holds nothing else, and nobody has work both beside it
    and within it.
    """
    plain = {c.around[0] for c in claims if not c.numbers and c.around}
    outside = {n for c in claims if not c.around for n in c.numbers}
    kept = []
    for each in claims:
        if each.numbers and each.around:
            told = clean(each.around[0], 60)
            fault = f"its number has work outside the folder {told!r} too; put it beside that"
            both = bool(outside & set(each.numbers))
            each = replace(each, shared=each.around[0] in plain, fault=fault if both else "")
        kept.append(each)
    return kept


def as_folder(claim: Claim) -> Claim:
    """Return a claim by a mark as one by a folder of that name."""
    ((number, name),) = claim.numbers.items()
    return Claim({}, (*claim.around, f"{name}_{number}"))


def by_folder(
    chains: set[tuple[str, ...]],
) -> tuple[dict[tuple[str, ...], Owner | str], list[str]]:
    """Return whose the files below folders are, by the folders, and what should be known of it.

    The outermost folder is the student, behind those that are around all. A student's folder may
    hold notebooks and one folder or zip with others; two of those may be two students'.
    """
    start = 0
    while len({c[start : start + 1] for c in chains}) == 1 and (
        len({c for c in chains if len(c) > start + 1}) > 1
    ):
        start += 1
    inner: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for chain in chains:
        inner[chain[: start + 1]] |= {chain[start + 1 :]} - {()}
    found: dict[tuple[str, ...], Owner | str] = {}
    for chain in chains:
        is_clear = len(chain) == start + 1 or len(inner[chain[: start + 1]]) == 1
        found[chain] = Owner(label(chain[start])) if len(chain) > start and is_clear else UNCLEAR
    if not start:
        return found, []
    around = clean("/".join(next(iter(chains))[:start]), 60)
    return found, [f"each folder within {around} is taken as a student"]


UNCLEAR = (
    "whose it is cannot be told: its place is no STUDENT/UNIT/NOTEBOOK.ipynb; put each student's "
    "work into one folder beside the others, or name the students by --students"
)


# ------------------------------------------------------------------ with a list of the class


def by_students(claims: Sequence[Claim], students: Students) -> Owners:
    """Decide whose files are, with a class list.

    Moodle numbers a student anew in each assignment, so the list may not have its numbers: then
    the names count, as long as nobody else in the same download has the same.
    """
    decided = [on_list(each, students) for each in claims]
    pairs = [(c, s) for c, (s, _) in zip(claims, decided, strict=True) if isinstance(s, Student)]
    numbers: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for each, one in pairs:
        numbers[one.id, each.around] |= set(each.numbers)
    known = {s.id for c, s in pairs if is_by_number(c, s, students)}
    unknown = {s.id for c, s in pairs if c.numbers and not is_by_number(c, s, students)}
    sure = {s.id for c, s in pairs if not c.shared}
    found: list[Owner | str] = []
    for each, (student, told) in zip(claims, decided, strict=True):
        if not isinstance(student, Student):
            found.append(Owner(label(student)) if student else told)
            continue
        by_name = each.numbers and not is_by_number(each, student, students)
        same = numbers[student.id, each.around]
        if each.shared and student.id in sure:
            found.append(f"{student} has work outside the folder {clean(each.around[0], 60)!r} too")
        elif by_name and len(same) > 1:
            told = " and ".join(sorted(same)[:5])
            found.append(f"the numbers {told} both have the name of {student} in the class list")
        elif by_name and len(known) > len(unknown):
            told = next(iter(each.numbers))
            found.append(
                f"it has the name of {student}, but the number {told} is not in the class list"
            )
        else:
            found.append(Owner(student.id, student))
    return Owners(found, sorted({told for student, told in decided if student and told}))


def is_by_number(claim: Claim, student: Student, students: Students) -> bool:
    """Say whether a platform's number means the student, and no name has to."""
    return any(students.by_number.get(number) == student for number in claim.numbers)


def on_list(claim: Claim, students: Students) -> tuple[Student | str | None, str]:
    """Return the student of a claim and a remark, or None and the reason; an id for the nameless.

    Whatever in a place means a student has to mean the same one.
    """
    student: Student | str | None
    folders = {s for text in claim.around if (s := students.find(text))}
    student, told = students.find(claim.loose), ""
    if claim.numbers:
        student, told = by_number(claim, students)
    if not folders:
        if not student and not claim.numbers:
            texts = [repr(clean(text, 60)) for text in (*claim.around, claim.loose) if text][:3]
            told = f"{' or '.join(texts) or 'its place'} means no one student in the class list"
        return student, told
    if claim.numbers and isinstance(student, Student):
        folders |= {student}
    if len(folders) > 1:
        both = " and ".join(sorted(str(s) for s in folders))
        return None, f"whose it is cannot be told: its place means {both}"
    return folders.pop(), ""


def by_number(claim: Claim, students: Students) -> tuple[Student | str | None, str]:
    """Return the student whom a platform's number and the name beside it mean, as above."""
    numbered = [students.by_number[n] for n in claim.numbers if n in students.by_number]
    if reason := doubted(claim):
        settled = len(numbered) == 1 and not claim.fault
        return (numbered[0], "") if settled else (None, reason)
    ((number, name),) = claim.numbers.items()
    named = students.find(name) or students.find(name.rpartition("-")[2])  # Moodle's GROUP-NAME
    shown = clean(name, 60)
    if numbered and named and named != numbered[0]:
        return None, f"{number} is {numbered[0]} in the class list, and {shown!r} is {named}"
    if numbered:
        own = named or not name or folded(name) in map(folded, spellings(numbered[0]))
        return numbered[0], "" if own else f"{numbered[0]} hands in under the name {shown!r}"
    if named:
        return named, ""
    if number.startswith("anon_"):
        return number, ""
    return None, f"nobody in the class list has the number {number} or the name {shown!r}"
