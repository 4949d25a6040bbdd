import os
import subprocess
import sys

import pytest

SWITCH = "TF_USE_LEGACY_KERAS"


def run(code, **environment):
    """Run code in a process of its own: which Keras TensorFlow takes is settled once in each."""
    clean = {k: v for k, v in os.environ.items() if k != SWITCH}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=clean | environment
    )


@pytest.mark.slow
def test_tf_keras_is_legacy_keras_and_keras_stays_keras_3():
    done = run(
        "import utils\n"
        "from utils import legacy_keras\n"
        "from utils.graphs import GraphConvolution\n"
        "import keras, tensorflow as tf, stellargraph\n"
        "print(legacy_keras.version()[0], keras.__version__[0])\n"
        "print(issubclass(GraphConvolution, keras.Layer))\n"
        "print(issubclass(stellargraph.layer.GraphConvolution, tf.keras.layers.Layer))\n"
    )
    assert done.stdout == "2 3\nTrue\nTrue\n", done.stderr


@pytest.mark.slow
def test_after_tensorflow_it_says_what_to_do():
    done = run("import utils, tensorflow\nfrom utils import legacy_keras")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("RuntimeError: TensorFlow was imported before utils.legacy_keras")


def test_the_switch_is_set_and_no_framework_is_loaded():
    done = run(
        "import os, sys\n"
        "from utils import legacy_keras\n"
        f"print(os.environ['{SWITCH}'], [n for n in ('tensorflow', 'keras') if n in sys.modules])"
    )
    assert (done.stdout, done.stderr) == ("1 []\n", "")


@pytest.mark.parametrize("value", ["1", "true", "True"])
def test_a_switch_that_is_on_is_left_as_it_is(value):
    code = f"from utils import legacy_keras; import os; print(os.environ['{SWITCH}'])"
    assert run(code, **{SWITCH: value}).stdout == f"{value}\n"


def test_a_switch_that_is_off_is_turned_on():
    code = f"from utils import legacy_keras; import os; print(os.environ['{SWITCH}'])"
    assert run(code, **{SWITCH: "0"}).stdout == "1\n"


@pytest.mark.slow
def test_version_refuses_keras_3():
    done = run(
        "import os, utils\n"
        "from utils import legacy_keras\n"
        f"os.environ['{SWITCH}'] = '0'\n"
        "import tensorflow\n"
        "legacy_keras.version()\n"
    )
    assert done.returncode == 1
    assert "RuntimeError: tf.keras is keras and not tf_keras" in done.stderr
