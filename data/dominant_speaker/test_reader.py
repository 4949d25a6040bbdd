import os
from pathlib import Path

import cv2
import pytest

from data.dominant_speaker import FOLDERS, JUNK, OFFICIAL, TWINS

CROPS = Path(os.environ.get("COURSE_DATA_DIR") or "none") / "dominant_speaker"


def test_crops_are_read_in_the_order_of_their_numbers(picture, serve):
    for name in FOLDERS.values():
        for k, who in enumerate(OFFICIAL):
            for number in (3190, 2292)[: 1 + (k == 0)]:
                picture(f"{name}/{who}/frame{number}.jpg", (160, 160), (40 * k, number % 200, 0))
    picture(f"{JUNK}/frame29.jpg", (1280, 720), (10, 20, 30))
    real = serve()
    assert real.crops.shape == (14, 160, 160, 3)
    assert real.junk.shape == (1, 360, 640, 3)
    assert real.names == ("AK", "FR", "SG", "SK", "SM", "SP") and real.fraction == 14 / 97
    assert abs(real.crops[:3, 80, 80, 1].astype(int) - [92, 190, 190]).max() < 4  # by number
    assert real.labels[:7].tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert real.looseness.tolist() == ["moderate"] * 7 + ["super"] * 7
    assert real.twin.nonzero()[0].tolist() == [0, 8]  # AK 2292 wide and 3190 narrow, no others


def correlation(wide, narrow):
    """Return how well the inner part of a narrow crop fits into a wide one at its best size."""
    inner, best = narrow[16:144, 16:144], 0.0
    for side in range(44, 129, 4):
        small = cv2.resize(inner, (side, side), interpolation=cv2.INTER_AREA)
        best = max(best, cv2.matchTemplate(wide, small, cv2.TM_CCOEFF_NORMED).max())
    return best


@pytest.mark.skipif(not CROPS.is_dir(), reason="the crops of the speakers are not at hand")
@pytest.mark.parametrize("who", OFFICIAL)
def test_twins_are_the_crops_that_fit_into_each_other(who):
    crops = {
        looseness: {
            int(path.stem.removeprefix("frame")): cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            for path in sorted((CROPS / name / who).glob("*.jpg"))
        }
        for looseness, name in FOLDERS.items()
    }
    fit = {
        (wide, narrow)
        for wide, large in crops["moderate"].items()
        for narrow, small in crops["super"].items()
        if correlation(large, small) > 0.8
    }
    assert {wide for wide, _ in fit} == set(TWINS["moderate"].get(who, ()))
    assert {narrow for _, narrow in fit} == set(TWINS["super"].get(who, ()))
