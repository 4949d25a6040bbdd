"""``course.py train``: train what runs load as repetitions, and save the weights."""

import os
import shutil
import tomllib

from data.core.files import write_text
from tools.learn import run
from tools.notebook.commit import head
from tools.notebook.common import Notebook, Parser, Problem, select, shown
from utils import trained

MOST_BYTES = 1_000_000  # of all weights of a notebook


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py train``."""
    p = Parser(
        prog="python course.py train",
        description="Run notebooks on the sample, and save the weights that they train in "
        "lessons/, with a file that describes them. Quick runs and lessons load these weights.",
    )
    p.add_argument(
        "names",
        nargs="*",
        help="units or notebooks, such as 06/01 (default: all)",
    )
    options = p.parse_args(argv)
    notebooks = [n for n in select(options.names) if "course.trained(" in n.code]
    if not notebooks:
        raise Problem("none of these notebooks loads trained weights with course.trained(...)")
    os.environ[trained.TRAIN] = "1"
    return max(train(notebook) for notebook in notebooks)


def train(notebook: Notebook) -> int:
    """Run a notebook and put what it trained in the place of its weights; return the exit code."""
    made = trained.training_folder() / notebook.name
    shutil.rmtree(made, ignore_errors=True)
    profile = "lesson" if notebook.has_lesson else "full"
    code = run.main(["--profile", profile, "--data", "sample", "--jobs", "1", notebook.name])
    if code == 0 and made.is_dir():
        replace(notebook)
    else:
        print(f"{notebook.name}: its weights stay as they were")
    return code


def replace(notebook: Notebook) -> None:
    """Put all that a notebook trained in the place of its weights.

    Raises Problem if all of them together are too large.
    """
    files = sorted((trained.training_folder() / notebook.name).glob("*.npz"))
    total = sum(f.stat().st_size for f in files)
    if total > MOST_BYTES:
        raise Problem(
            f"{notebook.name}: its weights take {total:,} bytes, and the limit is {MOST_BYTES:,}; "
            "train a smaller network"
        )
    target = trained.folder_of(notebook.name)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in files:
        shutil.copyfile(path, target / path.name)
        card = path.with_name(f"{path.stem}.toml").read_text(encoding="utf-8")
        write_text(target / f"{path.stem}.toml", f'commit = "{head()}"\n' + card)
        seconds = tomllib.loads(card)["run_seconds"]
        print(f"{shown(target / path.name)}: {path.stat().st_size:,} bytes, in {seconds:,} s")
