"""Reading the Olivetti file, and the drawn set in its place."""

import numpy as np
from scipy.io import savemat


def test_faces_stand_upright_and_ten_are_a_person_s(tmp_path, serve):
    # Twenty pictures that are brighter towards the bottom, each with its number in a corner.
    images = np.zeros((20, 64, 64), np.uint8)
    images[:] = np.arange(64, dtype=np.uint8)[:, None]
    images[:, 0, 63] = np.arange(20)
    # MATLAB's order: one face a column, each read column by column.
    columns = images.transpose(0, 2, 1).reshape(20, -1).T
    savemat(tmp_path / "olivettifaces.mat", {"faces": columns})
    real = serve()
    assert real.fraction == 0.05
    np.testing.assert_allclose(real.images * 255, images, atol=1e-4)
    np.testing.assert_array_equal(real.person, np.repeat(np.arange(2), 10), strict=True)
