"""The environment of a peer: made when it is asked for, and again when its pins change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

from data.core.files import write_text
from tools.notebook.common import BUILD, Problem, find_uv, shown
from tools.publish.bench.benchmark import Benchmark

ENVIRONMENTS = BUILD / "bench" / "envs"
READY = "bench-ready"  # written last: an environment without it is not complete


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

    Raises Problem if there is too little room, or the pins cannot be installed.
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
