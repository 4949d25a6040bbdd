"""Downloads, with some patience, and what is told where nothing serves a file."""

from __future__ import annotations

import os
import time
from pathlib import Path

from data.core.cards import DataError, Entry, File

RETRY_WAITS = (0.5, 1.0, 2.0)  # seconds between tries; one try more than there are waits
TIMEOUT = 30  # seconds without a byte
_CHUNK = 1 << 16


class DataUnavailable(DataError):
    """Nothing serves a file: no mirror, no cache, no download."""


class Unpinned(DataUnavailable):
    """The official sum of a file is not known, so it is not downloaded unasked."""


class _NotServed(Exception):
    """One try failed; ``lasting`` where another one will not cure it."""

    def __init__(self, reason: str, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


def transfer(entry: Entry, item: File, part: Path) -> None:
    """Download into a file from the first address that serves it, with some patience."""
    reasons = []
    several = len(item.urls) > 1
    for url in item.urls:
        about = f"{url}: " if several else ""
        for wait in (*RETRY_WAITS, None):
            try:
                _one_try(item, url, part)
                return
            except _NotServed as error:
                if error.lasting or wait is None:
                    reasons.append(f"{about}{error}")
                    break
                time.sleep(wait)
    raise DataUnavailable(unavailable(entry, item, "; ".join(reasons)))


def _one_try(item: File, url: str, part: Path) -> None:
    import pooch
    import requests
    from tqdm import tqdm

    # a total from the start: pooch asks for the bar's truth, which is its total
    size = item.size or 1
    bar = tqdm(total=size, unit="B", unit_scale=True, desc=item.name, leave=False, disable=None)
    get = pooch.HTTPDownloader(progressbar=bar, chunk_size=_CHUNK, timeout=TIMEOUT)
    try:
        get(url, str(part), None)
    except requests.HTTPError as error:
        answer = error.response
        code = answer.status_code if answer is not None else 0
        told = f"the server answered {code} {answer.reason if answer is not None else ''}"
        raise _NotServed(told, lasting=code < 500 and code not in (408, 429)) from error
    except requests.RequestException as error:
        raise _NotServed(_short(error)) from error
    finally:
        bar.close()
    got = part.stat().st_size
    if item.sha256 and item.size and got < item.size:
        raise _NotServed(f"only {got:,} of {item.size:,} bytes came")


def _short(error: Exception) -> str:
    """Return the innermost reason of a network error: the outer ones repeat the address."""
    import requests

    kinds = {  # the narrower ones first
        requests.exceptions.SSLError: "the server's certificate was not accepted",
        requests.exceptions.ProxyError: "the proxy did not answer",
        requests.exceptions.ConnectTimeout: "the server did not answer in time",
        requests.exceptions.ReadTimeout: "the server stopped sending",
        requests.exceptions.ChunkedEncodingError: "the connection broke off",
        requests.exceptions.ConnectionError: "no connection",
    }
    for kind, words in kinds.items():
        if isinstance(error, kind):
            return words
    return f"{type(error).__name__}: {str(error)[:200]}"


def human(size: int | None) -> str:
    """Return a number of bytes as people read it."""
    if size is None:
        return "size unknown"
    left = float(size)
    for unit in ("B", "kB", "MB"):
        if left < 1000:
            return f"{left:.0f} {unit}" if unit == "B" or left >= 10 else f"{left:.1f} {unit}"
        left /= 1000
    return f"{left:.1f} GB"


def why_no_url(entry: Entry) -> str:
    """Return why the files of an entry have no address."""
    words = {
        "download": "its card knows no address of it",
        "on request": "its owners give it on request only",
        "withdrawn": "it has been withdrawn by its owners",
    }
    return words[entry.status] + (f", see {entry.homepage}" if entry.homepage else "")


def unavailable(entry: Entry, item: File | None, reason: str) -> str:
    """Return the words of DataUnavailable: the file, the reason, and what helps."""
    what = f"{entry.name}: {item.name} ({human(item.size)})" if item else entry.name
    urls = f" from {item.urls[0]}" if item and item.urls else ""
    where = f"COURSE_DATA_DIR/{entry.mirror}" + (f"/{item.path}" if item else "/")
    state = os.environ.get("COURSE_DATA_DIR", "").strip()
    told = f"COURSE_DATA_DIR is {state}" if state else "COURSE_DATA_DIR is not set"
    return (
        f"{what} is not to be had{urls}: {reason}.\n"
        f"What helps:\n"
        f"  - a mirror that holds it as {where} ({told});\n"
        f'  - the sample in its place: data="sample" in the settings cell, or COURSE_DATA=sample '
        f"({entry.sample})."
    )


def unpinned(entry: Entry, item: File) -> str:
    """Return the words of Unpinned: the file, its address, and what helps."""
    return (
        f"{entry.name}: the official sum of {item.name} is not known, so it is not downloaded "
        f"unasked from {item.urls[0]} ({human(item.size)}).\n"
        f"What helps:\n"
        f"  - look at the address, then: python course.py data fetch {entry.name} --pin\n"
        f"    (downloads it, shows the sum and writes it into the card);\n"
        f"  - a mirror that holds it as COURSE_DATA_DIR/{entry.mirror}/{item.path};\n"
        f'  - the sample in its place: data="sample" in the settings cell, or COURSE_DATA=sample.'
    )
