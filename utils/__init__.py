"""The thin package that the course's notebooks import.

``import utils`` loads no framework: TensorFlow, Keras, scikit-learn and Matplotlib come in with
the sub-module that needs them. A notebook begins with

>>> import utils
>>> course = utils.start("06/01", seed=0)
>>> settings = course.pick(quick=dict(epochs=2), full=dict(epochs=30))

It is imported before the frameworks: TensorFlow reads once, at its own import, how much it is to
log, and here that is set to errors alone where nobody has set it.
"""

import os

from utils._start import Course, start

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__all__ = ["Course", "start"]
