"""A chart as the house shows it: data age, n, definition, the figure, its table twin and the twin as CSV; never a figure without them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component
from plotly import graph_objects as go

from layouts._parts.graph import graph
from layouts._parts.here import t
from layouts._parts.marks import ago, time
from layouts._parts.refresh import live
from layouts._parts.table import Column, csv_button, folded, records
from layouts._text import has


def stamp(as_of: datetime | None, received_at: datetime | None = None, zone: str = "UTC", *, stamp_id: str = "") -> Component:
    """How old the data are: "Data to 14:05 · received 14:07 · 4 min ago (Asia/Ho_Chi_Minh)"; the age runs on. None: never heard.

    With an id of its own it is refreshed in place.
    """
    named = {"id": stamp_id} if stamp_id else {}
    if as_of is None:
        return live(html.P(html.Span(t("shell.never_heard"), className="stamp-never"), className="stamp", **named), *_children(stamp_id))
    parts: list[Any] = _around("shell.data_to", time(as_of, zone))
    if received_at:
        parts += [" · ", *_around("shell.received", time(received_at, zone))]
    parts += [" · ", ago(received_at or as_of), html.Span(f" ({zone})", className="stamp-zone")]
    return live(html.P(parts, className="stamp", **named), *_children(stamp_id))


def asked(at: datetime, received_at: datetime | None, zone: str, *, stamp_id: str) -> Component:
    """How old a list of what was received is: "Asked 14:06 · received to 14:05 · 1 min ago (Asia/Ho_Chi_Minh)"; the age is of what was
    received. None: never heard.
    """
    parts: list[Any] = [*_around("shell.asked", time(at, zone)), " · "]
    if received_at is None:
        parts.append(html.Span(t("shell.never_heard"), className="stamp-never"))
    else:
        parts += [*_around("shell.received_to", time(received_at, zone)), " · ", ago(received_at)]
    parts.append(html.Span(f" ({zone})", className="stamp-zone"))
    return live(html.P(parts, className="stamp", id=stamp_id), "children")


def chart(
    drawn: go.Figure | Component,
    *,
    columns: Sequence[Column],
    rows: Any,
    title: str,
    csv: str,
    definition: str = "",
    n: int | None = None,
    as_of: datetime | None = None,
    received_at: datetime | None = None,
    zone: str = "UTC",
    note: Any = None,
    height: int = 320,
    graph_id: Any = None,
    key: str = "",
) -> Component:
    """A figure with all that belongs to it. `title` names it to a screen reader and in the CSV (the panel shows it already).

    `definition` is a text key (or a text) that says what is counted; `n` how many things the figure speaks of; `key` what is looked at,
    so that a refresh does not move the reader's zoom; `csv` the file name. `rows` are shown by `columns` in the twin, in the order given.
    """
    own = hashlib.blake2s(f"{csv}{title}".encode(), digest_size=4).hexdigest()
    graph_id = graph_id or f"g-{own}"
    picture = graph(drawn, graph_id, height=height, key=key or csv) if isinstance(drawn, go.Figure) else drawn
    defined = t(definition) if has(definition) else definition
    below = [
        live(html.Span(t("shell.n", n=n), id=f"n-{own}", className="chart-n"), "children") if n is not None else None,
        html.Span(defined, className="chart-definition") if defined else None,
        live(html.Span(note, id=f"o-{own}", className="chart-note"), "children") if note else None,
    ]
    listed = records(rows)
    twin = html.Details(
        [html.Summary(t("shell.as_table")), folded(columns, listed, caption=title, zone=zone, table_id=f"t-{own}")],
        className="twin",
    )
    return html.Figure(
        [
            stamp(as_of, received_at, zone, stamp_id=f"s-{own}"),
            html.Div(picture, role="group", **{"aria-labelledby": f"h-{own}", "aria-describedby": f"d-{own}"}),
            html.Figcaption(
                [
                    html.Span(title, id=f"h-{own}", className="hidden"),
                    html.Span([part for part in below if part is not None], id=f"d-{own}", className="chart-below"),
                ]
            ),
            html.Div([twin, csv_button(csv, title)], className="chart-foot"),
        ],
        className="chart csv-of",
        **{"aria-labelledby": f"h-{own}"},
    )


def _children(component_id: str) -> tuple[str, ...]:
    return ("children",) if component_id else ()


def _around(key: str, inner: Component) -> list[Any]:
    """A text with a component in the place of its {at}."""
    before, _, after = t(key, at="\0").partition("\0")
    return [before, inner, after]
