import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
from utils import plots


@pytest.fixture(autouse=True)
def close_figures():
    yield
    matplotlib.pyplot.close("all")


def test_confusion_heatmap_counts_true_by_predicted():
    ax = plots.confusion_heatmap(np.array([0, 0, 1]), np.array([0, 1, 1]), ["a", "b"])
    np.testing.assert_array_equal(ax.collections[0].get_array(), [[1, 1], [0, 1]])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_curves_have_one_line_and_one_legend_entry_a_series():
    ax = plots.curves({"training": [3, 2, 1], "validation": [3, 3]}, ylabel="loss")
    assert [len(line.get_xdata()) for line in ax.lines] == [3, 2]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["training", "validation"]
    assert ax.lines[0].get_xdata()[0] == 1


def test_image_grid_fills_rows_and_leaves_the_rest_empty():
    axes = plots.image_grid(np.zeros((5, 4, 4)), columns=3, titles=list("abcde"))
    assert axes.shape == (2, 3)
    assert sum(len(ax.images) for ax in axes.flat) == 5
    assert not any(ax.axison for ax in axes.flat)


def test_scatter_gives_every_class_its_points():
    ax = plots.scatter(np.arange(8.0).reshape(4, 2), np.array([0, 1, 1, 1]), ["a", "b"])
    assert [len(c.get_offsets()) for c in ax.collections] == [1, 3]


def test_boxes_keep_their_corners():
    ax = plots.boxes_on_image(np.zeros((20, 30)), np.array([[2, 3, 10, 12]]))
    box = ax.patches[-1]
    assert (*box.get_xy(), box.get_width(), box.get_height()) == (2, 3, 8, 9)


def test_graph_draws_one_segment_an_edge():
    places = np.array([[0.0, 0], [1, 0], [1, 1]])
    ax = plots.graph(places, np.array([[0, 1], [1, 2]]), edge_color=np.array([0.1, 0.9]))
    assert len(ax.collections[0].get_segments()) == 2


@pytest.mark.parametrize("tier", ["sample", "real"])
def test_a_compact_figure_is_a_png_with_a_palette_unless_it_stays_here(monkeypatch, tier):
    import IPython.display
    import matplotlib.pyplot as plt

    from utils import _start

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    monkeypatch.setattr(plt, "show", lambda: shown.append("all colours"))
    monkeypatch.setattr(_start, "_current", _start.Course("01/01", "quick", tier, 0))
    fig, ax = plt.subplots()
    ax.imshow([[[0.1, 0.5, 0.9]]])
    plots.show_compact(fig, colors=16)
    if tier == "real":
        assert shown == ["all colours"]
    else:
        png = shown[0].data
        assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[25] == 3  # colour type 3: a palette
