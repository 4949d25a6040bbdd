"""The large libraries, imported for their effect: processes are forked from one that has them."""

import gc
from importlib import import_module

LARGE = (
    "utils",  # first: it silences the start of TensorFlow
    "keras",
    "tensorflow",
    "scipy.stats",
    "scipy.sparse.linalg",
    "sklearn.metrics",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "networkx",
    "ipykernel.kernelapp",
)

for _name in LARGE:
    import_module(_name)

# These objects stay for good. A fork that looked through them for garbage would need half a second
# each time, and would copy the memory that it shares.
gc.collect()
gc.freeze()
