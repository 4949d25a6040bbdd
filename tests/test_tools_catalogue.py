"""`python course.py data`: one clear message, and the right exit code."""

import hashlib
import json
import re

import pytest

from data.core import cards
from tools import __main__ as entries
from tools.learn import data as catalogue
from tools.notebook import common

BODY = b"content"
COMMON = 'title = "T"\ntask = "t"\nlicence = "L"\ncitation = "C"\nsample = "s"\n'
ONE = f"""\
[one]
{COMMON}status = "download"
[[one.files]]
name = "a.txt"
urls = ["https://127.0.0.1:1/a.txt"]
size = {len(BODY)}
checksum = "sha256:{hashlib.sha256(BODY).hexdigest()}"
"""
PACKED = 'shipped = "this course"\npacked = "four.csv"\npacked_checksum = "sha256:0"'
CARDS = {
    "one": ONE,
    "weights/two": f'[two]\n{COMMON}status = "on request"\n',
    "three": f'[three]\n{COMMON}status = "download"\nshipped = "a package"\n',
    "four": ONE.replace("one", "four").replace("[[", f"{PACKED}\n[["),
}


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    """A tree with four cards, a notebook that names two, no local folder, an empty cache."""
    needs = {"cells": [], "metadata": {"course": {"datasets": ["one"], "networks": ["two"]}}}
    files = {f"data/{folder}/{cards.CARD}": text for folder, text in CARDS.items()}
    files["notebooks/06_graph_networks/01_gat_cora.ipynb"] = json.dumps(needs)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", tmp_path / "data")
    monkeypatch.setattr(common, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))


def test_list_and_fetch_show_where_an_entry_comes_from(tmp_path, capsys):
    (tmp_path / "cache" / "one").mkdir(parents=True)
    (tmp_path / "cache" / "one" / "a.txt").write_bytes(BODY)
    assert catalogue.main(["list"]) == 0
    rows = [re.split(r" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    sources = {row[0]: row[-1] for row in rows if row[0] in ("one", "two", "three", "four")}
    assert sources == {
        **{"one": "cache", "two": "not to be had"},
        **{"three": "in a package", "four": "in the course"},
    }
    assert catalogue.main(["fetch", "one"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert "0 bytes" in first and last == "one: cache"
    assert catalogue.main(["fetch", "four"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert "0 bytes" in first and last.startswith("four: in the course")


def test_fetch_of_a_unit_prints_the_size_first_and_goes_on_after_a_failure(capsys):
    assert catalogue.main(["fetch", "06_graph_networks"]) == 1  # nobody listens on that port
    printed = capsys.readouterr()
    assert "7 bytes" in printed.out and len(printed.out.splitlines()) == 1
    assert "one: " in printed.err and "COURSE_DATA_DIR/one/a.txt" in printed.err
    assert "two " in printed.err and "on request" in printed.err


def test_an_unknown_name_is_one_message(capsys):
    assert entries.main(["data", "fetch", "oen"]) == 2
    error = capsys.readouterr().err
    assert re.match("course.py data: 'oen' .* one[?]", error)


def test_a_large_network_is_fetched_by_its_own_name_alone(monkeypatch, tmp_path, capsys):
    card = ONE.replace("one", "two").replace(f"size = {len(BODY)}", "size = 60000000")
    (tmp_path / "data" / "weights" / "two" / cards.CARD).write_text(card)
    cards.read_card.cache_clear()
    fetched = []
    monkeypatch.setattr(catalogue, "fetch_one", lambda entry: fetched.append(entry.name))
    assert catalogue.main(["fetch", "06_graph_networks"]) == 0
    assert "left out: two, 60.0 MB" in capsys.readouterr().out and fetched == ["one"]
    assert catalogue.main(["fetch", "two"]) == 0 and fetched == ["one", "two"]
