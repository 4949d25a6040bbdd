"""Seeded molecules put together from fragments, with a solubility that follows a stated rule.

Every molecule is possible chemistry (RDKit has checked it) and none is measured. What the course
calls its solubility is the rule below plus noise, so what a network learns here says that the
code works, and nothing about water.
"""

import tomllib
from pathlib import Path

import numpy as np
from rdkit import Chem
from rdkit.Chem import Crippen, rdMolDescriptors

_FILE = Path(__file__).with_name("fragments.toml")
CORES, LINKS, ENDS = (
    tuple(part.items()) for part in tomllib.loads(_FILE.read_text(encoding="utf-8")).values()
)
ROWS, TWINS = 410, 6  # molecules, and how many of them stand twice
LARGEST = 40  # heavy atoms
NOISE = 0.35  # standard deviation of the noise in the target


def soluble_molecules(seed: int = 0) -> tuple[list[str], list[float]]:
    """Draw molecules: their SMILES, and the target of each, rounded to 0.01 as in ESOL's file.

    The target is ``0.5 - 1.1 log P - 0.03 heavy atoms - 0.3 aromatic rings`` (Crippen's log P) plus
    normal noise of standard deviation 0.35. As in the official file, some molecules stand twice in
    two spellings, and one, methane, is a single atom. A twin's value differs by a little or not at
    all.
    """
    rng = np.random.default_rng(seed)
    smiles = _distinct(ROWS - TWINS, rng)
    targets = [_rule(text) + rng.normal(0, NOISE) for text in smiles]
    for first in rng.choice(np.arange(1, len(smiles)), TWINS, replace=False):
        molecule = Chem.MolFromSmiles(smiles[first])
        order = rng.permutation(molecule.GetNumAtoms()).tolist()
        smiles.append(Chem.MolToSmiles(Chem.RenumberAtoms(molecule, order), canonical=False))
        targets.append(targets[first] + rng.choice([0.0, 0.0, 0.05, -0.1]))
    order = rng.permutation(ROWS)
    return [smiles[i] for i in order], [round(float(targets[i]), 2) for i in order]


def _distinct(n: int, rng: np.random.Generator) -> list[str]:
    """Return SMILES of ``n`` different molecules, methane first."""
    distinct = {"C": None}  # a dict keeps the order
    while len(distinct) < n:
        molecule = Chem.MolFromSmiles(_assembled(rng))
        if 2 <= molecule.GetNumAtoms() <= LARGEST:
            distinct.setdefault(Chem.MolToSmiles(molecule))
    return list(distinct)


def _assembled(rng: np.random.Generator) -> str:
    """Return a core whose places are filled with chains of links and an end."""
    text = _draw(CORES, rng)
    while (place := text.find("{}")) >= 0:
        # The longer it is, the sooner it ends: sizes stay near those of ESOL.
        more = rng.random() < 0.8 - 0.015 * len(text)
        fragment = _draw(LINKS if more else ENDS, rng)
        free = next(str(k) for k in range(3, 10) if str(k) not in text)  # as number of a ring
        text = text[:place] + fragment.replace("1", free) + text[place + 2 :]
    return text


def _draw(choices: tuple[tuple[str, float], ...], rng: np.random.Generator) -> str:
    weights = np.array([weight for _, weight in choices], float)
    return choices[rng.choice(len(choices), p=weights / weights.sum())][0]


def _rule(smiles: str) -> float:
    molecule = Chem.MolFromSmiles(smiles)
    rings = rdMolDescriptors.CalcNumAromaticRings(molecule)
    return 0.5 - 1.1 * Crippen.MolLogP(molecule) - 0.03 * molecule.GetNumAtoms() - 0.3 * rings
