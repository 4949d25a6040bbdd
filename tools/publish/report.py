"""``course.py report``: write the pages of results, and the other pages that are generated.

``--accept`` first merges the full runs below ``build/`` into ``results/full.json``. The pages are
docs/results.md and docs/results/, the README's table of units, docs/notebooks.md, the glossary, the
map, the units' sheets, data/README.md and docs/credits.md. The tables in the notebooks' outputs are
brought up to date as well.
"""

from pathlib import Path

from data.core.files import write_text
from tools.notebook import outputs, sheets
from tools.notebook.common import ROOT, Parser, all_notebooks, write_notebook
from tools.publish import accepted, course_map, data_cards, glossary, overview, pictures, results


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py report``."""
    p = Parser(
        prog="python course.py report",
        description="Write docs/results.md and its pages from results/full.json, the README's "
        "table of units, docs/notebooks.md, docs/glossary.md, docs/map.md, the units' sheets, "
        "data/README.md and docs/credits.md, and bring the tables of results in the notebooks up "
        "to date.",
    )
    p.add_argument(
        "--accept",
        nargs="*",
        metavar="NN/NN",
        help="first merge the last full runs of these notebooks (default: all that lie in "
        "build/results/) into results/full.json, from a clean tree",
    )
    names = p.parse_args(argv).accept
    refused = 0 if names is None else accepted.accept(names)
    for notebook in all_notebooks():
        pictures.draw(notebook)
        content = sheets.headed(outputs.renewed(notebook.content))
        if content != notebook.content:
            write_notebook(notebook.path, content)
            print(f"wrote {notebook.name}")
    written = pages()
    for path, text in written.items():
        write_text(path, text)
        print(f"wrote {path.relative_to(ROOT)}")
    for path in sorted({*results.FOLDER.glob("*.md")} - written.keys()):  # of a unit that is gone
        path.unlink()
        print(f"removed {path.relative_to(ROOT)}")
    return 1 if refused else 0


def pages() -> dict[Path, str]:
    """Return the generated files and what should be in them."""
    terms = {glossary.PAGE: glossary.page(all_notebooks())}
    return results.pages() | overview.pages() | course_map.pages() | data_cards.pages() | terms
