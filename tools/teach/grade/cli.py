"""``course.py grade``: from a folder or zip of notebooks to a gradebook, tables and feedback."""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tools.notebook import assignment
from tools.notebook.assignment import Assignment
from tools.notebook.common import BUILD, NOTEBOOKS, Parser, Problem, cores, shown
from tools.teach.grade import (
    collect,
    fork_server,
    formgrader,
    gradebook,
    pages,
    run_tasks,
    sandbox,
    scheduler,
    store,
    students,
    uploads,
)
from tools.teach.grade.assignments import prepare
from tools.teach.grade.export import TABLES, write_grades
from tools.teach.grade.pages import visible
from tools.teach.grade.submission import Job, Refused
from tools.teach.grade.term import Term


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py grade``."""
    options = parser().parse_args(argv)
    options.out, options.notebooks = options.out.absolute(), options.notebooks.absolute()
    commands = {
        grade: options.submissions,
        formgrader.main: options.formgrader,
        feedback: options.feedback,
        export: options.export,
    }
    chosen = [command for command, choice in commands.items() if choice]
    if len(chosen) != 1:
        raise Problem(
            "give just one of: a folder or zip of submissions; --formgrader; --feedback; --export "
            "PLATFORM ASSIGNMENT TABLE.csv"
        )
    with store.writing(options.out):
        if chosen[0] is grade:
            require_sandbox()
        return chosen[0](options)


def require_sandbox() -> None:
    """Raise Problem where students' code can't be run in a sandbox."""
    if reason := sandbox.why_not():
        raise Problem(
            f"no sandbox: {reason}. Students' code runs only in a sandbox: grade on Linux, in a "
            "virtual machine or in WSL"
        )
    if reason := run_tasks.why_not_forked():
        print(f"course.py grade: each sandbox has to start Python again, which is slower: {reason}")
    fork_server.close_all()  # those of this process were on trial


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``grade``."""
    p = Parser(
        prog="python course.py grade",
        description="Grade what students handed in, each notebook in a sandbox of its own. "
        "If it is interrupted, the same command continues where it stopped.",
    )
    add = p.add_argument
    text = "a folder STUDENT/UNIT/NOTEBOOK.ipynb or STUDENT/ANY.zip, or a zip of Moodle or Canvas"
    add("submissions", nargs="?", type=Path, help=text)
    text = "the folder for the gradebook, tables and feedback pages (default: build/grade)"
    add("--out", type=Path, default=BUILD / "grade", help=text)
    text = "notebooks graded at a time (default: the number of usable cores)"
    add("--jobs", type=int, default=cores(), help=text)
    text = "send the work to this Dask scheduler (default: one of its own on this machine)"
    add("--scheduler", metavar="ADDRESS", help=text)
    text = "the class as nbgrader imports it: id, first_name, last_name, email, lms_user_id"
    add("--students", type=Path, metavar="CLASS.csv", help=f"{text}; later calls remember it")
    add("--tests", type=Path, metavar="DIR", help="private hidden tests")
    text = "a folder of units in place of the course's own (default: notebooks)"
    add("--notebooks", type=Path, default=NOTEBOOKS, metavar="DIR", help=text)
    text = "open nbgrader's formgrader to mark the open questions"
    add("--formgrader", action="store_true", help=text)
    text = "write tables and pages again, with the marks that were given in formgrader"
    add("--feedback", action="store_true", help=text)
    text = "show students the course's solutions and model answers, such as after a deadline"
    add("--answers", action="store_true", help=f"{text}; without it, pages do not have them")
    text = "write the points of a unit or another assignment into a copy of moodle's worksheet or "
    text += "canvas's gradebook, OUT/export/PLATFORM_NAME.csv; for moodle also a zip of feedback"
    add("--export", nargs=3, metavar=("PLATFORM", "NAME", "TABLE.csv"), help=text)
    text = "with --export: the column of the grades (default: Grade, in canvas the assignment's)"
    add("--column", default="", metavar="NAME", help=text)
    return p


