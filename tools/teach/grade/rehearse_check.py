"""``grade --check``: what became of a rehearsed class, beside what had to become of it."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.notebook.common import Problem, shown
from tools.teach.grade import gradebook, output
from tools.teach.grade.by_hand import Book, at_hand
from tools.teach.grade.rehearse import NOTHING, WAITS
from tools.teach.grade.rows import Place, Row, undone, visible

LISTED = 20


def main(options: argparse.Namespace) -> int:
    """Compare a book with what a rehearsal expects; 1 where they differ."""
    path = options.check / "expected.csv"
    if not path.is_file():
        raise Problem(f"{shown(path)} is not there: name the folder that --rehearse wrote")
    text = path.read_text(encoding="utf-8")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    with at_hand(options.out.absolute()) as book:
        with gradebook.opened(book.out / output.GRADEBOOK) as opened:
            table = {row.place: row for row in book.table(opened)}
        found = list(differences(lines, book, table))
    for told in found[:LISTED]:
        print(f"  ! {visible(told)}")
    if len(found) > LISTED:
        print(f"  ! and {len(found) - LISTED} more")
    students = len({line["student"] for line in lines})
    state = f"{len(found)} are not as expected" if found else "all as expected"
    print(f"{len(lines)} marks of {students} students: {state}")
    return 1 if found else 0


def differences(
    lines: list[dict[str, str]], book: Book, table: Mapping[Place, Row]
) -> Iterator[str]:
    """Yield what is not as expected, in a line each."""
    tasks = {}
    for outcome in book.outcomes:
        where = (outcome["student"], outcome["unit"], outcome["notebook"])
        for task in (*outcome["tasks"], *outcome["questions"]):
            tasks[(*where, task["task"])] = outcome | task
    known = {line["student"] for line in lines}
    for student in sorted({place[0] for place in tasks} - known):
        yield f"{student} is in the book and not in the class"
    for line in lines:
        yield from of_line(line, book, table, tasks)
    names = {line["hand-in"]: line["student"] for line in lines if "alike" in line["hand-in"]}
    similar = book.out / "similar.csv"
    if names and not listed(similar, set(names.values())):
        yield f"similar.csv does not name {' and '.join(sorted(names.values()))}, who worked alike"


def listed(path: Path, both: set[str]) -> bool:
    """Say whether two students stand in one line of the list of like solutions."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    pairs = csv.DictReader(io.StringIO(text, newline=""))
    return any({pair["student"], pair["other student"]} == both for pair in pairs)


def of_line(
    line: dict[str, str],
    book: Book,
    table: Mapping[Place, Row],
    tasks: Mapping[Place, Mapping[str, Any]],
) -> Iterator[str]:
    """Yield where one mark is not as expected."""
    who = f"{undone(line['name'])} ({line['student']}, {line['hand-in']})"
    if line["verdict"] == NOTHING:
        if any(place[0] == line["student"] for place in tasks):
            yield f"{who}: something was graded"
        return
    place = (line["student"], line["unit"], line["notebook"], line["task"])
    row, task = table.get(place), tasks.get(place)
    told = f"{who}, {line['notebook']}, {line['task']}"
    if row is None or task is None:
        yield f"{told}: was not graded"
        return
    is_late = (book.state.handed_in.get(place[:3]) or 0) > book.state.due.get(place[1], 2**60)
    if is_late != bool(line["late"]) and place[1] in book.state.due:
        yield f"{told}: is {'' if is_late else 'not '}late"
    if row.by_hand:
        return
    verdict = verdict_of(row, task)
    points = "" if row.unmarked else f"{row.points:g}"
    if (verdict, points) != (line["verdict"], line["points"]):
        yield f"{told}: {verdict}, {points or 'no'} points, and not {line['verdict']}"


def verdict_of(row: Row, task: Mapping[str, Any]) -> str:
    """Return what became of a task or question, in the words of ``expected.csv``."""
    if task["refused"]:
        return "refused"
    if "verdict" in task:
        return str(task["verdict"])
    return WAITS if row.review else "no answer"
