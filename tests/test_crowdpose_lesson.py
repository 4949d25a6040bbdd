"""What notebook 02/03 feeds to model.fit from CrowdPose: pictures, joints, masks, by seed."""

import numpy as np
import pytest

from data import crowdpose
from tools.notebook.common import ROOT, Notebook
from tools.notebook.tasks import tasks_of

PATH = ROOT / "notebooks" / "02_segmentation_pose" / "03_hrnet_crowdpose.ipynb"
CELLS = (
    *("imports", "heat-targets", "letterbox", "square-people", "augment-code", "loss-code"),
    *("coco-layout", "coco-code", "crowd-batches", "crowd-epoch", "crowd-scores"),
)
SCHEDULE = dict(batch=4, side=96, people=5, workers=1, steps=None)


class Course:
    seed = 3


@pytest.fixture(scope="module")
def lesson():
    """The notebook's imports and definitions, from its own source."""
    notebook = Notebook(PATH)
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook.raw["cells"]}
    sources["loss-code"] = sources["loss-code"].partition("\nagain = ")[0]  # checks a drawing
    namespace = {"__name__": "lesson", "course": Course}
    for source in (*(sources[name] for name in CELLS), *(t.solution for t in tasks_of(notebook))):
        exec(source, namespace)
    return namespace


@pytest.fixture(scope="module")
def crowds():
    return crowdpose.sample()


def test_an_epoch_has_each_picture_once_and_another_epoch_another_order(lesson, crowds):
    batches = lesson["CrowdBatches"](crowds, SCHEDULE)
    assert len(batches) == 4  # of sixteen pictures
    first = [batches[k] for k in range(4)]
    pictures, (joints, coarse, fine) = first[0]
    assert pictures.shape == (4, 96, 96, 3) and pictures.dtype == np.float32
    assert joints.shape == (4, 5, 14, 3) and joints.dtype == np.float32
    assert coarse.shape == (4, 24, 24, 14) and fine.shape == (4, 48, 48, 14)
    assert set(np.unique(fine)) <= {0, 1}
    again = lesson["CrowdBatches"](crowds, SCHEDULE)[2]  # as after an interruption
    np.testing.assert_array_equal(again[0], first[2][0])
    batches.epoch = 1
    assert not any(np.array_equal(batches[k][0], one[0]) for k, one in enumerate(first))
    counted = sum(int((one[1][0][..., 2] > 0).any(axis=2).sum()) for one in first)
    assert counted <= sum(len(crowds.joints[i]) for i in range(16))
    assert len(lesson["CrowdBatches"](crowds, SCHEDULE | dict(steps=2))) == 2


@pytest.mark.parametrize("seed", range(6))
def test_boxes_move_with_the_picture(lesson, crowds, seed, monkeypatch):
    seen = {}

    def loss_mask(heat, joints, boxes, ignored, stride):
        seen[stride] = joints, boxes, ignored
        return np.ones_like(heat)

    monkeypatch.setitem(lesson, "loss_mask", loss_mask)
    rng = np.random.default_rng(seed)
    index = int(np.argmax([len(one) for one in crowds.joints]))
    lesson["crowd_example"](crowds, index, 96, 5, rng)
    joints, boxes, ignored = seen[4]
    assert len(joints) == len(boxes) == len(crowds.joints[index])
    assert len(ignored) == len(crowds.ignored[index])
    for one, (x1, y1, x2, y2) in zip(joints, boxes, strict=True):
        x, y = one[one[:, 2] > 0, :2].T
        assert len(x) > 2 and (x > x1 - 1).all() and (x < x2 + 1).all()
        assert (y > y1 - 1).all() and (y < y2 + 1).all()


def test_more_people_than_there_is_room_for_are_ignored(lesson, crowds, monkeypatch):
    index = int(np.argmax([len(one) for one in crowds.joints]))
    seen = {}

    def loss_mask(heat, joints, boxes, ignored, stride):
        seen[stride] = len(joints), len(boxes), len(ignored)
        return np.ones_like(heat)

    monkeypatch.setitem(lesson, "loss_mask", loss_mask)
    rng = np.random.default_rng(0)
    _, joints, *_ = lesson["crowd_example"](crowds, index, 96, 1, rng)
    others = len(crowds.joints[index]) - 1 + len(crowds.ignored[index])
    assert others > 0 and seen[4] == (1, 1, others) and joints.shape == (1, 14, 3)


def test_a_picture_without_people_is_one_to_learn_from(lesson, crowds):
    nobody = crowdpose.Crowds(
        **{
            name: value
            for name, value in vars(crowds).items()
            if name not in ("joints", "boxes", "ignored", "areas")
        },
        joints=(np.zeros((0, 14, 3), np.float32),) * 20,
        boxes=(np.zeros((0, 4), np.float32),) * 20,
        ignored=(np.float32([[20, 30, 120, 200]]),) * 20,
        areas=(np.zeros(0),) * 20,
    )
    rng = np.random.default_rng(0)
    picture, joints, _, fine = lesson["crowd_example"](nobody, 0, 96, 5, rng)
    assert picture.shape == (96, 96, 3) and not joints.any()
    assert 0 < fine.mean() < 1 and (fine == fine[..., :1]).all()


def test_scores_are_sorted_by_crowd(lesson, crowds):
    chosen = np.arange(20)
    truth = [[(one, 1.0) for one in crowds.joints[i]] for i in chosen]
    rows = lesson["ap_by_level"](crowds, chosen, truth)
    here = {level: bool(crowds.level(level).any()) for level in ("easy", "medium", "hard")}
    assert rows["all"] == pytest.approx(1)
    for level, there in here.items():
        assert rows[level] == pytest.approx(1) if there else np.isnan(rows[level])
    hard = crowds.level("hard")
    rows = lesson["ap_by_level"](
        crowds, chosen, [[] if bad else one for one, bad in zip(truth, hard, strict=True)]
    )
    assert rows["hard"] == 0 and rows["medium"] == pytest.approx(1) and 0 < rows["all"] < 1