# ------------------------------------------------------------------ commands beside grading


def feedback(options: argparse.Namespace) -> int:
    """Write tables and pages again from the gradebook, with the marks given in formgrader."""
    out = options.out
    gradebook.require(out)
    with store.only_one(out):
        waiting, _ = pages.write(out, *gradebook.update(out), dates(options), options.answers)
    print(f"answers to review: {waiting}; {shown(out)}/ has grades.csv, overview.html, feedback/")
    return 0


def dates(options: argparse.Namespace) -> dict[str, datetime]:
    """Return until when assignments may be handed in, by their names."""
    every = assignment.every(options.notebooks)
    return {name: each.due for name, each in every.items() if each.due is not None}


def export(options: argparse.Namespace) -> int:
    """Write the marks of a unit into the table of Moodle or Canvas."""
    out, (platform, name, table) = options.out, options.export
    gradebook.require(out)
    names = sorted(gradebook.units(out))
    if platform not in TABLES:
        raise Problem(
            f"--export {platform} {name}: PLATFORM must be {' or '.join(TABLES)}, and NAME one of "
            f"{', '.join(names)}"
        )
    unit = assignment.require(name, names)
    path = out / "export" / f"{platform}_{unit}.csv"
    grades = TABLES[platform](Path(table))
    with store.only_one(out):
        outcomes, state = gradebook.update(out)
        pages.write(
            out, outcomes, state, dates(options), options.answers
        )  # for Moodle's zip, with the latest marks
        failed = {o["student"] for o in state.failed if o["unit"] == unit}
        refused = {o["student"] for o in outcomes if o["unit"] == unit and o["refused"]}
        with gradebook.opened(out / store.GRADEBOOK) as opened:
            wanted = opened, unit, grades, options.column, path
            print(write_grades(*wanted, failed, refused, state.numbers))
    print(f"wrote {shown(path)}")
    if platform == "moodle":
        print(f"wrote {shown(path.with_suffix('.zip'))}, the feedback pages")
    return 0


# ------------------------------------------------------------------ grading


def grade(options: argparse.Namespace) -> int:
    """Grade an upload into the gradebook, and write tables and pages."""
    began, out = time.monotonic(), options.out
    every = assignment.every(options.notebooks)
    known = [(name, n.path.stem) for name, each in every.items() for n in each.notebooks]
    if not known:
        raise Problem(f"there is no UNIT/NOTEBOOK.ipynb in {shown(options.notebooks)}")
    units = {n.unit for each in every.values() for n in each.notebooks}
    listed = students.read(options.students) if options.students else {}
    people = listed or Term.read(out).people  # the list of an earlier call holds on
    with uploads.opened(options.submissions) as files:
        submissions, upload = collect.collect(files, options.submissions, known, people, units)
        refuse_other_name(out, known)
        out.mkdir(parents=True, exist_ok=True)
        with store.only_one(out):
            term = Term.read(out)
            work = term.add(submissions, upload)
            term.people |= listed
            assignments = assignments_of({file.unit for file in submissions}, every, options)
            for (unit, name), job in assignments.items():
                term.tests[f"{unit}/{name}"] = collect.sha256(job.course.encode())
            term.write(out)  # before the work: should it end here, the next call knows what is due
            outcomes = graded([partial(job_of, file, assignments) for file in work], options)
            term.set_failed([file.key for file in work], [o for o in outcomes if "failed" in o])
            term.write(out)
            waiting, attention = pages.write(
                out, *gradebook.update(out), dates(options), options.answers
            )
    attention += [("not graded", line) for line in term.passed_over(submissions, upload)]
    summary(outcomes, waiting, attention)
    if waiting:
        print(f"to mark the answers: {formgrader.command(out, '--formgrader')}")
        print("  (if it is open, end it by Ctrl-C first: it still shows the earlier answers)")
    seconds = time.monotonic() - began
    print(f"{seconds:.0f} s; {shown(out)}/ has grades.csv, overview.html, feedback/")
    return 1 if any("failed" in o for o in outcomes) else 0


