"""One notebook of one student: checked, run in a sandbox, judged. What a worker does."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nbformat

from tools.notebook.cells import (
    fingerprint,
    grading,
    is_answered,
    is_question,
    points,
    tidied,
)
from tools.notebook.tasks import Task, tasks_among
from tools.teach.grade.job import Job as Job
from tools.teach.grade.refused import MAX_BYTES, Refused
from tools.teach.grade.run_tasks import run
from tools.teach.grade.sandbox import Unavailable, why_not

MAX_LISTS = 1_000_000  # lists and groups of values in the file: each takes a hundred bytes
MAX_CELLS = 2_000
MAX_SOURCE = 200_000  # characters of one graded cell
MAX_PICTURES = 3_000_000  # characters of the pictures of one cell, in base64
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
# What a busy machine can bring about, so that it is confirmed on one with nothing else to do.
DOUBTFUL = {"timeout", "untestable"}


def examine(job: Job, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the outcome of one notebook: plain values, ready for JSON.

    What ``before``, an earlier outcome, has no doubt about is taken from there. An outcome has
    ``student``, ``unit``, ``notebook``, ``key``; ``refused``: why the file was not graded, or "";
    ``notes``: what was odd about it; ``tasks``: a dict each, with ``task``, ``of``, ``points``,
    ``verdict``, ``reason``, ``detail``, ``answer`` (the student's cell); ``questions``: a dict
    each, with ``task``, ``of``, ``answer``, ``review``; ``seconds``.
    """
    began = time.monotonic()
    if not job.unsafe and (reason := why_not()):
        raise Unavailable(reason)
    course = nbformat.reads(job.course, as_version=4)
    outcome: dict[str, Any]
    outcome = {"student": job.student, "unit": job.unit, "notebook": job.notebook, "key": job.key}
    outcome |= {"refused": "", "notes": []}
    try:
        if job.problem:
            raise Refused(job.problem)
        raw = raw_cells(job.content)
        cells, own = among(raw, course), own_cells(raw, course)
        outcome["notes"] = [*oddities(cells, job.locked), *below(cells, own, course)]
    except Refused as refused:
        outcome["refused"], cells, own = str(refused), {}, []
    known = tasks_among(course.cells, f"{job.unit}/{job.notebook}")
    tasks = [task_of(task, cells, bool(outcome["refused"])) for task in known]
    if before:
        for task, earlier in zip(tasks, before["tasks"], strict=True):
            task |= {} if earlier["verdict"] in DOUBTFUL else earlier
    run(tasks, job)
    for task in tasks:
        told = f"; another cell defines {task['task']}, and only its own counts"
        if task.get("verdict") not in ("unsolved", "cells") or task["reason"].endswith(told):
            continue  # a verdict from before says it already
        if is_elsewhere(task["task"], own):
            task["reason"] += told
    outcome["tasks"] = [{k: v for k, v in t.items() if k not in HELD_BACK} for t in tasks]
    outcome["questions"] = [question_of(c, cells, own) for c in course.cells if is_question(c)]
    return writable(outcome | {"seconds": round(time.monotonic() - began, 3)})


def is_doubtful(outcome: dict[str, Any]) -> bool:
    """Say whether neighbours on a busy machine can have had a part in an outcome."""
    return any(task["verdict"] in DOUBTFUL for task in outcome.get("tasks", []))


def writable(value: Any) -> Any:
    """Return an outcome whose texts every file and database takes: lone surrogates written out."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
    if isinstance(value, dict):
        return {key: writable(inner) for key, inner in value.items()}
    return [writable(inner) for inner in value] if isinstance(value, list) else value


HELD_BACK = {"test", "visible", "solution", "before", "harness", "shown"}


# ------------------------------------------------------------------ reading the file


def graded_cells(content: bytes, course: Any) -> dict[str, list[Any]]:
    """Return the student's cells by grade_id; ``Refused`` for what is no notebook of ours."""
    return among(raw_cells(content), course)


