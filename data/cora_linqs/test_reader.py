"""The LINQS files of Cora, read line by line, and the sample in their place."""

import numpy as np
import pytest

from utils import data

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


def test_the_sample_has_the_papers_of_cora_and_each_citation_once():
    cora, record = data.load("cora"), data.load("cora_linqs", "sample")
    assert (record.data, record.source, record.fraction) == ("sample", "shipped", None)
    names = [name.replace("_", " ").capitalize() for name in record.topic_names]
    ours = [names[topic] for topic in record.topics]
    assert ours == [cora.class_names[label] for label in cora.labels]
    assert (record.words != cora.features).nnz == 0
    citing, cited = record.citations
    assert (citing > cited).all() and record.citations.shape == (2, cora.edges.shape[1] // 2)
    both = np.concatenate([record.citations, record.citations[::-1]], axis=1)
    np.testing.assert_array_equal(both[:, np.lexsort(both[::-1])], cora.edges, strict=True)
