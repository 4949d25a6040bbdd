from data.dominant_speaker import FOLDERS, OFFICIAL


def test_crops_are_read_in_the_order_of_their_numbers(picture, serve):
    for name in FOLDERS.values():
        for k, who in enumerate(OFFICIAL):
            for number in (120, 7)[: 1 + (k == 0)]:
                picture(f"{name}/{who}/frame{number}.jpg", (160, 160), (40 * k, number, 0))
    real = serve()
    assert real.crops.shape == (14, 160, 160, 3)
    assert real.names == ("AK", "FR", "SG", "SK", "SM", "SP") and real.fraction == 14 / 97
    assert abs(real.crops[:3, 80, 80, 1].astype(int) - [7, 120, 120]).max() < 4  # by number
    assert real.labels[:7].tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert real.looseness.tolist() == ["moderate"] * 7 + ["super"] * 7
    assert real.frame.tolist() == [7, 120, 120, 120, 120, 120, 120] * 2
