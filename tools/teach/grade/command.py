"""``course.py grade``: from a folder or zip of notebooks to a gradebook, tables and feedback."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout

from data.core.files import write_text
from tools.notebook.common import BUILD, NOTEBOOKS, Parser, Problem, cores, shown
from tools.teach.grade import gradebook, marks, output, roster, sandbox, submissions, totals
from tools.teach.grade.examine import Job, Refused
from tools.teach.grade.left import check_tasks, run, to_repeat
from tools.teach.grade.masters import notebooks_in, prepare, prove
from tools.teach.grade.rows import visible
from tools.teach.grade.selftest import self_test


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py grade``."""
    options = parser().parse_args(argv)
    chosen = [options.submissions is not None, options.manual is not None, options.self_test]
    if sum(chosen) != 1:
        raise Problem(
            "name a folder or zip of submissions, or --manual FILE.csv, or --self-test, which "
            "takes its notebooks by --only NAME"
        )
    if options.manual:
        return merge_manual(options)
    if os.name == "nt":
        raise Problem("grading needs Linux (or macOS with --unsafe); WSL will do")
    if reason := sandbox.why_not():
        if not options.unsafe:
            raise Problem(
                f"no sandbox: {reason}. Students' code is not run without one. --unsafe runs it "
                "all the same, with your rights: only for code that you trust."
            )
        print(f"course.py grade: NO SANDBOX ({reason}): submissions run with your rights")
    if options.self_test:
        return self_test(options)
    return grade(options)


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``grade``."""
    p = Parser(
        prog="python course.py grade",
        description="Grade what students handed in, each notebook in a sandbox of its own. "
        "Interrupted, the same command goes on where it stopped.",
    )
    p.add_argument(
        "submissions",
        nargs="?",
        type=Path,
        help="a folder STUDENT/UNIT/NOTEBOOK.ipynb, or a zip as Moodle or Canvas hands it out",
    )
    p.add_argument(
        "--out", type=Path, default=BUILD / "grade", help="gradebook, tables, feedback pages"
    )
    p.add_argument(
        "--jobs",
        type=int,
        default=cores(),
        help="submissions at a time (default: the cores that it may use)",
    )
    p.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster in place of one here")
    p.add_argument(
        "--roster",
        type=Path,
        metavar="CLASS.csv",
        help="who is in the class: id, name, email, group; tells who is who, and who is missing",
    )
    p.add_argument("--tests", type=Path, metavar="DIR", help="private hidden tests")
    p.add_argument(
        "--notebooks",
        type=Path,
        default=NOTEBOOKS,
        metavar="DIR",
        help="a folder of units in place of the course's own",
    )
    p.add_argument("--unsafe", action="store_true", help="run without a sandbox")
    p.add_argument(
        "--late",
        action="append",
        default=[],
        metavar="[UNIT=]DATE",
        help="due date, such as 2027-05-31 or 06=2027-05-31T18:00: what came later is listed",
    )
    p.add_argument(
        "--late-penalty",
        type=float,
        default=0.0,
        metavar="PERCENT",
        help="of a late notebook's points, taken off for each day begun (default: 0)",
    )
    p.add_argument(
        "--again",
        action="append",
        default=[],
        metavar="NOTEBOOK[:TASK]",
        help="grade a task, or all of a notebook, anew: 06/01:attention_coefficients",
    )
    p.add_argument(
        "--anonymous",
        action="store_true",
        help="write marking.csv and marking.html with codes in place of names",
    )
    p.add_argument("--manual", type=Path, metavar="FILE.csv", help="merge marks given by hand")
    p.add_argument(
        "--self-test",
        action="store_true",
        help="prove that solutions get full points, and the untouched and the wrong ones do not",
    )
    p.add_argument(
        "--deep",
        action="store_true",
        help="self-test: that notebook, check and grade agree on changed answers (slow)",
    )
    p.add_argument("--only", action="append", metavar="NAME", help="units or notebooks: self-test")
    return p


# ------------------------------------------------------------------ grading


def grade(options: argparse.Namespace) -> int:
    """Grade a collection into the gradebook, and write tables and pages."""
    began = time.monotonic()
    source = options.notebooks.absolute()
    known = [(n.path.parent.name, n.path.stem) for n in notebooks_in(source)]
    if not known:
        raise Problem(f"there is no UNIT/NOTEBOOK.ipynb in {shown(source)}")
    repeated = to_repeat(options.again, known)
    due = totals.due_dates(options.late, sorted({unit for unit, _ in known}))
    people = roster.read(options.roster) if options.roster else {}
    collection = submissions.collect(options.submissions, known, people or None)
    out = options.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    with only_one(out):
        units = {f.unit for f in collection.found}
        if lost := output.gone(out):
            print(f"course.py grade: {lost}")
            units |= {o["unit"] for o in output.all_outcomes(out)} & {unit for unit, _ in known}
        masters = prepare(units, out, options.tests, source)
        check_tasks(repeated, masters)
        if options.tests is not None or source != NOTEBOOKS:
            prove(masters, out, source, options)
        jobs = [partial(job_of, found, masters, options) for found in collection.found]
        outcomes = run(jobs, out, options, repeated)
        found = collection.found
        state = output.State(
            left_out=collection.left_out,
            failed=[o for o in outcomes if "failed" in o],
            times=[[f.student, f.unit, f.notebook, f.time] for f in found],
            numbers=numbers_of(found),
            people=[asdict(student) for student in people.values()],
            due=due,
            percent=options.late_penalty,
            notes=[*collection.notes, *output.damaged(out)],
        )
        write_text(out / output.STATE, json.dumps(asdict(state)))
        output.write_gradebook(out, state)
        waiting, attention = output.write_pages(out, state, anonymous=options.anonymous)
    summary(out, outcomes, waiting, attention, time.monotonic() - began)
    return 1 if any("failed" in o for o in outcomes) else 0


def numbers_of(found: Iterable[submissions.Found]) -> list[list[str]]:
    """Return the numbers that places tell, by student and unit."""
    return [[f.student, f.unit, f.number] for f in found if f.number]


def only_one(out: Path) -> AcquireReturnProxy:
    """Hold an output folder until the ``with`` block ends: one process writes a gradebook."""
    lock = FileLock(out / "grade.lock")
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        raise Problem(f"another call is grading into {shown(out)}; wait for it") from None


def job_of(found: submissions.Found, masters: dict, options: argparse.Namespace) -> Job:
    """Return the work that a found file means."""
    master = masters[found.unit, found.notebook]
    content, problem = b"", ""
    try:
        content = found.load()
    except Refused as refused:
        problem = str(refused)
    return Job(
        student=found.student,
        unit=found.unit,
        notebook=found.notebook,
        content=content,
        course=master.course,
        locked=master.locked,
        unsafe=options.unsafe,
        problem=problem,
    )


def summary(
    out: Path,
    outcomes: list[dict[str, Any]],
    waiting: int,
    attention: list[tuple[str, str]],
    seconds: float,
) -> None:
    """Say in a few lines what came of it."""
    graded = [o for o in outcomes if "failed" not in o]
    verdicts = Counter(t["verdict"] for o in graded for t in o["tasks"])
    told = ", ".join(f"{n} {v}" for v, n in verdicts.most_common())
    print(f"{len(graded)} notebooks of {len({o['student'] for o in graded})} students: {told}")
    print(f"{waiting} answers wait for a mark (grades.csv, column 'needs review')")
    for kind, line in attention[:10]:
        print(f"  ! {kind}: {visible(line)}")
    if len(attention) > 10:
        print(f"  ! and {len(attention) - 10} more, in overview.html")
    print(f"{seconds:.0f} s; {shown(out)}/: grades.csv, students.csv, overview.html, feedback/")


# ------------------------------------------------------------------ marks given by hand


def merge_manual(options: argparse.Namespace) -> int:
    """Merge marks given by hand into the gradebook, and write tables and pages anew."""
    out = options.out.absolute()
    path = out / output.GRADEBOOK
    if not path.is_file():
        raise Problem(f"there is no gradebook in {shown(out)}; grade submissions first, or --out")
    with only_one(out):
        gradebook.refuse_damaged(path)
        if lost := output.damaged(out):  # its marks would be taken from the pages
            raise Problem(f"{lost[0]}; no mark was merged")
        state, outcomes = output.read_state(out), output.all_outcomes(out)
        codes = {code: student for student, code in output.codes_of(out, [], make=False).items()}
        lines = marks.read(options.manual)
        output.write_gradebook(out, state)  # the gradebook may be a backup
        with gradebook.opened(path) as opened:
            table = output.table_of(opened, outcomes, state)
            found = marks.changes(table, lines, codes)
            marks.apply(opened, found)
            gradebook.settle_absent(opened, outcomes)  # who got an entry for a mark has no others
            output.Written.read(out).seal(out, opened)
        output.write_pages(out, state)
    number = sum(change.points is not None for change in found)
    comments = sum(bool(change.comment) for change in found)
    print(
        f"{number} marks merged from {options.manual}, {comments} comments; "
        f"{shown(out)}/grades.csv is written anew"
    )
    return 0
