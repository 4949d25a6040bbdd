"""What only a browser can tell of a page: its console, its width, its barriers, its figures."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SETTLE = 150  # milliseconds after a page is loaded in which its scripts have their say
AXE = 'axe.run({resultTypes: ["violations"], preload: false})'
# Pictures that did not come, formulas without a size, figures that are not on white in the dark.
FAULTS = """
() => {
  const told = [];
  for (const image of document.images) {
    const shown = image.checkVisibility();
    if (shown && image.complete && !image.naturalWidth) told.push(`no picture ${image.src}`);
  }
  for (const math of document.querySelectorAll("math"))
    if (math.checkVisibility() && !math.getBoundingClientRect().width)
      told.push(`a formula without a size: ${math.textContent}`);
  if (document.documentElement.dataset.theme === "dark")
    for (const image of document.querySelectorAll(".cell_output img"))
      if (getComputedStyle(image).backgroundColor !== "rgb(255, 255, 255)")
        told.push(`dark behind ${image.src}`);
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth)
    told.push(`${page.scrollWidth} px wide in a window of ${innerWidth}`);
  return told;
}
"""
# On paper nothing can be unfolded or scrolled: whatever is cut is lost.
ON_PAPER = """
() => {
  dispatchEvent(new Event("beforeprint"));
  const told = [];
  for (const one of document.querySelectorAll(".bd-article details:not([open])"))
    told.push(`on paper folded: ${one.textContent.trim().slice(0, 60)}`);
  for (const one of document.querySelectorAll(".bd-article :is(pre, .formula, table)"))
    if (one.checkVisibility() && one.scrollWidth > one.clientWidth + 1
        && getComputedStyle(one).overflowX !== "visible")
      told.push(`on paper cut: ${one.textContent.trim().slice(0, 60)}`);
  dispatchEvent(new Event("afterprint"));
  return told;
}
"""


@contextmanager
def opened(scheme, size):
    """Open a browser's page; what its console says and what fails to load is in `heard`."""
    with playwright.sync_playwright() as started:
        window = started.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        page = window.new_page(viewport=size, color_scheme=scheme)
        page.heard = []
        listen(page, page.heard)
        yield page
        window.close()


def listen(page, heard):
    """Write down what the console says, what fails, and what is asked of another machine."""

    def asked(request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            heard.append(f"asks for {request.url}")

    def said(message):
        if message.type in ("error", "warning"):
            heard.append(f"console: {message.text}")

    def failed(request):
        if "ERR_ABORTED" not in (request.failure or ""):  # the next page was opened meanwhile
            heard.append(f"did not load: {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    page.on("requestfailed", failed)
    page.on("request", asked)


def barriers(page):
    """Yield what axe calls serious: what somebody can't reach, read or hear."""
    page.evaluate(Path(axe.__file__).with_name("axe.min.js").read_text("utf-8"))
    found = page.evaluate(AXE)["violations"]
    for one in found:
        if one["impact"] in ("serious", "critical"):
            example = one["nodes"][0]["html"][:120]
            yield f"{one['help']} ({one['id']}, {len(one['nodes'])} times): {example}"


def untouched(page):
    """Move every control of the figures to touch by keys, and yield those that do nothing.

    Of each figure something must be said in a sentence, and another one when it was moved.
    """
    for figure in page.query_selector_all(".touch"):
        kind = figure.get_attribute("data-kind")
        moved = figure.query_selector_all("input[type=range], [role=application], svg [tabindex]")
        if not moved:
            yield f"the figure {kind} has nothing to move"
        said = {figure.query_selector(".touch-told").inner_text()}
        for control in moved:
            control.focus()
            seen = {figure.inner_html()}
            for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):  # it may stand at either end
                page.keyboard.press(key)
                seen.add(figure.inner_html())
                said.add(figure.query_selector(".touch-told").inner_text())
            if len(seen) == 1:
                yield f"the figure {kind} does not answer to the arrow keys"
        if len(said) == 1 or "" in said:
            yield f"the figure {kind} does not say what happens"
