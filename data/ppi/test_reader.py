"""PPI's archive: read, put in order, refused where it is broken. The archives are made here."""

import dataclasses
import hashlib
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from data import ppi
from data.core import cards
from data.ppi.generator import protein_graphs
from utils import data
from utils.data import DataError

DATA_FOLDER = Path(os.environ.get("COURSE_DATA_DIR") or "none")
GRAPHS = {"train": 20, "valid": 2, "test": 2}


def write_part(folder, prefix, graphs, first_id=1, shift=None):
    """Write graphs as DGL's archive has them: one file of nodes and links for all graphs."""
    sizes = [len(x) for x in graphs["features"]]
    starts = np.cumsum([0, *sizes])
    n = int(starts[-1])
    links = np.concatenate([e + s for e, s in zip(graphs["edges"], starts, strict=False)], axis=1)
    loops = np.stack([np.arange(n)] * 2)  # every node of the official files has one
    links = np.concatenate([links, loops], axis=1).T.tolist()
    content = {
        "directed": True,
        "multigraph": False,
        "graph": {},
        "nodes": [{"id": i} for i in range(n)],
        "links": [{"source": a, "target": b} for a, b in links],
    }
    (folder / f"{prefix}_graph.json").write_text(json.dumps(content))
    np.save(folder / f"{prefix}_feats.npy", np.concatenate(graphs["features"]).astype("f8"))
    np.save(folder / f"{prefix}_labels.npy", np.concatenate(graphs["labels"]).astype("i8"))
    ids = np.repeat(np.arange(len(sizes)) + first_id, sizes)
    np.save(folder / f"{prefix}_graph_id.npy", ids)


@pytest.fixture(scope="module")
def drawn():
    return protein_graphs((20, 30), n_proteins=100)


@pytest.fixture
def folder(tmp_path, drawn):
    """Return a folder with the twelve files."""
    place = tmp_path / "files"
    place.mkdir()
    first = 0
    for prefix, count in GRAPHS.items():
        part = {k: drawn[k][first : first + count] for k in ("features", "labels", "edges")}
        write_part(place, prefix, part, first_id=first + 1)
        first += count
    return place


def same_graphs(record, drawn):
    for name in ("features", "labels", "edges"):
        for found, wanted in zip(getattr(record, name), drawn[name], strict=True):
            np.testing.assert_array_equal(found, wanted, strict=True)


def packed(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path


@pytest.fixture
def entry(monkeypatch, tmp_path, folder):
    """Give the card the sum of an archive that is made here."""
    archive = packed(folder, tmp_path / "ppi.zip")
    official = cards.get("ppi")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    files = tuple(
        dataclasses.replace(f, sha256=digest, size=None, url=None) if f.name == "ppi.zip" else f
        for f in official.files
    )
    fake = dataclasses.replace(official, files=files)
    monkeypatch.setattr(cards, "get", lambda name: fake)
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    return archive


def test_reads_the_archive_of_the_cache(entry, tmp_path, drawn):
    place = tmp_path / "cache" / "ppi" / "ppi.zip"
    place.parent.mkdir(parents=True)
    entry.rename(place)
    record = data.load("ppi", tier="real")
    assert (record.data, record.source, record.name) == ("real", "cache", "ppi")
    same_graphs(record, drawn)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(record, part), drawn[part], strict=True)
    same_graphs(data.load("ppi", tier="real"), drawn)  # what is unpacked is used again


def test_reads_the_unpacked_files_of_a_local_folder(folder, tmp_path, drawn, monkeypatch):
    (tmp_path / "local").mkdir()
    folder.rename(tmp_path / "local" / "ppi")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "local"))
    record = data.load("ppi", tier="real")
    assert (record.data, record.source) == ("real", "local")
    same_graphs(record, drawn)
    assert "24" in record.describe() and "none stated" in record.describe()


def change(folder, name, **parts):
    """Change some entries of a JSON file."""
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | parts))


