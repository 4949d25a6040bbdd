"""Reading the crops: a table of labels, and colours put right."""

import numpy as np
import pytest


@pytest.fixture
def table(tmp_path, picture):
    """Return the table of a crop a class and part, whose red says the class, as exchanged."""
    lines = ["file,class,name,split"]
    for k in range(40):
        label, part = k % 20 + 1, ("train", "test")[k // 20]
        picture(f"images/{k:05d}.jpg", (250, 250), (20, 100, 10 * label))
        lines.append(f"{k:05d}.jpg,{label},Model {label},{part}")
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "labels.csv"


def test_labels_parts_and_exchanged_colours_are_read(table, serve):
    real = serve()
    assert real.images.shape == (40, 250, 250, 3) and real.images.dtype == np.uint8
    assert real.labels.tolist() == list(range(20)) * 2 and real.labels.dtype == np.int64
    assert real.class_names[2] == "Model 3"
    images, labels = real.split("test")
    assert images.shape == (20, 250, 250, 3) and labels.tolist() == list(range(20))
    red, _, blue = images[9, 100, 100].astype(int)
    assert abs(red - 100) < 6 and abs(blue - 20) < 6
    assert real.fraction == 40 / 823
