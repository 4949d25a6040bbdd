"""Seeded molecules of rings and chains in the layout of MUTAG's files.

A molecule has one to four six-rings, chains of carbons, two nitrogens and two oxygens. As in MUTAG,
class 1 is likelier where both oxygens sit on one nitrogen (a nitro group) and where rings are many;
the two thirds with the largest effect are class 1. Counts of nitrogens and oxygens are the same for
all, and an oxygen on each nitrogen makes the same bonds as a nitro group and an amine.
"""

import numpy as np

CARBON, NITROGEN, OXYGEN = 0, 1, 2
N_MOLECULES = 120
NITRO, RING, NOISE = 3.0, 1.0, 0.5  # effect of a nitro group and of each ring, sd of what is left
ON_CARBON = 0.15  # chance of an oxygen to sit on a carbon


Bond = tuple[int, int]  # the numbers of two atoms


def molecules(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw molecules, two thirds of them of class 1, as the tables of MUTAG's files.

    Arrays of int64: ``A`` (n_edges, 2) with each bond in both directions, ``graph_indicator``,
    ``graph_labels`` (1 and -1) and ``node_labels`` (n_items, 1); atoms and molecules are counted
    from 1.
    """
    rng = np.random.default_rng(seed)
    rows = [(*_molecule(rng), rng.normal(0, NOISE)) for _ in range(N_MOLECULES)]
    atoms, bonds, effects, noise = zip(*rows, strict=True)
    sizes = [len(own) for own in atoms]
    first = np.cumsum([1, *sizes[:-1]])  # the number of a molecule's first atom
    bond = np.concatenate([np.array(own) + k for own, k in zip(bonds, first, strict=True)])
    rank = np.argsort(np.argsort(np.add(effects, noise)))
    columns = {
        "graph_indicator": np.repeat(np.arange(N_MOLECULES) + 1, sizes),
        "graph_labels": np.where(rank >= N_MOLECULES / 3, 1, -1),
        "node_labels": np.concatenate(atoms),
    }
    tables = {name: values.astype(np.int64)[:, None] for name, values in columns.items()}
    return tables | {"A": np.stack([bond, bond[:, ::-1]], axis=1).reshape(-1, 2)}


def _molecule(rng: np.random.Generator) -> tuple[list[int], list[Bond], float]:
    """Draw one molecule: its atoms, its bonds, and its effect."""
    atoms: list[int] = []
    bonds: list[Bond] = []

    def add(atom: int, to: int) -> int:
        atoms.append(atom)
        bonds.append((to, len(atoms) - 1))
        return len(atoms) - 1

    rings = int(rng.integers(1, 5))
    for ring in range(rings):
        start = len(atoms)
        atoms += [CARBON] * 6
        bonds += [(start + k, start + (k + 1) % 6) for k in range(6)]
        if ring:
            bonds.append((int(rng.integers(start)), start))
    for _ in range(rng.integers(1, 4)):  # chains of carbons
        at = int(rng.integers(len(atoms)))
        for _ in range(rng.integers(1, 4)):
            at = add(CARBON, at)
    free = [int(k) for k in rng.permutation(len(atoms))]
    nitrogens = [add(NITROGEN, free.pop()) for _ in range(2)]
    places = [nitrogen for nitrogen in nitrogens for _ in range(2)]
    rng.shuffle(places)
    hosts = [free.pop() if rng.random() < ON_CARBON else places.pop() for _ in range(2)]
    for host in hosts:
        add(OXYGEN, host)
    return atoms, bonds, NITRO * (hosts[0] == hosts[1]) + RING * rings
