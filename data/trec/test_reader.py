"""TREC's files: read line by line. The lines are made here."""

import numpy as np

from data import trec

TRAIN = "DESC\tHow did serfdom develop ?\nHUM\tWho was Galileo ? \nABBR\tWhat is caf\xe9 ?\n"
TEST = "NUM\tHow tall is it ?\nLOC\tWhere ?\nENTY\tWhat , then ?\n"


def test_reads_both_files(tmp_path, serve):
    (tmp_path / trec.TRAIN_FILE).write_bytes(TRAIN.encode("latin-1"))
    (tmp_path / trec.TEST_FILE).write_bytes(TEST.encode("latin-1"))
    record = serve()
    assert record.texts == ("How did serfdom develop ?", "Who was Galileo ?", "What is caf\xe9 ?")
    assert record.test_texts == ("How tall is it ?", "Where ?", "What , then ?")
    assert record.class_names == ("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM")
    np.testing.assert_array_equal(record.labels, np.array([1, 3, 0], np.int64), strict=True)
    np.testing.assert_array_equal(record.test_labels, np.array([5, 4, 2], np.int64), strict=True)
