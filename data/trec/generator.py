"""Seeded questions in six classes: the layout of TREC's files, a tenth of the size.

What is asked for often stands right after *what*: "What poet is seen beside the river of Oaxaca ?"
asks for a person, "What river is seen beside the poet of Oaxaca ?" for a place, with the same words
in another order. As in TREC, few such words are frequent and most are rare, so that a machine has
to guess what it never met. Names that belong together stay together (``words.toml``):
no question asks who painted a novel.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

Question = tuple[str, str]

# Questions of each class in TREC's training file; the sample keeps their shares.
SHARES = {"ABBR": 86, "DESC": 1162, "ENTY": 1250, "HUM": 1223, "LOC": 835, "NUM": 896}
N_TRAIN, N_TEST = 600, 150

_FILE = Path(__file__).with_name("words.toml")
_TABLES = tomllib.loads(_FILE.read_text(encoding="utf-8"))
WORKS, COUNTRIES = (
    [line.split("|") for line in _TABLES[name].strip().split("\n")]
    for name in ("works", "countries")
)
LISTS = {
    name: text.strip().replace("\n", "|").split("|") for name, text in _TABLES["lists"].items()
}
WORDS: dict[str, list[str]] = _TABLES["words"]
HEADS = {kind: text.split() for kind, text in _TABLES["heads"].items()}
SHARED = _TABLES["patterns"].pop("shared")
PATTERNS: dict[str, list[str]] = {
    kind: [*SHARED, *own[1:]] if own[0] == "*" else own for kind, own in _TABLES["patterns"].items()
}
SIGHTS = ("river", "lake", "bridge", "street", "port", "castle", "park", "harbour")  # of a town
ELECTED = ("president", "prime minister", "chancellor")  # in no earlier century
STORIES = ("novel", "play", "poem", "book", "story", "comedy", "fable", "opera", "picture")
LEAN = 3  # of the draw towards the front of a list: 1 for none


def questions(seed: int = 0) -> tuple[list[Question], list[Question]]:
    """Draw questions for training and for testing, (class, text), all different.

    Both parts have TREC's shares of the classes.
    """
    rng = np.random.default_rng(seed)
    draw = _drawer(rng)
    known: set[str] = set()
    return _part(N_TRAIN, rng, draw, known), _part(N_TEST, rng, draw, known)


def _part(n: int, rng: np.random.Generator, draw: Callable, known: set[str]) -> list[Question]:
    """Draw one part with the stated shares, in a random order, without a text already known."""
    whole = sum(SHARES.values())
    counts = {kind: round(n * share / whole) for kind, share in SHARES.items()}
    counts["ENTY"] += n - sum(counts.values())  # what rounding left over goes to the largest class
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    part = []
    for i in rng.permutation(n):
        text = draw(kinds[i])
        while text in known:
            text = draw(kinds[i])
        known.add(text)
        part.append((kinds[i], text))
    return part


def _dealt(rows: list, rng: np.random.Generator) -> Iterator:
    """Deal rows in random order, all of them before one comes again."""
    while True:
        for i in rng.permutation(len(rows)):
            yield rows[i]


def _drawer(rng: np.random.Generator) -> Callable[[str], str]:
    """Return a function that draws a question of a class; every call draws another."""

    def pick(words: Sequence[str], lean: float = 1) -> str:
        return words[int(len(words) * rng.random() ** lean)]

    works, countries = _dealt(WORKS, rng), _dealt(COUNTRIES, rng)
    spots = {"spot": LISTS["city"] + LISTS["island"]}
    lists = {name: _dealt(entries, rng) for name, entries in (LISTS | spots).items()}

    def draw(kind: str) -> str:
        pattern = pick(PATTERNS[kind])
        slots = {name: next(deal) for name, deal in lists.items() if f"{{{name}}}" in pattern}
        slots |= {name: pick(words) for name, words in WORDS.items()}
        slots["site"] = pick(("city", "town"))
        slots["head"] = pick(HEADS.get(kind, HEADS["ENTY"]), LEAN)
        others = [word for word in HEADS["HUM"] if word != slots["head"]]
        slots["who"] = pick(others, LEAN)
        others = pick((others, HEADS["ENTY"], SIGHTS))
        slots["any"] = pick([word for word in others if word != slots["head"]], LEAN)
        if re.search("{(person|opus|trade|title)}", pattern):
            row = next(works)
            while "{title}" in pattern and row[3] not in STORIES:  # nothing happens in a telephone
                row = next(works)
            slots |= _of_work(row)
        if re.search("{(country|place|capital|river|mountain|animal|food)}", pattern):
            slots |= _of_country(next(countries), rng)
            slots["beast"] = next(countries)[-1] if "{beast}" in pattern else ""
        if slots.get("spot", "") in LISTS["island"]:
            slots["site"] = "island"
        slots.setdefault("year", str(rng.integers(1500, 1990)))
        text = re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]], pattern)
        text = text.replace("in the island", "on the island")
        return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)

    return draw


def _of_work(row: list[str]) -> dict[str, str]:
    """Return what a row of the works fills."""
    names = ("person", "trade", "verb", "kind", "title", "year")
    slots = dict(zip(names, row, strict=True))
    slots["did"], slots["do"] = slots["verb"].split()
    if slots["title"][0].islower():
        return slots | {"opus": slots["title"]}
    return slots | {"opus": f"the {slots['kind']} {slots['title']}"}


def _of_country(row: list[str], rng: np.random.Generator) -> dict[str, str]:
    """Return what a row of the countries fills; the place is its city or its capital."""
    names = ("country", "ruler", "capital", "place", "river", "mountain", "food", "animal")
    slots = dict(zip(names, row, strict=True))
    if rng.random() >= 0.7:
        slots |= {"place": slots["capital"], "capital": slots["place"]}
    reigns = (1965, 1990) if slots["ruler"] in ELECTED else (1500, 1900)
    return slots | {"year": str(rng.integers(*reigns))}
