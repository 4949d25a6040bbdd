"""The columns of ESOL's file, and the four quantities of Delaney's equation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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


def delaney_descriptors(molecule: Chem.Mol) -> np.ndarray:
    """Return the four quantities of Delaney's equation, computed with RDKit.

    Returns
    -------
    array of float64, shape (4,)
        Crippen's estimate of log P (octanol and water; Delaney used another program's), molecular
        weight in g/mol, number of rotatable bonds, and the share of heavy atoms that are aromatic.
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
