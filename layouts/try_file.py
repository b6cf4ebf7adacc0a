"""Try a file: an administrator drops a file, chooses what its columns say, and sees how it would be read before any feed is declared.

The browser keeps the file and sends it along with every question; here it is read, answered and forgotten. Nothing is written: the piece
of place.yaml is handed out, and whoever keeps the declarations puts it there.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import try_file as ask
from layouts._parts import try_form as form
from layouts._parts import try_result as result
from layouts._parts.callback import Input, Output, State, callback, ctx, no_update
from layouts._parts.here import actor, now, path, store, t, world
from layouts._parts.marks import note
from layouts._parts.shell import page, panel, title
from layouts._parts.view import View

dash.register_page(__name__, path="/sources/try", title=title("try.title"))

ANEW = ("file", "place", "format", "encoding", "delimiter")  # after these the columns are other ones, and are proposed again


def layout(**url: Any) -> Component:
    """The form, and places for what is found."""
    return page(
        t("try.title"),
        panel("try-file", t("try.file"), wide=True, lines=2),
        html.Div(id="try-findings"),
        html.Div(id="try-form"),
        html.Div(id="try-codes"),
        html.Div(id="try-result"),
        html.Div(form.piece(), id="try-piece", hidden=True),
        dcc.Store(id="try-asked", data={}),
        dcc.Store(id="try-options"),
        view=View.from_url(url),
        lead=t("try.lead"),
        tools=dcc.Link(t("try.back"), href=path("/sources"), className="button"),
        name="try",
    )


@callback(Output("try-file", "children"), Input("view", "data"), may="try_file")
def choose(data: dict[str, Any]) -> Any:
    """Where to drop a file. Whoever may not sees that instead."""
    return form.choose(View(**data).place)


@callback(
    Output("try-findings", "children"),
    Output("try-form", "children"),
    Output("try-codes", "children"),
    Output("try-result", "children"),
    Output("try-options", "data"),
    Output("try-piece", "hidden"),
    Input("try-upload", "contents"),
    Input("try-asked", "data"),
    State("try-upload", "filename"),
    State("try-upload", "last_modified"),
    prevent_initial_call=True,
    may="try_file",
)
def read(contents: str | None, asked: dict[str, Any], name: str | None, modified: float | None) -> tuple[Any, ...]:
    """Everything that can be said of the file as it is read now."""
    if not contents:
        return (no_update,) * 6
    asked = asked if isinstance(asked, dict) else {}
    changed = "file" if ctx.triggered_id == "try-upload" else str(asked.get("changed", ""))
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
        if len(data) > ask.LARGEST:
            raise ValueError
    except (binascii.Error, ValueError):
        return note(t("try.unusable"), "alert"), "", "", "", None, True
    tried = _tried(data, str(name or "")[:200], asked, changed, modified)
    anew = changed in ANEW
    return (
        result.findings(tried),
        form.columns(tried) if anew else no_update,
        form.codes(tried) if anew or changed != "code" else no_update,
        result.panels(tried),
        {"format": tried.format, "options": dict(tried.options)},
        not tried.format,
    )


def _tried(data: bytes, name: str, asked: dict[str, Any], changed: str, modified: float | None) -> ask.Tried:
    places = form.places()
    place = str(asked.get("place") or "")
    options = {} if changed in ("file", "place", "format") else form.options(asked, with_columns=changed not in ANEW)
    written = datetime.fromtimestamp(modified, UTC) if isinstance(modified, int | float) and 0 < modified < 4e9 else None
    return ask.tried(
        store(), actor(), world(), now(), place=place if place in places else next(iter(places)), name=name, data=data,
        format="" if changed == "file" else str(asked.get("format") or ""), options=options, propose=changed in ANEW, written=written,
    )  # fmt: skip


@callback(
    Output("try-yaml", "children"),
    Input("try-options", "data"),
    Input("try-feed", "value"),
    Input("try-publisher", "value"),
    prevent_initial_call=True,
    may="try_file",
)
def piece(found: dict[str, Any] | None, feed: str | None, publisher: str | None) -> Any:
    """The piece of place.yaml."""
    if not found or not found.get("format"):
        return ""
    return ask.piece(actor(), str(feed or "")[:64], found["format"], str(publisher or "")[:64], found["options"])
