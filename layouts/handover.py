"""Hand-over: what one shift tells the next about a place; signed by one person, taken line by line by another, printed on A4."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import handover as ask
from data.queries._scope import allowed
from data.queries.handover import Desk
from layouts._paper.handover import sheet
from layouts._paper.pdf import pdf
from layouts._parts import handover_parts as parts
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, refused
from layouts._parts.view import View

dash.register_page(__name__, path="/handover", title=title("handover.title"))


def layout(**url: Any) -> Component:
    """One place, one shift: that which is on, or the one before; both stand in the address. What is typed is not touched by a refresh."""
    view = View.from_url(url)
    found = _desk(view)
    tools = [button(t("handover.print"), "handover-print", "plain"), button(t("handover.pdf"), "handover-pdf", "plain")]
    body: list[Any] = [panel("handover-none", t("handover.title"), _nothing(view), wide=True)]
    if found is not None:
        body = [
            html.Div(id="handover-said", role="status"),
            panel("handover-sheet", parts.name(found), parts.aged(found), *parts.drawn(found), wide=True, hint=parts.standing(found)),
            *([panel("handover-work", *parts.to_do(found), wide=True)] if parts.to_do(found) else []),
            panel("handover-latest", t("handover.latest"), parts.latest(found), wide=True),
        ]
    return page(
        t("handover.title"),
        filters(view, "place"),
        *body,
        dcc.Store(id="handover-done", data=0),
        dcc.Location(id="handover-again", refresh="callback-nav"),
        dcc.Download(id="handover-file"),
        view=view,
        lead=html.Div([html.Span(t("handover.lead")), *parts.shifts(view, found)], className="row"),
        tools=html.Div(tools, className="row") if found is not None else None,
        name="handover",
    )


@callback(
    Output("handover-said", "children"),
    Output("handover-again", "href"),
    Input({"type": "handover-do", "act": ALL, "line": ALL}, "n_clicks"),
    State({"type": "handover-typed", "name": ALL}, "value"),
    State("view", "data"),
    prevent_initial_call=True,
    may="see",  # who may do what is asked by data.actions, which also puts a refusal on record
)
def do(_clicks: list[int | None], _values: list[Any], data: dict[str, Any]) -> tuple[Any, Any]:
    """Sign, take a line, accept. What was typed stays unless it was taken."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    view = View(**data)
    found = _desk(view)
    typed = {str(each["id"]["name"]): str(each.get("value") or "") for each in ctx.states_list[0]}
    asked = ctx.triggered_id or {}
    if found is None:
        return refused("handover.no_place"), no_update
    said, changed = parts.do(found, str(asked.get("act", "")), int(asked.get("line", 0)), typed)
    again = view.set(began=found.span.began.isoformat(), did=f"{asked.get('act')}{asked.get('line')}").href("/handover")
    return said, again if changed else no_update


@callback(
    Output("handover-file", "data"),
    Input("handover-pdf", "n_clicks"),
    State("view", "data"),
    prevent_initial_call=True,
    may="export",
)
def file(clicks: int | None, data: dict[str, Any]) -> Any:
    """The sheet as PDF."""
    found = _desk(View(**data)) if clicks else None
    if found is None:
        return no_update
    made = pdf(sheet(found, world(), language(), now()), language(), t("handover.page_of", page="{page}"))
    return dcc.send_bytes(made, f"handover-{found.place}-{found.span.began:%Y%m%dT%H%MZ}.pdf")


def _desk(view: View) -> Desk | None:
    places = allowed(actor(), world())
    place = view.place or (places[0] if places else "")
    try:
        began = datetime.fromisoformat(view.get("began")) if view.get("began") else None
    except ValueError:
        return None
    if not place or place not in world().places or (began is not None and began.tzinfo is None):
        return None
    return ask.desk(store(), actor(), world(), place, now(), began)


def _nothing(view: View) -> Component:
    """No place is chosen yet, or it is out of reach."""
    return refused("handover.no_place") if view.place else empty("handover.choose")
