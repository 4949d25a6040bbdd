"""The catalogue keeps its own rules, and its cards are what it says."""

import re
from pathlib import Path

import pytest

from data.core import cards as catalogue
from tools import data as cli
from utils import data

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = catalogue.entries()

# What the course is verified with: a folder of a mirror each.
MIRRORED = """
    olivetti lfw lfw_100 signs mnist oxford_pets pennfudan lung_cxr yolo_cars alpaca
    stanford_cars20 colorization facial_keypoints landmark_samples real_vs_fake_faces
    dominant_speaker talking_faces multiface pose_samples ochuman_pose coco_subset style_transfer
    planetoid cora_linqs esol har trec mutag networks weights
""".split()
# What the reports name beside it.
NAMED = """
    casia_webface vggface2 celeba crowdpose oxford_pets ppi pubmed upv_cars20 forged_faces hrnet
    vgg16 resnet50 inception_v3 inception_resnet_v2 xception facenet mask_rcnn
""".split()

GOOD = """\
# before
[one]
kind = "dataset"
title = "T"
task = "t"
notebooks = []
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
    assert catalogue.problems_of(entry) == []
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
    "entry",
    [e for e in ENTRIES.values() if "face" in e.task and e.kind == "dataset"],
    ids=lambda entry: entry.name,
)
def test_faces_say_what_the_people_agreed_to(entry):
    assert entry.consent


def test_notebooks_are_numbers_of_the_plan():
    for entry in ENTRIES.values():
        for number in entry.notebooks:
            assert cli.UNIT.fullmatch(number) and "01/01" <= number <= "10/03"


def test_named_samples_exist():
    for entry in ENTRIES.values():
        if entry.sample.startswith("utils."):
            module = entry.sample.split(":")[0].replace(".", "/")
            assert (ROOT / f"{module}.py").is_file(), f"{entry.name}: {module}"


def test_every_loader_has_an_entry():
    loaded = {entry.loaded_as or entry.name for entry in ENTRIES.values()}
    assert loaded >= set(data.names())


def test_cards_are_current():
    assert cli.cards_are_current(), "data/README.md is stale: python course.py data cards"


def test_no_card_names_a_machine():
    for name in ("catalogue.toml", "README.md"):
        text = (ROOT / "data" / name).read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.:/])/(?:mnt|tmp|root|home|Users)\b|C:\\", text)


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('licence = "L"\n', "", "lacks licence"),
        ('licence = "L"', 'licence = "L"\nlicense = "L"', "does not know license"),
        ('"download"', '"free"', "status 'free'"),
        ('"dataset"', '"data"', "kind 'data'"),
        ("size = 3", "bytes = 3", "does not know bytes"),
        ("size = 3", 'sha256 = "ABC"', "64 hexadecimal"),
        ("size = 3", f'sha256_uncompressed = "{"0" * 64}"', "for .gz files"),
        ("'b.txt'", "'a.txt'", "a.txt stands twice"),
        ("'b.txt'", "'../b.txt'", "leaves the entry's folder"),
        ("size = 3", 'inside = ["c.zip"]', "no archive 'c.zip'"),
        ("size = 3", "size = ", "not valid TOML"),
    ],
)
def test_a_broken_catalogue_says_where(old, new, told):
    assert catalogue.parse(GOOD)
    with pytest.raises(data.CatalogueError, match=told):
        catalogue.parse(GOOD.replace(old, new))


def test_an_unreadable_catalogue(monkeypatch, tmp_path):
    monkeypatch.setattr(catalogue, "CATALOGUE", tmp_path / "none.toml")
    with pytest.raises(data.CatalogueError, match="none.toml cannot be read"):
        catalogue.get("one")


def test_unknown_name_offers_close_ones():
    with pytest.raises(data.UnknownDataset) as caught:
        catalogue.get("Citeser")
    assert isinstance(caught.value, KeyError)
    told = str(caught.value)
    assert told.startswith("'Citeser' is not in") and "citeseer" in told and "data list" in told


def test_unknown_file_lists_the_known_ones():
    with pytest.raises(data.DataError, match="ind.cora.x"):
        ENTRIES["cora"].file("ind.cora.z")


# ------------------------------------------------------------------ a sum written into it


@pytest.fixture
def small(monkeypatch, tmp_path):
    path = tmp_path / "catalogue.toml"
    path.write_text(GOOD.rstrip("\n"), encoding="utf-8")  # the last line is not ended
    monkeypatch.setattr(catalogue, "CATALOGUE", path)
    return path


def test_pins_are_inserted_where_they_belong(small):
    one, two = "1" * 64, "2" * 64
    catalogue.write_pin("one", "a.txt", one, 5)
    catalogue.write_pin("one", "b.txt", two, 3)
    expected = GOOD.replace(
        'url = "https://example.org/a.txt"\n',
        f'url = "https://example.org/a.txt"\nsize = 5\nsha256 = "{one}"\n',
    ).replace("size = 3\n", f'size = 3\nsha256 = "{two}"\n')
    assert small.read_text(encoding="utf-8") == expected
    assert [item.sha256 for item in catalogue.get("one").files] == [one, two]


def test_a_pin_that_cannot_be_placed_changes_nothing(small):
    before = small.read_bytes()
    with pytest.raises(data.CatalogueError, match="no file 'c.txt'"):
        catalogue.write_pin("one", "c.txt", "1" * 64, 5)
    with pytest.raises(data.CatalogueError, match="64 hexadecimal"):
        catalogue.write_pin("one", "a.txt", "no sum", 5)
    assert small.read_bytes() == before
    assert list(small.parent.iterdir()) == [small]