def raw_cells(content: bytes) -> list[Any]:
    """Return the cells of a file, whatever they are; ``Refused`` for what is no notebook."""
    if len(content) > MAX_BYTES:
        raise Refused(f"the file is larger than {MAX_BYTES // 1_000_000} MB")
    if not content.strip():
        raise Refused("the file is empty")
    if content.count(b"[") + content.count(b"{") > MAX_LISTS:
        raise Refused(f"the file has more than {MAX_LISTS:,} brackets; clear its outputs")
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"the file is no JSON: {type(error).__name__}: {error}"[:300]) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
        raise Refused("the file is JSON, but no notebook: it has no list of cells")
    if len(raw["cells"]) > MAX_CELLS:
        raise Refused(f"the notebook has more than {MAX_CELLS:,} cells")
    return raw["cells"]


def among(raw: list[Any], course: Any) -> dict[str, list[Any]]:
    """Return the graded cells among others, by grade_id; ``Refused`` if there are none."""
    wanted = {grading(c)["grade_id"] for c in course.cells if grading(c).get("grade_id")}
    found: dict[str, list[Any]] = {}
    for cell in raw:
        plain = plain_cell(cell)
        if plain and plain["grade_id"] in wanted:
            found.setdefault(plain["grade_id"], []).append(plain)
    if not found:
        raise Refused("none of the graded cells of this notebook is in the file: another notebook?")
    return found


def plain_cell(cell: Any) -> dict[str, Any] | None:
    """Return what of a cell matters here: its id for grading, its kind, its text, its metadata."""
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata"), dict):
        return None
    block = cell["metadata"].get("nbgrader")
    name = block.get("grade_id") if isinstance(block, dict) else None
    source = source_of(cell)
    if not isinstance(name, str) or source is None:
        return None
    found = {"grade_id": name, "kind": kind_of(cell), "source": source, "nbgrader": block}
    return found | {"pictures": pictures_of(cell.get("attachments"))}


def source_of(cell: dict[str, Any]) -> str | None:
    """Return the text of a cell; None where it holds something else."""
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(part, str) for part in source):
        source = "".join(source)
    return source if isinstance(source, str) else None


def kind_of(cell: dict[str, Any]) -> str:
    """Return the kind of a cell; "" where it is no text."""
    kind = cell.get("cell_type")
    return kind if isinstance(kind, str) else ""


@dataclass(frozen=True)
class Own:
    """A cell that a student has added, with something in it."""

    under: str  # The grade_id of the cell above; "" where that is another cell of the course
    kind: str
    source: str
    pictures: dict[str, dict[str, str]]


def own_cells(raw: list[Any], course: Any) -> list[Own]:
    """Return the cells that are none of the course's, by id and by text."""
    ids = {cell.get("id") for cell in course.cells}
    sources = {cell.source.strip() for cell in course.cells if not grading(cell)}
    found, under = [], ""
    for cell in (c for c in raw if isinstance(c, dict)):
        plain, source = plain_cell(cell), source_of(cell) or ""
        identity = cell.get("id")
        known = isinstance(identity, str) and identity in ids
        if plain or known or (source.strip() and source.strip() in sources):
            under = plain["grade_id"] if plain else ""
        elif source.strip():
            pictures = pictures_of(cell.get("attachments"))
            found.append(Own(under, kind_of(cell), source[:MAX_SOURCE], pictures))
    return found


def below(cells: dict[str, list[Any]], own: list[Own], course: Any) -> list[str]:
    """Say which open questions are answered in another cell than their own."""
    names = [grading(c)["grade_id"] for c in course.cells if is_question(c)]
    empty = [n for n in names if not any(is_answered(c["source"]) for c in cells.get(n, []))]
    told = [n for n in empty if any(o.under == n for o in own)]
    return [f"the answer to {name} stands below its cell, and is taken from there" for name in told]


