"""``course.py lab``: open JupyterLab on the notebooks."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from data.core import cards
from tools import catalogue
from tools.common import NOTEBOOKS, add_switches, parse, select, switches


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py lab``."""
    p = argparse.ArgumentParser(
        prog="python course.py lab",
        description="Open JupyterLab on notebooks/, or on one unit. With --data real it offers to "
        "fetch what is missing. Options it does not know go to JupyterLab.",
    )
    p.add_argument("unit", nargs="?", help="a unit, such as 06 or 06_graph_networks")
    add_switches(p)
    known, rest = p.parse_known_args(argv)
    options = parse(p, [f"--profile={known.profile}", f"--data={known.data}"])
    folder = select([known.unit])[0].path.parent if known.unit else NOTEBOOKS
    if options.data == "real":
        offer(folder)
    environment = switches(options)
    for name in ("IPYTHONDIR", "PYTHONHASHSEED", "JUPYTER_PREFER_ENV_PATH"):
        environment.pop(name, None)  # a person's own settings count here
    print(f"course.py lab: profile {options.profile}, data {options.data}; Ctrl-C ends it")
    command = [sys.executable, "-P", "-m", "jupyterlab", str(folder), *rest]
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


def offer(folder: Path) -> None:
    """Ask whether to fetch the real data that the folder's notebooks name and that is missing."""
    names = sorted({name for path in folder.rglob("*.ipynb") for name in missing(path)})
    if not names:
        return
    print(f"not here yet: {', '.join(names)}")
    if not sys.stdin.isatty():
        print(f"fetch it with: python course.py data fetch {' '.join(names)}")
        return
    if input("Fetch it now? The size is said first. [y/N] ").strip().lower() in ("y", "yes"):
        catalogue.main(["fetch", *names])


def missing(path: Path) -> list[str]:
    """Return the data sets of a notebook that would have to be downloaded."""
    (notebook,) = select([str(path)])
    entries = [cards.get(name) for name in notebook.needs]
    return [entry.name for entry in entries if "download" in catalogue.where(entry)]
