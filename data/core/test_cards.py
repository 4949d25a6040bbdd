"""The cards keep their own rules, and data/README.md is what they say."""

import re

import pytest

from data.core import cards
from tools.learn import data as catalogue
from tools.notebook.common import all_notebooks
from utils import data

ENTRIES = cards.entries()
NOTEBOOKS = {notebook.name: notebook for notebook in all_notebooks()}

# What the course is verified with: a folder of a mirror each.
MIRRORED = """
    olivetti lfw lfw_100 signs mnist oxford_pets pennfudan lung_cxr yolo_cars stanford_cars20
    colorization facial_keypoints real_vs_fake_faces dominant_speaker talking_faces multiface
    pose_samples coco_subset planetoid cora_linqs esol har trec mutag weights
""".split()
# What the reports name beside it.
NAMED = """
    crowdpose oxford_pets ppi pubmed forged_faces hrnet vgg16 resnet50 inception_v3
    inception_resnet_v2 xception facenet
""".split()

GOOD = """\
# before
[one]
title = "T"
task = "t"
licence = "L"
citation = "C"
status = "download"
sample = "s"
[[one.files]]
name = "a.txt"  # the first
url = "https://example.org/a.txt"

# about the second
[[one.files]]
name = 'b.txt'
url = "https://example.org/b.txt"
size = 3
"""


def test_every_folder_and_every_named_set_is_listed():
    assert {entry.mirror for entry in ENTRIES.values()} >= set(MIRRORED)
    assert set(ENTRIES) >= set(NAMED)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_entry(entry):
    assert cards.problems_of(entry) == []
    left = [
        f"{path.name}, line {number}: {line.strip()}"
        for path in sorted([*entry.folder.glob("*.py"), entry.folder / cards.CARD])
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "TODO" in line
    ]
    assert not left, "\n".join([f"still to be filled in in {entry.folder}:", *left])
    assert all([entry.title, entry.task, entry.licence, entry.citation, entry.sample])
    addresses = [url for item in entry.files for url in item.urls]
    addresses += [entry.homepage] if entry.homepage else []
    assert all(address.startswith("https://") for address in addresses)
    assert addresses or entry.shipped or entry.status == "on request"
    for item in entry.files:  # an address without a sum, or a sum without an address: both known
        assert item.urls or item.inside or item.pinned or item.mirror_sha256
        assert item.size is None or item.size > 0
    assert (entry.status != "withdrawn") or not any(item.urls for item in entry.files)


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES.values() if e.kind == "dataset"], ids=lambda entry: entry.name
)
def test_a_drawn_sample_says_why_it_is_not_real(entry):
    real = entry.shipped or entry.sample_shipped or entry.sample_from
    assert bool(entry.drawn_because) != bool(real)
    assert entry.sample_from is None or ENTRIES[entry.sample_from].shipped


@pytest.mark.parametrize(
    "entry",
    [e for e in ENTRIES.values() if "face" in e.task and e.kind == "dataset"],
    ids=lambda entry: entry.name,
)
def test_faces_say_what_the_people_agreed_to(entry):
    assert entry.consent


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_metadata_of_a_notebook_names_known_cards(notebook):
    meta = NOTEBOOKS[notebook].meta
    assert {ENTRIES[name].kind for name in meta["datasets"]} <= {"dataset"}
    assert {ENTRIES[name].kind for name in meta["networks"]} <= {"weights"}


def test_every_reader_has_a_card_that_says_what_its_sample_is():
    packages = {path.parent for path in cards.FOLDER.glob("*/__init__.py")}
    read = [entry for entry in ENTRIES.values() if entry.folder in packages]
    shared = {cards.FOLDER / name for name in ("core", "kit", cards.WEIGHTS)}
    assert {entry.folder for entry in read} == packages - shared
    assert not [one.name for one in read if one.sample.startswith(("planned", "none"))]


def test_data_readme_is_current():
    assert catalogue.cards_are_current(), "data/README.md is stale: python course.py data cards"


