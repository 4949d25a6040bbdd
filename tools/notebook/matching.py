"""A student's cells, matched with the graded cells of an assignment.

Editors split cells, copy them, turn them into Markdown and lose nbgrader's metadata. ``check`` and
``grade`` read a notebook through ``match``, so that both say the same of the same cell. Cells are
dictionaries as JSON has them, and may hold anything.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tools.notebook.cells import defined, fingerprint, is_answered, name_of, text_of

KINDS = {"code": "a code cell", "markdown": "a Markdown cell", "raw": "a raw cell"}
COPY = "Copy your work into a fresh copy of the notebook"
LOCKED = "It is locked, and the original is used"


class Finding(StrEnum):
    """What can be said of a graded cell, and the text that says it."""

    MISSING = f"the cell is missing. It was deleted, or the notebook is of an older release. {COPY}"
    MISSING_LOCKED = f"the cell is missing. {LOCKED}"
    EDITED = (
        f"the cell was edited, or is of an earlier release. {LOCKED}. Put tests of your own into a "
        "cell of your own"
    )
    LOST = (
        f"the cell has lost its grading metadata. It was recognised by {{}}, and is graded. {COPY}"
    )
    SPLIT = "the cell was split into {} cells, which are graded as one, in their order. Merge them"
    COPIED = "the cell is there {} times, and it is not clear which one counts. Keep one of them"
    TURNED = "the cell has become {}, and is read as {}. Turn it back"
    FOREIGN = "this assignment has no such cell. It may be of an older release"
    ELSEWHERE = "another cell defines it, and only the given cell counts. Move your solution there"
    BELOW = "the answer stands below its cell, and is marked there"
    BESIDE = (
        "its cell has no answer, but text was added elsewhere in the notebook, which is not "
        "marked. If it is the answer, it belongs into the cell"
    )


UNCLEAR = {Finding.MISSING, Finding.COPIED}  # no cell of these can be graded
FRESH_COPY = {Finding.MISSING, Finding.LOST}  # what a fresh copy of the notebook mends


@dataclass(frozen=True)
class Remark:
    """What to say of one cell; its text is a sentence for the student."""

    finding: Finding
    details: tuple[str | int, ...] = ()  # For the places in the text

    def __str__(self) -> str:
        return self.finding.format(*self.details)


@dataclass
class Matched:
    """A student's cells as they are graded, and what to say of them."""

    cells: list[Any]
    remarks: dict[str, list[Remark]] = field(default_factory=dict)  # By grade_id
    unclear: set[str] = field(default_factory=set)  # Solutions of which no cell can be graded

    def findings(self, *names: str) -> set[Finding]:
        """Return what was found of the named cells; of all cells if none is named."""
        return {r.finding for name in names or self.remarks for r in self.remarks.get(name, [])}

    def lines(self, *findings: Finding) -> list[str]:
        """Return the remarks as lines, one for all cells with the same remark.

        With ``findings``, only remarks of these kinds.
        """
        names = defaultdict(list)
        for name, remarks in self.remarks.items():
            for remark in remarks:
                if not findings or remark.finding in findings:
                    names[remark].append(name)
        return [f"{', '.join(named)}: {remark}" for remark, named in names.items()]


def match(cells: Iterable[Any], given: Mapping[str, Any]) -> Matched:
    """Find the graded cells of an assignment, ``given`` as ``describe`` has it, among others.

    What is returned are copies: a cell that was split is joined again, and each has the kind and
    the metadata that it was given with.
    """
    all_cells = [cell for cell in cells if isinstance(cell, dict)]
    places = defaultdict(list)
    for place, cell in enumerate(all_cells):
        places[name_of(cell)].append(place)
    unnamed = {place: all_cells[place] for place in places.pop("", [])}
    remarks, unclear = {}, set()
    for name, original in given["cells"].items():
        here, lost = places.get(name, []), []
        if not here:
            here, lost = recognised(unnamed, original, given["locked"].get(name))
        own = lost + restore(all_cells, here, original)
        if name in given["locked"] and here:
            edited = fingerprint(text_of(all_cells[here[0]])) != given["locked"][name]
            own += [Remark(Finding.EDITED)] if edited else []
        elif expects_code(original) and {r.finding for r in own} & UNCLEAR:
            unclear.add(name)
        remarks |= {name: own} if own else {}
    # They may be of any length and number.
    foreign = [name[:40] for name in places if name not in given["cells"]][:20]
    remarks |= {name: [Remark(Finding.FOREIGN)] for name in foreign}
    return Matched([cell for cell in all_cells if cell], remarks, unclear)


