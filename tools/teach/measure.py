"""How much of a slide something takes, in pixels of 1280 x 720, and how it is split and shrunk.

The numbers are those of ``lecture/look.css``. Text is measured by its letters, which is not exact:
the page's own script draws a slide smaller that is too large all the same.
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tools.notebook.common import Problem, shown

WIDTH, HEIGHT = 1240, 660  # of what a slide holds
LINE, GAP = 41, 14  # of text of 30 px: a line, and below a paragraph
LETTERS = 90  # of such text in a line
CELL_LINE, CELL_PADDING, CELL_LETTERS = 29, 11, 122  # of a table of 22 px
CODE_LINE, CODE_LINES = 24, 20  # of code of 18 px, and lines on a slide
FORMULA, FORMULA_ROW = 74, 60  # of one row with what is above and below, and each further row
LARGEST = 1.6  # as many pixels a figure may have for each of its own
SMALLEST = 0.7  # of its best size a figure keeps rather than go to the next slide


class Block(NamedTuple):
    """What stands on a slide: Markdown, HTML or a picture, and its size.

    ``width`` is a picture's and 0 for all else; ``title`` is a picture's alternative text.
    """

    kind: str
    text: str
    height: int
    width: int = 0
    title: str = ""

    def fits(self, left: int) -> bool:
        """Say whether it may stand where so many pixels are left; a figure may shrink a little."""
        return self.height * (SMALLEST if self.width else 1) <= left

    def within(self, left: int) -> Block:
        """Return it as it stands where so many pixels are left: figures are shrunk, text is not."""
        if not self.width or self.height <= left:
            return self
        scale = (left - GAP) / (self.height - GAP)
        return self._replace(height=left, width=round(self.width * scale))


def heading(text_: str, level: int) -> int:
    """Return the height of a slide's heading."""
    size, above, below = (69, 110, 36) if level == 1 else (48, 0, 18)
    return above + size * math.ceil(letters(text_) / (42 if level == 1 else 62)) + below


def letters(markdown: str) -> int:
    """Return how many letters wide a text is: a command of TeX and its marks count as one."""
    words = re.sub(r"<[^>]+>|\*\*|[`{}$]|\]\([^)]*\)", "", markdown)
    words = re.sub(r"\\(?:mathrm|text|operatorname|mathbf|left|right|textstyle)\b", "", words)
    return len(re.sub(r"\\[A-Za-z]+ ?|\\.", "x", words))


def lines(markdown: str, width: int = LETTERS) -> int:
    """Return the number of lines that a paragraph takes."""
    return max(1, math.ceil(letters(markdown) / width))


def text(markdown: str) -> Block:
    """Return a paragraph."""
    return Block("text", markdown, LINE * lines(markdown) + GAP)


def quote(markdown: str) -> Block:
    """Return a sentence that a run has found."""
    return Block("quote", f"> {markdown}", 38 * lines(markdown, 94) + 16 + GAP)


def items(entries: list[str]) -> Block:
    """Return a list of entries, each with its mark."""
    height = sum(LINE * lines(entry, LETTERS - 4) + 8 for entry in entries) + GAP
    return Block("list", "\n".join(entries), height)


def parts(kind: str, markdown: str) -> list[Block]:
    """Return a formula, list, table or code as blocks, none of them higher than a slide."""
    return {"formula": formula, "list": list_parts, "table": rows_parts, "code": code_parts}[kind](
        markdown
    )


def formula(tex: str) -> list[Block]:
    """Return a formula that stands alone."""
    rows = 1 + len(re.findall(r"\\\\", tex))
    tall = 34 if re.search(r"\\d?frac|\\sum|\\prod|\\int|\\min|\\max", tex) else 0
    return [Block("formula", tex, FORMULA + FORMULA_ROW * (rows - 1) + tall * min(rows, 3))]


def list_parts(markdown: str) -> list[Block]:
    """Return a list in as many blocks as its entries need."""
    entries = re.split(r"\n+(?=(?:[-*+]|\d+[.)])[ \t])", markdown)
    return grouped(entries, items)


def rows_parts(markdown: str) -> list[Block]:
    """Return a table of Markdown in as many blocks as its rows need, each with the header."""
    header, rule, *rows = markdown.splitlines()
    cells = [[one.strip() for one in row.strip().strip("|").split("|")] for row in [header, *rows]]
    heights = row_heights(cells)
    blocks = [
        Block("table", "\n".join([header, rule, *(rows[i] for i in group)]), height)
        for group, height in grouped_rows(heights)
    ]
    return blocks


