"""Reading people with joints: COCO's layout, CrowdPose's order, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data import pose_samples
from utils import data


def person(number: int, keypoints: list[float], **more: object) -> dict:
    """Return one annotation with a box of 20 x 40 pixels."""
    one = {"id": number, "image_id": 5, "category_id": 1, "iscrowd": 0, "bbox": [10, 20, 20, 40]}
    return one | {"keypoints": keypoints} | more


def write(folder: Path, joints: int, people: list[dict]) -> Path:
    """Write one picture of 60 x 80 pixels with its annotations, as a local folder has it."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (80, 60), (90, 120, 150)).save(folder / "b.jpg")
    Image.new("RGB", (40, 30), (0, 0, 0)).save(folder / "a.jpg")
    pictures = [
        {"id": 5, "file_name": "b.jpg", "width": 80, "height": 60},
        {"id": 2, "file_name": "a.jpg", "width": 40, "height": 30},
    ]
    names = [f"joint {k}" for k in range(joints)]
    content = {"images": pictures, "annotations": people, "categories": [{"keypoints": names}]}
    path = folder / f"test_{folder.name}.json"
    path.write_text(json.dumps(content))
    return path


def fourteen(flag: int = 2) -> list[float]:
    """Return 14 joints on a diagonal."""
    return [value for k in range(14) for value in (10 + k, 20 + 2 * k, flag)]


@pytest.fixture
def crowdpose(tmp_path) -> Path:
    people = [
        person(1, fourteen()),
        person(2, [0] * 42),  # nobody marked a joint
        person(3, fourteen(1), iscrowd=1),
    ]
    return write(tmp_path / "crowdpose", 14, people)


def test_people_and_ignored_boxes_are_told_apart(crowdpose):
    empty, full = pose_samples.read_json(crowdpose)
    assert (empty["names"], full["names"]) == ("a.jpg", "b.jpg")  # sorted
    assert empty["joints"].shape == (0, 14, 3) and empty["boxes"].shape == (0, 4)
    assert full["images"].shape == (60, 80, 3) and full["images"].dtype == np.uint8
    expected = np.array(fourteen(), np.float32).reshape(1, 14, 3)
    np.testing.assert_array_equal(full["joints"], expected, strict=True)
    np.testing.assert_array_equal(full["boxes"], np.array([[10, 20, 30, 60]], np.float32))
    assert full["ignored"].shape == (2, 4)
    np.testing.assert_allclose(full["areas"], [0.53 * 20 * 40])
    assert full["origins"] == "crowdpose"


def test_cocos_joints_come_into_crowdposes_order(tmp_path):
    marks = np.array([[k, 2 * k, 2] for k in range(1, 18)], np.float32)
    marks[9] = 0  # left wrist of COCO: not marked
    face_only = np.zeros((17, 3))
    face_only[:3] = [5, 5, 2]
    people = [
        person(1, marks.ravel().tolist(), area=321.5),
        person(2, face_only.ravel().tolist()),
    ]
    one = pose_samples.read_json(write(tmp_path / "coco", 17, people))[1]
    assert one["joints"].shape == (1, 14, 3)
    np.testing.assert_array_equal(one["joints"][0, :4], marks[[5, 6, 7, 8]])
    np.testing.assert_array_equal(one["joints"][0, 4], [0, 0, 0])
    np.testing.assert_array_equal(one["joints"][0, 11], marks[16])
    np.testing.assert_array_equal(one["joints"][0, 12:], np.zeros((2, 3)))
    np.testing.assert_allclose(one["areas"], [321.5])
    assert len(one["ignored"]) == 1  # a face has none of the 14 joints


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keypoints": [1, 2, 2]}, "expected 42 numbers"),
        ({"keypoints": fourteen(3)}, "flag 0, 1 or 2"),
        ({"bbox": None}, "box of 4 numbers"),
    ],
)
def test_a_broken_annotation_is_refused_by_file_and_number(tmp_path, change, words):
    path = write(tmp_path / "crowdpose", 14, [person(17, fourteen()) | change])
    with pytest.raises(data.DataError, match=words) as error:
        pose_samples.read_json(path)
    assert "b.jpg: annotation 17" in str(error.value)


def test_the_real_tier_reads_both_sets(tmp_path, crowdpose, serve):
    write(tmp_path / "coco", 17, [person(1, [3, 4, 2] * 17, area=50.0)])
    real = serve(tmp_path)
    assert real.origins == ("crowdpose", "crowdpose", "coco", "coco")
    assert [len(one) for one in real.joints] == [0, 1, 0, 1]
    assert real.fraction == 4 / 14


def test_the_sample_has_the_same_layout():
    drawn = data.load("pose_samples", tier="sample")
    for k in range(len(drawn.images)):
        people = len(drawn.joints[k])
        assert people >= 1 and drawn.joints[k].shape == (people, 14, 3)
        assert drawn.boxes[k].shape == (people, 4) and drawn.areas[k].shape == (people,)
        assert (drawn.areas[k] > 100).all()
        for joints, (x1, y1, x2, y2) in zip(drawn.joints[k], drawn.boxes[k], strict=True):
            seen = joints[joints[:, 2] == 2]
            assert (seen[:, 0] >= x1 - 1).all() and (seen[:, 0] <= x2).all()
            assert (seen[:, 1] >= y1 - 1).all() and (seen[:, 1] <= y2).all()


def test_the_six_photographs(real):
    assert real.origins == ("crowdpose",) * 2 + ("coco",) * 4
    assert [len(one) for one in real.joints] == [2, 2, 1, 2, 4, 5]
    assert [len(one) for one in real.ignored] == [0, 1, 0, 1, 1, 0]
    assert all((one[:, 12:, 2] == 0).all() for one in real.joints[2:])
