"""TREC's files: read line by line. The lines are made here."""

import numpy as np
import pytest

from data import trec
from data.core import fetch
from utils import data

TRAIN = "DESC\tHow did serfdom develop ?\nHUM\tWho was Galileo ? \nABBR\tWhat is caf\xe9 ?\n"
TEST = "NUM\tHow tall is it ?\nLOC\tWhere ?\nENTY\tWhat , then ?\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with both files, which the real tier then reads."""
    (tmp_path / trec.TRAIN_FILE).write_bytes(TRAIN.encode("latin-1"))
    (tmp_path / trec.TEST_FILE).write_bytes(TEST.encode("latin-1"))
    served = {("trec", p.name): fetch.Fetched(p, "local") for p in tmp_path.iterdir()}
    monkeypatch.setattr(fetch, "fetch", lambda name, file: served[name, file])
    return tmp_path


def test_reads_both_files(folder):
    record = data.load("trec", tier="real")
    assert (record.name, record.data, record.source) == ("trec", "real", "local")
    assert record.texts == ("How did serfdom develop ?", "Who was Galileo ?", "What is caf\xe9 ?")
    assert record.test_texts == ("How tall is it ?", "Where ?", "What , then ?")
    assert record.class_names == ("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM")
    np.testing.assert_array_equal(record.labels, np.array([1, 3, 0], np.int64), strict=True)
    np.testing.assert_array_equal(record.test_labels, np.array([5, 4, 2], np.int64), strict=True)
    assert "labels (3,) int64" in record.describe()


def test_the_official_files(real):
    assert (len(real.texts), len(real.test_texts)) == (5452, 500)
    assert np.bincount(real.labels).tolist() == [86, 1162, 1250, 1223, 835, 896]
    assert np.bincount(real.test_labels).tolist() == [9, 138, 94, 65, 81, 113]
    assert real.texts[0] == "How did serfdom develop in and then leave Russia ?"
    assert real.test_texts[2] == "Who was Galileo ?"
