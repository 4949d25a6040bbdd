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
ONE = f"""\
[one]
title = "One"
task = "t"
licence = "L"
citation = "C"
homepage = "https://example.org"
status = "download"
sample = "s"
[[one.files]]
name = "a.txt"
url = "https://127.0.0.1:1/a.txt"
size = {len(BODY)}
sha256 = "{SUM}"
"""
TWO = """\
[two]
title = "Two"
task = "t"
licence = "L"
citation = "C"
status = "on request"
sample = "s"
"""
THREE = """\
[three]
title = "Three"
task = "t"
licence = "L"
citation = "C"
status = "download"
sample = "s"
shipped = "a package"
"""
CARDS = {"one": ONE, "weights/two": TWO, "three": THREE}
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


@pytest.fixture
def local(monkeypatch, tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / "local" / name
        folder.mkdir(parents=True)
        (folder / "a.txt").write_bytes(BODY)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "local"))
    return tmp_path / "local"


def put_into_cache(tmp_path, content):
    (tmp_path / "cache" / "one").mkdir(parents=True)
    (tmp_path / "cache" / "one" / "a.txt").write_bytes(content)


def sources(capsys):
    capsys.readouterr()
    assert catalogue.main(["list"]) == 0
    rows = [re.split(r" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    return {row[0]: row[-1] for row in rows if row[0] in ("one", "two", "three")}


def test_list_tells_where_from(tmp_path, capsys):
    assert sources(capsys) == {"one": "download", "two": "not available", "three": "shipped"}
    put_into_cache(tmp_path, BODY)
    assert sources(capsys)["one"] == "cache"


def test_fetch_from_the_local_folder(local, capsys):
    assert catalogue.main(["fetch", "one"]) == 0
    assert capsys.readouterr().out == "to download: 0 B\none: local\n"


def test_fetch_a_unit_says_the_size_first_and_goes_on(capsys):
    assert catalogue.main(["fetch", "06_graph_networks"]) == 1  # nobody listens on that port
    told = capsys.readouterr()
    assert told.out == "to download: 7 B\n"
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
