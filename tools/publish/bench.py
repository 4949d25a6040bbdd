"""``course.py bench``: this course beside its peers, on the same work in the same session.

A benchmark is a folder of ``benchmarks/``: ``task.py`` writes the inputs and judges the answers,
``ours.py`` runs in the course's environment and ``peer.py`` in one of the peer's own, made when
it is asked for and made again when its pins change. Both sides run in turn, in fresh processes.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
from filelock import FileLock
from rich.console import Console
from rich.table import Table

from tools.notebook.common import BUILD, ROOT, Parser, Problem, parse, shown
from tools.notebook.sources import head
from tools.publish import accepted, growth
from utils._files import write_text
from utils.report import text

BENCHMARKS = ROOT / "benchmarks"
ENVIRONMENTS = BUILD / "bench" / "envs"
READY = "bench-ready"  # written last: an environment without it is not complete
# What a measurement depends on: it is accepted only as a commit has it.
WATCHED = (*accepted.WATCHED, "benchmarks", "tools/publish/bench.py", "tools/publish/growth.py")
GROWTH = BENCHMARKS / "growth.py"
LIMIT = 1800  # seconds that one side may take for one round
PR_SET_CHILD_SUBREAPER = 36
BUSY = 0.15  # share of the machine that others may take while a ratio is measured
THREADS = (
    "BENCH_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py bench``."""
    p = Parser(
        prog="python course.py bench",
        description="Measure this course beside its peers: the same inputs, in turn, in fresh "
        "processes with the same number of threads. The first run of a benchmark makes its "
        "peer's environment (gigabytes; the size is said first). Without NAME: list them.",
    )
    p.add_argument("names", nargs="*", metavar="NAME", help="a folder of benchmarks/")
    p.add_argument("--rounds", type=_at_least_one, default=5, help="runs of each side (5)")
    p.add_argument("--threads", type=_at_least_one, default=2, help="threads of each side (2)")
    p.add_argument(
        "--data",
        choices=("sample", "real"),
        default=os.environ.get("COURSE_DATA") or "sample",
        help="tier of the inputs",
    )
    p.add_argument(
        "--accept",
        action="store_true",
        help="keep the numbers in results/bench.json, without NAME those measured before "
        "(from a clean tree, on a quiet machine)",
    )
    p.add_argument(
        "--growth",
        action="store_true",
        help="time the course's own parts at growing sizes; NAME is a part then",
    )
    options = parse(p, argv)
    if options.growth:
        return grow(options)
    chosen = select(options.names)
    if options.names:
        for benchmark in chosen:
            measure(benchmark, options)
    if options.accept:
        accept([benchmark.name for benchmark in chosen])
    elif not options.names:
        Console().print(listing(chosen))
    return 0


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


# ------------------------------------------------------------------ benchmarks


@dataclass(frozen=True)
class Benchmark:
    """A folder of ``benchmarks/`` and what its ``bench.toml`` says."""

    folder: Path
    title: str
    peer: str
    python: str
    gigabytes: float
    unit: str
    compare: tuple[str, ...]
    quality: str
    slack: float
    metrics: tuple[dict[str, str], ...] = ()
    chart: dict[str, str] = field(default_factory=dict)  # rows of ours, and what work each is
    known_as: str = ""  # the peer's name there

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def against(self, row: str) -> str:
        """Return the peer's row that a row is compared with: the one of its group.

        A group is what stands before the colon of a row's name ("GAT: sparse words"); a row
        without a group of its own is compared with the first.
        """
        group = row.partition(":")[0]
        return next((r for r in self.compare if r.partition(":")[0] == group), self.compare[0])

    @property
    def result(self) -> Path:
        """Where the last measurement is kept."""
        return BUILD / "bench" / f"{self.name}.json"

    def task(self) -> ModuleType:
        """Return the module that writes the inputs and judges the answers."""
        path = self.folder / "task.py"
        if str(BENCHMARKS) not in sys.path:  # what several benchmarks share lies there
            sys.path.append(str(BENCHMARKS))
        spec = importlib.util.spec_from_file_location(f"bench_{self.name}", path)
        assert spec is not None and spec.loader is not None  # of a file .py there is one
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def all_benchmarks() -> list[Benchmark]:
    """Return the benchmarks of the course in order."""
    return [read(path.parent) for path in sorted(BENCHMARKS.glob("*/bench.toml"))]


