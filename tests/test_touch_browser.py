"""Figures to touch in Chromium, by keyboard alone, where Playwright and a browser are at hand."""

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
LOOKS = (("light", browser.WIDE), ("dark", browser.NARROW))


@pytest.fixture(scope="module")
def handed():
    """The numbers of every kind, as the committed notebooks have them."""
    outputs = [o for n in all_notebooks() for c in n.raw["cells"] for o in c.get("outputs", [])]
    found = [touch.numbers_in(output.get("data", {})) for output in outputs]
    return dict(one for one in found if one)


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as found:
        window = found.chromium.launch(executable_path=browser.PROGRAM, args=["--no-sandbox"])
        yield window
        window.close()


@pytest.fixture
def opened(chromium, handed, tmp_path):
    """Open the page of a kind as JupyterLab shows it; what its console says is in `heard`."""
    pages = []

    def open_page(kind, scheme="light", size=browser.WIDE):
        file = tmp_path / f"{kind}.html"
        file.write_text(touch.page(kind, handed[kind]), encoding="utf-8")
        page = chromium.new_page(viewport=size, color_scheme=scheme)
        page.set_default_timeout(300_000)
        page.heard = []
        browser.listen(page, page.heard)
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
def test_a_figure_poses_a_challenge_answers_to_keys_and_says_what_happened(
    opened, kind, scheme, size
):
    page = opened(kind, scheme, size)
    assert page.inner_text(".touch-challenge").startswith("Can you? ")
    assert list(browser.untouched(page)) == []
    text = (Path(axe.__file__).with_name("axe.min.js")).read_text("utf-8")
    assert list(browser.barriers(page, text)) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.heard == []