def is_elsewhere(task: str, own: list[Own]) -> bool:
    """Say whether a student's own cell defines what a task asks for."""
    pattern = re.compile(rf"^(?:async +)?(?:def|class) +{re.escape(task)}\b", re.M)
    return any(o.kind == "code" and pattern.search(o.source) for o in own)


def pictures_of(attachments: Any) -> dict[str, dict[str, str]]:
    """Return the pictures that a cell carries: by name and kind, in base64; too large ones not."""
    found: dict[str, dict[str, str]] = {}
    room = MAX_PICTURES
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for kind, content in kinds.items() if isinstance(kinds, dict) else ():
            if kind in PICTURES and isinstance(content, str) and len(content) <= room:
                found[name] = {kind: content}
                room -= len(content)
    return found


def oddities(cells: dict[str, list[Any]], locked: dict[str, str]) -> list[str]:
    """Say which locked cells were changed: the course's own were taken in their place.

    A cell that is as an earlier release gave it was not changed: the course has mended its own.
    """
    missing = [name for name in locked if name not in cells]
    edited = [
        name
        for name, digest in locked.items()
        if any(
            fingerprint(cell["source"]) != digest and not is_as_released(cell)
            for cell in cells.get(name, [])
        )
    ]
    told = (("missing", missing), ("edited", edited))
    return [
        f"locked cells were {what}: {', '.join(names)}; the course's own were used"
        for what, names in told
        if names
    ]


def is_as_released(cell: dict[str, Any]) -> bool:
    """Say whether a cell fits the checksum that nbgrader put into it when it was released.

    A student can forge it, and wins nothing: it only spares the cell a note.
    """
    from nbgrader.utils import compute_checksum

    for source in (cell["source"], tidied(cell["source"])):
        parts = {"cell_type": cell["kind"], "source": source}
        node = nbformat.from_dict(parts | {"metadata": {"nbgrader": cell["nbgrader"]}})
        try:
            if compute_checksum(node) == cell["nbgrader"].get("checksum"):
                return True
        except (KeyError, TypeError, ValueError, OverflowError):  # nbgrader never wrote that
            return False
    return False


# ------------------------------------------------------------------ tasks and questions


def task_of(known: Task, cells: dict[str, list[Any]], refused: bool) -> dict[str, Any]:
    """Return a task with the student's cell in it, or with the verdict that there is none."""
    name = known.name
    there = [] if refused else cells.get(name, [])
    task = {"task": name, "of": known.points, "points": 0, "answer": ""}
    task |= {"before": known.before, "solution": known.solution, "harness": known.harness}
    task |= {"visible": known.visible, "test": known.test}
    if refused:
        return task | {"verdict": "refused", "reason": "the file could not be graded"}
    if len(there) != 1:
        found = "is missing" if not there else f"is there {len(there)} times"
        return task | {"verdict": "cells", "reason": f"the cell {name} {found}"}
    answer = there[0]["source"]
    if len(answer) > MAX_SOURCE or there[0]["kind"] != "code":
        return task | {"verdict": "cells", "reason": f"the cell {name} is no code of usual length"}
    return task | {"answer": answer}


def question_of(cell: Any, cells: dict[str, list[Any]], own: Sequence[Own] = ()) -> dict[str, Any]:
    """Return an open question with its answer; one without an answer needs nobody's eye.

    What a student has written into cells of their own right below is part of it.
    """
    name = grading(cell)["grade_id"]
    there = [(c["source"], c["pictures"]) for c in cells.get(name, [])]
    more = [(o.source, o.pictures) for o in own if o.under == name]
    if more:
        there = [part for part in there if is_answered(part[0])]
    answer = "\n\n".join(source for source, _ in [*there, *more])[:MAX_SOURCE]
    answered = is_answered(answer)
    found = {
        "task": name,
        "of": points(cell),
        "answer": answer if answered else "",
        "review": answered,
    }
    carried = {n: p for _, pictures in [*there, *more] for n, p in pictures.items()}
    pictures = {n: p for n, p in carried.items() if f"attachment:{n}" in answer}
    return found | ({"pictures": pictures} if pictures else {})
