"""The report's own forged faces in the pages of unit 09, for those who hold them."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import utils
from data import forged_faces
from tools.notebook.common import ROOT, Notebook
from utils import data

LOADS = {  # the cell of a page that loads the pictures
    "01_simplenet": "look-at-the-data-2",
    "03_saliency_gradcam": "look-load",
    "04_compact_net": "look-load",
}
COUNT = 6  # pictures a folder
CHOOSES = ("TIER =", "SPLITS =", "SIDE, PARTS =")  # lines of the settings cells


def put_pictures(folder):
    """Write pictures as the report had them: the real ones are dark, the forged ones light."""
    for top in forged_faces.SETS.values():
        for part in forged_faces.FOLDERS.values():
            for kind, grey in (("real", 10), ("fake", 200)):
                place = folder / "forged_faces" / top / part / kind
                place.mkdir(parents=True)
                for i in range(COUNT):
                    shade = (grey + i, len(top), len(part))
                    Image.new("RGB", (256, 256), shade).save(place / f"{i}.png")


@pytest.mark.parametrize("name", LOADS)
def test_a_page_takes_the_report_s_pictures_where_they_lie(name, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    cells = Notebook(ROOT / "notebooks" / "09_deepfakes" / f"{name}.ipynb").raw["cells"]
    code = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}
    choice = "\n".join(s for s in code["settings"].splitlines() if s.startswith(CHOOSES))
    space = {"__name__": "lesson"}
    exec(code["imports"], space)
    # Portraits are a download, which this test does without.
    sets = SimpleNamespace(load=lambda n, tier=None: n == "forged_faces" and data.load(n, tier))
    course = utils.start(f"09_deepfakes/{name}", data="real")
    space |= {"course": course, "data": sets, "settings": SimpleNamespace()}
    exec(choice, space)
    assert space["TIER"] == "sample"
    assert "have it in COURSE_DATA_DIR/forged_faces" in capsys.readouterr().out
    put_pictures(tmp_path)
    exec(choice, space)
    exec(code[LOADS[name]], space)
    assert space["TIER"] == "real"
    assert "forged_faces: the report's own\n" in capsys.readouterr().out
    if "splits" in space:
        images, labels, _ = space["splits"]["test"]
    else:
        key = ("deepfakes", "test") if ("deepfakes", "test") in space["x"] else "test"
        images, labels = space["x"][key], space["y"][key]
    assert images.shape == (2 * COUNT, 256, 256, 3)
    np.testing.assert_array_equal(images[:, 0, 0, 0] >= 200, labels == 1)
    assert set(images[:, 0, 0, 1]) == {len(forged_faces.SETS["swap"])}
