"""The card of one rule: where it is on, its limits and who set them, how it did, trying it under other limits, switching it off."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import alert as ask_alert
from data.queries import backtests as ask_tests
from data.queries import rules as ask
from layouts._parts import rule_acts as acts
from layouts._parts import rule_parts as parts
from layouts._parts.alert import own_zone
from layouts._parts.alert_proof import runbook
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.chart import stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.marks import note
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, refused
from layouts._parts.view import View
from layouts._text import word

dash.register_page(__name__, path_template="/rules/<rule_id>", title=title("rules.one"))


def layout(rule_id: str = "", **url: Any) -> Component:
    """Place and period of the counts stand in the address."""
    view = View.from_url(url).set(rule_id=rule_id[:64])
    module = ask.known(view.get("rule_id"))
    if module is None:
        return page(t("rules.one"), panel("rule-none", t("rules.one"), refused("rules.no_rule"), wide=True), view=view, name="rule")
    rule, doc = view.get("rule_id"), str(module.__doc__)
    return page(
        word("rule", rule, language()),
        filters(view, "place", "period"),
        html.Div(id="rule-said", role="status", tabIndex=-1),
        panel("rule-standing", t("rules.standing"), wide=True, lines=3),
        panel("rule-card", t("rules.card"), hint=parts.outcome_words(), wide=True, lines=3),
        panel("rule-limits", t("rules.history"), hint=t("rules.history_hint"), wide=True),
        panel("rule-try", t("rules.try"), acts.test_form(rule, view), hint=t("rules.try_hint"), span=4),
        panel("rule-tests", t("rules.tests"), hint=t("rules.tests_hint"), span=8),
        panel("rule-runbook", t("alerts.runbook"), *runbook(ask_alert.runbook(rule, language()), doc), wide=True),
        dcc.Store(id="rule-done", data=0),
        view=view,
        lead=t("rules.version", number=parts.number(rule) or "", version=module.VERSION),
        tools=dcc.Link(t("rules.back"), href=path("/rules")),
        name="rule",
    )


@callback(Output("rule-standing", "children"), Input("view", "data"), Input("rule-done", "data"), may="see")
def standing(data: dict[str, Any], _done: int) -> Any:
    """Where it is on; what waits for a second person; switching it off."""
    view = View(**data)
    mine = view.places(actor(), world())
    found = ask.standing(store(), actor(), world(), now(), place=view.place, rule=view.get("rule_id"))
    found = [one for one in found if one.place in mine]
    if not found:
        return empty("rules.no_place", "rules.no_place_next")
    off = [(one.place, one.off) for one in found if one.off]
    age = stamp(now(), zone=own_zone(view), stamp_id="rule-standing-age")
    told = [age, parts.standing_table(found, own_zone(view))]
    told += [parts.off_table(off, own_zone(view))] if off else []
    told += [acts.waiting(one.waits) for one in found if one.waits]
    return [*told, *acts.off_forms([one.place for one in found if one.off is None])]


@callback(Output("rule-card", "children"), Input("view", "data"), Input("live", "data"), may="see")
def card(data: dict[str, Any], _live: str) -> Any:
    """How it did in the period."""
    view = View(**data)
    since, until = acts.period(view)
    found = ask.card(
        store(), actor(), world(), view.get("rule_id"), since=since, until=until, places=view.places(actor(), world()) or ("-",)
    )
    age = stamp(now(), zone=own_zone(view), stamp_id="rule-card-age")
    capped = [note(t("rules.capped", n=ask.MOST), "warn")] if any(one.capped for one in found) else []
    said = html.P(acts.period_said(since, until, own_zone(view)), className="muted")
    return [age, *capped, parts.card_table(found, own_zone(view)), said]


@callback(Output("rule-limits", "children"), Input("view", "data"), Input("rule-done", "data"), may="see")
def limits(data: dict[str, Any], _done: int) -> Any:
    """Every version of its limits; what was proposed and decided."""
    view = View(**data)
    rule, mine = view.get("rule_id"), view.places(actor(), world())
    changes = [row for row in ask.changes(store(), actor(), world(), rule) if row["place"] in mine]
    versions = [(place, limit) for place, limit in ask.history(actor(), world(), rule) if place in mine]
    age = stamp(now(), zone=own_zone(view), stamp_id="rule-limits-age")
    told = parts.history_table(versions, changes, own_zone(view)) if versions else html.P(t("rules.no_limits"), className="muted")
    return [age, told, parts.changes_table(changes, own_zone(view)) if changes else html.P(t("rules.no_changes"), className="muted")]


@callback(Output("rule-tests", "children"), Input("view", "data"), Input("rule-done", "data"), may="see")
def tests(data: dict[str, Any], _done: int) -> Any:
    """The latest back-tests."""
    view = View(**data)
    found = ask_tests.of_rule(store(), actor(), world(), view.get("rule_id"))
    age = stamp(now(), zone=own_zone(view), stamp_id="rule-tests-age")
    return [age, parts.tests_table(found, own_zone(view)) if found else empty("rules.no_tests", "rules.no_tests_next")]


@callback(
    Output("rule-said", "children"),
    Output("rule-done", "data"),
    Input({"type": "rule-do", "act": ALL, "on": ALL, "seen": ALL}, "n_clicks"),
    State(acts.typed_id(ALL), "value"),
    State("view", "data"),
    State("rule-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may do what is asked by data.actions, which also puts a refusal on record
)
def do(_clicks: list[int | None], _values: list[Any], data: dict[str, Any], done: int) -> tuple[Any, Any]:
    """Ask for a test; propose to switch off; accept, refuse. What was typed stays unless it was taken."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    typed = {each["id"]["name"]: each.get("value") for each in ctx.states_list[0]}
    asked_for = ctx.triggered_id or {}
    said, changed = acts.do(View(**data), asked_for, typed)
    return said, done + 1 if changed else no_update
