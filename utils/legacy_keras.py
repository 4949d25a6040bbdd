"""Let ``tf.keras`` be legacy Keras, the Keras 2 of the package tf-keras, in this process.

StellarGraph was written for Keras 2. TensorFlow decides while it is imported which Keras stands
behind ``tf.keras``, so this module is imported before it, for its effect: ``import utils``, then
``from utils import legacy_keras``, then ``import tensorflow``, the order that the course's imports
have; a module of ``utils`` that loads TensorFlow itself, such as ``utils.graphs``, comes in a later
line. ``import keras`` is Keras 3 as everywhere in the course; a layer of the one has no place in a
model of the other.
"""

from __future__ import annotations

import os
import sys

SWITCH = "TF_USE_LEGACY_KERAS"

if os.environ.get(SWITCH) != "1" and "tensorflow" in sys.modules:
    raise RuntimeError(
        "TensorFlow was imported before utils.legacy_keras and has settled on Keras 3. "
        "Restart the kernel, and import legacy_keras before all that imports TensorFlow "
        "(utils.graphs does)."
    )
os.environ[SWITCH] = "1"


def version() -> str:
    """Return the version of legacy Keras; RuntimeError if ``tf.keras`` is another all the same."""
    import tensorflow as tf

    package = tf.keras.layers.Layer.__module__.partition(".")[0]
    if package != "tf_keras":
        raise RuntimeError(
            f"tf.keras is {package} and not tf_keras, although {SWITCH} is set. "
            "Restart the kernel and run the imports cell first."
        )
    return sys.modules[package].__version__
