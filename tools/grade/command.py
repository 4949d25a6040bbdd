"""``course.py grade``: from a folder or zip of notebooks to a gradebook, tables and feedback."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout
from tqdm import tqdm

from tools.common import BUILD, NOTEBOOKS, Notebook, Problem, select, shown
from tools.grade import agree, book, crew, examine, pages, sandbox, similar, submissions
from tools.grade.examine import Job, Refused
from tools.tasks import describe, tasks_among, tasks_of
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
    p = argparse.ArgumentParser(
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
    p.add_argument("--tests", type=Path, metavar="DIR", help="private hidden tests")
    p.add_argument(
        "--notebooks",
        type=Path,
        default=NOTEBOOKS,
        metavar="DIR",
        help="a folder of units in place of the course's own",
    )
    p.add_argument("--unsafe", action="store_true", help="run without a sandbox")
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
    from tools import release

    masters = {}
    for unit in sorted(units):
        folder = out / "nbgrader"
        mark = folder / f"{unit}.json"
        state = json.dumps(["proved", *release_state(unit, tests, source)])
        if not mark.is_file() or mark.read_text(encoding="utf-8") != state:
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
    collection = submissions.collect(options.submissions, known)
    out = options.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    with only_one(out):
        masters = prepare({f.unit for f in collection.found}, out, options.tests, source)
        if options.tests is not None or source != NOTEBOOKS:
            prove(masters, out, source, options)
        jobs = [partial(job_of, found, masters, options) for found in collection.found]
        outcomes = run(jobs, out, options)
        write_book(out)
        attention = attention_of(outcomes, collection.left_out)
        write_pages(out, attention)
    summary(out, outcomes, attention, time.monotonic() - began)
    return 1 if any("failed" in o for o in outcomes) else 0


def prove(masters: dict, out: Path, source: Path, options: argparse.Namespace) -> None:
    """Grade the solutions before any student: tests that they fail give everybody nothing.

    What the course's own self-test proves is left out.

    Raises
    ------
    Problem
        If a solution does not get full points from the tests that are not the course's own.
    """
    from tools import release

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
    jobs: list[Callable[[], Job]], out: Path, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """Grade what is not graded yet; an outcome is kept as a file as soon as it is there."""
    outcomes, left = [], []
    for make in jobs:
        job = make()
        kept = read_outcome(outcome_path(out, job.student, job.unit, job.notebook))
        if kept and kept["key"] == job.key:
            outcomes.append(kept)
        else:
            left.append(make)
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
                where = (outcome["student"], outcome["unit"], outcome["notebook"])
                write_text(outcome_path(out, *where), json.dumps(outcome))
            outcomes.append(outcome)
            bar.update()
    return outcomes


def outcome_path(out: Path, student: str, unit: str, notebook: str) -> Path:
    """Return where the outcome of one notebook of one student is kept."""
    folder = pages.page_name(student).removesuffix(".html")
    return out / "outcomes" / folder / f"{unit}--{notebook}.json"


def read_outcome(path: Path) -> dict[str, Any] | None:
    """Return a kept outcome, or None."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def all_outcomes(out: Path) -> list[dict[str, Any]]:
    """Return every outcome that an output folder holds, in order."""
    found = [read_outcome(p) for p in (out / "outcomes").glob("*/*.json")]
    return sorted(found, key=lambda o: (o["student"], o["unit"], o["notebook"]))


def write_book(out: Path) -> None:
    """Write the outcomes that are not in the book yet into it, in order, by this one process."""
    outcomes = all_outcomes(out)
    mark = out / "nbgrader" / "written.json"
    written = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else {}
    places = {o["key"]: f"{o['student']}/{o['unit']}/{o['notebook']}" for o in outcomes}
    new = [o for o in outcomes if written.get(places[o["key"]]) != o["key"]]
    with book.opened(out / "nbgrader" / "gradebook.db") as opened:
        bar = tqdm(total=len(new), desc="gradebook", unit="notebook", disable=None)
        for outcome in book.write(opened, new):
            written[places[outcome["key"]]] = outcome["key"]
            bar.update()
        bar.close()
        book.settle_absent(opened, outcomes)
    write_text(mark, json.dumps(written))


