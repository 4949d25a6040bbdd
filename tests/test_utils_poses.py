"""The scores of utils.poses beside those of pycocotools, COCO's own evaluation; skeletons."""

import contextlib
import io

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from drawing import bodies
from utils import poses


def coco_evaluation(predictions, truths, areas):
    """Run COCO's evaluation on people in its own layout."""
    people = []
    for picture, (joints, sizes) in enumerate(zip(truths, areas, strict=True)):
        for person, area in zip(joints, sizes, strict=True):
            marked = int((person[:, 2] > 0).sum())
            about = dict(id=len(people) + 1, image_id=picture, category_id=1, iscrowd=0)
            about |= dict(keypoints=person.ravel().tolist(), num_keypoints=marked)
            people.append(about | dict(area=float(area), bbox=[0, 0, 1, 1]))
    found = [
        dict(image_id=i, category_id=1, keypoints=p.ravel().tolist(), score=p[:, 2].mean())
        for i, picture in enumerate(predictions)
        for p in picture
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        known = COCO()
        pictures = [dict(id=i) for i in range(len(truths))]
        categories = [dict(id=1, name="person")]
        known.dataset = dict(images=pictures, annotations=people, categories=categories)
        known.createIndex()
        judge = COCOeval(known, known.loadRes(found), "keypoints")
        judge.params.imgIds, judge.params.catIds = list(range(len(truths))), [1]
        judge.params.kpt_oks_sigmas = poses.SIGMAS
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return judge


@pytest.fixture(scope="module")
def scenes():
    """Forty drawings, with people who are moved, invented or lost, and the areas."""
    drawn = bodies.scenes(40, 96, 128, people=(1, 3), seed=3)
    rng = np.random.default_rng(0)
    areas = [[float((m == k + 1).sum()) for k in range(3)] for m in drawn.masks]
    areas = [a[: len(people)] for a, people in zip(areas, drawn.joints, strict=True)]
    predictions = []
    for people in drawn.joints:
        moved = people.astype(float)
        moved[..., :2] += rng.normal(0, rng.choice([0.3, 1, 3]), moved[..., :2].shape)
        moved[..., 2] = rng.uniform(0.3, 1, moved.shape[:2])
        moved[:, rng.integers(14), :2] = -1e4  # so far away that it adds nothing
        invented = rng.uniform(0, 96, (1, 14, 3)) * [1, 1, 0.005]
        predictions.append(np.concatenate([moved[rng.random(len(moved)) < 0.9], invented]))
    return predictions, drawn.joints, areas


def test_similarity_and_precision_are_those_of_coco(scenes):
    predictions, truths, areas = scenes
    judge = coco_evaluation(*scenes)
    for i, people in enumerate(predictions):
        best_first = people[np.argsort(-people[..., 2].mean(axis=1), kind="stable")]
        true = list(zip(truths[i], areas[i], strict=True))
        ours = [[poses.keypoint_similarity(person, *one) for one in true] for person in best_first]
        np.testing.assert_allclose(ours, judge.ious[i, 1], rtol=1e-6, atol=1e-9)
    ours = poses.average_precision(*scenes)
    assert 0.2 < ours < 0.9
    assert ours == pytest.approx(judge.stats[0], abs=1e-6)
    _, truths, areas = scenes
    assert poses.average_precision(truths, truths, areas) == pytest.approx(1)
    nobody = [np.zeros((0, 14, 3))] * len(truths)
    assert poses.average_precision(nobody, truths, areas) == 0


def test_fourteen_joints_have_a_nose_for_a_head_and_a_neck_between_the_shoulders():
    keypoints = np.zeros((2, 17, 3), np.float32)
    keypoints[0, [0, 5, 6, 16]] = [[9, 4, 2], [12, 10, 1], [6, 14, 2], [7, 40, 2]]
    keypoints[1, [1, 5]] = [[5, 5, 2], [8, 8, 2]]  # an eye and one shoulder
    joints = poses.fourteen_joints(keypoints)
    assert joints.shape == (2, 14, 3)
    np.testing.assert_allclose(joints[0, 12:], [[8.5, 3.5, 1], [8.5, 11.5, 1]])
    np.testing.assert_allclose(joints[0, [0, 11]], [[11.5, 9.5, 1], [6.5, 39.5, 1]])
    assert joints[0, :, 2].sum() == 5 and joints[1, :, 2].sum() == 1
    assert not joints[joints[..., 2] == 0].any()
    assert poses.fourteen_joints(keypoints[:0]).shape == (0, 14, 3)


def test_a_joint_owns_the_nearest_peak_of_its_kind():
    people = np.zeros((2, 14, 3))
    people[0, 2], people[1, 2], people[1, 3] = (10, 10, 1), (20, 10, 1), (20, 20, 1)
    kinds = np.array([2, 2, 2, 3, 3])
    places = np.array([[11.0, 10], [13, 10], [20, 13], [10, 10], [20, 25]])
    owners = poses.owners(kinds, places, people, radius=4)
    assert owners.tolist() == [0, -1, 1, -1, -1]
    assert poses.owners(kinds[:0], places[:0], people, radius=4).shape == (0,)
