"""Archives are unpacked whole, and those that would do harm are refused."""

import io
import tarfile
import zipfile

import pytest

from data.core.archive import unpack
from utils.data import UnsafeArchive

ENDINGS = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"]


def make(path, members, kind=tarfile.REGTYPE):
    """Write an archive of names and contents; in a tar, ``kind`` is that of the last member."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return path
    with tarfile.open(path, "w" if path.suffix == ".tar" else f"w:{path.suffix[1:]}") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.type = kind if name == list(members)[-1] else tarfile.REGTYPE
            info.linkname = "/etc/passwd"
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_good_archives_are_unpacked(tmp_path, ending):
    archive = make(tmp_path / f"a.{ending}", {"d/a.txt": b"a", "b.txt": b"b"})
    unpack([archive, make(tmp_path / "c.zip", {"c.txt": b"c"})], tmp_path / "new" / "tree")
    files = {path.name: path.read_bytes() for path in tmp_path.joinpath("new").rglob("*.txt")}
    assert files == {"a.txt": b"a", "b.txt": b"b", "c.txt": b"c"}


def assert_refused(archive, tmp_path):
    with pytest.raises(UnsafeArchive, match=archive.name):
        unpack([archive], tmp_path / "out" / "tree")
    assert not list((tmp_path / "out").iterdir()) and not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
@pytest.mark.parametrize("name", ["../evil.txt", "d/../../evil.txt"])
def test_paths_that_lead_out_are_refused(tmp_path, ending, name):
    archive = make(tmp_path / f"a.{ending}", {"ok.txt": b"x", name: b"x"})
    assert_refused(archive, tmp_path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(tmp_path, kind):
    assert_refused(make(tmp_path / "a.tar", {"ok.txt": b"x", "evil.txt": b""}, kind), tmp_path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_damaged_archives_leave_nothing(tmp_path, ending):
    archive = make(tmp_path / f"a.{ending}", {"a.txt": bytes(range(256)) * 500})
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert_refused(archive, tmp_path)
