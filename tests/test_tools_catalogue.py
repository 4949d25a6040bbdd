"""`python course.py data`: one clear message, and the right exit code."""

import hashlib
import json
import re

import pytest

from data.core import cards, fetch
from tools.learn import data as catalogue
from tools.notebook import common

BODY = b"content"
SUM = hashlib.sha256(BODY).hexdigest()
COMMON = 'title = "T"\ntask = "t"\nlicence = "L"\ncitation = "C"\nsample = "s"\n'
ONE = f"""\
[one]
{COMMON}status = "download"
[[one.files]]
name = "a.txt"
url = "https://127.0.0.1:1/a.txt"
size = {len(BODY)}
sha256 = "{SUM}"
"""
CARDS = {
    "one": ONE,
    "weights/two": f'[two]\n{COMMON}status = "on request"\n',
    "three": f'[three]\n{COMMON}status = "download"\nshipped = "a package"\n',
}
NEEDS = {  # what the metadata of two notebooks name
    "06_graph_networks/01_gat_cora": {"datasets": ["one"], "networks": ["two"]},
    "06_graph_networks/04_graphsage_link_prediction": {"datasets": ["one"], "networks": []},
}


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    """A tree with three cards, two notebooks that name them, no local folder, an empty cache."""
    for folder, text in CARDS.items():
        path = tmp_path / "data" / folder / cards.CARD
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", tmp_path / "data")
    for name, needs in NEEDS.items():
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"metadata": {"course": needs}}), encoding="utf-8")
    monkeypatch.setattr(common, "ROOT", tmp_path)
    monkeypatch.setattr(common, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(fetch, "RETRIES", 0)
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))


def put(folder):
    """Put the file of the first card into a folder."""
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "a.txt").write_bytes(BODY)


def sources(capsys):
    capsys.readouterr()
    assert catalogue.main(["list"]) == 0
    rows = [re.split(r" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    return {row[0]: row[-1] for row in rows if row[0] in ("one", "two", "three")}


def test_list_tells_where_from(tmp_path, capsys):
    assert sources(capsys) == {"one": "download", "two": "not available", "three": "shipped"}
    put(tmp_path / "cache")
    assert sources(capsys)["one"] == "cache"


def test_fetch_from_the_local_folder(tmp_path, monkeypatch, capsys):
    put(tmp_path / "local")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "local"))
    assert catalogue.main(["fetch", "one"]) == 0
    assert capsys.readouterr().out == "to download: 0 bytes\none: local\n"


def test_fetch_a_unit_says_the_size_first_and_goes_on(capsys):
    assert catalogue.main(["fetch", "06_graph_networks"]) == 1  # nobody listens on that port
    told = capsys.readouterr()
    assert told.out == "to download: 7 bytes\n"
    assert "one: NOT fetched" in told.err and "COURSE_DATA_DIR/one/a.txt" in told.err
    assert "two: NOT fetched" in told.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fetch", "oen"], "'oen' is not in the catalogue. Did you mean one?"),
        (
            ["fetch", "two"],
            "two cannot be had: its owners give it on request only",
        ),
    ],
)
def test_bad_input_is_one_message(arguments, told, capsys):
    assert catalogue.main(arguments) == 1
    error = capsys.readouterr().err
    assert told in error and "Traceback" not in error
