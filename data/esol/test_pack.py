"""ESOL's table: read by its columns, packed as two of them. The table is made here."""

import csv

import numpy as np

from data.esol import pack

ROWS = [
    ("Amide one", -0.97, 1.58, "CC(N)=O "),
    ('Name, with "marks"', -2.885, -4.593999999999999, "Cc1occc1C(=O)Nc2ccccc2"),
    ("Methane", 0.03, -0.9, "C"),
]


def test_reads_the_columns_by_name_and_packs_two(tmp_path, files):
    with open(tmp_path / "delaney-processed.csv", "w", encoding="utf-8", newline="") as stream:
        columns = ("Compound ID", "ESOL predicted", pack.MEASURED, "smiles")
        csv.writer(stream).writerows([columns, *ROWS])
    esol = pack.official(files)
    assert esol.smiles == ("CC(N)=O", "Cc1occc1C(=O)Nc2ccccc2", "C")
    np.testing.assert_array_equal(esol.solubility, np.float32([1.58, -4.594, -0.9]), strict=True)
    lines = ["smiles,solubility", "CC(N)=O,1.58", "Cc1occc1C(=O)Nc2ccccc2,-4.594", "C,-0.9", ""]
    assert pack.pack(esol).decode("ascii").split("\n") == lines
