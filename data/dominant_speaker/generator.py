"""Drawn clips of six speakers, a conversation of three, and the second test set's disturbances.

In training clips places and clothes belong to a speaker: each has two sets that nobody else uses.
Of a speaker's two test clips one was taken in a set of another speaker, one in his own, both in
other clothes and other light. So whole frames give the speaker away among training clips, and
mislead in new ones.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.spatial.distance import cdist

from data.core.progress import counted
from drawing import camera, stages
from drawing.canvas import moved
from drawing.faces import Expression, Identity, Take, box_of, landmarks_of
from drawing.noise import wave
from drawing.speakers import LONG_BEARDS, SPEAKERS, Attire, put, talking_take

FPS = 6.0
HEIGHT, WIDTH, MARGIN = stages.HEIGHT, stages.WIDTH, stages.MARGIN
UNMOVED = np.s_[MARGIN : MARGIN + HEIGHT, MARGIN : MARGIN + WIDTH]  # what a still camera shows
TRAIN_CLIPS, TRAIN_FRAMES = 4, 20
TEST_CLIPS, TEST_FRAMES = 2, 12
HALLS = 5
DISTURBANCES = ("noise", "blur", "filter", "contrast", "compression", "corners")
TALK_FRAMES = 120
TALKERS = (0, 3, 5)  # who takes part in the conversation, from left to right
SEATS = (62, 160, 258)  # where they sit, x in pixels


@dataclass(frozen=True)
class Scene:
    """What stays the same during a clip."""

    who: int
    place: int
    attire: Attire
    unit: float
    middle: tuple[float, float]
    light: tuple[float, float]
    tint: np.ndarray
    lively: float


def clips(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw all clips of the six speakers: the arrays of `data.dominant_speaker.SpeakerClips`.

    Each clip has its own random numbers, so the others change nothing in it.
    """
    rng = np.random.default_rng([seed, 1])
    halls = [stages.hall(rng) for _ in range(HALLS)]
    rows = []
    each = TRAIN_CLIPS + TEST_CLIPS
    count = len(SPEAKERS) * each
    for number in counted(range(count), count, f"drawing {count} clips of speakers"):
        who, k = divmod(number, each)
        part, n = ("train", TRAIN_FRAMES) if k < TRAIN_CLIPS else ("test", TEST_FRAMES)
        scene = _scene(who, k, np.random.default_rng([seed, 2, who, k]))
        own = np.random.default_rng([seed, 3, who, k])
        same = {"clip": number, "labels": who, "place": scene.place, "part": part}
        row = _clip(scene, SPEAKERS[who], n, halls, own)
        row |= {name: np.full(n, value) for name, value in same.items()}
        rows.append(row | {"time": np.arange(n)})
    return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


def _scene(who: int, k: int, rng: np.random.Generator) -> Scene:
    """Choose set, clothes, size and light of a speaker's clip."""
    if k < TRAIN_CLIPS:
        place = 2 * who + k % 2
        wardrobe = np.random.default_rng([5, who, k % 2])  # clothes belong to a speaker's set
    else:
        shift = 1 if (k - TRAIN_CLIPS) % 2 == 0 else 0  # every other test clip: in another's set
        place = (2 * (who + shift) + k % 2) % stages.PLACES
        wardrobe = rng
    attire = Attire.random(wardrobe)
    if rng.random() < 0.2:
        attire = replace(attire, glasses=not SPEAKERS[who].glasses)
    unit = float(rng.uniform(18, 54))
    low = 1.6 * unit + 6  # the hair stays in the picture
    high = max(low + 2, min(HEIGHT - 1.4 * unit, low + 26))
    return Scene(
        who=who,
        place=place,
        attire=attire,
        unit=unit,
        middle=(float(rng.uniform(95, 225)), float(rng.uniform(low, high))),
        light=(float(rng.normal(0, 0.5)), float(rng.normal(0.35, 0.15))),
        tint=camera.tint(rng, 0.04) * float(np.exp(rng.normal(0, 0.12))),
        lively=float(rng.uniform(0.6, 1.5)),
    )


