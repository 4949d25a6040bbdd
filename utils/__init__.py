"""The thin package that the course's notebooks import.

``import utils`` loads no framework: TensorFlow, Keras, scikit-learn and Matplotlib come in with
the sub-module that needs them. A notebook begins with

>>> import utils
>>> course = utils.start("06/01", seed=0)
>>> settings = course.pick(quick=dict(epochs=2), full=dict(epochs=30))
"""

import os

# TensorFlow writes start-up notices straight to the terminal; a notebook would keep them as output.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from utils._start import Course, start  # noqa: E402  (after the log level)

__all__ = ["Course", "start"]
