"""Compare the steps on JAX with those of the notebooks on TensorFlow, on tiny cases.

In the course's environment: ``KERAS_BACKEND=tensorflow python benchmarks/gpu/check.py FILE.npz``
writes what TensorFlow answers. In one with JAX, the same line without the variable compares: the
weights begin alike, the batches are alike, and losses and weights have to agree after some steps.
Dropout and noise draw other numbers on JAX, so they are 0 here.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ["COURSE_DATA"] = "sample"  # small, and its shapes are the real ones'
os.environ["COURSE_PROFILE"] = "quick"
import chest_xray
import colorization
import gan_mnist
import gat_cora
import numpy as np
import onjax

STEPS = 4


def filled(model: Any, seed: int) -> Any:
    """Give a model weights that NumPy draws, the same on both."""
    rng = np.random.default_rng(seed)
    values = []
    for weight in model.weights:
        shape = tuple(weight.shape)
        if "moving" in weight.path or "gamma" in weight.path:
            values.append(np.ones(shape, "float32"))
        else:
            size = 0.5 / np.sqrt(max(1, np.prod(shape[:-1]))) if len(shape) > 1 else 0.01
            values.append(rng.normal(0, size, shape).astype("float32"))
    model.set_weights(values)
    return model


def gat() -> dict[str, Any]:
    """Take some steps of 06/01 on the whole sample, each after a validation pass, no dropout."""
    space = gat_cora.lesson()
    space["DROPOUT"] = 0.0
    model = space["network"] = filled(space["build_network"](0), 0)
    if onjax.JAX:
        space["compile_network"](model)
        model.optimizer.build(model.trainable_variables)
        epoch, losses = gat_cora.epoch_of(space, model, gat_cora.dense_graph(space)), []
        state = gat_cora.state_of(model)
        for _ in range(STEPS):
            state, told = epoch(state)
            losses.append(np.asarray(told))
        return {"losses": losses, "weights": [np.asarray(w) for w in state[0]]}
    onjax.cells(gat_cora.NOTEBOOK, ("training-2",), space)
    parts = (space["batch_of"](part) for part in (space["cora"].train, space["cora"].validation))
    train, validation = parts
    curves = model.fit(
        train, validation_data=validation, epochs=STEPS, shuffle=False, verbose=0
    ).history
    columns = [curves[name] for name in ("loss", "val_loss", "val_accuracy")]
    return {"losses": np.transpose(columns), "weights": model.get_weights()}


def gan(optimizer: str) -> dict[str, Any]:
    """Take some steps of 04/01 with narrow networks, by plain descent or by the notebook's Adam.

    Adam moves a weight by its rate however small its gradient is, also where that is rounding (a
    bias before a batch norm), so weights are compared after plain descent, losses after both.
    """
    import keras

    space = onjax.cells(gan_mnist.NOTEBOOK, gan_mnist.CELLS)
    pair = filled(space["build_generator"](2), 1), filled(space["build_discriminator"](2), 2)
    if optimizer == "adam":
        adams = [space["adam"](model, 2e-4) for model in pair]
    else:
        adams = [keras.optimizers.SGD(0.05) for _ in pair]
        for one, model in zip(adams, pair, strict=True):
            one.build(model.trainable_variables)
    rng, losses, players = np.random.default_rng(3), [], (*pair, *adams)
    batches = [
        (space["to_network"](space["digits"][8 * k : 8 * k + 8]),
         rng.normal(size=(8, 1, 1, 100)).astype("float32")) for k in range(STEPS)
    ]  # fmt: skip
    if onjax.JAX:
        state, step = gan_mnist.state_of(players), gan_mnist.step_of(space, players)
        for batch in batches:
            state, *both = step(state, *batch)
            losses.append([float(loss) for loss in both])
        gan_mnist.put_back(state, players)
    else:
        losses = [[float(loss) for loss in space["one_step"](*players, *b)] for b in batches]
    weights = [w for model in pair for w in model.get_weights()]
    return {"losses": losses} | ({"weights": weights} if optimizer != "adam" else {})


def colours() -> dict[str, Any]:
    """Take some of Keras's own steps with the network of 10/03, an eighth as wide."""
    space = onjax.cells(colorization.NOTEBOOK, colorization.CELLS)
    onjax.cells(colorization.NOTEBOOK, ("fuse-embedding", "all-layers-2"), space)
    network, rng = filled(space["colorizer"](64, 1 / 8), 4), np.random.default_rng(5)
    network.compile("adam", "mse")
    images = rng.integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    flow = space["batches"](images, rng.random((3, 1000), "float32") / 500, rng)
    return {"losses": [float(network.train_on_batch(*next(flow))) for _ in range(STEPS)]}


def lungs() -> dict[str, Any]:
    """Take some of Keras's own steps with the loss and small forms of the networks of 02/02.

    In float64: with two X-rays a batch norm makes much of rounding.
    """
    import keras

    if onjax.JAX:
        import jax

        jax.config.update("jax_enable_x64", True)
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    space = onjax.cells(chest_xray.NOTEBOOK, chest_xray.CELLS)
    onjax.cells(chest_xray.NOTEBOOK, chest_xray.NETWORK_CELLS, space)
    networks = {
        "unet": space["unet"](4, 2),
        "fold": space["deeplab"](space["small_encoder"](), 8)[0],
    }
    found = {}
    for name, network in networks.items():
        filled(network, 6).compile(keras.optimizers.SGD(0.01), space["loss"])
        batches = space["Augmented"](np.arange(2 * STEPS), 2, 0)
        found[name] = [float(network.train_on_batch(*batches[k])) for k in range(STEPS)]
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    return found


def answers() -> dict[str, np.ndarray]:
    """Return what all cases answer, by name."""
    cases = {"gat": gat(), "gan, descent": gan("descent"), "gan, adam": gan("adam")}
    cases |= {"colours": colours(), "lungs": lungs()}
    found = {}
    for case, parts in cases.items():
        for part, values in parts.items():
            if part == "weights":
                found |= {f"{case}, weight {i}": np.asarray(v) for i, v in enumerate(values)}
            else:
                found[f"{case}, {part}"] = np.asarray(values)
    return found


def main(path: Path) -> int:
    """Write TensorFlow's answers, or compare JAX's with them; return how many differ."""
    found = answers()
    if not onjax.JAX:
        np.savez(path, **found)
        print(f"{len(found)} answers in {path}")
        return 0
    wrong = 0
    with np.load(path) as wanted:
        assert set(wanted.files) == set(found), set(wanted.files) ^ set(found)
        for name, value in found.items():
            gap = float(np.abs(value - wanted[name]).max())
            wrong += gap > 1e-4
            if "weight" not in name or gap > 1e-4:
                print(f"{name}: {value.shape}, largest difference {gap:.1e}")
    print(f"{len(found)} answers, {wrong} of them differ by more than 1e-4")
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
