"""What a student sees when TensorFlow is imported: nothing, unless the import fails."""

import os
import subprocess
import sys

import pytest


def run(code, folder=""):
    """Run code in a fresh Python, and return what it writes to standard output and error.

    Packages in ``folder`` come before those that are installed.
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(folder)},
        check=False,
    )
    return done.stdout, done.stderr


@pytest.fixture
def stand_in(tmp_path):
    """Return a function that makes a package ``tensorflow``, which prints before its last line."""

    def make(last_line):
        (tmp_path / "tensorflow").mkdir()
        source = f"import os\nos.write(2, b'a library is missing\\n')\n{last_line}"
        (tmp_path / "tensorflow" / "__init__.py").write_text(source)
        return tmp_path

    return make


def test_tensorflow_is_imported_without_a_word():
    code = "import utils, tensorflow, keras, sys\nprint(tensorflow.constant(1).numpy())"
    assert run(code) == ("1\n", "")


def test_tensorflow_gives_no_advice_on_graphs_that_are_built_again():
    code = "import utils, tensorflow\nsame = tensorflow.function(lambda x: x)"
    assert run(f"{code}\nfor number in range(9):\n    same(number)") == ("", "")


def test_utils_imports_no_framework():
    large = "{'tensorflow', 'keras', 'sklearn', 'matplotlib', 'pandas', 'IPython'}"
    assert run(f"import sys, utils\nprint({large} & set(sys.modules))") == ("set()\n", "")


def test_an_import_that_fails_says_why(stand_in):
    _, errors = run("import utils, tensorflow", stand_in("raise ImportError('no DLL')"))
    assert errors.startswith("a library is missing\nTraceback")
    assert errors.endswith("ImportError: no DLL\n")


@pytest.mark.parametrize(
    ("last_line", "seen"),
    [("raise ImportError", ["a library is missing", "error", "end"]), ("", ["end"])],
)
def test_standard_error_is_as_before_after_the_import(stand_in, last_line, seen):
    code = """
import os, utils
try:
    import tensorflow
except ImportError:
    os.write(2, b"error\\n")
os.write(2, b"end\\n")
"""
    assert run(code, stand_in(last_line))[1].splitlines() == seen


def test_a_process_without_standard_error_imports_it_as_well(stand_in):
    code = "import utils, os\nos.close(2)\nimport tensorflow\nprint('imported')"
    assert run(code, stand_in(""))[0] == "imported\n"
