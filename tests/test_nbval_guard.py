import os
import subprocess
import sys

import nbformat
import pytest


def write(folder, *cells):
    """Write a notebook of a few cells and return its path."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "trial.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def nbval(path, timeout=600, *words):
    """Run nbval with the guard, apart from the course's own pytest settings."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "tools.write.nbval_guard", "-q"]
    options = ["-c", os.devnull, "--rootdir", path.parent, f"--nbval-cell-timeout={timeout}"]
    command += [*options, *words, path]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)


def test_a_dead_kernel_is_told_long_before_the_cell_timeout(tmp_path):
    code = nbformat.v4.new_code_cell
    path = write(tmp_path, code("import os"), code("os._exit(9)"), code("print('never')"))
    done = nbval(path, timeout=3600)  # a test that waited for it would be stopped itself
    assert done.returncode == 1
    assert "the kernel died" in done.stdout


@pytest.mark.slow
def test_a_cell_that_takes_too_long_still_times_out(tmp_path):
    done = nbval(write(tmp_path, nbformat.v4.new_code_cell("while True: pass")), timeout=4)
    assert done.returncode == 1
    assert "imeout" in done.stdout


@pytest.mark.slow
def test_a_notebook_whose_cells_take_too_long_together_is_stopped(tmp_path):
    wait = nbformat.v4.new_code_cell("import time; time.sleep(6)")
    done = nbval(write(tmp_path, wait, wait, wait), 600, "--notebook-timeout=9")
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
