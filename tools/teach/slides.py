"""``course.py slides``: a lecture from a notebook, as reveal.js slides that nbconvert makes.

A heading begins a slide. Figures, outputs, formulas, lists, tables and short paragraphs are shown,
longer ones are speaker's notes. Solutions, tests and answers are left out before nbconvert starts.
"""

from __future__ import annotations

import copy
import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook import cells
from tools.notebook.common import BUILD, ROOT, Notebook, Parser, Problem, select, shown
from tools.notebook.tasks import tasks_of

TEMPLATES = Path(__file__).resolve().parent  # nbconvert looks here for the folder "lecture"
SHORT_PARAGRAPH = 200  # characters; longer paragraphs are spoken
SHORT_CODE = 10  # lines; longer code is shown with --code
HIDDEN_CODE = "hidden-code"  # the tag of cells of which only the outputs are shown
ANSWERS = re.compile(r"<details>.*?</details>|^\*Rubric\b.*\Z", re.S | re.M)
LOCAL_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)\s]*\)")
ALWAYS_SHOWN = re.compile(r"[-*+] |\d+[.)] |\||>|!\[|\$\$|```|\*\*(?:Check yourself|Open question)")
HELP = """\
The page loads reveal.js and MathJax from the network. For a room without a network, call
"npm pack reveal.js@4 mathjax@2", unpack both into build/slides/ and name their folders."""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py slides``."""
    parser = Parser(
        prog="python course.py slides",
        description="Make the slides of a notebook: build/slides/UNIT/NOTEBOOK.html.",
        epilog=HELP,
    )
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="such as 06/01 or 06")
    parser.add_argument("--code", action="store_true", help="show long code as well")
    parser.add_argument("--reveal", type=Path, metavar="FOLDER", help="a copy of reveal.js 4")
    parser.add_argument("--mathjax", type=Path, metavar="FOLDER", help="a copy of MathJax 2")
    options = parser.parse_args(argv)
    for notebook in select(options.notebooks):
        path = BUILD / "slides" / f"{notebook.name}.html"
        libraries = addresses(path, options.reveal, options.mathjax)
        write_text(path, page(notebook, code=options.code, **libraries))
        print(f"{notebook.id}: {shown(path)}", flush=True)
    return 0


def addresses(path: Path, reveal: Path | None, mathjax: Path | None) -> dict[str, str]:
    """Return nbconvert's options for copies of the libraries, relative to the page at ``path``."""
    options = {}
    if reveal:
        options["reveal_url_prefix"] = link(path, reveal, "dist/reveal.js")
    if mathjax:
        script = "MathJax.js?config=TeX-AMS_CHTML-full,Safe"
        options["mathjax_url"] = f"{link(path, mathjax, 'MathJax.js')}/{script}"
    return options


def link(path: Path, folder: Path, file: str) -> str:
    """Return a link from a page to a library's folder; Problem if it lacks the file."""
    if not (folder / file).is_file():
        raise Problem(f"{folder} has no {file}; name the folder that holds it")
    return Path(os.path.relpath(folder, path.parent)).as_posix()


def page(notebook: Notebook, *, code: bool = False, **libraries: str) -> str:
    """Return the slides of a notebook as one HTML page."""
    from nbconvert.exporters import SlidesExporter
    from traitlets.config import Config

    exporter = SlidesExporter(
        config=Config(TagRemovePreprocessor={"enabled": True, "remove_input_tags": {HIDDEN_CODE}}),
        template_name="lecture",
        extra_template_basedirs=[str(TEMPLATES)],
        reveal_theme="white",
        reveal_scroll=True,
        embed_images=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        **libraries,
    )
    resources = {"metadata": {"path": str(ROOT)}}  # where pictures of Markdown are looked for
    return exporter.from_notebook_node(lecture(notebook, code=code), resources=resources)[0]


def lecture(notebook: Notebook, *, code: bool = False) -> Any:
    """Return the cells of the slides: with slide types, without solutions, tests and answers."""
    from nbformat.v4 import new_notebook

    stubs = {task.name: task.emptied for task in tasks_of(notebook)}
    slides = []
    for cell in notebook.content.cells:
        if cells.is_test(cell) or cells.is_harness(cell) or cells.is_question(cell):
            continue
        if cell.cell_type == "markdown":
            slides += text_cells(cell.source)
        elif not cell.source.startswith(cells.EXTRA):
            slides += code_cell(cell, stubs, code)
    return new_notebook(cells=slides, metadata={"title": f"{notebook.id} {notebook.title}"})


def text_cells(source: str) -> Iterator[Any]:
    """Yield a cell for each paragraph; the first one under a heading is always shown."""
    from nbformat.v4 import new_markdown_cell

    text = LOCAL_LINK.sub(r"\1", ANSWERS.sub("", source)).replace("](../../", "](")
    below_heading = False
    for paragraph in filter(None, re.split(r"\n\s*\n", text.strip())):
        kind = slide_type(paragraph, below_heading)
        below_heading = paragraph.startswith("#")
        yield new_markdown_cell(paragraph, metadata={"slideshow": {"slide_type": kind}})


def slide_type(paragraph: str, below_heading: bool) -> str:
    """Return nbconvert's slide type for a paragraph of Markdown."""
    if paragraph.startswith("#"):
        return "subslide" if paragraph.startswith("###") else "slide"
    is_short = len(paragraph) <= SHORT_PARAGRAPH
    return "-" if below_heading or is_short or ALWAYS_SHOWN.match(paragraph) else "notes"


def code_cell(cell: Any, stubs: dict[str, str], code: bool) -> list[Any]:
    """Return a code cell as it is shown; nothing if neither code nor outputs are left."""
    cell = copy.deepcopy(cell)
    cell.outputs = list(displayed(cell))
    if cells.is_solution(cell):
        cell.source, cell.outputs = stubs[cells.grading(cell)["grade_id"]], []
    is_long = len(cell.source.splitlines()) > SHORT_CODE
    if {"imports", "settings", cells.DRAWS} & set(cells.tags(cell)) or (is_long and not code):
        cell.metadata["tags"] = [*cells.tags(cell), HIDDEN_CODE]
        return [cell] if cell.outputs else []
    return [cell]


def displayed(cell: Any) -> Iterator[Any]:
    """Yield the outputs that slides can show, PNG as HTML: nbconvert gives it no alt text."""
    alt = html.escape(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""))
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            png = data["image/png"].replace("\n", "")
            output.data = {"text/html": f'<img alt="{alt}" src="data:image/png;base64,{png}">'}
        if not any(kind.startswith("application/") for kind in data):
            yield output
