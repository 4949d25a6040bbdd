"""``course.py test``: prove that everything still works.

Five steps: ruff, unit tests, the structure of the notebooks, the self-test of the graded tasks,
and every notebook through nbval. Where bubblewrap works, the network is cut for all of them.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from data.core import cards
from tools.learn.run import expected_seconds, false_claims_of
from tools.notebook import common, outputs, sheets, switches
from tools.notebook.common import BUILD, ROOT, Notebook, Parser, select
from tools.notebook.tasks import tasks_of
from tools.write import self_test, structure
from utils import lessons, report

INSIDE = "COURSE_NETWORK_CUT"
# What is wrong where a linter fails, and the words that call it.
LINTERS = {
    "a value has another type than its annotation says": ["mypy"],  # the slowest begins
    "the code breaks these rules": ["ruff", "check", "--quiet", "."],
    "these files are not formatted yet; run `ruff format`": [
        *("ruff", "format", "--check", "--output-format", "concise", "."),
    ],
    "pyproject.toml declares other packages than the code imports": ["deptry", "."],
    "code for learners imports a package that is not in `dependencies` or `learn`": [
        *("deptry", ".", "--optional-dependencies-dev-groups", "tools,book", "--ignore", "DEP002"),
        *("--extend-exclude", r"tests|benchmarks|tools/(write|teach|publish)|.*(test_|conftest)"),
    ],
}


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py test``."""
    options = parser().parse_args(argv)
    options.jobs = options.jobs or switches.default_jobs(options.profile)
    if not options.network and INSIDE not in os.environ:
        if wrapped := without_network():
            command = [*wrapped, sys.executable, "-P", "-m", "tools", "test", *argv]
            return subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode
        print("course.py test: the network stays on (bubblewrap is not there or may not be used)")
    folders = [Path(name).resolve() for name in options.names]
    if folders and all((folder / cards.CARD).is_file() for folder in folders):
        return 0 if tests_of_sets(options, folders) else 1
    return run_steps(options, select(options.names))


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``test``."""
    p = Parser(
        prog="python course.py test",
        description="Check the code, run the unit tests, check the notebooks and their graded "
        "tasks, and run every notebook. Where the system allows it, this happens without a "
        "network.",
    )
    p.add_argument(
        "names",
        nargs="*",
        help="units or notebooks, such as 06/01, for the steps on notebooks alone (default: all "
        "steps, all notebooks); or folders of data sets, such as data/har, for their tests alone",
    )
    steps = f"do one step alone: {', '.join(STEPS)}"
    p.add_argument("--only", action="append", choices=STEPS, metavar="STEP", help=steps)
    jobs = f"how many tests or notebooks run at the same time ({switches.DEFAULT_JOBS})"
    p.add_argument("--jobs", type=int, help=jobs)
    p.add_argument("--network", action="store_true", help="leave the network on")
    switches.add(p)
    return p


def without_network() -> list[str]:
    """Return the words before a command that cut its network; none where that does not work."""
    bwrap = shutil.which("bwrap")
    if not bwrap:
        return []
    command = [bwrap, "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]
    test = [*command, sys.executable, "-c", "pass"]
    tried = subprocess.run(test, capture_output=True, check=False)
    return command if tried.returncode == 0 else []


def run_steps(options: argparse.Namespace, notebooks: list[Notebook]) -> int:
    """Run the chosen steps, all of them even if one fails, and sum up."""
    cut = "cut" if INSIDE in os.environ else "on"
    print(
        f"course.py test: {len(notebooks)} notebooks, profile {options.profile}, "
        f"data {options.data}, network {cut}",
        flush=True,
    )
    began, failed = time.monotonic(), []
    names = options.only or (OF_PAGES if options.names else STEPS)
    chosen = {name: step for name, step in STEPS.items() if name in names}
    for name, step in chosen.items():
        started = time.monotonic()
        print(f"\n== {name} ==", flush=True)
        good = step(options, notebooks)
        if not good:
            failed.append(name)
        state = "ok" if good else "FAILED"
        print(f"== {name}: {state} in {time.monotonic() - started:.0f} s ==", flush=True)
    verdict = f"{', '.join(failed)} failed" if failed else "all is well"
    print(f"\ncourse.py test: {verdict} after {time.monotonic() - began:.0f} s")
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def lint(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Hold code and cells to ruff's rules and form, imports to pyproject, values to their types."""
    commands = [[sys.executable, "-m", *words] for words in LINTERS.values()]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    with ThreadPoolExecutor(options.jobs) as places:
        outcomes = list(places.map(partial(subprocess.run, cwd=ROOT, **output), commands))
    for (fault, words), done in zip(LINTERS.items(), outcomes, strict=True):
        if done.returncode:
            print(f"{done.stdout}{fault} ({' '.join(words[:2])})")
    return not any(done.returncode for done in outcomes)


