"""Sums are computed once and remembered, and a changed file is seen all the same."""

import hashlib
import json
import os
import time

import pytest

from data.core import cards, fetch, stamps
from data.core.files import cache_dir
from tools.learn import data as catalogue
from utils import data


@pytest.fixture
def read(monkeypatch):
    """Return the list of the files whose bytes were read for a sum."""
    found = []
    digest = hashlib.file_digest

    def counted(stream, name):
        found.append(os.path.basename(stream.name))
        return digest(stream, name)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    return found


def changed_unseen(path):
    """Give a file other bytes, and its old size and time of change."""
    before = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # it is counted in steps
        time.sleep(0.01)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def forge(path, content):
    """Damage a file and write down that it was found to be right: what a decaying disk does."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(content)
    stamps.remember(path, digest, stamps.of(path))
    stamps.save()


def test_a_second_check_of_a_tree_reads_no_file(entry, mirror, read, new_process):
    entry()
    folder = mirror({f"{i}.txt": b"%d" % i for i in range(5)})
    files = fetch.Files(cards.get("thing"))
    assert files.folder() == folder and sorted(read) == [f"{i}.txt" for i in range(5)]
    for _ in range(2):  # by this process, and by another one
        read.clear()
        assert fetch.Files(cards.get("thing")).folder() == folder and read == []
        new_process()


def test_a_file_that_changed_behind_its_size_and_time_is_noticed(entry, mirror, new_process):
    entry()
    folder = mirror({"a.txt": b"ab"})
    fetch.Files(cards.get("thing")).folder()
    changed_unseen(folder / "a.txt")
    for _ in range(2):
        with pytest.raises(data.ChecksumError, match="a.txt"):
            fetch.fetch_tree("thing")
        new_process()


def test_verify_trusts_no_stamp_and_corrects_it(entry, mirror, new_process, capsys):
    entry()
    folder = mirror({"a.txt": b"right"})
    forge(folder / "a.txt", b"wrong")
    new_process()
    assert fetch.fetch_tree("thing").source == "mirror"  # the stamp says it was right
    assert catalogue.main(["verify", "thing"]) == 1
    assert capsys.readouterr().out.startswith("WRONG   thing: ")
    new_process()
    with pytest.raises(data.ChecksumError, match="a.txt"):
        fetch.fetch_tree("thing")


def test_a_cache_that_takes_no_files_costs_time_alone(
    entry, mirror, read, new_process, monkeypatch, tmp_path
):
    entry()
    folder = mirror({"a.txt": b"a"})
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    for _ in range(2):
        assert fetch.Files(cards.get("thing")).folder() == folder
        new_process()
    assert read == ["a.txt", "a.txt"]


@pytest.mark.parametrize("content", ["", "[1]", '{"a": 1}', "\0"])
def test_foreign_stamps_are_no_stamps(entry, mirror, read, content):
    entry()
    mirror({"a.txt": b"a"})
    path = cache_dir() / "stamps.json"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    fetch.Files(cards.get("thing")).folder()
    assert read == ["a.txt"] and len(json.loads(path.read_text(encoding="utf-8"))) == 1


def test_what_another_process_wrote_meanwhile_is_kept(entry, mirror, new_process, read):
    entry()
    folder = mirror({"a.txt": b"a", "b.txt": b"b"})
    fetch.Files(cards.get("thing")).folder()
    path = cache_dir() / "stamps.json"
    others = {"sum /elsewhere": [1, 2, 3]}
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | others))
    mirror({"a.txt": b"a", "b.txt": b"changed"})
    fetch.Files(cards.get("thing")).folder()
    assert json.loads(path.read_text(encoding="utf-8")).items() >= others.items()
    assert (folder / "b.txt").read_bytes() == b"changed" and read.count("b.txt") == 2
