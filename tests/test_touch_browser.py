"""Figures to touch in Chromium, by keyboard alone, where Playwright and a browser are at hand."""

import pages_in_browser as browser
import pytest

from tools.notebook.common import all_notebooks
from utils import touch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.PROGRAM is None, reason="there is no Chromium here"),
]
LOOKS = (("light", browser.WIDE), ("dark", browser.NARROW))


@pytest.fixture(scope="module")
def numbers():
    """The numbers of every kind, as the committed notebooks have them."""
    outputs = [o for n in all_notebooks() for c in n.raw["cells"] for o in c.get("outputs", [])]
    return dict(filter(None, (touch.numbers_in(output.get("data", {})) for output in outputs)))


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as chromium:
        yield chromium


@pytest.fixture
def opened(chromium, numbers, tmp_path):
    """Open the page of a kind as JupyterLab shows it."""
    pages = []

    def open_page(kind, scheme="light", size=browser.WIDE):
        file = tmp_path / f"{kind}.html"
        file.write_text(touch.page(kind, numbers[kind]), encoding="utf-8")
        page = browser.new_page(chromium, scheme, size)
        page.set_default_timeout(300_000)
        page.goto(file.as_uri())
        page.wait_for_selector(".touch-told")
        page.wait_for_timeout(browser.SETTLE)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=[scheme for scheme, _ in LOOKS])
@pytest.mark.parametrize("kind", touch.TRY)
def test_a_figure_poses_a_challenge_answers_to_keys_and_describes_what_happened(
    opened, kind, scheme, size
):
    page = opened(kind, scheme, size)
    assert page.inner_text(".touch-challenge").startswith("Can you? ")
    assert [*browser.untouched(page), *browser.barriers(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.messages == []


def test_of_boxes_that_overlap_the_one_that_is_kept_is_dragged(opened):
    page = opened("boxes")
    place = """rect => {
      const b = rect.getBoundingClientRect();
      return { x: b.x, y: b.y, right: b.right, bottom: b.bottom };
    }"""
    rects = page.query_selector_all("rect.box")
    kept, dropped = (
        next(r for r in rects if state in r.get_attribute("class")) for state in ("kept", "dropped")
    )
    one, other = (rect.evaluate(place) for rect in (kept, dropped))
    x = (max(one["x"], other["x"]) + min(one["right"], other["right"])) / 2
    y = (max(one["y"], other["y"]) + min(one["bottom"], other["bottom"])) / 2
    assert one["x"] < x < one["right"] and other["y"] < y < other["bottom"]  # a place in both
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 5)
    page.mouse.up()
    page.mouse.move(x + 60, y + 5)  # let go: it stays
    assert kept.evaluate(place)["x"] == pytest.approx(one["x"] + 20, abs=1)
    assert dropped.evaluate(place) == pytest.approx(other, abs=0.01)
