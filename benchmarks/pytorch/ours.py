"""Steps of this course: networks and training steps of notebooks 04/01 and 04/02, as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import clock
import keras
import numpy as np
import tensorflow as tf
from lesson import taught

GAN = (
    "loss_if_real",
    "loss_if_generated",
    "adam",
    "update_discriminator",
    "update_generator",
    "one_step",
    "convolution",
    "normalisation",
    "build_generator",
    "build_discriminator",
)
N_NOISE = 100  # the report's
VAE = ("STRIDED", "build_encoder", "build_decoder", "loss_terms", "VAE")


def main(folder: Path) -> None:
    """Time the steps of both; what is compiled on the first call comes before the clock."""
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "digits.npz") as stored:
        large, small = stored["large"], stored["small"]
    rows = {
        "GAN: the notebook's": gan(large, settings["gan"]),
        "VAE: the notebook's": vae(small, settings["vae"]),
    }
    clock.tell(rows, ("tensorflow", "keras", "numpy"))


def gan(pictures: np.ndarray, options: dict[str, Any]) -> dict[str, Any]:
    """Take one step on each batch of 64x64 digits."""
    own = taught("04_generative/01_gan_mnist", GAN)
    keras.utils.set_random_seed(0)
    generator = own["build_generator"](options["base"], N_NOISE)
    discriminator = own["build_discriminator"](options["base"])
    players = generator, discriminator
    adams = [own["adam"](player, options["rate"]) for player in players]
    batches = pictures.reshape(-1, options["batch"], 64, 64, 1)

    @tf.function
    def step(real: tf.Tensor, noise: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return own["one_step"](*players, *adams, tf.cast(real, tf.float32) / 127.5 - 1, noise)

    def take(i: int) -> float:
        noise = tf.random.stateless_normal((options["batch"], 1, 1, N_NOISE), (0, i))
        return float(step(tf.constant(batches[i]), noise)[0])

    take(0)
    row = clock.timed(lambda: [take(i) for i in range(len(batches))])
    row["answer"] = [2 * float(np.log(2)), float(np.mean(row["answer"][-10:]))]
    return row


def vae(images: np.ndarray, options: dict[str, Any]) -> dict[str, Any]:
    """Fit one epoch of as many batches as steps are asked for."""
    own = taught("04_generative/02_vae_mnist", VAE)
    model = own["VAE"](options["capacity"])
    steps = len(images) // options["batch"]
    adam = keras.optimizers.Adam(options["rate"], epsilon=1e-8)
    model.compile(adam, steps_per_execution=steps, jit_compile=False)
    common = {"batch_size": options["batch"], "shuffle": False, "verbose": 0}
    images = images[..., np.newaxis]
    model.fit(images, epochs=1, **common)  # compiles
    row = clock.timed(lambda: model.fit(images, epochs=1, **common) and None)
    after = model.fit(images[-10 * options["batch"] :], epochs=1, **common).history["loss"][0]
    row["answer"] = [784 * float(np.log(2)), after]
    return row


if __name__ == "__main__":
    main(clock.inputs())
