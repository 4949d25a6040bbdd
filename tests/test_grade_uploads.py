"""Files of folders and zips: nothing is unpacked, no link is followed, no bomb goes off."""

import io
import json
import os
import stat
import struct
import sys
import tracemalloc
import zipfile

import pytest
from grade_course import zipped

from tools.notebook import handed_in
from tools.notebook.common import Problem
from tools.teach.grade import uploads
from tools.teach.grade.submission import Refused

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
NAME = "06_graphs/01_gat.ipynb"


def write(path, content=b"{}"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read(path):
    """Return the content of each file of an upload, or why there is none."""
    contents = {}
    with uploads.opened(path) as files:
        for file in files:
            try:
                contents[file.path] = file.problem or file.load()
            except Refused as refused:
                contents[file.path] = str(refused)
    return contents


def test_files_of_folders_and_zips_are_read_where_they_lie(tmp_path):
    folder = tmp_path / "in"
    for name in ("01_gat.ipynb", ".ipynb_checkpoints/01_gat-checkpoint.ipynb", ".DS_Store"):
        write(folder / "ada" / name)
    write(folder / "bob" / "unit.zip", zipped((NAME, b"{1}"), ("__MACOSX/x.ipynb", b"")))
    expected = {"ada/01_gat.ipynb": b"{}", f"bob/unit.zip/{NAME}": b"{1}"}
    assert read(folder) == expected
    members = [(str(p.relative_to(folder)), p.read_bytes()) for p in folder.rglob("*.*[bp]")]
    write(tmp_path / "all.zip", zipped(*members, ("../../etc\\x", b"2"), ("/y", b"3")))
    assert read(tmp_path / "all.zip") == expected | {"etc/x": b"2", "y": b"3"}
    assert sorted(os.listdir(tmp_path)) == ["all.zip", "in"]  # nothing is unpacked
    for path in (tmp_path / "nowhere", folder / "ada" / ".DS_Store"):
        with pytest.raises(Problem, match=path.name):
            read(path)


QUOTES = ['"outputs": [{', "\\", 'x = "\\\\" # \'"widgets": {\'', '\\"']


def notebook(*outputs, source=QUOTES, **more):
    """Return a notebook of one cell, as Jupyter writes it."""
    cell = {"outputs": list(outputs), "source": source, "attachments": {"a.png": {"b": "x" * 99}}}
    return json.dumps(
        {"cells": [cell], "metadata": {"widgets": {"]": [1]}}, **more}, indent=1
    ).encode()


def test_outputs_of_any_size_are_read_past(tmp_path):
    image, table = (
        {"image/png": "x" * 60_000_000 + '\\"]}\n'},
        {"a": [[n, "}"] for n in range(99_999)]},
    )
    content = notebook({"data": image}, {"data": table}, nbformat=4)
    inner = zipped((NAME, content))
    for name, member in (("ada/01_gat.ipynb", content), ("bob/unit.zip", inner)):
        write(tmp_path / "in" / name, member)
    write(tmp_path / "all.zip", zipped(("ada/01_gat.ipynb", content), ("bob/unit.zip", inner)))
    for path in (tmp_path / "in", tmp_path / "all.zip"):
        contents = read(path)
        assert len(contents) == 2 and max(map(len, contents.values())) < 1_000
        for read_past in map(json.loads, contents.values()):
            (cell,) = read_past["cells"]
            assert cell["source"] == QUOTES and read_past["nbformat"] == 4


@pytest.mark.parametrize(
    "content",
    [
        notebook(source="x" * 25_000_000),
        notebook()[:-200] + b"[" * 25_000_000,  # not JSON
        b'{"outputs": [' + b"[]," * 1_000 + b'"' + b"x" * 25_000_000 + b'"]}',
    ],
    ids=["source", "no end", "many lists"],
)
def test_what_is_no_output_may_not_be_of_any_size(tmp_path, monkeypatch, content):
    monkeypatch.setattr(handed_in, "MAX_SKIPPED", 1_000)
    assert isinstance(read(write(tmp_path / "in" / "a.ipynb", content).parent)["a.ipynb"], str)


@pytest.mark.parametrize("cut", [0, 1, 5, 60, 100, 160])
def test_a_damaged_notebook_stays_damaged(tmp_path, cut):
    content = notebook({"data": "x"})[: -cut or None]
    read_past = read(write(tmp_path / "in" / "a.ipynb", content).parent)["a.ipynb"]
    try:
        json.loads(content)
    except ValueError:
        with pytest.raises(ValueError, match="."):
            json.loads(read_past)
    else:
        assert json.loads(read_past)["cells"][0]["source"] == QUOTES


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_become_text(tmp_path):
    folder = os.fsencode(tmp_path) + b"/bad\xff\nname"
    os.mkdir(folder)
    with open(folder + b"/a.ipynb", "wb") as file:
        file.write(b"{}")
    assert read(tmp_path) == {"bad\\udcff\\x0aname/a.ipynb": b"{}"}


def test_links_pipes_devices_and_large_files_are_refused(tmp_path):
    secret, folder = write(tmp_path / "secret.ipynb", b"secret"), tmp_path / "in"
    os.truncate(write(folder / "large.ipynb"), 300_000_000)
    for name, target in (("link.ipynb", secret), ("link.zip", secret), ("folder", tmp_path)):
        (folder / name).symlink_to(target)
    for name in ("pipe.ipynb", "pipe.zip"):
        os.mkfifo(folder / name)
    contents = read(folder)
    names = {"large.ipynb", "link.ipynb", "link.zip", "folder", "pipe.ipynb", "pipe.zip"}
    assert contents.keys() == names
    assert all(isinstance(reason, str) for reason in contents.values())
    with pytest.raises(Refused):
        uploads.open_file(type(tmp_path)("/dev/zero"))


def test_folders_and_zips_without_a_file_are_named(tmp_path):
    checkpoint = ("06_graphs/.ipynb_checkpoints/01_gat-checkpoint.ipynb", b"{}")
    empty = {"ada.zip": zipped(), "bob.zip": zipped(checkpoint), "eve/pack.zip": zipped()}
    folder = write(tmp_path / "in" / "zoe" / checkpoint[0]).parents[3]
    for name, content in empty.items():
        write(folder / name, content)
    expected = dict.fromkeys([*empty, "zoe"], uploads.EMPTY)
    assert read(folder) == expected
    members = [*empty.items(), (f"zoe/{checkpoint[0]}", b"{}"), ("__MACOSX/x", b""), ("._x", b"")]
    assert read(write(tmp_path / "all.zip", zipped(*members))) == expected


# ------------------------------------------------------------------ what may stand in a zip


def link():
    """Return the member of a zip that is a link."""
    member = zipfile.ZipInfo("link.ipynb")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member, "/etc/passwd"


def listing(name, number):
    """Return a zip that lists members of a name, and holds none."""
    fields = (0x02014B50, 20, 20, 0, 0, 0, 33, 0, 9, 9, len(name), 0, 0, 0, 0, 0, 0)
    lines = (struct.pack("<IHHHHHHIIIHHHHHII", *fields) + name) * number
    return lines + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0, number & 0xFFFF, len(lines), 0, 0)


