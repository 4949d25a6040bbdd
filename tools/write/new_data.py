"""``course.py new-data``: a folder for a data set, complete but for its TODO marks."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from data.core import cards
from data.core.files import write_text
from tools.notebook.common import Parser, Problem, shown

NAME = re.compile(r"[a-z][a-z0-9_]*")
TEMPLATES = Path(__file__).with_name("dataset")  # in FILE.txt {name} and {kind} are filled in


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new-data``."""
    p = Parser(
        prog="python course.py new-data",
        description="Make the folder of a data set: its card, reader, sample and tests. Its own "
        "tests pass as they are; the test of all cards names its TODO marks until they are filled "
        "in.",
    )
    p.add_argument("name", help="as notebooks will load it, such as road_signs")
    folder = make(p.parse_args(argv).name)
    print(f"made {shown(folder)}/: card.toml, __init__.py, generator.py, test_reader.py")
    print("Fill in the TODO marks, which the test of all cards names until then, and")
    print(f"  python course.py data fetch {folder.name}")
    print(f"  python course.py test {shown(folder)}")
    print("  python course.py data cards")
    return 0


def make(name: str) -> Path:
    """Write the folder of a set; a card that is there already is kept.

    Raises Problem if the name is no name of a package, or the set has a reader already.
    """
    if not NAME.fullmatch(name) or name in ("core", "synthetic", cards.WEIGHTS):
        raise Problem(
            f"{name!r} can't name a data set; write small letters, digits and underscores, "
            "beginning with a letter, and none of core, synthetic, weights"
        )
    folder = cards.FOLDER / name
    if (folder / "__init__.py").exists():
        raise Problem(f"{shown(folder)} has a reader already")
    known = cards.entries()
    if name in known and known[name].folder != folder:
        raise Problem(f"{name} has its card in {shown(known[name].folder)} already")
    words = {"name": name, "kind": "".join(part.capitalize() for part in name.split("_"))}
    new = folder.with_name(f".{name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for path in TEMPLATES.glob("*.txt"):
        if path.stem != cards.CARD or name not in known:
            write_text(new / path.stem, path.read_text(encoding="utf-8").format(**words))
    if folder.exists():
        shutil.copytree(folder, new, dirs_exist_ok=True)
        shutil.rmtree(folder)
    new.rename(folder)
    return folder
