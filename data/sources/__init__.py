"""Where bytes come from. One module a kind of source, found by the scheme of a feed's `source` and what its `fetch` says.

A source lists what lies there and opens what it listed; it writes nothing, keeps no bytes, and never uses a name it was told as a path.

    folder.py        file:///srv/in/*.edi                  object_store.py   s3://bucket/in/*.csv, any other URL of fsspec
    sftp.py          sftp://host/out/*.edi                 _reach.py         which addresses may be reached, time-outs
    http_file.py     https://host/out/file.csv             _http.py          one request: no redirects, capped, whole or an error
    json_api.py      https://host/v2/events, with `pages`  _source.py        the protocol
    _paging.py       what is declared of pages, bookmark   _ssh.py           a connection to a server known by its key

To add one: a module with a class of the protocol `Source` and a function that opens it, and a line in `_KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from data.settings import Credentials
from data.sources._source import NOTHING, BadSource, Found, Known, Source, StillWriting, Stopped, Unreached, shown_name
from data.sources.folder import Folder, modified_at, open_regular, unchanged

__all__ = (
    "NOTHING", "BadSource", "Folder", "Found", "Known", "Source", "StillWriting", "Stopped", "Unreached",
    "complaint", "modified_at", "open_regular", "open_source",
    "shown_name", "unchanged",
)  # fmt: skip

# scheme -> module and the function that opens: loaded when first asked for, since some of them are heavy
_KINDS = {
    "file": ("folder", "open_folder"),
    "sftp": ("sftp", "open_sftp"),
    "http": ("http_file", "open_http"),
    "https": ("http_file", "open_http"),
    "pages": ("json_api", "open_pages"),
    "": ("object_store", "open_store"),
}


def open_source(
    url: str, credentials: Credentials | None = None, fetch: Mapping[str, Any] | None = None, wait: Callable[[float], None] | None = None
) -> Source:
    """The source of a feed's `source` URL, with what its `fetch` says. Reaches nothing yet. `wait`: how it waits, instead of sleeping;
    may raise Stopped. Errors: BadSource.
    """
    said = fetch or {}
    try:
        scheme = urlsplit(url).scheme.lower() if "://" in url else "file"
        urlsplit(url).port  # noqa: B018 - raises where it is none
    except ValueError as error:
        raise BadSource(f"{url}: not a URL ({error})") from None
    kind = "pages" if scheme in ("http", "https") and "pages" in said else scheme if scheme in _KINDS else ""
    module, opens = _KINDS[kind]
    source: Source = getattr(import_module(f"data.sources.{module}"), opens)(url, credentials or Credentials(), said)
    if wait and hasattr(source, "wait"):
        source.wait = wait
    return source


def complaint(url: str, fetch: Mapping[str, Any]) -> str:
    """What is wrong with a feed's `source` and `fetch` as declared, "" if nothing is. Looks at the words only, reaches nothing."""
    try:
        open_source(url, None, fetch).close()
    except BadSource as error:
        return str(error)
    return ""
