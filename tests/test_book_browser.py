"""The pages of the site in Chromium, narrow and wide, light and dark, on paper, and its search.

They are those of ``build/book``: run ``python course.py book`` first. All pages take ten minutes.
"""

from pathlib import Path

import pages_in_browser as browser
import pytest

from tools.notebook.common import BUILD

SITE = BUILD / "book"
PAGES = [p for p in sorted(SITE.rglob("*.html")) if "_static" not in p.parts]
playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python")
pytestmark = pytest.mark.skipif(
    browser.PROGRAM is None or not PAGES, reason="there is no Chromium or no build/book here"
)


@pytest.fixture(scope="module", params=[("light", browser.NARROW), ("dark", browser.WIDE)])
def page(request):
    """Return a browser's page; what its console says and what fails to load is in `heard`."""
    scheme, size = request.param
    with playwright.sync_playwright() as started:
        window = started.chromium.launch(executable_path=browser.PROGRAM, args=["--no-sandbox"])
        page = window.new_page(viewport=size, color_scheme=scheme)
        page.heard = []
        browser.listen(page, page.heard)
        yield page
        window.close()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(SITE).as_posix())
def test_a_page_is_whole_on_a_screen_and_on_paper(page, path):
    text = Path(axe.__file__).with_name("axe.min.js").read_text("utf-8")
    page.heard.clear()
    page.goto(path.as_uri())
    page.wait_for_timeout(browser.SETTLE)
    faults = [*page.evaluate(browser.FAULTS), *browser.barriers(page, text)]
    faults += browser.untouched(page)
    page.emulate_media(media="print")
    faults += page.evaluate(browser.ON_PAPER)
    page.emulate_media(media="screen")
    assert faults + page.heard == []


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
