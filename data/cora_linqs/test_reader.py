"""The LINQS files of Cora, read line by line."""

import numpy as np
import pytest

CONTENT = "40\t0\t1\t1\tTheory\n7\t1\t0\t0\tCase_Based\n35\t0\t0\t0\tNeural_Networks\n"
CITES = "7\t40\n40\t7\n35\t7\n"  # cited, citing


def test_reads_papers_and_citations(tmp_path, serve):
    (tmp_path / "cora.content").write_text(CONTENT)
    (tmp_path / "cora.cites").write_text(CITES)
    record = serve(tmp_path)
    np.testing.assert_array_equal(record.ids, np.array([40, 7, 35]), strict=True)
    words = np.float32([[0, 1, 1], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(record.words.toarray(), words, strict=True)
    np.testing.assert_array_equal(record.topics, np.array([6, 0, 2]), strict=True)
    # 40 cites 7, 7 cites 40 and 35: rows of the citing papers over rows of the cited ones.
    np.testing.assert_array_equal(record.citations, np.array([[0, 1, 1], [1, 0, 2]]), strict=True)
    assert record.fraction == pytest.approx(3 / 2708)


def test_the_official_files(real):
    assert real.words.shape == (2708, 1433) and real.words.nnz == 49216
    assert np.bincount(real.topics).tolist() == [298, 418, 818, 426, 217, 180, 351]
    assert len({frozenset(pair) for pair in real.citations.T.tolist()}) == 5278
    # the file's first line, "35 1033": paper 1033 cites paper 35
    assert real.ids[real.citations[:, 0]].tolist() == [1033, 35]
