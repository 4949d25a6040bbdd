"""The drawn questions: TREC's layout and shares, shared words, no question twice."""

import re
from collections import Counter

import numpy as np
import pytest

from data.trec import CLASSES
from data.trec.generator import COUNTRIES, HEADS, PATTERNS, SHARES, WORDS, WORKS, questions


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


def test_is_written_as_trec_writes(parts):
    for _, text in parts[0] + parts[1]:
        assert re.fullmatch(r"[A-Z][a-zA-Z0-9' ]+ [?.]", text), text


def test_no_question_stands_twice(parts):
    texts = [text for _, text in parts[0] + parts[1]]
    assert len(set(texts)) == len(texts)


def test_classes_share_their_words(parts):
    seen = {kind: set().union(*(words(t) for k, t in parts[0] if k == kind)) for kind in CLASSES}
    for kind in CLASSES[1:]:  # an abbreviation is asked for in nine questions only
        for other in CLASSES[1:]:
            assert len(seen[kind] & seen[other]) > 40
    first = {kind: {t.split()[0] for k, t in parts[0] if k == kind} for kind in CLASSES}
    assert all("What" in starts for starts in first.values())


def test_the_order_of_words_tells_classes_apart(parts):
    asked = [re.match(r"(What|Which) (\w+) ", text) for _, text in parts[0]]
    for kind, head in {"ENTY": "bird", "HUM": "king", "LOC": "river"}.items():
        assert head in HEADS[kind][:2]  # the most frequent
        second = {
            k for (k, _), match in zip(parts[0], asked, strict=True) if match and match[2] == head
        }
        later = {k for k, text in parts[0] if f" the {head} " in text}
        assert second == {kind} and len(later) >= 3


def test_some_questions_cannot_be_told_apart(parts):
    asked = {kind for kind, text in parts[0] if re.fullmatch(r"What is [A-Z]+ \?", text)}
    assert asked <= {"ABBR", "DESC"} and "DESC" in asked


def test_about_half_of_the_words_stand_in_one_question(parts):
    counts = Counter(word for _, text in parts[0] + parts[1] for word in words(text))
    rare = np.mean([count == 1 for count in counts.values()])
    assert 500 < len(counts) < 1000 and 0.4 < rare < 0.7


def test_every_slot_of_a_pattern_is_filled_and_every_list_is_used(parts):
    assert not any(set("{}|") & set(text) for _, text in parts[0] + parts[1])
    slots = {slot for ps in PATTERNS.values() for p in ps for slot in re.findall(r"\{(\w+)\}", p)}
    assert {*WORDS, "head", "who", "any"} <= slots
    assert {kind for kind, ps in PATTERNS.items() if "{head}" in "".join(ps)} == set(HEADS)


def test_rows_of_the_lexicon_are_whole():
    for rows, columns in ((WORKS, 6), (COUNTRIES, 8)):
        assert all(len(row) == columns and all(row) for row in rows)
        assert len({row[0] for row in rows}) == len(rows)
    assert all(len(row[2].split()) == 2 for row in WORKS)


def test_is_the_same_for_the_same_seed():
    first = questions(seed=3)
    assert first == questions(seed=3)
    assert first != questions(seed=4)


def test_takes_sizes_and_refuses_too_few():
    train, test = questions(60, 20, seed=1)
    assert (len(train), len(test)) == (60, 20)
    with pytest.raises(ValueError, match="fewest"):
        questions(10, 20)
