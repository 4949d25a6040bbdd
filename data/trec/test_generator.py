"""The drawn questions: TREC's layout and shares, shared words, no question twice."""

import re
from collections import Counter

import numpy as np
import pytest

from data.trec import CLASSES
from data.trec.generator import HEADS, PATTERNS, SHARES, questions


@pytest.fixture(scope="module")
def parts():
    return questions()


def words(text):
    return set(text.lower().split())


def test_has_trecs_shares_of_the_classes(parts):
    assert tuple(SHARES) == tuple(PATTERNS) == CLASSES
    shares = np.array(list(SHARES.values())) / sum(SHARES.values())
    for part, n in zip(parts, (600, 150), strict=True):
        counts = Counter(kind for kind, _ in part)
        assert sum(counts.values()) == n
        assert all(abs(counts[k] - n * s) <= 3 for k, s in zip(CLASSES, shares, strict=True))


def test_the_order_of_words_tells_classes_apart(parts):
    asked = [re.match(r"(What|Which) (\w+) ", text) for _, text in parts[0]]
    for kind, head in {"ENTY": "bird", "HUM": "king", "LOC": "river"}.items():
        assert head in HEADS[kind][:2]  # the most frequent
        second = {
            k for (k, _), match in zip(parts[0], asked, strict=True) if match and match[2] == head
        }
        later = {k for k, text in parts[0] if f" the {head} " in text}
        assert second == {kind} and len(later) >= 3


def test_is_the_same_for_the_same_seed():
    first = questions(seed=3)
    assert first == questions(seed=3)
    assert first != questions(seed=4)
