"""The thin package that the course's notebooks import.

``import utils`` loads no framework: TensorFlow, Keras, scikit-learn and Matplotlib come in with
the sub-module that needs them. A notebook begins with

>>> import utils
>>> course = utils.start("06/01", seed=0)
>>> settings = course.pick(quick=dict(epochs=2), lesson=dict(epochs=30))

It is imported before the frameworks, which read some settings once, at their own import: Keras runs
on TensorFlow here, and TensorFlow logs errors alone where nobody has set it otherwise. What
TensorFlow prints at its import in spite of that, `utils._quiet` takes away.
"""

import os

import data as _course_data

if not hasattr(_course_data, "__path__"):
    raise ImportError(
        f"{_course_data.__file__} hides the course's package of the same name: "
        "rename that file, then restart the kernel"
    )

from utils import _quiet
from utils._start import Course, start

_quiet.install()
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__all__ = ["Course", "start"]
