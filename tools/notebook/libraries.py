"""The large libraries, imported for their effect: processes are forked from one that has them."""

import gc
import os
from importlib import import_module

LARGE = (
    "keras",
    "tensorflow",
    "scipy.stats",
    "scipy.sparse.linalg",
    "sklearn.metrics",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "networkx",
    "ipykernel.kernelapp",
    "utils",
)

# TensorFlow announces its own start on standard error, which no setting of its own silences.
_errors, _nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
os.dup2(_nothing, 2)
try:
    for _name in LARGE:
        import_module(_name)
finally:
    os.dup2(_errors, 2)
    os.close(_errors)
    os.close(_nothing)

# These objects stay for good. A fork that looked through them for garbage would need half a second
# each time, and would copy the memory that it shares.
gc.collect()
gc.freeze()
