"""data/README.md and docs/credits.md: their openings, and below them what the data cards say."""

from pathlib import Path

from rich.filesize import decimal

from data.core import cards
from data.core.cards import Entry, File
from tools.notebook.common import ROOT, all_notebooks

PAGE = ROOT / "data" / "README.md"
CREDITS_PAGE = ROOT / "docs" / "credits.md"
MARK = "<!-- From here on `python course.py report` writes what the files card.toml say. -->"


def pages() -> dict[Path, str]:
    """Return both pages by their files."""
    return {PAGE: page(), CREDITS_PAGE: credits_page()}


def credits_page() -> str:
    """Return docs/credits.md: its opening as it is now, then the pictures of the sets."""
    opening = CREDITS_PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    shown = [e for e in cards.entries().values() if e.may_be_shown and e.kind == "dataset"]
    lines = ["| set | pictures | licence | what it may not be used for |", "|---|---|---|---|"]
    for entry in [entry for entry in shown if entry.published]:
        link = f"[{entry.name}](../data/README.md#{entry.name})"
        each = f"[{entry.items:,}](../data/{entry.name}/credits.csv)"
        licence = f"[{entry.licence}](../data/{entry.name}/LICENSE)"
        lines.append(f"| {link} | {each} | {licence} | {entry.not_for} |")
    others = [
        f"- {entry.title} ({entry.citation}; {entry.licence}): {entry.may_be_shown}."
        for entry in shown
        if not entry.published and entry.name != "shipped_photographs"
    ]
    parts = [
        f"{opening}{MARK}\n",
        "## Pictures in the course\n",
        "Each number leads to a list with a row for each picture: its address, its author where\n"
        "the source names one, and its licence.\n",
        "\n".join(lines) + "\n",
        "## Other pictures that may be shown\n",
        "\n".join(others) + "\n",
    ]
    return "\n".join(parts)


def page() -> str:
    """Return the text of data/README.md: its opening as it is now, then the cards."""
    notebooks = all_notebooks()
    opening = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    parts = [f"{opening}{MARK}\n"]
    for kind, title in (("dataset", "Data sets"), ("weights", "Pretrained networks")):
        chosen = [entry for entry in cards.entries().values() if entry.kind == kind]
        links = ", ".join(f"[{entry.name}](#{entry.name})" for entry in chosen)
        parts.append(f"## {title}\n\n{links}\n")
        parts += [card(e, [n.id for n in notebooks if e.name in n.needs]) for e in chosen]
    return "\n".join(parts)


def card(entry: Entry, notebooks: list[str]) -> str:
    """Return the card of one entry, which some notebooks use."""
    rows = [
        ("Task", entry.task),
        ("Notebooks", ", ".join(notebooks)),
        ("Licence", entry.licence),
        ("Licence in its words", _licence_line(entry)),
        ("Not for", entry.not_for),
        ("Citation", entry.citation),
        ("Consent", entry.consent),
        ("Source", f"<{entry.homepage}>" if entry.homepage else None),
        ("Real files", _availability_line(entry)),
        ("Sample", entry.sample),
        ("Values in", _packed_line(entry)),
        ("Packed from", _published_line(entry)),
        ("Sample shipped with", entry.sample_shipped),
        ("Sample taken from", entry.sample_from),
        ("Synthetic because", entry.synthetic_because),
        ("May be shown", entry.may_be_shown),
        ("A local data folder may hold", entry.local_copy),
        ("Note", entry.note),
    ]
    lines = "\n".join(f"- **{label}:** {text}" for label, text in rows if text)
    files = "\n".join(f"  - {_file_line(item)}" for item in entry.files)
    files = f"\n- **{'Packed from' if entry.packed else 'Files'}:**\n{files}" if files else ""
    return f"### {entry.name}\n\n{entry.title}\n\n{lines}{files}\n"


def _availability_line(entry: Entry) -> str:
    """Return how a reader comes to the real files, with the package or what its owners say."""
    owners = {"on request": "its owners ask who you are", "withdrawn": "its owners withdrew it"}
    more = "" if entry.packed else entry.shipped or owners.get(entry.status, "")
    return entry.availability + (f" ({more})" if more else "")


def _packed_line(entry: Entry) -> str | None:
    """Return where the course keeps the values of a set and its licence, None where it has none."""
    if not entry.packed:
        return None
    credits = f", [who made each picture]({entry.name}/credits.csv)" if entry.published else ""
    return (
        f"[{entry.packed}]({entry.name}/{entry.packed}), `{entry.packed_checksum}`, made by "
        f"`python -m data.{entry.name}.pack`; [its licence]({entry.name}/LICENSE){credits}"
    )


def _licence_line(entry: Entry) -> str | None:
    """Return the sentence that grants the licence, and where it stands."""
    return f"“{entry.licence_says}” (<{entry.licence_at}>)" if entry.licence_says else None


def _published_line(entry: Entry) -> str | None:
    """Return the repositories in which the pictures and labels of a set were read."""
    links = [
        f"{item.holds}: [{item.repository}](https://github.com/{item.repository}/tree/"
        f"{item.commit}) at {item.commit[:7]}"
        for item in entry.published
    ]
    return "; ".join(links) or None


def _file_line(item: File) -> str:
    name = f"[{item.name}](<{item.urls[0]}>)" if item.urls else f"`{item.name}`"
    size = f", {decimal(item.size)}" if item.size else ""
    if item.checksum:
        return f"{name}{size}, `{item.checksum}`"
    if item.local_checksum:
        return f"{name}{size}, in a local data folder alone, `{item.local_checksum}`"
    return f"{name}{size}, no checksum known"
