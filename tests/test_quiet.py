import os
import subprocess
import sys

import pytest

from utils import _quiet

NOTICE = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    "I0000 00:00:1795167140.271107   28246 port.cc:153] oneDNN custom operations are on.\n"
)
TROUBLE = "E0000 00:00:1795167140.271107   28246 port.cc:153] out of memory\nreal trouble\n"


def test_notices_are_dropped_and_the_rest_is_passed_on(capfd):
    with _quiet.held_aside():
        os.write(2, (NOTICE + TROUBLE).encode())
    assert capfd.readouterr().err == TROUBLE


def test_what_was_held_is_passed_on_when_the_import_fails(capfd):
    with pytest.raises(ImportError), _quiet.held_aside():
        os.write(2, TROUBLE.encode())
        raise ImportError
    assert capfd.readouterr().err == TROUBLE


@pytest.mark.slow
def test_tensorflow_imports_without_a_word():
    code = "import utils, keras, tensorflow as tf; print(int(tf.constant(1) + 1))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("2\n", "")


def test_install_leaves_an_imported_tensorflow_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", object())
    before = list(sys.meta_path)
    _quiet.install()
    assert sys.meta_path == before
