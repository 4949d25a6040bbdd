"""The folder that Sphinx makes the site of: pages in the course's layout, links that it knows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import unquote

from data.core import cards
from data.core.files import write_text
from tools.learn import data as catalogue
from tools.learn.work import unsolved
from tools.notebook import launch
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, all_notebooks, units, write_notebook
from tools.publish import credits, glossary, results, roadmap
from tools.publish.book import api, landing, lesson
from utils import lessons

PROJECT_PAGES = {
    "docs/teaching.md": "docs/teaching",
    "docs/full.md": "docs/full",
    "CONTRIBUTING.md": "CONTRIBUTING",
}


def write(folder: Path, chosen: list[Notebook]) -> None:
    """Write the sources of the book: pages of the chosen notebooks, and all that is around them."""
    names = {n.id: n.name for n in chosen}
    fragments = {n.name: headings(n) for n in chosen}
    for notebook in chosen:
        target = folder / "notebooks" / f"{notebook.name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        content = lesson.page(notebook, names)
        for cell in content.cells:
            if cell.cell_type == "markdown":
                cell.source = linked(cell.source, f"notebooks/{notebook.name}.ipynb", fragments)
        write_notebook(target, content)
    for name, text in written_pages(chosen).items():
        write_text(folder / name, linked(text, name, fragments))
    shutil.copytree(ROOT / "results" / "figures", folder / "results" / "figures")
    for picture in lessons.FOLDER.glob("*/*/picture.png"):
        target = folder / picture.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, target)


def written_pages(chosen: list[Notebook]) -> dict[str, str]:
    """Return all pages but the notebooks', by their place in the folder."""
    shown = sorted({n.path.parent.name for n in chosen})
    found = {"index.md": landing.page(chosen, shown)}
    for unit in shown:
        found[f"notebooks/{unit}/README.md"] = unit_page(unit, chosen)
    for path, text in results.pages().items():
        found[path.relative_to(ROOT).as_posix()] = results_page(text, path.stem)
    found["docs/results.md"] += contents(
        [f"{lessons.heading(unit)} <results/{unit}>" for unit in units()] + ["results/benchmarks"]
    )
    found["docs/glossary.md"] = glossary_page(chosen)
    found["docs/map.md"] = map_page(chosen)
    found["data/README.md"] = data_page()
    found |= {path.relative_to(ROOT).as_posix(): text for path, text in credits.pages().items()}
    found |= api.module_pages()
    for name in PROJECT_PAGES:
        found[name] = (ROOT / name).read_text(encoding="utf-8")
    return found


def contents(names: list[str], **options: str) -> str:
    """Return a hidden table of contents in MyST."""
    lines = [f":{key}: {value}" for key, value in options.items()]
    return "\n\n```{toctree}\n:hidden:\n" + "\n".join([*lines, "", *names]) + "\n```\n"


# ------------------------------------------------------------------ pages


def unit_page(unit: str, chosen: list[Notebook]) -> str:
    """Return a unit's assignment sheet, with its notebooks below it in the contents."""
    text = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8")
    own = [n for n in chosen if n.path.parent.name == unit]
    return text + contents([f"{n.id} {n.title} <{n.path.stem}>" for n in own])


def results_page(text: str, unit: str) -> str:
    """Return a page of results with the notebooks' titles in the place of their files' names."""
    if unit in units():
        text = text.replace(f"# {unit}:", f"# {lessons.heading(unit)}:", 1)
    for n in all_notebooks():
        anchor = results.slug(n.name)
        title = (
            f"({anchor})=\n## {n.id} {n.title}\n\n[The notebook](../../notebooks/{n.name}.ipynb)"
        )
        text = re.sub(rf"^## {n.name}$", title, text, flags=re.M)
        text = re.sub(rf"\]\(results/\w+\.md#{anchor}\)", f"](#{anchor})", text)
    return text


