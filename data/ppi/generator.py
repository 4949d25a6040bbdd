"""Seeded graphs of proteins that work together, one a tissue: the layout of PPI, much smaller.

Each protein of one *proteome* takes part in one to three modules (groups that do something
together), which decide its functions up to a few of its own. Proteins of a module interact often,
hubs with many. A tissue makes some of the proteins and keeps the interactions among them. So a
protein occurs in several graphs, with the same features and partly other neighbours, as in PPI.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

N_TRAIN, N_VALIDATION, N_TEST = 20, 2, 2
N_FEATURES, N_LABELS = 50, 121
N_PROTEINS, N_MODULES = 560, 10
SMALLEST, LARGEST = 100, 190  # proteins that a tissue makes
WITHOUT_FEATURES = 0.42  # share of proteins of which nothing is known, as in PPI
HELPERS = 0.07  # share of proteins that work with whoever needs them: the hubs
HELPING = 0  # their module


@dataclass(frozen=True)
class Proteome:
    """All proteins: what is known of them, what they do, and who meets whom."""

    modules: np.ndarray  # (n, n_modules) bool: which groups a protein works in
    features: np.ndarray  # (n, n_features) bool; some rows hold nothing
    labels: np.ndarray  # (n, n_labels) bool
    meets: np.ndarray  # (n, n) bool, symmetric, without loops
    # (n,) float: how much more likely than others a tissue is to make a protein, a logarithm
    common: np.ndarray


def protein_graphs(seed: int = 0) -> dict[str, Any]:
    """Draw 24 graphs with the layout of PPI.

    A tissue makes some of the proteome's proteins; those that meet nobody are left out. Returns
    ``features``, a list of (n, 50) float32, columns standardised over the training graphs;
    ``labels``, of (n, 121) uint8; ``edges``, of (2, n_edges) int64, both directions, no loops,
    sorted; ``train``, ``validation``, ``test`` int64, graph numbers.
    """
    rng = np.random.default_rng(seed)
    every = proteome(rng)
    sizes = rng.integers(SMALLEST, LARGEST + 1, N_TRAIN + N_VALIDATION + N_TEST)
    tissues = [_tissue(rng, every, int(size)) for size in sizes]
    bounds = np.cumsum([0, N_TRAIN, N_VALIDATION, N_TEST])
    train, validation, test = np.split(np.arange(bounds[-1]), bounds[1:-1])
    features = [every.features[chosen] for chosen in tissues]
    training = np.concatenate(features[:N_TRAIN])
    mean, spread = training.mean(axis=0), training.std(axis=0)
    spread[spread == 0] = 1.0  # a column that is always the same stays 0
    return {
        "features": [((rows - mean) / spread).astype(np.float32) for rows in features],
        "labels": [every.labels[chosen].astype(np.uint8) for chosen in tissues],
        # row-major order of a symmetric table: sorted by source, then by target
        "edges": [np.stack(np.nonzero(every.meets[np.ix_(some, some)])) for some in tissues],
        "train": train,
        "validation": validation,
        "test": test,
    }


def proteome(rng: np.random.Generator) -> Proteome:
    """Draw the proteins that all tissues share."""
    n, n_modules = N_PROTEINS, N_MODULES
    size = rng.dirichlet(np.full(n_modules, 6.0))  # some modules are larger
    modules = np.zeros((n, n_modules), bool)
    for protein, how_many in enumerate(rng.choice([1, 2, 3], n, p=[0.7, 0.25, 0.05])):
        modules[protein, rng.choice(n_modules, how_many, replace=False, p=size)] = True
    helpers = rng.random(n) < HELPERS
    modules[helpers] = np.arange(n_modules) == HELPING
    # Known and unknown proteins in turn, among rare and common ones alike.
    common = np.sort(rng.normal(0, 1.5, n))
    known = (np.arange(n) * WITHOUT_FEATURES) % 1 >= WITHOUT_FEATURES
    return Proteome(
        modules=modules,
        features=_features(rng, modules, known),
        labels=_labels(rng, modules),
        meets=_interactions(rng, modules),
        common=common,
    )


def _labels(rng: np.random.Generator, modules: np.ndarray) -> np.ndarray:
    """Give a protein what its modules do, less a few functions, and a few of its own."""
    popular = rng.beta(2.8, 7.2, N_LABELS)  # a few functions belong to nearly every module
    functions = rng.random((N_MODULES, N_LABELS)) < popular
    labels = (modules.astype(int) @ functions) > 0
    lost = rng.random(labels.shape) < 0.01
    own = rng.random(labels.shape) < 0.003
    return (labels & ~lost) | own


def _features(rng: np.random.Generator, modules: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Show one or a few marks of a protein: of its modules a little more often than others."""
    n = len(modules)
    marked = modules[:, np.arange(N_FEATURES) % N_MODULES]  # each mark belongs to one module
    helper = modules[:, HELPING]  # hubs are well studied
    how_many = np.where(known, 1 + rng.poisson(0.3, n) + 2 * helper, 0)
    waiting = np.where(marked, np.where(helper, 0.05, 0.3)[:, None], 1.0)
    place = (rng.random(marked.shape) * waiting).argsort(axis=1).argsort(axis=1)
    return place < how_many[:, None]  # the first to come


def _interactions(rng: np.random.Generator, modules: np.ndarray) -> np.ndarray:
    """Let proteins of one module meet often and others now and then; hubs meet many."""
    n = len(modules)
    appeal = np.minimum(0.45 + rng.pareto(1.6, n), 6)
    shared = modules.astype(int) @ modules.T
    helper = modules[:, HELPING]
    affinity = np.where(shared > 0, shared, 0.02) + 0.2 * (helper[:, None] ^ helper)
    rate = 0.66 * np.sqrt(appeal[:, None] * appeal) * affinity
    upper = np.triu(rng.random((n, n)) < 1 - np.exp(-rate), 1)
    return upper | upper.T


def _tissue(rng: np.random.Generator, every: Proteome, size: int) -> np.ndarray:
    """Choose the proteins of a tissue, in shuffled order: each tissue uses some modules more."""
    n, n_modules = every.modules.shape
    use = rng.normal(0, 0.8, n_modules)
    wanted = every.common + every.modules @ use / every.modules.sum(axis=1)
    draw = wanted + rng.gumbel(size=n)
    chosen = rng.permutation(np.argsort(draw)[-size:])
    return chosen[every.meets[np.ix_(chosen, chosen)].any(axis=1)]
