"""One alert: what happened, how sure, what to do; what proves it; who did what; what can be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.actions import Conflict, NotPermitted, NotPossible
from data.queries import alert as ask
from data.queries.alert import Dossier
from layouts._parts import alert_acts as acts
from layouts._parts.alert import at_place, first_line, place_name, second_line, standing, third_line, zone_of
from layouts._parts.alert_proof import journal, proofs, related, runbook
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.chart import stamp
from layouts._parts.here import actor, language, now, path, settings, store, t, world
from layouts._parts.marks import box, facts, note, severity
from layouts._parts.shell import page, panel, title
from layouts._parts.states import refused
from layouts._text import has, word
from layouts._text.forms import limit as written_limit
from zones.rules import rules

dash.register_page(__name__, path_template="/alerts/<alert_id>", title=title("alerts.one"))

TAKEN = {"outcome": "outcome-text", "outcome_close": "outcome-text", "reopen": "reopen-text", "shelve": "shelve-text", "note": "note-text"}


def layout(alert_id: str = "", **_url: Any) -> Component:
    """The page, or the same refusal for an alert that is not there and one that is not the reader's to see."""
    found = _find(alert_id)
    back = dcc.Link(t("alerts.back"), href=path("/alerts"), className="button")
    if found is None:
        return page(t("alerts.one"), refused("alerts.not_here"), tools=back)
    rule = found.alert["rule"]
    doc = rules()[rule].__doc__ if rule in rules() else None
    left = [
        panel("alert-proofs", t("alerts.proof"), *proofs(found), wide=True),
        panel("alert-journal", t("alerts.journal"), journal(found), hint=t("alerts.journal_hint"), wide=True),
        panel("alert-related", t("alerts.related"), related(found), wide=True),
    ]
    work = [html.Div(acts.standing_of_work(found), id="alert-work"), html.Div(id="alert-said", role="status")]
    right = [
        panel("alert-acts", t("alerts.acts"), *work, *acts.forms_of(found), wide=True),
        panel("alert-facts", t("alerts.facts"), _facts(found), wide=True),
        panel("alert-runbook", t("alerts.runbook"), *runbook(ask.runbook(rule, language()), doc or rule), wide=True),
    ]
    return page(
        word("rule", rule, language()),
        html.Section(_head(found), id="alert-head", className="panel alert-head"),
        html.Div([html.Div(left, className="stack"), html.Div(right, className="stack")], className="split"),
        dcc.Store(id="alert-seen", data={"id": alert_id, "version": found.work["version"]}),
        dcc.Store(id="alert-done", data=0),
        tools=back,
        name="alert",
    )


@callback(
    Output("alert-head", "children"),
    Output("alert-work", "children"),
    Output("alert-journal", "children"),
    Output("alert-proofs", "children"),
    Output("alert-facts", "children"),
    Output("alert-seen", "data"),
    Output({"type": "alert-form", "block": ALL}, "hidden"),
    Input("live", "data"),
    Input("alert-done", "data"),
    State("alert-seen", "data"),
    prevent_initial_call=True,
    may="see",
)
def refresh(_live: str, _done: int, seen: dict[str, Any]) -> tuple[Any, ...]:
    """The page as the alert stands now. What is being typed is not touched."""
    found = _find(str(seen["id"]))
    if found is None:
        return (refused("alerts.not_here"), *[no_update] * 5, [True] * len(ctx.outputs_list[-1]))
    hide = dict(zip(acts.BLOCKS, acts.hidden(found), strict=True))
    blocks = [hide[each["id"]["block"]] for each in ctx.outputs_list[-1]]
    fresh = {"id": seen["id"], "version": found.work["version"]}
    return _head(found), acts.standing_of_work(found), journal(found), proofs(found), _facts(found), fresh, blocks


