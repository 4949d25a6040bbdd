"""Figures to touch as JupyterLab shows them, in Chromium where Playwright and a browser are here.

The pages of the site, which have the same scripts, are tested in test_book_browser.py.
"""

from pathlib import Path

import pages_in_browser as browser
import pytest

from tools.notebook.common import all_notebooks
from utils import touch

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python")
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
    """Return a browser's page; what its console says and what fails to load is in `heard`."""
    scheme, size = request.param
    with playwright.sync_playwright() as started:
        window = started.chromium.launch(executable_path=browser.PROGRAM, args=["--no-sandbox"])
        page = window.new_page(viewport=size, color_scheme=scheme)
        page.heard = []
        browser.listen(page, page.heard)
        yield page
        window.close()


@pytest.mark.parametrize("kind", touch.TRY)
def test_a_figure_poses_a_challenge_answers_to_keys_and_says_what_happened(
    page, numbers, kind, tmp_path
):
    (tmp_path / "page.html").write_text(touch.page(kind, numbers[kind]), encoding="utf-8")
    page.heard.clear()
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector(".touch-told")
    page.wait_for_timeout(browser.SETTLE)
    assert page.inner_text(".touch-challenge").startswith("Can you? ")
    text = Path(axe.__file__).with_name("axe.min.js").read_text("utf-8")
    assert [*browser.untouched(page), *browser.barriers(page, text), *page.heard] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
