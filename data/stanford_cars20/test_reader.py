"""Reading the crops: a table of labels, colours put right, clear words where something is off."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from utils.data import DataError


@pytest.fixture
def folder(tmp_path) -> Path:
    """A crop a class and part, of one colour; its red says the class, as it was exchanged."""
    (tmp_path / "images").mkdir()
    lines = ["file,class,name,split"]
    for k in range(40):
        label, part = k % 20 + 1, ("train", "test")[k // 20]
        picture = Image.new("RGB", (250, 250), (20, 100, 10 * label))
        picture.save(tmp_path / "images" / f"{k:05d}.jpg", quality=95)
        lines.append(f"{k:05d}.jpg,{label},Model {label},{part}")
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_the_real_tier_reads_labels_parts_and_exchanged_colours(folder, serve):
    real = serve(folder)
    assert real.images.shape == (40, 250, 250, 3) and real.images.dtype == np.uint8
    assert real.labels.tolist() == list(range(20)) * 2 and real.labels.dtype == np.int64
    assert real.class_names[2] == "Model 3" and real.names[1] == "00001"
    images, labels = real.split("test")
    assert images.shape == (20, 250, 250, 3) and labels.tolist() == list(range(20))
    red, _, blue = images[9, 100, 100].astype(int)
    assert abs(red - 100) < 6 and abs(blue - 20) < 6
    assert real.fraction == 40 / 823


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda text: text.replace(",3,Model 3,train", ",21,Model 3,train"), "no class 21"),
        (lambda text: text.replace(",3,Model 3", ",2,Model 2"), "labels.csv: expected columns"),
        (lambda text: text.replace("00002.jpg", "99999.jpg"), "99999.jpg cannot be read"),
        (lambda text: text.replace("split", "fold"), "labels.csv: expected columns"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(folder, serve, change, match):
    path = folder / "labels.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError, match=match):
        serve(folder)
