import pytest

from data.core.cards import DataError
from data.dominant_speaker import FOLDERS, OFFICIAL


def test_crops_are_read_in_order_and_one_without_a_number_is_named(picture, serve):
    for name in FOLDERS.values():
        for k, who in enumerate(OFFICIAL):
            for number in (120, 7)[: 1 + (k == 0)]:
                picture(f"{name}/{who}/frame{number}.jpg", (160, 160), (40 * k, number, 0))
    picture(f"{FOLDERS['moderate']}/Noise/frame29.jpg", (1280, 720))
    real = serve()
    assert real.crops.shape == (14, 160, 160, 3) and real.noise.shape == (1, 720, 1280, 3)
    assert real.names == ("AK", "FR", "SG", "SK", "SM", "SP") and real.items == 15
    assert real.frame[:3].tolist() == [7, 120, 120]
    assert real.labels[:7].tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert real.looseness.tolist() == ["moderate"] * 7 + ["super"] * 7
    picture(f"{FOLDERS['super']}/SK/still.jpg", (160, 160))
    with pytest.raises(DataError, match=r"still\.jpg: a crop is named frame and a number"):
        serve()
