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


def test_the_switch_is_set_and_no_framework_is_loaded():
    done = run(
        "import os, sys\n"
        "from utils import legacy_keras\n"
        f"print(os.environ['{SWITCH}'], [n for n in ('tensorflow', 'keras') if n in sys.modules])"
    )
    assert (done.stdout, done.stderr) == ("1 []\n", "")


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
