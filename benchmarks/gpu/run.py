"""Run the scripts of this folder one after the other, each in a process of its own, under limits.

``python benchmarks/gpu/run.py [--short] [--seconds 480] [NAME ...]``: what each script has found
lies in ``build/gpu/NAME.json``, or in the folder that the variable ``OUT`` names.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Seconds that each may take. Those of a line run side by side: the two wait for pictures that
# processors move, and for the compiler, more than for the card.
PLAN = (
    {"gat_cora": 70},
    {"gan_mnist": 480},
    {"facenet": 60},
    {"colorization": 420, "chest_xray": 420},
)


def main() -> int:
    """Run what is asked for; return 1 if one failed or ran out of time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--short", action="store_true", help="some steps of each, to see it work")
    parser.add_argument("--seconds", type=float, default=1e9, help="that all of them may take")
    args = parser.parse_args()
    began, codes = time.monotonic(), []
    for line in PLAN:
        left = args.seconds - (time.monotonic() - began)
        chosen = {name: s for name, s in line.items() if not args.names or name in args.names}
        limits = {name: min(seconds, left) for name, seconds in chosen.items()}
        what = [(*each, args.short, codes) for each in limits.items()]
        threads = [threading.Thread(target=run, args=each) for each in what]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return int(any(codes))


def run(name: str, seconds: float, short: bool, codes: list[int]) -> None:
    """Run one script, its lines marked with its name; end it at its limit."""
    if seconds < 20:
        codes.append(1)
        print(f"{name}: no time left", flush=True)
        return
    surroundings = {
        "XLA_PYTHON_CLIENT_MEM_FRACTION": "0.4",
        "JAX_COMPILATION_CACHE_DIR": "/tmp/compiled",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.5",
        "PYTHONUNBUFFERED": "1",
        "LIMIT": str(seconds),
    }
    command = [sys.executable, "-W", "ignore", str(HERE / f"{name}.py"), *["--short"] * short]
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=surroundings | os.environ, start_new_session=True,
    )  # fmt: skip
    timer = threading.Timer(seconds, end, (process,))
    timer.start()
    for text in process.stdout or ():
        print(f"{name}: {text.rstrip()}", flush=True)
    codes.append(code := process.wait())
    timer.cancel()
    end(process)
    print(f"{name}: ended with {code} after {time.monotonic() - began:.0f} s", flush=True)


def end(process: subprocess.Popen) -> None:
    """Kill a script and the processes that it made."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 9)


if __name__ == "__main__":
    sys.exit(main())
