"""Seeded molecules of rings and chains in the layout of MUTAG's files.

In MUTAG, aromatic rings that carry a nitro group (a nitrogen with two oxygens) make up most of the
class 1. Here a molecule has one to three six-rings and the atoms of a nitro group. In class 1 the
group stays together on a ring; in class 0 its nitrogen and its oxygens sit apart, so that a count
of the atoms cannot tell the classes apart. Some labels are turned, as if measured wrongly.
"""

from __future__ import annotations

import numpy as np

CARBON, NITROGEN, OXYGEN = 0, 1, 2
AROMATIC, SINGLE, DOUBLE = 0, 1, 2
N_MOLECULES = 120
TURNED = 0.08  # share of labels that are wrong


def molecules(n: int = N_MOLECULES, seed: int = 0) -> dict[str, np.ndarray]:
    """Draw molecules, two thirds of them of class 1, as the tables of MUTAG's files.

    Arrays of int64: ``A`` (n_edges, 2) with each bond in both directions, ``edge_labels``,
    ``graph_indicator``, ``graph_labels`` (1 and -1) and ``node_labels`` (n_items, 1); atoms and
    molecules are counted from 1.
    """
    rng = np.random.default_rng(seed)
    ends: list[tuple[int, int]] = []
    kinds: list[int] = []
    atoms: list[int] = []
    owner: list[int] = []
    labels = []
    for molecule in range(1, n + 1):
        mutagenic = rng.random() < 2 / 3
        own_atoms, bonds = _molecule(rng, mutagenic)
        for a, b, kind in bonds:
            a, b = a + len(atoms) + 1, b + len(atoms) + 1
            ends += [(a, b), (b, a)]
            kinds += [kind, kind]
        atoms += own_atoms
        owner += [molecule] * len(own_atoms)
        labels.append(1 if mutagenic != (rng.random() < TURNED) else -1)
    columns = {"edge_labels": kinds, "graph_indicator": owner, "graph_labels": labels}
    tables = {name: np.array(values, np.int64)[:, np.newaxis] for name, values in columns.items()}
    return tables | {
        "A": np.array(ends, np.int64),
        "node_labels": np.array(atoms, np.int64)[:, np.newaxis],
    }


def _molecule(
    rng: np.random.Generator, mutagenic: bool
) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Draw one molecule: its atoms, and its bonds as (atom, atom, kind)."""
    atoms: list[int] = []
    bonds: list[tuple[int, int, int]] = []

    def add(atom: int, to: int, kind: int = SINGLE) -> int:
        atoms.append(atom)
        bonds.append((to, len(atoms) - 1, kind))
        return len(atoms) - 1

    for ring in range(rng.integers(1, 4)):
        start = len(atoms)
        atoms += [CARBON] * 6
        bonds += [(start + k, start + (k + 1) % 6, AROMATIC) for k in range(6)]
        if ring:
            bonds.append((start - 3, start, SINGLE))
    free = [int(k) for k in rng.permutation(len(atoms))]
    for _ in range(rng.integers(1, 5)):  # a chain of carbons
        free.append(add(CARBON, free[-1]))
    nitrogen = add(NITROGEN, free[0])
    add(OXYGEN, nitrogen if mutagenic else free[1], DOUBLE)
    add(OXYGEN, nitrogen if mutagenic else free[2])
    return atoms, bonds
