"""Files from the local data folder, the cache and a server on this machine."""

import errno
import hashlib
import io
import shutil
import socket
import sys
import tarfile
import types
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pooch
import pytest

from data.core import cards, fetch
from data.core.fetch import Files
from utils import data

BODY = b"0123456789" * 5000


def fetched(file=None):
    """Return the path of a file of `thing` and where it came from; of folder() for file="/"."""
    files = Files(cards.get("thing"))
    return (files.folder() if file == "/" else files.path(file)), files.source


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def served(server, name="a.bin", body=BODY):
    """Put a file on the server and return its lines of the card."""
    server.pages[f"/{name}"] = body
    url = f"{server.url}/{name}"
    return (
        f'name = "{name}"\nurls = ["{url}"]\nsize = {len(body)}\nchecksum = "sha256:{sha256(body)}"'
    )


def cached(tmp_path):
    """Return the files of the cache without the locks."""
    paths = (path for path in (tmp_path / "cache").rglob("*") if path.is_file())
    return sorted(path.name for path in paths if path.suffix != ".lock")


# ------------------------------------------------------------------ order


def test_order_is_local_folder_then_cache_then_download(server, entry, local):
    entry(served(server))
    local({"b.bin": b"b"}, name="other")  # a folder that lacks the entry
    path, source = fetched()
    assert (source, path.read_bytes()) == ("download", BODY)
    assert fetched() == (path, "cache")
    folder = local({"a.bin": BODY})
    assert fetched("a.bin") == (folder / "a.bin", "local")
    assert server.asked == ["/a.bin"]


def test_real_never_falls_back_to_sample(entry, monkeypatch):
    (entry('name = "a.bin"').parent / "__init__.py").touch()
    calls = []

    def read(files):
        calls.append("read")
        return files.path()

    stub = types.SimpleNamespace(read=read, sample=lambda: calls.append("sample"))
    monkeypatch.setitem(sys.modules, "data.thing", stub)
    with pytest.raises(data.DataUnavailable):
        data.load("thing", data="real")
    assert calls == ["read"]


# ------------------------------------------------------------------ downloads


def test_second_address_is_tried_when_the_first_has_nothing(server, entry):
    entry(served(server).replace("/a.bin", f'/gone.bin", "{server.url}/a.bin'))
    assert fetched()[0].read_bytes() == BODY
    assert server.asked == ["/gone.bin", "/a.bin"]


def test_second_address_is_tried_when_the_first_has_another_file(server, entry, tmp_path):
    entry(served(server).replace("/a.bin", f'/moved.bin", "{server.url}/a.bin'))
    server.pages["/moved.bin"] = b"a later version"
    assert fetched()[0].read_bytes() == BODY
    assert server.asked == ["/moved.bin", "/a.bin"]
    shutil.rmtree(tmp_path / "cache")
    del server.pages["/a.bin"]
    with pytest.raises(data.ChecksumError, match="(?s)moved.bin.*a.bin: 404"):
        fetched()
    assert cached(tmp_path) == []


