"""`python course.py data`: one clear message, and the right exit code."""

import hashlib
import json

import pytest

from data.core import cards as catalogue
from data.core import fetch
from tools import data as cli

BODY = b"content"
SUM = hashlib.sha256(BODY).hexdigest()
TEXT = f"""\
[one]
kind = "dataset"
title = "One"
task = "t"
notebooks = ["06/01", "06/04"]
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

[two]
kind = "weights"
title = "Two"
task = "t"
notebooks = ["06/01"]
licence = "L"
citation = "C"
status = "on request"
sample = "s"

[three]
kind = "dataset"
title = "Three"
task = "t"
notebooks = ["07/01"]
licence = "L"
citation = "C"
status = "download"
sample = "s"
shipped = "a package"
"""


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    path = tmp_path / "data" / "catalogue.toml"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(catalogue, "CATALOGUE", path)
    monkeypatch.setattr(fetch, "RETRY_WAITS", ())
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def mirror(monkeypatch, tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / "mirror" / name
        folder.mkdir(parents=True)
        (folder / "a.txt").write_bytes(BODY)
        (folder / "MANIFEST.sha256").write_text(f"{SUM}  ./a.txt\n", encoding="utf-8")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "mirror"))
    return tmp_path / "mirror"


def put_into_cache(tmp_path, content):
    (tmp_path / "cache" / "one").mkdir(parents=True)
    (tmp_path / "cache" / "one" / "a.txt").write_bytes(content)


def sources(capsys):
    capsys.readouterr()
    assert cli.main(["list", "--json"]) == 0
    return {row["name"]: row["from"] for row in json.loads(capsys.readouterr().out)}


def test_list_tells_where_from(tmp_path, capsys):
    shipped = "shipped with a package"
    assert sources(capsys) == {"one": "download", "two": "not available", "three": shipped}
    put_into_cache(tmp_path, BODY)
    assert sources(capsys)["one"] == "cache"


def test_list_sees_the_mirror(mirror, capsys):
    assert sources(capsys) == {"one": "mirror", "two": "mirror", "three": "shipped with a package"}


def test_list_is_a_table(capsys):
    assert cli.main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:5] == ["name", "kind", "status", "size", "pinned"]
    assert lines[1].split() == ["one", "dataset", "download", "7", "B", "yes", "download"]
    assert len(lines) == 4


def test_fetch_from_the_mirror(mirror, capsys):
    assert cli.main(["fetch", "one"]) == 0
    assert capsys.readouterr().out == "nothing to download\none: 1 file, checked (mirror)\n"


def test_fetch_a_unit_says_the_size_first_and_goes_on(capsys):
    assert cli.main(["fetch", "06_graph_networks"]) == 1  # nobody listens on that port
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "to download: 1 file, 7 B",
        "two: nothing to fetch (on request, no address known)",
    ]
    assert "one: NOT fetched" in told.err and "COURSE_DATA_DIR/one/a.txt" in told.err


@pytest.mark.parametrize(
    ("asked", "found"),
    [("06", "one two"), ("06/04", "one"), ("06_graph_networks/01_gat_cora", "one two")],
)
def test_units_and_notebooks(asked, found):
    assert [entry.name for entry in cli.resolve(asked)] == found.split()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fetch", "oen"], "'oen' is not in the catalogue. Did you mean one?"),
        (["fetch", "09"], "no data set names '09'"),
        (["verify", "fourr"], "'fourr' is not in the catalogue."),
        (["fetch", "two"], "its owners give it on request only"),
    ],
)
def test_bad_input_is_one_message(arguments, told, capsys):
    assert cli.main(arguments) == 1
    error = capsys.readouterr().err
    assert told in error and "Traceback" not in error


@pytest.mark.parametrize("arguments", [[], ["lsit"], ["fetch"], ["list", "--jsn"]])
def test_bad_arguments(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: python course.py data" in capsys.readouterr().err


def test_a_mirror_that_is_not_there(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "nowhere"))
    for command in (["list"], ["fetch", "one"], ["fetch", "06"]):
        assert cli.main(command) == 1
        assert "nowhere, which is not a folder" in capsys.readouterr().err
    assert cli.main(["verify"]) == 1


def test_verify(mirror, tmp_path, capsys):
    put_into_cache(tmp_path, BODY)
    assert cli.main(["verify"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "ok      one: mirror 1 file, cache 1 file",
        "ok      two: mirror 1 file",
        "ok      three: shipped with a package",
    ]
    (mirror / "two" / "a.txt").write_bytes(b"changed")
    assert cli.main(["verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and lines[1].startswith("WRONG   two: ") and SUM in lines[1]


def test_verify_sees_a_damaged_cache(tmp_path, capsys):
    assert cli.main(["verify", "one"]) == 0
    assert capsys.readouterr().out == "absent  one\n"
    put_into_cache(tmp_path, b"other")
    assert cli.main(["verify", "one"]) == 1
    assert capsys.readouterr().out.startswith("WRONG   one: ")


def test_cards(capsys):
    assert cli.main(["cards", "--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert cli.main(["cards"]) == 0 == cli.main(["cards", "--check"])
    text = cli.cards_path().read_text(encoding="utf-8")
    assert f"[a.txt](<https://127.0.0.1:1/a.txt>), 7 B, SHA-256 `{SUM}`" in text
    assert text.index("## Data sets") < text.index("### one") < text.index("### two")


def test_ctrl_c(monkeypatch, capsys):
    def interrupted(entry, pin):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_fetch_one", interrupted)
    assert cli.main(["fetch", "one"]) == 130
    assert "stopped" in capsys.readouterr().err
