"""``course.py bench``: this course beside its peers, on the same work in the same session.

A benchmark is a folder of ``benchmarks/``: ``task.py`` writes the inputs and judges the answers,
``ours.py`` runs in the course's environment and ``peer.py`` in one of the peer's own, made when
it is asked for and made again when its pins change. Both sides run in turn, in fresh processes.
"""

from __future__ import annotations

import argparse
import contextlib
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

from data.core.files import write_text
from tools.notebook.commit import head, uncommitted
from tools.notebook.common import BUILD, ROOT, Parser, Problem, find_uv, shown
from tools.publish import accepted
from utils import results

BENCHMARKS = ROOT / "benchmarks"
ENVIRONMENTS = BUILD / "bench" / "envs"
READY = "bench-ready"  # written last: an environment without it is not complete
# What a measurement depends on: it is accepted only as a commit has it.
WATCHED = (*accepted.WATCHED, "benchmarks", "tools/publish/bench.py")
BUSY = 0.15  # share of the machine that others may take while a ratio is measured
LIMIT = 1800  # seconds that one side may take for one round
THREADS = (
    "BENCH_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


@dataclass(frozen=True)
class Benchmark:
    """A folder of ``benchmarks/`` and what its ``bench.toml`` says."""

    folder: Path
    title: str
    peer: str
    python: str
    gigabytes: float
    unit: str
    compare: list[str]
    metrics: tuple[dict[str, str], ...] = ()
    columns: dict[str, str] = field(default_factory=dict)  # what the columns of answers hold

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def result(self) -> Path:
        """Where the last measurement is kept."""
        return BUILD / "bench" / f"{self.name}.json"

    def against(self, row: str) -> str:
        """Return the peer's row that a row is compared with: the one of its group.

        A group is what stands before the colon of a row's name ("GAT: sparse words"); a row
        without a group of its own is compared with the first.
        """
        group = row.partition(":")[0]
        return next((r for r in self.compare if r.partition(":")[0] == group), self.compare[0])

    def task(self) -> ModuleType:
        """Return the module that writes the inputs and judges the answers."""
        if str(BENCHMARKS) not in sys.path:  # what several benchmarks share lies there
            sys.path.append(str(BENCHMARKS))
        name, path = f"bench_{self.name}", self.folder / "task.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None  # a file that ends in .py
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def all_benchmarks() -> dict[str, Benchmark]:
    """Return the benchmarks of the course by name."""
    return {path.parent.name: read(path.parent) for path in sorted(BENCHMARKS.glob("*/bench.toml"))}


def read(folder: Path) -> Benchmark:
    """Read a benchmark's ``bench.toml``; an error names the file and what is wrong."""
    path = folder / "bench.toml"
    try:
        return Benchmark(folder=folder, **tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise Problem(f"{shown(path)} can't be read: {error}") from None


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
    options = p.parse_args(argv)
    known = all_benchmarks()
    if unknown := [name for name in options.names if name not in known]:
        have = ", ".join(known)
        raise Problem(f"there is no benchmark {', '.join(unknown)}; benchmarks/ has {have}")
    for name in options.names:
        measure(known[name], options)
    if options.accept:
        accept([known[name] for name in options.names or known])
    elif not options.names:
        for name, benchmark in known.items():
            print(f"{name}: {benchmark.title}, {benchmark.gigabytes:g} GB")
    return 0


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


# ------------------------------------------------------------------ measuring


def measure(benchmark: Benchmark, options: argparse.Namespace) -> None:
    """Run both sides in turn; keep the result under ``build/bench/`` and print its table."""
    pythons = {"ours": Path(sys.executable), "peer": peer_python(benchmark)}
    task = benchmark.task()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, watched() as machine:
        folder = Path(scratch)
        inputs = task.make(folder, options.data)
        print(f"{benchmark.name}: {inputs['items']} {benchmark.unit}, {inputs['what']}", flush=True)
        rounds = []
        for number in range(options.rounds):
            told = {}
            # Which side begins changes from round to round.
            for side in ("peer", "ours") if number % 2 else ("ours", "peer"):
                script = benchmark.folder / f"{side}.py"
                told[side] = run_side(pythons[side], script, folder, options.threads)
                took = [f"{row} {e['seconds']:.2f} s" for row, e in told[side]["rows"].items()]
                print(f"  {side}: {', '.join(took)}", flush=True)
            rounds.append(told)
        quality = task.judge(folder, answers(rounds[0]))
    result = circumstances(benchmark, options, rounds[0]) | inputs | {"machine": machine}
    result["rows"] = rows_of(benchmark, rounds, inputs["items"], quality)
    result["metrics"] = metrics_of(benchmark, result, rounds)
    write_text(benchmark.result, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    Console().print(table(result))
    print(f"wrote {shown(benchmark.result)}")


def circumstances(
    benchmark: Benchmark, options: argparse.Namespace, told: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return what a measurement was, besides its numbers."""
    changed = uncommitted(*WATCHED)
    return {
        "benchmark": benchmark.name,
        "title": benchmark.title,
        "unit": benchmark.unit,
        "data": options.data,
        "rounds": options.rounds,
        "threads": options.threads,
        "skipped": {row: why for part in told.values() for row, why in part["skipped"].items()},
        "versions": {side: told[side]["versions"] for side in ("ours", "peer")},
        "changed": changed,
        "commit": head() + ("+" if head() and changed else ""),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def run_side(python: Path, script: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Run one side in a fresh process and return what its last line says.

    Raises Problem if it fails, takes too long, or does not end with its line of JSON.
    """
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment = kept | {
        **dict.fromkeys(THREADS, str(threads)),
        "PYTHONPATH": str(BENCHMARKS),
        "CUDA_VISIBLE_DEVICES": "-1",  # on the processor, on both sides
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    try:
        done = subprocess.run(
            [str(python), str(script), str(folder)],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Problem(f"{shown(script)} failed: {last}", exit_code=1)
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise Problem(f"{shown(script)} took over {LIMIT} s and was stopped", exit_code=1) from None
    except (IndexError, ValueError):
        raise Problem(f"{shown(script)} did not end with a line of JSON", exit_code=1) from None


@contextlib.contextmanager
def watched() -> Iterator[dict[str, Any]]:
    """Yield a description of the machine; at the end it says what share of it others took."""
    machine: dict[str, Any] = {"cores": psutil.cpu_count(), "processor": processor()}
    before, own, began = busy_seconds(), os.times(), time.monotonic()
    yield machine
    took = (time.monotonic() - began) * psutil.cpu_count()
    ours = sum(os.times()[:4]) - sum(own[:4])  # this process and its children
    machine["others"] = round(min(1.0, max(0.0, (busy_seconds() - before - ours) / took)), 2)


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


# ------------------------------------------------------------------ the peer's environment


def peer_python(benchmark: Benchmark) -> Path:
    """Return the interpreter of the peer's environment, made first where it is not complete.

    Raises Problem if the pins cannot be installed.
    """
    folder = ENVIRONMENTS / benchmark.name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = benchmark.folder / "requirements.txt"
    wanted = hashlib.sha256(pins.read_bytes() + benchmark.python.encode()).hexdigest()
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with FileLock(str(ENVIRONMENTS / f"{benchmark.name}.lock")):
        ready = folder / READY
        if ready.is_file() and ready.read_text(encoding="utf-8") == wanted:
            return python
        shutil.rmtree(folder, ignore_errors=True)
        print(f"making {benchmark.peer}'s environment, {benchmark.gigabytes:g} GB", flush=True)
        for words in (
            ["venv", "--python", benchmark.python, str(folder)],
            ["pip", "sync", "--python", str(python), "--require-hashes", str(pins)],
        ):
            done = subprocess.run([find_uv(), *words, "--quiet", "--no-config"], check=False)
            if done.returncode:
                shutil.rmtree(folder, ignore_errors=True)
                raise Problem(
                    f"{benchmark.peer}'s pins could not be installed (uv's message is above): "
                    "check the network and the free disk space; nothing is measured",
                    exit_code=1,
                )
        write_text(ready, wanted)
    return python


# ------------------------------------------------------------------ what the rounds say


def answers(told: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """Return the answer of every row of a round, by side and row."""
    return {
        (side, row): told[side]["rows"][row]["answer"]
        for side in ("ours", "peer")
        for row in told[side]["rows"]
    }


def rates(rounds: list[dict[str, Any]], side: str, row: str, items: int) -> list[float]:
    """Return items a second of one row, one a round; a row may be of another number of them."""
    entries = [told[side]["rows"][row] for told in rounds]
    return [entry.get("items", items) / entry["seconds"] for entry in entries]


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


def metrics_of(
    benchmark: Benchmark, result: dict[str, Any], rounds: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the ratios that the lessons ask for, by notebook and name.

    The value is the ratio of medians; the standard deviation is that of the rounds' own ratios.
    """
    found: dict[str, dict[str, Any]] = {}
    version = result["versions"]["peer"].get(benchmark.peer, "")
    for metric in benchmark.metrics:
        ours = rates(rounds, "ours", metric["row"], result["items"])
        peer = rates(rounds, "peer", benchmark.against(metric["row"]), result["items"])
        entry = {
            "value": statistics.median(ours) / statistics.median(peer),
            "data": result["data"],
            "n": len(rounds),
            "note": f"times as fast as {benchmark.peer} {version}, {result['what']}, "
            f"{result['threads']} threads, {result['rounds']} rounds in turn",
        }
        if len(rounds) > 1:
            entry["sd"] = statistics.stdev(a / b for a, b in zip(ours, peer, strict=True))
        found.setdefault(metric["notebook"], {})[metric["name"]] = entry
    return found


def table(result: dict[str, Any]) -> Table:
    """Return a measurement as a table."""
    others = f"{100 * result['machine']['others']:.0f} %"
    left = "".join(f"\n{row} left out: {why}" for row, why in result["skipped"].items())
    drawn = Table(
        title=f"{result['title']} (data {result['data']}, {result['threads']} threads)",
        caption=f"Medians of {result['rounds']} rounds, lowest to highest. Other work took "
        f"{others} of the machine.{left}",
        box=None,
        padding=(0, 1),
        title_justify="left",
        caption_justify="left",
    )
    quality = list(result["rows"][0]["quality"])
    for heading in ("row", f"{result['unit']}/s", "spread", "ratio", "CPU ms", *quality):
        drawn.add_column(heading, overflow="fold")
    for row in result["rows"]:
        values = map(results.text, row["quality"].values())
        drawn.add_row(f"{row['side']}: {row['row']}", *speeds(row), f"{row['cpu_ms']:.0f}", *values)
    return drawn


def speeds(row: dict[str, Any]) -> list[str]:
    """Return the items a second of a row, from the slowest round to the fastest, and its ratio."""
    rate, low, high = (results.rounded(row[name], 3) for name in ("rate", "lowest", "highest"))
    return [rate, f"{low} to {high}", f"{row['ratio']:.2f}"]


# ------------------------------------------------------------------ keeping


def accept(benchmarks: list[Benchmark]) -> None:
    """Merge the last measurements into ``results/bench.json``, all of them or none.

    Raises Problem if nothing was measured, or a measurement is not worth keeping.
    """
    paths = [one.result for one in benchmarks if one.result.is_file()]
    if not paths:
        raise Problem("nothing was measured yet; name a benchmark: `course.py bench` lists them")
    accepted.refuse_changes(WATCHED)
    measured = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    for result in measured:
        if why := unfit(result):
            raise Problem(f"{result['benchmark']}: {why}; nothing was accepted", exit_code=1)
    kept = results.accepted("bench", "benchmarks")
    for result in measured:
        name = result["benchmark"]
        if (kept.get(name, {}).get("data"), result["data"]) == ("real", "sample"):
            print(f"{name}: keeps its measurement on better data")
            continue
        kept[name] = result
        print(f"{name}: accepted, {result['data']}, {result['rounds']} rounds")
    accepted.write("bench", {"benchmarks": dict(sorted(kept.items()))})


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
