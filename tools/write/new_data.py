"""``course.py new-data``: a folder for a data set, complete but for its TODO marks."""

from __future__ import annotations

import re

from data.core import cards
from data.core.files import write_text
from tools.notebook.common import Parser, Problem, shown
from tools.write.new import filled

NAME = re.compile(r"[a-z][a-z0-9_]*")
FILES = ("card.toml", "__init__.py", "generator.py", "test_reader.py")


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new-data``."""
    p = Parser(
        prog="python course.py new-data",
        description="Make the folder of a data set: its card, reader, sample and tests. Its own "
        "tests pass as they are; the test of all cards names its TODO marks until they are filled "
        "in.",
    )
    p.add_argument("name", help="as notebooks will load it, such as road_signs")
    name = p.parse_args(argv).name
    folder = cards.FOLDER / name
    if not NAME.fullmatch(name) or name == cards.WEIGHTS:
        raise Problem(
            f"{name!r} can't name a data set; write small letters, digits and underscores, "
            "beginning with a letter"
        )
    if folder.exists() or name in cards.entries():
        raise Problem(f"there is {shown(folder)} or a card of that name already")
    kind = "".join(part.capitalize() for part in name.split("_"))
    for file in FILES:
        write_text(folder / file, filled(f"dataset/{file}", name=name, kind=kind))
    print(f"made {shown(folder)}/: {', '.join(FILES)}")
    print("Fill in the TODO marks, which the test of all cards names until then, and")
    print(f"  python course.py data fetch {name}")
    print(f"  python course.py test {shown(folder)}")
    print("  python course.py data cards")
    return 0
