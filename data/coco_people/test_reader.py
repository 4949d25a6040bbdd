"""People of COCO: labels fit their picture and one another, and scenes stay together."""

import numpy as np
import pytest

from data.core import published, sets
from utils import data


@pytest.fixture(scope="module")
def people():
    return data.load("coco_people")


def test_shapes_and_types(people):
    assert people.items == 400 and len(people.ids) == len(set(people.ids)) == 400
    columns = (people.boxes, people.crowds, people.masks, people.keypoints)
    for image, boxes, crowds, mask, keypoints in zip(people.images, *columns, strict=True):
        n = len(boxes)
        assert image.dtype == np.uint8 and image.ndim == 3 and max(image.shape) == 256
        assert mask.dtype == np.uint8 and mask.shape == image.shape[:2]
        assert boxes.shape == (n, 4) and boxes.dtype == np.float32 and n >= 2
        assert crowds.shape == (n,) and crowds.dtype == bool
        assert keypoints.shape == (n, 17, 3) and keypoints.dtype == np.float32
    assert len(people.joint_names) == 17


def test_counts(people):
    assert sum(map(len, people.boxes)) == 2185
    assert people.has_masks.sum() == 166
    assert sum(crowds.any() for crowds in people.crowds) == 25
    skeletons = [(keypoints[..., 2] > 0).any(axis=1).sum() for keypoints in people.keypoints]
    assert sum(skeletons) == 1159 and sum(np.array(skeletons) >= 2) == 278


def test_boxes_lie_in_their_picture(people):
    for image, boxes in zip(people.images, people.boxes, strict=True):
        height, width = image.shape[:2]
        assert (boxes[:, :2] > -0.6).all() and (boxes[:, 2:] < np.add([width, height], 0.6)).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_each_person_of_a_picture_with_masks_has_one_in_its_box(people):
    for k in np.flatnonzero(people.has_masks):
        mask, boxes = people.masks[k], people.boxes[k]
        assert set(np.unique(mask)) - {0} == set(range(1, len(boxes) + 1))
        for number, box in enumerate(boxes, 1):
            rows, columns = np.nonzero(mask == number)
            assert (columns + 1 > box[0] - 1).all() and (columns < box[2] + 1).all()
            assert (rows + 1 > box[1] - 1).all() and (rows < box[3] + 1).all()
    for k in np.flatnonzero(~people.has_masks):
        assert not people.masks[k].any() and not people.crowds[k].any()


def test_joints_that_are_seen_lie_in_their_box(people):
    for boxes, keypoints in zip(people.boxes, people.keypoints, strict=True):
        assert set(np.unique(keypoints[..., 2])) <= {0, 1, 2}
        person, joint = np.nonzero(keypoints[..., 2] == 2)  # a hidden one may lie outside
        points, own = keypoints[person, joint, :2], boxes[person]
        assert (points > own[:, :2] - 2).all() and (points < own[:, 2:] + 2).all()
    known = [keypoints[..., 2].any() for keypoints in people.keypoints]
    np.testing.assert_array_equal(known, people.has_keypoints)


def test_pictures_of_one_scene_are_in_one_fold(people):
    fold = dict(zip(people.ids, people.folds, strict=True))
    for scene in ((426585, 479068), (147192, 526514), (475546, 547503), (13291, 440336)):
        assert len({fold[number] for number in scene}) == 1
    assert np.bincount(people.folds).tolist() == [80] * 5
    with_masks = np.bincount(people.folds[people.has_masks])
    assert with_masks.max() - with_masks.min() <= 1


def test_pictures_with_masks_have_large_people_alone_on_squares(people):
    images, masks, folds = people.with_masks(side=256, fewest=2, most=8, area=400)
    assert images.shape == (91, 256, 256, 3) and masks.shape == (91, 256, 256)
    assert images.dtype == masks.dtype == np.uint8 and folds.shape == (91,)
    counts = [np.bincount(mask.ravel())[1:] for mask in masks]
    assert sum(map(len, counts)) == 297
    assert all(2 <= len(count) <= 8 and count.min() >= 400 for count in counts)
    images, masks, _ = people.with_masks(side=64, fewest=2, most=2, area=9000)
    assert images.shape[1:] == (64, 64, 3) and set(np.unique(masks)) == {0, 1, 2}


def test_credits_are_those_of_the_pictures(people):
    rows = published.credits(sets.find("coco_people"))
    assert [int(row["id"]) for row in rows] == people.ids.tolist()
    assert [row["annotations"] != "" for row in rows] == people.has_masks.tolist()
