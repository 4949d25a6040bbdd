import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
from utils import plots


@pytest.fixture
def ax():
    yield plots.plt.figure().add_subplot()
    plots.plt.close("all")


def test_confusion_heatmap_counts_true_by_predicted(ax):
    plots.confusion_heatmap(np.array([0, 0, 1]), np.array([0, 1, 1]), ["a", "b"], ax=ax)
    np.testing.assert_array_equal(ax.collections[0].get_array(), [[1, 1], [0, 1]])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_curves_have_one_line_and_one_legend_entry_a_series(ax):
    plots.curves({"training": [3, 2, 1], "validation": [3, 3]}, ylabel="loss", ax=ax)
    assert [len(line.get_xdata()) for line in ax.lines] == [3, 2]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["training", "validation"]
    assert ax.lines[0].get_xdata()[0] == 1


def test_image_grid_fills_rows_and_leaves_the_rest_empty():
    axes = plots.image_grid(np.zeros((5, 4, 4)), columns=3, titles=list("abcde"))
    assert axes.shape == (2, 3)
    assert sum(len(ax.images) for ax in axes.flat) == 5
    assert not any(ax.axison for ax in axes.flat)


@pytest.mark.parametrize("committed", [True, False])
def test_a_figure_that_is_committed_is_a_png_with_a_palette(monkeypatch, committed, ax):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    monkeypatch.setattr(plots.plt, "show", lambda: shown.append("all colours"))
    monkeypatch.setenv(plots.COMMITTED, "1" if committed else "")
    ax.imshow([[[0.1, 0.5, 0.9]]])
    plots.show_compact(ax.figure, colors=16)
    if not committed:
        assert shown == ["all colours"]
    else:
        png = shown[0].data
        assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[25] == 3  # colour type 3: a palette


def test_a_layout_puts_neighbours_near_each_other():
    ring = np.arange(60)
    edges = np.stack([np.r_[ring, np.roll(ring, 1)], np.r_[np.roll(ring, 1), ring]])
    places = plots.spring_layout(edges, 60, seed=1)
    assert places.shape == (60, 2) and places.dtype == np.float32
    near = np.linalg.norm(places - np.roll(places, 1, axis=0), axis=1)
    far = np.linalg.norm(places - np.roll(places, 17, axis=0), axis=1)
    assert near.mean() < 0.6 * far.mean()