def read(folder: Path) -> Benchmark:
    """Read a benchmark's ``bench.toml``; an error names the file and what is wrong."""
    path = folder / "bench.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for several in ("compare", "metrics"):
            value = table.get(several, ())
            table[several] = (value,) if isinstance(value, str) else tuple(value)
        return Benchmark(folder=folder, **table)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise Problem(f"{shown(path)} can't be read: {error}") from None


def select(names: list[str]) -> list[Benchmark]:
    """Return the benchmarks of these names, all of them for none."""
    known = {benchmark.name: benchmark for benchmark in all_benchmarks()}
    unknown = [name for name in names if name not in known]
    if unknown:
        have = ", ".join(known) or "none"
        raise Problem(f"there is no benchmark {', '.join(unknown)}; benchmarks/ has {have}")
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def listing(benchmarks: list[Benchmark]) -> Table:
    """Return the table of all benchmarks: what each compares, and what is here of it."""
    table = Table(box=None, padding=(0, 1))
    for heading in ("name", "what", "peer's environment", "last measured"):
        table.add_column(heading, overflow="fold")
    for benchmark in benchmarks:
        size = f"not made, {benchmark.gigabytes:g} GB"
        state = "here" if environment_is_ready(benchmark) else size
        last = load(benchmark.result)
        told = f"{last['finished'][:10]}, {last['data']}" if last else "never"
        table.add_row(benchmark.name, benchmark.title, state, told)
    return table


# ------------------------------------------------------------------ the peer's environment


def environment_is_ready(benchmark: Benchmark) -> bool:
    """Say whether the peer's environment is complete and of the present pins."""
    ready = ENVIRONMENTS / benchmark.name / READY
    return ready.is_file() and ready.read_text(encoding="utf-8") == fingerprint(benchmark)


def fingerprint(benchmark: Benchmark) -> str:
    """Return what the peer's environment depends on, as one hash."""
    pins = (benchmark.folder / "requirements.txt").read_bytes()
    return hashlib.sha256(pins + benchmark.python.encode()).hexdigest()


