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


def nbval(path, timeout):
    """Run nbval with the guard, apart from the course's own pytest settings."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "tools.write.nbval_guard", "-q"]
    options = ["-c", os.devnull, "--rootdir", path.parent, f"--nbval-cell-timeout={timeout}"]
    return subprocess.run(
        [*command, *options, path], capture_output=True, text=True, check=False, cwd=path.parent
    )


def test_no_cell_is_skipped_and_a_dead_kernel_is_told_long_before_the_cell_timeout(tmp_path):
    code = nbformat.v4.new_code_cell
    path = write(tmp_path, code("# NBVAL_SKIP\n1 / 0"), code("import os\nos._exit(9)"), code("2"))
    done = nbval(path, timeout=3600)  # a test that waited for it would be stopped itself
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stdout and "the kernel died" in done.stdout


@pytest.mark.slow
def test_a_cell_that_takes_too_long_still_times_out(tmp_path):
    long = "# legacy_keras: so no fork server has to start\nimport time; time.sleep(3000)"
    done = nbval(write(tmp_path, nbformat.v4.new_code_cell(long)), timeout=2)
    assert done.returncode == 1
    assert "imeout" in done.stdout
