"""``python course.py data``: data sets and networks, listed, fetched, described by data cards."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from data.core import cards, fetch
from data.core.cards import DataError, Entry, File
from data.core.fetch import human_size
from data.core.files import write_text
from tools.notebook.common import Parser, all_notebooks, select

LEGEND = """
by default  what notebooks load without --data real: real data that a package ships, a part of them,
            other real data of the kind, or synthetic data that the course makes
from now    where --data real takes the files from now: an installed package (shipped), your local
            data folder (local), the cache, or a download; "by hand" where no checksum is known,
            "not available" where whoever holds the data has to be asked
checksum    whether a downloaded file is compared with a known sum"""
WIDE = 96  # columns of a terminal that the whole table needs
UNIT = re.compile(r"(\d\d)(?:_\w+)?(?:/(\d\d)(?:_\w+)?)?/?")


def main(argv: list[str]) -> int:
    """Run one of list, fetch and cards; return the exit code."""
    args = _parser().parse_args(argv)
    try:
        return args.run(args)
    except DataError as error:
        print(f"data {args.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; nothing half-made is left under a final name", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python course.py data",
        description="The data sets and pretrained networks of the course.",
        epilog="COURSE_DATA_DIR names a local data folder, COURSE_CACHE_DIR another cache folder.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("list", help="every entry, and where it would come from now")
    one.add_argument("--json", action="store_true", help="for programs instead of people")
    one.set_defaults(run=run_list)
    one = commands.add_parser("fetch", help="bring the files of an entry or a unit into the cache")
    one.add_argument("names", nargs="+", metavar="NAME|UNIT", help="cora, 06_graph_networks, 06/01")
    one.set_defaults(run=run_fetch)
    one = commands.add_parser("cards", help="write data/README.md from the cards")
    one.set_defaults(run=run_cards)
    return parser


# ------------------------------------------------------------------ list


def run_list(args: argparse.Namespace) -> int:
    """Print every entry: its status, size, whether its checksum is known, and its source now."""
    fetch.data_folder()  # a wrong COURSE_DATA_DIR is said once, not for each entry
    entries, used = cards.entries().values(), users()
    if args.json:
        print(json.dumps([_row(entry, used) for entry in entries], indent=1))
        return 0
    from rich.console import Console
    from rich.table import Table

    console = Console()
    wide = console.width >= WIDE  # a narrow terminal keeps what a learner asks for
    columns = ["name", "kind", "status", "size", "checksum"] if wide else ["name", "size"]
    columns += ["by default"]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=True, justify="right" if name == "size" else "left")
    table.add_column("from now", overflow="fold")
    for entry in entries:
        row = _row(entry, used)
        row["size"] = human_size(row["size"]) if row["size"] else "-"
        row["checksum"] = {True: "yes", False: "no", None: "-"}[row["checksum"]]
        source = "shipped" if entry.shipped else row["from"]
        table.add_row(*(row[name] for name in columns), source)
    console.print(table)
    if wide:
        print(LEGEND)
    return 0


def _row(entry: Entry, used: dict[str, list[str]]) -> dict:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "title": entry.title,
        "notebooks": used.get(entry.name, []),
        "licence": entry.licence,
        "status": entry.status,
        "size": entry.size,
        "checksum": entry.has_checksums if _has_address(entry) else None,
        "by default": by_default(entry),
        "from": where(entry),
    }


def by_default(entry: Entry) -> str:
    """Return what the sample of an entry is, in a word or two."""
    if entry.shipped:
        return "real"
    if entry.sample_shipped:
        return "real, a part"
    if entry.sample_from:
        return "real, others"
    return "synthetic" if entry.kind == "dataset" else "none"


def _has_address(entry: Entry) -> bool:
    return any(item.urls for item in entry.files)


def where(entry: Entry) -> str:
    """Return where the files of an entry would come from now; no checksum is computed."""
    if entry.shipped:
        return f"shipped with {entry.shipped}"
    try:
        if is_tree(entry) and fetch.local_folder(entry) is not None:
            return "local"
        places = {_where(entry, item) for item in entry.wanted} or {"not available"}
    except fetch.LocalFolderError:
        return "local folder, which may not be read"
    order = ("local", "cache", "download", "download by hand", "not available")
    return " + ".join(place for place in order if place in places)


def is_tree(entry: Entry) -> bool:
    """Whether a local data folder serves the entry as a folder rather than file by file."""
    return not entry.files or bool(entry.archives)


def _where(entry: Entry, item: File) -> str:
    if place := fetch.at_hand(entry, item):
        return place
    if not item.urls:
        return "not available"
    return "download" if item.checksum else "download by hand"


# ------------------------------------------------------------------ fetch


def run_fetch(args: argparse.Namespace) -> int:
    """Fetch entries one after the other; one that cannot be had does not stop the others."""
    asked = [(entry, _is_unit(name)) for name in args.names for entry in resolve(name)]
    entries = list({entry.name: (entry, unit) for entry, unit in asked}.values())
    _say_size([entry for entry, _ in entries])
    failed = 0
    for entry, from_unit in entries:
        if from_unit and where(entry) == "not available":
            hint = f", see {entry.homepage}" if entry.homepage else ""
            print(f"{entry.name}: nothing to fetch ({entry.status}, no address known{hint})")
            continue
        try:
            print(f"{entry.name}: {_fetch_one(entry)}")
        except DataError as error:
            failed += 1
            print(f"{entry.name}: NOT fetched\n{error}", file=sys.stderr)
    return 1 if failed else 0


def _say_size(entries: list[Entry]) -> None:
    """Say how much there is to download before the first byte is asked for."""
    items = [
        item for entry in entries for item in entry.downloads if _where(entry, item) == "download"
    ]
    if not items:
        print("nothing to download")
        return
    known = [item.size for item in items if item.size is not None]
    parts = [f"{_files(len(known))}, {human_size(sum(known))}"] if known else []
    unknown = len(items) - len(known)
    parts += [f"{_files(unknown)} of unknown size"] if unknown else []
    print(f"to download: {' and '.join(parts)}")


def _fetch_one(entry: Entry) -> str:
    if entry.shipped:
        return f"shipped with {entry.shipped}, nothing to fetch"
    if is_tree(entry):
        fetched = [fetch.fetch_tree(entry.name)]
        what = "folder"
    else:
        fetched = [fetch.fetch(entry.name, item.name) for item in entry.wanted]
        what = _files(len(fetched))
    sources = " + ".join(sorted({file.source for file in fetched}))
    return f"{what} ({sources})"


def resolve(name: str) -> list[Entry]:
    """Return the entry of a name, or those that a unit's or a notebook's metadata name."""
    if not _is_unit(name):
        return [cards.get(name)]
    notebooks = select([name.rstrip("/")])
    asked = dict.fromkeys(name for notebook in notebooks for name in notebook.needs)
    return [cards.get(name) for name in asked]


def users() -> dict[str, list[str]]:
    """Return the numbers of the notebooks whose metadata name a card, by the card's name."""
    found: dict[str, list[str]] = {}
    for notebook in all_notebooks():
        for name in dict.fromkeys(notebook.needs):
            found.setdefault(name, []).append(notebook.id)
    return found


