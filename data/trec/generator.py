"""Seeded questions in six classes: the layout of TREC's files, a tenth of the size.

Each class has its own ways to ask, and four classes share many. "Which lake has the oldest bird ?"
asks for a place, "Which bird has the oldest lake ?" for a thing: the same words in another order.
Most such words are rare, as in TREC. A few questions, such as "What is Velmora ?", are asked in
several classes and cannot be told apart. Names of people, places and goods are invented, so that
about half of all words stand in one question only.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

Question = tuple[str, str]

# Questions of each class in TREC's training file; the sample keeps their shares.
SHARES = {"ABBR": 86, "DESC": 1162, "ENTY": 1250, "HUM": 1223, "LOC": 835, "NUM": 896}
N_TRAIN, N_TEST = 600, 150

# Asked in four classes alike; only the head tells them apart, a word of the class at its place.
# {any} is a head of any class, at another place.
SHARED = (
    "What {head} is known for the {any} of {name} ?",
    "What {head} {did} the {any} of {place} ?",
    "What is the {head} of the {most} {any} ?",
    "What is the {most} {head} of {place} ?",
    "What is the name of the {head} in the {any} {name} ?",
    "Which {head} has the {most} {any} ?",
    "Name the {head} that {did} the {any} {name} .",
    "What was the {head} of the {any} {person} in {year} ?",
)
PATTERNS: dict[str, tuple[str, ...]] = {
    "ABBR": (
        "What does {letters} stand for ?",
        "What does the abbreviation {letters} mean ?",
        "What is the abbreviation for the {adjective} {role} of {name} ?",
        "What is {letters} ?",
    ),
    "DESC": (
        "What is a {thing} ?",
        "What is {name} ?",
        "What does the {trade} {name} do ?",
        "How does a {thing} work ?",
        "How do you {action} a {thing} ?",
        "Why did the {role} {person} {action} the {thing} ?",
        "Why do {animal}s {live} in {place} ?",
        "What is the difference between a {thing} and a {thing} ?",
        "What is the {reason} of the {any} in {place} ?",
        "What is the {reason} of the name {name} ?",
        "What did the {role} {person} {action} the {thing} for ?",
    ),
    "ENTY": (
        *SHARED,
        "What animal {live}s in the {region} of {place} ?",
        "What is {name} ?",
        "What {kind} did {person} {action} in {year} ?",
        "What does the {role} of {place} {action} ?",
        "What do {animal}s {action} in the {region} ?",
    ),
    "HUM": (
        *SHARED,
        "Who {did} the {thing} ?",
        "Who was {person} ?",
        "Who is {name} ?",
        "Who was the first {role} of {place} ?",
        "What {trade} {did} {name} in {year} ?",
    ),
    "LOC": (
        *SHARED,
        "Where is {place} ?",
        "Where do {animal}s {live} ?",
        "Where was the {role} {person} born ?",
        "What is {name} ?",
        "What {region} does {person} come from ?",
    ),
    "NUM": (
        "What is the {head} of {place} ?",
        "What is the {head} of the {most} {any} ?",
        "What was the {head} of the {any} {person} in {year} ?",
        "How many {animal}s {live} in {place} ?",
        "How far is it from {place} to {place} ?",
        "How {measure} is the {region} of {place} ?",
        "How {measure} is a {animal} ?",
        "When was {person} born ?",
        "When did {person} {action} the {thing} ?",
        "What year did the {role} of {place} {action} {name} ?",
    ),
}
HEADS = {"ENTY": "kind", "HUM": "role", "LOC": "region", "NUM": "quantity"}  # what {head} draws
WORDS: dict[str, tuple[str, ...]] = {
    "thing": tuple(
        "engine clock lamp bridge mirror telescope needle kettle bicycle battery compass violin "
        "novel painting medal coin song play map law vaccine rocket computer film".split()
    ),
    "animal": tuple("bear wolf owl salmon horse beaver turtle spider eagle whale snake".split()),
    "kind": tuple(
        "animal colour book game food language car film song plant drug tool bird flower dish tree "
        "fish sport drink fruit metal disease dance ship instrument letter symbol toy stone flag "
        "motto religion product insect currency opera novel cheese rifle sauce".split()
    ),
    "role": tuple(
        "president king actor author inventor painter captain singer queen doctor mayor poet "
        "leader team general emperor novelist explorer coach composer spy astronaut senator judge "
        "company dancer wizard pirate architect chemist band founder widow sculptor".split()
    ),
    "trade": tuple("company team band club bank".split()),
    "region": tuple(
        "city country state river island county mountain capital lake province desert street "
        "harbour continent port valley village coast planet canal".split()
    ),
    "adjective": tuple("great royal national first old common public".split()),
    "most": tuple("largest oldest famous first tallest best deepest popular".split()),
    "measure": tuple("tall old long deep heavy big fast".split()),
    "quantity": tuple(
        "population length price speed height weight age temperature salary date distance size "
        "number rate depth cost zip birthday".split()
    ),
    "reason": tuple("origin purpose meaning cause history effect definition use".split()),
    "action": tuple("make build find use sell paint buy write repair".split()),
    "did": tuple("invented built wrote painted discovered sold founded".split()),
    "live": tuple("live sleep swim hide".split()),
}
COMMONER_FIRST = ("kind", "role", "region", "quantity")  # few are frequent, most are rare
STARTS = tuple("b br c d dr f h k l m n p r s st t tr v w".split())
VOWELS = tuple("a e i o u ai ea".split())
ENDS = tuple("ld len lm nd th vor".split())


def questions(
    n_train: int = N_TRAIN, n_test: int = N_TEST, seed: int = 0
) -> tuple[list[Question], list[Question]]:
    """Draw questions for training and for testing, all different.

    Parameters
    ----------
    n_train, n_test : int
        At least 20 each. Both parts have TREC's shares of the classes.

    Returns
    -------
    train, test : list of (str, str)
        Class and text.
    """
    if min(n_train, n_test) < 20:
        raise ValueError(f"20 questions a part are the fewest, not {n_train} and {n_test}.")
    rng = np.random.default_rng(seed)
    slots = _slots(rng)
    known: set[str] = set()
    return _part(n_train, rng, slots, known), _part(n_test, rng, slots, known)


def _part(
    n: int, rng: np.random.Generator, slots: dict[str, Callable[[], str]], known: set[str]
) -> list[Question]:
    """Draw one part with the stated shares, in a random order, without a text already known."""
    whole = sum(SHARES.values())
    counts = {kind: round(n * share / whole) for kind, share in SHARES.items()}
    counts["ENTY"] += n - sum(counts.values())  # what rounding left over goes to the largest class
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    part = []
    for i in rng.permutation(n):
        text = _new(kinds[i], rng, slots, known)
        known.add(text)
        part.append((kinds[i], text))
    return part


def _new(
    kind: str, rng: np.random.Generator, slots: dict[str, Callable[[], str]], known: set[str]
) -> str:
    while True:
        pattern = PATTERNS[kind][rng.integers(len(PATTERNS[kind]))]
        pattern = pattern.replace("{head}", f"{{{HEADS.get(kind)}}}")
        text = re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]](), pattern)
        if text not in known:
            return text


def _slots(rng: np.random.Generator) -> dict[str, Callable[[], str]]:
    """Return what fills each slot of a pattern; every call draws anew."""

    def one(words: tuple[str, ...], lean: float = 1) -> str:
        return words[int(len(words) * rng.random() ** lean)]

    def invented() -> str:
        middle = one(VOWELS) + one(STARTS) if rng.random() < 0.6 else ""
        return (one(STARTS) + middle + one(VOWELS) + one(ENDS)).capitalize()

    def letters() -> str:
        return "".join(chr(65 + code) for code in rng.integers(0, 26, rng.integers(2, 5)))

    places, people = ([invented() for _ in range(size)] for size in (60, 25))
    slots: dict[str, Callable[[], str]] = {
        name: (lambda words=words, lean=2 if name in COMMONER_FIRST else 1: one(words, lean))
        for name, words in WORDS.items()
    }
    return slots | {
        "any": lambda: one(WORDS[one(COMMONER_FIRST)], 2),
        "name": invented,
        "place": lambda: one(tuple(places)) if rng.random() < 0.7 else invented(),
        "person": lambda: f"{one(tuple(people))} {invented()}",
        "year": lambda: str(rng.integers(1700, 2000)),
        "letters": letters,
    }
