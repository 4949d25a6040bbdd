"""What a person waits for in Jupyter, for both sides of a benchmark."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import clock

TOKEN = "waiting"
LIMIT = 600  # seconds: only what hangs meets it


def first_cell(source: str, folder: Path) -> bool:
    """Start a kernel, run one cell in it, and return whether it ran without an error."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(startup_timeout=LIMIT, cwd=str(folder))
    try:
        reply = client.execute_interactive(source, timeout=LIMIT, output_hook=lambda message: None)
        return reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def page(command: Callable[[int], list[str]], address: str, folder: Path, **settings: str) -> bool:
    """Start a server by a command of its port, and return whether it answers with a page.

    The clock of who calls this runs until then; ending the server comes after it.
    """
    port = free_port()
    server = subprocess.Popen(
        command(port),
        cwd=folder,
        env=os.environ | {"JUPYTER_TOKEN": TOKEN} | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    SERVERS.append(server)
    url = f"http://localhost:{port}{address}?token={TOKEN}"
    until = time.monotonic() + LIMIT
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=LIMIT) as answer:
            return b"jupyter-config-data" in answer.read()  # no page that asks who one is
        time.sleep(0.02)
    return False


SERVERS: list[subprocess.Popen] = []


def timed(rows: dict[str, Callable[[], bool]]) -> dict[str, dict[str, Any]]:
    """Time each row's work; a server that it started ends after its clock."""
    told = {}
    for row, work in rows.items():
        told[row] = clock.timed_with_children(work)
        while SERVERS:
            server = SERVERS.pop()
            server.terminate()
            server.wait(timeout=LIMIT)
    return told


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("localhost", 0)) as listening:
        return listening.getsockname()[1]


@contextlib.contextmanager
def settings_of_nobody() -> Iterator[dict[str, str]]:
    """Yield variables by which Jupyter and Python find no settings of a person."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what was compiled once is kept, as usual
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        yield {name: str(Path(home, name)) for name in names}
