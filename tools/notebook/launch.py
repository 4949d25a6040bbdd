"""Where the course is: how to get it, and links that open it without a clone.

All is made from one setting, ``Repository`` below ``[project.urls]`` of pyproject.toml, by
``course.py report``. Without it there are no links.
"""

import tomllib
from pathlib import Path
from urllib.parse import quote

from tools.notebook.common import ROOT, Problem

GITHUB = "https://github.com/"  # Codespaces opens from there alone


def repository() -> str:
    """Return ``OWNER/NAME`` of the course on GitHub; empty while it is not set."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = project.get("urls", {}).get("Repository", "")
    if address and not address.startswith(GITHUB):
        raise Problem(f"pyproject.toml: Repository = {address!r} does not begin with {GITHUB}")
    return address.removeprefix(GITHUB).removesuffix("/").removesuffix(".git")


def binder(path: str) -> str:
    """Return a link to a file of ``work/`` in Binder; empty while no repository is set."""
    lab = quote(f"lab/tree/work/{path}", safe="")
    where = repository()
    return f"[Binder](https://mybinder.org/v2/gh/{where}/main?urlpath={lab})" if where else ""


def everything() -> str:
    """Return the line above the README's table: where the whole course opens; empty if unset."""
    if not (where := repository()):
        return ""
    return (
        f"Without installing anything: [Codespaces](https://codespaces.new/{where}) and "
        f"{binder('README.md')} open the course with your copies of the notebooks.\n\n"
    )


def clone() -> str:
    """Return the lines that bring the course and go into its folder; empty if unset."""
    where = repository()
    return f"git clone --depth 1 {GITHUB}{where}\ncd {Path(where).name}\n" if where else ""


def how_to_get() -> str:
    """Return how to get the course, in Markdown: by a clone, where its address is set."""
    if lines := clone():
        return f"```\n{lines}```"
    return (
        "Clone this repository (`git clone --depth 1` leaves out 250 MB of history), or unpack the "
        "archive that you were given. Open a terminal in the folder."
    )
