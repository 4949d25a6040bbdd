"""Seeded questions in six classes: the layout of TREC's files, a tenth of the size.

What is asked for often stands right after *what*: "What poet is seen beside the river of Oaxaca ?"
asks for a person, "What river is seen beside the poet of Oaxaca ?" for a place, with the same words
in another order. As in TREC, few such words are frequent and most are rare, so that a machine has
to guess what it never met. Names that belong together stay together (:mod:`data.trec.lexicon`):
no question asks who painted a novel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from data.trec import lexicon

Question = tuple[str, str]

# Questions of each class in TREC's training file; the sample keeps their shares.
SHARES = {"ABBR": 86, "DESC": 1162, "ENTY": 1250, "HUM": 1223, "LOC": 835, "NUM": 896}
N_TRAIN, N_TEST = 600, 150

# Asked in three classes alike: a word of the class stands where {head} is, and which class that is
# must be known of the word. {who}, and {any} are such words at another place.
SHARED = (
    "What {head} did the {who} of {country} see before the {any} ?",
    "What {head} is next to the {any} on the stamps of {country} ?",
    "What {head} was the {any} of {spot} compared to ?",
    "What {head} did the {who} draw beside the {any} of {spot} ?",
    "What is the name of the {head} in the {kind} {title} ?",
    "What is the {most} {head} of {country} ?",
    "What {head} in the {site} of {spot} did the {who} make famous ?",
    "What {head} is seen beside the {any} of {spot} ?",
    "Which {head} in {country} is better known than the {any} of {place} ?",
    "Which {head} did the {who} paint beside the {any} ?",
    "Which {head} is shown with the {any} on the posters of {spot} ?",
    "Name a {head} better known than the {any} of {spot} .",
)
PATTERNS: dict[str, tuple[str, ...]] = {
    "ABBR": (
        "What does {letters} stand for ?",
        "What does the abbreviation {letters} mean ?",
        "What is the abbreviation for {spelt} ?",
        "What is {letters} ?",
    ),
    "DESC": (
        "What is {term} ?",
        "What is {food} ?",
        "What is a {animal} ?",
        "What is {letters} ?",
        "What causes {cause} ?",
        "How does {machine} work ?",
        "How do you {task} ?",
        "How is {food} made in {country} ?",
        "Why did the {trade} {person} {do} {opus} ?",
        "Why did the {who} of {spot} forbid {opus} ?",
        "Why does a {animal} {habit} ?",
        "What is the difference between a {animal} and a {beast} ?",
        "What is the {story} of the name {place} ?",
        "What is the {past} of the {any} of {spot} ?",
        "What does the name {spot} mean ?",
        "What is the {kind} {title} about ?",
        "What is {country} known for ?",
        "What did {famous} say about the {any} of {place} ?",
    ),
    "ENTY": (
        *SHARED,
        "What {kind} did {person} {do} in the year {year} ?",
        "What {kind} did the {trade} {person} {do} ?",
        "What is the name of the {kind} by the {trade} {person} ?",
        "Which {kind} made the {trade} {person} famous ?",
        "What does a {animal} eat ?",
        "What language is spoken in {spot} ?",
        "What currency is used in {country} ?",
    ),
    "HUM": (
        *SHARED,
        "Who {did} {opus} ?",
        "Who was {famous} ?",
        "Who was the first {ruler} of {country} ?",
        "Who governed the {site} of {spot} ?",
        "What {trade} {did} {opus} ?",
        "What is the name of the {trade} of {opus} ?",
        "What {ruler} ruled {country} in the year {year} ?",
        "Which {trade} became famous for {opus} ?",
        "Who taught {famous} ?",
    ),
    "LOC": (
        *SHARED,
        "Where is {spot} ?",
        "Where was {famous} born ?",
        "Where can one see a {animal} ?",
        "What {head} did the {trade} {person} live near ?",
        "What is the capital of {country} ?",
        "What {land} does the {river} flow through ?",
    ),
    "NUM": (
        "When was {famous} born ?",
        "When did {person} {do} {opus} ?",
        "How many people live in the {site} of {spot} ?",
        "How far is it from {spot} to {capital} ?",
        "How {measure} is {mountain} ?",
        "How long does a {animal} live ?",
        "What year did the {trade} {person} {do} {opus} ?",
        "What is the {extent} of the {river} ?",
        "What is the average {bulk} of a {animal} ?",
        "What is the {figure} of the {who} in the {kind} {title} ?",
        "What was the {sum} of the {most} {who} of {country} in {year} ?",
    ),
}
# What {head} draws for each class: few are frequent, most are rare.
HEADS = {
    "ENTY": tuple(
        "bird flower song ship tree horse bell dish statue animal coin book dance fish cheese dog "
        "tower ballad festival drink wine painting jewel lamp insect clock costume instrument "
        "flag toy plant map cake engine letter sword rose proverb chair soup balloon ghost".split()
    ),
    "HUM": tuple(
        "king poet team queen painter general company singer doctor saint emperor president actor "
        "explorer club band sailor teacher dancer knight family boxer judge captain tribe pirate "
        "bishop baker architect nurse spy wizard goddess champion widow shepherd monk pilot choir "
        "tailor farmer philosopher".split()
    ),
    "LOC": tuple(
        "city river lake bridge country street island state mountain port town castle village park "
        "harbour county valley province desert volcano bay coast forest canyon waterfall cape "
        "suburb glacier square swamp reef strait cave continent".split()
    ),
}
SIGHTS = ("river", "lake", "bridge", "street", "port", "castle", "park", "harbour")  # of a town
WORDS = {
    "land": ("city", "country", "state", "town", "valley", "province", "county"),
    "past": ("origin", "history", "story"),
    "story": ("origin", "meaning", "history", "source", "story"),
    "extent": ("length", "depth", "width", "speed", "temperature"),
    "bulk": ("weight", "height", "length", "speed", "temperature", "lifespan"),
    "figure": ("age", "salary", "height", "weight", "birthday"),
    "sum": ("age", "height", "weight", "income"),
    "most": ("oldest", "greatest", "most famous", "strangest", "finest", "most popular"),
    "measure": ("high", "tall", "old", "steep"),
    "habit": lexicon.HABITS,
}
ELECTED = ("president", "prime minister", "chancellor")  # in no earlier century
TOLD = ("novel", "play", "poem", "book", "story", "comedy", "fable", "opera", "picture")
LEAN = 3  # of the draw towards the front of a list: 1 for none


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
    draw = _drawer(rng)
    known: set[str] = set()
    return _part(n_train, rng, draw, known), _part(n_test, rng, draw, known)


def _part(
    n: int, rng: np.random.Generator, draw: Callable[[str], str], known: set[str]
) -> list[Question]:
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


def _dealt(rows: list[list[str]], rng: np.random.Generator) -> Iterator[list[str]]:
    """Deal rows in random order, all of them before one comes again."""
    while True:
        for i in rng.permutation(len(rows)):
            yield rows[i]


def _drawer(rng: np.random.Generator) -> Callable[[str], str]:
    """Return a function that draws a question of a class; every call draws anew."""

    def one(words: tuple[str, ...] | list[str], lean: float = 1) -> str:
        return words[int(len(words) * rng.random() ** lean)]

    works, countries = _dealt(lexicon.WORKS, rng), _dealt(lexicon.COUNTRIES, rng)
    lists = {
        name: _dealt([[entry] for entry in entries], rng)
        for name, entries in {
            "term": lexicon.TERMS,
            "cause": lexicon.CAUSES,
            "machine": lexicon.MACHINES,
            "task": lexicon.TASKS,
            "letters": lexicon.ABBREVIATIONS,
            "spelt": lexicon.SPELT_OUT,
            "famous": lexicon.PEOPLE,
            "spot": lexicon.CITIES + lexicon.ISLANDS,
        }.items()
    }

    def draw(kind: str) -> str:
        pattern = one(PATTERNS[kind])
        slots = {
            name: next(entries)[0] for name, entries in lists.items() if f"{{{name}}}" in pattern
        }
        slots |= {name: one(words) for name, words in WORDS.items()}
        slots["site"] = one(("city", "town"))
        slots["head"] = one(HEADS.get(kind, HEADS["ENTY"]), LEAN)
        others = [word for word in HEADS["HUM"] if word != slots["head"]]
        slots["who"] = one(others, LEAN)
        others = one((others, HEADS["ENTY"], SIGHTS))
        slots["any"] = one([word for word in others if word != slots["head"]], LEAN)
        if re.search("{(person|opus|trade|title)}", pattern):
            row = next(works)
            while "{title}" in pattern and row[3] not in TOLD:  # nothing happens in a telephone
                row = next(works)
            slots |= _of_work(row)
        if re.search("{(country|place|capital|river|mountain|animal|food)}", pattern):
            slots |= _of_country(next(countries), rng)
            slots["beast"] = next(countries)[-1] if "{beast}" in pattern else ""
        if slots.get("spot", "") in lexicon.ISLANDS:
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
    country, ruler, capital, city, river, mountain, food, animal = row
    place = city if rng.random() < 0.7 else capital
    reigns = (1965, 1990) if ruler in ELECTED else (1500, 1900)
    return {
        "country": country,
        "ruler": ruler,
        "capital": capital if place == city else city,
        "place": place,
        "river": river,
        "mountain": mountain,
        "food": food,
        "animal": animal,
        "year": str(rng.integers(*reigns)),
    }
