"""One alert: what happened, how sure, what to do; what proves it; who did what; what can be done with it."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.actions import Conflict, NotPermitted, NotPossible
from data.queries import alert as ask
from data.queries.alert import Dossier
from layouts._parts import alert_acts as acts
from layouts._parts import attachments
from layouts._parts.alert_facts import about, lines
from layouts._parts.alert_near import on_map
from layouts._parts.alert_proof import journal, proofs, related, runbook
from layouts._parts.alert_time import line
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.here import actor, language, now, path, settings, store, t, world
from layouts._parts.shell import page, panel, title
from layouts._parts.states import refused
from layouts._text import word
from zones.rules import rules

dash.register_page(__name__, path_template="/alerts/<alert_id>", title=title("alerts.one"))


def layout(alert_id: str = "", **_url: Any) -> Component:
    """The page, or the same refusal for an alert that is not there and one that is not the reader's to see."""
    found = _find(alert_id)
    back = dcc.Link(t("alerts.back"), href=path("/alerts"), className="button")
    if found is None:
        return page(t("alerts.one"), refused("alerts.not_here"), tools=back)
    rule = found.alert["rule"]
    doc = rules()[rule].__doc__ if rule in rules() else None
    files = [html.Div(attachments.listed(found), id="alert-attached"), attachments.form(), html.Div(id="attach-said", role="status")]
    left = [
        panel("alert-time", t("alerts.timeline"), line(found), wide=True),
        panel("alert-proofs", t("alerts.proof"), *proofs(found), wide=True),
        panel("alert-journal", t("alerts.journal"), journal(found), hint=t("alerts.journal_hint"), wide=True),
        panel("alert-attachments", t("attached.title"), *files, wide=True),
        panel("alert-related", t("alerts.related"), related(found), wide=True),
    ]
    work = [html.Div(acts.standing_of_work(found), id="alert-work"), html.Div(id="alert-said", role="status")]
    right = [
        panel("alert-acts", t("alerts.acts"), *work, *acts.forms_of(found), wide=True),
        panel("alert-facts", t("alerts.facts"), about(found), wide=True),
        *([panel("alert-map", t("alerts.on_map"), drawn, wide=True)] if (drawn := on_map(found)) else []),
        panel("alert-runbook", t("alerts.runbook"), *runbook(ask.runbook(rule, language()), doc or rule), wide=True),
    ]
    return page(
        word("rule", rule, language()),
        html.Section(lines(found), id="alert-head", className="panel alert-head"),
        html.Div([html.Div(left, className="stack"), html.Div(right, className="stack")], className="split"),
        dcc.Store(id="alert-seen", data=_seen(found)),
        dcc.Store(id="attach-done", data=0),
        tools=back,
        name="alert",
    )


@callback(
    Output("alert-head", "children"),
    Output("alert-work", "children"),
    Output("alert-journal", "children"),
    Output("alert-time", "children"),
    Output("alert-proofs", "children"),
    Output("alert-facts", "children"),
    Output("alert-attached", "children"),
    Output("alert-seen", "data"),
    Output({"type": "alert-form", "block": ALL}, "hidden"),
    Input("live", "data"),
    Input("attach-done", "data"),
    State("alert-seen", "data"),
    prevent_initial_call=True,
    may="see",
)
def refresh(_live: str, _attached: int, seen: dict[str, Any]) -> tuple[Any, ...]:
    """The page as the alert stands now. What is being typed is not touched."""
    found = _find(str(seen["id"]))
    if found is None:
        return (refused("alerts.not_here"), *[no_update] * 7, [True] * len(ctx.outputs_list[-1]))
    blocks = _blocks(found, ctx.outputs_list[-1])
    fresh, was = _seen(found), dict(seen.get("state") or {})
    if fresh == seen:  # nobody loses the place where he or she was reading
        return lines(found), *[no_update] * 6, fresh, blocks
    same = {name: was.get(name) == state for name, state in fresh["state"].items()}
    proved = [no_update] * 2 if same["proof"] else [line(found), proofs(found)]
    told = no_update if same["lines"] else journal(found)
    attached = no_update if same["attached"] else attachments.listed(found)
    return lines(found), acts.standing_of_work(found), told, *proved, no_update if same["facts"] else about(found), attached, fresh, blocks


