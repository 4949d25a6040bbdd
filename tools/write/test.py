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
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data.core import cards, load
from tools.learn.run import expected_seconds
from tools.notebook import tasks
from tools.notebook.common import (
    BUILD,
    CELL_SECONDS,
    NOTEBOOK_SECONDS,
    ROOT,
    Notebook,
    Parser,
    Problem,
    add_switches,
    cores,
    select,
    shown,
    switches,
)
from tools.write import structure
from utils import data, report

STEPS = ("lint", "unit", "structure", "graded", "notebooks")
INSIDE = "COURSE_NETWORK_CUT"
# What is wrong where one fails, and what is called for it.
LINTERS = {
    "a value is not of the type that is said": ["mypy"],  # takes longest, so it begins
    "a rule is broken": ["ruff", "check", "--quiet", "."],
    "`ruff format` brings these into the house's form": [
        *("ruff", "format", "--check", "--output-format", "concise", "."),
    ],
    "pyproject.toml declares other packages than are imported": ["deptry", "."],
    "learners import what their lists, dependencies and learn, do not declare": [
        *("deptry", ".", "--optional-dependencies-dev-groups", "tools,book", "--ignore", "DEP002"),
        *("--extend-exclude", r"tests|benchmarks|tools/(write|teach|publish)|.*(test_|conftest)"),
    ],
}


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py test``."""
    options = parser().parse_args(argv)
    if unknown := set(options.only or STEPS) - set(STEPS):
        raise Problem(f"--only {', '.join(sorted(unknown))}: the steps are {', '.join(STEPS)}")
    if not options.network and INSIDE not in os.environ:
        wrapped = without_network()
        if wrapped:
            environment = os.environ | {INSIDE: "1"}
            return subprocess.run(
                [*wrapped, sys.executable, "-P", "-m", "tools", "test", *argv],
                env=environment,
                check=False,
            ).returncode
        print("course.py test: the network stays on (bubblewrap is not there or may not be used)")
    folders = [ROOT / "data" / Path(name).name for name in options.names if is_set(name)]
    if folders and len(folders) == len(options.names):
        return sets(options, folders)
    return run_steps(options, select(options.names))


def is_set(name: str) -> bool:
    """Whether a name is the folder of a data set, such as ``data/har``."""
    folder = Path(name).resolve()
    return folder.parent == ROOT / "data" and (folder / cards.CARD).is_file()


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``test``."""
    p = Parser(
        prog="python course.py test",
        description="Lint, unit tests, structure, graded tasks, and every notebook, without a "
        "network where the system lets it be cut.",
    )
    p.add_argument(
        "names",
        nargs="*",
        help="hold the last three steps to these units or notebooks, such as 06/01; data/har runs "
        "the tests of a data set alone",
    )
    p.add_argument("--only", action="append", metavar="STEP", help=f"one of {', '.join(STEPS)}")
    p.add_argument(
        "--jobs",
        type=int,
        default=min(4, cores()),
        help="tests and notebooks at a time (default: the cores that it may use, at most 4)",
    )
    p.add_argument("--network", action="store_true", help="leave the network on")
    add_switches(p)
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
    outcome: dict[str, bool] = {}
    began = time.monotonic()
    notebooks, unreadable = readable(notebooks)
    if not show(unreadable, ""):
        outcome["files"] = False
    for name in STEPS:
        if options.only and name not in options.only:
            continue
        started = time.monotonic()
        print(f"\n== {name} ==", flush=True)
        outcome[name] = FUNCTIONS[name](options, notebooks)
        state = "ok" if outcome[name] else "FAILED"
        print(f"== {name}: {state} in {time.monotonic() - started:.0f} s ==", flush=True)
    failed = [name for name, good in outcome.items() if not good]
    print(
        f"\ncourse.py test: {', '.join(failed) + ' failed' if failed else 'all is well'} "
        f"after {time.monotonic() - began:.0f} s",
        flush=True,
    )
    print(f"{len(outcome) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def readable(notebooks: list[Notebook]) -> tuple[list[Notebook], dict[str, list[str]]]:
    """Part the notebooks that can be read from those that can't, with the reason."""
    good, bad = [], {}
    for notebook in notebooks:
        try:
            notebook.content  # noqa: B018  (read here, so that one damaged file stops no other)
            good.append(notebook)
        except Problem as problem:
            bad[notebook.name] = [str(problem)]
    return good, bad


def lint(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Hold code and cells to ruff's rules and form, imports to pyproject, values to their types."""

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )

    with ThreadPoolExecutor(options.jobs) as places:
        outcomes = list(places.map(run, LINTERS.values()))
    for (name, command), done in zip(LINTERS.items(), outcomes, strict=True):
        if done.returncode:
            print(f"{done.stdout}{name} ({' '.join(command[:2])})")
    return not any(done.returncode for done in outcomes)


def unit(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Run the unit tests: of utils and tools, and those in the folders of the data sets."""
    return pytest(options, "data", "tests")


def sets(options: argparse.Namespace, folders: list[Path]) -> int:
    """Run the tests of some data sets alone, and those of all sets that speak of them."""
    print(f"course.py test: {', '.join(shown(folder) for folder in folders)}", flush=True)
    known = [name for name in data.names() if load.find(name).folder in folders]
    every = "data/core/test_sets.py"
    own = pytest(options, *(str(folder) for folder in folders))
    return 0 if own and pytest(options, every, "-k", " or ".join(known)) else 1


def pytest(options: argparse.Namespace, *paths: str) -> bool:
    """Run pytest in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        str(options.jobs + 2),  # many of them wait: for a limit, a kernel, a sandbox
        "--dist",
        "loadgroup",
        "-p",
        "no:nbval",
        "--durations=20",  # the slowest, so that the log says where the minutes go
        "--durations-min=5",
        *paths,
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment(options, options.jobs), check=False)
    return done.returncode == 0


def structure_step(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Hold every notebook to the anatomy."""
    return show({n.name: structure.check(n) for n in notebooks}, "has all it should")


def graded_step(options: argparse.Namespace, notebooks: list[Notebook]) -> bool:
    """Prove every graded task."""
    problems = tasks.self_test_all(notebooks, options.jobs)
    number = sum(len(tasks.tasks_of(n)) for n in notebooks)
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
    """Execute every notebook through nbval, and make sure that none silently did not run."""
    BUILD.mkdir(parents=True, exist_ok=True)
    outcome = BUILD / "nbval.xml"
    outcome.unlink(missing_ok=True)
    ordered = sorted(notebooks, key=lambda notebook: -expected_seconds(notebook, options.profile))
    width = max(1, min(options.jobs, len(notebooks)))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--nbval-lax",
        "-p",
        "tools.write.nbval_guard",
        "-n",
        str(width),
        "--dist",
        "loadscope",
        "--no-loadscope-reorder",  # longest first, so that no long one is left for the end
        f"--nbval-cell-timeout={CELL_SECONDS}",
        f"--notebook-timeout={NOTEBOOK_SECONDS}",
        f"--junitxml={outcome}",
        "-o",
        "junit_family=xunit1",
        "--rootdir",
        str(ROOT),
        *[str(n.path.relative_to(ROOT)) for n in ordered],
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment(options, width), check=False)
    if not outcome.is_file():
        print("nbval left no record: no notebook ran")
        return False
    return show(missing(outcome, notebooks, options), "ran") and done.returncode == 0


def missing(
    outcome, notebooks: list[Notebook], options: argparse.Namespace
) -> dict[str, list[str]]:
    """Compare what nbval ran with the cells that there are."""
    passed: Counter[str] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    for case in ElementTree.parse(outcome).getroot().iter("testcase"):
        file = str(case.get("file") or case.get("classname")).replace("\\", "/")
        name = "/".join(file.removesuffix(".ipynb").split("/")[-2:])
        seconds[name] += float(case.get("time", 0))
        if (
            case.find("skipped") is None
            and case.find("failure") is None
            and case.find("error") is None
        ):
            passed[name] += 1
    problems = {}
    for notebook in notebooks:
        cells = sum(c.cell_type == "code" for c in notebook.content.cells)
        problems[notebook.name] = recorded_problems(notebook, options)
        if passed[notebook.name] != cells:
            text = f"{passed[notebook.name]} of its {cells} code cells ran and passed"
            problems[notebook.name].insert(0, text)
        print(f"{notebook.name}: {cells} cells, {seconds[notebook.name]:.0f} s")
    return problems


def recorded_problems(notebook: Notebook, options: argparse.Namespace) -> list[str]:
    """Compare what a run recorded with what is committed: data sets, claims, weights."""
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
    if (options.profile, options.data) != ("quick", "sample"):
        return problems  # claims and weights are of the committed outputs
    problems += [
        f"does not hold: {text}" for text, holds in result["findings"].items() if not holds
    ]
    return problems + [
        f"its trained weights {name} are not used ({state}): python course.py train {notebook.id}"
        for name, state in result["checkpoints"].items()
        if state != "used"
    ]


def environment(options: argparse.Namespace, width: int) -> dict[str, str]:
    """Return the environment of the tests: the switches, and a build folder of their own.

    ``width`` of them run at a time.
    """
    return switches(options, width) | {
        "COURSE_BUILD_DIR": str(BUILD / "test"),
        "MPLBACKEND": "agg",
        # Dozens of processes import the same modules: they are compiled once.
        "PYTHONDONTWRITEBYTECODE": "",
    }


FUNCTIONS: dict[str, Callable[[argparse.Namespace, list[Notebook]], bool]] = {
    "lint": lint,
    "unit": unit,
    "structure": structure_step,
    "graded": graded_step,
    "notebooks": notebooks_step,
}
