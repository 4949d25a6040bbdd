"""Archives that would do harm are refused, and leave nothing behind."""

import io
import os
import stat
import tarfile
import zipfile

import numpy as np
import pytest

from data.core.archive import extract_member, unpack
from utils.data import DataError, UnsafeArchive


def make_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def make_tar(path, members):
    mode = {"gz": "w:gz", "tgz": "w:gz", "bz2": "w:bz2", "xz": "w:xz", "tar": "w"}
    with tarfile.open(path, mode[path.name.rsplit(".", 1)[1]]) as archive:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.linkname = "elsewhere" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def refused(archive, tmp_path, **bounds):
    """Unpack, expect a refusal that names the archive, and find nothing left."""
    with pytest.raises(UnsafeArchive) as caught:
        unpack([archive], tmp_path / "out" / "tree", **bounds)
    assert archive.name in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []
    assert not (tmp_path / "evil.txt").exists() and not (tmp_path / "out" / "evil.txt").exists()
    return str(caught.value)


@pytest.mark.parametrize("end", ["zip", "tar", "tar.gz", "tgz", "tar.bz2", "tar.xz"])
def test_good_archives_are_unpacked(tmp_path, end):
    path = tmp_path / f"good.{end}"
    if end == "zip":
        make_zip(path, [("d/", ""), ("d/a.txt", "a"), ("b.txt", "b")])
    else:
        files = [("d/a.txt", b"a", tarfile.REGTYPE), ("./b.txt", b"b", tarfile.REGTYPE)]
        make_tar(path, [("d", b"", tarfile.DIRTYPE), *files])
    tree = unpack([path], tmp_path / "tree")
    files = {p.relative_to(tree).as_posix(): p.read_text() for p in tree.rglob("*.txt")}
    assert files == {"d/a.txt": "a", "b.txt": "b"}


NAMES = ["../evil.txt", "d/../../evil.txt", "/evil.txt", "C:/evil.txt", "..\\evil.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_paths_that_lead_out(tmp_path, name):
    told = refused(make_zip(tmp_path / "a.zip", [("ok.txt", "x"), (name, "x")]), tmp_path)
    assert "evil.txt" in told
    regular = tarfile.REGTYPE
    path = make_tar(tmp_path / "a.tar.gz", [("ok.txt", b"x", regular), (name, b"x", regular)])
    assert "evil.txt" in refused(path, tmp_path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar(tmp_path, kind):
    told = refused(make_tar(tmp_path / "a.tar", [("odd", b"", kind)]), tmp_path)
    assert "'odd'" in told and "link or a device" in told


def test_links_in_a_zip(tmp_path):
    info = zipfile.ZipInfo("odd")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    told = refused(make_zip(tmp_path / "a.zip", [(info, "/etc/passwd")]), tmp_path)
    assert "'odd'" in told and "link or a device" in told


def test_a_bomb_is_stopped_by_its_bytes(tmp_path):
    path = make_zip(tmp_path / "a.zip", [("one", b"0" * 60_000), ("two", b"0" * 60_000)])
    assert "'two'" in refused(path, tmp_path, max_bytes=100_000)
    assert unpack([path], tmp_path / "all", max_bytes=120_000).is_dir()


def test_a_bomb_whose_header_lies(tmp_path):
    path = make_zip(tmp_path / "a.zip", [("one", b"0" * 60_000)])
    raw = path.read_bytes().replace((60_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(raw)
    refused(path, tmp_path, max_bytes=1_000)


def test_too_many_members(tmp_path):
    path = make_zip(tmp_path / "a.zip", [(f"{i}.txt", "") for i in range(11)])
    assert "more than 10 members" in refused(path, tmp_path, max_members=10)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.txt", "a.txt"), ("a.txt", "A.TXT"), ("a", "a/b")])
def test_names_that_stand_twice(tmp_path, names):
    told = refused(make_zip(tmp_path / "a.zip", [(name, "x") for name in names]), tmp_path)
    assert "twice" in told or "share a name" in told


def test_what_is_no_archive(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"<html>log in first</html>")
    assert "neither a zip nor a tar" in refused(make_folder(tmp_path) / "a.zip", tmp_path)


def make_folder(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path


@pytest.mark.parametrize("end", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_damaged_archive(tmp_path, end):
    noise = np.random.default_rng(0).integers(0, 16, 2_000_000).astype(np.uint8).tobytes()
    path = tmp_path / f"a.{end}"
    if end == "zip":
        make_zip(path, [("a.txt", noise)])
    else:
        make_tar(path, [("a.txt", noise, tarfile.REGTYPE)])
    raw = path.read_bytes()
    most = len(raw) * 3 // 4
    # a tar checks no content, gzip only at its end: these two are cut
    rest = b"" if end in ("tar", "tar.gz") else b"\0" * 300 + raw[most + 300 :]
    path.write_bytes(raw[:most] + rest)
    assert "'a.txt' is refused: it cannot be read" in refused(path, tmp_path)


def test_a_full_disk_is_not_the_archives_fault(tmp_path, monkeypatch):
    path = make_zip(tmp_path / "a.zip", [("a.txt", "a")])

    def full(self, *args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "extract", full)
    with pytest.raises(OSError, match="No space left"):
        unpack([path], tmp_path / "out" / "tree")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_unpacked_may_be_read_by_the_class(tmp_path):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind, mode in (("d", tarfile.DIRTYPE, 0o700), ("d/a", tarfile.REGTYPE, 0o4600)):
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.uid = kind, mode, 12345
            archive.addfile(info, io.BytesIO(b""))
    tree = unpack([path], tmp_path / "tree")
    ordinary = tmp_path / "ordinary"
    ordinary.mkdir()
    (ordinary / "a").touch()
    for one, other in ((tree / "d", ordinary), (tree / "d" / "a", ordinary / "a")):
        assert (one.stat().st_mode, one.stat().st_uid) == (other.stat().st_mode, os.getuid())


@pytest.mark.parametrize("end", ["zip", "tar.gz"])
def test_one_member_is_taken_out(tmp_path, end):
    path = tmp_path / f"a.{end}"
    if end == "zip":
        make_zip(path, [("d/", ""), ("d/a.txt", "aa"), ("d/b.txt", "b")])
    else:
        make_tar(path, [("./d/a.txt", b"aa", tarfile.REGTYPE), ("d/odd", b"", tarfile.SYMTYPE)])
    extract_member(path, "d/a.txt", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == b"aa"
    with pytest.raises(UnsafeArchive, match="d/a.txt.*2 bytes"):
        extract_member(path, "d/a.txt", tmp_path / "a.txt", max_bytes=1)
    for name in ("d/c.txt", "d/odd", "d/"):
        with pytest.raises(DataError, match=f"holds no {name}"):
            extract_member(path, name, tmp_path / "a.txt")


def test_nothing_is_unpacked_over_a_folder(tmp_path):
    path = make_zip(tmp_path / "a.zip", [("a.txt", "new")])
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.txt").write_text("old")
    with pytest.raises(DataError, match="exists already"):
        unpack([path], tmp_path / "tree")
    assert (tmp_path / "tree" / "a.txt").read_text() == "old"
