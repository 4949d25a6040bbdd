"""``course.py grade``: from a folder or zip of notebooks to a gradebook, tables and feedback."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout
from tqdm import tqdm

from tools.notebook.cells import task_of
from tools.notebook.common import BUILD, NOTEBOOKS, Notebook, Parser, Problem, select, shown
from tools.notebook.tasks import describe, tasks_among, tasks_of
from tools.teach.grade import (
    agree,
    book,
    crew,
    examine,
    marks,
    results,
    roster,
    sandbox,
    submissions,
    totals,
)
from tools.teach.grade.examine import Job, Refused
from utils._files import write_text


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
        default=os.cpu_count() or 1,
        help="submissions at a time (default: the number of cores)",
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


# ------------------------------------------------------------------ the course's side


@dataclass(frozen=True)
class Master:
    """What the grader knows of one notebook of the course."""

    unit: str
    name: str
    course: str
    locked: dict[str, str]


def notebooks_in(source: Path) -> list[Notebook]:
    """Return the notebooks of a folder of units, in order."""
    return [Notebook(p) for p in sorted(source.glob("*/*.ipynb"))]


def prepare(
    units: Iterable[str], out: Path, tests: Path | None, source: Path = NOTEBOOKS
) -> dict[tuple[str, str], Master]:
    """Put units into the gradebook, and return what their notebooks are graded with.

    nbgrader makes the student version too: the locked cells that came back are compared with it.
    """
    from tools.teach import release

    masters = {}
    for unit in sorted(units):
        folder = out / "nbgrader"
        mark = folder / f"{unit}.json"
        state = json.dumps(["proved", *release_state(unit, tests, source)])
        current = unit in book.units(out / results.BOOK) and mark.is_file()
        if not current or mark.read_text(encoding="utf-8") != state:
            mark.unlink(missing_ok=True)
            release.release(unit, folder, source, tests=tests)
            if tests is not None or source != NOTEBOOKS:
                place = folder / "source" if tests is not None else source
                release.prove(unit, place, None if source != NOTEBOOKS else tests, "graded")
            write_text(mark, state)
        for notebook in (n for n in notebooks_in(source) if n.path.parent.name == unit):
            course = release.private_copy(notebook, tests)
            released = Notebook(folder / "release" / unit / notebook.path.name)
            masters[unit, notebook.path.stem] = Master(
                unit, notebook.path.stem, without_outputs(course), describe(released)["locked"]
            )
    return masters


def release_state(unit: str, tests: Path | None, source: Path) -> list[tuple[str, float, int]]:
    """Return names, times and sizes of the files that a unit's release is made of."""
    files = sorted((source / unit).glob("*.ipynb"))
    files += sorted((tests / unit).rglob("*.py")) if tests else []
    return [(str(f), f.stat().st_mtime, f.stat().st_size) for f in files]


def without_outputs(content: Any) -> str:
    """Return a notebook as JSON without outputs, which nobody needs on a worker."""
    import nbformat

    for cell in content.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(content)


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
        if lost := results.gone(out):
            print(f"course.py grade: {lost}")
            units |= {o["unit"] for o in results.all_outcomes(out)} & {unit for unit, _ in known}
        masters = prepare(units, out, options.tests, source)
        check_tasks(repeated, masters)
        if options.tests is not None or source != NOTEBOOKS:
            prove(masters, out, source, options)
        jobs = [partial(job_of, found, masters, options) for found in collection.found]
        outcomes = run(jobs, out, options, repeated)
        found = collection.found
        state = results.State(
            left_out=collection.left_out,
            failed=[o for o in outcomes if "failed" in o],
            times=[[f.student, f.unit, f.notebook, f.time] for f in found],
            numbers=numbers_of(found),
            people=[asdict(student) for student in people.values()],
            due=due,
            percent=options.late_penalty,
            notes=[*collection.notes, *results.damaged(out)],
        )
        write_text(out / results.STATE, json.dumps(asdict(state)))
        results.write_book(out, state)
        waiting, attention = results.write_pages(out, state, anonymous=options.anonymous)
    summary(out, outcomes, waiting, attention, time.monotonic() - began)
    return 1 if any("failed" in o for o in outcomes) else 0


