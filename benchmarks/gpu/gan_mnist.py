"""Notebook 04/01 at the report's width: base 128, 5 epochs of MNIST in batches of 128."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import onjax

NOTEBOOK = "04_generative/01_gan_mnist"
BASE = 128
CELLS = (
    "a-generative-adversarial-network-on-mnis-2",
    "a-generative-adversarial-network-on-mnis-4",
    "look-at-the-data-2",
    "look-at-the-data-4",
    "the-networks-2",
    "the-networks-3",
    "the-training-step-2",
    "one-step",  # not used on JAX, but by the check on TensorFlow
    "the-training-step-5",
)
SCORE = (
    "a-score-for-pictures-2",
    "a-score-for-pictures-3",
    "frechet-distance",
    "what-does-a-distance-mean-2",
    "generate-pictures",
)
GAME = ("training-2", "training-3", "what-is-kept-2")


def step_of(space: dict[str, Any], players: tuple) -> Any:
    """Return what the notebook's `one_step` does, for JAX: state to state and both losses.

    The state holds weights, other variables and the optimiser's of the generator, then those of
    the discriminator.
    """
    import jax

    generator, discriminator, generator_adam, discriminator_adam = players
    from_logits = space["from_logits"]

    def judged(weights: list, others: list, pictures: Any) -> tuple:
        return discriminator.stateless_call(weights, others, pictures, training=True)

    def d_objective(weights: list, others: list, real: Any, fake: Any) -> tuple:
        real_logits, others = judged(weights, others, real)
        fake_logits, others = judged(weights, others, fake)
        return from_logits(1, real_logits) + from_logits(0, fake_logits), others

    def g_objective(fake: Any, weights: list, others: list) -> tuple:
        logits, others = judged(weights, others, fake)
        return from_logits(1, logits), others

    def step(state: tuple, real: Any, noise: Any) -> tuple:
        g_weights, g_others, g_slots, d_weights, d_others, d_slots = state

        def drawn(weights: list) -> tuple:
            return generator.stateless_call(weights, g_others, noise, training=True)

        fake, pull, g_others_new = jax.vjp(drawn, g_weights, has_aux=True)
        slope = jax.value_and_grad(d_objective, has_aux=True)
        (d_loss, d_others), slopes = slope(d_weights, d_others, real, fake)
        d_weights, d_slots = discriminator_adam.stateless_apply(d_slots, slopes, d_weights)
        slope = jax.value_and_grad(g_objective, has_aux=True)
        (g_loss, d_others), of_fake = slope(fake, d_weights, d_others)
        (slopes,) = pull(of_fake)
        g_weights, g_slots = generator_adam.stateless_apply(g_slots, slopes, g_weights)
        return (g_weights, g_others_new, g_slots, d_weights, d_others, d_slots), d_loss, g_loss

    return step


def state_of(players: tuple) -> tuple:
    """Return the values of both networks and optimisers in the order of `step_of`."""
    generator, discriminator, generator_adam, discriminator_adam = players
    parts = []
    for model, adam in ((generator, generator_adam), (discriminator, discriminator_adam)):
        parts += [model.trainable_variables, model.non_trainable_variables, adam.variables]
    return tuple([variable.value for variable in part] for part in parts)


def put_back(state: tuple, players: tuple) -> None:
    """Write the values of both networks into their variables."""
    for model, (weights, others) in zip(players[:2], (state[:2], state[3:5]), strict=True):
        for variable, value in zip(model.trainable_variables, weights, strict=True):
            variable.assign(value)
        for variable, value in zip(model.non_trainable_variables, others, strict=True):
            variable.assign(value)


def game_of(space: dict[str, Any]) -> type:
    """Return the notebook's `Game` whose step, and what follows it, are JAX's."""
    import jax

    @jax.jit
    def follow(mean: list, value: list, share: Any) -> list:
        return [m + share * (v - m) for m, v in zip(mean, value, strict=True)]

    class OnJax(space["Game"]):
        """Its variables are brought up to date when its generators are asked for."""

        def __init__(self, seed: int, noise: float = 0.0):
            super().__init__(seed, noise)
            del self.step  # TensorFlow's, which was not made
            self.players = self.generator, self.discriminator, *self.adams
            self.played = jax.jit(step_of(space, self.players))
            self.state, self.seconds = state_of(self.players), []
            self.rate_at = [
                next(i for i, v in enumerate(adam.variables) if v is adam.learning_rate)
                for adam in self.adams
            ]
            parts = self.averaged.trainable_variables, self.averaged.non_trainable_variables
            self.means = [[v.value for v in part] for part in parts]

        def step(self, real: Any, noise: Any) -> tuple:
            began, state = time.perf_counter(), list(self.state)
            for slots, at, adam in zip((2, 5), self.rate_at, self.adams, strict=True):
                state[slots] = list(state[slots])
                state[slots][at] = adam.learning_rate.value
            self.state, *losses = self.played(tuple(state), real, noise)
            losses = [float(loss) for loss in losses]
            self.seconds.append(time.perf_counter() - began)
            return losses

        def follow(self, share: Any) -> None:
            now = self.state[:2]
            self.means = [follow(m, v, share) for m, v in zip(self.means, now, strict=True)]

        def generators(self) -> dict[str, Any]:
            put_back(self.state, self.players)
            parts = self.averaged.trainable_variables, self.averaged.non_trainable_variables
            for part, values in zip(parts, self.means, strict=True):
                for variable, value in zip(part, values, strict=True):
                    variable.assign(value)
            return super().generators()

    return OnJax


def lesson(*, short: bool = False, base: int = BASE) -> dict[str, Any]:
    """Return the notebook's names, its judge trained, its games of the report's width on JAX."""
    space = onjax.cells(NOTEBOOK, CELLS)
    space["settings"].base = base
    if short:
        space["pictures"], space["mnist"] = some(space, 400)
        space["digits"], space["JUDGE"] = space["pictures"][:70], dict(epochs=1)
        space["settings"].epochs, space["settings"].batch, space["SETS"] = 1, 32, 1
    onjax.cells(NOTEBOOK, SCORE, space, {"quarter = 5000": "quarter = 40"} if short else None)
    space["make_step"] = lambda *players: None
    onjax.cells(NOTEBOOK, GAME, space)
    return space


def some(space: dict[str, Any], count: int) -> tuple:
    """Return the first pictures alone, and the digits with only their labels."""
    from types import SimpleNamespace

    mnist = space["mnist"]
    names = dict(images=mnist.images[:count], labels=mnist.labels[:count], data=mnist.data)
    return space["pictures"][:count], SimpleNamespace(
        **names, test_images=mnist.test_images, test_labels=mnist.test_labels
    )


def plan(noise: float) -> list[tuple]:
    """Return recipe, seed, noise and rate of each training in the order of their weight."""
    recipes = [("report", 0, 2e-4), ("noise", noise, 1.6e-3), ("noise_at_2e-4", noise, 2e-4)]
    first = [(name, 0, added, rate) for name, added, rate in recipes[:2]]
    more = [(name, seed, added, rate) for seed in (1, 2) for name, added, rate in recipes[:2]]
    return [*first, *more, ("noise_at_2e-4", 0, *recipes[2][1:])]


def grid(pictures: np.ndarray, name: str) -> None:
    """Write 60 pictures of 64x64 as one of 6 rows."""
    import cv2

    lines = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), constant_values=255)
    whole = np.vstack([np.hstack(line) for line in np.split(lines, 6)])
    folder = Path(os.environ.get("OUT", onjax.ROOT / "build" / "gpu"))
    cv2.imwrite(str(folder / f"{name}.png"), cv2.resize(whole, None, fx=0.5, fy=0.5,
                                                        interpolation=cv2.INTER_AREA))  # fmt: skip


def main(*, short: bool = False, limit: float = 1e9) -> None:
    """Play the games of the plan, as many as there is time for, and keep what was measured."""
    space = lesson(short=short, base=4 if short else BASE)
    onjax.tell("judge", space["right"].mean(), "floor", space["floor"])
    game_type, runs = game_of(space), []
    kept = dict(judge=float(space["right"].mean()), floor=float(space["floor"]))
    for name, seed, noise, rate in plan(space["NOISE"]):
        begun = time.perf_counter()
        needed = max((run["seconds"] for run in runs[1:] or runs), default=0)
        if begun - onjax.BEGAN + needed > limit:
            onjax.tell("no time for", name, seed)
            continue
        game = game_type(seed, noise)
        found = space["measure"](game, rate=rate)
        seconds = time.perf_counter() - begun
        run = dict(recipe=name, seed=seed, rate=rate, noise=noise, seconds=seconds)
        run |= dict(steps=len(game.seconds), step_seconds=float(np.median(game.seconds)))
        run |= dict(all_steps_seconds=sum(game.seconds), first_seconds=max(game.seconds))
        run |= {key: np.array(values, float).tolist() for key, values in found.items()}
        runs.append(run)
        brief = {k: run[k] for k in ("seconds", "step_seconds", "last weights to B")}
        onjax.tell(name, seed, brief, "averaged", run["averaged weights to B"])
        onjax.keep("gan_mnist", **kept, runs=runs)
        if seed == 0 and name in ("report", "noise"):
            network = list(game.generators().values())[name == "noise"]  # last, or averaged
            noise_in = space["draw_noise"](60, 10_000_100)
            grid(space["generate"](noise_in, network), f"digits_{name}")


if __name__ == "__main__":
    main(short="--short" in sys.argv, limit=float(os.environ.get("LIMIT", "1e9")))
