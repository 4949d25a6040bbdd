import pytest
from PIL import Image

from data import dominant_speaker as speakers
from data.core.cards import DataError


@pytest.fixture
def folder(tmp_path):
    """The two official folders, a picture or two a speaker."""
    for name in speakers.FOLDERS.values():
        for k, who in enumerate(speakers.OFFICIAL):
            home = tmp_path / name / who
            home.mkdir(parents=True)
            for number in (120, 7)[: 1 + (k == 0)]:
                Image.new("RGB", (160, 160), (40 * k, number, 0)).save(home / f"frame{number}.jpg")
    noise = tmp_path / speakers.FOLDERS["moderate"] / "Noise"
    noise.mkdir()
    Image.new("RGB", (1280, 720)).save(noise / "frame29.jpg")
    return tmp_path


def test_crops_are_read_in_order(folder, serve):
    found = serve(folder)
    assert found.crops.shape == (14, 160, 160, 3) and found.noise.shape == (1, 720, 1280, 3)
    assert found.names == ("AK", "FR", "SG", "SK", "SM", "SP") and found.items == 15
    assert found.frame[:3].tolist() == [7, 120, 120]
    assert found.labels[:7].tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert found.looseness.tolist() == ["moderate"] * 7 + ["super"] * 7


def test_a_crop_without_a_number_is_named(folder, serve):
    home = folder / speakers.FOLDERS["super"] / "SK"
    (home / "frame120.jpg").rename(home / "still.jpg")
    with pytest.raises(DataError, match=r"still\.jpg: a crop is named frame and a number"):
        serve(folder)
