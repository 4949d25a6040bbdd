"""ESOL's table, read by its columns. The table is made here."""

import csv

import numpy as np

from data import esol

ROWS = [
    ("Amide one", -0.97, 1.58, "CC(N)=O "),
    ('Name, with "marks"', -2.885, -3.3, "Cc1occc1C(=O)Nc2ccccc2"),
    ("Methane", 0.03, -0.9, "C"),
]


def test_reads_the_columns_by_name(tmp_path, serve):
    with open(tmp_path / "delaney-processed.csv", "w", encoding="utf-8", newline="") as stream:
        columns = ("Compound ID", "ESOL predicted", esol.MEASURED, "smiles")
        csv.writer(stream).writerows([columns, *ROWS])
    record = serve()
    assert record.smiles == ("CC(N)=O", "Cc1occc1C(=O)Nc2ccccc2", "C")
    np.testing.assert_array_equal(record.solubility, np.float32([1.58, -3.3, -0.9]), strict=True)
