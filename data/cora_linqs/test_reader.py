"""The LINQS files of Cora: read line by line, refused where they are broken."""

import numpy as np
import pytest

from data.core import fetch
from utils import data
from utils.data import DataError

CONTENT = "40\t0\t1\t1\tTheory\n7\t1\t0\t0\tCase_Based\n35\t0\t0\t0\tNeural_Networks\n"
CITES = "7\t40\n40\t7\n35\t7\n"  # cited, citing


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with both files, which the real tier then reads."""
    (tmp_path / "cora.content").write_text(CONTENT)
    (tmp_path / "cora.cites").write_text(CITES)
    served = {p.name: fetch.Fetched(p, "local") for p in tmp_path.iterdir()}
    monkeypatch.setattr(fetch, "fetch", lambda name, file: served[file])
    return tmp_path


def test_reads_papers_and_citations(folder):
    record = data.load("cora_linqs", tier="real")
    assert (record.name, record.data, record.source) == ("cora_linqs", "real", "local")
    np.testing.assert_array_equal(record.ids, np.array([40, 7, 35]), strict=True)
    words = np.float32([[0, 1, 1], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(record.words.toarray(), words, strict=True)
    np.testing.assert_array_equal(record.topics, np.array([6, 0, 2]), strict=True)
    # 40 cites 7, 7 cites 40 and 35: rows of the citing papers over rows of the cited ones.
    np.testing.assert_array_equal(record.citations, np.array([[0, 1, 1], [1, 0, 2]]), strict=True)
    assert record.items == 3 and record.fraction == pytest.approx(3 / 2708)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("50\t0\t1\tTheory", "4 columns, not 5"),
        ("50\t0\t1\t2\tTheory", "neither 0 nor 1"),
        ("50\t0\t1\t1\tPoetry", "'Poetry' is no topic"),
        ("fifty\t0\t1\t1\tTheory", "not the numbers"),
    ],
)
def test_a_broken_paper_is_named(folder, line, reason):
    (folder / "cora.content").write_text(CONTENT + line + "\n")
    with pytest.raises(DataError, match=f"cora.content, line 4: .*{reason}"):
        data.load("cora_linqs", tier="real")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("7\t41", r"\[7, 41\] are not both papers"),
        ("7", "not the numbers"),
        ("7\t40\t35", "not the numbers"),
        ("7\t-40", "not the numbers"),
    ],
)
def test_a_broken_citation_is_named(folder, line, reason):
    (folder / "cora.cites").write_text(CITES + line + "\n")
    with pytest.raises(DataError, match=f"cora.cites, line 4: .*{reason}"):
        data.load("cora_linqs", tier="real")


def test_the_official_files(real):
    assert real.words.shape == (2708, 1433) and real.citations.shape == (2, 5429)
    assert np.bincount(real.topics).tolist() == [298, 418, 818, 426, 217, 180, 351]
    assert len({frozenset(pair) for pair in real.citations.T.tolist()}) == 5278
    assert (real.citations[0] != real.citations[1]).all()
    assert real.ids[0] == 31336 and real.words.nnz == 49216
    # the file's first line, "35 1033": paper 1033 cites paper 35
    assert real.ids[real.citations[:, 0]].tolist() == [1033, 35]
