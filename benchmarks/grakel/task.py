"""Digits and questions as graphs, and whether both sides make the same matrix of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from lesson import taught

from utils import data

DIGITS, QUESTIONS, WINDOW = 600, 2000, 3
SAME = 1e-9  # of the largest entry


def make(folder: Path, source: str) -> dict[str, Any]:
    """Write the labels of the digits' grid, and the questions' graphs of words."""
    digits = data.load("digits", data=source).images[:DIGITS]
    np.save(folder / "digits.npy", digits.reshape(len(digits), -1).astype(np.int64) // 4)
    graph_of_words = taught("05_graph_kernels/02_text_categorization", ("graph_of_words",))
    trec = data.load("trec", data=source)
    texts = [text.lower().split() for text in (*trec.texts, *trec.test_texts)[:QUESTIONS]]
    graphs = [graph_of_words["graph_of_words"](words, WINDOW) for words in texts]
    written = [[nodes, edges.tolist()] for nodes, edges in graphs]
    (folder / "questions.json").write_text(json.dumps(written), encoding="utf-8")
    of = "of TREC" if source == "real" else "written for the course"
    what = f"digits; of words, {len(graphs):,} questions {of}"
    return {"items": len(digits), "what": what}


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return the share of each matrix that is the peer's."""
    peers = {row.partition(":")[0]: file for (side, row), file in answers.items() if side == "peer"}
    return {
        (side, row): {"same entries": _same(folder / file, folder / peers[row.partition(":")[0]])}
        for (side, row), file in answers.items()
    }


def _same(ours: Path, peers: Path) -> float:
    one, other = np.load(ours), np.load(peers)
    if one.shape != other.shape:
        return 0.0
    return float(np.mean(np.abs(one - other) <= SAME * np.abs(other).max()))
