"""Charts of the results pages: the same bytes each time, and what the bars and panels show."""

import xml.etree.ElementTree as ElementTree

import matplotlib
import pytest
from matplotlib.figure import Figure

from tools.publish import charts

ROWS = {"one & two": {"better": 2, "short": 1}, "three": {"matched": 5}}
RATIOS = {"quick, beside a": (4.0, "4.0"), "slow, beside b": (0.5, "0.5")}
LINE = [(10, 0.1), (1000, 10.0)]
PANELS = [charts.Panel("a work", "files", [(10, 0.1), (100, 1.2), (1000, 10.0)], LINE, LINE)] * 4


@pytest.mark.parametrize(
    ("draw", "told", "texts"),
    [
        (charts.verdicts, ROWS, ["one & two", "better", "not run", "numbers"]),
        (charts.ratios, RATIOS, ["slow, beside b", "0.5", "ratio of rates, logarithmic"]),
        (charts.growth, PANELS, ["a work", "files", "seconds", "1 k"]),
    ],
)
def test_a_chart_is_the_same_whatever_the_machine_s_settings(draw, told, texts):
    first = charts.svg(draw, told)
    with matplotlib.rc_context({"svg.hashsalt": "other", "font.size": 20, "svg.fonttype": "path"}):
        assert charts.svg(draw, told) == first
    assert "clip-path" not in first and "date" not in first
    shown = {element.text for element in ElementTree.fromstring(first).iter()}
    assert shown.issuperset(texts)


def bars(draw, told):
    """Return where the bars of a chart begin and end."""
    figure = Figure()
    draw(figure, told)
    edges = [sorted((b.get_x(), b.get_x() + b.get_width())) for b in figure.axes[0].patches]
    return [tuple(pair) for pair in edges if pair[0] < pair[1]]


def test_bars_of_a_notebook_stand_one_behind_the_other():
    assert bars(charts.verdicts, ROWS) == [(0, 2), (0, 5), (2, 3)]


def test_a_slower_row_goes_to_the_left_of_one():
    assert bars(charts.ratios, RATIOS) == [(1, 4), (0.5, 1)]


def test_each_part_has_its_panel_and_its_points():
    figure = Figure()
    charts.growth(figure, PANELS)
    assert [len(axes.lines[-1].get_xdata()) for axes in figure.axes] == [3] * 4
