import os
import re
import subprocess
import sys

import pytest

SWITCH = "TF_USE_LEGACY_KERAS"


def run(code):
    """Run code in a process of its own: which Keras TensorFlow takes is settled once in each."""
    clean = {k: v for k, v in os.environ.items() if k != SWITCH}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean)


@pytest.mark.slow
def test_tf_keras_is_legacy_keras_and_keras_stays_keras_3():
    done = run(
        "import os, sys, utils\n"
        "from utils import legacy_keras\n"
        f"print(os.environ['{SWITCH}'], [n for n in ('tensorflow', 'keras') if n in sys.modules])\n"
        "from utils.graphs import GraphConvolution\n"
        "import keras, tensorflow as tf, stellargraph\n"
        "print(legacy_keras.version()[0], keras.__version__[0])\n"
        "print(issubclass(GraphConvolution, keras.Layer))\n"
        "print(issubclass(stellargraph.layer.GraphConvolution, tf.keras.layers.Layer))\n"
    )
    assert done.stdout == "1 []\n2 3\nTrue\nTrue\n", done.stderr


def test_a_switch_that_comes_too_late_is_an_error():
    done = run("import sys\nsys.modules['tensorflow'] = sys\nfrom utils import legacy_keras\n")
    assert done.returncode == 1
    assert re.search("RuntimeError: .*utils.legacy_keras", done.stderr)
