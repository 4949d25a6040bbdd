"""MUTAG: 188 molecules as labelled graphs, in the layout of the TU collection."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.core.fetch import Files
from data.core.record import Record
from data.mutag.generator import molecules

ATOMS = ("C", "N", "O", "F", "I", "Cl", "Br")
FILES = ("A", "graph_indicator", "graph_labels", "node_labels")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Compounds(Record):
    """Molecules side by side as one graph without bonds between them."""

    owner: np.ndarray  # (n_atoms,) int64, ascending: the molecule that an atom belongs to
    atoms: np.ndarray  # (n_atoms,) int64, index into `atom_names`; hydrogen is left out
    bonds: np.ndarray  # (n_bonds, 2) int64: each bond once, smaller atom first, rows ascending
    labels: np.ndarray  # (n_molecules,) int64: 1 if it makes the bacterium mutate, else 0
    atom_names: tuple[str, ...] = ATOMS

    @property
    def items(self) -> int:
        """Number of molecules."""
        return len(self.labels)


def read(files: Files) -> Compounds:
    """Read the 188 molecules."""
    paths = (files.path(f"MUTAG_{name}.txt") for name in FILES)
    tables = (np.loadtxt(path, np.int64, delimiter=",", ndmin=2) for path in paths)
    return _record(dict(zip(FILES, tables, strict=True)))


def sample() -> Compounds:
    """Draw 120 molecules."""
    return _record(molecules())


def _record(tables: Mapping[str, np.ndarray]) -> Compounds:
    """Turn the tables of the files, which count from 1, into a record.

    Each table has a line an item; that of the bonds, which stand in it both ways, two columns.
    """
    ends = tables["A"] - 1
    forth = np.flatnonzero(ends[:, 0] < ends[:, 1])
    forth = forth[np.lexsort(ends[forth].T[::-1])]
    return Compounds(
        owner=tables["graph_indicator"][:, 0] - 1,
        atoms=tables["node_labels"][:, 0],
        bonds=ends[forth],
        labels=(tables["graph_labels"][:, 0] == 1).astype(np.int64),
    )
