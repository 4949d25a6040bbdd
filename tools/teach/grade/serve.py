"""``grade --mark``: a page on this machine on which a person gives marks.

Tornado listens on 127.0.0.1 alone, at a port that the system chooses. The first part of every
address is a secret, which no other page and no other user knows; a request without it, or for a
host of another name (which a foreign page may have led here), gets nothing. Pages load nothing from
elsewhere, and their only script is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import math
import os
import secrets
import tempfile
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web
from markupsafe import Markup, escape

from tools.notebook.common import Problem, shown
from tools.teach.grade import history, pages, rendered
from tools.teach.grade.marking import Decided, Item, Moved, Question, Session, share_of
from tools.teach.grade.rows import number, visible
from tools.teach.grade.rubric import Criterion

ADDRESS = "127.0.0.1"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    # An address holds the secret. ("no-referrer" would take Origin from our own forms, too.)
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
UNCHANGED = "Nothing was changed."
LARGEST = 1_000_000  # bytes of a request


def main(options: argparse.Namespace) -> int:
    """Serve until the person who marks is done, then write tables and pages."""
    session = Session(
        options.out.absolute(),
        options.by or history.login(),
        options.notebooks.absolute(),
        share_of(options.share or "1/1"),
        options.anonymous,
    )
    try:
        asyncio.run(serve(Desk(session)))
    except KeyboardInterrupt:
        pass
    finally:
        tell_end(session)
    return 0


def tell_end(session: Session) -> None:
    """Write what is made of marks, and say so."""
    told = f"{session.marked} marks by {visible(session.who)} are in the gradebook"
    try:
        session.finish()
    except Problem as problem:
        print(f"{told}; tables and pages are of before: {problem}, or call --mark again")
    else:
        print(f"{told}; tables and pages in {shown(session.out)}/ are of now")


@dataclass
class Desk:
    """What all requests share."""

    session: Session
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    port: int = 0
    said: str = ""  # what the next page tells, once
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def root(self) -> str:
        """The path that every address begins with."""
        return f"/{self.token}/"

    @property
    def address(self) -> str:
        """The address of the first page."""
        return f"http://{ADDRESS}:{self.port}{self.root}"


async def serve(desk: Desk) -> None:
    """Answer requests until the person is done."""
    sockets = tornado.netutil.bind_sockets(0, ADDRESS)
    desk.port = sockets[0].getsockname()[1]
    server = tornado.httpserver.HTTPServer(application(desk), max_body_size=LARGEST)
    server.add_sockets(sockets)
    print(f"Marking as {visible(desk.session.who)}: {desk.address}\nCtrl-C ends it.", flush=True)
    with led_there(desk.session.out, desk.address) as page:
        # Some browsers end when their window does: nobody waits for that.
        threading.Thread(target=webbrowser.open, args=[page.as_uri()], daemon=True).start()
        await desk.done.wait()
        await asyncio.sleep(0.2)  # the last page is still to be sent
    server.stop()


@contextmanager
def led_there(out: Path, address: str) -> Iterator[Path]:
    """Write a file for this user alone that leads to an address, until the ``with`` block ends.

    The address itself in a browser's command line would tell the secret to whoever lists processes.
    """
    number, name = tempfile.mkstemp(prefix="mark-", suffix=".html", dir=out)
    path = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(
                f'<!doctype html><html lang="en"><title>To the answers</title><meta '
                f'http-equiv="refresh" content="0; url={escape(address)}">'
                f'<a href="{escape(address)}">To the answers</a>'
            )
        yield path
    finally:
        path.unlink(missing_ok=True)


def application(desk: Desk) -> tornado.web.Application:
    """Return what answers requests."""
    return tornado.web.Application(
        [
            (r"/[^/]+/", Home, {"desk": desk}),
            (r"/[^/]+/answer/([0-9a-f]+)", Answer, {"desk": desk}),
            (r"/[^/]+/undo", Undo, {"desk": desk}),
            (r"/[^/]+/finish", Finish, {"desk": desk}),
            (r"/[^/]+/mark\.js", Script, {"desk": desk}),
        ],
        default_handler_class=Page,
        default_handler_args={"desk": desk},
        log_function=lambda _: None,  # what is asked for holds the secret
    )


# ------------------------------------------------------------------ requests


class Page(tornado.web.RequestHandler):
    """What every request has to pass; alone it is the page that is not there."""

    def initialize(self, desk: Desk) -> None:
        """Take what all requests share."""
        self.desk, self.session = desk, desk.session

    def set_default_headers(self) -> None:
        """Let pages load nothing from elsewhere, and tell nobody where they are."""
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse who does not know the secret, and who was led here by another page."""
        hosts = {f"{name}:{self.desk.port}" for name in (ADDRESS, "localhost")}
        origin = self.request.headers.get("Origin")
        given = self.request.path.split("/")[1]
        led = origin is not None and origin not in {f"http://{host}" for host in hosts}
        known = hmac.compare_digest(given.encode(), self.desk.token.encode())
        if self.request.host not in hosts or led or not known:
            raise tornado.web.HTTPError(403)
        if type(self) is Page:
            raise tornado.web.HTTPError(404)

    def write_error(self, status_code: int, **more: Any) -> None:
        """Say what went wrong, and no more to a stranger."""
        problem = more.get("exc_info", (None, None))[1]
        told = "This address is not one of these pages; take the one that the command printed."
        if isinstance(problem, Problem):
            self.set_status(503)
            told = str(problem)
        elif status_code >= 500:
            told = "The grader made a mistake; the terminal says which. What was saved is saved."
        self.show("marking_told.html", told=told)

    def log_exception(self, kind: Any, value: Any, trace: Any) -> None:
        """Leave a mistake to the log; a Problem is told on the page."""
        if not isinstance(value, Problem):
            super().log_exception(kind, value, trace)

    def show(self, template: str, **values: Any) -> None:
        """Send a page."""
        known = {"root": self.desk.root, "session": self.session}
        self.finish(pages.templates().get_template(template).render(**known, **values))

    def go(self, path: str, said: str = "") -> None:
        """Lead to another page, which tells something."""
        self.desk.said = said
        self.redirect(self.desk.root + path, status=303)

    def told(self) -> str:
        """Return what is still to be told, once."""
        said, self.desk.said = self.desk.said, ""
        return said


