"""The LINQS files of Cora, read line by line."""

import numpy as np
import pytest

CONTENT = "40\t0\t1\t1\tTheory\n7\t1\t0\t0\tCase_Based\n35\t0\t0\t0\tNeural_Networks\n"
CITES = "7\t40\n40\t7\n35\t7\n"  # cited, citing


def test_reads_papers_and_citations(tmp_path, serve):
    (tmp_path / "cora.content").write_text(CONTENT)
    (tmp_path / "cora.cites").write_text(CITES)
    record = serve()
    words = np.float32([[0, 1, 1], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(record.words.toarray(), words, strict=True)
    np.testing.assert_array_equal(record.topics, np.array([6, 0, 2]), strict=True)
    # 40 cites 7, 7 cites 40 and 35: rows of the citing papers over rows of the cited ones.
    np.testing.assert_array_equal(record.citations, np.array([[0, 1, 1], [1, 0, 2]]), strict=True)
    assert record.fraction == pytest.approx(3 / 2708)
