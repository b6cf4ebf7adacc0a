"""One back-test: how far it is, what it found against today's limits, and proposing exactly that."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import backtests as ask
from layouts._figures import backtest as draw
from layouts._parts import backtest_parts as parts
from layouts._parts.alert import zone_of
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.here import actor, language, path, store, t, world
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, refused
from layouts._parts.view import View
from layouts._text import word

dash.register_page(__name__, path_template="/backtest/<backtest_id>", title=title("rules.test"))


def layout(backtest_id: str = "", **url: Any) -> Component:
    """Nothing of what is shown stands in the address but the test."""
    view = View.from_url(url).set(backtest_id=backtest_id[:64])
    row = _row(view)
    if row is None:
        return page(
            t("rules.test"), panel("backtest-none", t("rules.test"), refused("rules.no_test"), wide=True), view=view, name="backtest"
        )
    return page(
        t("rules.test_of", rule=word("rule", row["rule"], language())),
        html.Div(id="backtest-said", role="status", tabIndex=-1),
        panel("backtest-head", t("rules.test_asked"), wide=True, lines=3),
        panel("backtest-result", t("rules.test_result"), hint=t("rules.test_hint"), wide=True, lines=8),
        dcc.Store(id="backtest-done", data=0),
        dcc.Store(id="backtest-state", data=""),
        html.Button(id="backtest-again", hidden=True, type="button"),
        view=view,
        tools=dcc.Link(t("rules.to_rule"), href=path(f"/rules/{row['rule']}")),
        name="backtest",
    )


@callback(
    Output("backtest-head", "children"),
    Input("view", "data"),
    Input("backtest-done", "data"),
    Input("backtest-again", "n_clicks"),
    may="see",
)
def head(data: dict[str, Any], _done: int, _again: int | None) -> Any:
    """What was asked, and how far it is; assets/again.js asks again while it runs."""
    row = _row(View(**data))
    return refused("rules.no_test") if row is None else parts.head(row)


@callback(
    Output("backtest-state", "data"),
    Input("view", "data"),
    Input("backtest-again", "n_clicks"),
    Input("backtest-done", "data"),
    State("backtest-state", "data"),
    may="see",
)
def state(data: dict[str, Any], _again: int | None, _done: int, before: str) -> Any:
    """Whether the result is to be shown anew."""
    row = _row(View(**data))
    now = row["state"] if row else ""
    return no_update if now == before else now


@callback(Output("backtest-result", "children"), Input("view", "data"), Input("backtest-state", "data"), may="see")
def result(data: dict[str, Any], _state: str) -> Any:
    """What came of it, place by place."""
    row = _row(View(**data))
    if row is None:
        return refused("rules.no_test")
    if row["state"] != ask.DONE:
        return empty(f"rules.no_result_{row['state']}", "rules.no_result_next")
    found = row["result"]
    told: list[Any] = [parts.age(row)]
    for place in row["places"]:
        told += [parts.place(row, place), draw.days(row, place, zone_of(place)), *parts.propose(row, place)]
    return [part for part in (*told, *parts.lists(found)) if part is not None]


def _row(view: View) -> Any:
    return ask.one(store(), actor(), world(), view.get("backtest_id"))


@callback(
    Output("backtest-said", "children"),
    Output("backtest-done", "data"),
    Input({"type": "backtest-do", "act": ALL, "on": ALL}, "n_clicks"),
    State(parts.typed_id(ALL), "value"),
    State("view", "data"),
    State("backtest-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may do what is asked by data.actions, which also puts a refusal on record
)
def do(_clicks: list[int | None], _values: list[Any], data: dict[str, Any], done: int) -> tuple[Any, Any]:
    """Cancel it; propose what was tested."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    typed = {each["id"]["name"]: each.get("value") for each in ctx.states_list[0]}
    asked = ctx.triggered_id or {}
    said, changed = parts.do(View(**data).get("backtest_id"), str(asked.get("act", "")), str(asked.get("on", "")), typed)
    return said, done + 1 if changed else no_update
