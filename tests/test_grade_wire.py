"""Plain values come back as they were; everything else is refused, by both sides."""

import collections
import enum
import itertools
import json
import math
import random
import socket
import threading
import time

import numpy as np
import pandas as pd
import pytest

from tools.notebook import wire


def there_and_back(*values):
    frame = wire.pack("value", *values)
    header, raw = wire.HEADER.unpack(frame[: wire.HEADER.size])
    body = frame[wire.HEADER.size :]
    kind, found = wire.unpack(body[:header], body[header : header + raw])
    assert kind == "value" and len(body) == header + raw
    return found


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -(2**70), 1.5, math.inf, -0.0, 1 - 2j, "text \ud800 \u20ac", b"\x00\xff",
        [], [1, [2.0, "x"], (True, None)], (), {1: "a", "b": [2], (1, 2): None}, {1, 2, 3},
        frozenset("a"),
    ],
    ids=repr,
)  # fmt: skip
def test_plain_values_come_back_with_their_type(value):
    (found,) = there_and_back(value)
    assert found == value and type(found) is type(value)
    assert repr(found) == repr(value)  # tells -0.0 from 0.0, and 1 from True inside lists


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6, dtype=np.int32).reshape(2, 3), np.zeros((0, 3), np.float32), np.zeros((3, 0)),
        np.array(1.5), np.arange(3, dtype=">i4"), np.array(["ab", "c"]), np.array([b"ab"]),
        np.array([True, False]), np.array([1 + 2j], np.complex64), np.arange(12.0).reshape(3, 4).T,
        np.arange(10)[::-2], np.float32(2.5), np.int8(-3), np.bool_(True), np.str_("x"),
    ],
    ids=lambda v: f"{type(v).__name__}-{v.dtype}-{v.shape}",
)  # fmt: skip
def test_arrays_and_numbers_of_numpy_come_back_with_shape_and_type(value):
    (found,) = there_and_back(value)
    assert type(found) is type(value) and found.dtype == value.dtype
    np.testing.assert_array_equal(found, value, strict=True)


def test_arrays_that_come_back_can_be_written_to():
    (found,) = there_and_back(np.zeros(3))
    found[0] = 1
    assert found.sum() == 1


def test_several_arrays_keep_their_order():
    a, b, c = there_and_back([np.arange(3), {"x": np.eye(2)}], np.float64(7), np.arange(2.0))
    np.testing.assert_array_equal(a[1]["x"], np.eye(2))
    assert b == 7 and c.tolist() == [0, 1] and a[0].tolist() == [0, 1, 2]


class Equal(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Odd(np.ndarray):
    pass


class Like:
    """What NumPy takes for an array."""

    def __init__(self, value):
        self.value = value

    def __array__(self, *args, **keywords):
        return self.value


@pytest.mark.parametrize(
    "value",
    [
        object(), print, np.ndarray, np.array([object()]), np.datetime64("2020-01-01"),
        np.ma.array([1, 2], mask=[True, False]), itertools.count(), 10**6000,
        [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]], list(range(200_000)), np.zeros(9_000_000),
        "x" * 1_100_000,
    ],
    ids=lambda v: type(v).__name__,
)  # fmt: skip
def test_what_is_not_plain_does_not_travel(value):
    with pytest.raises(wire.NotPlain):
        wire.pack("value", value)