def glossary_page(chosen: list[Notebook]) -> str:
    """Return the glossary with anchors that Sphinx knows."""
    text = glossary.page(chosen)
    text = re.sub(r'^## <a id="(letter-\w)"></a>', r"(\1)=\n## ", text, flags=re.M)
    return re.sub(r'^<a id="([\w-]+)"></a>', r"(term-\1)=\n", text, flags=re.M)


def map_page(chosen: list[Notebook]) -> str:
    """Return what builds on what, drawn."""
    return landing.map_page({n.id: n for n in chosen}, roadmap)


def data_page() -> str:
    """Return the data cards with a page's own links among them."""
    known = cards.entries()
    text = catalogue.page()
    return re.sub(r"\]\(#(\w+)\)", lambda m: f"](#{slug(m[1])})" if m[1] in known else m[0], text)


# ------------------------------------------------------------------ links


def slug(heading: str) -> str:
    """Return the anchor that a heading gets: small letters, digits, hyphens, as GitHub makes it."""
    plain = re.sub(r"[`*]|\$", "", heading)
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def headings(notebook: Notebook) -> dict[str, str]:
    """Return the anchors of a notebook's headings by the names that JupyterLab has for them."""
    found: dict[str, str] = {}
    for cell in notebook.content.cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"^(```|~~~).*?^\1", "", cell.source, flags=re.S | re.M)
            for heading in re.findall(r"^#{1,4}[ \t]+(.+?)[ \t#]*$", text, flags=re.M):
                found.setdefault(heading.replace(" ", "-"), slug(heading))
    return found


LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:|<)([^)\s]+)\)")


def linked(text: str, place: str, fragments: dict[str, dict[str, str]]) -> str:
    """Return a page's Markdown with links that lead to pages of the book, or to the repository.

    A file that the book does not show is linked where the course is published, else named only.
    """

    def one(found: re.Match[str]) -> str:
        words, (path, _, fragment) = found[1], found[2].partition("#")
        fragment = unquote(fragment)
        if not path:
            term = place == "docs/glossary.md" and not fragment.startswith("letter-")
            return f"[{words}](#{'term-' if term else ''}{fragment})"
        target = Path(place).parent.joinpath(path)
        inside = normal(target)
        if inside == "docs/glossary.md" and fragment:
            return f"[{words}](#term-{fragment})"
        if inside.startswith("notebooks/") and inside.endswith(".ipynb"):
            name = inside.removeprefix("notebooks/").removesuffix(".ipynb")
            if name not in fragments:
                return words
            anchor = fragments[name].get(fragment, "")
            return f"[{words}]({path}#{anchor})" if anchor else f"[{words}]({path})"
        if inside in IN_BOOK or re.match(r"docs/results|utils/\w+\.md", inside):
            return f"[{words}]({path}#{fragment})" if fragment else f"[{words}]({path})"
        return outside(words, inside)

    return LINK.sub(one, text)


IN_BOOK = {
    *(
        "docs/teaching.md",
        "docs/full.md",
        "docs/map.md",
        "docs/glossary.md",
        "data/README.md",
    ),
    "docs/credits.md",
    *("CONTRIBUTING.md", *(f"notebooks/{unit}/README.md" for unit in units())),
}


def normal(path: Path) -> str:
    """Return a path without ``..``, from the top of the course."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def outside(words: str, inside: str) -> str:
    """Return a link to a file of the repository; its name while no repository is set."""
    where = launch.repository()
    kind = "tree" if (ROOT / inside).is_dir() else "blob"
    return (
        f"[{words}](https://github.com/{where}/{kind}/{launch.BRANCH}/{inside})" if where else words
    )


# ------------------------------------------------------------------ beside the pages


def add_downloads(out: Path, chosen: list[Notebook]) -> None:
    """Put the student version of each notebook beside the pages."""
    for notebook in chosen:
        target = out / lesson.DOWNLOADS / f"{notebook.name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_notebook(target, unsolved(notebook))
