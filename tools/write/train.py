"""``course.py train``: train what a notebook shows, and keep the weights."""

from __future__ import annotations

import os
import shutil
import tomllib

from data.core.files import write_text
from tools.learn import run
from tools.notebook.common import Notebook, Parser, Problem, select, shown
from tools.notebook.sources import head
from utils import checkpoints


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py train``."""
    p = Parser(
        prog="python course.py train",
        description="Run notebooks in the full profile on the sample, and keep the weights of "
        "their checkpoints under lessons/, each with its card. Other runs load them.",
    )
    p.add_argument("names", nargs="*", help="units, numbers or paths; all with checkpoints if none")
    p.add_argument(
        "--code",
        action="store_true",
        help="train nothing: note in the cards that the "
        "kept weights are of the code as it is now, after it changed in words alone",
    )
    options = p.parse_args(argv)
    notebooks = [n for n in select(options.names) if asks(n)]
    if not notebooks:
        raise Problem("none of these notebooks has a checkpoint: no cell says course.checkpoint")
    if options.code:
        os.environ[checkpoints.CODE] = "1"
        return run.main(["--jobs", "1", *(n.name for n in notebooks)])
    shutil.rmtree(checkpoints.training_folder(), ignore_errors=True)
    os.environ[checkpoints.TRAIN] = "1"
    words = ["--profile", "full", "--data", "sample", "--jobs", "1"]
    code = run.main([*words, *(n.name for n in notebooks)])
    for notebook in notebooks:
        keep(notebook)
    return code


def asks(notebook: Notebook) -> bool:
    """Whether a cell of the notebook asks for trained weights."""
    return any("course.checkpoint(" in "".join(c["source"]) for c in notebook.raw["cells"])


def keep(notebook: Notebook) -> None:
    """Put what a notebook trained in the place of what was kept, all of it or nothing.

    Raises Problem if a checkpoint was not confirmed by a metric, or all of them are too large.
    """
    made = checkpoints.training_folder() / notebook.name
    files = sorted(made.glob("*.npz"))
    if not files:
        print(f"{notebook.name}: it did not come to its checkpoint; nothing is changed")
        return
    if bare := [f.stem for f in files if not f.with_name(f"{f.stem}.toml").is_file()]:
        raise Problem(
            f"{notebook.name}: no metric was measured with {', '.join(bare)}; "
            'call trained.confirm("metric", value, tolerance=...) in a later cell'
        )
    total = sum(f.stat().st_size for f in files)
    if total > checkpoints.MOST_BYTES:
        raise Problem(
            f"{notebook.name}: its checkpoints have {total:,} bytes; at most "
            f"{checkpoints.MOST_BYTES:,} are kept (a smaller network, or half=True)"
        )
    target = checkpoints.folder_of(notebook.name)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in files:
        shutil.copyfile(path, target / path.name)
        card = path.with_name(f"{path.stem}.toml").read_text(encoding="utf-8")
        write_text(target / f"{path.stem}.toml", f'commit = "{head()}"\n' + card)
        told = tomllib.loads(card)
        print(
            f"{shown(target / path.name)}: {path.stat().st_size:,} bytes, "
            f"{told['metric']} {told['value']:.4g}, {checkpoints.how_long(told)}"
        )
