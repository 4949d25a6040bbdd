"""The columns of ESOL's file, and the way from a SMILES to an RDKit molecule."""

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


def parse(smiles: str) -> Chem.Mol:
    """Return the molecule that a SMILES describes, or say what is wrong with it.

    Raises
    ------
    ValueError
        If the text is empty, is not written as a SMILES, or describes no possible molecule (an
        atom with too many bonds, an aromatic ring that is none). The message names the reason.

    Examples
    --------
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
