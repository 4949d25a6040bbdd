"""``course.py book``: the course as a site, made from the notebooks as they are committed.

Nothing is executed and nothing is fetched: outputs are those in the notebooks, numbers those in
``results/``. A folder of sources is written first (`source`), in the course's own layout, and
Sphinx makes the site of it; then every link of every page is followed (`links`).
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from pathlib import Path

from data.core.files import write_text
from tools.notebook.common import BUILD, ROOT, Parser, Problem, select, shown
from tools.publish import glossary
from utils import touch

# What a reader may search for, and a page that must be found.
SEARCHES = {
    "dominant": "07_dominant_speaker",
    "node2vec": "06_graph_networks/03_",
    "microcontroller": "03_activity/01_",
}
HERE = Path(__file__).resolve().parent
FIGURES = BUILD / "book-figures"  # the script and the style of the figures to touch


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py book``."""
    p = Parser(
        prog="python course.py book",
        description="Build the site of the course from the committed notebooks, without running "
        "them and without the network: build/book/index.html.",
    )
    p.add_argument(
        "notebooks",
        nargs="*",
        metavar="NOTEBOOK",
        help="pages of these alone, such as 06/01 or 06, to look at while writing (default: all)",
    )
    p.add_argument("--out", type=Path, default=BUILD / "book", metavar="DIR", help="another folder")
    p.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default: 2)")
    p.add_argument(
        "--browser",
        action="store_true",
        help="try every page in Chromium, narrow and wide, light and dark (needs Playwright)",
    )
    options = p.parse_args(argv)
    began = time.monotonic()
    complain(build(options.notebooks, options.out.absolute(), options.jobs))
    if options.browser:
        from tools.publish.book import browser

        complain(browser.browse(options.out.absolute(), SEARCHES))
    pages = len(list(options.out.rglob("*.html")))
    seconds = time.monotonic() - began
    print(f"{pages} pages in {seconds:.0f} s: open {shown(options.out.absolute())}/index.html")
    return 0


def complain(problems: list[str]) -> None:
    """Print defects and end, if there are any."""
    if problems:
        print("\n".join(problems), file=sys.stderr)
        raise Problem(f"the book has {len(problems)} defects, which are listed above", exit_code=1)


def build(names: list[str], out: Path, jobs: int) -> list[str]:
    """Build the site and return what is wrong with it: warnings of Sphinx, links that lead nowhere.

    The site takes the place of an older one when it is complete.
    """
    from tools.publish.book import links, mathml, meta, source

    chosen = select(names)
    sources, new = BUILD / "book-source", out.with_name(f".{out.name}.new")
    for folder in (sources, new):
        shutil.rmtree(folder, ignore_errors=True)
    source.write(sources, chosen)
    write_text(FIGURES / "touch.js", touch.script())
    write_text(FIGURES / "touch.css", touch.style())
    if told := sphinx(sources, new, jobs):
        return told
    mathml.write_font(new / "_static")
    write_terms(new / "_static")
    meta.write_pictures(new / meta.PICTURES)
    source.add_downloads(new, chosen)
    if broken := links.broken(new):
        return broken
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)
    return []


def write_terms(folder: Path) -> None:
    """Write the glossary's terms where the search looks for them: name, anchor, first sentence."""
    found = []
    for term in glossary.terms():
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[*`]", r"\1", " ".join(term.text.split()))
        first = re.split(r"(?<=[.?!]) ", plain)[0]
        found.append([term.name, term.anchor, "" if "$" in first else first])
    text = f"window.COURSE_TERMS = {json.dumps(found, ensure_ascii=False)};\n"
    (folder / "terms.js").write_text(text, encoding="utf-8")


def sphinx(sources: Path, out: Path, jobs: int) -> list[str]:
    """Let Sphinx make the site; return its warnings, each a defect."""
    import io
    import re

    from sphinx.cmd.build import main as sphinx_build

    warnings = io.StringIO()
    words = ["-q", "-b", "html", "-c", str(HERE), "-d", str(sources.with_name("book-cache"))]
    kept = sys.stderr
    sys.stderr = warnings
    try:
        code = sphinx_build([*words, "-j", str(jobs), str(sources), str(out)])
    finally:
        sys.stderr = kept
    text = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
    told = [line.replace(f"{ROOT}/", "") for line in text.splitlines() if line.strip()]
    return told or ([f"Sphinx ended with {code}"] if code else [])
