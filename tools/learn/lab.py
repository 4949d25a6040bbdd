"""``course.py lab``: open JupyterLab on the learner's copies, or on the solved notebooks."""

import argparse
import errno
import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from data.core import cards
from data.core.files import write_text
from tools.commands import RELEASED, hand_over
from tools.learn import work
from tools.learn.data import where
from tools.notebook import common, switches
from tools.notebook.common import ROOT, Notebook, Parser, Problem, all_notebooks, select, shown

PORT = 8888
# nbgrader's menus and pages are for whoever grades with a gradebook: here they lead nowhere.
GRADERS = ("formgrader", "validate_assignment", "assignment_list", "course_list")
SETTINGS = {
    "labconfig/page_config.json": {"disabledExtensions": {"@jupyter/nbgrader": True}},
    "labconfig/default_setting_overrides.json": {
        "@jupyterlab/notebook-extension:tracker": {
            "codeCellConfig": {"lineNumbers": True, "lineWrap": False}  # `check` names lines
        },
        "@jupyterlab/docmanager-extension:plugin": {
            "defaultViewers": {"markdown": "Markdown Preview"}  # sheets are read, not edited
        },
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,  # its version is pinned
        },
    },
    "jupyter_server_config.d/nbgrader.json": {
        "ServerApp": {
            "jpserver_extensions": {f"nbgrader.server_extensions.{n}": False for n in GRADERS}
        }
    },
    "jupyter_server_config.json": {
        # A kernel warns on the terminal where its messages are not encrypted: so they are.
        "MappingKernelManager": {"transport_encryption": "auto"},
        # What is named in work/.before/, .given/ and .solved/ can be opened; lists leave it out.
        "ContentsManager": {"allow_hidden": True},
    },
}


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py lab``."""
    p = parser()
    options, rest = p.parse_known_args(argv)
    for word in rest:  # a misspelt option would do nothing
        if not re.fullmatch(r"--\w+(\.\w+)+(=.*)?", word):
            raise Problem(p.unknown_option(word))
    chosen, every = select([options.name] if options.name else []), all_notebooks()
    # All are brought up to date, whatever is opened: their pages link to one another.
    if not options.solved and not RELEASED.is_file():
        for line in work.prepare(every):
            print(f"course.py lab: {line}")
    if RELEASED.is_file():
        work.name_kernel(every)
    folder = work.write_solved(every) if options.solved else work.folder()
    where_to = (
        f"{len(chosen)} notebooks, {chosen[0].id} to {chosen[-1].id}, are in {shown(folder)}/"
    )
    if len(chosen) == 1:
        where_to = f"{chosen[0].id} is {shown(folder / chosen[0].name)}.ipynb"
    print(f"course.py lab: {where_to}")
    if options.copies:
        return 0
    names = {name for n in chosen for name in n.needs} if options.data == "real" else set()
    for line in missing_data(names):
        print(f"course.py lab: {line}")
    port = free_port(options.ip, options.port)
    return serve(options, port, first_page(chosen, folder, options.name), rest)


def missing_data(names: Iterable[str]) -> Iterator[str]:
    """Say of data sets and networks that are not on this computer how to come by them."""
    places = {name: where(cards.get(name)) for name in sorted(names)}
    if fetched := [name for name, place in places.items() if place.endswith("downloaded")]:
        yield f"data is missing; fetch it with: python course.py data fetch {' '.join(fetched)}"
    for name, place in places.items():
        if place.endswith(("by hand", "not to be had")):
            entry, last = cards.get(name), place.rpartition(" + ")[2]
            at = f" from {entry.homepage}" if entry.homepage and last == "by hand" else ""
            yield f"{name} is {last}{at}; where it is missing, the sample takes its place"


def parser() -> Parser:
    """Return the parser of ``lab``."""
    p = Parser(
        prog="python course.py lab",
        description="Open JupyterLab on your notebooks, or on one unit or notebook. In a clone "
        "of the course, your notebooks are copies without solutions in work/, and the first call "
        "makes them. With --data real, this command says which data is missing and how to fetch "
        "it. Other options, such as --ServerApp.name=value, go to JupyterLab.",
    )
    p.add_argument("name", nargs="?", help="a unit or a notebook, such as 06 or 06/01")
    p.set_defaults(solved=False, copies=False)
    if not RELEASED.is_file():  # a release has no others
        p.add_argument("--copies", action="store_true", help="make the copies, and open nothing")
        p.add_argument(
            "--solved", action="store_true", help="open read-only copies of the solved notebooks"
        )
    p.add_argument("--port", type=int, help=f"the port (default: {PORT}, or the next free one)")
    p.add_argument("--ip", default="localhost", help="the address on which JupyterLab listens")
    p.add_argument("--no-browser", action="store_true", help="do not open a browser")
    switches.add(p, usual_profile="lesson")
    return p


def first_page(chosen: list[Notebook], folder: Path, name: str | None) -> str:
    """Return the path of JupyterLab's URL: a notebook, a unit's sheet, or the list of all."""
    if name and len(chosen) == 1 and "/" in name.rstrip("/"):
        page = folder / f"{chosen[0].name}.ipynb"
    elif RELEASED.is_file():
        page = ROOT / "README.md"
    else:
        page = folder / (chosen[0].path.parent.name if name else "") / "README.md"
    return f"/lab/tree/{quote(page.relative_to(ROOT).as_posix())}"


def serve(options: argparse.Namespace, port: int, page: str, rest: list[str]) -> int:
    """Hand over to JupyterLab; Ctrl-C is its own to answer."""
    environment = switches.environment(options)
    for name in ("IPYTHONDIR", "PYTHONHASHSEED", "JUPYTER_PREFER_ENV_PATH"):
        environment.pop(name, None)  # a person's own settings count here
    settings = str(settings_folder())
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):  # a person's own settings come after ours
        environment[name] = os.pathsep.join(filter(None, [settings, os.environ.get(name)]))
    if options.no_browser:
        rest = [*rest, "--no-browser"]
    if options.ip not in ("localhost", "127.0.0.1", "::1"):
        print("course.py lab: other computers can reach this JupyterLab, without encryption")
    print(f"course.py lab: profile {options.profile}, data {options.data}")
    if not options.solved:
        print("course.py lab: what you save stays: to go on another day, call lab again")
        if not RELEASED.is_file():
            print(f"course.py lab: {shown(work.WORK)}/README.md says how to restore a cell")
    return open_lab(ROOT, page, environment, *rest, ip=options.ip, port=port)


def open_lab(
    folder: Path,
    page: str,
    environment: dict[str, str],
    *rest: str,
    ip: str = "localhost",
    port: int = PORT,
) -> int:
    """Hand over to JupyterLab in a folder, at a page of it, with further options of its own."""
    token = environment.setdefault("JUPYTER_TOKEN", secrets.token_hex(16))
    command = [
        *(sys.executable, "-P", "-m", "jupyterlab", "--log-level=ERROR"),
        *("--LabApp.log_level=ERROR", f"--LabApp.default_url={page}"),
        *(f"--ServerApp.ip={ip}", f"--ServerApp.port={port}"),
        *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"),
        *rest,
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        print("JupyterLab: you are root, so everything in a notebook runs as root")
        command.append("--allow-root")
    host = f"[{ip}]" if ":" in ip else ip
    print(f"JupyterLab: http://{host}:{port}{page}?token={token}", flush=True)
    print("to stop, press Ctrl-C and answer y", flush=True)
    os.chdir(folder)
    return hand_over(command, environment)


def settings_folder() -> Path:
    """Write the settings of this course's JupyterLab and its kernel, and return their folder."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict

    folder = common.BUILD / "jupyter"
    kernel = {"kernels/python3/kernel.json": get_kernel_dict(switches.KERNEL_OPTIONS)}
    shutil.copytree(RESOURCES, folder / "kernels/python3", dirs_exist_ok=True)  # its icons
    for name, content in (SETTINGS | kernel).items():
        write_text(folder / name, json.dumps(content, indent=1) + "\n")
    return folder


def free_port(ip: str, wanted: int | None) -> int:
    """Return a port that nobody listens on: the one that is wanted, or the first after 8888.

    Raises Problem if the wanted port, or every one that is tried, is taken, or if ``ip`` is not an
    address of this computer.
    """
    from tornado.netutil import bind_sockets

    for port in range(PORT, PORT + 50) if wanted is None else [wanted]:
        try:
            for listening in bind_sockets(port, ip.replace("*", "")):  # as JupyterLab does
                listening.close()
            return port
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise Problem(
                    f"{ip!r} is no address on which this computer can listen ({error.strerror}); "
                    "leave --ip out, or write 127.0.0.1 or ::1"
                ) from None
    raise Problem(
        f"port {port} of {ip} can't be used, perhaps because another lab still runs; choose "
        "another with --port, or leave --port out"
    )
