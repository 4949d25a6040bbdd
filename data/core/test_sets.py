"""Every set keeps the rules of its folder: a card, a documented record, a seeded sample."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

from data.core import cards, load
from data.core.record import Record
from utils import data

SHARED = {field.name for field in fields(Record)}


def parts(value):
    """Yield the numbers, texts and arrays that a value is made of, in order."""
    if is_dataclass(value):
        yield type(value).__name__
        for field in fields(value):
            yield from parts(getattr(value, field.name))
    elif hasattr(value, "tocsr"):
        yield from (value.shape, value.data, value.indices, value.indptr)
    elif isinstance(value, Path):
        yield from (value.name, value.read_bytes())
    elif isinstance(value, Mapping):
        yield from parts(list(value.items()))
    elif isinstance(value, list | tuple):
        yield len(value)
        for one in value:
            yield from parts(one)
    else:
        yield value


@pytest.fixture(params=data.names())
def name(request):
    return request.param


@pytest.mark.slow
def test_the_sample_is_named_and_the_same_where_it_was_kept(name):
    first = data.load(name, tier="sample")  # drawn, where no earlier test has done so
    again = data.load(name, tier="sample")
    count = 0
    for one, other in zip(parts(first), parts(again), strict=True):
        assert type(one) is type(other)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, strict=True)
            count += 1
        else:
            assert one == other
            count += isinstance(one, bytes)  # a set may be a file
    assert count >= 1
    assert first.name == name and isinstance(first.items, int) and first.items > 0
    card = load.find(name)
    if card.shipped or card.sample_shipped:
        assert (first.data, first.source) == ("real", "shipped")
        assert (first.fraction == 1) == bool(card.shipped)
    else:
        assert (first.data, first.fraction) == ("sample", None)
        assert first.source in ("generated", "shipped")


def test_the_record_describes_each_of_its_fields(name):
    entry = load.find(name)
    module = import_module(f"data.{entry.folder.name}")
    kind = get_type_hints(load._function(module, "read", entry))["return"]
    assert issubclass(kind, Record)
    own = [field.name for field in fields(kind) if field.name not in SHARED]
    described = re.search(r"Parameters\n    -+\n(.*)", kind.__doc__, re.DOTALL)[1]
    heads = re.findall(r"^    ([\w, ]+) : .", described, re.MULTILINE)
    assert sorted(own) == sorted(part.strip() for head in heads for part in head.split(","))


def test_the_card_says_what_a_whole_set_is(name):
    entry = load.find(name)
    text = (entry.folder / cards.CARD).read_text(encoding="utf-8")
    assert entry.name in tomllib.loads(text)
    assert cards.parse(text, entry.folder / cards.CARD)[entry.name] == entry
    assert isinstance(entry.items, int) and entry.items > 0


def test_no_official_file_lies_in_a_folder():
    folders = {entry.folder for entry in cards.entries().values()}
    assert len(folders) > 40
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    foreign = [path for path in found if path.suffix not in (".py", ".toml", ".pyc")]
    assert foreign == []
