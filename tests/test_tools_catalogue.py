"""`python course.py data`: one clear message, and the right exit code."""

import hashlib
import json

import pytest

from data.core import cards, fetch
from tools.learn import data as catalogue
from tools.notebook import common

BODY = b"content"
CARD = """\
[{name}]
title = "A set"
task = "t"
licence = "L"
citation = "C"
homepage = "https://example.org"
status = "{status}"
sample = "s"
"""
FILE = f"""\
[[one.files]]
name = "a.txt"
url = "https://127.0.0.1:1/a.txt"
size = {len(BODY)}
sha256 = "{hashlib.sha256(BODY).hexdigest()}"
"""
CARDS = {
    "one": CARD.format(name="one", status="download") + FILE,
    "weights/two": CARD.format(name="two", status="on request"),
    "three": CARD.format(name="three", status="download") + 'shipped = "a package"\n',
}


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    """A tree with three cards, a notebook that names two, no local folder, an empty cache."""
    for folder, text in CARDS.items():
        path = tmp_path / "data" / folder / cards.CARD
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    course = {"datasets": ["one"], "networks": ["two"]}
    path = tmp_path / "notebooks" / "06_graph_networks" / "01_gat_cora.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"metadata": {"course": course}}), encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", tmp_path / "data")
    monkeypatch.setattr(common, "ROOT", tmp_path)
    monkeypatch.setattr(common, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(fetch, "RETRIES", 0)
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))


def sources(capsys):
    capsys.readouterr()
    assert catalogue.main(["list", "--json"]) == 0
    return {row["name"]: row["from"] for row in json.loads(capsys.readouterr().out)}


def test_list_tells_where_from(tmp_path, capsys):
    shipped = "shipped with a package"
    assert sources(capsys) == {"one": "download", "two": "not available", "three": shipped}
    (tmp_path / "cache" / "one").mkdir(parents=True)
    (tmp_path / "cache" / "one" / "a.txt").write_bytes(BODY)
    assert sources(capsys)["one"] == "cache"


def test_fetch_from_the_local_folder(monkeypatch, tmp_path, capsys):
    (tmp_path / "local" / "one").mkdir(parents=True)
    (tmp_path / "local" / "one" / "a.txt").write_bytes(BODY)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "local"))
    assert catalogue.main(["fetch", "one"]) == 0
    assert capsys.readouterr().out == "nothing to download\none: 1 file (local)\n"


def test_fetch_a_unit_says_the_size_first_and_goes_on(capsys):
    assert catalogue.main(["fetch", "06_graph_networks"]) == 1  # nobody listens on that port
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "to download: 1 file, 7 B",
        "two: nothing to fetch (on request, no address known, see https://example.org)",
    ]
    assert "one: NOT fetched" in told.err and "COURSE_DATA_DIR/one/a.txt" in told.err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("oen", "'oen' is not in the catalogue. Did you mean one?"),
        ("two", "its owners give it on request only"),
    ],
)
def test_bad_input_is_one_message(name, told, capsys):
    assert catalogue.main(["fetch", name]) == 1
    error = capsys.readouterr().err
    assert told in error and "Traceback" not in error
