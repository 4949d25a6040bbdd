"""What the course's core parts cost at growing sizes: one part, a line of JSON for every size.

``course.py bench --growth`` starts it once for each part, in a fresh process.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import clock
import numpy as np
import psutil

Work = Callable[[], object]
REPEATS, BRIEF = 5, 2.0  # what takes less than so many seconds is timed again, the least counts


def script(benchmark: str, name: str) -> ModuleType:
    """Return a script of a benchmark beside this one, as a module."""
    path = Path(__file__).parent / benchmark / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{benchmark}_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gat(size: int, folder: Path) -> Work:
    """Return a training step of a GAT layer, 8 heads of 8, on a random graph of ``size`` edges."""
    import keras
    import tensorflow as tf

    from utils.graphs import GraphAttention

    rng, n_nodes = np.random.default_rng(0), max(4, size // 4)
    features = tf.constant(rng.standard_normal((n_nodes, 64)), tf.float32)
    edges = tf.constant(rng.integers(0, n_nodes, (2, size)), tf.int32)
    layer = GraphAttention(8, 8, activation="elu", seed=0)
    layer(features, edges)
    adam = keras.optimizers.Adam(0.005)
    adam.build(layer.trainable_variables)

    @tf.function
    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = keras.ops.mean(keras.ops.square(layer(features, edges)))
        adam.apply(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables)
        return loss

    step()
    return lambda: step().numpy()


def kernel(size: int, folder: Path) -> Work:
    """Return the kernel matrix of ``size`` digits as graphs, by the explicit features of 05/01."""
    from lesson import taught

    from utils import data

    own = taught("05_graph_kernels/01_digit_classification", script("grakel", "ours").GRID)
    images = data.load("digits").images
    labels = np.resize(images.reshape(len(images), 64).astype(np.int64) // 4, (size, 64))
    edges = own["grid_graph_edges"](8, 8)
    kinds = np.where(edges[:, 1] - edges[:, 0] == 1, 1, 2)

    def matrix() -> np.ndarray:
        features = own["explicit_features"](labels, edges, kinds)
        return (features @ features.T).toarray()

    return matrix


def suppression(size: int, folder: Path) -> Work:
    """Return non-maximum suppression of ``size`` boxes that overlap as much at every size."""
    from utils.boxes import non_max_suppression

    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 15 * size**0.5, (size, 2))
    boxes = np.hstack([corner, corner + rng.uniform(10, 40, (size, 2))])
    scores = rng.permutation(size) / size
    return lambda: non_max_suppression(boxes, scores)


def walks(size: int, folder: Path) -> Work:
    """Return biased walks of 80 steps, one from each of ``size`` nodes, as in 06/03."""
    from lesson import taught

    beside = script("node2vec", "ours")
    own = taught(beside.NOTEBOOK, beside.NAMES)
    pairs = np.random.default_rng(0).integers(0, size, (2, 2 * size))
    edges = np.concatenate([pairs, pairs[::-1]], axis=1)

    def walk() -> np.ndarray:
        graph = own["neighbour_lists"](edges, size)
        return own["random_walks"](graph, 1, 80, np.random.default_rng(0), own["biased"](0.25, 4))

    return walk


def archive(size: int, folder: Path) -> Work:
    """Return the unpacking of an official archive of ``size`` files of two kilobytes."""
    from data.core.archive import unpack

    rng, packed = np.random.default_rng(0), folder / f"{size}.zip"
    with zipfile.ZipFile(packed, "w") as file:
        for number in range(size):
            file.writestr(f"{number % 100}/{number}.bin", rng.bytes(2000))
    numbers = iter(range(100))
    return lambda: unpack([packed], folder / f"{size}-{next(numbers)}")


def submissions(size: int, folder: Path) -> Work:
    """Return the grading of ``size`` submissions of two tasks in NumPy; it tells its memory."""
    from tools.teach.grade import command, masters

    task = script("nbgrader", "task")
    place = folder / str(size)
    task.STUDENTS = size
    task.make(place, "sample")
    out = place / "out"
    masters.prepare([task.UNIT], out, None, place / "notebooks")
    words = [str(place / "submitted"), "--notebooks", str(place / "notebooks"), "--out", str(out)]

    def grade() -> dict[str, float]:
        with contextlib.redirect_stdout(io.StringIO()), memory(out) as held:
            if command.main([*words, "--jobs", str(clock.threads())]):
                sys.exit("grading failed")
        return {"mb at a quarter": at(held, 0.25 * size), "mb at the end": at(held, size)}

    return grade


@contextlib.contextmanager
def memory(out: Path) -> Iterator[list[tuple[int, float]]]:
    """Note what the grader and its workers hold, sandboxes apart, by how many are graded."""
    found: list[tuple[int, float]] = []
    over = threading.Event()

    def look() -> None:
        own = psutil.Process()
        while not over.wait(0.5):
            held = 0
            for process in (own, *own.children()):
                with contextlib.suppress(psutil.NoSuchProcess):
                    held += process.memory_info().rss
            found.append((sum(1 for _ in (out / "outcomes").rglob("*.json")), held / 1e6))

    watch = threading.Thread(target=look)
    watch.start()
    yield found
    over.set()
    watch.join()


def at(held: list[tuple[int, float]], number: float) -> float:
    """Return the memory that was held when so many were graded, in MB; 0 if it went too fast."""
    return round(next((mb for graded, mb in held if graded >= number), 0.0))


def notebooks(size: int, folder: Path) -> Work:
    """Return ``course.py run`` of ``size`` notebooks of one cell."""
    import nbformat

    from tools.notebook import common

    unit = folder / f"{size}" / "01_trial"
    unit.mkdir(parents=True)
    budget = {"quick": {"seconds": 60, "mb": 3000}}
    for number in range(1, size + 1):
        meta = {"course": {"id": f"01/{number:02}", "budget": budget}}
        cells = [nbformat.v4.new_code_cell("print(6 * 7)")]
        content = nbformat.v4.new_notebook(cells=cells, metadata=meta)
        nbformat.write(content, unit / f"{number:02}_trial.ipynb")
    code = (
        "import sys; from pathlib import Path; from tools.learn import run; "
        "from tools.notebook import common; "
        f"common.NOTEBOOKS = Path({str(unit.parent)!r}); sys.exit(run.main(sys.argv[1:]))"
    )
    numbers = iter(range(100))

    def run() -> None:
        build = str(folder / f"{size}-build-{next(numbers)}")
        subprocess.run(
            [sys.executable, "-c", code, "--jobs", str(clock.threads())],
            cwd=common.ROOT,
            env=os.environ | {"COURSE_BUILD_DIR": build},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    return run


PARTS = Namespace(
    gat=gat,
    kernel=kernel,
    suppression=suppression,
    walks=walks,
    archive=archive,
    submissions=submissions,
    notebooks=notebooks,
)


def measured(make: Callable[[int, Path], Work], size: int, folder: Path) -> dict[str, Any]:
    """Return the least of several times, and what the work tells of itself."""
    work = make(size, folder)
    taken = []
    while not taken or (len(taken) < REPEATS and sum(taken) < BRIEF):
        began = time.perf_counter()
        answer = work()
        taken.append(time.perf_counter() - began)
    told = answer if isinstance(answer, dict) else {}
    return {"size": size, "seconds": min(taken), "repeats": len(taken), **told}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="growth-") as scratch:
        for number in sys.argv[2:]:
            found = measured(getattr(PARTS, sys.argv[1]), int(number), Path(scratch))
            print(json.dumps(found), flush=True)
