"""``course.py data``: list data sets and networks, and fetch them."""

import sys

from rich.filesize import decimal

from data.core import cards, fetch
from data.core.cards import DataError, Entry, File
from tools.notebook.common import Parser, select

LARGE = 50_000_000  # bytes of a network that is fetched by its own name alone
LEGEND = """
by default: what notebooks load without --data real. "real": the real set, which the course or an
    installed package brings; "real, a part": a part of it; "real, others": another real set in its
    place; "synthetic": data that the course makes; "none": nothing.
with --data real: where the files come from. "in the course", "in a package": nothing to fetch;
    "downloaded": `data fetch` gets it from the site of its owners; "by hand": its owners offer it,
    so put it into your local data folder; "not to be had": nobody offers it any more. Files that
    are on this computer are said to be "local", in your local data folder, or in the "cache"."""


def main(argv: list[str]) -> int:
    """Run list or fetch; return the exit code."""
    p = Parser(
        prog="python course.py data",
        description="List the data sets and pretrained networks of the course, or download them.",
        epilog="The variable COURSE_DATA_DIR names your local data folder, which already has files "
        "of data sets. COURSE_CACHE_DIR names another folder for downloads.",
    )
    commands = p.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="list all data sets and networks, and where they come from")
    subcommand = commands.add_parser(
        "fetch", help="download the files of a data set, a network or a unit"
    )
    subcommand.add_argument(
        "names", nargs="+", metavar="NAME|UNIT", help="such as ppi, 06_graph_networks or 06/02"
    )
    options = p.parse_args(argv)
    if options.command == "fetch":
        return fetch_all(options.names)
    print_list()
    return 0


def print_list() -> None:
    """Print every entry: its size, its sample and its source now."""
    fetch.data_folder()  # a wrong COURSE_DATA_DIR is said once, not for each entry
    row = "{:<22} {:<8} {:>8}  {:<13} {}".format
    print(row("name", "kind", "size", "by default", "with --data real"))
    for entry in cards.entries().values():
        size = decimal(entry.size) if entry.size else "-"
        print(row(entry.name, entry.kind, size, by_default(entry), where(entry)))
    print(LEGEND)


def by_default(entry: Entry) -> str:
    """Return what the sample of an entry is, in a word or two."""
    if entry.shipped:
        return "real"
    if entry.sample_shipped:
        return "real, a part"
    if entry.sample_from:
        return "real, others"
    return "synthetic" if entry.kind == "dataset" else "none"


def where(entry: Entry) -> str:
    """Return where ``--data real`` takes an entry from; no checksum is computed."""
    if entry.shipped:
        return entry.availability
    try:
        if is_tree(entry) and fetch.local_tree(entry) is not None:
            return "local"
        places = {source(entry, item) for item in entry.files} or {entry.availability}
    except PermissionError:
        return "local folder, which may not be read"
    order = ("local", "cache", "downloaded", "by hand", "not to be had")
    return " + ".join(place for place in order if place in places)


def source(entry: Entry, item: File) -> str:
    """Return where ``--data real`` takes one file of an entry from."""
    if place := fetch.at_hand(entry, item):
        return place
    return "downloaded" if item.can_be_downloaded else entry.availability


def is_tree(entry: Entry) -> bool:
    """Whether a local data folder serves the entry as a folder rather than file by file."""
    return not entry.files or bool(entry.archives)


def fetch_all(names: list[str]) -> int:
    """Fetch entries one after the other; one that cannot be had does not stop the others."""
    entries = list({entry.name: entry for name in names for entry in resolve(name)}.values())
    left_out = [entry for entry in entries if large(entry) and entry.name not in names]
    entries = [entry for entry in entries if entry not in left_out]
    for entry in left_out:
        print(
            f"left out: {entry.name}, {decimal(entry.size or 0)}. Notebooks run without it; to "
            f"have it: python course.py data fetch {entry.name}"
        )
    sizes = [i.size for e in entries for i in e.downloads if source(e, i) == "downloaded"]
    unknown = f", and files of unknown size: {sizes.count(None)}" if None in sizes else ""
    print(f"to download: {decimal(sum(size or 0 for size in sizes))}{unknown}")
    failed = 0
    for entry in entries:
        try:
            print(f"{entry.name}: {fetch_one(entry)}", flush=True)
        except DataError as error:
            failed = 1
            print(f"{entry.name}: NOT fetched\n{error}", file=sys.stderr)
    return failed


def large(entry: Entry) -> bool:
    """Whether an entry is a network so large that only who names it gets it."""
    missing = any(source(entry, item) == "downloaded" for item in entry.downloads)
    return entry.kind == "weights" and missing and (entry.size or 0) > LARGE


def fetch_one(entry: Entry) -> str:
    """Fetch the files of an entry; return where they come from."""
    if entry.shipped:
        return f"{entry.availability} ({entry.shipped}), nothing to fetch"
    files = fetch.Files(entry)
    if is_tree(entry):
        files.folder()
    else:
        for item in entry.files:
            files.path(item.name)
    return files.source


def resolve(name: str) -> list[Entry]:
    """Return the entry of a name, or those that a unit's or a notebook's metadata name."""
    if not name[:1].isdigit():
        return [cards.get(name)]
    return [cards.get(needed) for notebook in select([name]) for needed in notebook.needs]
