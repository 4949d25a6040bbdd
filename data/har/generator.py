"""Seeded accelerometer recordings of three activities, in the layout of the real HAR file.

A recording is what a small board measures while it is carried somewhere on the body: gravity, seen
from however the board happens to be held, plus the body's own motion. A few recordings come from
one session (the same person, the same pocket) and are alike; sessions differ in orientation, step
frequency and strength. So windows of known recordings are easy, and a new recording is not.
"""

import numpy as np
from scipy.spatial.transform import Rotation

CLASS_NAMES = ("stationary", "walking", "running")
COUNTS = (36, 39, 17)  # recordings of each class in the real file
LIMIT = 4000.0  # mg, range of the sensor
GRAVITY = 1000.0  # mg
# Step frequency in Hz, peak of the first harmonic in mg, and their spread between sessions.
GAIT = {"walking": (1.75, 0.18, 330.0, 0.45), "running": (2.8, 0.16, 1250.0, 0.3)}
MOST_IN_SESSION = 5


def har_like(samples: int, rate: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw recordings of people who stand or sit, walk, and run, in ``rate`` samples a second.

    There are as many of each class as in the real file. Returns (92, samples, 3) float32, whole
    numbers of mg within +-4000, and labels (92,) int64, index into ``CLASS_NAMES``, sorted.
    """
    label = np.repeat(np.arange(len(CLASS_NAMES)), COUNTS)
    rng = np.random.default_rng(seed)
    time = np.arange(samples) / rate
    recordings = [
        motion
        for name, count in zip(CLASS_NAMES, COUNTS, strict=True)
        for motion in _activity(name, count, time, rng)
    ]
    acceleration = np.clip(np.rint(np.stack(recordings)), -LIMIT, LIMIT)
    return acceleration.astype(np.float32), label.astype(np.int64)


def _activity(name: str, count: int, time: np.ndarray, rng: np.random.Generator):
    """Yield the recordings of one class, session after session."""
    left = count
    while left:
        size = min(left, 1 + int(rng.integers(MOST_IN_SESSION)) * int(rng.random() < 0.4))
        pose = Rotation.from_quat(rng.normal(size=4), scalar_first=True)  # held in any way
        person = rng.normal(size=8).clip(-2, 2)
        for _ in range(size):
            still = name == "stationary"
            body = _still(time, person, rng) if still else _gait(name, time, person, rng)
            x, y, z = rng.normal(0, 0.05, 3)
            tilt = Rotation.from_euler("zxy", (z, x, y))
            yield (pose * tilt).apply(body) + rng.normal(0, 4, body.shape)
        left -= size


def _still(time: np.ndarray, person: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Gravity on a board that lies on a desk, or is held by somebody who shifts now and then."""
    gravity = np.tile([0.0, 0.0, GRAVITY], (len(time), 1))
    if person[0] < -0.2:  # on a desk
        return gravity
    seconds = len(time) * time[1]
    shift = np.zeros((len(time), 2))
    events = rng.integers(len(time), size=rng.poisson(seconds / 9 * np.exp(0.6 * person[1])))
    shift[events] = rng.normal(0, 0.45, (len(events), 2))
    angles = np.stack([_blur(turn, 14).cumsum() for turn in shift.T], axis=1)
    restless = 25 * _blur((shift[:, :1] != 0)[:, 0].astype(float), 22) + 0.12
    tremor = np.stack([_smooth(rng.normal(size=len(time)), 1) for _ in range(3)], axis=1)
    turns = Rotation.from_euler("xy", angles + _wander(time, 0.04, rng))
    return turns.apply(gravity) + (80 * restless)[:, None] * tremor


def _gait(name: str, time: np.ndarray, person: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Gravity, and steps: vertical impacts with harmonics, sway to the side at half the rate."""
    frequency, spread, strength, variation = GAIT[name]
    frequency *= np.exp(spread * person[0] / 2) * (1 + 0.015 * rng.normal())
    strength *= np.exp(variation * person[1]) * (1 + 0.05 * rng.normal())
    drift = 0.5 * np.cumsum(_smooth(rng.normal(size=len(time)), 13)) / len(time)
    phase = 2 * np.pi * (frequency * time + drift + rng.random())
    liveliness = strength * (1 + 0.15 * _smooth(rng.normal(size=len(time)), 40))
    shape = np.array([1.0, 0.45 + 0.15 * person[2], 0.25 + 0.1 * person[3]])
    offset = np.array([0.0, 1.2 + 0.3 * person[4], 2.1 + 0.4 * person[5]])
    impact = sum(shape[k] * np.cos((k + 1) * phase + offset[k]) for k in range(3))
    ahead = 0.5 * np.sin(phase + 0.6 * person[6]) + 0.2 * np.sin(2 * phase)
    side = (0.45 + 0.15 * person[7]) * np.sin(phase / 2)
    rough = 0.1 * rng.normal(size=(len(time), 3))
    motion = liveliness[:, None] * (np.stack([side, ahead, impact], axis=1) + rough)
    if name == "walking" and rng.random() < 0.2:  # stops for a moment, or turns
        middle, half = rng.uniform(time[0], time[-1]), rng.uniform(1.0, 2.5)
        motion *= 1 - 0.93 / (1 + np.exp(6 * (np.abs(time[:, None] - middle) - half)))
    return Rotation.from_euler("xy", _wander(time, 0.12, rng)).apply(motion + [0.0, 0.0, GRAVITY])


def _wander(time: np.ndarray, angle: float, rng: np.random.Generator) -> np.ndarray:
    """Slow turns of the board about two axes, (samples, 2) in radians."""
    return angle * np.stack([_smooth(rng.normal(size=len(time)), 90) for _ in range(2)], axis=1)


def _smooth(noise: np.ndarray, width: int) -> np.ndarray:
    """Take the fast part out of noise and bring it back to unit variance."""
    kernel = np.hanning(2 * width + 3)
    return _blur(noise, width) * kernel.sum() / np.sqrt((kernel**2).sum())


def _blur(values: np.ndarray, width: int) -> np.ndarray:
    """Weighted mean over ``width`` samples to either side, as if the ends met."""
    kernel = np.hanning(2 * width + 3)
    joined = np.resize(values, len(values) + len(kernel) - 1)
    return np.convolve(joined, kernel / kernel.sum(), "valid")