def _blocks(found: Dossier, asked: list[dict[str, Any]]) -> list[bool]:
    """Which of the forms that are on the page are hidden."""
    hide = dict(zip(acts.BLOCKS, acts.hidden(found), strict=True))
    return [hide[each["id"]["block"]] for each in asked]


@callback(
    Output("alert-said", "children"),
    Output({"type": "alert-typed", "name": ALL}, "value"),
    Output("alert-work", "children", allow_duplicate=True),
    Output("alert-journal", "children", allow_duplicate=True),
    Output("alert-seen", "data", allow_duplicate=True),
    Output({"type": "alert-form", "block": ALL}, "hidden", allow_duplicate=True),
    Input({"type": "alert-do", "act": ALL}, "n_clicks"),
    State({"type": "alert-typed", "name": ALL}, "value"),
    State("alert-seen", "data"),
    prevent_initial_call=True,
    may="see",  # who may act is asked by data.actions, which also puts a refusal on record
)
def act(_clicks: list[int | None], _values: list[Any], seen: dict[str, Any]) -> tuple[Any, ...]:
    """Do what the button says; say what came of it; keep what was typed unless it was taken. What it changed comes with the same answer."""
    asked = str((ctx.triggered_id or {}).get("act", ""))
    given = {each["id"]["name"]: each.get("value") for each in ctx.states_list[0]}
    keep, blocks = [no_update] * len(ctx.states_list[0]), ctx.outputs_list[-1]
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, keep, *[no_update] * 3, [no_update] * len(blocks)
    alert = ask.row(store(), actor(), str(seen["id"]))
    try:
        came = acts.act_on(alert, str(seen["id"]), asked, int(seen["version"]), given)
        said: Any = acts.said_of(asked, came)
        taken = ["" if each["id"]["name"] in acts.TAKEN.get(asked, ()) else no_update for each in ctx.states_list[0]]
    except (Conflict, NotPossible, NotPermitted) as error:
        said, taken = acts.told(error, alert["place"] if alert else ""), keep
    found = _find(str(seen["id"]), glance=True)
    if found is None:
        return said, taken, *[no_update] * 3, [True] * len(blocks)
    fresh = _seen(found)
    before = dict(seen.get("state") or {})  # of the other parts the reader has before his or her eyes what he had
    fresh["state"] |= {name: before.get(name) for name in ("proof", "facts", "attached")}
    return said, taken, acts.standing_of_work(found), journal(found), fresh, _blocks(found, blocks)


@callback(
    Output("attach-said", "children"),
    Output("attach-done", "data"),
    Input("attach-upload", "contents"),
    State("attach-upload", "filename"),
    State("alert-seen", "data"),
    State("attach-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may attach is asked by data.actions
)
def attach(contents: str | None, name: str | None, seen: dict[str, Any], done: int) -> tuple[Any, ...]:
    """Keep what was dropped."""
    if not contents:
        return no_update, no_update
    said, changed = attachments.take(str(seen["id"]), name, contents)
    return said, done + 1 if changed else no_update


def _seen(found: Dossier) -> dict[str, Any]:
    """What the reader has before his or her eyes: which version of the work, and what else would make a part of the page another."""
    alert, response = found.alert, found.response
    state = {
        "proof": [alert["changed_at"].isoformat(), list(alert["evidence"]), sum(proof.counts for proof in found.proofs)],
        "lines": len(found.lines),
        "attached": len(found.attachments),
        "facts": [alert["changed_at"].isoformat(), alert["limit_version"]],
        "work": [acts.hidden(found), response.reading.stage if response else "", [one.name for one in found.board.people]],
    }
    return {"id": alert["alert_id"], "version": found.work["version"], "state": state}


def _find(alert_id: str, *, glance: bool = False) -> Dossier | None:
    return ask.one(store(), actor(), world(), settings(), alert_id, now(), glance=glance)
