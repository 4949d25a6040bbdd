"""Reading people with joints: COCO's layout and CrowdPose's order."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from data import pose_samples


def person(number: int, keypoints: list[float], **more: object) -> dict:
    """Return one annotation with a box of 20 x 40 pixels."""
    annotation = {"id": number, "image_id": 5, "iscrowd": 0, "bbox": [10, 20, 20, 40]}
    return annotation | {"keypoints": keypoints} | more


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


def test_people_without_joints_and_crowds_are_left_out(tmp_path):
    people = [
        person(1, fourteen()),
        person(2, [0] * 42),  # nobody marked a joint
        person(3, fourteen(1), iscrowd=1),
    ]
    empty, full = pose_samples.read_json(write(tmp_path / "crowdpose", 14, people))
    assert empty["images"].shape == (30, 40, 3)  # pictures are sorted by name
    assert empty["joints"].shape == (0, 14, 3) and empty["boxes"].shape == (0, 4)
    assert full["images"].shape == (60, 80, 3) and full["images"].dtype == np.uint8
    expected = np.array(fourteen(), np.float32).reshape(1, 14, 3)
    np.testing.assert_array_equal(full["joints"], expected, strict=True)
    np.testing.assert_array_equal(full["boxes"], np.array([[10, 20, 30, 60]], np.float32))
    np.testing.assert_allclose(full["areas"], [0.53 * 20 * 40])


def test_cocos_joints_come_into_crowdposes_order(tmp_path, serve):
    marks = np.array([[k, 2 * k, 2] for k in range(1, 18)], np.float32)
    marks[9] = 0  # left wrist of COCO: not marked
    face_only = [5, 5, 2] * 3 + [0] * 42
    write(tmp_path / "crowdpose", 14, [])
    people = [person(1, marks.ravel().tolist(), area=321.5), person(2, face_only)]
    write(tmp_path / "coco", 17, people)
    real = serve()
    assert real.fraction == 4 / 14
    joints = real.joints[3]
    assert joints.shape == (1, 14, 3)
    np.testing.assert_array_equal(joints[0, :4], marks[[5, 6, 7, 8]])
    np.testing.assert_array_equal(joints[0, 4], [0, 0, 0])
    np.testing.assert_array_equal(joints[0, 11], marks[16])
    np.testing.assert_array_equal(joints[0, 12:], np.zeros((2, 3)))
    np.testing.assert_allclose(real.areas[3], [321.5])
