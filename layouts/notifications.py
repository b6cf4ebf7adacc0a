"""Notifications: what I am told through which channel, and every message with what became of it."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import notices as ask
from data.queries.notices import Asked
from layouts._parts import notify_form as mine
from layouts._parts import notify_list as every
from layouts._parts.alert import own_zone
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.chart import asked as stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, now, store, t
from layouts._parts.shell import page, panel, title
from layouts._parts.view import View

dash.register_page(__name__, path="/notifications", title=title("notify.title"))

OWN = ("state", "channel", "person", "alert")


def layout(**url: Any) -> Component:
    """The filters of the list stand in the address, and which row of mine is changed: edit (channel) and at (place)."""
    view = View.from_url(url)
    found = ask.sent(store(), actor(), now(), Asked())
    options = {
        "state": {state: t(f"notify.state_{state}") for state in ask.STATES},
        "channel": {channel: mine.named(channel) for channel in mine.channels()},
        "person": {person: person for person in found.people},
        "alert": {view.get("alert"): view.get("alert")[:8]},
    }
    shown = ["place", "channel", "state", "person", *(["alert"] if view.get("alert") else [])]
    return page(
        t("notify.title"),
        filters(view, *shown, options=options),
        html.Div(id="notify-said", role="status", tabIndex=-1),
        panel("notify-mine", t("notify.mine"), hint=t("notify.mine_hint"), wide=True),
        panel("notify-sent", t("notify.sent"), hint=t("notify.sent_hint"), wide=True, lines=8),
        dcc.Store(id="notify-done", data=0),
        dcc.Store(id=mine.CHOSEN, data={}),
        view=view,
        lead=html.Div("–", id="notify-lead"),
        name="notifications",
    )


@callback(Output("notify-mine", "children"), Output(mine.CHOSEN, "data"), Input("view", "data"), Input("notify-done", "data"), may="notify")
def own(data: dict[str, Any], _done: int) -> tuple[Any, Any]:
    """What I am told, and the form. Not refreshed by what arrives: somebody may be typing."""
    view = View(**data)
    if not mine.channels():
        return mine.undeclared(), {}
    found = ask.mine(store(), actor())
    key = (view.get("edit"), view.get("at"))
    changed = next((row for row in found if (row["channel"], row["place"]) == key and row["channel"] in mine.channels()), None)
    form, chosen = mine.form(changed)
    return [mine.wishes(found), form], chosen


@callback(
    Output("notify-sent", "children"),
    Output("notify-lead", "children"),
    Input("view", "data"),
    Input("live", "data"),
    Input("notify-done", "data"),
    may="notify",
)
def listed(data: dict[str, Any], _live: str, _done: int) -> tuple[Any, Any]:
    """The messages that I may see."""
    view = View(**data)
    number = view.get("page", "1")
    wanted = {name: view.get(name) for name in OWN}
    asked = Asked(**wanted, place=view.place, page=int(number) if number.isdecimal() and 0 < len(number) < 6 else 1)
    found, zone = ask.sent(store(), actor(), now(), asked), own_zone(view)
    age = stamp(now(), now(), zone, stamp_id="notify-age")
    return [age, *every.messages(view, asked, found, zone)], every.lead(found)


@callback(
    Output("notify-said", "children"),
    Output("notify-done", "data"),
    Input({"type": "notify-do", "act": ALL, "channel": ALL, "place": ALL, "seen": ALL}, "n_clicks"),
    Input({"type": "notify-do", "act": ALL, "channel": ALL, "place": ALL, "seen": ALL, "key": ALL}, "n_clicks"),
    State(mine.typed_id(ALL), "value"),
    State(mine.CHOSEN, "data"),
    State("notify-done", "data"),
    prevent_initial_call=True,
    may="notify",
)
def do(_clicks: list[int | None], _again: list[int | None], _values: list[Any], chosen: dict[str, str], done: int) -> tuple[Any, Any]:
    """Save, remove, try, send again. What was typed stays unless it was taken."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    typed = {each["id"]["name"]: each.get("value") for each in ctx.states_list[0]}
    said, changed = mine.do(ctx.triggered_id or {}, chosen | typed)
    return said, done + 1 if changed else no_update