def _is_unit(name: str) -> bool:
    return UNIT.fullmatch(name) is not None


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


# ------------------------------------------------------------------ cards


def run_cards(args: argparse.Namespace) -> int:
    """Write data/README.md in one step."""
    write_text(cards_path(), page())
    print("wrote data/README.md")
    return 0


def cards_path() -> Path:
    """Return the file that holds the cards: beside the sets."""
    return cards.FOLDER / "README.md"


def cards_are_current() -> bool:
    """Whether the page says what the cards say."""
    path = cards_path()
    return path.is_file() and path.read_text(encoding="utf-8") == page()


OPENING = """\
# Data cards

<!-- Written by `python course.py data cards` from the card.toml of each folder: change those. -->

This folder holds cards and not files. Most of the data sets may be used for study but not passed
on, many show people who agreed to one use and were never asked about another, and some are larger
than a repository should be. So the course keeps, for each of them, who made it, on which terms,
where its owners offer it, the checksum of its files, and what stands in its place as the sample,
which needs no network and is what the notebooks use unless you ask for more.

```
python course.py data list                 # every entry, and where it would come from now
python course.py data fetch cora           # one data set into the cache; a unit: 06_graph_networks
```

Files come from the local data folder that `COURSE_DATA_DIR` names (it has one folder a data set),
then from the cache, then from the address below. A file is used where its checksum is the one of
its card. A file without a checksum is not downloaded: look at its address, download it yourself and
put it into the local data folder, which is trusted with it.

Status: *download*, its owners offer it to everyone; *on request*, they ask who you are first;
*withdrawn*, they do not offer it any more.
"""


def page() -> str:
    """Return the text of data/README.md."""
    entries, used = list(cards.entries().values()), users()
    parts = [OPENING]
    for kind, title in (("dataset", "Data sets"), ("weights", "Pretrained networks")):
        chosen = [entry for entry in entries if entry.kind == kind]
        links = ", ".join(f"[{entry.name}](#{entry.name})" for entry in chosen)
        parts.append(f"## {title}\n\n{links}\n")
        parts += [card(entry, used.get(entry.name, [])) for entry in chosen]
    return "\n".join(parts)


def card(entry: Entry, notebooks: list[str]) -> str:
    """Return the card of one entry, which some notebooks use."""
    rows = [
        ("Task", entry.task),
        ("Notebooks", ", ".join(notebooks) or "none yet"),
        ("Licence", entry.licence),
        ("Citation", entry.citation),
        ("Consent", entry.consent),
        ("Source", f"<{entry.homepage}>" if entry.homepage else None),
        ("Status", f"{entry.status}; shipped with {entry.shipped}" if entry.shipped else None),
        ("Status", None if entry.shipped else entry.status),
        ("Sample", entry.sample),
        ("Sample shipped with", entry.sample_shipped),
        ("Sample taken from", entry.sample_from),
        ("Synthetic because", entry.synthetic_because),
        ("May be shown", entry.may_be_shown),
        ("A local data folder may hold", entry.local_copy),
        ("Note", entry.note),
    ]
    lines = "\n".join(f"- **{label}:** {text}" for label, text in rows if text)
    files = "\n".join(f"  - {_file_line(item)}" for item in entry.files)
    files = f"\n- **Files:**\n{files}" if files else ""
    return f"### {entry.name}\n\n{entry.title}\n\n{lines}{files}\n"


def _file_line(item: File) -> str:
    name = f"[{item.name}](<{item.url}>)" if item.url else f"`{item.name}`"
    size = f", {human_size(item.size)}" if item.size else ""
    return f"{name}{size}, {_checksum_line(item)}"


def _checksum_line(item: File) -> str:
    if item.sha256:
        return f"SHA-256 `{item.sha256}`"
    if item.md5:
        return f"MD5 `{item.md5}`"
    if item.local_sha256:
        return f"in a local data folder alone, SHA-256 `{item.local_sha256}`"
    return "no checksum known"
