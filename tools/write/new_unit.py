"""``course.py new-unit``: a unit, which is an assignment: its sheet and its folder of lessons."""

from __future__ import annotations

import re

from data.core.files import write_text
from tools.notebook.common import NOTEBOOKS, Parser, Problem, shown
from tools.write.new import filled
from utils import lessons

NAME = re.compile(r"\d\d_[a-z][a-z0-9_]*")


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new-unit``."""
    p = Parser(
        prog="python course.py new-unit",
        description="Make a unit: notebooks/UNIT/README.md, its assignment sheet, and "
        "lessons/UNIT/unit.toml. `new` then makes notebooks in it.",
    )
    p.add_argument("name", help="with two digits before it, such as 11_optical_flow")
    p.add_argument("title", help='its title, such as "optical flow"')
    options = p.parse_args(argv)
    name, title = options.name, options.title.strip()
    if not NAME.fullmatch(name):
        raise Problem(f"{name!r} names no unit; write two digits and a name: 11_optical_flow")
    if not title or '"' in title or "\n" in title:
        raise Problem(f"{title!r} is no title: write one line without quotation marks")
    if taken := [unit for unit in lessons.units() if unit[:2] == name[:2]]:
        raise Problem(f"there is a unit {taken[0]} already; choose another number")
    sheet, card = NOTEBOOKS / name / "README.md", lessons.folder(name) / "unit.toml"
    for path in (sheet, card):
        write_text(path, filled(f"unit/{path.name}", number=name[:2], title=title))
    print(f"made {shown(sheet)} and {shown(card)}")
    print(f'Write their TODO texts, then: python course.py new {name}/01_name "Its title"')
    return 0
