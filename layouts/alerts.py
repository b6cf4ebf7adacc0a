"""Alerts: the queue, worst first, in rows or groups; mine, nobody's, overdue, at my place; what is shelved, ended, closed or history."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import queue as ask
from data.queries import views
from layouts._parts import queue_acts, queue_grid, queue_keys, queue_views
from layouts._parts.alert import own_zone
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.queue_asked import KEPT, asked_by, hides, lead
from layouts._parts.queue_rows import rows
from layouts._parts.shell import page, panel, title
from layouts._parts.view import View
from layouts._text import word
from zones.episode import SEVERITIES
from zones.rules import rules

dash.register_page(__name__, path="/alerts", title=title("alerts.title"))


def layout(**url: Any) -> Component:
    """Filters, list and groups stand in the address."""
    view = View.from_url(url)
    asked = asked_by(view)
    options = {
        "rule": {rule: word("rule", rule, language()) for rule in rules()},
        "severity": {code: word("severity", code, language()) for code in SEVERITIES},
    }
    own_views = queue_views.fold(views.saved(store(), actor()))
    tools = html.Div([html.Div(queue_grid.grouping(view, asked)), own_views], className="row queue-tools")
    stores = [dcc.Store(id="queue-ask"), dcc.Store(id="queue-last"), dcc.Store(id="queue-done", data=0)]
    return page(
        t("alerts.title"),
        filters(view, "place", "rule", "severity", "q", options=options, typed=("q",), slot="alerts-hides"),
        panel(
            "alerts-list",
            html.Span(t(f"queue.list_{asked.list}"), id="alerts-name", className="hidden"),
            html.Div(id="queue-head", className="list-head"),
            html.Div([html.Div([tools, queue_acts.bar()], className="queue-top"), queue_keys.settings()], className="row queue-line"),
            html.Div(id="queue-said", role="status"),
            html.Div(id="queue-none"),
            html.Div(queue_grid.drawn(asked.list), className="queue-frame"),
            html.Div(id="queue-pages"),
            wide=True,
            tools=html.Div("–", id="alerts-lists", className="row"),
        ),
        *stores,
        html.Div(id="queue-count", hidden=True, **{"data-n": ""}),
        html.Div(id="queue-answer", hidden=True, **{"data-answer": ""}),
        queue_acts.dialog(),
        view=view,
        lead=html.Div(id="alerts-lead"),
        tools=html.Div(
            [
                dcc.Link(t("handover.title"), href=path("/handover"), className="button"),
                dcc.Link(t("notify.link"), href=path("/notifications"), className="button"),
            ],
            className="row",
        ),
        name="alerts",
    )


@callback(
    Output(queue_grid.ID, "rowData"),
    Output("queue-head", "children"),
    Output("queue-none", "children"),
    Output("queue-pages", "children"),
    Output("alerts-lead", "children"),
    Output("alerts-lists", "children"),
    Output("alerts-hides", "children"),
    Output("queue-count", "data-n"),
    Input("view", "data"),
    Input("live", "data"),
    Input("queue-done", "data"),
    may="see",
)
def shown(data: dict[str, Any], _live: str, _done: int) -> tuple[Any, ...]:
    """The list as it stands, how many are in each, what the filters hide. The grid finds its rows again by their ids."""
    view = View(**data)
    asked, zone = asked_by(view), own_zone(view)
    found = ask.show(store(), actor(), world(), now(), asked)
    return (
        rows(view, found, zone),
        queue_grid.head(view, asked, found, zone),
        queue_grid.nothing(asked, found, any(view.get(name) for name in KEPT)),
        queue_grid.pages(view, asked, found),
        lead(view, found),
        queue_grid.lists(view, found),
        hides(view, asked, found),
        str(found.total) if asked.list in ask.OPEN else "",
    )


@callback(
    Output("queue-form", "children"),
    Output("queue-told", "children"),
    Output("queue-said", "children"),
    Output("queue-last", "data"),
    Output("queue-done", "data"),
    Output("queue-answer", "data-answer"),
    Input("queue-ask", "data"),
    State("queue-last", "data"),
    State("queue-done", "data"),
    State("view", "data"),
    prevent_initial_call=True,
    may="see",  # who may act is asked by data.actions, which also puts a refusal on record
)
def act(data: dict[str, Any], last: dict[str, Any] | None, done: int, view: dict[str, Any]) -> tuple[Any, ...]:
    """What a key or a button of the queue asks for."""
    looked = View(**view)
    answer = queue_acts.answered(data, asked_by(looked), last, own_zone(looked))
    return answer.form, answer.told, answer.said, answer.last, done + 1 if answer.done else no_update, answer.plain()


@callback(
    Output("views-list", "children"),
    Output("views-said", "children"),
    Output("view-name", "value"),
    Input({"type": "view-do", "act": ALL, "name": ALL}, "n_clicks"),
    State("view-name", "value"),
    State("view", "data"),
    prevent_initial_call=True,
    may="see",  # data.actions.views asks who may
)
def kept(_clicks: list[int | None], typed: str | None, data: dict[str, Any]) -> tuple[Any, ...]:
    """One view more, another name, one fewer."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not ctx.triggered[0]["value"]:
        return no_update, no_update, no_update
    address = View(**data).without("page").query()
    said, taken = queue_views.act(str(pressed["act"]), str(pressed["name"]), typed or "", address)
    return queue_views.listed(views.saved(store(), actor())), said, "" if taken else no_update
