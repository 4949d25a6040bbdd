"""``course.py book``: the course as a site, made from the notebooks as they are committed.

`sources` writes what Sphinx with MyST-NB reads; nothing is executed or fetched. A warning of
Sphinx, such as a link that leads nowhere, is a defect. `proofread` looks for them without a site.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat

from tools.learn.work import unsolved
from tools.notebook import assignment
from tools.notebook.cells import heading_of
from tools.notebook.common import (
    BUILD,
    ROOT,
    Parser,
    Problem,
    cores,
    select,
    shown,
    write_notebook,
)
from tools.publish.book import mathml, pages, sources

OUT, WORK = BUILD / "book", BUILD / "book-work"
NO_FAULTS = ["toc.not_included"]  # a benchmark: no list of contents has it, a notebook links to it
# What a site with a part of the notebooks names and does not have.
LEFT_OUT = ["myst.xref_missing", "toc.not_readable"]
PLACE = re.compile(r"^(?P<page>\S+\.(?:md|ipynb))(?::(?P<line>\d+))?: ")
LINES_OF_A_CELL = 10_000  # MyST-NB counts so many for each cell, from 1


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py book``: a new site takes the place of an older one."""
    p = Parser(
        prog="python course.py book",
        description="Build the site of the course from the committed notebooks, without running "
        "them and without the network: build/book/index.html.",
    )
    p.add_argument(
        "notebooks",
        nargs="*",
        metavar="NOTEBOOK",
        help="build only these pages, such as 06/01 or 06, while you write (default: all)",
    )
    names = p.parse_args(argv).notebooks
    began, chosen = time.monotonic(), select(names)
    shutil.rmtree(WORK, ignore_errors=True)
    sources.write(WORK / "sources", sources.markdown(), chosen)
    if warnings := sphinx("html", WORK, LEFT_OUT if names else []):
        print("\n".join(warnings), file=sys.stderr)
        raise Problem(f"the book has {len(warnings)} defects, listed above", exit_code=1)
    site = WORK / "html"
    mathml.write_font(site / "_static")
    for notebook in chosen:  # the student version of each stands beside the pages
        target = site / "downloads" / f"{notebook.name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_notebook(target, unsolved(notebook))
    add_examples(site / "downloads")
    shutil.rmtree(OUT, ignore_errors=True)
    site.rename(OUT)
    shutil.rmtree(WORK)
    count = len(list(OUT.rglob("*.html")))
    print(f"{count} pages in {time.monotonic() - began:.0f} s: open {shown(OUT)}/index.html")
    return 0


def add_examples(downloads: Path) -> None:
    """Write what the page for teachers shows: the release of a unit, and the slides of a lesson.

    They come from the commands that instructors use, which stand above this package.
    """
    notebook = pages.opens()
    unit = assignment.holding(notebook).name
    environment = os.environ | {"COURSE_BUILD_DIR": str(WORK)}
    for command in ("release", unit), ("slides", notebook.id):
        words = [sys.executable, "-m", "tools", *command]
        subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    (WORK / "release" / f"{unit}.zip").rename(downloads / f"{unit}.zip")
    (WORK / "slides" / f"{notebook.name}.html").rename(downloads / "slides.html")


def sphinx(builder: str, work: Path, suppressed: list[str]) -> list[str]:
    """Let Sphinx read the sources of a site and follow their links; return its warnings.

    Parameters
    ----------
    builder : str
        ``html`` writes the pages; ``dummy`` writes none.
    work : Path
        The folder with ``sources``; what is written goes into one that has the builder's name.
    suppressed : list of str
        Kinds of warnings that do not count, beside ``NO_FAULTS``.
    """
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    warnings, here, folder = io.StringIO(), Path(__file__).parent, work / "sources"
    settings = {
        "html_static_path": ["static", str(folder / "_static")],
        "suppress_warnings": [*NO_FAULTS, *suppressed],
    }
    try:
        with patch_docutils(here), docutils_namespace():
            places = [folder, here, work / builder, work / "read", builder, settings]
            Sphinx(*places, None, warnings, freshenv=True, parallel=cores()).build()
    except SphinxError as error:  # what it could not go on from is the last of its warnings
        warnings.write(f"{error}\n")
    text = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
    for long in (folder, ROOT):
        text = text.replace(f"{long}{os.sep}", "")
    lines = [PLACE.sub(lambda match: place(folder, match), line) for line in text.splitlines()]
    return [line for line in lines if line.strip()]


def place(folder: Path, match: re.Match[str]) -> str:
    """Return a place in a source as its author finds it: in a notebook by the heading above it."""
    page, line = match["page"].replace(os.sep, "/"), match["line"]
    if line and page.endswith(".ipynb"):
        cells = nbformat.read(folder / page, as_version=4).cells
        cell = cells[int(line) // LINES_OF_A_CELL - 1]
        return f'{page}, under "{heading_of(cells, cell)}": '
    return f"{page}:{line}: " if line else f"{page}: "
