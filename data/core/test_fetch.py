"""Files from a mirror, the cache and a server on the loopback: never from further away."""

import contextlib
import gzip
import hashlib
import http.server
import io
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import types
import zipfile

import pytest

from data.core import cards, download, fetch
from tools.learn import data as catalogue
from tools.notebook.common import ROOT
from utils import data

BODY = b"0123456789" * 5000


def digest(content):
    return hashlib.sha256(content).hexdigest()


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves what the test put into `server.pages`, misbehaving as it was told to."""

    def do_GET(self):
        server = self.server
        server.asked.append(self.path)
        page = server.pages.get(self.path)
        if page is None:
            self.send_error(404)
            return
        if page.get("busy", 0) > 0:
            page["busy"] -= 1
            self.send_error(503)
            return
        time.sleep(page.get("delay", 0))
        body = page["body"]
        part = body[: page["cut"]] if page.get("cuts", 0) > 0 else body
        page["cuts"] = page.get("cuts", 0) - 1
        self.send_response(200)
        if page.get("length", True):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(part)
        self.wfile.flush()
        if page.get("hang") and len(part) < len(body):
            server.sent.set()
            server.release.wait(120)
            with contextlib.suppress(OSError):  # whoever asked may be dead by now
                self.wfile.write(body[len(part) :])

    def log_message(self, *args):
        pass


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """No proxy before the server of the tests."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def server():
    http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http_server.daemon_threads = True
    http_server.pages, http_server.asked = {}, []
    http_server.sent, http_server.release = threading.Event(), threading.Event()
    http_server.url = f"http://127.0.0.1:{http_server.server_port}"
    thread = threading.Thread(target=http_server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield http_server
    http_server.release.set()
    http_server.shutdown()
    http_server.server_close()


def pinned(server, name="a.bin", body=BODY, **page):
    """Put a file on the server and return its lines of the card."""
    server.pages[f"/{name}"] = {"body": body, **page}
    url = f"{server.url}/{name}"
    return f'name = "{name}"\nurl = "{url}"\nsize = {len(body)}\nsha256 = "{digest(body)}"'


def cached(tmp_path):
    """Return what stands in the cache under final names."""
    files = (tmp_path / "cache").rglob("*")
    return sorted(p.name for p in files if p.is_file() and not p.name.startswith("."))


def leftovers(tmp_path):
    return sorted(p.name for p in (tmp_path / "cache").rglob("*.part"))


# ------------------------------------------------------------------ order


def test_order_is_mirror_then_cache_then_download(server, entry, mirror):
    entry(pinned(server))
    first = fetch.fetch("thing")
    assert (first.source, first.path.read_bytes()) == ("download", BODY)
    second = fetch.fetch("thing")
    assert (second.source, second.path) == ("cache", first.path)
    folder = mirror({"a.bin": BODY})
    third = fetch.fetch("thing", "a.bin")
    assert (third.source, third.path) == ("mirror", folder / "a.bin")
    assert server.asked == ["/a.bin"]


def test_a_mirror_without_the_entry_or_the_file_falls_to_the_next_source(server, entry, mirror):
    entry(pinned(server))
    mirror({"b.bin": b"b"}, name="other")
    assert fetch.fetch("thing").source == "download"
    mirror({"b.bin": b"b"})
    assert fetch.fetch("thing").source == "cache"


def test_second_address_is_tried_when_the_first_has_nothing(server, entry):
    lines = pinned(server).replace("/a.bin", "/gone.bin")
    entry(lines + f'\nalternate = ["{server.url}/a.bin"]')
    assert fetch.fetch("thing").path.read_bytes() == BODY
    assert server.asked == ["/gone.bin", "/a.bin"]  # no retries of a plain 404


# ------------------------------------------------------------------ downloads that go wrong


def test_wrong_sum_is_refused_and_thrown_away(server, entry, tmp_path):
    lines = pinned(server)
    server.pages["/a.bin"]["body"] = b"x" * len(BODY)
    entry(lines)
    with pytest.raises(data.ChecksumError) as caught:
        fetch.fetch("thing")
    told = str(caught.value)
    assert "a.bin" in told and digest(BODY) in told and digest(b"x" * len(BODY)) in told
    assert cached(tmp_path) == [] and leftovers(tmp_path) == []


def test_truncated_download_leaves_nothing(server, entry, tmp_path):
    entry(pinned(server, cut=20_000, cuts=99))
    with pytest.raises(data.DataUnavailable, match="broke off"):
        fetch.fetch("thing")
    assert len(server.asked) == 3
    assert cached(tmp_path) == [] and leftovers(tmp_path) == []


def test_truncation_is_seen_without_a_content_length(server, entry, tmp_path):
    entry(pinned(server, cut=20_000, cuts=99, length=False))
    with pytest.raises(data.DataUnavailable, match="only 20,000 of 50,000 bytes"):
        fetch.fetch("thing")
    assert cached(tmp_path) == [] and leftovers(tmp_path) == []


def test_a_truncated_try_is_followed_by_a_whole_one(server, entry):
    entry(pinned(server, cut=20_000, cuts=1))
    assert fetch.fetch("thing").path.read_bytes() == BODY
    assert len(server.asked) == 2


def test_retry_after_one_503(server, entry):
    entry(pinned(server, busy=1))
    assert fetch.fetch("thing").path.read_bytes() == BODY
    assert len(server.asked) == 2


def test_a_server_that_stays_busy_is_given_up(server, entry):
    entry(pinned(server, busy=99))
    with pytest.raises(data.DataUnavailable, match="503"):
        fetch.fetch("thing")
    assert len(server.asked) == 3


def test_interrupt_leaves_nothing(server, entry, monkeypatch, tmp_path):
    entry(pinned(server))

    def interrupted(item, url, part):
        part.write_bytes(BODY[:100])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(download, "_one_try", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fetch.fetch("thing")
    assert cached(tmp_path) == [] and leftovers(tmp_path) == []
    assert fetch.fetch("thing").source == "download"


def test_a_download_needs_no_patience_with_an_interrupted_one(server, entry, tmp_path):
    """A process killed in the middle leaves no final name, no lock and no lasting litter."""
    path = entry(pinned(server, cut=20_000, cuts=1, hang=True))
    process = start_fetching(path, subprocess.DEVNULL)
    try:
        assert server.sent.wait(120)
        deadline = time.monotonic() + 60
        while not leftovers(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait(60)
    assert cached(tmp_path) == [] and len(leftovers(tmp_path)) == 1
    server.release.set()
    assert fetch.fetch("thing").path.read_bytes() == BODY
    assert leftovers(tmp_path) == []


def start_fetching(path, stderr):
    code = (
        "import sys; from pathlib import Path; from data.core import cards, fetch\n"
        "cards.FOLDER = Path(sys.argv[1])\n"
        "print(fetch.fetch('thing').source)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path.parents[1])],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def test_two_processes_download_once(server, entry, tmp_path):
    path = entry(pinned(server, cut=20_000, cuts=1, hang=True))
    log = tmp_path / "stderr.txt"
    with open(log, "a", encoding="utf-8") as stderr:
        processes = [start_fetching(path, stderr) for _ in range(2)]
        try:
            # the server goes on when one process is downloading and the other one is waiting
            deadline = time.monotonic() + 120
            while "waiting" not in log.read_text() and time.monotonic() < deadline:
                time.sleep(0.02)
            server.release.set()
            answers = [process.communicate(timeout=120)[0].strip() for process in processes]
        finally:
            for process in processes:
                process.kill()
    assert sorted(answers) == ["cache", "download"], log.read_text()
    assert "waiting for another process" in log.read_text()
    assert server.asked == ["/a.bin"]


def test_no_network_says_what_would_help(entry):
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a.bin"
        entry(
            f'name = "a.bin"\nurl = "{url}"\nsize = 22119\nsha256 = "{digest(BODY)}"',
            head='mirror = "things"',
        )
        with pytest.raises(data.DataUnavailable) as caught:
            fetch.fetch("thing")
    told = str(caught.value)
    for part in ("thing", url, "22 kB", "COURSE_DATA_DIR/things/a.bin", "COURSE_DATA=sample"):
        assert part in told
    assert 'data="sample"' in told and "no connection" in told and "drawn things" in told


@pytest.mark.parametrize("status", ["on request", "withdrawn"])
def test_no_address_says_why(entry, status):
    path = entry(f'name = "a.bin"\nsha256 = "{digest(BODY)}"', head='homepage = "https://h.org"')
    text = path.read_text(encoding="utf-8").replace('"download"', f'"{status}"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(data.DataUnavailable, match=status.split()[-1] + ".*https://h.org"):
        fetch.fetch("thing")


# ------------------------------------------------------------------ the cache


def test_cache_that_cannot_be_made_is_named(server, entry, monkeypatch, tmp_path):
    entry(pinned(server))
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with pytest.raises(data.CacheNotWritable) as caught:
        fetch.fetch("thing")
    assert str(tmp_path / "file" / "cache") in str(caught.value)
    assert "COURSE_CACHE_DIR" in str(caught.value)
    assert server.asked == []


def test_full_disk_is_the_caches_fault(server, entry, monkeypatch):
    entry(pinned(server))

    def full(item, url, part):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_one_try", full)
    with pytest.raises(data.CacheNotWritable, match="No space left"):
        fetch.fetch("thing")


def test_a_cached_file_is_used_without_writing(server, entry, new_process):
    entry(pinned(server))
    path = fetch.fetch("thing").path
    for name in path.parent.iterdir():
        if name != path:
            name.unlink()
    new_process()
    assert fetch.fetch("thing").source == "cache"
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_cached_file_is_not_trusted(server, entry, capsys):
    entry(pinned(server))
    path = fetch.fetch("thing").path
    path.write_bytes(b"x" * len(BODY))
    assert fetch.fetch("thing").source == "download"
    assert path.read_bytes() == BODY
    assert "damaged" in capsys.readouterr().err


def test_a_damaged_cached_file_without_a_network_is_an_error(server, entry):
    entry(pinned(server))
    path = fetch.fetch("thing").path
    path.write_bytes(b"other")
    server.pages.clear()
    with pytest.raises(data.ChecksumError) as caught:
        fetch.fetch("thing")
    assert str(path) in str(caught.value) and digest(BODY) in str(caught.value)
    assert digest(b"other") in str(caught.value)


# ------------------------------------------------------------------ unpinned, and pinning


def test_unpinned_is_refused_with_address_and_command(server, entry):
    server.pages["/a.bin"] = {"body": BODY}
    entry(f'name = "a.bin"\nurl = "{server.url}/a.bin"')
    with pytest.raises(data.Unpinned) as caught:
        fetch.fetch("thing")
    assert f"{server.url}/a.bin" in str(caught.value)
    assert "python course.py data fetch thing --pin" in str(caught.value)
    assert server.asked == []


def test_pin_writes_the_sum_and_keeps_the_rest(server, entry, capsys):
    server.pages["/a.bin"] = {"body": BODY}
    server.pages["/b.bin"] = {"body": b"b"}
    path = entry(
        f'name = "a.bin"  # kept\nurl = "{server.url}/a.bin"  # kept too',
        f'name = "b.bin"\nurl = "{server.url}/b.bin"\nsha256 = "{digest(b"b")}"',
    )
    before = path.read_text(encoding="utf-8").splitlines()
    assert catalogue.main(["fetch", "thing", "--pin"]) == 0
    assert digest(BODY) in capsys.readouterr().out
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line in before] == before
    new = [line for line in after if line not in before]
    assert new == ["size = 50000", f'sha256 = "{digest(BODY)}"']
    assert cards.get("thing").file("a.bin").sha256 == digest(BODY)
    assert fetch.fetch("thing", "a.bin").source == "cache"
    assert catalogue.cards_are_current()


def test_pin_compares_a_published_md5(server, entry, tmp_path):
    server.pages["/a.bin"] = {"body": BODY}
    path = entry(f'name = "a.bin"\nurl = "{server.url}/a.bin"\nmd5 = "{"0" * 32}"')
    before = path.read_bytes()
    with pytest.raises(data.ChecksumError, match="MD5"):
        fetch.pin("thing")
    assert path.read_bytes() == before and cached(tmp_path) == []


def test_pin_refuses_a_truncated_download(server, entry):
    server.pages["/a.bin"] = {"body": BODY, "cut": 20_000, "cuts": 99}
    path = entry(f'name = "a.bin"\nurl = "{server.url}/a.bin"')
    before = path.read_bytes()
    with pytest.raises(data.DataUnavailable):
        fetch.pin("thing")
    assert path.read_bytes() == before


# ------------------------------------------------------------------ the mirror


def test_mirror_that_disagrees_with_its_manifest(entry, mirror):
    entry('name = "a.bin"')
    folder = mirror({"a.bin": BODY}, sums={"a.bin": digest(b"else")})
    with pytest.raises(data.ChecksumError) as caught:
        fetch.fetch("thing")
    told = str(caught.value)
    assert str(folder / "a.bin") in told
    assert digest(b"else") in told and digest(BODY) in told and "MANIFEST.sha256" in told


def test_mirror_that_lists_what_it_lacks(entry, mirror):
    entry('name = "a.bin"')
    (mirror({"a.bin": BODY}) / "a.bin").unlink()
    with pytest.raises(data.ChecksumError, match="no file"):
        fetch.fetch("thing")


def test_mirror_file_must_also_be_the_official_one(entry, mirror):
    entry(f'name = "a.bin"\nsha256 = "{digest(b"official")}"')
    mirror({"a.bin": BODY})
    with pytest.raises(data.ChecksumError, match=digest(b"official")):
        fetch.fetch("thing")


def test_a_resaved_copy_is_taken_from_a_mirror_alone(server, entry, mirror, monkeypatch):
    entry(pinned(server) + f'\nmirror_sha256 = "{digest(b"again")}"')
    mirror({"a.bin": b"again"})
    assert fetch.fetch("thing").source == "mirror"
    monkeypatch.delenv("COURSE_DATA_DIR")
    server.pages["/a.bin"]["body"] = b"again"
    with pytest.raises(data.DataError):
        fetch.fetch("thing")


@pytest.mark.parametrize("listed", [True, False])
def test_a_file_that_mirrors_alone_hold_has_the_sum_of_its_card(entry, mirror, listed):
    entry(f'name = "a.bin"\nmirror_sha256 = "{digest(BODY)}"')
    folder = mirror({"a.bin": BODY} if listed else {})
    (folder / "a.bin").write_bytes(BODY)
    assert fetch.fetch("thing").source == "mirror"
    mirror({"a.bin": b"else"} if listed else {})
    (folder / "a.bin").write_bytes(b"else")
    with pytest.raises(data.ChecksumError) as caught:
        fetch.fetch("thing")
    assert digest(BODY) in str(caught.value) and digest(b"else") in str(caught.value)


def test_mirror_file_in_no_manifest(entry, mirror):
    folder = mirror({"b.bin": b"b"})
    (folder / "a.bin").write_bytes(BODY)
    entry(f'name = "a.bin"\nsha256 = "{digest(BODY)}"')
    assert fetch.fetch("thing").source == "mirror"  # the card knows its sum
    entry('name = "a.bin" # unpinned')
    with pytest.raises(data.MirrorError, match="MANIFEST.sha256"):
        fetch.fetch("thing")


def test_mirror_that_is_not_there(entry, monkeypatch, tmp_path):
    entry('name = "a.bin"')
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(data.MirrorError, match="nowhere.*not a folder"):
        fetch.fetch("thing")


def test_a_manifest_line_that_leads_outside_is_refused(entry, mirror):
    entry('name = "a.bin"')
    folder = mirror({"a.bin": BODY})
    (folder / "MANIFEST.sha256").write_text(f"{digest(BODY)}  ./../a.bin\n", encoding="utf-8")
    with pytest.raises(data.MirrorError, match="line 1"):
        fetch.fetch("thing")


# ------------------------------------------------------------------ .gz, folders, members


def test_gz_is_judged_by_what_it_holds(entry, mirror):
    entry(f'name = "a.gz"\nsha256_uncompressed = "{digest(BODY)}"')
    for level in (1, 9):  # two containers of the same bytes
        mirror({"a.gz": gzip.compress(BODY, level, mtime=level)})
        assert fetch.fetch("thing").source == "mirror"
    for wrong in (gzip.compress(b"else"), gzip.compress(BODY)[:-9], b"no gzip"):
        mirror({"a.gz": wrong})
        with pytest.raises(data.ChecksumError):
            fetch.fetch("thing")


def test_tree_from_the_mirror_checks_every_file(entry, mirror):
    entry()
    folder = mirror({"a/1.txt": b"1", "a/2.txt": b"2"})
    assert fetch.fetch_tree("thing") == fetch.Fetched(folder, "mirror")
    (folder / "a" / "extra.txt").write_bytes(b"3")
    with pytest.raises(data.ChecksumError, match="extra.txt"):
        fetch.fetch_tree("thing")
    (folder / "a" / "extra.txt").unlink()
    (folder / "a" / "2.txt").write_bytes(b"changed")
    with pytest.raises(data.ChecksumError, match="2.txt"):
        fetch.fetch_tree("thing")
    (folder / "MANIFEST.sha256").unlink()
    with pytest.raises(data.MirrorError, match="has no MANIFEST"):
        fetch.fetch_tree("thing")


def test_tree_from_an_archive(server, entry, tmp_path):
    body = zipped({"top/a.txt": b"a", "top/b/c.txt": b"c"})
    entry(pinned(server, "t.zip", body) + "\nunpack = true", head='root = "top"')
    tree = fetch.fetch_tree("thing")
    assert tree.source == "download" and tree.path.is_relative_to(tmp_path / "cache")
    assert (tree.path / "b" / "c.txt").read_bytes() == b"c"
    assert fetch.fetch_tree("thing") == fetch.Fetched(tree.path, "cache")
    assert server.asked == ["/t.zip"]


@pytest.fixture
def unpacked(server, entry):
    """Return the folder into which the archive of a set was unpacked."""
    entry(pinned(server, "t.zip", zipped({"a.txt": b"a", "b.txt": b"b"})) + "\nunpack = true")
    return fetch.fetch_tree("thing").path


@pytest.mark.parametrize("change", ["changed", "added", "removed", "no manifest"])
def test_an_unpacked_tree_is_checked_each_time(unpacked, server, new_process, capsys, change):
    new_process()
    assert fetch.fetch_tree("thing").path == unpacked  # while nothing is changed
    if change in ("removed", "no manifest"):
        (unpacked / ("a.txt" if change == "removed" else "MANIFEST.sha256")).unlink()
    else:
        (unpacked / ("a.txt" if change == "changed" else "c.txt")).write_bytes(b"c")
    with pytest.raises(data.ChecksumError, match=f"(?s)Remove the folder {unpacked}"):
        fetch.fetch_tree("thing")
    assert catalogue.main(["verify", "thing"]) == 1
    assert capsys.readouterr().out.startswith("WRONG   thing: ")
    shutil.rmtree(unpacked)  # as the message says
    assert fetch.fetch_tree("thing").path == unpacked
    assert (unpacked / "a.txt").read_bytes() == b"a" and server.asked == ["/t.zip"]
    assert catalogue.main(["verify", "thing"]) == 0
    assert capsys.readouterr().out == "ok      thing: cache 1 file, unpacked 2 files\n"


@pytest.mark.parametrize("known_to", ["card and manifest", "card", "manifest"])
def test_a_mirror_may_hold_the_archive_packed(server, entry, mirror, capsys, known_to):
    body = zipped({"top/a.txt": b"a"})
    lines = pinned(server, "t.zip", body) if "card" in known_to else 'name = "t.zip"'
    entry(f"{lines}\nunpack = true", head='root = "top"')
    folder = mirror({"t.zip": body})
    if known_to == "card":
        (folder / "MANIFEST.sha256").unlink()
    tree = fetch.fetch_tree("thing")
    assert tree.source == "mirror" and (tree.path / "a.txt").read_bytes() == b"a"
    assert fetch.fetch_tree("thing") == tree and server.asked == []
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".zip") == ["t.zip"]
    assert catalogue.main(["verify", "thing"]) == 0
    assert capsys.readouterr().out == "ok      thing: mirror 1 file, unpacked 1 file\n"
    (folder / "t.zip").write_bytes(zipped({"top/a.txt": b"b"}))
    with pytest.raises(data.ChecksumError, match="t.zip"):
        fetch.fetch_tree("thing")


def test_tree_from_a_hostile_archive(server, entry, tmp_path):
    entry(pinned(server, "t.zip", zipped({"../out.txt": b"x"})) + "\nunpack = true")
    with pytest.raises(data.UnsafeArchive, match="out.txt"):
        fetch.fetch_tree("thing")
    assert cached(tmp_path) == ["t.zip"]


MEMBERS = (
    'name = "in.tgz"\nurl = "{url}/in.tgz"',
    'name = "in.zip"',
    'name = "a.txt"\ninside = ["in.zip", "in.tgz"]\nmember = "d/a.txt"\nsha256 = "{a}"',
    'name = "b.txt"\ninside = ["in.zip", "in.tgz"]\nmember = "d/b.txt"\nsha256 = "{b}"',
)


def members(server):
    return [
        file.format(url=server.url, a=digest(b"aa"), b=digest(b"bb")) if "{" in file else file
        for file in MEMBERS
    ]


def test_members_come_out_of_a_mirrors_archive(server, entry, mirror):
    entry(*members(server))
    content = {"in.zip": zipped({"d/a.txt": b"aa", "d/b.txt": b"bb"})}
    mirror(content)
    got = fetch.fetch_all("thing")
    assert {name: (x.source, x.path.read_bytes()) for name, x in got.items()} == {
        "a.txt": ("mirror", b"aa"),
        "b.txt": ("mirror", b"bb"),
    }


def test_members_come_out_of_one_download(server, entry, tmp_path):
    entry(*members(server))
    server.pages["/in.tgz"] = {"body": tarred({"d/a.txt": b"aa", "d/b.txt": b"bb"})}
    assert {name: x.source for name, x in fetch.fetch_all("thing").items()} == {
        "a.txt": "download",
        "b.txt": "cache",
    }
    assert server.asked == ["/in.tgz"]
    assert cached(tmp_path) == ["a.txt", "b.txt"]  # the archive, whose sum nobody knows, is gone


def test_a_member_with_a_wrong_sum_is_refused(server, entry, tmp_path):
    entry(*members(server))
    server.pages["/in.tgz"] = {"body": tarred({"d/a.txt": b"changed", "d/b.txt": b"bb"})}
    with pytest.raises(data.ChecksumError, match="a.txt"):
        fetch.fetch("thing", "a.txt")
    assert cached(tmp_path) == []


# ------------------------------------------------------------------ load


def test_real_never_falls_back_to_sample(entry, monkeypatch):
    (entry('name = "a.bin"').parent / "__init__.py").touch()
    called = []

    def read(files):
        called.append("read")
        return files.path()

    stub = types.SimpleNamespace(read=read, sample=lambda: called.append("sample"))
    monkeypatch.setitem(sys.modules, "data.thing", stub)
    with pytest.raises(data.DataUnavailable):
        data.load("thing", tier="real")
    assert called == ["read"]


def test_of_several_places_the_farthest_is_named(entry, monkeypatch, tmp_path):
    entry()

    def of(*places):
        monkeypatch.setattr(fetch, "fetch", lambda name, file: fetch.Fetched(tmp_path, file))
        files = fetch.Files(cards.get("thing"))
        for place in places:
            files.path(place)
        return files.source

    assert of("mirror", "mirror") == "mirror"
    assert of("mirror", "cache") == of("cache") == "cache"
    assert of("cache", "download", "mirror") == "download"
    with pytest.raises(data.DataError, match="asked for no file"):
        of()
