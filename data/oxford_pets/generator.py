"""Drawn cats and dogs with trimaps, a miniature of the Oxford-IIIT pets."""

import numpy as np

from drawing.pets import BREEDS, Pair, photograph


def pets(count: int, seed: int = 0) -> list[Pair]:
    """Draw cats and dogs in turn over all `BREEDS`; their sizes differ.

    The first ones are the same whatever the count.
    """
    random = [np.random.default_rng([seed, i]) for i in range(count)]
    return [photograph(BREEDS[i % len(BREEDS)], rng) for i, rng in enumerate(random)]
