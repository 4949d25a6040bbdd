"""ESOL: molecules as SMILES with their measured solubility in water.

The values are those of MoleculeNet's file, which ``pack`` turns into ``esol.csv``.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from data.core import packed
from data.core.fetch import Files
from data.core.record import Record


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Molecules(Record):
    """Molecules and how well they dissolve in water, in the order of the file."""

    # Structures as the file writes them, without blanks; not canonical, and two may be one molecule
    smiles: tuple[str, ...]
    solubility: np.ndarray  # (1128,) float32, measured; log10 of mol per litre


def read(files: Files) -> Molecules:
    """Read 1,128 molecules and their solubility out of the packed file, a table of two columns."""
    lines = packed.read_bytes(files.entry).decode("ascii").splitlines()
    return molecules(csv.DictReader(lines), "solubility")


def molecules(rows: Iterable[Mapping[str, str]], measured: str) -> Molecules:
    """Make the record of rows with the columns ``smiles`` and ``measured``."""
    pairs = [(row["smiles"].strip(), float(row[measured])) for row in rows]
    smiles, solubility = zip(*pairs, strict=True)
    return Molecules(smiles=smiles, solubility=np.array(solubility, np.float32))
