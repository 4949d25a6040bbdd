"""The pieces of a cell's Markdown: headings, formulas, lists, tables, pictures, text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

APART = re.compile(
    r"(<details>.*?</details>|^(?:```|~~~).*?^(?:```|~~~)[ \t]*$|^\$\$.*?\$\$[ \t]*$)", re.S | re.M
)
FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>\s*(.*?)\s*</details>", re.S)
HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t#]*$")
ITEM = re.compile(r"(?:[-*+]|\d+[.)])[ \t]")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:)[^)\s]*\)")


class Piece(NamedTuple):
    """A piece of Markdown: its kind, its text, a heading's level, a picture's or answer's title."""

    kind: str
    text: str
    level: int = 0
    title: str = ""


def pieces(source: str) -> list[Piece]:
    """Return the pieces of a cell, in order; what is folded away is one of its own."""
    found: list[Piece] = []
    for part in APART.split(source):
        if folded := FOLDED.fullmatch(part):
            found.append(Piece("folded", folded[2], title=folded[1]))
        elif part.startswith("$$"):
            found.append(Piece("formula", part))
        elif part.startswith(("```", "~~~")):
            found.append(Piece("code", part))
        else:
            found += paragraphs(part)
    return found


def paragraphs(text: str) -> Iterator[Piece]:
    """Yield the pieces of Markdown without fences; a list takes what is indented under it."""
    parts = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    while parts:
        part = parts.pop(0)
        if heading := HEADING.match(part.partition("\n")[0]):
            yield Piece("heading", heading[2], len(heading[1]))
            rest = part.partition("\n")[2].strip("\n")
            parts = [rest, *parts] if rest else parts
        elif ITEM.match(part):
            while parts and (parts[0].startswith("  ") or ITEM.match(parts[0])):
                part += "\n\n" + parts.pop(0)
            yield Piece("list", part)
        elif part.startswith("|"):
            yield Piece("table", part)
        elif shown := PICTURE.findall(part):
            for title, address in shown:
                yield Piece("picture", address, title=title)
            if rest := PICTURE.sub("", part).strip():
                yield Piece("text", rest)
        else:
            yield Piece("text", part)


def plain(text: str) -> str:
    """Return Markdown whose links to files of the course are words: a page stands alone."""
    return LINK.sub(r"\1", text)
