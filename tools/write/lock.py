"""``course.py lock``: compile requirements.txt from pyproject.toml."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

from data.core.files import write_text
from tools.notebook.common import ROOT, Parser, Problem

HEADER = "# Compiled from pyproject.toml for Python 3.11 to 3.13 by `python course.py lock`."
SUM = "# dependencies: "


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py lock``."""
    p = Parser(
        prog="python course.py lock",
        description="Compile requirements.txt anew from pyproject.toml: one universal resolution, "
        "pinned and hashed, against PyPI alone. Needs the network.",
    )
    p.add_argument("--upgrade", action="store_true", help="take the newest versions of everything")
    options = p.parse_args(argv)
    target = ROOT / "requirements.txt"
    scratch = ROOT / "requirements.partial"
    if target.is_file() and not options.upgrade:
        scratch.write_text(target.read_text(encoding="utf-8"), encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("uv")),
        "pip",
        "compile",
        "pyproject.toml",
        "--all-extras",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
        "--quiet",
        "--no-config",
        "--default-index",
        "https://pypi.org/simple",
        "-o",
        scratch.name,
    ]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        scratch.unlink(missing_ok=True)
        raise Problem(
            "uv could not resolve the dependencies (its message is above); "
            "requirements.txt is as it was",
            exit_code=1,
        )
    write_text(target, f"{HEADER}\n{SUM}{fingerprint()}\n{scratch.read_text(encoding='utf-8')}")
    scratch.unlink()
    print(f"requirements.txt: {target.read_text(encoding='utf-8').count('==')} pins")
    return 0


def fingerprint() -> str:
    """Return a hash of what requirements.txt is compiled from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = sum(project["optional-dependencies"].values(), project["dependencies"])
    asked = {"dependencies": sorted(wanted), "python": project["requires-python"]}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def stale() -> bool:
    """Say whether requirements.txt was compiled from other dependencies than pyproject's."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return f"{SUM}{fingerprint()}\n" not in text
