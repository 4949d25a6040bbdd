"""Molecules as SMILES with a measured property."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.core.fetch import Files
from data.core.record import Record
from data.esol.generator import soluble_molecules

MEASURED = "measured log solubility in mols per litre"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Molecules(Record):
    """Molecules and how well they dissolve in water, in the order of the file."""

    # Structures as the file writes them, without blanks; not canonical, and two may be one molecule
    smiles: tuple[str, ...]
    solubility: np.ndarray  # (n,) float32, measured; log10 of mol per litre


def read(files: Files) -> Molecules:
    """Read 1,128 molecules and their solubility in water."""
    with open(files.path("delaney-processed.csv"), encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return _record([row["smiles"] for row in rows], [float(row[MEASURED]) for row in rows])


def sample(seed: int = 0) -> Molecules:
    """Put molecules together whose solubility follows a formula."""
    return _record(*soluble_molecules(seed=seed))


def _record(smiles: Sequence[str], solubility: Sequence[float]) -> Molecules:
    return Molecules(
        smiles=tuple(text.strip() for text in smiles),
        solubility=np.array(solubility, np.float32),
    )
