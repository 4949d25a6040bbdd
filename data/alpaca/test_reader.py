"""Reading alpacas: both folders in their order, and what stands in their place."""

import pytest

from utils import data


def test_folders_say_what_a_photograph_shows(picture, serve):
    for number, name in enumerate(("alpaca/b", "alpaca/a", "not alpaca/a")):
        picture(f"{name}.jpg", (6, 4), (40 * number + 20,) * 3)
    record = serve()
    assert record.is_alpaca.tolist() == [True, True, False]
    assert [image.shape for image in record.images] == [(4, 6, 3)] * 3
    assert [round(image.mean()) for image in record.images] == [60, 20, 100]
    assert record.fraction == 3 / 327


def test_a_folder_without_photographs_is_named(picture, serve):
    picture("not alpaca/a.jpg", (6, 4))
    with pytest.raises(data.DataError, match="alpaca"):
        serve()


def test_cats_stand_for_alpacas():
    record = data.load("alpaca", "sample")
    cats = int(record.is_alpaca.sum())
    assert 100 < cats < len(record.images) == len(record.is_alpaca)
    assert record.is_alpaca[:cats].all() and not record.is_alpaca[cats:].any()
