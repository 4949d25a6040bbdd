"""Questions with the kind of answer that each asks for: TREC's six coarse classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core.fetch import Files
from data.core.record import Record
from data.trec.generator import questions

CLASSES = ("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM")
TRAIN_FILE, TEST_FILE = "train_5500_coarse.label", "TREC_10_coarse.label"

Question = tuple[str, str]  # name of the class, text


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Questions(Record):
    """Questions for training and for testing, in the order of the files.

    A class is what an answer would be: an abbreviation (or what one stands for), a description, a
    thing, a human being (or a group), a place, a number (or a date).
    """

    texts: tuple[str, ...]  # words and marks stand apart, so "Who was Galileo ?"
    labels: np.ndarray  # (n,) int64, index into `class_names`
    test_texts: tuple[str, ...]  # likewise
    test_labels: np.ndarray  # (n_test,) int64
    class_names: tuple[str, ...] = CLASSES

    @property
    def items(self) -> int:
        """Number of questions, those for testing included."""
        return len(self.texts) + len(self.test_texts)


def read(files: Files) -> Questions:
    """Read 5,452 questions for training and 500 for testing."""
    train, test = (read_questions(files.path(name)) for name in (TRAIN_FILE, TEST_FILE))
    return _record(train, test)


def sample() -> Questions:
    """Write fewer questions from patterns."""
    return _record(*questions())


def _record(train: Sequence[Question], test: Sequence[Question]) -> Questions:
    labels, test_labels = (
        np.array([CLASSES.index(kind) for kind, _ in part], np.int64) for part in (train, test)
    )
    return Questions(
        texts=tuple(text for _, text in train),
        labels=labels,
        test_texts=tuple(text for _, text in test),
        test_labels=test_labels,
    )


def read_questions(path: Path) -> list[Question]:
    """Read a file with one question a line, the class, a tab, the text: (class, text) of each."""
    lines = path.read_text(encoding="latin-1").rstrip("\n").split("\n")
    return [(kind, text.strip()) for kind, text in (line.split("\t") for line in lines)]
