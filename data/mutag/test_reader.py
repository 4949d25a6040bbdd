"""MUTAG's tables and the drawn molecules are read into one layout. Files are made here."""

import numpy as np

from data.core import fetch
from utils import data

TEXTS = {
    "A": "2, 1\n1, 2\n3, 2\n2, 3\n4, 5\n5, 4\n",
    "edge_labels": "0\n0\n1\n1\n2\n2\n",
    "graph_indicator": "1\n1\n1\n2\n2\n",
    "graph_labels": "1\n-1\n",
    "node_labels": "0\n0\n1\n2\n0\n",
}


def test_reads_the_five_files(tmp_path, monkeypatch):
    files = {}
    for name, text in TEXTS.items():
        path = tmp_path / f"MUTAG_{name}.txt"
        path.write_text(text)
        files[path.name] = fetch.Fetched(path, "local")
    monkeypatch.setattr(fetch, "fetch_all", lambda name: files)
    found = data.load("mutag", tier="real")
    assert (found.data, found.source) == ("real", "local")
    for values, expected in [
        (found.owner, [0, 0, 0, 1, 1]),
        (found.atoms, [0, 0, 1, 2, 0]),
        (found.bonds, [[0, 1], [1, 2], [3, 4]]),
        (found.bond_kinds, [0, 1, 2]),
        (found.labels, [1, 0]),
    ]:
        np.testing.assert_array_equal(values, np.array(expected, np.int64), strict=True)


def test_the_sample_cannot_be_told_by_counting_nitrogens_and_oxygens():
    found = data.load("mutag", tier="sample")
    assert (found.data, found.source) == ("sample", "generated")
    assert len(found.labels) == 120 and 0.5 < found.labels.mean() < 0.8
    per_molecule = [np.bincount(found.atoms[found.owner == k], minlength=3)[1:] for k in range(120)]
    assert {tuple(count) for count in per_molecule} == {(2, 2)}  # nitrogens and oxygens of each


def test_the_official_files(real):
    assert (len(real.labels), len(real.atoms), len(real.bonds)) == (188, 3371, 3721)
    assert np.bincount(real.labels).tolist() == [63, 125]
