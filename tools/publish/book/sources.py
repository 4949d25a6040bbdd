"""The sources of the site: Markdown and notebooks as Sphinx reads them, in a folder of their own.

A source lies where its file lies in the repository, and a reproduction at
``reproduction/UNIT/NOTEBOOK.ipynb``. Authors link files of the repository. Here each link is turned
into one to the page of the site that has the same content; a linked picture, or another file, is
copied. A link to a file that does not exist stays as it is, so that Sphinx reports it.
"""

import base64
import posixpath
import re
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import nbformat

from data.core.files import write_text
from tools.notebook.cells import above_line, below_line
from tools.notebook.common import ROOT, Notebook
from tools.publish.book import lesson, pages
from tools.publish.glossary import anchor
from utils import lessons, touch

PAGES = """
docs/*.md docs/results/*.md notebooks/*/README.md benchmarks/*/README.md
data/README.md drawing/README.md CONTRIBUTING.md SECURITY.md
""".split()
# Two files are for GitHub alone. This is where the site has what they say.
INSTEAD = {
    "README.md": "docs/index.md",
    "README.md#begin": "docs/index.md#install-and-begin",
    "README.md#the-units": "docs/index.md#what-each-unit-gives",
    "README.md#if-you-learn": "docs/index.md#install-and-begin",
    "README.md#if-you-teach": "docs/teaching.md",
    "README.md#licence": "docs/credits.md",
    "docs/notebooks.md": "docs/index.md#ten-weeks",
}
CODE = r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
LINK = r"(?P<before>\]\(|^:img-top: )(?P<link>[^)\s]+)"
CODE_OR_LINK = re.compile(f"{CODE}|{LINK}", re.S | re.M)
WHOLE_LINK = re.compile(r"\[(?P<text>[^]]+)\]\((?P<link>[^)\s]+)\)")
OF_LESSON = re.compile(
    r"(?:notebooks/|docs/results/)(\d\d_\w+)(?:/README\.md|\.md|/(\d\d_\w+)\.ipynb)"
)
ELSEWHERE = re.compile(r"[a-z][\w+.-]*:|//|<", re.I)  # another site, an attachment, in brackets
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.M)


def markdown() -> dict[str, str]:
    """Return the texts of the site's Markdown files, by their paths in the repository."""
    paths = sorted({path for pattern in PAGES for path in ROOT.glob(pattern)})
    files = {path.relative_to(ROOT).as_posix(): path for path in paths}
    chosen = [file for file in files if file not in INSTEAD and not is_left_out(file)]
    return {file: files[file].read_text(encoding="utf-8") for file in chosen}


def is_left_out(file: str) -> bool:
    """Return whether a file is of a unit or a notebook that the course leaves out."""
    if not (match := OF_LESSON.fullmatch(file)):
        return False
    return lessons.is_left_out("/".join(filter(None, match.groups())))


def write(
    folder: Path, texts: dict[str, str], notebooks: Iterable[Notebook], outputs: bool = True
) -> None:
    """Write the sources of a site into a new folder.

    ``texts`` are the texts of Markdown files by their paths in the repository. Without ``outputs``,
    nothing of what the cells of a notebook have put out becomes part of the pages.
    """
    shutil.rmtree(folder, ignore_errors=True)
    sources = Sources(folder, texts, notebooks)
    write_text(folder / "_static" / "touch.js", touch.script())
    write_text(folder / "_static" / "touch.css", touch.style())
    shutil.copytree(ROOT / "docs" / "showcase", folder / "_static" / "showcase")
    for notebook in sources.notebooks.values():
        sources.add_notebook(notebook, outputs)
    while sources.waiting:
        sources.add_text(*sources.waiting.popitem())


