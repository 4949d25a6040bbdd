"""The report's own forged faces in the pages of unit 09, for those who hold them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import utils
from data import forged_faces
from tools.notebook.common import ROOT, Notebook
from utils import data

PAGES = {
    "01_simplenet": ("look-at-the-data-2", "swap"),
    "03_saliency_gradcam": ("look-load", "swap"),
    "04_compact_net": ("look-load", "swap"),
}
COUNT = 6  # pictures a folder
WANTED = ("TIER =", "SPLITS =", "SIDE, PARTS =")  # lines of the settings cells


@pytest.fixture(params=PAGES)
def page(request):
    """Return a page's name and the source of its code cells by id."""
    cells = Notebook(ROOT / "notebooks" / "09_deepfakes" / f"{request.param}.ipynb").raw["cells"]
    code = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}
    return request.param, code


@pytest.fixture
def local(tmp_path, monkeypatch):
    """Return a local data folder: its real pictures are dark, the forged ones light."""
    home = tmp_path / "local" / "forged_faces"
    for top in forged_faces.SETS.values():
        for part in forged_faces.FOLDERS.values():
            for kind, grey in (("real", 10), ("fake", 200)):
                folder = home / top / part / kind
                folder.mkdir(parents=True)
                for i in range(COUNT):
                    shade = (grey + i, len(top), len(part))
                    Image.new("RGB", (256, 256), shade).save(folder / f"{i}.png")
    monkeypatch.setenv("COURSE_DATA_DIR", str(home.parent))
    return home.parent


class Sets:
    """As ``utils.data``, but for portraits: their files are a download."""

    @staticmethod
    def load(name, tier=None):
        return data.load(name, tier) if name == "forged_faces" else None


def opened(name, code, *cells):
    """Run the import cell, the settings and some more cells of a page in the real tier."""
    space = {"__name__": "lesson"}
    exec(code["imports"], space)
    space |= {"course": utils.start(f"09_deepfakes/{name}", data="real"), "data": Sets}
    space |= {"settings": SimpleNamespace()}
    for one in cells:
        exec(code[one], space)
    return space


def switch(code):
    """Return the settings' lines that choose the set: the cell itself starts a course anew."""
    lines = [one for one in code["settings"].splitlines() if one.startswith(WANTED)]
    return {"switch": "\n".join(lines)}


def test_a_page_takes_the_report_s_pictures_where_they_lie(page, local, capsys):
    name, code = page
    cell, kind = PAGES[name]
    space = opened(name, code | switch(code), "switch", cell)
    assert space["TIER"] == "real"
    assert "forged_faces: the report's own\n" in capsys.readouterr().out
    if "splits" in space:
        images, labels, _ = space["splits"]["test"]
    else:
        key = ("deepfakes", "test") if ("deepfakes", "test") in space["x"] else "test"
        images, labels = space["x"][key], space["y"][key]
    assert images.shape == (2 * COUNT, 256, 256, 3)
    np.testing.assert_array_equal(images[:, 0, 0, 0] >= 200, labels == 1)
    assert set(images[:, 0, 0, 1]) == {len(forged_faces.SETS[kind])}


def test_a_page_draws_where_they_do_not_lie_and_says_so(page, tmp_path, monkeypatch, capsys):
    name, code = page
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    space = opened(name, code | switch(code), "switch")
    assert space["TIER"] == "sample"
    assert (
        "to take the report's own, have it in COURSE_DATA_DIR/forged_faces"
        in capsys.readouterr().out
    )
