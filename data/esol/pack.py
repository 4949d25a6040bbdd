"""Pack ESOL: two columns of its official table become ``esol.csv``.

Run ``python -m data.esol.pack``.
"""

import csv

from data.core import packed
from data.core.fetch import Files
from data.esol import Molecules, molecules

MEASURED = "measured log solubility in mols per litre"


def official(files: Files) -> Molecules:
    """Read the molecules and their measured solubility out of the official table."""
    with open(files.path("delaney-processed.csv"), encoding="utf-8", newline="") as stream:
        return molecules(csv.DictReader(stream), MEASURED)


def pack(esol: Molecules) -> bytes:
    """Return the content of ``esol.csv``: a molecule a line, its value as short as float32 needs.

    No comma or quotation mark occurs in SMILES.
    """
    rows = zip(esol.smiles, esol.solubility, strict=True)
    lines = ["smiles,solubility", *(f"{smiles},{value!s}" for smiles, value in rows)]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


if __name__ == "__main__":
    packed.main("esol", official, pack)
