"""Forked kernels: fresh, alive as long as they should be, and in their own folder."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest
from jupyter_client.manager import start_new_kernel

from tools.notebook import kernels, switches

pytestmark = [
    pytest.mark.skipif(not kernels.POSSIBLE, reason="kernels are forked on Linux alone"),
    pytest.mark.xdist_group("fork server"),  # one for all: it takes seconds to start
]


@pytest.fixture
def kernel(tmp_path):
    with kernels.forked_kernels():
        environment = os.environ | {"FOR": "a kernel", "OPENBLAS_NUM_THREADS": "3"}
        environment["MPLBACKEND"] = kernels.INLINE
        manager, client = start_new_kernel(cwd=str(tmp_path), env=environment)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert not manager.is_alive()


def printed(client, code):
    """Return what a cell prints, or the name of its error."""
    parts = []

    def take(message):
        content = message["content"]
        parts.append(content.get("text", "") or content.get("ename", ""))
        parts.extend(kind for kind in content.get("data", {}) if kind.startswith("image/"))

    client.execute_interactive(code, output_hook=take, timeout=300)
    return "".join(parts).strip()


def test_a_kernel_is_fresh_but_for_the_libraries_and_has_its_environment(kernel, tmp_path):
    _, client = kernel
    loaded = "import sys; print([m in sys.modules for m in ('tensorflow', 'tools', 'utils')])"
    assert printed(client, loaded) == "[True, False, False]"
    assert printed(client, "tensorflow") == "NameError"
    assert printed(client, "import os; print(os.getcwd())") == str(tmp_path)
    assert printed(client, "print(os.environ['FOR'], '' in sys.path)") == "a kernel True"
    # Else each kernel looks through the libraries' objects for garbage, for half a second.
    assert printed(client, "import gc; print(gc.get_freeze_count() > 100_000)") == "True"
    assert printed(client, "import subprocess; print(subprocess.call(['true']))") == "0"
    method = "import multiprocessing as m; print(m.get_start_method())"
    assert printed(client, method) == multiprocessing.get_start_method()
    assert printed(client, "import matplotlib.pyplot as plt; plt.plot([1, 2]);") == "image/png"
    columns = "import pandas; print(pandas.get_option('display.max_columns'))"
    assert printed(client, columns) == "20"
    blas = "t.ThreadpoolController().select(user_api='blas').lib_controllers"
    code = f"import threadpoolctl as t; print({{library.num_threads for library in {blas}}})"
    assert printed(client, code) == "{3}"


@pytest.mark.parametrize("path", [["", "libraries"], ["libraries"]])  # as without and with -P
def test_the_folder_of_a_notebook_is_searched_last(path, monkeypatch):
    monkeypatch.setattr(sys, "path", path)
    line = next(o for o in switches.KERNEL_OPTIONS if "exec_lines" in o).partition("=")[2]
    exec(line)
    assert path == ["libraries", ""]


def test_two_kernels_share_nothing(kernel):
    assert printed(kernel[1], "import keras; keras.mine = 1; print('set')") == "set"
    with kernels.forked_kernels():
        manager, other = start_new_kernel()
    assert printed(other, "import keras; print(keras.mine)") == "AttributeError"
    other.stop_channels()
    manager.shutdown_kernel()
    assert not manager.is_alive()


def test_an_endless_cell_can_be_interrupted_and_a_dead_kernel_is_noticed(kernel):
    manager, client = kernel
    client.execute("print('begins', flush=True)\nwhile True: pass", stop_on_error=False)
    while client.get_iopub_msg(timeout=300)["content"].get("text", "").strip() != "begins":
        pass
    manager.interrupt_kernel()
    assert printed(client, "print('goes on')").endswith("goes on") and manager.is_alive()
    os.kill(manager.provisioner.pid, signal.SIGKILL)
    manager.provisioner.process.wait()
    assert not manager.is_alive()


def test_a_kernel_ends_with_the_process_that_started_it(tmp_path):
    code = """
    import os
    from jupyter_client.manager import start_new_kernel
    from tools.notebook import kernels
    if __name__ == "__main__":
        with kernels.forked_kernels():
            manager, client = start_new_kernel()
        print(manager.provisioner.pid, flush=True)
        os._exit(0)
    """
    (tmp_path / "starts.py").write_text(textwrap.dedent(code))
    done = subprocess.run(
        [sys.executable, "-m", "starts"], cwd=tmp_path, capture_output=True, timeout=300
    )
    assert b"oneDNN" not in done.stderr
    end = time.monotonic() + 300
    while psutil.pid_exists(int(done.stdout)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not psutil.pid_exists(int(done.stdout))


def test_notebooks_of_legacy_keras_get_a_fresh_kernel():
    assert not kernels.needs(["import keras", "x = 1"])
    assert kernels.needs(["x = 1", "from utils import legacy_keras"])
