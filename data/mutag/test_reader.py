"""MUTAG's tables and the drawn molecules are read into one layout. Files are made here."""

import numpy as np

TEXTS = {
    "A": "2, 1\n1, 2\n3, 2\n2, 3\n4, 5\n5, 4\n",
    "graph_indicator": "1\n1\n1\n2\n2\n",
    "graph_labels": "1\n-1\n",
    "node_labels": "0\n0\n1\n2\n0\n",
}


def test_reads_the_four_files(tmp_path, serve):
    for name, text in TEXTS.items():
        (tmp_path / f"MUTAG_{name}.txt").write_text(text)
    record = serve()
    for values, expected in [
        (record.owner, [0, 0, 0, 1, 1]),
        (record.atoms, [0, 0, 1, 2, 0]),
        (record.bonds, [[0, 1], [1, 2], [3, 4]]),
        (record.labels, [1, 0]),
    ]:
        np.testing.assert_array_equal(values, np.array(expected, np.int64), strict=True)