class Sources:
    """The folder of the sources while it is written."""

    def __init__(self, folder: Path, texts: dict[str, str], notebooks: Iterable[Notebook]) -> None:
        self.folder = folder
        self.notebooks = {f"notebooks/{n.name}.ipynb": n for n in notebooks}
        self.waiting = dict(texts)  # a Markdown file that a page links to becomes a page, too
        self.known = {*texts, *self.notebooks}

    def add_text(self, file: str, text: str) -> None:
        """Write a page of Markdown."""
        write_text(self.folder / file, self.linked(pages.completed(file, text), file, file))

    def add_notebook(self, notebook: Notebook, outputs: bool) -> None:
        """Write the lesson of a notebook and, where it has one, its reproduction."""
        file = f"notebooks/{notebook.name}.ipynb"
        contents = {file: lesson.page(notebook)}
        if notebook.has_line:
            contents[f"reproduction/{notebook.name}.ipynb"] = lesson.reproduction(notebook)
        for page, content in contents.items():
            for cell in content.cells:
                if cell.cell_type == "markdown":
                    cell.source = self.linked(cell.source, file, page)
                    self.attach(cell, page)
                elif not outputs:
                    cell.outputs = []
            write_text(self.folder / page, nbformat.writes(content))

    def attach(self, cell: Any, page: str) -> None:
        """Write the pictures that are attached to a cell beside its page, and link them there.

        They are as a cell of the notebook drew them, and so sharper than the lesson's small one.
        """
        for name, kinds in cell.pop("attachments", {}).items():
            picture = (self.folder / page).with_suffix("") / name
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(base64.b64decode(next(iter(kinds.values()))))
            link = f"]({picture.parent.name}/{quote(name)}"
            cell.source = cell.source.replace(f"](attachment:{name}", link)

    def linked(self, text: str, file: str, page: str) -> str:
        """Return Markdown of a file with its links as a page of the site needs them."""

        def leading(match: re.Match[str]) -> str:
            if not match["link"] or ELSEWHERE.match(match["link"]):
                return match[0]
            return match["before"] + self.link(match["link"], file, page)

        def plain(match: re.Match[str]) -> str:
            place = posixpath.join(posixpath.dirname(file), match["link"].partition("#")[0])
            return match["text"] if is_left_out(posixpath.normpath(place)) else match[0]

        text = WHOLE_LINK.sub(plain, text) if lessons.left_out() else text
        return CODE_OR_LINK.sub(leading, text)

    def link(self, link: str, file: str, page: str) -> str:
        """Return a link of a file as it is on a page of the site, and add to the site its target.

        Parameters
        ----------
        link : str
            A link as its author wrote it, such as ``../README.md#the-units``.
        file : str
            The path in the repository of the file that it stands in.
        page : str
            The path of the page's source in the folder of the sources.
        """
        path, _, heading = link.partition("#")
        here, there = posixpath.dirname(file), unquote(path)
        target = posixpath.normpath(posixpath.join(here, there)) if path else file
        if target in INSTEAD:
            place = f"{target}#{heading}" if heading else target
            place = INSTEAD.get(place, f"{INSTEAD[target].partition('#')[0]}#{heading}")
            target, _, heading = place.partition("#")
        if notebook := self.notebooks.get(target):
            target, heading = place_in(notebook, unquote(heading))
        elif not self.take(target):
            return link
        inside = "" if target == page else quote(posixpath.relpath(target, posixpath.dirname(page)))
        return f"{inside}#{heading}" if heading else inside or posixpath.basename(page)

    def take(self, target: str) -> bool:
        """Make a file of the repository part of the site; say whether there is such a file."""
        path = ROOT / target
        if target in self.known:
            return True
        if target.startswith("../") or not path.is_file():
            return False
        self.known.add(target)
        if path.suffix == ".md":
            self.waiting[target] = path.read_text(encoding="utf-8")
        elif path.suffix != ".ipynb":  # a notebook that is left out is no page of this site
            (self.folder / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, self.folder / target)
        return True


def place_in(notebook: Notebook, heading: str) -> tuple[str, str]:
    """Return the page with a heading of a notebook, and the heading's anchor on this page."""
    lesson_has, reproduction_has = headings(notebook)
    name = anchor(heading)
    if name not in reproduction_has or name in lesson_has:
        return f"notebooks/{notebook.name}.ipynb", name
    first = name == reproduction_has[0]  # it became the title
    return f"reproduction/{notebook.name}.ipynb", "" if first else name


@cache
def headings(notebook: Notebook) -> tuple[list[str], list[str]]:
    """Return the anchors of a notebook's headings, of those above its line and of those below."""
    parts = []
    for cells in (above_line(notebook.content.cells), below_line(notebook.content.cells)):
        texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
        plain = re.sub(r"```.*?```", "", "\n\n".join(texts), flags=re.S)
        plain = re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", plain)  # a link in a heading is its text
        parts.append([anchor(heading) for heading in HEADING.findall(plain)])
    return parts[0], parts[1]
