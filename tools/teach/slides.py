"""``course.py slides``: a lecture from a notebook, as a page of reveal.js slides.

nbconvert's own exporter of slides writes the page; what stands on them is of ``deck``.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.common import BUILD, Notebook, Parser, Problem, select, shown
from tools.teach import deck

TEMPLATES = Path(__file__).resolve().parent
TEMPLATE = "lecture"
# What a page needs of a copy, from its folder.
REVEAL = ("dist/reveal.js", "dist/reveal.css", "dist/theme", "plugin/notes/notes.js")
MATHJAX = (
    "MathJax.js",
    "config/TeX-AMS_CHTML-full.js",
    "extensions",
    "jax/element",
    "jax/input/TeX",
    "jax/output/CommonHTML",
    "fonts/HTML-CSS/TeX/woff",
)
MATHJAX_AT = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7"  # as nbconvert has it
HOW = """\
A slide for each heading, with the formulas, lists, tables, figures and findings of its section; the
text stands in the speaker's notes (press S). A task is a slide with its name and points, to be
solved in class; no solution and no model answer is anywhere. Cells that begin with '# extra' are
left out. The page loads reveal.js and MathJax from the addresses that nbconvert has for them. For a
room without network: npm pack reveal.js@4 mathjax@2, unpack both, and name the folders."""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py slides``."""
    p = Parser(
        prog="python course.py slides",
        description="Make the slides of a lecture of a notebook: build/slides/UNIT/NOTEBOOK.html.",
        epilog=HOW,
    )
    p.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="such as 06/01, or a unit: 06")
    p.add_argument("--code", action="store_true", help="show the code that everyone reads as well")
    p.add_argument(
        "--reveal", type=Path, metavar="FOLDER", help="a copy of reveal.js 4 or 5, put beside them"
    )
    p.add_argument(
        "--mathjax", type=Path, metavar="FOLDER", help="a copy of MathJax 2.7, put beside them"
    )
    options = p.parse_args(argv)
    folder = BUILD / "slides"
    reveal = beside(options.reveal, folder / "reveal.js", REVEAL, "reveal.js 4 or 5")
    mathjax = beside(options.mathjax, folder / "mathjax", MATHJAX, "MathJax 2.7")
    addresses = {"mathjax_url": f"{mathjax or MATHJAX_AT}/MathJax.js?config=TeX-AMS_CHTML-full"}
    addresses |= {"reveal_url_prefix": reveal} if reveal else {}
    for notebook in select(options.notebooks):
        made = deck.slides(notebook, code=options.code)
        path = folder / f"{notebook.name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, page(notebook, made, addresses))
        print(f"{notebook.id}: {len(made)} slides in {shown(path)}", flush=True)
    return 0


def beside(given: Path | None, target: Path, needed: tuple[str, ...], name: str) -> str:
    """Copy what pages need of a library to their folder; return where they find it, "" without one.

    Raises Problem if the folder lacks any of it.
    """
    if given is None:
        return ""
    given = given / "package" if (given / "package").is_dir() else given  # as npm packs it
    if missing := [part for part in needed if not (given / part).exists()]:
        raise Problem(f"{given} is no copy of {name}: it has no {', no '.join(missing)}")
    for part in needed:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (given / part).is_dir():
            shutil.copytree(given / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copyfile(given / part, target / part)
    return f"../{target.name}"


def page(notebook: Notebook, made: list[deck.Slide], addresses: dict[str, str]) -> str:
    """Return the page of some slides, in HTML."""
    from nbconvert.exporters import SlidesExporter

    exporter = SlidesExporter(
        template_name=TEMPLATE,
        extra_template_basedirs=[str(TEMPLATES)],
        reveal_theme="white",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_input=False,
        **addresses,
    )
    look = (TEMPLATES / TEMPLATE / "look.css").read_text(encoding="utf-8")
    content = as_notebook(made)
    content.metadata["title"] = f"{notebook.id} {notebook.title}"
    text, _ = exporter.from_notebook_node(content, resources={"lecture": {"look": look}})
    return text


def as_notebook(made: list[deck.Slide]) -> Any:
    """Return slides as the notebook that nbconvert makes them of: cells with their slide_type."""
    from nbformat import v4

    cells = []
    for slide in made:
        again = " <small>(continued)</small>" if slide.continued else ""
        opening = f"{'#' * slide.level} {slide.heading}{again}"
        cells.append(typed(v4.new_markdown_cell(opening), "subslide" if slide.below else "slide"))
        cells += [typed(cell_of(block), "-") for block in slide.blocks]
        if slide.notes:
            cells.append(typed(v4.new_markdown_cell("\n\n".join(slide.notes)), "notes"))
    return v4.new_notebook(cells=cells)


def typed(cell: Any, kind: str) -> Any:
    """Return a cell with its part in the slides."""
    cell.metadata["slideshow"] = {"slide_type": kind}
    return cell


def cell_of(block: Any) -> Any:
    """Return a block as a cell: text as Markdown, tables and pictures of outputs as an output."""
    from nbformat import v4

    if block.kind == "html":
        outputs = [v4.new_output("display_data", {"text/html": block.text})]
    elif block.width:
        told = {"alt": block.title, "width": block.width, "height": block.height - deck.measure.GAP}
        outputs = [v4.new_output("display_data", {block.kind: block.text})]
        outputs[0].metadata[block.kind] = told
    else:
        return v4.new_markdown_cell(block.text)
    return v4.new_code_cell("", outputs=outputs, metadata={"jupyter": {"source_hidden": True}})