@pytest.fixture
def no_certificates(monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch.setenv


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_variable_that_names_no_certificates_is_named(server, entry, no_certificates, name):
    no_certificates(name, "/nowhere/ours.pem")
    secure = server.url.replace("http:", "https:")
    lines = served(server).replace(server.url, secure)
    entry(lines)
    with pytest.raises(data.DataUnavailable, match=f"{name}=/nowhere/ours.pem"):
        fetched()
    entry(lines.replace("/a.bin", f'/a.bin", "{server.url}/a.bin'))
    assert fetched()[0].read_bytes() == BODY


def test_certificates_that_do_not_fit_name_the_variable(server, entry, no_certificates, tmp_path):
    no_certificates("SSL_CERT_FILE", "/nowhere/ours.pem")  # requests does not ask it
    entry(served(server).replace("http:", "https:"))  # a server that speaks no TLS
    with pytest.raises(data.DataUnavailable, match="REQUESTS_CA_BUNDLE"):
        fetched()
    (tmp_path / "ours.pem").write_text("no certificate")
    no_certificates("REQUESTS_CA_BUNDLE", str(tmp_path / "ours.pem"))
    with pytest.raises(data.DataUnavailable, match=f"REQUESTS_CA_BUNDLE={tmp_path}/ours.pem"):
        fetched()


def test_a_full_disk_is_the_cache_folders_fault(server, entry, monkeypatch, tmp_path):
    def retrieve(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    entry(served(server))
    with pytest.raises(data.DataError, match=f"{tmp_path / 'cache'}.*No space left"):
        fetched()


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_another_file_than_the_card_knows_is_thrown_away(server, entry, tmp_path, kind):
    lines = served(server).replace(
        f"sha256:{sha256(BODY)}", f"{kind}:{hashlib.new(kind, BODY).hexdigest()}"
    )
    entry(lines)
    server.pages["/a.bin"] = b"log in first"
    with pytest.raises(data.ChecksumError, match=hashlib.new(kind, b"log in first").hexdigest()):
        fetched()
    assert cached(tmp_path) == []
    server.pages["/a.bin"] = BODY
    path, source = fetched()
    assert source == "download" and path.stat().st_mode & 0o044  # a class may share a cache


def test_without_a_checksum_nothing_is_downloaded(server, entry, local):
    server.pages["/a.bin"] = BODY
    entry(f'name = "a.bin"\nurls = ["{server.url}/a.bin"]')
    with pytest.raises(data.DataUnavailable, match=f"{server.url}/a.bin"):
        fetched()
    assert server.asked == []
    local({"a.bin": BODY})
    assert fetched()[1] == "local"


def test_no_network_says_what_would_help(entry):
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a.bin"
        entry(
            f'name = "a.bin"\nurls = ["{url}"]\nsize = 22119\nchecksum = "sha256:{sha256(BODY)}"',
            head='local_folder = "things"',
        )
        with pytest.raises(data.DataUnavailable) as caught:
            fetched()
    message = str(caught.value)
    for part in ("thing", url, "22.1 kB", "COURSE_DATA_DIR/things/a.bin", "COURSE_DATA=sample"):
        assert part in message
    assert "ConnectionError" in message and "synthetic things" in message


def test_of_several_that_need_a_file_at_once_one_downloads(server, entry):
    entry(served(server))
    with ThreadPoolExecutor(4) as pool:
        sources = list(pool.map(lambda _: fetched()[1], range(4)))
    assert sorted(sources) == ["cache"] * 3 + ["download"] and server.asked == ["/a.bin"]


# ------------------------------------------------------------------ the cache


def test_a_cache_that_takes_no_files_is_named(server, entry, monkeypatch, tmp_path):
    entry(served(server))
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with pytest.raises(data.DataError, match="file/cache.*COURSE_CACHE_DIR"):
        fetched()
    assert server.asked == []


def test_a_damaged_cached_file_is_downloaded_again(server, entry):
    entry(served(server))
    path, _ = fetched()
    path.write_bytes(b"x" * len(BODY))
    assert fetched()[1] == "download" and path.read_bytes() == BODY
    path.write_bytes(b"x")
    server.pages.clear()
    with pytest.raises(data.DataUnavailable, match="404"):
        fetched()


# ------------------------------------------------------------------ the local data folder


def test_a_local_file_must_be_the_official_one(entry, local):
    entry(f'name = "a.bin"\nchecksum = "sha256:{sha256(b"official")}"')
    path = local({"a.bin": BODY}) / "a.bin"
    with pytest.raises(data.ChecksumError) as caught:
        fetched()
    for part in (str(path), sha256(b"official")):
        assert part in str(caught.value)


def test_a_saved_again_copy_is_taken_from_the_local_folder_alone(server, entry, local, monkeypatch):
    entry(served(server) + f'\nlocal_checksum = "sha256:{sha256(b"again")}"')
    for content in (b"again", BODY):
        local({"a.bin": content})
        assert fetched()[1] == "local"
    monkeypatch.delenv("COURSE_DATA_DIR")
    server.pages["/a.bin"] = b"again"
    with pytest.raises(data.ChecksumError):
        fetched()


def test_a_local_folder_that_is_not_there_is_named(entry, monkeypatch, tmp_path):
    entry('name = "a.bin"')
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(data.DataError, match="COURSE_DATA_DIR.*nowhere"):
        fetched()


# ------------------------------------------------------------------ folders, members


def test_a_folder_from_an_archive(server, entry, local, tmp_path):
    body = zipped({"top/a..1.txt": b"a", "top/b/c.txt": b"c"})
    entry(served(server, "t.zip", body) + "\nunpack = true", head='root = "top"')
    tree, source = fetched("/")
    assert source == "download" and (tree / "b" / "c.txt").read_bytes() == b"c"
    assert fetched("/") == (tree, "cache")
    local({"t.zip": body})
    tree, source = fetched("/")
    assert source == "local" and tree.is_relative_to(tmp_path / "cache")
    assert (tree / "a..1.txt").read_bytes() == b"a" and server.asked == ["/t.zip"]


def test_a_folder_from_files(server, entry):
    entry(served(server, "a.bin"), served(server, "b.bin", b"b"))
    tree, source = fetched("/")
    assert source == "download" and (tree / "b.bin").read_bytes() == b"b"
    assert fetched("/") == (tree, "cache")


def test_a_local_folder_that_lacks_a_file_is_not_the_whole_one(server, entry, local):
    entry(served(server, "a.bin"), served(server, "b.bin", b"b"))
    folder = local({"a.bin": BODY})
    assert not fetch.is_at_hand(cards.get("thing"))
    tree, source = fetched("/")
    assert source == "download" and (tree / "a.bin").is_file() and (tree / "b.bin").is_file()
    assert fetch.is_at_hand(cards.get("thing"))  # in the cache
    local({"b.bin": b"b"})
    assert fetched("/") == (folder, "local")


def test_the_file_that_a_local_folder_lacks_is_named(entry, local):
    lines = f'checksum = "sha256:{sha256(BODY)}"'
    entry(f'name = "a.bin"\n{lines}', f'name = "b.bin"\n{lines}')
    local({"a.bin": BODY})
    with pytest.raises(data.DataUnavailable, match="b.bin"):
        fetched("/")


def test_a_local_folder_with_one_of_two_archives_is_completed(server, entry, local):
    bodies = [zipped({f"{name}.txt": b"x"}) for name in "ab"]
    lines = (served(server, f"{k}.zip", body) + "\nunpack = true" for k, body in enumerate(bodies))
    entry(*lines)
    local({"0.zip": bodies[0]})
    assert not fetch.is_at_hand(cards.get("thing"))
    tree, source = fetched("/")
    assert source == "download" and server.asked == ["/1.zip"]
    assert sorted(path.name for path in tree.iterdir()) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("files", [[], ['name = "t.zip"\nunpack = true']])
def test_a_local_folder_without_what_the_card_knows_it_by_has_nothing(entry, local, files):
    entry(*files, head='known_by = ["images"]')
    folder = local({".hidden": b"", "notes.txt": b""})
    assert not fetch.is_at_hand(cards.get("thing"))
    with pytest.raises(data.DataUnavailable):
        fetched("/")
    (folder / "images").mkdir()
    assert fetch.is_at_hand(cards.get("thing")) and fetched("/") == (folder, "local")


def test_a_file_comes_out_of_a_local_archive(entry, local):
    inside = f'inside = "in.zip"\nchecksum = "sha256:{sha256(b"aa")}"'
    entry(f'name = "a.txt"\n{inside}')
    local({"in.zip": zipped({"d/a.txt": b"aa"})})
    for _ in range(2):
        path, source = fetched()
        assert (source, path.read_bytes()) == ("local", b"aa")
    local({"in.zip": zipped({"d/a.txt": b"changed"})})
    with pytest.raises(data.ChecksumError, match="a.txt"):
        fetched()


@pytest.mark.parametrize(("failure", "reason"), [("cut", "ChunkedEncodingError"), (503, "503")])
def test_a_failed_download_leaves_nothing(server, entry, tmp_path, failure, reason):
    entry(served(server))
    server.failures = [failure]
    with pytest.raises(data.DataUnavailable, match=reason):
        fetched()
    assert cached(tmp_path) == []


def test_a_download_that_takes_long_is_named(server, entry, monkeypatch, capsys):
    monkeypatch.setattr(fetch, "DELAY", 0.0)  # as if it took long
    entry(served(server))
    fetched()
    assert "a.bin:   0%" in capsys.readouterr().err


# ------------------------------------------------------------------ archives


def packed(path, members, kind=tarfile.REGTYPE):
    """Write an archive of names and contents; in a tar, ``kind`` is that of the last member."""
    if path.suffix == ".zip":
        path.write_bytes(zipped(members))
        return path
    with tarfile.open(path, "w" if path.suffix == ".tar" else f"w:{path.suffix[1:]}") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.type = kind if name == list(members)[-1] else tarfile.REGTYPE
            info.linkname, info.size = "/etc/passwd", len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.fixture
def unpacked(entry, local, tmp_path):
    """Return a function that unpacks an archive of the local data folder."""

    def unpack(ending, members, kind=tarfile.REGTYPE, share=1):
        path = packed(tmp_path / f"a.{ending}", members, kind)
        entry(f'name = "{path.name}"\nunpack = true')
        local({path.name: path.read_bytes()[: int(share * path.stat().st_size)]})
        return fetched("/")[0]

    return unpack


def test_another_archive_of_the_same_size_is_unpacked_anew(unpacked):
    for content in (b"one", b"two"):
        assert (unpacked("tar", {"a.txt": content}) / "a.txt").read_bytes() == content


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_paths_that_lead_out_write_nothing_there(unpacked, tmp_path, ending):
    with pytest.raises(data.DataError, match="evil.txt"):
        unpacked(ending, {"ok.txt": b"x", "d/../../evil.txt": b"x"})
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(unpacked, tmp_path, kind):
    with pytest.raises(data.DataError, match="a.tar"):
        unpacked("tar", {"ok.txt": b"x", "evil.txt": b""}, kind)
    assert cached(tmp_path) == []


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_damaged_archive_leaves_nothing(unpacked, tmp_path, ending):
    members = {"d/a.txt": bytes(range(256)) * 500}
    assert (unpacked(ending, members) / "d/a.txt").read_bytes() == members["d/a.txt"]
    shutil.rmtree(tmp_path / "cache")
    with pytest.raises(data.DataError, match=f"a.{ending}"):
        unpacked(ending, members, share=0.5)
    assert cached(tmp_path) == []


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_unpacking_that_takes_long_is_named(unpacked, monkeypatch, capsys, ending):
    monkeypatch.setattr(fetch, "DELAY", 0.0)
    unpacked(ending, {"a.txt": b"a", "d/b.txt": b"b"})
    assert f"a.{ending}:" in capsys.readouterr().err
