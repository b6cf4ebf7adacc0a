"""A back-test in words and tables: what was asked, how far it is, what it comes to, the spells gained and lost, proposing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data import actions
from data.actions import rules
from data.queries.backtests import FAILED, RUNNING, WAITING
from layouts._parts import rule_acts
from layouts._parts.alert import at_place, place_and_zone, place_name, zone_of
from layouts._parts.callback import can
from layouts._parts.chart import stamp
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import box, button, facts, field, figure, figures, note
from layouts._parts.refresh import live
from layouts._parts.rule_parts import limits_said, period
from layouts._parts.table import Column, table
from layouts._parts.view import day_of
from layouts._text import forms

AGAIN = "backtest-again"  # the button by which the page asks again
Row = Mapping[str, Any]


def typed_id(name: Any) -> dict[str, Any]:
    """The id of something typed."""
    return {"type": "backtest-typed", "name": name}


def head(row: Row) -> list[Any]:
    """What was asked, and how far it is."""
    own = row["places"][0] if row["places"] else ""
    pairs = [
        (t("rules.t_limits"), limits_said(row["limits"])),
        (t("rules.t_period"), f"{period(row)} ({zone_of(own)})"),
        (t("rules.t_places"), ", ".join(place_name(place) for place in row["places"])),
        (t("rules.t_who"), row["asked_by"]),
        (t("rules.t_asked"), at_place(row["asked_at"], own)),
        (t("rules.t_state"), t(f"rules.test_{row['state']}")),
    ]
    goes_on = row["state"] in (WAITING, RUNNING)
    told: list[Any] = [stamp(now(), zone=zone_of(own), stamp_id="backtest-age"), facts(pairs)]
    if goes_on:
        share = row["done"] / row["total"] if row["total"] else 0.0
        bar = html.Progress(value=str(row["done"]), max=str(max(row["total"], 1)), id="backtest-bar", **{"aria-label": t("rules.progress")})
        said = t("rules.progress_said", share=forms.percent(share, language()), n=row["done"], of=row["total"])
        parts = [live(bar, "value", "max"), live(html.Span(said, id="backtest-far"), "children")]
        told.append(html.Div(parts, className="row progress", **{"data-again": AGAIN}))
        if can("backtest"):
            told.append(button(t("rules.act_cancel"), {"type": "backtest-do", "act": "cancel", "on": ""}))
    if row["state"] == FAILED:
        told.append(note(t("rules.failed", error=row["error"]), "alert"))
    return told


def age(row: Row) -> Component:
    """When it was reckoned: what was known then is what it goes by."""
    at = datetime.fromisoformat(row["result"]["at"])
    return stamp(at, zone=zone_of(row["places"][0]), stamp_id="backtest-result-age")


def place(row: Row, place_id: str) -> Component:
    """One place in numbers."""
    own = row["result"]["places"][place_id]
    lang = language()
    per = own["per_officer_day_hundredths"]
    tiles = figures(
        figure(own["spells"], t("rules.r_spells"), note=t("rules.r_today", n=own["today"])),
        figure(own["gained"], t("rules.r_gained")),
        figure(own["lost"], t("rules.r_lost")),
        figure(
            forms.decimal(own["spells"] / max(len(own["days"]), 1), lang), t("rules.r_per_day"), note=t("rules.r_days", n=len(own["days"]))
        ),
        figure(
            None if per is None else forms.decimal(per / 100, lang), t("rules.r_per_officer"), note=t("rules.r_officers", n=own["officers"])
        ),
        figure(len(own["floods"]), t("rules.r_floods"), note=t("rules.r_floods_today", n=len(own["floods_today"]))),
    )
    return html.Div([html.H3(place_name(place_id)), tiles])


def propose(row: Row, place_id: str) -> list[Any]:
    """Proposing for a place exactly what was tested; where a change of limits or an off-switch is what it is about."""
    off = any(each.until is None or each.until > now() for each in world().law(place_id).off(row["rule"]))
    if not can("change_limit") or not actor().sees(place_id) or not (row["limits"] or off):
        return []
    what = t("rules.propose_limits" if row["limits"] else "rules.propose_on", place=place_name(place_id))
    text = field(t("alerts.reason"), dcc.Textarea(id=typed_id(f"why:{place_id}"), maxLength=actions.LONGEST_TEXT, className="act-text"))
    first = field(t("rules.propose_from"), dcc.Input(id=typed_id(f"from:{place_id}"), type="date"))  # type: ignore[arg-type]
    press = button(t("rules.act_propose"), {"type": "backtest-do", "act": "propose", "on": place_id}, "primary")
    inner = html.Div([text, first, html.Div(press, className="row"), html.P(t("rules.propose_hint"), className="muted")], className="stack")
    return [html.Details([html.Summary(what), inner], className="twin act")]


def lists(found: Row) -> list[Any]:
    """The spells that would be gained and lost."""
    told: list[Any] = []
    for name in ("gained", "lost"):
        n = sum(each[name] for each in found["places"].values())
        told.append(html.H3(t(f"rules.list_{name}", n=n)))
        if len(found[name]) < n:
            told.append(html.P(t("rules.list_first", n=len(found[name])), className="muted"))
        if found[name]:
            told.append(_spells(found[name], name))
    return told


def _spells(found: Sequence[Row], name: str) -> Component:
    rows = []
    for each in found:
        number = each["subject"].rpartition("/")[2].rpartition(":")[2]
        about = box(number) if not each["subject"].startswith(("feed:", "area:")) else number
        moments = {key: datetime.fromisoformat(each[key]) if each[key] else None for key in ("began_at", "ended_at", "known_at")}
        rows.append(
            {
                "about": about,
                "about_text": number,
                "place": place_and_zone(each["place"], zone_of(found[0]["place"])),
                "severity": each["severity"],
                "limit": forms.limit(each["limit"], language()) if each["limit"] else None,
                **{key: at_place(at, each["place"]) if at else t("alerts.goes_on") for key, at in moments.items()},
                **{f"{key}_text": at.isoformat() if at else "" for key, at in moments.items()},
            }
        )
    columns = [
        Column("about", t("rules.s_about"), "node"),
        Column("place", t("alerts.place")),
        Column("severity", t("alerts.severity"), "severity"),
        Column("limit", t("alerts.limit")),
        *(Column(key, t(f"rules.s_{key}"), "node") for key in ("began_at", "ended_at", "known_at")),
    ]
    return table(
        columns, rows, caption=t(f"rules.list_{name}", n=len(rows)), zone=zone_of(found[0]["place"]), csv=f"backtest-{name}", max_height=420
    )


def do(backtest_id: str, act: str, on: str, typed: Mapping[str, Any]) -> tuple[Any, bool]:
    """Cancel, or propose; gives what to say of it, and whether anything may look otherwise now."""
    if act == "cancel":
        return rule_acts.said(lambda: _cancel(backtest_id), on)
    return rule_acts.said(lambda: _propose(backtest_id, on, typed), on)


def _cancel(backtest_id: str) -> str:
    rules.cancel_backtest(store(), actor(), now(), backtest_id)
    return t("rules.done_cancel")


def _propose(backtest_id: str, on: str, typed: Mapping[str, Any]) -> Any:
    first: date | None = day_of(str(typed.get(f"from:{on}") or ""))
    start = datetime.combine(first, time(), ZoneInfo(zone_of(on))).astimezone(UTC) if first else None
    reason = str(typed.get(f"why:{on}") or "")
    rules.propose_tested(store(), world(), actor(), now(), backtest_id, on, reason=reason, start=start)
    return t("rules.done_propose")
