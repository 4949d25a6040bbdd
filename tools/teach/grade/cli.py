"""``course.py grade``: from a folder or zip of notebooks to a gradebook, tables and feedback."""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tools.notebook.common import BUILD, NOTEBOOKS, Parser, Problem, cores, shown
from tools.teach.grade import (
    collect,
    fork_server,
    gradebook,
    output,
    run_tasks,
    sandbox,
    students,
)
from tools.teach.grade.assignments import Assignment, notebooks_in, prepare, prove
from tools.teach.grade.examine import Job, Refused
from tools.teach.grade.pending import check_tasks, run, to_repeat
from tools.teach.grade.rows import visible
from tools.teach.grade.selftest import self_test
from tools.teach.grade.store import only_one, writing
from tools.teach.grade.term import Term


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py grade``."""
    options = parser().parse_args(argv)
    by_person = {
        for_formgrader: options.formgrader or None,
        feedback: options.feedback or None,
        export: options.export,
        enrol_alone: None if options.submissions or options.self_test else options.students,
    }
    chosen = [options.submissions, options.self_test or None, *by_person.values()]
    if sum(choice is not None for choice in chosen) != 1:
        raise Problem(
            "name one of: a folder or zip of submissions; --formgrader; --feedback; --export "
            "PLATFORM UNIT TABLE.csv; --students CLASS.csv; --self-test, which takes its notebooks "
            "by --only NAME"
        )
    with writing(options.out):
        return chosen_command(options, by_person)


def chosen_command(options: argparse.Namespace, by_person: Mapping[Any, Any]) -> int:
    """Do what a person asks for, if it is that; else grade, if it can be done safely here."""
    for command, choice in by_person.items():
        if choice is not None:
            return command(options)
    if os.name == "nt":
        raise Problem("grading needs Linux (or macOS with --unsafe); WSL will do")
    if reason := sandbox.why_not():
        if not options.unsafe:
            raise Problem(
                f"no sandbox: {reason}. Students' code is not run without one. --unsafe runs it "
                "all the same, with your rights: only for code that you trust."
            )
        print(f"course.py grade: NO SANDBOX ({reason}): submissions run with your rights")
    elif reason := run_tasks.why_each_anew():
        print(f"course.py grade: each sandbox is made from nothing, which takes longer: {reason}")
    fork_server.close_all()  # those of this process were on trial
    if options.self_test:
        return self_test(options)
    return grade(options)


def for_formgrader(options: argparse.Namespace) -> int:
    """Make the gradebook's folder one that nbgrader's formgrader lists."""
    from tools.teach.grade import formgrader

    return formgrader.main(options)


def feedback(options: argparse.Namespace) -> int:
    """Write tables and pages anew from the gradebook, with the marks given in formgrader."""
    out = options.out.absolute()
    output.see_gradebook(out)
    with only_one(out):
        state = output.read_state(out)
        output.write_gradebook(out, state)  # it may be a copy that was put back
        waiting, _ = output.write_pages(out, state)
    print(f"{waiting} answers wait for a mark; {shown(out)}/: grades.csv, overview.html, feedback/")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write the marks of a unit into the table of Moodle or Canvas."""
    from tools.teach.grade.export import PLUGINS  # not at the top: nothing else needs nbgrader's

    out, (platform, name, table) = options.out.absolute(), options.export
    output.see_gradebook(out)
    units = sorted(gradebook.units(out / output.GRADEBOOK))
    fitting = [unit for unit in units if name in (unit, unit[:2])]
    if platform not in PLUGINS or len(fitting) != 1:
        raise Problem(
            f"--export {platform} {name}: write {' or '.join(PLUGINS)}, and one of the units "
            f"{', '.join(units)}"
        )
    path = out / "export" / f"{platform}_{fitting[0]}.csv"
    given = {"to": str(path), "table": table, "column": options.column, "assignment": fitting}
    given |= {"feedback": str(out / "feedback")} if platform == "moodle" else {}
    plugin = PLUGINS[platform](**given)
    with only_one(out), gradebook.opened(out / output.GRADEBOOK) as opened:
        plugin.export(opened)
    print(f"{plugin.filled} grades of {fitting[0]} in {shown(path)}")
    for note in plugin.notes:
        print(f"  ! {note}")
    return 0


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
        "--students",
        type=Path,
        metavar="CLASS.csv",
        help="the class as nbgrader imports it: id, first_name, last_name, email, lms_user_id; "
        "tells who is who, and who is missing; alone, it is kept for later calls",
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
        "--again",
        action="append",
        default=[],
        metavar="NOTEBOOK[:TASK]",
        help="grade a task, or all of a notebook, anew: 06/01:attention_coefficients",
    )
    p.add_argument(
        "--formgrader",
        action="store_true",
        help="write the folders that nbgrader's formgrader shows beside the gradebook",
    )
    p.add_argument(
        "--feedback",
        action="store_true",
        help="write tables and pages anew, with the marks that were given in formgrader",
    )
    p.add_argument(
        "--export",
        nargs=3,
        metavar=("PLATFORM", "UNIT", "TABLE.csv"),
        help="write the points of a unit into moodle's grading worksheet or canvas's gradebook",
    )
    p.add_argument(
        "--column", default="", metavar="NAME", help="with --export: the column of the grades"
    )
    p.add_argument(
        "--self-test",
        action="store_true",
        help="prove that solutions get full points, and the untouched and the wrong ones do not",
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
    out = options.out.absolute()
    people = students.read(options.students) if options.students else {}
    in_class = people or Term.read(out).people  # the list of an earlier call holds on
    found, upload = collect.collect(options.submissions, known, in_class)
    units = {submission.unit for submission in found}
    out.mkdir(parents=True, exist_ok=True)
    with only_one(out):
        term = Term.read(out)
        work = term.add(found, upload)
        enrol(term, people)
        masters = made_ready(units, known, out, options)
        check_tasks(repeated, masters)
        term.tests |= {
            f"{m.unit}/{m.name}": collect.fingerprint(m.course.encode()) for m in masters.values()
        }
        term.write(out)  # before the work: should it end here, the next call knows what is due
        outcomes = run(
            [partial(job_of, one, masters, options) for one in work], out, options, repeated
        )
        term.set_failed([one.key for one in work], [o for o in outcomes if "failed" in o])
        term.write(out)
        state = output.read_state(out)
        output.write_gradebook(out, state)
        waiting, attention = output.write_pages(out, state)
    summary(out, outcomes, waiting, attention, time.monotonic() - began)
    return 1 if any("failed" in o for o in outcomes) else 0


def enrol_alone(options: argparse.Namespace) -> int:
    """Keep a class list for later calls."""
    out, people = options.out.absolute(), students.read(options.students)
    out.mkdir(parents=True, exist_ok=True)
    with only_one(out):
        term = Term.read(out)
        enrol(term, people)
        term.write(out)
    print(f"{len(people)} students are kept in {shown(out)} for the next call")
    return 0


def made_ready(
    units: set[str], known: Iterable[tuple[str, str]], out: Path, options: argparse.Namespace
) -> dict[tuple[str, str], Assignment]:
    """Return what notebooks are graded with, proved where it is not the course's own."""
    source = options.notebooks.absolute()
    if lost := output.gone(out):
        print(f"course.py grade: {lost}")
        units = units | {o["unit"] for o in output.all_outcomes(out)} & {unit for unit, _ in known}
    masters = prepare(units, out, options.tests, source)
    if options.tests is not None or source != NOTEBOOKS:
        prove(masters, out, source, options)
    return masters


def enrol(term: Term, people: Mapping[str, students.Student]) -> None:
    """Take in a class list, and say who of an earlier one is not on it."""
    if gone := term.enrol(people):
        names = ", ".join(visible(str(student)) for student in gone[:5])
        print(
            f"{len(gone)} of an earlier class list are not on this one and stay: {names}"
            f"{', ...' if gone[5:] else ''}"
        )


def job_of(submission: collect.Submission, masters: dict, options: argparse.Namespace) -> Job:
    """Return the work that a submission means."""
    master = masters[submission.unit, submission.notebook]
    content, problem = b"", ""
    try:
        content = submission.load()
    except Refused as refused:
        problem = str(refused)
    return Job(
        student=submission.student,
        unit=submission.unit,
        notebook=submission.notebook,
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
    print(f"{seconds:.0f} s; {shown(out)}/: grades.csv, overview.html, feedback/")
