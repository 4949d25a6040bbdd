"""The five photographs."""

from data.photographs import REAL_COUNTS


def test_the_photographs_are_read_with_their_counts(picture, serve):
    for k, name in enumerate(REAL_COUNTS):
        picture(name, (8, 6 + k), (200, 100, 50))
    record = serve()
    assert record.boxes is None and sum(record.face_counts) == 13
    assert record.names[:2] == ("biden", "multiface")
    assert [image.shape for image in record.images] == [(6 + k, 8, 3) for k in range(5)]
