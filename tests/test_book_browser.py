"""The pages of the site in Chromium, narrow and wide, light and dark, on paper, and its search.

They are those of ``build/book``: run ``python course.py book`` first. All pages take ten minutes.
"""

import pages_in_browser as browser
import pytest

from tools.notebook.common import BUILD

SITE = BUILD / "book"
PAGES = [p for p in sorted(SITE.rglob("*.html")) if "_static" not in p.parts]
pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python")
pytestmark = pytest.mark.skipif(
    browser.PROGRAM is None or not PAGES, reason="there is no Chromium or no build/book here"
)


@pytest.fixture(scope="module", params=[("light", browser.NARROW), ("dark", browser.WIDE)])
def page(request):
    """Return a browser's page."""
    with browser.chromium() as chromium:
        yield browser.new_page(chromium, *request.param)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(SITE).as_posix())
def test_a_page_is_whole_on_a_screen_and_on_paper(page, path):
    page.messages.clear()
    page.goto(path.as_uri())
    page.wait_for_timeout(browser.SETTLE)
    faults = [*page.evaluate(browser.FAULTS), *browser.barriers(page), *browser.untouched(page)]
    page.emulate_media(media="print")
    faults += page.evaluate(browser.ON_PAPER)
    page.emulate_media(media="screen")
    assert faults + page.messages == []


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("node2vec", "06_graph_networks/03_"), ("ablation", "docs/glossary.html#ablation")],
)
def test_the_search_finds_a_page_without_a_network(page, word, wanted):
    page.goto(f"{(SITE / 'search.html').as_uri()}?q={word}")
    page.wait_for_selector("#search-results li a")
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('#search-results li a')]"
        ".some(link => link.href.includes(wanted))",
        arg=wanted,
    )