def numbers_of(found: Iterable[submissions.Found]) -> list[list[str]]:
    """Return the numbers that places tell, by student and unit."""
    return [[f.student, f.unit, f.number] for f in found if f.number]


def to_repeat(texts: list[str], known: list[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Return which tasks of which notebooks are graded anew; an empty set means all."""
    found: dict[tuple[str, str], set[str]] = {}
    for text in texts:
        name, _, task = text.partition(":")
        fitting = [
            (unit, stem)
            for unit, stem in known
            if name in (f"{unit}/{stem}", f"{unit[:2]}/{stem[:2]}", stem)
        ]
        if len(fitting) != 1:
            have = ", ".join(f"{unit[:2]}/{stem[:2]}" for unit, stem in fitting or known)
            raise Problem(f"--again {text}: {name!r} is {len(fitting)} notebooks of {have}")
        tasks = found.setdefault(fitting[0], set())
        tasks |= {task} if task else set()
    return found


def check_tasks(repeated: dict[tuple[str, str], set[str]], masters: dict) -> None:
    """See that what is to be graded anew is there."""
    for (unit, name), tasks in repeated.items():
        if (unit, name) not in masters:
            raise Problem(f"--again {unit}/{name}: nobody handed in anything of that unit")
        cells = json.loads(masters[unit, name].course)["cells"]
        blocks = [c["metadata"].get("nbgrader", {}) for c in cells if c["cell_type"] == "code"]
        have = {task_of(block["grade_id"]) for block in blocks if block.get("grade")}
        if unknown := tasks - have:
            raise Problem(
                f"--again {unit}/{name}: it has no task {', '.join(sorted(unknown))}; it has "
                f"{', '.join(sorted(have))}"
            )


def prove(masters: dict, out: Path, source: Path, options: argparse.Namespace) -> None:
    """Grade the solutions before any student: tests that they fail give everybody nothing.

    What the course's own self-test proves is left out.

    Raises
    ------
    Problem
        If a solution does not get full points from the tests that are not the course's own.
    """
    from tools.teach import release

    mark = out / "nbgrader" / "proved.json"
    proved = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else []
    for (unit, name), master in masters.items():
        notebook = Notebook(source / unit / f"{name}.ipynb")
        if source == NOTEBOOKS and not release.private_files(options.tests, notebook):
            continue
        job = solved_job(unit, name, master, out, options)
        if job.key in proved:
            continue
        failing = [t for t in examine.examine(job)["tasks"] if t["verdict"] != "pass"]
        if failing:
            told = [f"{t['task']}: {t.get('detail') or t['reason']}" for t in failing]
            raise Problem(
                f"{unit}/{name}: the solution itself fails these tests, so nobody could pass them; "
                "nothing is graded:\n  " + "\n  ".join(told),
                exit_code=1,
            )
        proved.append(job.key)
        write_text(mark, json.dumps(proved))


def solved_job(unit: str, name: str, master: Master, out: Path, options: argparse.Namespace) -> Job:
    """Return the work on a notebook that is handed in with the course's own solutions."""
    import nbformat

    released = (out / "nbgrader" / "release" / unit / f"{name}.ipynb").read_bytes()
    known = tasks_among(nbformat.reads(master.course, as_version=4).cells, f"{unit}/{name}")
    content = filled(released, {t.name: t.solution for t in known})
    return Job("solved", unit, name, content, master.course, master.locked, unsafe=options.unsafe)


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


def run(
    jobs: Sequence[Callable[[], Job]],
    out: Path,
    options: argparse.Namespace,
    repeated: dict[tuple[str, str], set[str]] | None = None,
) -> list[dict[str, Any]]:
    """Grade what is not graded yet; an outcome is kept as a file as soon as it is there.

    Parameters
    ----------
    jobs : list of callable
        Make the work, one notebook each.
    out : Path
        Where outcomes are kept.
    options : Namespace
        ``jobs`` and ``scheduler``.
    repeated : dict, optional
        Tasks that are graded all the same, by unit and notebook.
    """
    outcomes, left = [], []
    made: dict[str, Made] = {}
    for make in jobs:
        job = make()
        kept = results.read_outcome(results.outcome_path(out, job.student, job.unit, job.notebook))
        tasks = (repeated or {}).get((job.unit, job.notebook))
        if kept and tasks is None and kept["key"] == job.key:
            outcomes.append(kept)
        else:
            left.append(partial(work, make, kept, tasks or set(), made))
    if outcomes:
        print(f"{len(outcomes)} of {len(jobs)} notebooks were graded before")
    if not left:
        return outcomes
    workers = max(1, min(options.jobs, len(left)))
    with (
        crew.cluster(workers, options.scheduler) as client,
        tqdm(total=len(left), desc="grading", unit="notebook", disable=None) as bar,
    ):
        for outcome in crew.run(client, left):
            if "failed" not in outcome:
                outcome = made.pop(outcome["key"]).complete(outcome)
                where = (outcome["student"], outcome["unit"], outcome["notebook"])
                write_text(results.outcome_path(out, *where), json.dumps(outcome))
            outcomes.append(outcome)
            bar.update()
    return outcomes


@dataclass(frozen=True)
class Made:
    """What an outcome needs that a worker does not know.

    Parameters
    ----------
    key : str
        Of the whole work.
    file : str
        SHA-256 of the student's file.
    before : dict or None
        The outcome before, of which all but the tasks in the new one is kept.
    """

    key: str
    file: str
    before: dict[str, Any] | None = None

    def complete(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """Return an outcome as it is kept."""
        outcome |= {"key": self.key, "file": self.file}
        if self.before is None:
            return outcome
        new = {task["task"]: task for task in outcome["tasks"]}
        tasks = [new.get(task["task"], task) for task in self.before["tasks"]]
        return outcome | {"tasks": tasks}


def work(
    make: Callable[[], Job], before: dict[str, Any] | None, tasks: set[str], made: dict[str, Made]
) -> Job:
    """Return what a worker is given: the whole notebook, or tasks of it if only they are due."""
    job = make()
    file = hashlib.sha256(job.content).hexdigest()
    if not tasks or not before or before.get("file") != file:
        made[job.key] = Made(job.key, file)
        return job
    part = replace(job, course=only_tasks(job.course, tasks))
    made[part.key] = Made(job.key, file, before)
    return part


def only_tasks(course: str, tasks: set[str]) -> str:
    """Return a notebook of the course in which only some tasks are graded; all cells stay."""
    content = json.loads(course)
    for cell in content["cells"]:
        block = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and task_of(block.get("grade_id", "")) not in tasks:
            block["grade"] = False
    return json.dumps(content)


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
        print(f"  ! {kind}: {book.visible(line)}")
    if len(attention) > 10:
        print(f"  ! and {len(attention) - 10} more, in overview.html")
    print(f"{seconds:.0f} s; {shown(out)}/: grades.csv, students.csv, overview.html, feedback/")


# ------------------------------------------------------------------ marks given by hand


def merge_manual(options: argparse.Namespace) -> int:
    """Merge marks given by hand into the book, and write tables and pages anew."""
    out = options.out.absolute()
    path = out / results.BOOK
    if not path.is_file():
        raise Problem(f"there is no gradebook in {shown(out)}; grade submissions first, or --out")
    with only_one(out):
        book.check(path)
        if lost := results.damaged(out):  # its marks would be taken from the pages
            raise Problem(f"{lost[0]}; no mark was merged")
        state, outcomes = results.read_state(out), results.all_outcomes(out)
        codes = {code: student for student, code in results.codes_of(out, [], make=False).items()}
        lines = marks.read(options.manual)
        results.write_book(out, state)  # the book may be a backup
        with book.opened(path) as opened:
            table = results.table_of(opened, outcomes, state)
            found = marks.changes(table, lines, codes)
            marks.apply(opened, found)
            book.settle_absent(opened, outcomes)  # who got an entry for a mark has no others
            results.Written.read(out).seal(out, opened)
        results.write_pages(out, state)
    number = sum(change.points is not None for change in found)
    comments = sum(bool(change.comment) for change in found)
    print(
        f"{number} marks merged from {options.manual}, {comments} comments; "
        f"{shown(out)}/grades.csv is written anew"
    )
    return 0


# ------------------------------------------------------------------ self-test


def self_test(options: argparse.Namespace) -> int:
    """Prove the grader on the course itself, through the very same steps."""
    notebooks = select(options.only or [])
    if options.deep:
        return agree.main(notebooks, options.jobs)
    findings = []
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        out = Path(folder)
        masters = prepare({n.path.parent.name for n in notebooks}, out, options.tests)
        expected = {}
        for notebook in notebooks:
            expected |= trials(notebook, masters, out, options)
        jobs = [lambda job=job: job for job, _ in expected.values()]
        with (
            crew.cluster(min(options.jobs, len(jobs)), options.scheduler) as client,
            tqdm(total=len(jobs), desc="self-test", unit="notebook", disable=None) as bar,
        ):
            for outcome in crew.run(client, jobs):
                where = (outcome["student"], outcome["unit"], outcome["notebook"])
                findings += judged(outcome, expected[where][1])
                bar.update()
    tasks = sum(len(tasks_of(n)) for n in notebooks)
    for finding in sorted(findings):
        print(f"  - {finding}")
    state = f"{len(findings)} findings" if findings else "all is well"
    print(f"{len(notebooks)} notebooks, {tasks} tasks, {len(jobs)} submissions: {state}")
    return 1 if findings else 0


def trials(
    notebook: Notebook, masters: dict, out: Path, options: argparse.Namespace
) -> dict[tuple[str, str, str], tuple[Job, dict[str, set[str]]]]:
    """Return the submissions that prove a notebook, and which verdicts each task may get."""
    unit, name = notebook.path.parent.name, notebook.path.stem
    master = masters[unit, name]
    released = (out / "nbgrader" / "release" / unit / f"{name}.ipynb").read_bytes()
    tasks = tasks_of(notebook)
    solved = solved_job(unit, name, master, out, options)
    job = replace(solved, student="released", content=released)
    found = {
        ("released", unit, name): (job, {t.name: {"unsolved"} for t in tasks}),
        ("solved", unit, name): (solved, {t.name: {"pass"} for t in tasks}),
    }
    for number in range(max((len(t.wrong) for t in tasks), default=0)):
        wrong = {t.name: sorted(t.wrong.items())[number] for t in tasks if number < len(t.wrong)}
        student = f"wrong-{number}"
        content = filled(released, {task: source for task, (_, source) in wrong.items()})
        verdicts = {t.name: {"fail"} if t.name in wrong else {"unsolved"} for t in tasks}
        found[student, unit, name] = (replace(job, student=student, content=content), verdicts)
    return found


def filled(released: bytes, sources: dict[str, str]) -> bytes:
    """Return a released notebook with solution cells filled in, as a student hands it in."""
    content = json.loads(released)
    for cell in content["cells"]:
        block = cell["metadata"].get("nbgrader", {})
        if block.get("grade_id") in sources:
            cell["source"] = sources[block["grade_id"]]
    return json.dumps(content).encode()


def judged(outcome: dict[str, Any], expected: dict[str, set[str]]) -> list[str]:
    """Return where an outcome is not what it has to be."""
    where = f"{outcome['unit']}/{outcome['notebook']}, {outcome['student']}"
    if outcome.get("failed") or outcome["refused"] or outcome["notes"]:
        return [f"{where}: {outcome.get('failed') or outcome['refused'] or outcome['notes']}"]
    return [
        f"{where}: {t['task']} is '{t['verdict']}' ({t['reason'][:200]}), not {expected[t['task']]}"
        for t in outcome["tasks"]
        if t["verdict"] not in expected[t["task"]]
        or (t["points"] == t["of"]) != (t["verdict"] == "pass")
    ]
