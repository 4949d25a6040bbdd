"""MUTAG: 188 molecules as labelled graphs, in the layout of the TU collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

ATOMS = ("C", "N", "O", "F", "I", "Cl", "Br")
BONDS = ("aromatic", "single", "double", "triple")
# What each file holds (one line an item) and in how many columns.
FILES = {
    "A": 2,
    "edge_labels": 1,
    "graph_indicator": 1,
    "graph_labels": 1,
    "node_labels": 1,
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Compounds(Record):
    """Molecules side by side as one graph without bonds between them.

    Parameters
    ----------
    owner : np.ndarray
        (n_atoms,) int64, ascending: the molecule that an atom belongs to.
    atoms : np.ndarray
        (n_atoms,) int64, index into ``atom_names``. Hydrogen is left out.
    bonds : np.ndarray
        (n_bonds, 2) int64: each bond once, smaller atom first, rows in ascending order.
    bond_kinds : np.ndarray
        (n_bonds,) int64, index into ``bond_names``.
    labels : np.ndarray
        (n_molecules,) int64: 1 if it makes the bacterium mutate, else 0.
    atom_names, bond_names : tuple of str
    """

    owner: np.ndarray
    atoms: np.ndarray
    bonds: np.ndarray
    bond_kinds: np.ndarray
    labels: np.ndarray
    atom_names: tuple[str, ...] = ATOMS
    bond_names: tuple[str, ...] = BONDS

    @property
    def items(self) -> int:
        """Number of molecules."""
        return len(self.labels)


def read(files: Files) -> Compounds:
    """Read the 188 molecules."""
    found = files.paths()
    return _record({name: read_table(found[f"MUTAG_{name}.txt"], FILES[name]) for name in FILES})


def sample(seed: int = 0) -> Compounds:
    """Draw 120 molecules."""
    from data.mutag.generator import molecules

    return _record(molecules(seed=seed))


def read_table(path: Path, columns: int) -> np.ndarray:
    """Read whole numbers, one row a line, separated by commas: (n_lines, columns) int64.

    Raises
    ------
    DataError
        If a line holds anything else; the message names file and line.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} was not read: {error}") from error
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append([int(part) for part in line.split(",")])
        except ValueError:
            rows.append([])
        if len(rows[-1]) != columns:
            raise DataError(
                f"{path.name}, line {number}: {columns} whole numbers expected, not {line!r}."
            )
    return np.array(rows, np.int64).reshape(-1, columns)


def _record(tables: Mapping[str, np.ndarray]) -> Compounds:
    """Turn the tables of the files, which count from 1, into a record."""
    if problem := _problem(tables):
        raise DataError(f"MUTAG's files do not fit together: {problem} expected.")
    ends = tables["A"] - 1
    forth = np.flatnonzero(ends[:, 0] < ends[:, 1])
    forth = forth[np.lexsort(ends[forth].T[::-1])]
    return Compounds(
        owner=tables["graph_indicator"][:, 0] - 1,
        atoms=tables["node_labels"][:, 0],
        bonds=ends[forth],
        bond_kinds=tables["edge_labels"][forth, 0],
        labels=(tables["graph_labels"][:, 0] == 1).astype(np.int64),
    )


def _problem(tables: Mapping[str, np.ndarray]) -> str:
    """Say what the tables lack, or nothing."""
    ends, owner = tables["A"] - 1, tables["graph_indicator"][:, 0] - 1
    atoms, kinds = tables["node_labels"][:, 0], tables["edge_labels"][:, 0]
    labels = tables["graph_labels"][:, 0]
    if len(atoms) != len(owner):
        return "as many node labels as atoms"
    if len(kinds) != len(ends):
        return "as many edge labels as edges"
    if np.any(np.diff(owner) < 0):
        return "atoms in the order of their molecules"
    if set(owner) != set(range(len(labels))):
        return "a label for every molecule"
    if not set(labels) <= {1, -1}:
        return "labels 1 and -1"
    if not set(atoms) <= set(range(len(ATOMS))):
        return "known atoms"
    if not set(kinds) <= set(range(len(BONDS))):
        return "known bonds"
    if not set(ends.ravel()) <= set(range(len(owner))):
        return "edges between atoms that exist"
    if np.any(owner[ends[:, 0]] != owner[ends[:, 1]]):
        return "bonds inside a molecule"
    bonds = {(a, b) for a, b in ends.tolist()}
    loops = any(a == b for a, b in bonds)
    both = bonds == {(b, a) for a, b in bonds} and len(bonds) == len(ends)
    return "" if both and not loops else "each bond in both directions"
