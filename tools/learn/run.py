"""``course.py run``: execute notebooks side by side and show what they measured."""

import argparse
import importlib.metadata
import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table
from rich.text import Text
from tqdm import tqdm

from data.core.files import write_text
from data.core.progress import COMMITTED
from tools.commands import RELEASED
from tools.notebook import common, outputs, switches
from tools.notebook.commit import commit_of
from tools.notebook.common import Notebook, Parser, Problem, select, shown, write_notebook
from tools.notebook.execute import Execution, execute, kill
from tools.notebook.kernels import forked_kernels
from utils import Course, report, results

RUNNING = "running"  # the folder of results and figures of runs that have not ended
PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "scipy")


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py run``."""
    options = parser("--update" in argv).parse_args(argv)
    if options.update and (options.profile, options.data) != ("lesson", "sample"):
        raise Problem(
            "--update writes the committed outputs, which come from lesson and sample; "
            "leave --profile and --data out"
        )
    notebooks = select(options.names)
    # The longest first, so that none of them is left for the end.
    notebooks.sort(key=lambda n: -expected_seconds(n, options.profile))
    try:
        done = execute_all(notebooks, options)
    except KeyboardInterrupt:
        print("\ncourse.py run: stopped", file=sys.stderr, flush=True)
        for child in psutil.Process().children():
            kill(child)
        os._exit(130)  # the threads that wait for the kernels are not waited for
    summary(done, options)
    failed = any(execution.error for execution in done.values())
    return 1 if failed or false_claims(done, options) else 0


def parser(update: bool = False) -> argparse.ArgumentParser:
    """Return the parser of ``run``; with ``update``, the profile is that of the lesson."""
    whose = "your notebooks" if RELEASED.is_file() else "the solved notebooks in notebooks/"
    p = Parser(
        prog="python course.py run",
        description=f"Execute {whose}, each in a fresh kernel, and show what they measured. The "
        "executed copies are in build/executed/; notebooks stay as they are. The profile lesson "
        "leaves out the cells below the line of a page, which reproduce its source. With the quick "
        f"profile, a cell is stopped after {switches.CELL_SECONDS // 60} minutes.",
    )
    p.add_argument("names", nargs="*", help="units or notebooks, such as 06/01 (default: all)")
    switches.add(p, usual_profile="lesson" if update else "quick")
    p.add_argument(
        "--jobs",
        type=int,
        help=f"how many notebooks run at the same time ({switches.DEFAULT_JOBS})",
    )
    p.add_argument(
        "--update",
        action="store_true",
        help="write the lessons' outputs and times into notebooks/ (profile lesson, the sample)",
    )
    return p


def expected_seconds(notebook: Notebook, profile: str) -> float:
    """Return how long a notebook took when it was last accepted, or written down."""
    try:
        written = outputs.seconds_of(notebook, "lesson" if profile == "lesson" else "quick") or 60.0
    except Problem:  # it is shown when the notebook runs
        return 0.0
    return results.full_run(notebook.name).get("seconds", written) if profile == "full" else written


def execute_all(notebooks: list[Notebook], options: argparse.Namespace) -> dict[str, Execution]:
    """Execute notebooks, as many at a time as there are places; return what came of each."""
    # One at a time where the time is to be written down.
    places = options.jobs or (1 if options.update else switches.default_jobs(options.profile))
    places = min(max(1, places), len(notebooks))
    print(
        f"course.py run: {len(notebooks)} notebook{'s' if len(notebooks) != 1 else ''}, "
        f"profile {options.profile}, data {options.data}",
        flush=True,
    )
    environment = switches.environment(options, places) | {"PYTHONPATH": str(common.ROOT)}
    environment[report.RUN_FOLDER] = str(common.BUILD / RUNNING)
    if options.update or options.profile == "full":
        environment[COMMITTED] = "1"
    done: dict[str, Execution] = {}
    pool = ThreadPoolExecutor(places)  # no `with`: Ctrl-C does not wait for its threads
    bar = tqdm(total=len(notebooks), unit="notebook", leave=False, disable=None)
    with forked_kernels() if len(notebooks) > 1 else nullcontext(), bar:
        running = {pool.submit(execute_one, n, options, environment): n for n in notebooks}
        for finished in as_they_end(running):
            notebook = running[finished]
            done[notebook.name] = finished.result()
            bar.update()
            tqdm.write(one_line(notebook, done[notebook.name]))
            sys.stdout.flush()
    return done


def as_they_end(futures: Iterable[Future]) -> Iterator[Future]:
    """Yield futures as they end, and let a Ctrl-C through while none does.

    A signal that comes just before a wait without a limit is seen only when that wait is over.
    """
    pending = set(futures)
    while pending:
        ended, pending = wait(pending, timeout=1, return_when=FIRST_COMPLETED)
        yield from ended


def execute_one(
    notebook: Notebook, options: argparse.Namespace, environment: dict[str, str]
) -> Execution:
    """Execute a notebook, and write what it leaves.

    What an earlier run has left stays until this one has ended well.
    """
    path = report.result_path(notebook.name, options.profile, options.data)
    copy = executed(options) / f"{notebook.name}.ipynb"
    failed = copy.with_suffix(".failed.ipynb")
    limit = switches.CELL_SECONDS if options.profile == "quick" else None
    whole = options.profile != "lesson"
    try:
        running(path).unlink(missing_ok=True)
        failed.unlink(missing_ok=True)
        ran = {"commit": commit_of(notebook.name), "code": results.code_hash(notebook.name)}
        done = execute(notebook.path, environment, limit, whole=whole)
        if not done.error:
            course = Course(notebook.name, options.profile, options.data, seed=0)
            outputs.sign(done.content, complete(path, course, done, ran))
        write_notebook(failed if done.error else copy, done.content)
        if options.update and not done.error:
            update(notebook, done, environment)
    except OSError as error:
        advice = common.remedy(error, "make that folder writable")
        return Execution(None, "; ".join(filter(None, [f"its file\n  {error}", advice])))
    except Exception as error:  # one notebook, such as a damaged file, stops no other
        return Execution(None, f"its file\n  {error}")
    return done


def update(notebook: Notebook, done: Execution, environment: dict[str, str]) -> None:
    """Write a lesson's outputs, and the times of its profiles, into ``notebooks/``.

    A page whose quick run is not its lesson runs once more in the quick profile, which proves that
    it does, and says how long that takes. Raises Problem where it does not.
    """
    times = {"lesson": min(done.seconds, done.processor_seconds + done.import_seconds)}
    if notebook.has_lesson:
        quick_environment = environment | {"COURSE_PROFILE": "quick", COMMITTED: ""}
        quick = execute(notebook.path, quick_environment)
        if quick.error:
            raise Problem(f"the lesson ran, and its quick run did not: {quick.error}")
        times["quick"] = quick.processor_seconds
    else:
        times = {"quick": done.processor_seconds}
    outputs.write_times(done.content, times)
    outputs.write_lesson(done.content)
    write_notebook(notebook.path, done.content)


def executed(options: argparse.Namespace) -> Path:
    """Return the folder of the executed copies."""
    return common.BUILD / "executed" / f"{options.profile}-{options.data}"


def running(path: Path) -> Path:
    """Return where a result is until its run has ended."""
    return common.BUILD / RUNNING / path.relative_to(common.BUILD)


def complete(path: Path, course: Course, done: Execution, ran: dict[str, str]) -> dict[str, Any]:
    """Complete a notebook's result with time, memory and versions, and which code ran.

    It takes the place of an earlier one, with its figures. Returns the result, as it is saved.
    """
    result = report.result_of(course)
    if running(path).is_file():  # it recorded something
        result = json.loads(running(path).read_text(encoding="utf-8"))
    result |= ran | {
        "seconds": round(done.seconds, 1),
        "peak_mb": round(done.peak_mb),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
    }
    for name in {*result["figures"]}:
        figure = common.BUILD / "figures" / course.notebook / name
        figure.parent.mkdir(parents=True, exist_ok=True)
        os.replace(running(figure), figure)
    write_text(path, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return result


# ------------------------------------------------------------------ what is shown


def one_line(notebook: Notebook, done: Execution) -> str:
    """Return a finished notebook as one line."""
    measured = f"{done.seconds:7.1f} s {done.peak_mb:7.0f} MB   {processor(done)}"
    return f"{'failed' if done.error else 'done':<8} {notebook.name:<42} {measured}"


def processor(done: Execution) -> str:
    """Return the processor time of a notebook's cells, and that of its imports, in words."""
    return f"processor {done.processor_seconds:.1f} s, imports {done.import_seconds:.1f} s"


