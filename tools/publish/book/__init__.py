"""``course.py book``: the course as a site, made from the notebooks as they are committed.

Sphinx with MyST-NB reads the repository itself; `pages` changes what it reads on the way, and
nothing is executed or fetched. A warning of Sphinx, such as a link that leads nowhere, is a defect.
"""

import contextlib
import io
import os
import re
import shutil
import sys
import time
from pathlib import Path

from data.core.files import write_text
from tools.learn.work import unsolved
from tools.notebook.common import BUILD, ROOT, Parser, Problem, select, shown, write_notebook
from utils import touch

OUT = BUILD / "book"
FIGURES = BUILD / "book-figures"  # the script and the style of the figures to touch
CHOSEN = "COURSE_BOOK_NOTEBOOKS"  # the environment variable that names a part of the notebooks


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
    began, new, chosen = time.monotonic(), OUT.with_name(".book.new"), select(names)
    shutil.rmtree(new, ignore_errors=True)
    write_text(FIGURES / "touch.js", touch.script())
    write_text(FIGURES / "touch.css", touch.style())
    os.environ[CHOSEN] = " ".join(n.name for n in chosen) if names else ""
    if warnings := sphinx(new):
        print("\n".join(warnings), file=sys.stderr)
        raise Problem(f"the book has {len(warnings)} defects, listed above", exit_code=1)
    for notebook in chosen:  # the student version of each stands beside the pages
        target = new / "downloads" / f"{notebook.name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_notebook(target, unsolved(notebook))
    shutil.rmtree(OUT, ignore_errors=True)
    new.rename(OUT)
    pages = len(list(OUT.rglob("*.html")))
    print(f"{pages} pages in {time.monotonic() - began:.0f} s: open {shown(OUT)}/index.html")
    return 0


def sphinx(out: Path) -> list[str]:
    """Let Sphinx make the site; return its warnings."""
    from sphinx.cmd.build import main as sphinx_build

    from tools.notebook import libraries  # noqa: F401  (TensorFlow, without its messages)
    from tools.publish.book import mathml

    warnings, cache, here = io.StringIO(), BUILD / "book-cache", Path(__file__).parent
    arguments = ["-q", "-E", "-b", "html", "-c", str(here), "-d", str(cache), "-j", "auto"]
    with contextlib.redirect_stderr(warnings):
        code = sphinx_build([*arguments, str(ROOT), str(out)])
    text = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()).replace(f"{ROOT}/", "")
    lines = [line for line in text.splitlines() if line.strip()]
    if code and not lines:
        return [f"Sphinx ended with {code}"]
    mathml.write_font(out / "_static")
    return lines