def _clip(
    scene: Scene, person: Identity, n: int, halls: list, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw a clip of a person with its cutaways."""
    back = stages.place(scene.place)
    shows = _cutaways(n, rng)
    mouth, paths = speech(n, np.ones(n, bool), rng), movement(n, scene.lively, rng)
    sway = MARGIN + np.stack([wave(n, FPS, rng), wave(n, FPS, rng)], axis=1) * 3
    rows = []
    for i in range(n):
        if shows[i] == "speaker":
            left, top = (int(v) for v in np.clip(sway[i], 0, 2 * MARGIN))
            frame = back[top : top + HEIGHT, left : left + WIDTH].copy()
            at = {name: path[i] for name, path in paths.items()}
            take = talking_take(person, mouth[i], at, scene.light, 0.15)
            place = np.add(scene.middle, np.multiply([at["x"], at["y"]], scene.unit))
            worn = (person, scene.attire, take, tuple(place), scene.unit)
            points = put(frame, *worn, long_beard=LONG_BEARDS.get(scene.who, 0))
            box = box_of(points)
        else:
            if i == 0 or shows[i] != shows[i - 1]:  # it stays the same for as long as it lasts
                cutaway = _cutaway(shows[i], halls, back, rng)
            frame, box, points = cutaway
        rows.append((filmed(frame * scene.tint, rng), np.float32(box), np.float32(points)))
    columns = map(np.stack, zip(*rows, strict=True))
    return dict(zip(("frames", "boxes", "landmarks"), columns, strict=True)) | {"shows": shows}


def _cutaways(n: int, rng: np.random.Generator) -> np.ndarray:
    """Choose which frames show something else: two short cuts in a clip, (n,) str."""
    shows = np.full(n, "speaker", dtype="<U8")
    starts = rng.choice(np.arange(3, max(n - 2, 4), 4), size=2, replace=False) if n >= 9 else []
    for start, what in zip(starts, rng.permutation(["audience", "nobody"]), strict=False):
        shows[start : start + int(rng.integers(1, 3))] = what
    return shows


def _cutaway(
    what: str, halls: list, back: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return frame, box and landmarks of the largest face; NaN where nobody is seen."""
    if what == "nobody":
        empty = rng.random() < 0.35
        return back[UNMOVED] if empty else stages.card(rng), *_NOBODY
    # a part of a hall, now and then from the other side
    frame, landmarks = halls[rng.integers(len(halls))]
    zoom = rng.uniform(1.0, 1.7)
    shape = np.array(frame.shape[1::-1])
    corner = rng.uniform(0.1, 0.9, 2) * (shape - np.array([WIDTH, HEIGHT]) / zoom)
    move = np.column_stack([zoom * np.eye(2), -zoom * corner])
    shot = cv2.warpAffine(frame, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    if rng.random() < 0.5:
        shot = np.ascontiguousarray(shot[:, ::-1])
        move = np.array([[-1], [1]]) * move + [[0, 0, WIDTH - 1], [0, 0, 0]]
        landmarks = landmarks[:, _MIRRORED]
    points = moved(landmarks, move)
    inside = (points > 0).all(axis=(1, 2)) & (points < (WIDTH, HEIGHT)).all(axis=(1, 2))
    if not inside.any():
        return shot, *_NOBODY
    largest = points[np.argmax(np.where(inside, np.ptp(points[..., 1], axis=1), 0))]
    return shot, box_of(largest), largest


_NOBODY = np.full(4, np.nan), np.full((68, 2), np.nan)
_OPEN = landmarks_of(Identity(), Take(Expression(mouth=1.0)), size=2)  # it looks straight ahead
_MIRRORED = cdist(_OPEN, [1, 0] + _OPEN * [-1, 1]).argmin(axis=1)  # what a landmark becomes


def speech(n: int, speaking: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how far a mouth is open in each of ``n`` frames, 0 to 1; listeners' hardly."""
    syllables = 0.5 + 0.42 * np.sin(2 * np.pi * 2.3 * np.arange(n) / FPS + rng.uniform(0, 6))
    open_ = np.clip(syllables * rng.uniform(0.55, 1.1, n), 0, 1)
    quiet = np.clip(0.03 + 0.04 * wave(n, FPS, rng), 0, 0.15)
    return np.where(speaking, open_, quiet)


def movement(n: int, lively: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return smooth paths of a head's place (in units), turn, smile and brows; and the eyes."""
    spread = {"yaw": 0.19, "pitch": 0.06, "roll": 0.05, "x": 0.10, "y": 0.05}
    paths = {name: lively * sd * wave(n, FPS, rng) for name, sd in spread.items()}
    paths |= {name: wave(n, FPS, rng) for name in ("smile", "brows")}
    paths["yaw"] = paths["yaw"] + rng.normal(0, 0.08)
    return paths | {"eyes": np.where(rng.random(n) < 0.06, 0.12, 1.0)}


def filmed(frame: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add a camera's slight blur and noise; (180, 320, 3) uint8."""
    soft = camera.blurred(np.ascontiguousarray(frame, np.float32), 0.6)
    return camera.to_uint8(camera.noisy(soft, np.float32(0.012), rng, grey=True))


# ---- the conversation ----


def conversation(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw the conversation; the arrays of `data.dominant_speaker.Conversation` by name."""
    rng, n = np.random.default_rng([seed, 8]), TALK_FRAMES
    speaking, shot, close = _script(n, rng)
    back, hall = stages.studio(), [stages.hall(rng)]
    attires = [Attire.random(np.random.default_rng([seed, 9, who])) for who in TALKERS]
    mouths = [speech(n, speaking == who, rng) for who in TALKERS]
    paths = [movement(n, 1.0, rng) for _ in TALKERS]
    frames = []
    boxes = np.full((n, 3, 4), np.nan, np.float32)
    landmarks = np.full((n, 3, 68, 2), np.nan, np.float32)
    for i in counted(range(n), n, f"drawing {n} frames of a conversation"):
        frame = back[UNMOVED].copy()
        seats = {"all": range(3), "close": [close[i]]}.get(shot[i], [])
        for k in seats:
            who, at = TALKERS[k], {name: path[i] for name, path in paths[k].items()}
            unit = 28.0 if shot[i] == "all" else 47.0
            middle = (SEATS[k], 84.0) if shot[i] == "all" else (160.0, 90.0)
            take = talking_take(SPEAKERS[who], mouths[k][i], at, (0.1, 0.4), 0.3)
            place = tuple(np.add(middle, np.multiply([at["x"], at["y"]], 0.7 * unit)))
            points = put(frame, SPEAKERS[who], attires[k], take, place, unit)
            boxes[i, k], landmarks[i, k] = box_of(points), points
        if shot[i] == "all":
            stages.desk(frame)
        elif shot[i] != "close":
            if i == 0 or shot[i] != shot[i - 1]:
                cutaway, *_ = _cutaway(shot[i], hall, back, rng)
            frame = cutaway
        frames.append(filmed(frame, rng))
    marks = {"boxes": boxes, "landmarks": landmarks, "speaking": speaking, "shot": shot}
    return {"frames": np.stack(frames), "people": np.array(TALKERS)} | marks


def _script(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choose who speaks, what is shown and who is shown alone, each (n,)."""
    speaking, shot = np.full(n, -1), np.full(n, "all", dtype="<U8")
    close, at, last = np.zeros(n, int), 0, -1
    while at < n:
        who = int(rng.choice([k for k in range(3) if k != last]))
        turn = int(rng.integers(12, 28))
        speaking[at : at + turn] = TALKERS[who]
        if turn > 18:  # somebody breaks in for half a second
            start = at + int(rng.integers(6, 10))
            other = int(rng.choice([k for k in range(3) if k != who]))
            speaking[start : start + 3] = TALKERS[other]
        if rng.random() < 0.75:  # a close-up, now and then of a listener
            start = at + int(rng.integers(1, 5))
            end = start + int(rng.integers(5, 10))
            shot[start:end] = "close"
            close[start:end] = who if rng.random() < 0.6 else (who + 1) % 3
        at, last = at + turn, who
        pause = int(rng.integers(0, 5))
        if pause >= 2 and at < n - 12:
            shot[at : at + pause] = rng.choice(["audience", "nobody"])
            at += pause
    return speaking, shot, close


# ---- the second test set ----


def perturbed(frames: np.ndarray, seed: int = 0) -> np.ndarray:
    """Disturb each frame in one of six ways; (n, h, w, 3) uint8."""
    rng = np.random.default_rng([seed, 6])
    kinds = rng.permutation(np.arange(len(frames)) % len(DISTURBANCES))
    pairs = zip(frames, kinds, strict=True)
    return np.stack([_disturbed(frame, DISTURBANCES[kind], rng) for frame, kind in pairs])


def _disturbed(frame: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    height, width = frame.shape[:2]
    picture = frame.astype(np.float32) / 255
    if kind == "noise":
        picture = camera.noisy(picture, np.float32(rng.uniform(0.05, 0.11)), rng)
    elif kind == "blur":
        picture = camera.blurred(picture, rng.uniform(1.5, 2.6))
    elif kind == "filter":
        picture = picture * np.exp(rng.normal(0, 0.28, 3)).astype(np.float32)
    elif kind == "contrast":
        picture = np.clip(picture, 0, 1) ** rng.choice([0.55, 1.8])
    elif kind == "compression":
        strength = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(8, 18))]
        _, data = cv2.imencode(".jpg", frame[..., ::-1], strength)
        return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]
    else:
        y, x = np.indices((height, width)) / [[[height]], [[width]]] - 0.5
        picture = picture * np.clip(1.25 - 2.6 * (x**2 + y**2), 0, 1)[..., None]
    return camera.to_uint8(picture)
