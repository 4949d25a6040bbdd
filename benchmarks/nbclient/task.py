"""Notebooks of the course that both sides execute, and a kernel for the peer: the course's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tools.notebook.common import select

NAMES = ("01/04", "02/02", "03/01", "05/02", "06/05", "10/01")
KERNEL = "course"


def make(folder: Path, tier: str) -> dict[str, Any]:
    """Write which notebooks are executed, and how the course's kernel is started."""
    paths = [str(notebook.path) for notebook in select(list(NAMES))]
    work = {"names": NAMES, "paths": paths, "kernel": KERNEL, "tier": tier}
    (folder / "work.json").write_text(json.dumps(work), encoding="utf-8")
    kernel = folder / "jupyter" / "kernels" / KERNEL
    kernel.mkdir(parents=True)
    words = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    told = {"argv": words, "display_name": "The course", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(told), encoding="utf-8")
    return {"items": len(paths), "what": "in the quick profile"}


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return the share of code cells that ran."""
    return {key: {"ran": ran / cells} for key, (ran, cells) in answers.items()}