def refuse_other_name(out: Path, known: list[tuple[str, str]]) -> None:
    """Raise Problem if a notebook was graded in another assignment than it belongs to now."""
    now = {notebook: name for name, notebook in known}
    for outcome in store.all_outcomes(out):
        before, notebook = outcome["unit"], outcome["notebook"]
        if (before, notebook) not in known and (name := now.get(notebook)):
            raise Problem(
                f"{notebook} was graded as a part of {before} in {shown(out)}, and now belongs to "
                f"{name}: grade {name} into a folder of its own, with --out {out}_{name}, or take "
                f"{name} out of {shown(NOTEBOOKS / assignment.FILE)}; nothing was graded"
            )


def assignments_of(
    names: set[str], every: Mapping[str, Assignment], options: argparse.Namespace
) -> dict[tuple[str, str], Job]:
    """Return what notebooks are graded with; of all assignments if the gradebook is lost."""
    out = options.out
    if gradebook.is_lost(out):
        print(
            f"course.py grade: the gradebook {shown(out / store.GRADEBOOK)} is gone; it is written "
            "again from outcomes/, with the marks given by hand from the newest copy in "
            f"{shown(out / store.BACKUPS)}"
        )
        names = names | {o["unit"] for o in store.all_outcomes(out)} & every.keys()
    return prepare([every[name] for name in names], out, options.tests)


def job_of(submission: collect.Submission, assignments: Mapping[tuple[str, str], Job]) -> Job:
    """Return the work on a file; one that can't be read has the reason in place of its content."""
    job = replace(assignments[submission.unit, submission.notebook], student=submission.student)
    try:
        return replace(job, content=submission.load())
    except Refused as refused:
        return replace(job, problem=str(refused))


def graded(jobs: Sequence[Callable[[], Job]], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the outcomes of jobs; each that is new is written as soon as it is there."""
    outcomes, pending = [], []
    for make in jobs:
        job = make()
        before = store.read_json(store.outcome_path(options.out, job.head))
        if before and before["key"] == job.key:
            outcomes.append(before)
        else:
            pending.append(make)
    if outcomes:
        print(f"notebooks graded before: {len(outcomes)} of {len(jobs)}")
    if not pending:
        return outcomes
    workers = max(1, min(options.jobs, len(pending)))
    with (
        scheduler.cluster(workers, options.scheduler) as client,
        tqdm(total=len(pending), desc="grading", unit="notebook", disable=None) as bar,
    ):
        for outcome in scheduler.run(client, pending):
            if "failed" not in outcome:
                store.write_outcome(options.out, outcome)
            outcomes.append(outcome)
            bar.update()
    return outcomes


def summary(outcomes: list[dict[str, Any]], waiting: int, attention: list[tuple[str, str]]) -> None:
    """Print the results in a few lines."""
    graded = [o for o in outcomes if "failed" not in o]
    words = {
        **{"pass": "passed", "fail": "failed", "unsolved": "not solved"},
        "refused": "in a refused file",
    }
    tasks = [task for outcome in graded for task in outcome["tasks"]]
    verdicts = Counter(words.get(task["verdict"], "stopped or missing") for task in tasks)
    numbers = ", ".join(f"{n} {v}" for v, n in verdicts.most_common())
    students = len({o["student"] for o in graded})
    print(f"notebooks graded: {len(graded)}; students: {students}; tasks: {numbers}")
    print(f"answers to review: {waiting} (grades.csv, column 'needs review')")
    if absent := [name for kind, name in attention if kind == "absent"]:
        print(f"of the class, without a notebook: {visible('; '.join(absent))}")
    lines = [(kind, line) for kind, line in attention if kind != "absent"]
    for kind, line in lines[:10]:
        print(f"  ! {kind}: {visible(line)}")
    if len(lines) > 10:
        print(f"  ! and {len(lines) - 10} more, in overview.html")
