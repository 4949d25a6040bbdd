"""The layout of the report's two folders, on pictures made here."""

import itertools

from data.forged_faces import FOLDERS, SETS


def test_each_set_has_its_own_real_pictures(picture, serve):
    homes = itertools.product(SETS.values(), FOLDERS.values(), ("real", "fake"))
    for number, home in enumerate(homes, start=1):  # the colour is 10 times the number
        for i in range(2):
            picture("/".join((*home, f"{i}.png")), (256, 256), (10 * number, 0, 0))
    faces = serve()
    assert faces.images.shape == (24, 256, 256, 3) and faces.items == 8  # of the test parts
    images, labels, numbers = faces.deepfakes("validation")
    assert sorted(images[labels == 0, 0, 0, 0]) == [30, 30]
    assert sorted(images[labels == 1, 0, 0, 0]) == [40, 40]
    images, labels, _ = faces.synthetic("test")
    assert sorted(images[labels == 0, 0, 0, 0]) == [110, 110]
    assert sorted(images[labels == 1, 0, 0, 0]) == [120, 120]
    assert not faces.regions(numbers).any()  # what was pasted is not known
