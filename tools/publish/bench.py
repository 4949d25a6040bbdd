"""``course.py bench``: this course beside its peers, on the same work in the same session.

A benchmark is a folder of ``benchmarks/``: ``task.py`` writes the inputs and judges the answers,
``ours.py`` runs in the course's environment and ``peer.py`` in one of the peer's own, made when
it is asked for and made again when its pins change. Both sides run in turn, in fresh processes.
"""

import argparse
import contextlib
import hashlib
import json
import os
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.markdown import Markdown

from data.core.files import write_text
from tools.notebook.commit import head, uncommitted
from tools.notebook.common import BUILD, ROOT, Parser, Problem, find_uv, read_toml, shown
from tools.publish import accepted
from tools.publish.overview import table
from utils import results

BENCHMARKS = ROOT / "benchmarks"
MEASURED = BUILD / "bench"  # the last measurements, and the peers' environments
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
Round = dict[str, dict[str, Any]]  # the answers of "ours" and "peer" in one round


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
    def result(self) -> Path:
        """The file of the last measurement."""
        return MEASURED / f"{self.folder.name}.json"

    def against(self, row: str) -> str:
        """Return the peer's row that a row is compared with: the one of its group.

        A group is what stands before the colon of a row's name ("GAT: sparse words"); a row
        without a group of its own is compared with the first.
        """
        group = row.partition(":")[0]
        return next((r for r in self.compare if r.partition(":")[0] == group), self.compare[0])


def all_benchmarks() -> dict[str, Benchmark]:
    """Return the benchmarks of the course by name."""
    return {path.parent.name: read(path) for path in sorted(BENCHMARKS.glob("*/bench.toml"))}


