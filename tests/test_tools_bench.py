"""Benchmarks beside peers: environments, rounds, ratios, what is accepted. No peer is installed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tools.notebook.common import Problem
from tools.publish import accepted, bench, results
from utils import results as measured_numbers

TOML = """
title = "Adding numbers"
peer = "adder"
python = "3.11"
gigabytes = 0.001
unit = "numbers"
compare = ["plain"]
[[metrics]]
notebook = "01_faces/01_mtcnn_face_detection"
name = "ratio_to_adder"
row = "plain"
"""
TASK = """
import json
def make(folder, data):
    (folder / "numbers.json").write_text(json.dumps([1, 2, 3]))
    return {"items": 3, "what": f"{data} numbers"}
def judge(folder, answers):
    return {row: {"recall": float(answer == 6), "off": answer - 6}
            for row, answer in answers.items()}
"""
SIDE = """
import json, os, clock
numbers = json.loads((clock.inputs() / "numbers.json").read_text())
rows = {name: clock.timed(lambda: sum(numbers)) | {"seconds": s} for name, s in SECONDS.items()}
print("noise of an import")
clock.tell(rows, ("numpy",), {"heavy": "threads: " + os.environ["OMP_NUM_THREADS"]})
"""
OURS = "SECONDS = {'plain': 0.5, 'fast': 0.25}" + SIDE
PEER = "SECONDS = {'plain': 1.0}" + SIDE


@pytest.fixture
def adder(tmp_path, monkeypatch):
    """Return a benchmark of the test's own, whose peer runs in this bench."""
    folder = tmp_path / "benchmarks" / "adder"
    folder.mkdir(parents=True)
    clock = (bench.BENCHMARKS / "clock.py").read_text(encoding="utf-8")
    files = {"../clock.py": clock, "bench.toml": TOML, "task.py": TASK, "requirements.txt": "a==1"}
    files |= {"ours.py": OURS, "peer.py": PEER}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(bench, "BENCHMARKS", folder.parent)
    monkeypatch.setattr(bench, "MEASURED", tmp_path / "build")
    monkeypatch.setattr(measured_numbers, "RESULTS", tmp_path / "results")
    return bench.read(folder / "bench.toml")


@pytest.fixture
def here(monkeypatch):
    """Let the peer run in this environment and the tree be clean."""
    monkeypatch.setattr(bench, "peer_python", lambda benchmark: Path(sys.executable))
    monkeypatch.setattr(accepted, "uncommitted", lambda *watched: [])
    monkeypatch.setattr(bench, "uncommitted", lambda *watched: [])
    monkeypatch.setattr(bench, "head", lambda: "abc")


def test_environment_is_made_once_and_again_when_its_checksums_change(adder, monkeypatch):
    calls, folder = [], bench.MEASURED / "envs" / "adder"

    def run(command, **options):
        calls.append(command)
        folder.mkdir(parents=True, exist_ok=True)
        return subprocess.CompletedProcess(command, len(calls) == 4)  # the last one fails

    monkeypatch.setattr(bench.subprocess, "run", run)
    monkeypatch.setattr(bench, "find_uv", lambda: "uv")
    assert bench.peer_python(adder).is_relative_to(folder)
    assert "3.11" in calls[0] and "--require-hashes" in calls[1]
    bench.peer_python(adder)
    assert len(calls) == 2
    (adder.folder / "requirements.txt").write_text("a==2")
    with pytest.raises(Problem, match="adder") as caught:
        bench.peer_python(adder)
    assert caught.value.exit_code == 1 and not folder.exists()  # nothing half-made is left


def test_both_sides_run_in_turn_and_give_ratios(adder, here, capsys):
    assert bench.main(["adder", "--rounds", "2", "--threads", "3"]) == 0
    result = json.loads(adder.result.read_text(encoding="utf-8"))
    rows = {(row["side"], row["row"]): row for row in result["rows"]}
    assert rows["ours", "plain"]["ratio"] == 2.0 and rows["ours", "fast"]["ratio"] == 4.0
    assert rows["peer", "plain"]["rate"] == 3.0  # three numbers in a second
    assert rows["ours", "fast"]["quality"] == {"recall": 1.0, "off": 0}
    assert result["versions"]["peer"]["numpy"] == np.__version__
    metric = result["metrics"]["01_faces/01_mtcnn_face_detection"]["ratio_to_adder"]
    assert (metric["value"], metric["sd"], metric["n"], metric["data"]) == (2.0, 0.0, 2, "sample")
    printed = capsys.readouterr().out
    sides = [line.split(":")[0].strip() for line in printed.splitlines()[1:5]]
    assert sides == ["ours", "peer", "peer", "ours"]  # the side that begins changes
    assert "numbers a second" in printed and re.search("heavy.*threads: 3", printed)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise ValueError('no such picture')", "peer.py.* ValueError: no such picture"),
        ("print('all good')", "peer.py.*JSON"),
        ("import time; time.sleep(600)", "peer.py.* 0.2 s"),
    ],
)
def test_side_that_does_not_answer_is_named(adder, monkeypatch, code, message):
    monkeypatch.setattr(bench, "LIMIT", 0.2 if "sleep" in code else 600)
    script = adder.folder / "peer.py"
    script.write_text(code)
    with pytest.raises(Problem, match=message) as caught:
        bench.run_side(Path(sys.executable), script, adder.folder, 1)
    assert caught.value.exit_code == 1


def test_a_ratio_is_accepted_from_a_quiet_machine_and_stands_on_the_results_page(adder, here):
    bench.main(["adder", "--rounds", "1"])
    measured = json.loads(adder.result.read_text(encoding="utf-8")) | {"data": "real"}
    quiet = {"machine": {"cores": 2, "processor": "abacus", "others": 0.01}}
    for more, message in (
        ({"machine": {"others": 0.6}}, "adder: .*60%"),
        (quiet | {"changed": "utils/faces.py"}, "adder: .*utils/faces.py"),
    ):
        adder.result.write_text(json.dumps(measured | more), encoding="utf-8")
        with pytest.raises(Problem, match=message):
            bench.accept([adder])
    assert measured_numbers.accepted("bench", "benchmarks") == {}
    for data in ("real", "sample"):  # the second does not replace what real data gave
        adder.result.write_text(json.dumps(measured | quiet | {"data": data}), encoding="utf-8")
        assert bench.main(["--accept"]) == 0
    page = "\n".join(results.pages().values())
    assert "| ratio to adder | 2 (synthetic data) |" in page
    assert "## Benchmark: Adding numbers\n\n3 numbers (real: sample numbers), 2 threads" in page
    assert "| ours | plain | 6 | 6 to 6 | 2.00 | 1 | 0 |" in page
    assert f"2 cores of abacus; commit abc; ours: numpy {np.__version__}, python" in page


def test_every_benchmark_is_pinned_and_measures_what_lessons_ask_for():
    assert bench.all_benchmarks()
    for benchmark in bench.all_benchmarks().values():
        pins = (benchmark.folder / "requirements.txt").read_text(encoding="utf-8")
        assert f"\n{benchmark.peer}==" in pins and "--hash=sha256:" in pins
        for metric in benchmark.metrics:
            known = measured_numbers.reported()[metric["notebook"]]["metrics"]
            assert metric["name"] in known