def test_edges_become_symmetric_unique_and_free_of_loops(folder):
    links = [(5, 3), (3, 5), (5, 3), (4, 4), (0, 1)]
    change(folder, "test_graph.json", links=[{"source": a, "target": b} for a, b in links])
    n = len(np.load(folder / "test_feats.npy"))
    edges = ppi.read_edges(folder / "test_graph.json", n)
    expected = np.array([[0, 1, 3, 5], [1, 0, 5, 3]])
    np.testing.assert_array_equal(edges, expected, strict=True)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"links": [{"source": 0, "target": 999}]}, "link 0 joins 0 and 999.*only the nodes 0 to"),
        ({"links": [{"source": -1, "target": 1}]}, "link 0 joins -1 and 1"),
        ({"links": [{"source": 0}]}, "'target'"),
        ({"links": [{"source": 0, "target": 1.5}]}, "'safe'"),
        ({"links": [[0, 1]]}, "indices must be integers"),
        ({"links": [{"source": 0, "target": 10**30}]}, "'safe'"),
        ({"links": None}, "not iterable"),
        ({"nodes": [{"id": 0}]}, "1 nodes, 1 of them different; expected 0 to"),
        ({"nodes": [{"id": {}}]}, "'safe'"),
    ],
)
def test_a_broken_graph_is_told_with_its_file(folder, parts, words):
    change(folder, "test_graph.json", **parts)
    with pytest.raises(DataError, match=f"test_graph.json.*{words}"):
        ppi.read_folder(folder)


def test_an_edge_between_two_graphs_is_refused(folder):
    last = len(np.load(folder / "test_feats.npy")) - 1
    change(folder, "test_graph.json", links=[{"source": 0, "target": last}])
    with pytest.raises(DataError, match=f"joins node 0 of graph 23 to node {last} of graph 24"):
        ppi.read_folder(folder)


@pytest.mark.parametrize(
    ("kind", "spoil", "words"),
    [
        ("feats", lambda a: np.where(np.arange(50) == 3, np.nan, a), "feats.npy: expected finite"),
        ("feats", lambda a: a * 1e300, "feats.npy: expected finite"),
        ("feats", lambda a: a[:, :49], r"of shape \(n, 50\), found float64 of shape \(\d+, 49\)"),
        ("feats", lambda a: a[0], r"of shape \(n, 50\)"),
        ("feats", lambda a: a[:0], r"found float64 of shape \(0, 50\)"),
        ("feats", lambda a: a.astype("S4"), r"found \|S4"),
        ("labels", lambda a: a[:-1], r"\d+ rows of features, \d+ of labels, \d+ graphs"),
        ("labels", lambda a: a * 2, r"labels.npy: expected 0 and 1 of shape \(n, 121\)"),
        ("labels", lambda a: np.full(a.shape, np.nan), "labels.npy: expected 0 and 1"),
        ("graph_id", lambda a: a[:-1], "do not belong together"),
        ("graph_id", lambda a: a + 0.5, "graph_id.npy: expected whole numbers"),
        ("graph_id", lambda a: a[:, None], r"graph_id.npy: .* of shape \(n\), found"),
        ("labels", lambda a: np.array([{}], object), "labels.npy cannot be read as a NumPy array"),
    ],
)
def test_a_broken_array_is_told_with_its_file(folder, kind, spoil, words):
    path = folder / f"valid_{kind}.npy"
    np.save(path, spoil(np.load(path)), allow_pickle=True)
    with pytest.raises(DataError, match=f"valid_.*{words}"):
        ppi.read_folder(folder)


HERE = (DATA_FOLDER / "ppi" / "ppi.zip").is_file() or (
    DATA_FOLDER / "ppi" / "train_graph.json"
).is_file()


@pytest.mark.skipif(not HERE, reason="COURSE_DATA_DIR holds no ppi")
def test_the_official_files(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA_DIR", str(DATA_FOLDER))  # other tests run without it
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    record = data.load("ppi", tier="real")
    sizes = np.array([len(x) for x in record.features])
    parts = record.train, record.validation, record.test
    assert [int(sizes[part].sum()) for part in parts] == [44906, 6514, 5524]