def read(path: Path) -> Benchmark:
    """Read a benchmark's ``bench.toml``."""
    return Benchmark(path.parent, **read_toml(path))


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py bench``."""
    p = Parser(
        prog="python course.py bench",
        description="Compare this course with its peers on the same inputs, in turn, in fresh "
        "processes with the same number of threads. The first run of a benchmark makes its "
        "peer's environment (gigabytes; the size is printed first). Without NAME, list them.",
    )
    p.add_argument("names", nargs="*", metavar="NAME", help="a folder of benchmarks/")
    p.add_argument("--rounds", type=int, default=5, help="runs of each side (default: 5)")
    p.add_argument("--threads", type=int, default=2, help="threads of each side (default: 2)")
    p.add_argument(
        "--data",
        choices=("sample", "real"),
        default=os.environ.get("COURSE_DATA") or "sample",
        help="data source of the inputs",
    )
    p.add_argument(
        "--accept",
        action="store_true",
        help="save the numbers in results/bench.json; without NAME, those measured before "
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


# ------------------------------------------------------------------ measuring


def measure(benchmark: Benchmark, options: argparse.Namespace) -> None:
    """Run both sides in turn; keep the result under ``build/bench/`` and print it."""
    if min(options.rounds, options.threads) < 1:
        raise Problem("--rounds and --threads must be 1 or more")
    pythons = {"ours": Path(sys.executable), "peer": peer_python(benchmark)}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, watched() as machine:
        inputs, rounds, quality = run_rounds(benchmark, pythons, Path(folder), options)
    first = rounds[0]
    changed = uncommitted(*WATCHED)
    result = {
        "benchmark": benchmark.folder.name,
        "title": benchmark.title,
        "unit": benchmark.unit,
        "data": options.data,
        "rounds": options.rounds,
        "threads": options.threads,
        "skipped": first["ours"]["skipped"] | first["peer"]["skipped"],
        "versions": {side: first[side]["versions"] for side in ("ours", "peer")},
        "changed": changed,
        "commit": head() + ("+" if head() and changed else ""),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **inputs,
        "machine": machine,
        "rows": rows_of(benchmark, rounds, inputs["items"], quality),
    }
    result["metrics"] = metrics_of(benchmark, result)
    write_text(benchmark.result, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    Console().print(Markdown(section(result, benchmark.columns)))
    for row, why in result["skipped"].items():
        print(f"{row} left out: {why}")
    print(f"Other programs used {machine['others']:.0%} of the processor.")
    print(f"wrote {shown(benchmark.result)}")


def run_rounds(
    benchmark: Benchmark, pythons: dict[str, Path], folder: Path, options: argparse.Namespace
) -> tuple[dict[str, Any], list[Round], dict[tuple[str, str], dict[str, float]]]:
    """Write the inputs and run both sides; return inputs, rounds, and the quality of each row."""
    if str(BENCHMARKS) not in sys.path:  # what several benchmarks share lies there
        sys.path.append(str(BENCHMARKS))
    task = runpy.run_path(str(benchmark.folder / "task.py"))
    inputs = task["make"](folder, options.data)
    what = f"{inputs['items']} {benchmark.unit}, {inputs['what']}"
    print(f"{benchmark.folder.name}: {what}", flush=True)
    rounds: list[Round] = []
    for number in range(options.rounds):
        rounds.append({})
        # Which side begins changes from round to round.
        for side in ("peer", "ours") if number % 2 else ("ours", "peer"):
            script = benchmark.folder / f"{side}.py"
            rounds[-1][side] = run_side(pythons[side], script, folder, options.threads)
    answers = {
        (side, name): row["answer"]
        for side in ("ours", "peer")
        for name, row in rounds[0][side]["rows"].items()
    }
    return inputs, rounds, task["judge"](folder, answers)


def run_side(python: Path, script: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Run one side in a fresh process and return what its last line says.

    Raises Problem if it fails, takes too long, or does not end with its line of JSON.
    """
    environment = os.environ | {
        **dict.fromkeys(THREADS, str(threads)),
        "PYTHONPATH": str(BENCHMARKS),
        "CUDA_VISIBLE_DEVICES": "-1",  # on the processor, on both sides
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    environment.pop("VIRTUAL_ENV", None)
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
        answer = json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise Problem(f"{shown(script)} took over {LIMIT} s and was stopped", exit_code=1) from None
    except (IndexError, ValueError):
        raise Problem(f"{shown(script)} did not end with a line of JSON", exit_code=1) from None
    took = [f"{name} {row['seconds']:.2f} s" for name, row in answer["rows"].items()]
    print(f"  {script.stem}: {', '.join(took)}", flush=True)
    return answer


@contextlib.contextmanager
def watched() -> Iterator[dict[str, Any]]:
    """Yield a description of the machine; in the end the share that others took of it is added."""
    machine: dict[str, Any] = {"cores": psutil.cpu_count(), "processor": processor()}
    psutil.cpu_percent()  # the next call says what all took since this one
    own, began = os.times(), time.monotonic()
    yield machine
    everything, took = psutil.cpu_percent() / 100, time.monotonic() - began
    ours = sum(os.times()[:4]) - sum(own[:4])  # this process and its children
    machine["others"] = round(max(0.0, everything - ours / took / psutil.cpu_count()), 2)


def processor() -> str:
    """Return the processor's name where the system tells it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown"


def peer_python(benchmark: Benchmark) -> Path:
    """Return the interpreter of the peer's environment, made first where it is not complete.

    Raises Problem if the pins cannot be installed.
    """
    folder = MEASURED / "envs" / benchmark.folder.name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = benchmark.folder / "requirements.txt"
    wanted = hashlib.sha256(pins.read_bytes() + benchmark.python.encode()).hexdigest()
    ready = folder / "bench-ready"  # written last: an environment without it is not complete
    if ready.is_file() and ready.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    print(f"making {benchmark.peer}'s environment, {benchmark.gigabytes:g} GB", flush=True)
    for command in (
        ["venv", "--python", benchmark.python, str(folder)],
        ["pip", "sync", "--python", str(python), "--require-hashes", str(pins)],
    ):
        done = subprocess.run([find_uv(), *command, "--quiet", "--no-config"], check=False)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise Problem(
                f"{benchmark.peer}'s packages could not be installed (uv's message is above): "
                "check the network and the free disk space; nothing is measured",
                exit_code=1,
            )
    write_text(ready, wanted)
    return python


# ------------------------------------------------------------------ what the rounds say


def rows_of(
    benchmark: Benchmark,
    rounds: list[Round],
    items: int,
    quality: dict[tuple[str, str], dict[str, float]],
) -> list[dict[str, Any]]:
    """Return each row's rate over the rounds, in items a second, its ratio, and its quality.

    The ratio is that of the medians of a row and of the peer's; ``sd`` is the standard deviation
    of the rounds' own ratios. A row may be of another number of items.
    """

    def rates(side: str, name: str) -> list[float]:
        entries = [run[side]["rows"][name] for run in rounds]
        return [entry.get("items", items) / entry["seconds"] for entry in entries]

    rows = []
    for side, name in quality:
        own, peer = rates(side, name), rates("peer", benchmark.against(name))
        ratios = [a / b for a, b in zip(own, peer, strict=True)]
        entries = [run[side]["rows"][name] for run in rounds]
        cpu = [entry["cpu_seconds"] / entry.get("items", items) for entry in entries]
        rows.append(
            {
                "side": side,
                "row": name,
                "rate": statistics.median(own),
                "lowest": min(own),
                "highest": max(own),
                "ratio": statistics.median(own) / statistics.median(peer),
                "sd": statistics.stdev(ratios) if len(ratios) > 1 else None,
                "cpu_ms": 1000 * statistics.median(cpu),
                "quality": quality[side, name],
            }
        )
    return rows


def metrics_of(benchmark: Benchmark, result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the ratios that the lessons ask for, by notebook and name."""
    metrics: dict[str, dict[str, Any]] = {}
    rows = {row["row"]: row for row in result["rows"] if row["side"] == "ours"}
    peer = f"{benchmark.peer} {result['versions']['peer'].get(benchmark.peer, '')}"
    for metric in benchmark.metrics:
        row = rows[metric["row"]]
        entry = {
            "value": row["ratio"],
            "data": result["data"],
            "n": result["rounds"],
            "note": f"times as fast as {peer}, {result['what']}, {result['threads']} threads, "
            f"{result['rounds']} rounds in turn",
        }
        if row["sd"] is not None:
            entry["sd"] = row["sd"]
        metrics.setdefault(metric["notebook"], {})[metric["name"]] = entry
    return metrics


def section(result: dict[str, Any], columns: dict[str, str]) -> str:
    """Return a measurement in Markdown, for the terminal and for the page of benchmarks."""
    versions = "; ".join(
        f"{side}: {', '.join(f'{package} {version}' for package, version in packages.items())}"
        for side, packages in result["versions"].items()
    )
    headings = ["side", "row", f"{result['unit']} a second", "spread", "ratio"]
    rows = []
    for row in result["rows"]:
        rate, low, high = (results.rounded(row[name], 3) for name in ("rate", "lowest", "highest"))
        quality = [results.text(number) for number in row["quality"].values()]
        spread, ratio = f"{low} to {high}", f"{row['ratio']:.2f}"
        rows.append([row["side"], row["row"], rate, spread, ratio, *quality])
    parts = [
        f"## Benchmark: {result['title']}\n",
        f"{result['items']} {result['unit']} ({result['data']}: {result['what']}), "
        f"{result['threads']} threads, {result['rounds']} rounds in turn on "
        f"{result['machine']['cores']} cores of {result['machine']['processor']}; "
        f"commit {result['commit']}; {versions}.\n",
        table([*headings, *result["rows"][0]["quality"]], rows),
    ]
    if columns:
        parts.append("; ".join(f"*{name}*: {text}" for name, text in columns.items()) + ".\n")
    return "\n".join(parts)


# ------------------------------------------------------------------ keeping


def accept(benchmarks: list[Benchmark]) -> None:
    """Merge the last measurements into ``results/bench.json``, all of them or none.

    Raises Problem if nothing was measured, or a measurement is not worth keeping.
    """
    paths = [b.result for b in benchmarks if b.result.is_file()]
    if not paths:
        raise Problem("nothing was measured yet; name a benchmark: `course.py bench` lists them")
    accepted.refuse_changes(WATCHED)
    every = results.accepted("bench", "benchmarks")
    for result in [json.loads(path.read_text(encoding="utf-8")) for path in paths]:
        name, others = result["benchmark"], result["machine"]["others"]
        why = ""
        if result["changed"]:
            why = f"it was measured with uncommitted changes ({result['changed']})"
        elif others > BUSY:
            why = f"other work took {others:.0%} of the machine, and {BUSY:.0%} is allowed"
        if why:
            raise Problem(f"{name}: {why}; run it again; nothing was accepted", exit_code=1)
        if (every.get(name, {}).get("data"), result["data"]) == ("real", "sample"):
            print(f"{name}: the accepted measurement on real data stays")
            continue
        every[name] = result
        print(f"{name}: {result['data']}, {result['rounds']} rounds")
    accepted.write("bench", {"benchmarks": dict(sorted(every.items()))})