UNIT = zipped((NAME, bytes(range(256)) * 40))
UNREADABLE = {  # made in the test alone: the bomb takes a second
    "a bomb": lambda: zipped(("bomb.ipynb", bytes(300_000_000))),
    "a link": lambda: zipped(link()),
    # zipfile does not bound what it makes
    "LZMA": lambda: zipped((NAME, b"{}"), method=zipfile.ZIP_LZMA),
    "a member that is not there": lambda: listing(NAME.encode(), 1),
    "a member without a name": lambda: listing(b"..", 1),
    "very many names": lambda: listing(b"a", 60_000),
    "no zip": lambda: b"PK\x03\x04 and then nothing",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_zips_cost_their_author_alone(tmp_path, name):
    content = zipped(("eve/unit.zip", UNREADABLE[name]()), ("ada/unit.zip", UNIT))
    path = write(tmp_path / "all.zip", content)
    contents = read(path)
    assert len(contents) == 2
    assert len(contents.pop(f"ada/unit.zip/{NAME}")) == 256 * 40
    assert contents and all(path.startswith("eve/unit.zip") for path in contents)
    assert all(isinstance(reason, str) for reason in contents.values())


def test_a_zip_with_any_byte_changed_is_read_or_refused():
    for at in range(len(UNIT)):
        changed = UNIT[:at] + bytes([UNIT[at] ^ 0x55]) + UNIT[at + 1 :]
        outer = uploads.File(("eve.zip",))
        for file in uploads.files_in_zip(outer, lambda data=changed: io.BytesIO(data), 1):
            try:
                assert file.problem or isinstance(file.load(), bytes)
            except Refused as refused:
                assert str(refused)


def test_a_member_that_holds_more_than_it_claims_is_refused(tmp_path):
    data = zipped((NAME, bytes(60_000_000)))
    data = data.replace(struct.pack("<I", 60_000_000), struct.pack("<I", 1_000))
    with uploads.opened(write(tmp_path / "all.zip", data)) as files:
        (file,) = files
        tracemalloc.start()
        with pytest.raises(Refused):
            file.load()
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_zips_in_a_zip_are_bounded_in_depth_size_and_number(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILE", 100_000_000)
    twice = zipped(("inner.zip", UNIT))
    padded = zipped((NAME, b"{}"), ("pad", bytes(101_000_000)), method=zipfile.ZIP_STORED)
    many = zipped(*((f"{n:02}.zip", UNIT) for n in range(12)))
    members = (
        ("a.zip", twice),
        ("b.zip", zipped(("c.zip", twice))),
        ("d.zip", zipped(("large.zip", padded))),
    )
    contents = read(write(tmp_path / "all.zip", zipped(*members, ("many.zip", many))))
    assert len(contents.pop(f"a.zip/inner.zip/{NAME}")) == 256 * 40
    assert contents["b.zip/c.zip/inner.zip"] == UNIT  # is not opened, and no notebook
    assert isinstance(contents["d.zip/large.zip"], str)
    within = [content for path, content in contents.items() if path.startswith("many.zip")]
    assert [type(content) for content in within] == [bytes] * 10 + [str] * 2