def summary(done: dict[str, Execution], options: argparse.Namespace) -> None:
    """Show what was measured, then what failed."""
    good = {name: execution for name, execution in sorted(done.items()) if not execution.error}
    if good:
        console = Console(width=None if sys.stdout.isatty() else 120)  # a log does not wrap
        console.print(summary_table(good, options.profile, options.data))
    for name, execution in sorted(done.items()):
        if execution.error:
            print(f"\nFAILED {name}\n  at {execution.error}")
    where = shown(executed(options))
    print(f"\n{len(good)} of {len(done)} notebooks ran; executed copies are in {where}/")


def false_claims(done: dict[str, Execution], options: argparse.Namespace) -> list[str]:
    """Print the claims that had to hold in the runs that are done, and did not; return them."""
    claims = []
    for name in (name for name, execution in sorted(done.items()) if not execution.error):
        path = report.result_path(name, options.profile, options.data)
        result = json.loads(path.read_text(encoding="utf-8"))
        claims += [f"{name}: {claim}" for claim in false_claims_of(result)]
    for claim in claims:
        print(f"does not hold: {claim}")
    return claims


def false_claims_of(result: dict[str, Any]) -> list[str]:
    """Return the claims that had to hold in a run, and did not.

    What a full run on real data finds is written into the results, whatever it is.
    """
    if not result["decides"] or (result["profile"], result["data"]) == ("full", "real"):
        return []
    return [claim for claim, holds in result["findings"].items() if not holds]


def summary_table(good: dict[str, Execution], profile: str, data: str) -> Table:
    """Return the table at the end of a run: processor time and numbers of what ran."""
    title = f"Reported and measured (profile {profile}, data {data})"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1))
    for heading in ("number", "reported", "measured", "data", "verdict"):
        table.add_column(heading, overflow="fold")
    for name, execution in good.items():
        path = report.result_path(name, profile, data)
        measured = json.loads(path.read_text(encoding="utf-8"))["metrics"]
        expected = results.reported().get(name, {}).get("metrics", {})
        label = Text(Notebook(Path(f"{name}.ipynb")).label, no_wrap=True, overflow="ellipsis")
        table.add_row(label, "", processor(execution), style="bold")
        for metric in (m for m in expected if m in measured):
            row = results.row(metric, measured[metric], expected[metric])
            del row[4]  # the goal stands in docs/results.md; a terminal is narrow
            table.add_row(f"  {row[0]}", *row[1:])
    return table
