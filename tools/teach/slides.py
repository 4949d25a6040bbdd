"""``course.py slides``: a lecture from a notebook, as reveal.js slides that nbconvert makes.

They end with the lesson, above the line of the page. A heading begins a slide, and so does whatever
has no room below it, or a second figure. Figures, outputs, formulas, lists, tables and short
paragraphs are shown; longer ones and answers to self-checks are speaker's notes. Setup, solutions,
tests, records and other answers are left out before nbconvert starts.
"""

import copy
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook import cells
from tools.notebook.common import BUILD, ROOT, Notebook, Parser, Problem, select, shown
from tools.notebook.tasks import empty
from utils import touch

TEMPLATES = Path(__file__).resolve().parent  # nbconvert looks here for the folder "lecture"
SHORT_PARAGRAPH = 200  # characters; longer paragraphs are spoken
SHORT_CODE = 10  # lines; longer code is shown with --code
HIDDEN_CODE = "hidden-code"  # the tag of cells of which only the outputs are shown
OWN_CHECK = re.compile(
    r"^(\*\*Check yourself\..*?\n\n)<details>\s*<summary>Answer</summary>(.*?)</details>",
    re.S | re.M,
)
SPOKEN = "*Answer:* "  # begins the answer to a self-check, among the notes
ANSWERS = re.compile(r"<details>.*?</details>|^\*Rubric\b.*\Z", re.S | re.M)
LOCAL_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)\s]*\)")
SETUP = re.compile(r"#+ Setup\b")
RECORDS = re.compile(r"\breport\.(record|table|check|full|figure)\(")
# Pixels on the stage of 720 that a line of text and one of code take, and a figure at the least.
STAGE, LINE, CODE_LINE, HEADING, FIGURE = 700, 36, 27, 80, 390
WIDE = 95  # characters of a line of text
MOST_LINES = 14  # of printed output; of a longer one, the last are shown
ALWAYS_SHOWN = re.compile(r"[-*+] |\d+[.)] |\||>|!\[|\$\$|```|\*\*(?:Check yourself|Open question)")
HELP = """\
The page loads reveal.js and MathJax from the network. For a room without a network, run
"npm install reveal.js@4 mathjax@2", give the folder node_modules with --libraries, and take both
folders to the room: the slides load the libraries from where they lie."""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py slides``."""
    parser = Parser(
        prog="python course.py slides",
        description="Make the slides of a notebook: build/slides/UNIT/NOTEBOOK.html.",
        epilog=HELP,
    )
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="such as 06/01 or 06")
    parser.add_argument("--code", action="store_true", help="show long code as well")
    parser.add_argument(
        "--libraries", type=Path, metavar="DIR", help="folder of reveal.js and mathjax"
    )
    options = parser.parse_args(argv)
    for notebook in select(options.notebooks):
        path = BUILD / "slides" / f"{notebook.name}.html"
        addresses = copies(options.libraries, path.parent) if options.libraries else {}
        write_text(path, page(notebook, code=options.code, **addresses))
        print(f"{notebook.id}: {shown(path)}", flush=True)
    return 0


def copies(folder: Path, parent: Path) -> dict[str, str]:
    """Return nbconvert's options for the libraries in a folder, seen from a page in ``parent``."""
    for file in ("reveal.js/dist/reveal.js", "mathjax/MathJax.js"):
        if not (folder / file).is_file():
            raise Problem(f"{folder} has no {file}; name the folder that holds both libraries")
    address = Path(os.path.relpath(folder, parent)).as_posix()
    return {
        "reveal_url_prefix": f"{address}/reveal.js",
        "mathjax_url": f"{address}/mathjax/MathJax.js?config=TeX-AMS_CHTML-full,Safe",
    }


