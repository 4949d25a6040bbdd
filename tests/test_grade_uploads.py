"""Files of folders and zips: nothing is unpacked, no link is followed, no bomb goes off."""

import io
import os
import stat
import struct
import sys
import tracemalloc
import zipfile

import pytest

from tools.notebook.common import Problem
from tools.teach.grade import uploads
from tools.teach.grade.submission import Refused

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
NAME = "06_graphs/01_gat.ipynb"


def write(folder, *paths, content=b"{}"):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def packed(*members, method=zipfile.ZIP_STORED):
    """Return a zip of (name, content) members."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return memory.getvalue()


def read(path):
    """Return the content of each file of an upload, or why there is none."""
    found = {}
    for file in uploads.files_of(path):
        try:
            found[file.path] = file.problem or file.load()
        except Refused as refused:
            found[file.path] = str(refused)
    return found


def test_files_of_folders_and_zips_are_read_where_they_lie(tmp_path):
    folder = tmp_path / "in"
    write(folder, "ada/01_gat.ipynb", "ada/.ipynb_checkpoints/01_gat-checkpoint.ipynb", ".DS_Store")
    write(folder, "bob/unit.zip", content=packed((NAME, b"{1}"), ("__MACOSX/x.ipynb", b"")))
    expected = {"ada/01_gat.ipynb": b"{}", f"bob/unit.zip/{NAME}": b"{1}"}
    assert read(folder) == expected
    members = [(str(p.relative_to(folder)), p.read_bytes()) for p in folder.rglob("*.*[bp]")]
    write(tmp_path, "all.zip", content=packed(*members, ("../../etc\\x", b"2"), ("/y", b"3")))
    assert read(tmp_path / "all.zip") == expected | {"etc/x": b"2", "y": b"3"}
    assert sorted(os.listdir(tmp_path)) == ["all.zip", "in"]  # nothing is unpacked
    for path in (tmp_path / "nowhere", folder / ".DS_Store"):
        with pytest.raises(Problem, match=path.name):
            list(uploads.files_of(path))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_become_text(tmp_path):
    os.mkdir(os.fsencode(tmp_path) + b"/bad\xff\nname")
    with open(os.fsencode(tmp_path) + b"/bad\xff\nname/a.ipynb", "wb") as file:
        file.write(b"{}")
    assert read(tmp_path) == {"bad\\udcff\\x0aname/a.ipynb": b"{}"}


def test_links_pipes_devices_and_large_files_are_refused(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("secret")
    folder = tmp_path / "in"
    write(folder, "large.ipynb", "readable.ipynb")
    os.truncate(folder / "large.ipynb", 300_000_000)
    (folder / "link.ipynb").symlink_to(secret)
    (folder / "link.zip").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.ipynb")
    os.mkfifo(folder / "pipe.zip")
    found = read(folder)
    assert found.pop("readable.ipynb") == b"{}"
    assert found.pop("large.ipynb") == "the file is larger than 25 MB"
    assert found.keys() == {"link.ipynb", "link.zip", "folder", "pipe.ipynb", "pipe.zip"}
    links = {name for name, reason in found.items() if "symbolic link" in reason}
    assert links == {"link.ipynb", "link.zip", "folder"} and b"secret" not in found.values()
    with pytest.raises(Refused):
        uploads.open_file(type(tmp_path)("/dev/zero"))


def test_bombs_links_and_damaged_members_of_a_zip_are_refused(tmp_path):
    path = tmp_path / "all.zip"
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    members = [("bomb.ipynb", bytes(300_000_000)), (link, "/etc/passwd"), ("cut.ipynb", b"x" * 99)]
    data = bytearray(packed(*members, method=zipfile.ZIP_DEFLATED))
    assert len(data) < 1_000_000
    at = data.index(b"cut.ipynb") + len(b"cut.ipynb")
    data[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    found = read(path)
    assert found["bomb.ipynb"] == "the file is larger than 25 MB"
    assert found["link.ipynb"] == "the file is a symbolic link"
    assert found["cut.ipynb"].startswith("the file cannot be read from the zip")


# ------------------------------------------------------------------ what may stand in a zip


def entry(name=b"a", size=0, flag=0):
    """Return the line by which a zip lists a member, without the member."""
    fields = (0x02014B50, 20, 20, flag, 0, 0, 33, 0, size, size, len(name), 0, 0, 0, 0, 0, 0)
    return struct.pack("<IHHHHHHIIIHHHHHII", *fields) + name


def listing(lines, number):
    """Return a zip that lists members and holds none."""
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0, number & 0xFFFF, len(lines), 0, 0)
    return lines + end


def packed_unit(method=zipfile.ZIP_DEFLATED, change=lambda data: data):
    return change(packed((NAME, bytes(range(256)) * 40), method=method))


def damaged(data):
    at = data.index(b".ipynb") + 30
    return data[:at] + b"\xff\x00\xff\x00\xff\x00" + data[at + 6 :]


def encrypted(data):
    at = data.index(b"PK\x01\x02")
    return data[:6] + b"\x01" + data[7 : at + 8] + b"\x01" + data[at + 9 :]


ODD_ZIPS = {
    "damaged": packed_unit(change=damaged),
    "damaged LZMA": packed_unit(zipfile.ZIP_LZMA, damaged),
    "LZMA": packed_unit(zipfile.ZIP_LZMA),
    "bzip2": packed_unit(zipfile.ZIP_BZIP2),
    "encrypted": packed_unit(change=encrypted),
    "a member that is not there": listing(entry(NAME.encode(), 9), 1),
    "a member without a name": listing(entry(b""), 1),
    "names of NUL and slashes": listing(entry(b"//") + entry(b"\0/\0"), 2),
    "names that are said to be UTF-8": listing(entry(b"\xff\xfe.ipynb", flag=0x800), 1),
    "very many names": listing(entry() * 60_000, 60_000),
    "many names": listing(entry() * 10_001, 10_001),
    "no zip": b"PK\x03\x04 and then nothing",
    "nothing": b"",
}


@pytest.mark.parametrize("name", ODD_ZIPS)
def test_odd_zips_cost_their_author_alone(tmp_path, name):
    members = ("eve/unit.zip", ODD_ZIPS[name]), ("ada/unit.zip", packed_unit())
    write(tmp_path, "all.zip", content=packed(*members))
    found = read(tmp_path / "all.zip")
    assert len(found.pop(f"ada/unit.zip/{NAME}")) == 256 * 40
    assert found and all(path.startswith("eve/unit.zip") for path in found)
    assert all(isinstance(reason, str) for reason in found.values())


def files_in(content, budget=None):
    file = uploads.File(("eve.zip",))
    return uploads.files_in_zip(file, lambda: io.BytesIO(content), budget or uploads.Budget(), 1)


def test_a_zip_with_any_byte_changed_is_read_or_refused():
    data = packed_unit()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        for file in files_in(changed):
            try:
                assert file.problem or isinstance(file.load(), bytes)
            except Refused as refused:
                assert "the zip" in str(refused) or "larger" in str(refused)


def test_a_member_that_holds_more_than_it_claims_is_refused():
    data = packed((NAME, bytes(60_000_000)), method=zipfile.ZIP_DEFLATED)
    data = data.replace(struct.pack("<I", 60_000_000), struct.pack("<I", 1_000))
    (file,) = files_in(data)
    tracemalloc.start()
    with pytest.raises(Refused, match="cannot be read from the zip"):
        file.load()
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_zips_in_a_zip_are_bounded_in_depth_size_and_names(tmp_path):
    unit = packed_unit()
    twice = packed(("inner.zip", unit))
    write(
        tmp_path, "all.zip", content=packed(("a.zip", twice), ("b.zip", packed(("c.zip", twice))))
    )
    found = read(tmp_path / "all.zip")
    assert len(found.pop(f"a.zip/inner.zip/{NAME}")) == 256 * 40
    assert found == {"b.zip/c.zip/inner.zip": unit}  # is no notebook
    three = packed(*((f"{n}.zip", unit) for n in range(3)))
    two = uploads.Budget(size=2 * len(unit))
    assert [bool(file.problem) for file in files_in(three, two)] == [False, False, True]
    two = uploads.Budget(names=3 + 2)
    assert [bool(file.problem) for file in files_in(three, two)] == [False, False, True]