def table_parts(page: str) -> list[Block]:
    """Return the table of an output in as many blocks as its rows need, each with the header."""
    table = re.sub(r"<style.*?</style>|<caption.*?</caption>", "", page, flags=re.S)
    found = re.findall(r"<tr.*?</tr>", table, flags=re.S)
    head = re.search(r"<thead.*?</thead>", table, flags=re.S)
    top = len(re.findall(r"<tr", head[0])) if head else 0
    cells = [
        [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in found
    ]
    heights = row_heights(cells)
    heights = [sum(heights[: max(top, 1)]), *heights[max(top, 1) :]]
    body = found[max(top, 1) :]
    return [
        Block(
            "html",
            f"<table>{''.join(found[: max(top, 1)])}{''.join(body[i] for i in group)}</table>",
            height,
        )
        for group, height in grouped_rows(heights)
    ]


def row_heights(cells: list[list[str]]) -> list[int]:
    """Return the heights of a table's rows: columns share the width by what they hold."""
    columns = max(map(len, cells))
    padded = [[*row, *[""] * (columns - len(row))] for row in cells]
    widest = [max(letters(row[k]) for row in padded) + 3 for k in range(columns)]
    room = CELL_LETTERS - 2 * columns
    if sum(widest) > room:  # a narrow column keeps its width, wide ones share the rest
        narrow = [w for w in widest if w <= room / columns]
        share = (room - sum(narrow)) / sum(w for w in widest if w > room / columns)
        widest = [w if w <= room / columns else max(8, int(w * share)) for w in widest]
    return [
        CELL_LINE * max(lines(cell, width) for cell, width in zip(row, widest, strict=True))
        + CELL_PADDING
        for row in padded
    ]


def grouped_rows(heights: list[int]) -> list[tuple[list[int], int]]:
    """Return which rows below the header stand together, and how high they are with it."""
    most, groups = HEIGHT - heading("", 2) - GAP, [([], heights[0])]
    most -= 48
    for i, height in enumerate(heights[1:]):
        if groups[-1][0] and groups[-1][1] + height > most:
            groups.append(([], heights[0]))
        rows, so_far = groups[-1]
        groups[-1] = ([*rows, i], so_far + height)
    return [(rows, height + GAP) for rows, height in groups]


def code_parts(markdown: str) -> list[Block]:
    """Return fenced code in as many blocks as its lines need."""
    fence, *inside = markdown.rstrip().splitlines()
    inside = inside[:-1]
    count = math.ceil(len(inside) / CODE_LINES)
    step = math.ceil(len(inside) / max(1, count))
    return [
        Block(
            "code",
            "\n".join([fence, *inside[i : i + step], "```"]),
            CODE_LINE * len(inside[i : i + step]) + 20 + GAP,
        )
        for i in range(0, len(inside), max(1, step))
    ]


def grouped(entries: list[str], made: Callable[[list[str]], Block]) -> list[Block]:
    """Return entries in as few blocks as fit a slide."""
    groups: list[list[str]] = []
    for entry in entries:
        fits = groups and made([*groups[-1], entry]).height <= HEIGHT - 2 * 48 - 18
        groups = [*groups[:-1], [*groups[-1], entry]] if fits else [*groups, [entry]]
    return [made(group) for group in groups]


# ------------------------------------------------------------------ pictures


def picture(kind: str, data: str, alt: str) -> Block:
    """Return a picture as large as a slide has room for it; ``data`` is a PNG's base64."""
    head = base64.b64decode(data.replace("\n", "")[:64])
    width, height = struct.unpack(">II", head[16:24])
    return sized(kind, data, width, height, alt)


def kept_picture(path: Path, alt: str) -> Block:
    """Return a picture that a notebook's text names; Problem if it can't be shown."""
    if not path.is_file():
        raise Problem(f"the picture {shown(path)} is not there; the notebook's text names it")
    if path.suffix == ".png":
        return picture("image/png", base64.b64encode(path.read_bytes()).decode(), alt)
    if path.suffix != ".svg":
        raise Problem(f"the picture {shown(path)} is neither .png nor .svg")
    drawn = path.read_text(encoding="utf-8")
    box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', drawn)
    if box is None:
        raise Problem(f"the picture {shown(path)} has no viewBox, so its size is not known")
    width, height = (round(float(side) * 4 / 3) for side in box.groups())  # points
    return sized("image/svg+xml", drawn, width, height, alt)


def sized(kind: str, data: str, width: int, height: int, alt: str) -> Block:
    """Return a picture of so many pixels of its own as large as it may stand on a slide."""
    room = HEIGHT - heading("", 2) - 48
    scale = min(LARGEST, WIDTH / width, (room - GAP) / height)
    return Block(kind, data, round(height * scale) + GAP, round(width * scale), alt)
