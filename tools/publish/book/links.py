"""Every link and picture of the built site leads somewhere inside it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """What a page links to, which anchors it has, and which of its pictures say nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.anchors: set[str] = {""}
        self.silent: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element names."""
        found = dict(attrs)
        self.anchors |= {v for k in ("id", "name") if (v := found.get(k))}
        for key in ("href", "src"):
            if found.get(key):
                self.links.append(str(found[key]))
        if tag == "img" and not found.get("alt") and found.get("aria-hidden") != "true":
            self.silent.append(str(found.get("src")))


def broken(site: Path) -> list[str]:
    """Return what is wrong: links and pictures that lead nowhere, pictures without words.

    Links to other sites are for the reader to follow; a page loads nothing from them.
    """
    files = [p for p in sorted(site.rglob("*.html")) if "_static" not in p.parts]  # templates there
    pages = {p: Page(p.read_text(encoding="utf-8")) for p in files}
    told = []
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        told += [f"{name}: the picture {src} has no words (alt)" for src in page.silent]
        for link in dict.fromkeys(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target = target / "index.html"
            if not target.exists():
                told.append(f"{name}: {link} is not there")
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                told.append(f"{name}: {link} names no place of that page")
    return told
