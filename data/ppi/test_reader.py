"""PPI's twelve files: read, put in order, refused where they do not fit. They are made here."""

import json

import numpy as np
import pytest

from data.ppi.generator import protein_graphs

GRAPHS = {"train": 20, "valid": 2, "test": 2}


def write_part(folder, prefix, graphs, first_id):
    """Write graphs as DGL's archive has them: one file of nodes and links for all graphs."""
    sizes = [len(x) for x in graphs["features"]]
    starts = np.cumsum([0, *sizes])
    links = np.concatenate([e + s for e, s in zip(graphs["edges"], starts, strict=False)], axis=1)
    loops = np.stack([np.arange(starts[-1])] * 2)  # every node of the official files has one
    links = np.concatenate([links, loops], axis=1).T.tolist()
    content = {"links": [{"source": a, "target": b} for a, b in links]}
    (folder / f"{prefix}_graph.json").write_text(json.dumps(content))
    np.save(folder / f"{prefix}_feats.npy", np.concatenate(graphs["features"]).astype("f8"))
    np.save(folder / f"{prefix}_labels.npy", np.concatenate(graphs["labels"]).astype("i8"))
    ids = np.repeat(np.arange(len(sizes)) + first_id, sizes)
    np.save(folder / f"{prefix}_graph_id.npy", ids)


def test_the_files_are_read_and_a_pickle_is_refused(tmp_path, serve):
    drawn, first = protein_graphs(), 0
    for prefix, count in GRAPHS.items():
        part = {k: drawn[k][first : first + count] for k in ("features", "labels", "edges")}
        write_part(tmp_path, prefix, part, first_id=first + 1)
        first += count
    record = serve()
    for name in ("features", "labels", "edges"):
        for graph, expected in zip(getattr(record, name), drawn[name], strict=True):
            np.testing.assert_array_equal(graph, expected, strict=True)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(record, part), drawn[part], strict=True)
    np.save(tmp_path / "valid_labels.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):  # a pickle may run something
        serve()
