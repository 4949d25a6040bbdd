"""Marks given in Chromium, by keyboard alone, where Playwright and a browser are at hand."""

import re
import shutil

import pytest
from grade_class import HEAD, NAME, UNIT, merged
from grade_marker import Marker, class_to_mark, rows, session

from tools.publish.book.browser import BROWSERS
from tools.teach.grade import criteria, serve

PROGRAM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium here"),
]


class Window:
    """A browser's window in which keys are pressed, and nothing else is done."""

    def __init__(self, page, address):
        self.page, self.address, self.heard = page, address, []
        page.on("console", lambda message: self.heard.append(message.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda request: self.heard.append(request.url))
        page.goto(address)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, *keys):
        """Press keys of which the last one leads to another page."""
        with self.page.expect_navigation():
            self.press(*keys)
        return self.page.title()

    def text(self, what):
        return self.page.inner_text(what)

    def odd(self):
        return [said for said in self.heard if not said.startswith((self.address, "data:"))]


@pytest.fixture
def out(tmp_path):
    return class_to_mark(tmp_path)


@pytest.fixture
def window(out, monkeypatch):
    monkeypatch.setattr(serve.webbrowser, "open", lambda address: True)
    with Marker(session(out)) as eve, playwright.sync_playwright() as found:
        browser = found.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield Window(browser.new_page(), eve.desk.address)
        browser.close()


def student(window):
    return re.search(r"\((\w+)\)", window.text("h1"))[1]


def test_a_question_is_marked_by_keyboard_alone(window, out):
    assert window.go("1").startswith("Answer 1 of 10")
    first = student(window)
    window.press("1", "2", "-", "c")
    window.page.keyboard.type("Nearly 1")
    assert window.go("Control+Enter").startswith("Answer 2 of 10")
    assert window.text(".said") == "Saved: 2.5 of 4."
    second = student(window)
    window.press("f", "m", "1")  # all points, and the comment of before
    window.go("Enter")
    found = rows(out)
    assert (found[first].points, found[first].comment) == (2.5, "Nearly 1")
    assert (found[second].points, found[second].comment) == (4.0, "Nearly 1")
    assert criteria.read(out)[first] == {f"{UNIT}/{NAME}/a_why": [2.0, 0.5, 0.0]}
    window.go("p")
    assert student(window) == second
    window.press("0")
    window.go("s")
    assert (rows(out)[second].points, student(window)) == (0.0, second)
    window.go("u")
    assert rows(out)[second].points == 4.0
    window.go("t")
    assert not rows(out)[second].by_hand
    window.go("n")
    assert window.page.title().startswith("Answer 3")
    window.go("w")
    window.go("h")
    assert window.page.title() == "Answers to mark" and not window.odd()


def test_keys_are_letters_in_a_comment_and_can_be_turned_off(window, out):
    window.go("w")
    window.press("c")
    window.page.keyboard.type("fnpwuth 12")
    window.press("Escape", "q")
    assert window.page.input_value("#comment") == "fnpwuth 12"
    assert not window.page.locator("details.asked").first.evaluate("found => found.open")
    keys = window.page.locator("#keys")
    window.page.locator("details", has=keys).evaluate("found => { found.open = true; }")
    keys.focus()
    window.press("Enter", "1")
    assert "off" in keys.inner_text() and window.page.input_value("#part1") == ""
    keys.focus()
    window.press(" ", "1")
    assert window.page.input_value("#part1") == "2"


def test_what_another_has_given_meanwhile_is_told(window, out):
    window.go("w")
    mine = student(window)
    merged(out, f"{HEAD}\n{mine},{UNIT},{NAME},a_why,1\n")
    window.press("f")
    assert window.go("Enter").startswith("Not saved: Answer 1")
    assert "The book says now: 1 of 4 by hand" in window.text("[role=alert]")
    assert rows(out)[mine].points == 1.0
    window.go("Enter")
    assert rows(out)[mine].points == 4.0


def test_pages_have_no_barriers_and_fit_a_narrow_window(window):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    seen = [axe.run(window.page).response]
    window.go("w")
    window.press("f")
    window.go("s")
    window.page.set_viewport_size({"width": 390, "height": 844})
    seen.append(axe.run(window.page).response)
    assert not [found["violations"] for found in seen if found["violations"]]
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert window.page.evaluate("document.querySelector('math').getBoundingClientRect().width")
    assert serve.POLICY.count("script-src 'self'") == 1
