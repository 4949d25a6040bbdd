"""The data cards keep their own rules."""

import re

import pytest

from data.core import cards
from tools.notebook.common import all_notebooks
from utils import data

ENTRIES = cards.entries()
NOTEBOOKS = {notebook.name: notebook for notebook in all_notebooks()}
STATUSES = ("download", "on request", "withdrawn")


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_entry(entry):
    left = [
        f"{path.name}, line {number}: {line.strip()}"
        for path in sorted([*entry.folder.glob("*.py"), entry.folder / cards.CARD])
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "TODO" in line
    ]
    assert not left, "\n".join([f"still to be filled in in {entry.folder}:", *left])
    assert entry.name == entry.folder.name
    assert all([entry.title, entry.task, entry.licence, entry.citation, entry.sample])
    assert entry.status in STATUSES
    addresses = [url for item in entry.files for url in item.urls]
    assert entry.status != "withdrawn" or not addresses
    addresses += [entry.homepage] if entry.homepage else []
    assert all(address.startswith("https://") for address in addresses)
    assert addresses or entry.shipped or entry.status == "on request"
    is_folder = entry.archives or not (entry.files or entry.shipped)
    assert not is_folder or entry.known_by != cards.Entry.known_by


def test_of_several_addresses_the_first_is_of_no_branch_that_moves():
    several = [item for entry in ENTRIES.values() for item in entry.files if len(item.urls) > 1]
    assert several
    assert not [item.name for item in several if re.search("/(main|master)/", item.urls[0])]


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES.values() if e.kind == "dataset"], ids=lambda entry: entry.name
)
def test_a_synthetic_sample_says_why_and_faces_say_what_people_agreed_to(entry):
    real = entry.shipped or entry.sample_shipped or entry.sample_from
    assert entry.items and bool(entry.synthetic_because) != bool(real)
    assert entry.sample_from is None or ENTRIES[entry.sample_from].shipped
    assert bool(entry.packed) == bool(entry.packed_checksum) == (entry.shipped == "this course")
    assert entry.consent or "face" not in entry.task


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_metadata_of_a_notebook_names_known_cards(notebook):
    meta = NOTEBOOKS[notebook].meta
    assert {ENTRIES[name].kind for name in meta["datasets"]} <= {"dataset"}
    assert {ENTRIES[name].kind for name in meta["networks"]} <= {"weights"}


def test_no_card_names_a_machine():
    paths = [*cards.FOLDER.rglob(cards.CARD), cards.FOLDER / "README.md"]
    assert len(paths) > len({entry.folder for entry in ENTRIES.values()})
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.:/])/(?:mnt|tmp|root|home|Users)\b|C:\\", text), path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('licence = "L"\n', "", r"\[thing\].*'licence'"),
        ('licence = "L"', 'licence = "L"\nlicense = "L"', r"\[thing\].*'license'"),
        ('name = "a.txt"', 'name = "a.txt"\nbytes = 3', r"\[thing\].*'bytes'"),
        ('name = "a.txt"\n', "", r"\[thing\].*'name'"),
        ('title = "T"', "title = ", "line 2"),
    ],
)
def test_a_broken_card_says_where(entry, old, new, message):
    path = entry('name = "a.txt"')
    assert cards.get("thing").file("a.txt").path == "a.txt"
    path.write_text(path.read_text().replace(old, new))
    cards.read_card.cache_clear()
    with pytest.raises(data.DataError, match=message) as caught:
        cards.get("thing")
    assert str(path) in str(caught.value)


def test_unknown_names_offer_close_or_all_known_ones():
    with pytest.raises(data.UnknownDataset) as caught:
        cards.get("Corra")
    message = str(caught.value)
    assert "'Corra'" in message and "cora" in message and "course.py data list" in message
    with pytest.raises(data.DataError, match=r"ind\.cora\.x"):
        ENTRIES["cora"].file("ind.cora.z")


def test_one_rule_says_how_to_come_by_the_real_files(entry):
    by_address = 'name = "a.txt"\nurls = ["https://127.0.0.1/a.txt"]'
    shipped = 'shipped = "{}"\n'
    said = {}
    for name, files, head in (
        ("known", [f'{by_address}\nchecksum = "sha256:0"'], ""),
        ("no checksum", [by_address], ""),
        ("nobody", ['name = "a.txt"'], ""),
        ("package", [], shipped.format("scikit-learn")),
        ("course", [], shipped.format("this course") + 'packed = "a"\npacked_checksum = "b"'),
    ):
        entry(*files, head=head)
        said[cards.get("thing").availability] = name
    assert list(said.values()) == ["known", "no checksum", "nobody", "package", "course"]
    assert set(said) == set(cards.AVAILABILITIES)