def test_no_card_names_a_machine():
    paths = [*cards.FOLDER.rglob(cards.CARD), catalogue.cards_path()]
    assert len(paths) > len({entry.folder for entry in ENTRIES.values()})
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.:/])/(?:mnt|tmp|root|home|Users)\b|C:\\", text), path


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Put the folder `one` with its card in the place of the course's data sets."""
    path = tmp_path / "data" / "one" / cards.CARD
    path.parent.mkdir(parents=True)
    path.write_text(GOOD.rstrip("\n"), encoding="utf-8")  # the last line is not ended
    monkeypatch.setattr(cards, "FOLDER", tmp_path / "data")
    return path


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('licence = "L"\n', "", "lacks licence"),
        ('licence = "L"', 'licence = "L"\nlicense = "L"', "does not know license"),
        ('"download"', '"free"', "status 'free'"),
        ('task = "t"', 'task = "t"\nkind = "dataset"', "does not know kind"),
        ("[one]", "stray = 1\n[one]", "'stray' stands outside a table"),
        ("size = 3", "bytes = 3", "does not know bytes"),
        ("size = 3", 'sha256 = "ABC"', "64 hexadecimal"),
        ("size = 3", f'sha256_uncompressed = "{"0" * 64}"', "for .gz files"),
        ("'b.txt'", "'a.txt'", "a.txt stands twice"),
        ("'b.txt'", "'../b.txt'", "leaves the entry's folder"),
        ("size = 3", 'inside = ["c.zip"]', "no archive 'c.zip'"),
        ("size = 3", "size = ", "not valid TOML"),
    ],
)
def test_a_broken_card_says_where(small, old, new, told):
    assert cards.parse(GOOD, small)
    with pytest.raises(data.CardError, match=told) as caught:
        cards.parse(GOOD.replace(old, new), small)
    assert str(small) in str(caught.value)


@pytest.mark.parametrize("spoil", ["binary", "folder"])
def test_an_unreadable_card(small, spoil):
    small.unlink()
    small.write_bytes(b"\xff\xfe") if spoil == "binary" else small.mkdir()
    with pytest.raises(data.CardError, match="one.card.toml cannot be read"):
        cards.get("one")


def test_a_name_with_two_cards_names_both_folders(small):
    copy = small.parent.parent / "two" / cards.CARD
    copy.parent.mkdir()
    copy.write_text(GOOD, encoding="utf-8")
    with pytest.raises(data.CardError, match=r"two.card.toml: \[one\] has a card in .*one already"):
        cards.get("one")


def test_the_folder_says_what_kind_an_entry_is(small):
    folder = small.parents[1] / cards.WEIGHTS / "net"
    folder.mkdir(parents=True)
    text = GOOD.replace("[one]", "[net]").replace("one.files", "net.files")
    (folder / cards.CARD).write_text(text, encoding="utf-8")
    kinds = {name: (entry.kind, entry.folder) for name, entry in cards.entries().items()}
    assert kinds == {"one": ("dataset", small.parent), "net": ("weights", folder)}


def test_unknown_name_offers_close_ones():
    with pytest.raises(data.UnknownDataset) as caught:
        cards.get("Citeser")
    assert isinstance(caught.value, KeyError)
    told = str(caught.value)
    assert told.startswith("'Citeser' is not in") and "citeseer" in told and "data list" in told


def test_unknown_file_lists_the_known_ones():
    with pytest.raises(data.DataError, match="ind.cora.x"):
        ENTRIES["cora"].file("ind.cora.z")


# ------------------------------------------------------------------ a sum written into it


def test_pins_are_inserted_where_they_belong(small):
    one, two = "1" * 64, "2" * 64
    cards.write_pin("one", "a.txt", one, 5)
    cards.write_pin("one", "b.txt", two, 3)
    expected = GOOD.replace(
        'url = "https://example.org/a.txt"\n',
        f'url = "https://example.org/a.txt"\nsize = 5\nsha256 = "{one}"\n',
    ).replace("size = 3\n", f'size = 3\nsha256 = "{two}"\n')
    assert small.read_text(encoding="utf-8") == expected
    assert [item.sha256 for item in cards.get("one").files] == [one, two]


def test_a_pin_that_cannot_be_placed_changes_nothing(small):
    before = small.read_bytes()
    with pytest.raises(data.CardError, match="no file 'c.txt'"):
        cards.write_pin("one", "c.txt", "1" * 64, 5)
    with pytest.raises(data.CardError, match="64 hexadecimal"):
        cards.write_pin("one", "a.txt", "no sum", 5)
    assert small.read_bytes() == before
    assert list(small.parent.iterdir()) == [small]
