"""The loader of photographs in both tiers."""

from PIL import Image

from data import multiface as photos

SET = "photographs"


def test_the_photographs_are_read_with_their_counts(tmp_path, serve):
    for k, name in enumerate(photos.REAL_COUNTS):
        Image.new("RGB", (8, 6 + k), (200, 100, 50)).save(tmp_path / name)
    record = serve(tmp_path)
    assert record.boxes is None and sum(record.face_counts) == 13
    assert record.names[:2] == ("biden", "multiface")
    assert [image.shape for image in record.images] == [(6 + k, 8, 3) for k in range(5)]