def peer_python(benchmark: Benchmark) -> Path:
    """Return the interpreter of the peer's environment, made first where it is not complete.

    Raises
    ------
    Problem
        If there is too little room, or the pins cannot be installed.
    """
    folder = ENVIRONMENTS / benchmark.name
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with FileLock(str(ENVIRONMENTS / f"{benchmark.name}.lock")):
        if not environment_is_ready(benchmark):
            shutil.rmtree(folder, ignore_errors=True)
            make_environment(benchmark, folder)
            write_text(folder / READY, fingerprint(benchmark))
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment(benchmark: Benchmark, folder: Path) -> None:
    """Install the peer's pins into a folder of their own, with a Python of their own."""
    free = shutil.disk_usage(folder.parent).free / 1e9
    if free < benchmark.gigabytes:
        raise Problem(
            f"{benchmark.peer} needs {benchmark.gigabytes:g} GB and {shown(folder.parent)} has "
            f"{free:.1f} GB free; make room, or set COURSE_BUILD_DIR to another disk"
        )
    print(f"making {benchmark.peer}'s environment, {benchmark.gigabytes:g} GB", flush=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = benchmark.folder / "requirements.txt"
    uv = find_uv()
    for words in (
        ["venv", "--python", benchmark.python, str(folder)],
        ["pip", "sync", "--python", str(python), "--require-hashes", str(pins)],
    ):
        done = subprocess.run([uv, *words, "--quiet", "--no-config"], check=False)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise Problem(
                f"{benchmark.peer}'s pins could not be installed (uv's message is above): check "
                "the network and that PyPI has them for this system; nothing is measured",
                exit_code=1,
            )


def find_uv() -> str:
    """Return uv: the one that requirements.txt pins, else the one on the PATH."""
    beside = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        raise Problem("uv makes the peers' environments, and it has no build for this system")
    return found


# ------------------------------------------------------------------ measuring


def measure(benchmark: Benchmark, options: argparse.Namespace) -> dict[str, Any]:
    """Run both sides in turn; keep the result under ``build/bench/`` and print its table."""
    pythons = {"ours": Path(sys.executable), "peer": peer_python(benchmark)}
    task = benchmark.task()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, watched() as machine:
        folder = Path(scratch)
        inputs = task.make(folder, options.data)
        told = f"{inputs['items']} {benchmark.unit}, {inputs['what']}"
        print(f"{benchmark.name}: {told}", flush=True)
        rounds = [
            one_round(benchmark, pythons, folder, options.threads, turned=bool(i % 2))
            for i in range(options.rounds)
        ]
        quality = task.judge(folder, answers(rounds[0]))
    result = circumstances(benchmark, options, rounds[0]) | inputs | {"machine": machine}
    result["rows"] = rows_of(benchmark, rounds, inputs["items"], quality)
    result["metrics"] = metrics_of(benchmark, result, rounds)
    write_text(benchmark.result, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    Console().print(table(result))
    print(f"wrote {shown(benchmark.result)}")
    return result


def circumstances(
    benchmark: Benchmark, options: argparse.Namespace, told: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return what a measurement was, besides its numbers."""
    differs = changed()
    return {
        "benchmark": benchmark.name,
        "title": benchmark.title,
        "unit": benchmark.unit,
        "data": options.data,
        "rounds": options.rounds,
        "threads": options.threads,
        "skipped": {row: why for part in told.values() for row, why in part["skipped"].items()},
        "versions": {side: told[side]["versions"] for side in ("ours", "peer")},
        "changed": differs,
        "commit": head() + ("+" if head() and differs else ""),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def one_round(
    benchmark: Benchmark, pythons: dict[str, Path], folder: Path, threads: int, turned: bool
) -> dict[str, dict[str, Any]]:
    """Run each side once; which one begins changes from round to round."""
    sides = list(pythons.items())
    told = {}
    for side, python in reversed(sides) if turned else sides:
        told[side] = run_side(python, benchmark.folder / f"{side}.py", folder, threads)
        took = [f"{row} {entry['seconds']:.2f} s" for row, entry in told[side]["rows"].items()]
        print(f"  {side}: {', '.join(took)}", flush=True)
    return told


def run_side(python: Path, script: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Run one side in a fresh process and return what its last line says.

    Raises
    ------
    Problem
        If it fails, takes too long, or does not end with its line of JSON.
    """
    environment = environment_of_a_side(threads, BENCHMARKS)
    command = [str(python), str(script), str(folder)]
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
        lines = done.stdout.strip().splitlines()
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Problem(f"{shown(script)} failed: {last}", exit_code=1)
        return json.loads(lines[-1])
    except subprocess.TimeoutExpired:
        raise Problem(f"{shown(script)} took over {LIMIT} s and was stopped", exit_code=1) from None
    except (IndexError, ValueError):
        raise Problem(f"{shown(script)} did not end with a line of JSON", exit_code=1) from None
    finally:
        reap()


def environment_of_a_side(threads: int, *path: Path) -> dict[str, str]:
    """Return the environment of a process that is timed, with ``path`` to import from."""
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return kept | {
        **dict.fromkeys(THREADS, str(threads)),
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "CUDA_VISIBLE_DEVICES": "-1",  # on the processor, on both sides
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


@contextlib.contextmanager
def watched() -> Iterator[dict[str, Any]]:
    """Yield a description of the machine; at the end it says what share of it others took."""
    machine: dict[str, Any] = {"cores": psutil.cpu_count(), "processor": processor()}
    before, own, began = busy_seconds(), os.times(), time.monotonic()
    with adopting():
        yield machine
    took = (time.monotonic() - began) * psutil.cpu_count()
    ours = sum(os.times()[:4]) - sum(own[:4])  # this process and its children
    machine["others"] = round(min(1.0, max(0.0, (busy_seconds() - before - ours) / took)), 2)


@contextlib.contextmanager
def adopting() -> Iterator[None]:
    """Become the parent of what a side leaves behind: its time is no other work's.

    A sandbox whose grader was killed, say. Linux alone knows it; elsewhere such time counts as
    that of others.
    """
    if sys.platform != "linux":
        yield
        return
    kernel = ctypes.CDLL(None)
    kernel.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        kernel.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def reap() -> None:
    """Take note of adopted processes that have ended: their times count as this one's then."""
    with contextlib.suppress(AttributeError, ChildProcessError):  # Windows; none is left
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def busy_seconds() -> float:
    """Return the seconds that all cores together have worked since the start."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0) + getattr(times, "guest", 0)
    return sum(times) - idle - getattr(times, "guest_nice", 0)


def processor() -> str:
    """Return the processor's name where the system tells it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown"


# ------------------------------------------------------------------ growing sizes


def grow(options: argparse.Namespace) -> int:
    """Time the named parts, all of them for none, and keep them with ``--accept``."""
    if unknown := [name for name in options.names if name not in growth.PARTS]:
        have = ", ".join(growth.PARTS)
        raise Problem(f"there is no part {', '.join(unknown)} that grows; there are {have}")
    found = {name: growing(name, options.threads) for name in options.names or growth.PARTS}
    Console().print(grown(found))
    if options.accept:
        accept_growth(found)
    return 0


def growing(name: str, threads: int) -> dict[str, Any]:
    """Time a part at all its sizes, in a fresh process."""
    part = growth.PARTS[name]
    print(f"{name}: {part.sizes[0]:,} to {part.sizes[-1]:,} {part.unit}", flush=True)
    environment = environment_of_a_side(threads, BENCHMARKS, ROOT)
    command = [sys.executable, str(GROWTH), name, *map(str, part.sizes)]
    with watched() as machine:
        done = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        reap()
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Problem(f"{shown(GROWTH)} {name} failed: {last}", exit_code=1)
    return {
        "threads": threads,
        "machine": machine,
        "points": [json.loads(line) for line in done.stdout.splitlines()],
        "changed": changed(),
        "commit": head(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def grown(found: dict[str, Any]) -> Table:
    """Return measured parts as a table."""
    shown_table = Table(box=None, padding=(0, 1))
    for heading in ("part", "largest", "seconds", "exponent", "on its line", "others"):
        shown_table.add_column(heading, overflow="fold")
    for name, result in found.items():
        part, last = growth.PARTS[name], result["points"][-1]
        line = growth.fitted(result["points"])
        shown_table.add_row(
            part.work,
            f"{last['size']:,} {part.unit}",
            f"{last['seconds']:.3g}",
            f"{line.exponent:.2f}",
            f"{line.begins:,} to {line.ends:,}",
            f"{100 * result['machine']['others']:.0f} %",
        )
    return shown_table


def accept_growth(found: dict[str, Any]) -> None:
    """Keep measured parts in ``results/growth.json``."""
    refuse_unclean()
    for name, result in found.items():
        if why := unfit(result):
            raise Problem(f"{name}: {why}; nothing was accepted", exit_code=1)
    with FileLock(str(BUILD / "results.lock")):
        both = growth.load() | found
        kept = {name: both[name] for name in growth.PARTS if name in both}
        content = json.dumps({"parts": kept}, indent=1)
        write_text(accepted.RESULTS / "growth.json", content + "\n")
    print(f"{', '.join(found)}: accepted")


# ------------------------------------------------------------------ numbers


def answers(told: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """Return the answer of every row of a round, by side and row."""
    return {
        (side, row): entry["answer"]
        for side, part in told.items()
        for row, entry in part["rows"].items()
    }


def rows_of(
    benchmark: Benchmark,
    rounds: list[dict[str, Any]],
    items: int,
    quality: dict[tuple[str, str], dict[str, float]],
) -> list[dict[str, Any]]:
    """Return each row's rate over the rounds, its ratio to the peer, and its quality."""
    rows = []
    for side, name in answers(rounds[0]):
        each = rates(rounds, side, name, items)
        reference = statistics.median(rates(rounds, "peer", benchmark.against(name), items))
        own = rounds[0][side]["rows"][name].get("items", items)
        cpu = [told[side]["rows"][name]["cpu_seconds"] / own for told in rounds]
        rows.append(
            {
                "side": side,
                "row": name,
                "rate": statistics.median(each),
                "lowest": min(each),
                "highest": max(each),
                "ratio": statistics.median(each) / reference,
                "cpu_ms": 1000 * statistics.median(cpu),
                "quality": quality[side, name],
            }
        )
    return rows


def rates(rounds: list[dict[str, Any]], side: str, row: str, items: int) -> list[float]:
    """Return items a second of one row, one a round; a row may be of another number of them."""
    entries = [told[side]["rows"][row] for told in rounds]
    return [entry.get("items", items) / entry["seconds"] for entry in entries]


def fastest_equal(
    benchmark: Benchmark, rows: list[dict[str, Any]], row: str
) -> dict[str, Any] | None:
    """Return the fastest of our rows in a row's group that is no worse than the peer's, or None."""
    against = benchmark.against(row)
    (peer,) = (r for r in rows if (r["side"], r["row"]) == ("peer", against))
    least = peer["quality"][benchmark.quality] - benchmark.slack
    equal = [
        r
        for r in rows
        if r["side"] == "ours"
        and benchmark.against(r["row"]) == against
        and r["quality"][benchmark.quality] >= least
    ]
    return max(equal, key=lambda r: r["rate"], default=None)


def metrics_of(
    benchmark: Benchmark, result: dict[str, Any], rounds: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the ratios that ``data/reported.toml`` asks for, by notebook and name.

    The value is the ratio of medians; the standard deviation is that of the rounds' own ratios.
    """
    found: dict[str, dict[str, Any]] = {}
    for metric in benchmark.metrics:
        ours = rates(rounds, "ours", metric["row"], result["items"])
        against = benchmark.against(metric["row"])
        peer = rates(rounds, "peer", against, result["items"])
        entry = {
            "value": statistics.median(ours) / statistics.median(peer),
            "data": result["data"],
            "n": len(rounds),
            "note": note(benchmark, result, metric["row"]),
        }
        if len(rounds) > 1:
            entry["sd"] = statistics.stdev(a / b for a, b in zip(ours, peer, strict=True))
        found.setdefault(metric["notebook"], {})[metric["name"]] = entry
    return found


def note(benchmark: Benchmark, result: dict[str, Any], row: str) -> str:
    """Return how a row's ratio was measured, in one sentence, and the fastest row beside it."""
    version = result["versions"]["peer"].get(benchmark.peer, "")
    told = (
        f"times as fast as {benchmark.peer} {version}, {result['what']}, {result['threads']} "
        f"threads, {result['rounds']} rounds in turn"
    )
    best = fastest_equal(benchmark, result["rows"], row)
    if best and best["row"] != row:
        told += f"; fastest at equal {benchmark.quality}: {best['row']}, {best['ratio']:.3g} times"
    return told


def table(result: dict[str, Any]) -> Table:
    """Return a measurement as a table."""
    others = f"{100 * result['machine']['others']:.0f} %"
    left = "".join(f"\n{row} left out: {why}" for row, why in result["skipped"].items())
    shown_table = Table(
        title=f"{result['title']} (data {result['data']}, {result['threads']} threads)",
        caption=f"Medians of {result['rounds']} rounds, lowest to highest. Other work took "
        f"{others} of the machine.{left}",
        box=None,
        padding=(0, 1),
        title_justify="left",
        caption_justify="left",
    )
    for heading in headings(result):
        shown_table.add_column(heading, overflow="fold")
    for row in result["rows"]:
        shown_table.add_row(*cells(row))
    return shown_table


def headings(result: dict[str, Any]) -> list[str]:
    """Return the headings of a measurement's table."""
    quality = list(result["rows"][0]["quality"])
    return ["row", f"{result['unit']}/s", "spread", "ratio", "CPU ms", *quality]


def cells(row: dict[str, Any]) -> list[str]:
    """Return one row of a measurement's table."""
    return [
        f"{row['side']}: {row['row']}",
        f"{row['rate']:.3g}",
        f"{row['lowest']:.3g} to {row['highest']:.3g}",
        f"{row['ratio']:.2f}",
        f"{row['cpu_ms']:.0f}",
        *(text(value) for value in row["quality"].values()),
    ]


# ------------------------------------------------------------------ keeping them


def accept(names: list[str]) -> None:
    """Merge the last measurements into ``results/bench.json``, all of them or none.

    Raises
    ------
    Problem
        If nothing was measured, or a measurement is not worth keeping.
    """
    found = [result for name in names if (result := load(BUILD / "bench" / f"{name}.json"))]
    if not found:
        raise Problem("nothing was measured yet; name a benchmark: `course.py bench` lists them")
    refuse_unclean()
    for result in found:
        if why := unfit(result):
            raise Problem(f"{result['benchmark']}: {why}; nothing was accepted", exit_code=1)
    with FileLock(str(BUILD / "results.lock")):
        kept = accepted.benchmarks()
        for result in found:
            merge(kept, result)
        content = json.dumps({"benchmarks": dict(sorted(kept.items()))}, indent=1)
        write_text(accepted.RESULTS / "bench.json", content + "\n")


def refuse_unclean() -> None:
    """Raise where what was measured may not be what a commit has."""
    if dirty := accepted.uncommitted(WATCHED):
        raise Problem(
            "results are accepted from a clean tree, so that their commit says what ran; "
            f"commit or put away first: {dirty}"
        )


def unfit(result: dict[str, Any]) -> str:
    """Return why a measurement should not be kept; empty where it may be."""
    if result["changed"]:
        return f"it was measured with changes that no commit has ({result['changed']}); run again"
    others = result["machine"]["others"]
    if others > BUSY:
        return (
            f"other work took {100 * others:.0f} % of the machine while it was measured, and a "
            f"ratio is kept below {100 * BUSY:.0f} %; run again when it is quiet"
        )
    return ""


def merge(kept: dict[str, Any], result: dict[str, Any]) -> None:
    """Put a measurement in its place; a lesser tier never replaces a better one."""
    name = result["benchmark"]
    before = kept.get(name)
    if before and accepted.WORTH[result["data"]] < accepted.WORTH[before["data"]]:
        print(f"{name}: keeps its measurement on better data")
        return
    kept[name] = result
    print(f"{name}: accepted, {result['data']}, {result['rounds']} rounds")


def changed() -> str:
    """Return what differs from the last commit, or that none is known."""
    try:
        return accepted.uncommitted(WATCHED)
    except Problem:
        return "there is no git checkout"


def load(path: Path) -> dict[str, Any] | None:
    """Return a measurement that was written, None where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
