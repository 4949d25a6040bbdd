"""Opening a notebook without a clone: launch links, and what its first cell says without ``utils``.

Both are made from one setting, ``Repository`` below ``[project.urls]`` of pyproject.toml, by
``course.py report``. Without it there are no links, and the cell names what a clone can do.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import quote

from tools.notebook.common import ROOT, Notebook, Problem, all_notebooks

BRANCH = "main"
# A traceback shows the line that failed, so a comment on it is the word that is read there.
IMPORT = re.compile(r'"import utils(  # [^"]*)?\\n"')


def repository() -> str:
    """Return ``OWNER/NAME`` of the course on GitHub; empty while it is not set.

    Raises Problem if the address is not one of GitHub, which is where Colab and Codespaces open
    from.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = project.get("urls", {}).get("Repository", "")
    if not address:
        return ""
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git)?/?", address)
    if found is None:
        raise Problem(
            f"pyproject.toml: Repository = {address!r} is no address of a repository on GitHub; "
            "write it like https://github.com/OWNER/NAME, or take the line out"
        )
    return found[1]


def everything() -> str:
    """Return the line above the README's table: where the whole course opens; empty if unset."""
    where = repository()
    if not where:
        return ""
    lab = quote("lab/tree/work/README.md", safe="")
    return (
        f"Without installing anything: [Codespaces](https://codespaces.new/{where}) and "
        f"[Binder](https://mybinder.org/v2/gh/{where}/{BRANCH}?urlpath={lab}) open the course with "
        "your copies of the notebooks, Colab a solved notebook.\n\n"
    )


def clone() -> str:
    """Return the lines that bring the course and go into its folder; empty if unset."""
    where = repository()
    return f"git clone https://github.com/{where}\ncd {where.rpartition('/')[2]}\n" if where else ""


def how_to_get() -> str:
    """Return how one comes by the course, in Markdown: the clone, where its address is set."""
    if lines := clone():
        return f"```\n{lines}```"
    return (
        "Get the folder first: clone the repository in which you read this, or unpack the archive "
        "that you were given. Open a terminal in it."
    )


def install_line() -> str:
    """Return the command that installs what notebooks import, for one that stands alone."""
    where = repository()
    source = f"git+https://github.com/{where}" if where else "path/to/this/folder"
    return f"```\npip install {source}\n```"


def links(notebook: Notebook) -> str:
    """Return a notebook's launch links in Markdown; empty while no repository is set."""
    where = repository()
    if not where:
        return ""
    path = f"{notebook.name}.ipynb"
    colab = f"https://colab.research.google.com/github/{where}/blob/{BRANCH}/notebooks/{path}"
    lab = quote(f"lab/tree/work/{path}", safe="")
    binder = f"https://mybinder.org/v2/gh/{where}/{BRANCH}?urlpath={lab}"
    return f"[Colab]({colab}) · [Binder]({binder})"


def import_line() -> str:
    """Return the first line of every notebook, which says what to do where ``utils`` is missing."""
    where = repository()
    if where:
        return f"import utils  # not found? %pip install -q git+https://github.com/{where}"
    return "import utils  # not found? Open the notebook with: python course.py lab"


def pages() -> dict[Path, str]:
    """Return the notebooks, and the template, whose first line is not what it should be."""
    wanted = f'"{import_line()}\\n"'
    paths = [*(n.path for n in all_notebooks()), ROOT / "tools" / "write" / "template.ipynb"]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return {
        path: IMPORT.sub(lambda _: wanted, text, count=1)
        for path, text in texts.items()
        if wanted not in text
    }
