"""Plain values come back as they were; everything else is refused, by both sides."""

import collections
import itertools
import json
import math
import random
import socket
import threading
import time

import numpy as np
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
        frozenset("a"), range(1, 10, 3), {"a": 1}.keys(), {"a": 1}.items(), collections.deque([1]),
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


class Equal(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Odd(np.ndarray):
    pass


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


@pytest.mark.parametrize(
    "value",
    [Equal(3), collections.Counter("aab"), np.arange(3).view(Odd), np.ma.array([1, 2]), iter([1])],
    ids=lambda v: type(v).__name__,
)
def test_what_counts_as_a_plain_answer_is_no_argument(value):
    (found,) = there_and_back(value)
    assert type(found) in (int, dict, np.ndarray, type(iter([])))
    with pytest.raises(wire.NotPlain):
        wire.pack("value", value, exact=True)


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


@pytest.mark.parametrize("value", [np.zeros(3), np.broadcast_to(1.0, (3,))], ids=["type", "locked"])
def test_arguments_that_can_not_become_so_are_told(value):
    with pytest.raises(ValueError, match=r"another type|read-only"):
        wire.put_back([value], [np.zeros(3, value.dtype if value.sum() else int)])


@pytest.mark.parametrize(
    "node",
    [
        [], ["value"], ["object", 1], ["list", 3], ["list"], ["dict", [1]], {"list": [1]},
        ["keys", [["list", []]]], ["range", ["a"]], ["items", [1]], ["bytes", ["no"]],
        ["dict", [["list", []], None]], ["complex", ["one"]], ["bytes", [5]],
        ["int", [1]], ["array", "<f8", [2]], ["array", "|O", [0]], ["array", "<f8", [-1]],
        ["array", "<f8", [True]], ["array", "<f8", "22"], ["array", "<f8", [1] * 40],
        ["array", "float64", [0]], ["array", "<i4,<i4", [0]], ["array", "<M8[s]", [0]],
        ["array", "<f8", [10**30]], ["number", "no such type"],
    ],
    ids=json.dumps,
)  # fmt: skip
def test_forged_values_are_refused(node):
    with pytest.raises(wire.WireError):
        wire.unpack(json.dumps(["value", [node]]).encode(), b"")


def test_noise_never_does_more_than_raise_a_wire_error():
    noise = random.Random(0)
    good = wire.pack("value", [1, "a", {"b": np.arange(3)}, 2.5])[wire.HEADER.size :]
    size = good.rindex(b"]") + 1
    refused = 0
    for _ in range(2_000):
        changed = bytearray(good[:size])
        for _ in range(noise.randint(1, 4)):
            changed[noise.randrange(size)] = noise.randrange(256)
        try:
            wire.unpack(bytes(changed), good[size:])
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
    kind, (found,) = wire.receive(ours, soon(300))
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
        wire.receive(ours, soon(300))


def test_a_trickle_does_not_stretch_the_deadline(pair):
    ours, theirs = pair
    theirs.sendall(wire.HEADER.pack(1_000, 0))
    over = threading.Event()

    def trickle():
        while not over.wait(0.05):
            theirs.sendall(b" ")

    sender = threading.Thread(target=trickle)
    sender.start()
    with pytest.raises(wire.TooSlow):  # if it did, all of the message would come
        wire.receive(ours, soon(0.5))
    over.set()
    sender.join()


@pytest.mark.parametrize("lengths", [(2**32 - 1, 0), (10, 2**63)])
def test_lengths_that_lie_take_no_memory(pair, lengths):
    ours, theirs = pair
    theirs.sendall(wire.HEADER.pack(*lengths))
    with pytest.raises(wire.WireError, match="large"):
        wire.receive(ours, soon(300))
