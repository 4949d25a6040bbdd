"""What only a browser can tell of the site: its console, its width, its search, its colours.

Needs Playwright and axe (``uv pip install playwright axe-playwright-python``), and a Chromium or
Chrome on the machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tools.notebook.common import Problem

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# What is typed into the search, misspelt or as a sentence, and what it suggests.
TYPED = {
    "atention": "docs/glossary.html#attention",
    "overfiting": "docs/glossary.html#overfitting",
    "how to install": "index.html#begin",
}
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


def browse(site: Path, words: dict[str, str]) -> list[str]:
    """Return what is wrong with the pages of a built site as a browser shows them from its files.

    ``words`` are searched for, each with the page that must be among what is found. Raises Problem
    if Playwright or a browser is missing.
    """
    try:
        import axe_playwright_python
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Problem(
            f"the pages can't be tried in a browser: {error.name} is not installed; "
            "`uv pip install playwright axe-playwright-python` puts it into .venv"
        ) from None
    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        raise Problem(f"there is no browser here: none of {', '.join(BROWSERS)} is on the path")
    looks = [("light", NARROW), ("dark", WIDE)]
    bar = tqdm(total=len(looks) * len(html_files(site)), desc="pages", unit="page")

    def look(scheme: str, size: dict[str, int]) -> list[str]:
        with sync_playwright() as playwright:
            browser: Any = playwright.chromium.launch(
                executable_path=program, args=["--no-sandbox"]
            )
            page = browser.new_page(viewport=size, color_scheme=scheme)
            told, heard = [], []
            listen(page, heard)
            for path in html_files(site):
                where = f"{path.relative_to(site).as_posix()}, {scheme}, {size['width']} px"
                for fault in faults(page, path, axe, heard):
                    told.append(f"{where}: {fault}")
                    bar.write(told[-1])  # at once: all pages together take ten minutes
                bar.update()
            if size == WIDE:
                told += [*searches(browser, site, words), *typed(browser, site)]
            browser.close()
        return told

    with bar, ThreadPoolExecutor(len(looks)) as pool:
        return [fault for told in pool.map(look, *zip(*looks, strict=True)) for fault in told]


def faults(page: Any, path: Path, axe: str, heard: list[str]) -> list[str]:
    """Open a page and return what is wrong with it; ``heard`` is what `listen` writes to."""
    heard.clear()
    page.goto(path.as_uri())
    page.wait_for_timeout(SETTLE)
    told = [*page.evaluate(FAULTS), *barriers(page, axe), *untouched(page)]
    page.emulate_media(media="print")
    told += page.evaluate(ON_PAPER)
    page.emulate_media(media="screen")
    return [*told, *heard]


def html_files(site: Path) -> list[Path]:
    """Return the pages of a site that a reader opens."""
    return [p for p in sorted(site.rglob("*.html")) if "_static" not in p.parts]


def listen(page: Any, heard: list[str]) -> None:
    """Write down what the console says, what fails, and what is asked of another machine."""

    def asked(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            heard.append(f"asks for {request.url}")

    def said(message: Any) -> None:
        if message.type in ("error", "warning"):
            heard.append(f"console: {message.text}")

    def failed(request: Any) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # the next page was opened meanwhile
            heard.append(f"did not load: {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    page.on("requestfailed", failed)
    page.on("request", asked)


def barriers(page: Any, axe: str) -> Iterator[str]:
    """Yield what axe calls serious: what somebody can't reach, read or hear."""
    page.evaluate(axe)
    found = page.evaluate(AXE)["violations"]
    for one in found:
        if one["impact"] in ("serious", "critical"):
            example = one["nodes"][0]["html"][:120]
            yield f"{one['help']} ({one['id']}, {len(one['nodes'])} times): {example}"


def untouched(page: Any) -> Iterator[str]:
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


def typed(browser: Any, site: Path) -> Iterator[str]:
    """Type into the search, and yield what is not among its first three suggestions."""
    page = browser.new_page(viewport=WIDE)
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Control+k")
    for words, wanted in TYPED.items():
        page.fill("#pst-search-dialog input", words)
        page.wait_for_timeout(1000)
        links = "all => all.slice(0, 3).map(a => a.href)"
        found = page.eval_on_selector_all("#pst-search-dialog .suggestions a", links)
        if not any(link.endswith(wanted) for link in found):
            yield f"typing {words!r} into the search does not suggest {wanted}"


def searches(browser: Any, site: Path, words: dict[str, str]) -> Iterator[str]:
    """Search for words, and yield those that do not find their page."""
    page = browser.new_page(viewport=WIDE)
    there = [path.as_posix() for path in html_files(site)]
    for word, wanted in words.items():
        if not any(wanted in path for path in there):
            continue  # a book of a few notebooks
        page.goto(f"{(site / 'search.html').as_uri()}?q={word}")
        page.wait_for_selector("#search-results li a", timeout=10_000)
        page.wait_for_timeout(1500)
        found = page.eval_on_selector_all("#search-results li a", "all => all.map(a => a.href)")
        if not any(wanted in link for link in found):
            yield f"the search for {word!r} does not find {wanted}"
