"""Reading LFW's archive and lists."""

import zipfile

PEOPLE = "2\n2\nAda_Brook\t3\nBen_Dale\t1\n2\nZoe_Elm\t2\nCora_Acker\t2\n"
PAIRS = (
    "2\t1\nAda_Brook\t1\t3\nAda_Brook\t2\tBen_Dale\t1\nZoe_Elm\t1\t2\nCora_Acker\t2\tZoe_Elm\t1\n"
)
COUNTS = {"Ada_Brook": 3, "Ben_Dale": 1, "Cora_Acker": 2, "Zoe_Elm": 2}


def test_people_stand_in_order_of_their_names_and_pairs_name_the_right_ones(
    tmp_path, picture, serve
):
    with zipfile.ZipFile(tmp_path / "lfw_100.zip", "w") as packed:
        for i, (name, count) in enumerate(COUNTS.items()):
            for k in range(1, count + 1):  # red tells the person, green the number of the picture
                path = picture("one.jpg", (100, 100), (60 * i, 50 * k, 0))
                packed.write(path, f"{name}/{name}_{k:04d}.jpg")
    (tmp_path / "people.txt").write_text(PEOPLE)
    (tmp_path / "pairs.txt").write_text(PAIRS)
    real = serve()
    assert real.names == tuple(COUNTS) and real.fraction == 8 / 13233
    assert real.person.tolist() == [0, 0, 0, 1, 2, 2, 3, 3]
    assert real.fold.tolist() == [1, 1, 1, 1, 2, 2, 2, 2]
    red, green = real.images[:, 50, 50, :2].T.astype(int)
    assert abs(red - 60 * real.person).max() < 4
    assert abs(green - [50, 100, 150, 50, 50, 100, 50, 100]).max() < 4
    assert real.pairs.tolist() == [[0, 2], [1, 3], [6, 7], [5, 6]]
    assert real.same.tolist() == [True, False, True, False]
    assert real.pair_fold.tolist() == [1, 1, 2, 2]
