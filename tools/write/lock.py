"""``course.py lock``: compile the two files of requirements from pyproject.toml."""

import hashlib
import json
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

from data.core.files import write_text
from tools.notebook.common import ROOT, Parser, Problem, find_uv

HEADER = """\
# Compiled from pyproject.toml for Python 3.11 to 3.13 by `python course.py lock`.
# dependencies: {}
"""
# What each file asks for besides `dependencies`: all, and what a release installs.
EXTRAS = {"requirements.txt": ("learn", "tools", "book"), "requirements-learn.txt": ("learn",)}


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py lock``."""
    p = Parser(
        prog="python course.py lock",
        description="Compile requirements.txt, and requirements-learn.txt for learners, again "
        "from pyproject.toml. Both name one version of each package, with its checksums, for all "
        "systems. The packages are those of PyPI. This needs the network.",
    )
    p.add_argument("--upgrade", action="store_true", help="take the newest version of each package")
    options = p.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        every, learn = (Path(folder) / name for name in EXTRAS)
        if not options.upgrade:
            shutil.copyfile(ROOT / every.name, every)  # uv keeps the pins that it finds
        compile_pins(every)
        compile_pins(learn, "--constraints", str(every), "--no-annotate")
        for scratch in (every, learn):
            text = scratch.read_text(encoding="utf-8")
            write_text(ROOT / scratch.name, HEADER.format(fingerprint(scratch.name)) + text)
            print(f"{scratch.name}: {text.count('==')} pins")
    return 0


def compile_pins(target: Path, *words: str) -> None:
    """Resolve what a file of requirements asks for."""
    command = [
        *(find_uv(), "pip", "compile", "pyproject.toml"),
        *(f"--extra={name}" for name in EXTRAS[target.name]),
        *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
        "--no-strip-extras",  # pip before 24 asks for a pin of the name with its extra
        *("--quiet", "--no-config", "--default-index", "https://pypi.org/simple"),
        *("-o", str(target), *words),
    ]
    if subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode:
        raise Problem(
            "uv could not resolve the dependencies (its message is above); "
            "the requirements are as they were",
            exit_code=1,
        )


def fingerprint(name: str) -> str:
    """Return a hash of what a file of requirements is compiled from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in EXTRAS[name]:
        wanted += project["optional-dependencies"][extra]
    asked = {"dependencies": sorted(wanted), "python": project["requires-python"]}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