def write_pages(out: Path, attention: list[str]) -> None:
    """Write the tables and pages from the book."""
    outcomes = all_outcomes(out)
    with book.opened(out / "nbgrader" / "gradebook.db") as opened:
        table = book.rows(opened, {o["unit"] for o in outcomes})
    write_text(out / "grades.csv", book.grades_csv(table))
    write_text(out / "overview.html", pages.class_page(table, outcomes, attention))
    write_text(out / "similar.csv", similar_csv(out, outcomes))
    by_student: dict[str, tuple[list, list]] = {r.student: ([], []) for r in table}
    for row in table:
        by_student[row.student][0].append(row)
    for outcome in outcomes:
        by_student[outcome["student"]][1].append(outcome)
    for student, (mine, handed_in) in by_student.items():
        page = pages.student_page(student, mine, handed_in)
        write_text(out / "feedback" / pages.page_name(student), page)


def similar_csv(out: Path, outcomes: list[dict[str, Any]]) -> str:
    """Return the pairs of students with like solutions as CSV."""
    released = {}
    for unit, name in sorted({(o["unit"], o["notebook"]) for o in outcomes}):
        notebook = Notebook(out / "nbgrader" / "release" / unit / f"{name}.ipynb")
        released |= {(unit, name, task.name): task.solution for task in tasks_of(notebook)}
    lines = [
        (p.task, p.first, p.second, f"{p.share:.2f}", p.runs)
        for p in similar.alike(outcomes, released)
    ]
    return book.as_csv(("task", "student", "other student", "share of runs", "runs"), lines)


def attention_of(outcomes: list[dict[str, Any]], left_out: list[str]) -> list[str]:
    """Return what a person should look at: what was not graded, and what was odd."""
    lines = [f"left out: {line}" for line in left_out]
    for outcome in sorted(outcomes, key=lambda o: (o["student"], o["unit"], o["notebook"])):
        who = f"{outcome['student']}, {outcome['unit']}/{outcome['notebook']}"
        if outcome.get("failed"):
            lines.append(f"NOT GRADED: {who}: {outcome['failed']}")
            continue
        if outcome["refused"]:
            lines.append(f"refused: {who}: {outcome['refused']}")
        lines += [f"{who}: {note}" for note in outcome["notes"]]
        odd = [t for t in outcome["tasks"] if t["verdict"] in examine.ODD]
        lines += [f"{who}: {t['task']}: {t['verdict']}: {t['reason']}" for t in odd]
    return lines


def summary(
    out: Path, outcomes: list[dict[str, Any]], attention: list[str], seconds: float
) -> None:
    """Say in a few lines what came of it."""
    graded = [o for o in outcomes if "failed" not in o]
    verdicts = Counter(t["verdict"] for o in graded for t in o["tasks"])
    waiting = sum(q["review"] for o in graded for q in o["questions"])
    told = ", ".join(f"{n} {v}" for v, n in verdicts.most_common())
    print(f"{len(graded)} notebooks of {len({o['student'] for o in graded})} students: {told}")
    print(f"{waiting} open answers wait for a mark (grades.csv, column 'needs review')")
    for line in attention[:10]:
        print(f"  ! {line}")
    if len(attention) > 10:
        print(f"  ! and {len(attention) - 10} more, in overview.html")
    print(f"{seconds:.0f} s; {shown(out)}/: grades.csv, similar.csv, overview.html, feedback/")


# ------------------------------------------------------------------ marks given by hand


def merge_manual(options: argparse.Namespace) -> int:
    """Merge marks given by hand into the book, and write tables and pages anew."""
    out = options.out.absolute()
    path = out / "nbgrader" / "gradebook.db"
    if not path.is_file():
        raise Problem(f"there is no gradebook in {shown(out)}; grade submissions first, or --out")
    with only_one(out):
        with book.opened(path) as opened:
            number = book.merge(opened, options.manual)
        outcomes = all_outcomes(out)
        write_pages(out, attention_of(outcomes, []))
    print(f"{number} marks merged from {options.manual}; {shown(out)}/grades.csv is written anew")
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
        or t["points"] != (t["of"] if t["verdict"] == "pass" else 0)
    ]
