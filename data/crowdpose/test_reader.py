"""CrowdPose in its official layout, written with drawn people: three parts, 14 joints, crowds."""

import json

import numpy as np
import pytest
from PIL import Image

from data import crowdpose
from utils import data

FILES = {"train": "train", "validation": "val", "test": "test"}


def annotations(drawn, index, number):
    """Return a picture of the sample as CrowdPose writes it: corner and size of a box, no area."""
    people = []
    for joints, (x1, y1, x2, y2) in zip(drawn.joints[index], drawn.boxes[index], strict=True):
        box = [float(value) for value in (x1, y1, x2 - x1, y2 - y1)]
        one = {"image_id": number, "category_id": 1, "iscrowd": 0, "bbox": box}
        people.append(one | {"id": len(people), "keypoints": joints.ravel().tolist()})
    return people


@pytest.fixture
def official(tmp_path):
    """The official folders, filled with the sample's drawings."""
    drawn = crowdpose.sample()
    (tmp_path / "images").mkdir()
    (tmp_path / "json").mkdir()
    for part, file in FILES.items():
        content = {"images": [], "annotations": [], "categories": [{"keypoints": ["j"] * 14}]}
        for index in np.flatnonzero(drawn.part == part)[::-1]:  # in no order
            number, picture = 100_000 + int(index), drawn.images[index]
            Image.fromarray(picture).save(tmp_path / "images" / f"{number}.jpg", quality=95)
            size = {"height": picture.shape[0], "width": picture.shape[1]}
            about = {"file_name": f"{number}.jpg", "id": number, "crowdIndex": drawn.crowd[index]}
            content["images"].append(about | size)
            content["annotations"] += annotations(drawn, index, number)
        (tmp_path / "json" / f"crowdpose_{file}.json").write_text(json.dumps(content))
    return tmp_path, drawn


def test_the_official_layout_is_read_part_by_part(official, serve):
    folder, drawn = official
    real = serve(folder)
    assert real.fraction == 20 / 20_000 and real.names[0] == "100000.jpg"
    np.testing.assert_array_equal(real.part, drawn.part)
    np.testing.assert_array_equal(real.crowd, drawn.crowd)
    for i in range(20):
        np.testing.assert_array_equal(real.joints[i], drawn.joints[i])
        np.testing.assert_allclose(real.boxes[i], drawn.boxes[i])
        width, height = np.transpose(drawn.boxes[i][:, 2:] - drawn.boxes[i][:, :2])
        np.testing.assert_allclose(real.areas[i], 0.53 * width * height, rtol=1e-6)
        picture = real.images[i]
        assert picture.dtype == np.uint8 and picture.shape == drawn.images[i].shape
        assert np.abs(picture.astype(int) - drawn.images[i]).mean() < 6  # JPEG
    assert len(real.images[3:7]) == 4 and real.images[3:7][1].shape == drawn.images[4].shape
    place = folder / "images" / "100002.jpg"
    Image.new("RGB", (8, 9)).save(place)
    with pytest.raises(data.DataError, match="100002.jpg.* 320 x 240 pixels.* 8 x 9"):
        real.images[2]
    place.unlink()
    with pytest.raises(data.DataError, match="100002.jpg"):
        real.images[2]


@pytest.mark.parametrize("broken", ["{", "[]", '{"images": [{"id": 1}], "annotations": []}'])
def test_annotations_of_another_layout_are_refused_by_name(tmp_path, serve, broken):
    with pytest.raises(data.DataError, match="json/crowdpose_train.json"):
        serve(tmp_path)
    (tmp_path / "crowdpose_train.json").write_text(broken)
    with pytest.raises(data.DataError, match="crowdpose_train.json: expected CrowdPose's JSON"):
        serve(tmp_path)


def test_the_sample_has_the_same_layout():
    drawn = data.load("crowdpose", tier="sample")
    assert set(drawn.part) == set(FILES)
    levels = np.array([drawn.level(name) for name in crowdpose.LEVELS])
    assert (levels.sum(axis=0) == 1).all() and (levels.sum(axis=1) > 0).sum() >= 2
    with pytest.raises(ValueError, match="level='dense' is not known"):
        drawn.level("dense")


def test_the_crowd_index_counts_foreign_joints_in_a_box():
    joints = np.zeros((3, 14, 3), np.float32)
    joints[0, :4] = [[1, 1, 2], [2, 2, 2], [3, 3, 1], [4, 4, 2]]
    joints[1, :2] = [[3, 1, 2], [9, 9, 2]]  # one of them in the first box
    joints[2, 0] = [50, 50, 2]
    boxes = np.array([[0, 0, 5, 5], [2, 0, 10, 10], [49, 49, 51, 51]], np.float32)
    # boxes: 1 foreign of 4 own; 3 foreign of 2 own, capped; none
    assert crowdpose.crowd_index(joints, boxes) == pytest.approx((1 / 4 + 1 + 0) / 3)
    assert crowdpose.crowd_index(joints[:0], boxes[:0]) == 0