def page(notebook: Notebook, *, code: bool = False, **libraries: str) -> str:
    """Return the slides of a notebook as one HTML page."""
    from nbconvert.exporters import SlidesExporter
    from traitlets.config import Config

    exporter = SlidesExporter(
        config=Config(TagRemovePreprocessor={"enabled": True, "remove_input_tags": {HIDDEN_CODE}}),
        template_name="lecture",
        extra_template_basedirs=[str(TEMPLATES)],
        reveal_theme="white",
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

    slides = []
    for cell in cells.above_line(notebook.content.cells):
        if cells.is_test(cell) or cells.is_adapter(cell) or cells.is_question(cell):
            continue
        if cell.cell_type == "markdown":
            slides += text_cells(cell.source, cell.get("attachments", {}))
        else:
            slides += code_cell(cell, code)
    slides = list(paged(without_setup(slides)))
    return new_notebook(cells=slides, metadata={"title": f"{notebook.id} {notebook.title}"})


def kind_of(cell: Any) -> str:
    """Return nbconvert's kind of slide that a cell is, or "-" where it goes on with the last."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def without_setup(slides: Iterable[Any]) -> Iterator[Any]:
    """Yield the cells that do not stand below the heading of a setup."""
    is_setup = False
    for cell in slides:
        if kind_of(cell) in ("slide", "subslide"):
            is_setup = bool(SETUP.match(cell.source))
        if not is_setup:
            yield cell


def paged(slides: Iterable[Any]) -> Iterator[Any]:
    """Yield cells with a new slide, under the same heading, for what has no room on the last.

    A last paragraph that would be alone on its slide is spoken.
    """
    heading, used, left = None, 0, list(slides)
    while left:
        cell = left.pop(0)
        has_room = used == HEADING or used + height(cell) <= STAGE
        if heading and not has_room and is_aside(cell) and ends_here(left):
            cell.metadata["slideshow"]["slide_type"] = "notes"
        if kind_of(cell) == "notes":
            yield cell
            continue
        if kind_of(cell) != "-":
            heading, used = cell, 0
        elif heading and not has_room:
            again = copy.deepcopy(heading)
            again.id = f"{cell.id}-heading"
            again.metadata["slideshow"]["slide_type"] = "subslide"
            yield again
            used = HEADING
        used += height(cell)
        yield cell


def is_aside(cell: Any) -> bool:
    """Return whether a cell is a paragraph that a listener need not read."""
    is_text = cell.cell_type == "markdown" and kind_of(cell) == "-"
    return is_text and not cell.source.startswith("**") and not ALWAYS_SHOWN.match(cell.source)


def ends_here(left: list[Any]) -> bool:
    """Return whether nothing more is shown under the same heading."""
    following = next((cell for cell in left if kind_of(cell) != "notes"), None)
    return following is None or kind_of(following) != "-"


def height(cell: Any) -> int:
    """Return about how many pixels of the stage a cell takes."""
    if kind_of(cell) != "-":
        return HEADING
    if cell.cell_type == "markdown":
        lines = sum(1 + len(line) // WIDE for line in cell.source.splitlines())
        return FIGURE if "](" in cell.source and "![" in cell.source else LINE * (lines + 1)
    is_shown = HIDDEN_CODE not in cells.tags(cell)
    total = CODE_LINE * (len(cell.source.splitlines()) + 2) if is_shown else 0
    for output in cell.outputs:
        kinds = output.get("data", {})
        if any(kind.startswith("image/") for kind in kinds):
            total += FIGURE
        elif "text/html" in kinds:
            total += LINE * (kinds["text/html"].count("<tr") + 2)
        else:
            text = output.get("text") or kinds.get("text/plain", "")
            total += CODE_LINE * (len(text.splitlines()) + 1)
    return total


def text_cells(source: str, attachments: dict[str, Any]) -> Iterator[Any]:
    """Yield a cell for each paragraph; the first one under a heading is always shown.

    A paragraph that shows an attached picture carries the pictures of its cell.
    """
    from nbformat.v4 import new_markdown_cell

    text = OWN_CHECK.sub(lambda m: m[1] + SPOKEN + " ".join(m[2].split()), source)
    text = LOCAL_LINK.sub(r"\1", ANSWERS.sub("", text)).replace("](../../", "](")
    below_heading = False
    for paragraph in filter(None, re.split(r"\n\s*\n", text.strip())):
        is_short = len(paragraph) <= SHORT_PARAGRAPH
        if paragraph.startswith("#"):
            kind = "subslide" if paragraph.startswith("###") else "slide"
        elif paragraph.startswith(SPOKEN):
            kind = "notes"
        elif below_heading or is_short or ALWAYS_SHOWN.match(paragraph):
            kind = "-"
        else:
            kind = "notes"
        below_heading = paragraph.startswith("#")
        slide = new_markdown_cell(paragraph, metadata={"slideshow": {"slide_type": kind}})
        if attachments and "](attachment:" in paragraph:
            slide["attachments"] = attachments
        yield slide


def is_left_out(output: Any) -> bool:
    """Return whether an output is a figure to touch, or the line that a progress bar leaves."""
    data = output.get("data", {})
    is_line = output.output_type == "display_data" and set(data) == {"text/plain"}
    return is_line or bool(touch.numbers_in(data))


def code_cell(cell: Any, code: bool) -> list[Any]:
    """Return a code cell without figures to touch; nothing if neither code nor outputs are left."""
    cell = copy.deepcopy(cell)
    cell.outputs = [o for o in cell.outputs if not is_left_out(o)]
    if cells.is_solution(cell):
        cell.source, cell.outputs = empty(cell.source), []
    is_record = bool(RECORDS.search(cell.source))
    if is_record:  # its figure stays
        cell.outputs = [o for o in cell.outputs if "image/png" in o.get("data", {})]
    for output in (o for o in cell.outputs if o.output_type == "stream"):
        lines = output.text.splitlines(keepends=True)
        output.text = "".join([*["...\n"][: len(lines) > MOST_LINES], *lines[-MOST_LINES:]])
    is_long = len(cell.source.splitlines()) > SHORT_CODE
    is_aside = is_record or {"imports", "settings", cells.DRAWS} & set(cells.tags(cell))
    if is_aside or (is_long and not code):
        cell.metadata["tags"] = [*cells.tags(cell), HIDDEN_CODE]
        return [cell] if cell.outputs else []
    return [cell]
