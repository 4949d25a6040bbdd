"""What is wrong with the site: found by reading all its sources, without writing its pages.

``python -m tools.publish.book.proofread`` prints each fault in a line and then ends with 1.
"""

import shutil
import sys

from tools.notebook.common import BUILD, Notebook, Problem, all_notebooks
from tools.publish.book import sources, sphinx

WORK = BUILD / "book-check"


def faults() -> list[str]:
    """Return what `course.py book` would complain about, but for the outputs of the notebooks.

    These are links that lead to no page or no heading, pictures that are missing, formulas that
    cannot be converted, and whatever else Sphinx reports of a text or a docstring.
    """
    return faults_of(sources.markdown(), all_notebooks())


def faults_of(texts: dict[str, str], notebooks: list[Notebook]) -> list[str]:
    """Return the faults of a site of some notebooks and of Markdown texts by their paths."""
    shutil.rmtree(WORK, ignore_errors=True)
    try:
        sources.write(WORK / "sources", texts, notebooks, outputs=False)
        return sphinx("dummy", WORK, [])
    except Problem as problem:  # of a quiz
        return [str(problem)]
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    found = faults()
    print("".join(f"{fault}\n" for fault in found), end="")
    sys.exit(1 if found else 0)