class Home(Page):
    """All questions, and how far each is."""

    def get(self) -> None:
        """Show them."""
        questions = self.session.questions()
        first = next((i for q in questions for i in q.waiting), None)
        self.show("marking_home.html", questions=questions, next_waiting=first, said=self.told())


class Answer(Page):
    """One answer, with what gives it a mark."""

    def get(self, name: str) -> None:
        """Show it."""
        self.page(*self.found(name))

    def found(self, name: str) -> tuple[Question, Item]:
        """Return an answer with its question."""
        if found := self.session.find(name):
            return found
        raise tornado.web.HTTPError(404)

    def page(self, question: Question, item: Item, wrong: str = "", **typed: Any) -> None:
        """Show an answer; with ``wrong`` what was typed, and why it is not saved."""
        session, others = self.session, question.items
        place = next(n for n, other in enumerate(others) if other.id == item.id)
        self.show(
            "marking_answer.html",
            question=question,
            item=item,
            number=place + 1,
            before=others[place - 1] if place else None,
            after=others[place + 1] if place + 1 < len(others) else None,
            next_waiting=next_of(question, item),
            asked=rendered.shown(session.question_text(question.place)),
            model=rendered.shown(session.model_answer(question.place)),
            answer=answer_of(item),
            comments=session.comments(question),
            entry=session.marked_by(item) if item.row.by_hand else None,
            name=session.name(item),
            wrong=wrong,
            said=self.told(),
            **self.fields(question, item, **typed),
        )

    def fields(
        self,
        question: Question,
        item: Item,
        points: str | None = None,
        comment: str | None = None,
        parts: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Return what stands in the fields: what was typed, or else what the book says."""
        known, row = self.session.criteria(question), item.row
        given = parts or [f"{p:g}" for p in self.session.by_criterion(item)]
        if len(given) != len(known):
            given = [""] * len(known)
        now = f"{row.points:g}" if row.by_hand else ""
        return {
            "points": now if points is None else points,
            "comment": row.comment if comment is None else comment,
            "parts": [
                (rendered.line(one.text), one.points, value)
                for one, value in zip(known, given, strict=True)
            ],
        }

    def post(self, name: str) -> None:
        """Enter a mark, and lead on."""
        question, item = self.found(name)
        then = self.get_body_argument("then", "next")
        points = self.get_body_argument("points", "").strip()
        parts = [part.strip() for part in self.get_body_arguments("criterion")]
        comment = self.get_body_argument("comment", "")
        seen = self.get_body_argument("seen", "")
        decided = Decided("-", comment, seen)
        if then != "back":
            by_part = made_up(self.session.criteria(question), parts, points)
            decided = Decided(points, comment, seen, by_part)
        try:
            changed = self.session.mark(item, decided)
        except (Problem, OSError) as problem:
            self.refuse(name, problem, points=points, comment=comment, parts=parts)
            return
        self.lead_on(name, then, told_of(then, points, question.of) if changed else UNCHANGED)

    def lead_on(self, name: str, then: str, said: str) -> None:
        """Lead to where a person wants to be after a mark."""
        question, item = self.found(name)
        if then != "next":
            self.go(f"answer/{name}", said)
        elif after := next_of(question, item):
            self.go(f"answer/{after.id}", said)
        else:
            self.go("", f"{said} None of {'/'.join(question.place)} waits.")

    def refuse(self, name: str, problem: Exception, **typed: Any) -> None:
        """Show what was typed again, and say why it is not in the book."""
        if (now := self.session.find(name)) is None:
            self.go("", f"Not saved: {problem}.")
            return
        codes = {Moved: 409, OSError: 500}
        self.set_status(next((n for kind, n in codes.items() if isinstance(problem, kind)), 422))
        self.page(*now, self.not_saved(now[1], problem), **typed)

    def not_saved(self, now: Item, problem: Exception) -> str:
        """Return why a mark is not in the book, and what to do."""
        if isinstance(problem, OSError):
            return f"Perhaps not saved: {problem}. See to that, and save it again."
        if not isinstance(problem, Moved):
            return f"Not saved: {problem}."
        entry = self.session.marked_by(now)
        by = f" ({entry.who}: {entry.how})" if entry else ""
        mark = history.mark(history.mark_of(now.row))
        return (
            "Not saved: this answer or its mark has changed since the page showed it. The book "
            f"says now: {mark}{by}. What you typed stands below: save it again to overrule that, "
            "or go on."
        )


class Undo(Page):
    """The last change, taken back."""

    def post(self) -> None:
        """Take it back, and show its answer."""
        try:
            item = self.session.undo()
        except (Problem, OSError) as problem:
            self.go("", f"Not undone: {problem}.")
            return
        if item is None:
            self.go("", "There is nothing to undo.")
        else:
            self.go(f"answer/{item.id}", "Undone: the mark is what it was.")


class Finish(Page):
    """The end."""

    def post(self) -> None:
        """Say so, and end the command."""
        told = (
            "Your marks are in the gradebook. You can close this page; the terminal says the rest."
        )
        self.show("marking_told.html", told=told)
        self.desk.done.set()


class Script(Page):
    """The script of the pages: keys."""

    def get(self) -> None:
        """Send it."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(Path(__file__).with_name("pages").joinpath("marking.js").read_text("utf-8"))


# ------------------------------------------------------------------ what pages show


def next_of(question: Question, item: Item) -> Item | None:
    """Return the next answer to a question that waits, from the beginning after the last one."""
    place = next((n for n, i in enumerate(question.items) if i.id == item.id), -1)
    others = [*question.items[place + 1 :], *question.items[: max(place, 0)]]
    return next((other for other in others if other.row.review), None)


def answer_of(item: Item) -> Markup:
    """Return an answer as the page shows it: text as a notebook does, code in colours."""
    text = pages.shortened(item.answer["answer"])
    if "verdict" in item.answer:
        return pages.code(text)
    return rendered.shown(text, item.answer.get("pictures"))


def made_up(criteria: list[Criterion], parts: list[str], points: str) -> tuple[float, ...]:
    """Return points by criterion, if they are what the points are made up of; else none."""
    found = tuple(number(part or "0") for part in parts)
    fits = len(found) == len(criteria) and any(parts) and bool(points)
    fits = fits and all(0 <= p <= one.points for p, one in zip(found, criteria, strict=True))
    return found if fits and math.isclose(sum(found), number(points), abs_tol=1e-3) else ()


def told_of(then: str, points: str, of: float) -> str:
    """Return what to tell of what was entered."""
    if then == "back":
        return "The mark is taken back."
    return f"Saved: {points} of {of:g}." if points else "Saved: the comment."
