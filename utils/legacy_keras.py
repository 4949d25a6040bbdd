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
    """Return the version of legacy Keras."""
    import tf_keras

    return tf_keras.__version__
