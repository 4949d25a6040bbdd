"""Figures to touch as JupyterLab shows them, in Chromium where Playwright and a browser are here.

The pages of the site, which have the same scripts, are tested in test_book_browser.py.
"""

import pages_in_browser as browser
import pytest

from tools.notebook.common import all_notebooks
from utils import touch

pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.PROGRAM is None, reason="there is no Chromium here"),
]


@pytest.fixture(scope="module")
def numbers():
    """The numbers of every kind, as the committed notebooks have them."""
    outputs = [o for n in all_notebooks() for c in n.raw["cells"] for o in c.get("outputs", [])]
    figures = [touch.numbers_in(output.get("data", {})) for output in outputs]
    return dict(figure for figure in figures if figure)


@pytest.fixture(scope="module", params=[("light", browser.WIDE), ("dark", browser.NARROW)])
def page(request):
    with browser.chromium() as window:
        page = browser.new_page(window, *request.param)
        page.set_default_timeout(300_000)  # milliseconds: for a slow machine
        yield page


@pytest.mark.parametrize("kind", touch.TRY)
def test_a_figure_poses_a_challenge_answers_to_keys_and_says_what_happened(
    page, numbers, kind, tmp_path
):
    (tmp_path / "page.html").write_text(touch.page(kind, numbers[kind]), encoding="utf-8")
    page.messages.clear()
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector(".touch-told")
    page.wait_for_timeout(browser.SETTLE)
    assert page.inner_text(".touch-challenge").startswith("Can you? ")
    assert [*browser.untouched(page), *browser.barriers(page), *page.messages] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
