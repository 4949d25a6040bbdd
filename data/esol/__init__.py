"""Molecules as SMILES with a measured property, and the way from a SMILES to an RDKit molecule."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from data.core.fetch import Files
from data.core.record import Record

if TYPE_CHECKING:
    from rdkit import Chem

NAME, SMILES = "Compound ID", "smiles"
MEASURED = "measured log solubility in mols per litre"
PREDICTED = "ESOL predicted log solubility in mols per litre"
DESCRIPTORS = (
    "Minimum Degree",
    "Molecular Weight",
    "Number of H-Bond Donors",
    "Number of Rings",
    "Number of Rotatable Bonds",
    "Polar Surface Area",
)
COLUMNS = (NAME, PREDICTED, *DESCRIPTORS, MEASURED, SMILES)  # in the order of the official file


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Molecules(Record):
    """Molecules and how well they dissolve in water, in the order of the file.

    Parameters
    ----------
    names : tuple of str
        Of the compounds; two compounds may be one molecule.
    smiles : tuple of str
        Structures as the file writes them, blanks at the ends removed; not canonical.
    solubility : np.ndarray
        (n,) float32, measured; log10 of mol per litre.
    predicted : np.ndarray
        (n,) float32, the file's own column: the prediction of Delaney's equation.
    descriptors : np.ndarray
        (n, 6) float32, the file's other columns.
    descriptor_names : tuple of str
    """

    names: tuple[str, ...]
    smiles: tuple[str, ...]
    solubility: np.ndarray
    predicted: np.ndarray
    descriptors: np.ndarray
    descriptor_names: tuple[str, ...] = DESCRIPTORS


def read(files: Files) -> Molecules:
    """Read 1,128 molecules and their solubility in water."""
    with open(files.path("delaney-processed.csv"), encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    table: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in COLUMNS}
    return _record(table | {name: list(map(float, table[name])) for name in COLUMNS[1:-1]})


def sample(seed: int = 0) -> Molecules:
    """Put molecules together whose solubility follows a formula."""
    from data.esol.generator import solubility_table

    return _record(solubility_table(seed=seed))


def _record(table: Mapping[str, Sequence[Any]]) -> Molecules:
    return Molecules(
        names=tuple(name.strip() for name in table[NAME]),
        smiles=tuple(smiles.strip() for smiles in table[SMILES]),
        solubility=np.array(table[MEASURED], np.float32),
        predicted=np.array(table[PREDICTED], np.float32),
        descriptors=np.array([table[name] for name in DESCRIPTORS], np.float32).T.copy(),
    )


def parse(smiles: str) -> Chem.Mol:
    """Return the molecule that a SMILES describes, or say what is wrong with it.

    A text that is empty, is not written as a SMILES, or describes no possible molecule (an atom
    with too many bonds, an aromatic ring that is none) is a ValueError that names the reason.

    >>> parse("CCO").GetNumAtoms()
    3
    """
    from rdkit import Chem, rdBase

    if not isinstance(smiles, str) or not smiles.strip():
        raise ValueError(f"{smiles!r} is no SMILES: a text such as 'CCO' is expected.")
    with rdBase.BlockLogs():  # RDKit's own messages go to the terminal, past Python
        molecule = Chem.MolFromSmiles(smiles.strip())
        if molecule is not None:
            return molecule
        drawn = Chem.MolFromSmiles(smiles.strip(), sanitize=False)
        if drawn is None:
            raise ValueError(
                f"{smiles!r} is not written as a SMILES: "
                f"look for a bracket or a ring that is not closed, or an unknown symbol."
            )
        problems = [problem.Message() for problem in Chem.DetectChemistryProblems(drawn)]
    reason = problems[0] if problems else "RDKit does not say why"
    raise ValueError(f"{smiles!r} describes no possible molecule: {reason}.")


def delaney_descriptors(molecule: Chem.Mol) -> np.ndarray:
    """Return the four quantities of Delaney's equation, (4,) float64, computed with RDKit.

    They are Crippen's estimate of log P (octanol and water; Delaney used another program's),
    molecular weight in g/mol, number of rotatable bonds, and the share of heavy atoms that are
    aromatic.
    """
    from rdkit.Chem import Crippen, Descriptors, rdMolDescriptors

    aromatic = sum(atom.GetIsAromatic() for atom in molecule.GetAtoms())
    return np.array(
        [
            Crippen.MolLogP(molecule),
            Descriptors.MolWt(molecule),
            rdMolDescriptors.CalcNumRotatableBonds(molecule),
            aromatic / molecule.GetNumHeavyAtoms(),
        ]
    )