def unit(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Run the unit tests: of utils and tools, of the data sets, and of what draws samples."""
    return unit_tests(options, "data", "drawing", "tests")


def tests_of_sets(options: argparse.Namespace, folders: list[Path]) -> bool:
    """Run the tests of some data sets: those in their folders, and their part of common ones."""
    words = " or ".join(folder.name for folder in folders)
    return unit_tests(options, *map(str, folders), "data/core/test_sets.py", "-k", words)


def unit_tests(options: argparse.Namespace, *words: str) -> bool:
    """Run unit tests side by side."""
    places = ["-n", str(options.jobs), "--dist", "loadgroup"]
    return pytest(options, options.jobs, [*places, "-p", "no:nbval", *words])


def pytest(options: argparse.Namespace, width: int, words: list[str]) -> bool:
    """Run pytest in a process and with a build folder of its own; name what was slowest.

    ``width`` notebooks share the cores.
    """
    environment = switches.environment(options, width) | {
        "COURSE_BUILD_DIR": str(BUILD / "test"),
        "COURSE_SAMPLES_DIR": str(BUILD / "samples"),  # what `run` has drawn is not drawn again
        "MPLBACKEND": "agg",
        # Dozens of processes import the same modules: they are compiled once.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    slowest = ["--durations=20", "--durations-min=5"]
    command = [sys.executable, "-m", "pytest", "-q", *slowest, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def structure_step(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Check the form of every notebook; print notes that are no faults, and how long all take."""
    problems = {n.name: structure.check(n) for n in notebooks}
    problems |= {"the sheets": list(sheets.faults(notebooks)), "the course": list(gone())}
    good = show(problems, "has all it should")
    for notebook in notebooks:
        notes = [outputs.reproduction_note(notebook), *structure.slow(notebook)]
        for note in filter(None, notes):
            print(f"note: {notebook.name}: {note}")
    quick = sum(outputs.seconds_of(n, "quick") or 0 for n in notebooks)
    longest = max((outputs.seconds_of(n, "lesson") or 0 for n in notebooks), default=0)
    print(f"As written down, all quick runs take {quick:.0f} s of processor time, and the longest")
    print(f"lesson {longest:.0f} s.")
    return (len(notebooks) < len(common.all_notebooks()) or site_is_right()) and good


def gone() -> Iterator[str]:
    """Say which lessons have no notebook, and which numbers of course.toml mean none."""
    here = {notebook.name: notebook.id for notebook in common.all_notebooks()}
    for name in lessons.names():
        if name not in here:
            yield (
                f"lessons/{name} has no notebook: remove that folder, too, or bring the notebook "
                "back and leave it out by `leave_out` in lessons/course.toml"
            )
    for week in lessons.short_weeks():
        for number in sorted(set(week["lessons"]) - {*here.values()}):
            if not lessons.is_left_out(number):
                yield f"lessons/course.toml, {week['title']!r}: there is no notebook {number}"
    for notebook in common.all_notebooks():
        if missing := sorted(set(notebook.prerequisites) - {*here.values()}):
            print(f"note: {notebook.name} builds on {', '.join(missing)}, which is not there")


def site_is_right() -> bool:
    """Let a process of its own read all sources of the site; print and return what is wrong."""
    command = [sys.executable, "-P", "-m", "tools.publish.book.proofread"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    faults = (done.stdout or done.stderr[-2000:] * bool(done.returncode)).strip()
    print(f"the site would not build:\n{faults}" if faults else "the site would build")
    return not faults


def graded_step(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Prove every graded task."""
    problems = self_test.problems_by_notebook(notebooks, options.jobs)
    number = sum(len(tasks_of(n)) for n in notebooks)
    print(f"{number} tasks")
    return show(problems, "solutions pass; emptied and wrong ones fail")


def show(problems: dict[str, list[str]], good: str) -> bool:
    """Print the problems of each notebook, or that it is good; return whether all are."""
    for name, texts in problems.items():
        print(f"{name}: {good if not texts else ''}")
        for text in texts:
            print(f"  - {text}")
    return not any(problems.values())


def notebooks_step(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Execute every notebook through nbval, then look at what the notebooks recorded."""
    # The longest first, so that none of them is left for the end.
    ordered = sorted(notebooks, key=lambda notebook: -expected_seconds(notebook, options.profile))
    width = max(1, min(options.jobs, len(notebooks)))
    passed = pytest(
        options,
        width,
        [
            *("--nbval-lax", "-p", "tools.write.nbval_guard"),
            f"--nbval-cell-timeout={switches.CELL_SECONDS}",
            *("-n", str(width), "--dist", "loadscope", "--no-loadscope-reorder"),
            *(str(notebook.path.relative_to(ROOT)) for notebook in ordered),
        ],
    )
    problems = {notebook.name: recorded_problems(notebook, options) for notebook in notebooks}
    return show(problems, "its data and claims are as they should be") and passed


def recorded_problems(notebook: Notebook, options: argparse.Namespace) -> list[str]:
    """Compare what a run recorded with what is committed: data sets and claims."""
    name = report.result_path(notebook.name, options.profile, options.data).name
    path = BUILD / "test" / "results" / name
    if not path.is_file():
        return []
    result = json.loads(path.read_text(encoding="utf-8"))
    problems = [
        f"it loads {name}, which its metadata (course: datasets, networks) does not name"
        for name in [*result["datasets"], *result["networks"]]
        if name not in notebook.needs
    ]
    return problems + [f"does not hold: {claim}" for claim in false_claims_of(result)]


STEPS = {
    "lint": lint,
    "unit": unit,
    "structure": structure_step,
    "graded": graded_step,
    "notebooks": notebooks_step,
}
OF_PAGES = ("structure", "graded", "notebooks")  # what a page that is named goes through