def recognised(
    unnamed: Mapping[int, Any], original: Mapping[str, Any], locked: str | None
) -> tuple[list[int], list[Remark]]:
    """Return where a cell is that has lost its metadata, and what to say of it."""
    identity = original["id"]  # None in a file of an old form
    if here := [p for p, cell in unnamed.items() if identity and cell.get("id") == identity]:
        return here, [Remark(Finding.LOST, ("its id",))]
    if locked:
        return [p for p, cell in unnamed.items() if fingerprint(text_of(cell)) == locked], []
    defines = set(original["defines"])
    here = [p for p, cell in unnamed.items() if defines.intersection(defined(cell))]
    return here, [Remark(Finding.LOST, ("the name that it defines",))] if here else []


def restore(cells: list[Any], here: list[int], original: Mapping[str, Any]) -> list[Remark]:
    """Join the parts of a split cell, and restore kind and metadata; return what to say of it."""
    if not here:
        is_answer = original["nbgrader"].get("solution")
        return [Remark(Finding.MISSING if is_answer else Finding.MISSING_LOCKED)]
    kinds = {p: KINDS.get(str(cells[p].get("cell_type")), "no cell") for p in here}
    remarks = [
        Remark(Finding.TURNED, (kinds[p], KINDS[original["kind"]]))
        for p in here
        if cells[p].get("cell_type") != original["kind"]
    ][:1]
    halves = len(here) > 1 and original["kind"] == "code" and are_halves(cells, here)
    if len(here) > 1 and expects_code(original):
        if not halves:
            return [Remark(Finding.COPIED, (len(here),))]
        remarks.append(Remark(Finding.SPLIT, (len(here),)))
    source = "\n".join(text_of(cells[p]) for p in here)
    for place in here:
        cell = cells[place] = copy.copy(cells[place])
        cell["cell_type"] = original["kind"]
        if not name_of(cell):
            cell["metadata"] = {"nbgrader": original["nbgrader"]}
    if halves:
        cells[here[0]]["source"] = source
        cells[here[0] + 1 : here[-1] + 1] = [{}] * (here[-1] - here[0])
    return remarks


def are_halves(cells: Sequence[Any], here: Sequence[int]) -> bool:
    """Say whether cells are parts of a split one: neighbours that define different names."""
    between = set(range(here[0], here[-1])) - set(here)
    together = all(not text_of(cells[p]).strip() for p in between)
    names = [name for p in here for name in set(defined(cells[p]))]
    return together and len(names) == len(set(names))


def expects_code(original: Mapping[str, Any]) -> bool:
    """Say whether the cell is for a student's code, which is graded."""
    return original["kind"] == "code" and bool(original["nbgrader"].get("solution"))


# ------------------------------------------------------------------ what a student has added


def own_cells(cells: Iterable[Any], given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the cells that the student has added and that are not empty.

    With each comes the grade_id of the given cell above it; "" where that one is not graded.
    """
    known, ids = set(given["others"]), set(given["ids"])
    own, above = [], ""
    for cell in cells:
        name, text = name_of(cell), text_of(cell)
        if name or str(cell.get("id")) in ids or (text.strip() and fingerprint(text) in known):
            above = name
        elif text.strip():
            own.append((above, cell))
    return own


def is_elsewhere(original: Mapping[str, Any], own: Iterable[tuple[str, Any]]) -> bool:
    """Say whether a student's own cell defines what a solution cell was given for."""
    return any(set(defined(cell)) & set(original["defines"]) for _, cell in own)


def answers_beside(
    cells: Iterable[Any], own: Sequence[tuple[str, Any]], given: Mapping[str, Any]
) -> dict[str, Finding]:
    """Return by grade_id what to say of open questions whose own cell has no answer.

    A student's own cells right below are the answer; text in others may be.
    """
    filled = {name_of(cell) for cell in cells if is_answered(text_of(cell))}
    questions = [
        name
        for name, original in given["cells"].items()
        if original["kind"] == "markdown" and original["nbgrader"].get("grade")
    ]
    below = {above for above, _ in own}
    texts = [c for above, c in own if above not in questions and c.get("cell_type") != "code"]
    return {
        name: Finding.BELOW if name in below else Finding.BESIDE
        for name in questions
        if name not in filled and (name in below or texts)
    }
