"""What only a browser shows of a page: its console, its width, its barriers, its figures."""

import contextlib
import html
import json
import re
import shutil
import subprocess
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SETTLE = 150  # milliseconds after a page is loaded in which its scripts run
AXE = 'axe.run({resultTypes: ["violations"], preload: false})'
# Open boxes, pictures that did not come, formulas without a size, figures dark in the dark.
FAULTS = """
() => {
  const faults = [];
  for (const box of document.querySelectorAll(".bd-article details[open]"))
    faults.push(`open: ${box.textContent.trim().slice(0, 60)}`);
  for (const image of document.images) {
    const shown = image.checkVisibility();
    if (shown && image.complete && !image.naturalWidth) faults.push(`no picture ${image.src}`);
  }
  for (const math of document.querySelectorAll("math"))
    if (math.checkVisibility() && !math.getBoundingClientRect().width)
      faults.push(`a formula without a size: ${math.textContent}`);
  if (document.documentElement.dataset.theme === "dark")
    for (const image of document.querySelectorAll(".cell_output img"))
      if (getComputedStyle(image).backgroundColor !== "rgb(255, 255, 255)")
        faults.push(`dark behind ${image.src}`);
  for (const pre of document.querySelectorAll("main > pre")) {
    pre.scrollLeft = 9999;
    if (pre.scrollLeft + pre.clientWidth < pre.scrollWidth - 1)
      faults.push(`cut: ${pre.textContent.slice(0, 60)}`);
  }
  for (const cell of document.querySelectorAll("main > .wide td"))
    for (const node of cell.childNodes)
      for (const word of node.data?.matchAll(/[^\\s-]+/g) ?? []) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (range.getClientRects().length > 1) faults.push(`broken: ${word[0]}`);
      }
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth)
    faults.push(`${page.scrollWidth} px wide in a window of ${innerWidth}`);
  return faults;
}
"""
# On paper nothing can be unfolded or scrolled: whatever is cut is lost.
ON_PAPER = """
() => {
  dispatchEvent(new Event("beforeprint"));
  const faults = [];
  for (const details of document.querySelectorAll(".bd-article details:not([open])"))
    faults.push(`on paper folded: ${details.textContent.trim().slice(0, 60)}`);
  for (const part of document.querySelectorAll(".bd-article :is(pre, .formula, table)"))
    if (part.checkVisibility() && part.scrollWidth > part.clientWidth + 1
        && getComputedStyle(part).overflowX !== "visible")
      faults.push(`on paper cut: ${part.textContent.trim().slice(0, 60)}`);
  dispatchEvent(new Event("afterprint"));
  return faults;
}
"""


# A page that opens others in frames, one after the other, and writes down their faults.
LOOK = """<!doctype html>
<script>
const found = {};
async function look(page, width) {
  const frame = document.createElement("iframe");
  frame.style = `width: ${width}px; height: 900px; border: 0`;
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  frame.src = page;
  document.body.append(frame);
  await loaded;
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
  found[`${page} at ${width}`] = frame.contentWindow.eval("(FAULTS)()".replace("FAULTS", FAULTS));
  frame.remove();
}
onload = async () => {
  for (const page of PAGES) for (const width of WIDTHS) await look(page, width);
  document.body.innerHTML = "<pre>" + JSON.stringify(found) + "</pre>";
};
</script><body></body>"""


def faults_of(site, pages):
    """Return the faults of pages of a site, narrow and wide, by page: Chromium alone finds them."""
    sizes = [NARROW["width"], WIDE["width"]]
    values = {"PAGES": pages, "WIDTHS": sizes, "SETTLE": SETTLE, "FAULTS": FAULTS}
    texts = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    (site / "look.html").write_text(LOOK.replace("<script>\n", f"<script>\n{texts}"), "utf-8")
    command = [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += ["--allow-file-access-from-files", "--virtual-time-budget=60000", "--dump-dom"]
    command += [f"--user-data-dir={site / 'chromium'}", (site / "look.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return json.loads(html.unescape(re.search("<body><pre>(.*)</pre>", done.stdout, re.S)[1]))


@contextlib.contextmanager
def chromium():
    """Yield a browser."""
    from playwright import sync_api as playwright

    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield browser
        browser.close()


def new_page(browser, scheme, size):
    """Return a page; what its console prints, what fails and what it asks for is in `messages`."""
    page = browser.new_page(viewport=size, color_scheme=scheme)
    page.messages = []

    def requested(request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            page.messages.append(f"asks for {request.url}")

    def printed(message):
        if message.type in ("error", "warning"):
            page.messages.append(f"console: {message.text}")

    def failed(request):
        if "ERR_ABORTED" not in (request.failure or ""):  # the next page was opened meanwhile
            page.messages.append(f"did not load: {request.url}")

    page.on("console", printed)
    page.on("pageerror", lambda error: page.messages.append(f"script: {error}"))
    page.on("requestfailed", failed)
    page.on("request", requested)
    return page


def barriers(page):
    """Yield what axe calls serious: what somebody can't reach, read or hear."""
    import axe_playwright_python as axe

    page.evaluate(Path(axe.__file__).with_name("axe.min.js").read_text("utf-8"))
    for violation in page.evaluate(AXE)["violations"]:
        if violation["impact"] in ("serious", "critical"):
            nodes = violation["nodes"]
            rule = f"{violation['help']} ({violation['id']}, {len(nodes)} times)"
            yield f"{rule}: {nodes[0]['html'][:120]}"


def untouched(page):
    """Move every control of the figures to touch by keys, and yield those that do nothing.

    Each figure describes its state in a sentence, and in another one when it was moved.
    """
    for figure in page.query_selector_all(".touch"):
        kind = figure.get_attribute("data-kind")
        controls = figure.query_selector_all(
            "input[type=range], [role=application], svg [tabindex]"
        )
        if not controls:
            yield f"the figure {kind} has nothing to move"
        sentences = {figure.query_selector(".touch-told").inner_text()}
        for control in controls:
            control.focus()
            states = {figure.inner_html()}
            for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):  # it may stand at either end
                page.keyboard.press(key)
                states.add(figure.inner_html())
                sentences.add(figure.query_selector(".touch-told").inner_text())
            if len(states) == 1:
                yield f"the figure {kind} does not answer to the arrow keys"
        if len(sentences) == 1 or "" in sentences:
            yield f"the figure {kind} does not describe what happens"
