"""A notebook's own cells under Keras on JAX, for a GPU on a machine that has no TensorFlow.

Cells are taken from the notebook by their id and executed as they stand. The few names of
TensorFlow that they use outside a training step come from `stand_in`; a step with
``tf.GradientTape`` is written anew, in the script of its notebook.
"""

from __future__ import annotations

import ast
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("COURSE_PROFILE", "full")
os.environ.setdefault("COURSE_DATA", "real")
os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("TQDM_DISABLE", "1")
for each in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(each, "1")  # batches are made by one process a core
sys.path.insert(0, str(ROOT))
JAX = os.environ["KERAS_BACKEND"] == "jax"


def stand_in() -> ModuleType:
    """Return what the cells, and `utils.graphs`, ask of TensorFlow, made of JAX."""
    import jax
    import jax.numpy as jnp

    def cross_entropy(labels: Any, logits: Any) -> Any:
        return jnp.maximum(logits, 0) - logits * labels + jnp.log1p(jnp.exp(-jnp.abs(logits)))

    def normal(shape: tuple, seed: tuple) -> Any:
        return jax.random.normal(jax.random.fold_in(jax.random.key(seed[0]), seed[1]), shape)

    def function(call: Callable | None = None, **_: Any) -> Callable:
        return call if call else lambda call: call

    tf = ModuleType("tensorflow")
    tf.float32, tf.int32, tf.newaxis = "float32", "int32", None
    tf.cast = tf.constant = lambda value, dtype=None: jnp.asarray(value, dtype)
    tf.fill, tf.shape, tf.reduce_mean, tf.reduce_sum = jnp.full, jnp.shape, jnp.mean, jnp.sum
    tf.function, tf.TensorSpec = function, lambda *_: None
    tf.SparseTensor = type("SparseTensor", (), {})  # nothing is one: features are dense
    tf.nn = SimpleNamespace(sigmoid_cross_entropy_with_logits=cross_entropy)
    tf.random = SimpleNamespace(stateless_normal=normal)
    threads = SimpleNamespace(set_intra_op_parallelism_threads=lambda _: None)
    tf.config = SimpleNamespace(threading=threads, list_physical_devices=lambda kind: [kind])
    return tf


def cells(
    notebook: str,
    ids: Iterable[str],
    space: dict[str, Any] | None = None,
    changes: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Execute cells of a notebook by their ids, in this order; return their names.

    Parameters
    ----------
    notebook : str
        Unit and name, such as ``"06_graph_networks/01_gat_cora"``.
    ids : iterable of str
        ``"train-2:learned_from"`` takes of a cell the function or class of that name alone.
    space : dict, optional
        Names that are there already; the cells' come to them.
    changes : dict of str, optional
        Texts to put in the place of others. Each has to be in these cells, once.

    Raises
    ------
    LookupError
        If a cell or a text to replace is not there.
    """
    path = ROOT / "notebooks" / f"{notebook}.ipynb"
    known = {c["id"]: c for c in json.loads(path.read_text(encoding="utf-8"))["cells"]}
    sources = {}
    for name in ids:
        cell, _, part = name.partition(":")
        if known.get(cell, {}).get("cell_type") != "code":
            raise LookupError(f"{notebook} has no cell of code {cell}")
        source = "".join(known[cell]["source"])
        sources[name] = _defined(source, part) if part else source
    for old, new in (changes or {}).items():
        if "\n".join(sources.values()).count(old) != 1:
            raise LookupError(f"{notebook}: {old!r} is not there once")
        sources = {name: text.replace(old, new) for name, text in sources.items()}
    space = {"__name__": notebook} if space is None else space
    for name, text in sources.items():
        imports = "imports" in known[name.partition(":")[0]]["metadata"].get("tags", ())
        if JAX and imports:
            sys.modules["tensorflow"] = stand_in()
        exec(compile(text, f"{notebook}[{name}]", "exec"), space)
        if JAX and imports:  # Keras would take it for the real one
            del sys.modules["tensorflow"]
    return space


def _defined(source: str, name: str) -> str:
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return ast.unparse(node)
    raise LookupError(f"no {name} is defined in the cell that should have it")


class Ahead:
    """Processes that make batches before they are asked for.

    They are forked at once: no array may be on the GPU yet.
    """

    def __init__(self, make: Callable[..., Any], workers: int | None = None):
        self.workers = workers or max(1, (os.cpu_count() or 2) - 1)
        fork = multiprocessing.get_context("fork")
        self.pool = ProcessPoolExecutor(self.workers, fork, _keep, (make,))
        self.pool.submit(int).result()  # all of them are made now

    def stream(self, tasks: Iterator[tuple]) -> Iterator[Any]:
        """Yield what is made of each task, in order; some are always on their way."""
        waiting = deque()
        for task in tasks:
            waiting.append(self.pool.submit(_made, task))
            if len(waiting) > 3 * self.workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """End the processes."""
        self.pool.shutdown(cancel_futures=True)


_make: Callable[..., Any]


def _keep(make: Callable[..., Any]) -> None:
    global _make
    import cv2

    cv2.setNumThreads(1)
    _make = make


def _made(task: tuple) -> Any:
    return _make(*task)


def keep(name: str, **found: Any) -> None:
    """Write what a script has found so far, and on which machine, as ``$OUT/name.json``."""
    folder = Path(os.environ.get("OUT", ROOT / "build" / "gpu"))
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(found | {"machine": machine()}, indent=1)
    (folder / f"{name}.part").write_text(content + "\n", encoding="utf-8")
    (folder / f"{name}.part").replace(folder / f"{name}.json")


def machine() -> dict[str, Any]:
    """Return the card, the versions, the day, and how exact a product of float32 is here."""
    import jax
    import jax.numpy as jnp
    import keras
    import numpy as np

    left, right = np.random.default_rng(0).normal(size=(2, 256, 256)).astype(np.float32)
    exact = left.astype(float) @ right.astype(float)
    error = np.linalg.norm(np.asarray(jnp.asarray(left) @ jnp.asarray(right)) - exact)
    used = jax.devices()[0].memory_stats() or {}
    return {
        "card": card(),
        "device": str(jax.devices()[0].device_kind),
        "python": sys.version.split()[0],
        "jax": jax.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        "product_error": float(error / np.linalg.norm(exact)),  # 3e-4: TF32; below 1e-6: float32
        "peak_gb": used.get("peak_bytes_in_use", 0) / 1e9,
        "processors": os.cpu_count(),
        "day": datetime.now(UTC).date().isoformat(),
    }


def card() -> str:
    """Return the name of the first card, or that there is none."""
    ask = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        said = subprocess.run(ask, capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return "no GPU"
    return said.splitlines()[0].strip()


def tell(*words: Any) -> None:
    """Print a line with the seconds since the start."""
    print(f"{time.perf_counter() - BEGAN:6.1f} s |", *words, flush=True)


BEGAN = time.perf_counter()
