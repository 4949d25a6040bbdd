"""CrowdPose in its official layout, written with drawn people: three parts, 14 joints."""

import json

import numpy as np
import pytest
from PIL import Image

from data import crowdpose
from data.core import fetch
from data.core.cards import DataError
from utils import data


@pytest.fixture
def drawn():
    return data.load("crowdpose", "sample")


@pytest.fixture
def folder(tmp_path, drawn, monkeypatch):
    """The official folders, filled with the sample's drawings, in no order."""
    for name in ("images", "json"):
        (tmp_path / name).mkdir()
    for part, file in crowdpose.PARTS.items():
        content = {"images": [], "annotations": [], "categories": [{"keypoints": ["j"] * 14}]}
        for k in np.flatnonzero(drawn.part == part)[::-1]:
            image, name = drawn.images[k], f"{100_000 + k}.png"
            Image.fromarray(image).save(tmp_path / "images" / name)
            about = {"file_name": name, "id": int(k)}
            content["images"].append(about | {"height": image.shape[0], "width": image.shape[1]})
            for joints, (x1, y1, x2, y2) in zip(drawn.joints[k], drawn.boxes[k], strict=True):
                box = [float(value) for value in (x1, y1, x2 - x1, y2 - y1)]
                person = {"image_id": int(k), "iscrowd": 0, "bbox": box}
                content["annotations"].append(person | {"keypoints": joints.ravel().tolist()})
        (tmp_path / "json" / f"crowdpose_{file}.json").write_text(json.dumps(content))
    monkeypatch.setattr(fetch.Files, "folder", lambda self: tmp_path)
    return tmp_path


def test_the_official_layout_is_read_part_by_part(folder, drawn):
    real = crowdpose.read(fetch.Files(None))
    np.testing.assert_array_equal(real.part, drawn.part)
    assert len(real.images) == 20
    for k in range(20):
        np.testing.assert_array_equal(real.images[k], drawn.images[k])
        np.testing.assert_array_equal(real.joints[k], drawn.joints[k])
        width, height = np.transpose(drawn.boxes[k][:, 2:] - drawn.boxes[k][:, :2])
        np.testing.assert_allclose(real.areas[k], 0.53 * width * height, rtol=1e-6)


def test_a_photograph_that_is_missing_is_named(folder):
    real = crowdpose.read(fetch.Files(None))
    (folder / "images" / "100002.png").unlink()
    with pytest.raises(DataError, match="100002"):
        real.images[2]


@pytest.mark.parametrize("broken", ["{", "[]", '{"images": [{"id": 1}], "annotations": []}'])
def test_annotations_of_another_layout_are_refused_by_name(folder, broken):
    (folder / "json" / "crowdpose_train.json").write_text(broken)
    with pytest.raises(DataError, match=r"crowdpose_train\.json"):
        crowdpose.read(fetch.Files(None))