LIKE = [
    (Equal(3), 3),
    (enum.IntEnum("Colour", "RED").RED, 1),
    (enum.StrEnum("Colour", "RED").RED, "red"),
    (collections.namedtuple("Pair", "a b")(1, [2.0]), (1, [2.0])),
    (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    (collections.Counter("aab"), {"a": 2, "b": 1}),
    (np.arange(3).view(Odd), np.arange(3)),
    (np.eye(2).view(np.matrix), np.eye(2)),
    (np.ma.array([1, 2]), np.array([1, 2])),
]


@pytest.mark.parametrize(("value", "plain"), LIKE, ids=lambda v: type(v).__name__)
def test_what_counts_as_a_plain_value_arrives_as_it_and_is_no_argument(value, plain):
    (found,) = there_and_back(value)
    assert type(found) is type(plain)
    np.testing.assert_equal(found, plain)
    if isinstance(plain, np.ndarray):
        np.testing.assert_array_equal(found, plain, strict=True)
    with pytest.raises(wire.NotPlain):
        wire.pack("value", value, exact=True)


@pytest.mark.parametrize(
    "value", [pd.Series([1.0]), pd.DataFrame({"a": [1]}), Like(np.eye(2))], ids=lambda v: type(v)
)
def test_what_numpy_would_make_an_array_of_is_none_and_the_message_says_what_to_return(value):
    told = f"{type(value).__name__} is no array; return what np.array makes of it$"
    for answer in (value, [1, value]):
        with pytest.raises(wire.NotPlain, match=told):
            wire.pack("value", answer)


@pytest.mark.parametrize(
    "value",
    [range(1, 10, 3), {"a": 1}.keys(), {"a": 1}.items(), collections.deque([1, 2])],
    ids=repr,
)
def test_ranges_views_and_deques_stay_what_they_are(value):
    (found,) = there_and_back(value)
    assert type(found) is type(value) and found == value


def test_iterators_and_values_of_dicts_are_equal_to_no_list_and_can_be_read():
    for value in ((n * n for n in range(3)), map(abs, [0, 1, -4]), {0: 0, 1: 1, 2: 4}.values()):
        (found,) = there_and_back(value)
        assert found != [0, 1, 4] and list(found) == [0, 1, 4]


CHANGES = {
    "array": ([np.arange(3.0)], lambda a: a[0].fill(7)),
    "part of an array": ([np.arange(6.0)[::2]], lambda a: a[0].fill(7)),
    "array in a list in a tuple": ([([np.arange(3), "x"], 1)], lambda a: a[0][0][0].fill(7)),
    "shape": ([np.arange(6)], lambda a: setattr(a[0], "shape", (2, 3))),
    "longer list": ([[1, 2]], lambda a: a[0].append([3])),
    "item": ([[1, [2]]], lambda a: a[0].__setitem__(1, None)),
    "dict": ([{"a": [1], "b": 2}], lambda a: (a[0]["a"].clear(), a[0].update(b=3))),
    "other keys": ([{"a": 1}], lambda a: (a[0].clear(), a[0].update(c=np.eye(2)))),
    "set": ([{1, 2}], lambda a: a[0].discard(1)),
    "nothing": ([[1], np.eye(2)], lambda a: None),
}


@pytest.mark.parametrize("name", CHANGES)
def test_arguments_become_in_place_what_they_became_elsewhere(name):
    values, change = CHANGES[name]
    inner = list(map(id, values))
    (elsewhere,) = there_and_back(values)
    change(elsewhere)
    wire.put_back(values, elsewhere)
    np.testing.assert_equal(values, elsewhere)
    assert list(map(id, values)) == inner


def test_arguments_that_can_not_become_so_are_told():
    locked = np.broadcast_to(1.0, (3,))
    for values, changed in (([np.zeros(3)], [np.zeros(3, int)]), ([locked], [np.zeros(3)])):
        with pytest.raises(ValueError, match=r"another type|read-only"):
            wire.put_back(values, changed)


@pytest.mark.parametrize(
    "node",
    [
        None, [], ["value"], ["object", 1], ["list", 3], ["list"], ["dict", [["int", "0x1"]]],
        ["keys", [["list", []]]], ["range", [["str", "a"]]], ["items", [["int", "0x1"]]],
        ["dict", [["list", []], ["none"]]], ["int", 5], ["int", "ten"], ["bool", 1],
        ["float", 1.0], ["array", "<f8", [2]], ["array", "|O", [0]], ["array", "<f8", [-1]],
        ["array", "<f8", [True]], ["array", "<f8", "22"], ["array", "<f8", [1] * 40],
        ["array", "float64", [0]], ["array", "<i4,<i4", [0]], ["array", "<M8[s]", [0]],
        ["array", "<f8", [10**30]], ["number", "no such type"], ["str", 5],
    ],
    ids=json.dumps,
)  # fmt: skip
def test_forged_values_are_refused(node):
    with pytest.raises(wire.WireError):
        wire.unpack(json.dumps(["value", [node]]).encode(), b"")


@pytest.mark.parametrize(
    "header",
    [
        b"", b"\xff\xfe", '["value", []]'.encode("utf-16"), b"[" * 100_000, b'{"value": 1}',
        b'["value"]', b"[1, []]", b'["value", {}]', b'["value", [["float", "nan", 3]]]',
    ],
    ids=lambda h: repr(h[:20]),
)  # fmt: skip
def test_forged_headers_are_refused(header):
    with pytest.raises(wire.WireError):
        wire.unpack(header, b"")


def test_noise_never_does_more_than_raise_a_wire_error():
    noise = random.Random(0)
    good = wire.pack("value", [1, "a", {"b": np.arange(3)}, 2.5])
    size, _ = wire.HEADER.unpack(good[: wire.HEADER.size])
    header = good[wire.HEADER.size : wire.HEADER.size + size]
    raw = good[wire.HEADER.size + size :]
    refused = 0
    for _ in range(2_000):
        changed = bytearray(header)
        for _ in range(noise.randint(1, 4)):
            changed[noise.randrange(len(changed))] = noise.randrange(256)
        try:
            wire.unpack(bytes(changed), raw)
        except wire.WireError:
            refused += 1
    assert refused > 1_000


# ------------------------------------------------------------------ the socket


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def soon(seconds=0.3):
    return time.monotonic() + seconds


def test_messages_pass_in_pieces(pair):
    ours, theirs = pair
    big = np.arange(1_000_000)
    frame = wire.pack("value", big)
    sender = threading.Thread(target=wire.send, args=(theirs, frame))
    sender.start()
    kind, (found,) = wire.receive(ours, soon(20))
    sender.join()
    assert kind == "value"
    np.testing.assert_array_equal(found, big)


def test_silence_is_too_slow_and_an_end_is_closed(pair):
    ours, theirs = pair
    with pytest.raises(wire.TooSlow):
        wire.receive(ours, soon())
    theirs.sendall(b"\x00\x00")  # half a length, and then nothing more
    with pytest.raises(wire.TooSlow):
        wire.receive(ours, soon())
    theirs.close()
    with pytest.raises(wire.Closed):
        wire.receive(ours, soon())


def test_a_trickle_does_not_stretch_the_deadline(pair):
    ours, theirs = pair
    theirs.sendall(wire.HEADER.pack(1_000, 0))
    over = threading.Event()

    def trickle():
        while not over.wait(0.05):
            theirs.sendall(b" ")

    sender = threading.Thread(target=trickle)
    sender.start()
    began = time.monotonic()
    with pytest.raises(wire.TooSlow):
        wire.receive(ours, soon(0.5))
    over.set()
    sender.join()
    assert time.monotonic() - began < 30  # all of it would take 50 s


@pytest.mark.parametrize("lengths", [(2**32 - 1, 0), (10, 2**63)])
def test_lengths_that_lie_take_no_memory(pair, lengths):
    ours, theirs = pair
    theirs.sendall(wire.HEADER.pack(*lengths))
    with pytest.raises(wire.WireError, match="too large"):
        wire.receive(ours, soon())
