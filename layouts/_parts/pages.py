"""Pages of a long list: which rows stand on which, and the way back and on. The page stands in the address."""

from __future__ import annotations

from typing import TypeVar

from dash import dcc, html
from dash.development.base_component import Component

from layouts._parts.filters import here
from layouts._parts.here import t
from layouts._parts.view import View

Row = TypeVar("Row")


def asked(view: View, key: str = "page") -> int:
    """The page that an address asks for, from 1; what is no page is the first."""
    told = view.get(key)
    return max(int(told), 1) if told.isdecimal() and len(told) < 7 else 1


def of(rows: list[Row], page: int, size: int) -> tuple[int, list[Row]]:
    """The number of a page that there is, the nearest to the one asked for, and its rows."""
    page = min(max(page, 1), max(-(-len(rows) // size), 1))
    return page, rows[(page - 1) * size : page * size]


def pages(view: View, page: int, size: int, n: int, label: str, key: str = "page") -> Component | None:
    """Back, which rows these are of how many, and on; nothing where all stand on one page. `label`: whose pages they are."""
    last = max(-(-n // size), 1)
    if last == 1:
        return None
    links = [
        dcc.Link(t(f"shell.page_{name}"), href=here(view.set(**{key: "" if to == 1 else str(to)}))) if 1 <= to <= last else html.Span()
        for name, to in (("before", page - 1), ("after", page + 1))
    ]
    said = t("shell.page_of", first=(page - 1) * size + 1, last=min(page * size, n), n=n)
    return html.Nav([links[0], html.Span(said, className="muted"), links[1]], className="row", **{"aria-label": label})
