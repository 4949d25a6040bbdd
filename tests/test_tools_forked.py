"""What is forked: fresh, alive as long as it should be, and in its own folder."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

import psutil
import pytest

from tools.notebook import forked
from tools.notebook.apart import Lost, apart
from tools.notebook.common import ROOT

pytestmark = [
    pytest.mark.skipif(not forked.POSSIBLE, reason="kernels are forked on Linux alone"),
    pytest.mark.xdist_group("forked"),  # one source for all: it takes seconds to start
]


@pytest.fixture(scope="module")
def source():
    made = forked.Source([*forked.LIBRARIES, *forked.TO_EXECUTE, "fractions", "pandas"])
    # Before the first fork: OpenBLAS ends its threads at each, other libraries would not.
    assert len(os.listdir(f"/proc/{made._process.pid}/task")) == 1
    yield made
    made.close()


@pytest.fixture
def kernel(source, tmp_path):
    from jupyter_client.manager import start_new_kernel

    environment = os.environ | {"TOLD": "to the kernel", "OPENBLAS_NUM_THREADS": "3"}
    with forked.kernels(source):
        manager, client = start_new_kernel(cwd=str(tmp_path), env=environment)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def said(client, code):
    """Return what a cell prints, or the name of its error."""
    parts = []

    def take(message):
        content = message["content"]
        parts.append(content.get("text", "") or content.get("ename", ""))

    client.execute_interactive(code, output_hook=take, timeout=300)
    return "".join(parts).strip()


def test_a_kernel_has_the_threads_that_its_environment_asks_for(kernel):
    _, client = kernel
    blas = "t.ThreadpoolController().select(user_api='blas').lib_controllers"
    code = f"import threadpoolctl as t; print({{one.num_threads for one in {blas}}})"
    assert said(client, code) == "{3}"


def test_a_kernel_is_fresh_but_for_the_libraries(kernel, tmp_path):
    _, client = kernel
    loaded = "import sys; print([m in sys.modules for m in ('fractions', 'tools', 'utils')])"
    assert said(client, loaded) == "[True, False, False]"
    assert said(client, "fractions") == "NameError"
    assert said(client, "import os; print(os.getcwd())") == str(tmp_path)
    assert said(client, "print(os.environ['TOLD'], '' in sys.path)") == "to the kernel True"
    assert said(client, "import subprocess; print(subprocess.call(['true']))") == "0"


def test_two_kernels_share_nothing(source, kernel):
    from jupyter_client.manager import start_new_kernel

    _, client = kernel
    assert said(client, "import fractions; fractions.mine = 1; print('set')") == "set"
    with forked.kernels(source):
        manager, other = start_new_kernel()
    assert said(other, "import fractions; print(fractions.mine)") == "AttributeError"
    other.stop_channels()
    manager.shutdown_kernel()
    assert not manager.is_alive()


def test_an_endless_cell_can_be_interrupted(kernel):
    manager, client = kernel
    client.execute("print('begins', flush=True)\nwhile True: pass", stop_on_error=False)
    while client.get_iopub_msg(timeout=300)["content"].get("text", "").strip() != "begins":
        pass
    manager.interrupt_kernel()
    assert said(client, "print('goes on')").endswith("goes on") and manager.is_alive()


def test_a_kernel_that_is_gone_is_seen_to_be(source):
    from jupyter_client.manager import start_new_kernel

    with forked.kernels(source):
        manager, client = start_new_kernel()
    client.stop_channels()
    os.kill(manager.provisioner.pid, signal.SIGKILL)
    manager.provisioner.process.wait(timeout=300)
    assert not manager.is_alive()


def test_outside_of_the_block_kernels_start_as_usual(source):
    from jupyter_client.provisioning import local_provisioner

    usual = local_provisioner.launch_kernel
    with pytest.raises(ValueError, match="boom"), forked.kernels(source):
        raise ValueError("boom")
    assert local_provisioner.launch_kernel is usual


def shout(text):
    """Print and write an error's line, as work may."""
    print(text)
    print(text.upper(), file=sys.stderr)


def leave_a_child():
    """Answer while a process that was forked lives on."""
    child = os.fork()
    if child == 0:
        time.sleep(1000)
    return child


def runs(number):
    """Say whether a process is there and no mere entry that its parent has not taken note of."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    return False


class Odd(Exception):
    """An error that can be pickled and not read again."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def odd():
    """Raise an odd error."""
    raise Odd(1, 2)


@pytest.mark.parametrize("how", ["forked", "fresh"])
def test_work_apart_gives_its_answer_or_its_error(source, how):
    source = source if how == "forked" else None
    assert apart(divmod, 7, 2, source=source) == (3, 1)
    with pytest.raises(ZeroDivisionError) as raised:
        apart(divmod, 7, 0, source=source)
    assert "Traceback" in raised.value.__notes__[0]
    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        apart(sys.exit, 3, source=source)
    with pytest.raises(Lost, match="crash"):
        apart(os._exit, 0, source=source)
    with pytest.raises(Lost, match="longer than 0.5 s"):
        apart(time.sleep, 1000, source=source, seconds=0.5)
    large = b"x" * 3_000_000  # more than a pipe holds
    assert apart(bytes, large, source=source) == large


def test_work_apart_prints_and_ends_with_what_it_started(capfd, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))  # this file's functions
    assert apart(shout, "not the answer") is None
    assert {"not the answer", "NOT THE ANSWER"} <= {*capfd.readouterr().err.splitlines()}
    child, end = apart(leave_a_child, seconds=300), time.monotonic() + 300
    while runs(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not runs(child)
    with pytest.raises(RuntimeError, match="Odd: 1 and 2"):
        apart(odd)


def test_notebooks_that_settle_on_legacy_keras_are_not_forked():
    assert forked.may_fork(["import keras", "x = 1"])
    assert not forked.may_fork(["x = 1", "from utils import legacy_keras"])
