"""Fixtures of the tests of files: one made-up set, a local data folder, a cache, a server."""

import http.server
import threading

import pytest

from data.core import cards


@pytest.fixture
def entry(monkeypatch, tmp_path):
    """Return a function that writes the card of `thing`, whose files are given as TOML lines."""
    path = tmp_path / "data" / "thing" / cards.CARD
    path.parent.mkdir(parents=True)
    monkeypatch.setattr(cards, "FOLDER", tmp_path / "data")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))

    def write(*files, head=""):
        text = (
            '[thing]\ntitle = "T"\ntask = "t"\nlicence = "L"\ncitation = "C"\n'
            f'status = "download"\nsample = "synthetic things"\n{head}\n'
        )
        text += "".join(f"[[thing.files]]\n{file}\n\n" for file in files)
        path.write_text(text, encoding="utf-8")
        cards.read_card.cache_clear()
        return path

    return write


@pytest.fixture
def local(monkeypatch, tmp_path):
    """Return a function that fills the folder of `thing` in a local data folder."""

    def fill(files, name="thing"):
        folder = tmp_path / "local" / name
        for file, content in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        monkeypatch.setenv("COURSE_DATA_DIR", str(folder.parent))
        return folder

    return fill


class Handler(http.server.BaseHTTPRequestHandler):
    """Serve ``server.pages``; the first requests are answered as ``server.failures`` says."""

    def do_GET(self):
        """Answer with a page, with a part of it ("cut"), or with a number as an error."""
        self.server.asked.append(self.path)
        failure = self.server.failures.pop(0) if self.server.failures else None
        body = self.server.pages.get(self.path)
        if body is None or isinstance(failure, int):
            self.send_error(failure or 404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:10] if failure == "cut" else body)

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def server(monkeypatch):
    """Return a server on this machine: ``url``, ``pages``, ``failures``, ``asked``."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http_server.pages, http_server.failures, http_server.asked = {}, [], []
    http_server.url = f"http://127.0.0.1:{http_server.server_port}"
    threading.Thread(target=http_server.serve_forever, args=(0.02,), daemon=True).start()
    yield http_server
    http_server.shutdown()
    http_server.server_close()
