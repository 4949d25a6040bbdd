"""ESOL's table, read by its columns. The table is made here."""

import csv

import numpy as np

from data import esol

ROWS = [
    ("Amide one", -0.97, 1, 59.07, 1, 0, 0, 43.09, 1.58, "CC(N)=O "),
    ('Name, with "marks"', -2.885, 1, 201.225, 1, 2, 2, 42.24, -3.3, "Cc1occc1C(=O)Nc2ccccc2"),
    ("Methane", 0.03, 0, 16.04, 0, 0, 0, 0.0, -0.9, "C"),
]


def test_reads_the_columns_by_name(tmp_path, serve):
    with open(tmp_path / "delaney-processed.csv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([esol.COLUMNS, *ROWS])
    record = serve()
    assert record.names == ("Amide one", 'Name, with "marks"', "Methane")
    assert record.smiles == ("CC(N)=O", "Cc1occc1C(=O)Nc2ccccc2", "C")
    np.testing.assert_array_equal(record.solubility, np.float32([1.58, -3.3, -0.9]), strict=True)
    np.testing.assert_array_equal(record.predicted, np.float32([-0.97, -2.885, 0.03]), strict=True)
    assert record.descriptors.shape == (3, 6) and record.descriptors.dtype == np.float32
    weight = record.descriptor_names.index("Molecular Weight")
    assert record.descriptors[1, weight] == np.float32(201.225)