@callback(
    Output("alert-said", "children"),
    Output("alert-done", "data"),
    Output({"type": "alert-typed", "name": ALL}, "value"),
    Input({"type": "alert-do", "act": ALL}, "n_clicks"),
    State({"type": "alert-typed", "name": ALL}, "value"),
    State("alert-seen", "data"),
    State("alert-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may act is asked by data.actions, which also puts a refusal on record
)
def act(_clicks: list[int | None], _values: list[Any], seen: dict[str, Any], done: int) -> tuple[Any, ...]:
    """Do what the button says; say what came of it; keep what was typed unless it was taken."""
    asked = str((ctx.triggered_id or {}).get("act", ""))
    given = {each["id"]["name"]: each.get("value") for each in ctx.states_list[0]}
    keep = [no_update] * len(ctx.states_list[0])
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update, keep
    found = _find(str(seen["id"]))
    place = found.alert["place"] if found else ""
    try:
        came = acts.act_on(str(seen["id"]), asked, int(seen["version"]), given)
    except (Conflict, NotPossible, NotPermitted) as error:
        return acts.told(error, place), done + 1, keep
    said = t("alerts.done", act=t(f"alerts.act_{asked}")) if came.changed and has(f"alerts.act_{asked}") else t("alerts.unchanged")
    taken = ["" if each["id"]["name"] == TAKEN.get(asked) else no_update for each in ctx.states_list[0]]
    return note(said), done + 1, taken


def _find(alert_id: str) -> Dossier | None:
    return ask.one(store(), actor(), world(), settings(), alert_id, now())


def _head(found: Dossier) -> list[Any]:
    alert = found.alert
    told = [severity(alert["severity"]), standing(alert), html.Span(place_name(alert["place"]), className="muted")]
    return [
        html.Div(told, className="row alert-marks"),
        html.P(first_line(alert), className="alert-sentence"),
        html.P(second_line(alert, found.sources), className="alert-sure"),
        html.P([html.Strong(t("alerts.do_now") + ": "), third_line(alert)], className="alert-do"),
        html.P(t("alerts.lowered"), className="muted") if alert["lowered"] else None,
        stamp(found.judged_at, zone=zone_of(alert["place"])),
    ]


def _facts(found: Dossier) -> Component:
    alert, place = found.alert, found.alert["place"]
    told: list[tuple[str, Any]] = [(t("alerts.place"), dcc.Link(place_name(place), href=path(f"/place/{place}")))]
    if alert["equipment"]:
        told.insert(0, (t("alerts.box"), box(alert["equipment"])))
    told += [(t("alerts.since"), at_place(alert["began_at"], place))]
    told += [(t("alerts.ended"), at_place(alert["ended_at"], place) if alert["ended_at"] else t("alerts.goes_on"))]
    told += [(t("alerts.known"), at_place(alert["known_at"], place)), (t("alerts.recorded"), at_place(alert["recorded_at"], place))]
    if len(alert["steps"]) > 1 or alert["limit"]:
        told.append((t("alerts.steps"), html.Ul([_step(step, place) for step in alert["steps"]], className="steps")))
    if alert["limit"]:
        told += _limit(found)
    rests = [f"{h.feed} ({', '.join(word('kind', kind, language()) for kind in sorted(h.kinds))})" for h in found.sources]
    told += [(t("alerts.rests_on"), ", ".join(rests))] if rests else []
    told.append((t("alerts.rule_version"), f"{word('rule', alert['rule'], language())}, {alert['rule_version']}"))
    return facts(told)


def _step(step: dict[str, Any], place: str) -> Component:
    name = word("limit", step["name"], language()) if step["name"] != "always" else t("alerts.step_always")
    value = f" {written_limit(step['limit'], language())}" if step.get("limit") else ""
    unsure = f" ({t('alerts.step_uncertain')})" if not step.get("certain", True) else ""
    return html.Li([severity(step["severity"]), f" {name}{value}{unsure}, ", at_place(datetime.fromisoformat(step["at"]), place)])


def _limit(found: Dossier) -> list[tuple[str, Any]]:
    alert, limit = found.alert, found.limit
    name = word("limit", alert["limit"], language())
    if limit is None:
        return [(t("alerts.limit"), f"{name}: {t('alerts.limit_gone', version=alert['limit_version'])}")]
    version = t("alerts.limit_version", version=limit.version, since=limit.valid_from.date().isoformat())
    source = f"{limit.citation} ({t(f'alerts.limit_{limit.citation_status}')}; {t(f'alerts.limit_origin_{limit.origin}')})"
    said = html.Div([f"{name}: {written_limit(str(limit.value), language())}", html.Div(version, className="muted")])
    return [(t("alerts.limit"), said), (t("alerts.limit_source"), source)]
