"""``course.py lab``: open JupyterLab on the notebooks."""

from __future__ import annotations

import argparse
import subprocess
import sys

from tools.common import NOTEBOOKS, add_switches, parse, switches


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py lab``."""
    p = argparse.ArgumentParser(
        prog="python course.py lab",
        description="Open JupyterLab on notebooks/. Options it does not know go to JupyterLab.",
    )
    add_switches(p)
    known, rest = p.parse_known_args(argv)
    options = parse(p, [f"--profile={known.profile}", f"--data={known.data}"])
    environment = switches(options)
    for name in ("IPYTHONDIR", "PYTHONHASHSEED", "JUPYTER_PREFER_ENV_PATH"):
        environment.pop(name, None)  # a person's own settings count here
    print(f"course.py lab: profile {options.profile}, data {options.data}; Ctrl-C ends it")
    command = [sys.executable, "-m", "jupyterlab", str(NOTEBOOKS), *rest]
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0
