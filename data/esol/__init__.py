"""Molecules as SMILES with a measured property."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.core.fetch import Files
from data.core.record import Record
from data.esol.generator import solubility_table
from data.esol.molecules import COLUMNS, DESCRIPTORS, MEASURED, NAME, PREDICTED, SMILES


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Molecules(Record):
    """Molecules and how well they dissolve in water, in the order of the file."""

    names: tuple[str, ...]  # of the compounds; two compounds may be one molecule
    smiles: tuple[str, ...]  # structures as the file writes them, without blanks; not canonical
    solubility: np.ndarray  # (n,) float32, measured; log10 of mol per litre
    predicted: np.ndarray  # (n,) float32, by Delaney's equation: a column of the file
    descriptors: np.ndarray  # (n, 6) float32, the other columns of the file
    descriptor_names: tuple[str, ...] = DESCRIPTORS


def read(files: Files) -> Molecules:
    """Read 1,128 molecules and their solubility in water."""
    with open(files.path("delaney-processed.csv"), encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return _record({name: [row[name] for row in rows] for name in COLUMNS})


def sample(seed: int = 0) -> Molecules:
    """Put molecules together whose solubility follows a formula."""
    return _record(solubility_table(seed=seed))


def _record(table: Mapping[str, Sequence]) -> Molecules:
    return Molecules(
        names=tuple(name.strip() for name in table[NAME]),
        smiles=tuple(smiles.strip() for smiles in table[SMILES]),
        solubility=np.array(table[MEASURED], np.float32),
        predicted=np.array(table[PREDICTED], np.float32),
        descriptors=np.array([table[name] for name in DESCRIPTORS], np.float32).T.copy(),
    )
