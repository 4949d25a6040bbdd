"""Packed files: the same bytes every time, and one line for a changed or a missing one."""

import numpy as np
import pytest

from data.core import cards, packed
from utils import data

ARRAYS = {"pairs": np.array([[0, 1], [2, 3]], "<u2"), "names": np.array(["a", "bc"], "S")}
HEAD = 'shipped = "this course"\npacked = "thing.npz"\npacked_checksum = "{}"'


@pytest.fixture
def thing(entry):
    """Return the card of `thing`, whose packed file lies beside it."""
    content = packed.arrays_as_bytes(**ARRAYS)
    folder = entry(head=HEAD.format(packed.checksum(content))).parent
    (folder / "thing.npz").write_bytes(content)
    return cards.get("thing")


def test_arrays_come_back_and_the_same_values_make_the_same_bytes(thing):
    arrays = packed.read_arrays(thing)
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array, strict=True)
    assert packed.arrays_as_bytes(**arrays) == packed.read_bytes(thing)


def test_objects_are_not_packed():
    with pytest.raises(ValueError, match="allow_pickle"):
        packed.arrays_as_bytes(things=np.array([{}]))


def test_a_changed_or_missing_file_is_one_line_that_says_what_to_do(thing):
    path = thing.folder / "thing.npz"
    path.write_bytes(packed.arrays_as_bytes(pairs=ARRAYS["pairs"] + 1))
    with pytest.raises(data.ChecksumError, match=r"data/thing/thing\.npz") as changed:
        packed.read_arrays(thing)
    path.unlink()
    with pytest.raises(data.DataUnavailable, match=r"data/thing/thing\.npz") as missing:
        packed.read_arrays(thing)
    for error in (changed, missing):
        message = str(error.value)
        assert "`git checkout data/thing/thing.npz`" in message and "\n" not in message
        assert "`python -m data.thing.pack`" in message


def test_main_writes_the_file_and_says_whether_the_card_knows_it(thing, capsys):
    before = packed.read_bytes(thing)
    path = thing.folder / "thing.npz"
    path.unlink()
    packed.main("thing", lambda files: ARRAYS, lambda record: packed.arrays_as_bytes(**record))
    assert path.read_bytes() == before and "as its card says" in capsys.readouterr().out
    packed.main("thing", lambda files: b"other", lambda record: record)
    assert path.read_bytes() == b"other" and "must say" in capsys.readouterr().out


def test_main_without_the_official_files_ends_with_the_message_and_leaves_the_file(thing, entry):
    before = packed.read_bytes(thing)
    entry('name = "a.bin"', head=HEAD.format(packed.checksum(before)))  # no address, no checksum
    with pytest.raises(SystemExit) as stopped:
        packed.main("thing", lambda files: files.path(), lambda record: record)
    message = str(stopped.value)
    assert "COURSE_DATA_DIR/thing/a.bin" in message and "COURSE_DATA=sample" not in message
    assert packed.read_bytes(thing) == before


def test_the_official_files_of_a_packed_set_are_no_download(entry):
    file = 'name = "a.bin"\nurls = ["https://127.0.0.1:1/a.bin"]\nsize = 7\nchecksum = "sha256:0"'
    entry(file)
    assert (len(cards.get("thing").downloads), cards.get("thing").size) == (1, 7)
    entry(file, head=HEAD.format("sha256:0"))
    assert (cards.get("thing").downloads, cards.get("thing").size) == ((), None)
