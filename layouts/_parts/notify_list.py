"""Notifications, every message: to whom, through what, of which alerts, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.notices import Asked, Sent
from layouts._parts.alert import address, first_line, place_and_zone
from layouts._parts.filters import here
from layouts._parts.here import actor, language, t
from layouts._parts.marks import button, tag, time
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms

Row = Mapping[str, Any]
SIGNS = {"dead": "act_now", "failed": "today", "waiting": "queue"}
ERRORS = {
    "no_wish": "error_no_wish",
    "no_account": "error_no_account",
    "no_place": "error_no_place",
    "no such channel is declared": "error_undeclared",
    "broken off": "error_broken",
}


def lead(found: Sent) -> str:
    """How many wait, were sent, were given up; what waits for a digest too."""
    counts = {name: found.counts.get(name, 0) for name in ("waiting", "sent", "dead")}
    counts["waiting"] += sum(row["n"] for row in found.held)
    return t("notify.lead", **counts)


def messages(view: View, asked: Asked, found: Sent, zone: str) -> list[Any]:
    """The table with its pages; above it what waits for a digest or the end of quiet hours."""
    held = [html.P(_held(row, zone), className="muted") for row in found.held]
    if not found.rows:
        filtered = any((asked.state, asked.channel, asked.person, asked.place, asked.alert))
        return [*held, empty() if filtered else empty("notify.none", "notify.none_next")]
    columns = [
        Column("made_at", t("notify.made_at"), "instant"),
        Column("state", t("notify.state"), "node"),
        Column("severity", t("notify.severity"), "severity"),
        Column("about", t("notify.about"), "node", wide=True),
        Column("to", t("notify.to"), "node"),
        Column("tries", t("notify.tries"), "number"),
        Column("done_at", t("notify.done_at"), "instant"),
    ]
    rows = [_row(row, list(found.alerts.get(row["delivery_id"], [])), zone) for row in found.rows]
    drawn = table(columns, rows, caption=t("notify.caption"), zone=zone, csv="notifications", sort=False)
    return [*held, drawn, _pages(view, asked, found)]


def _row(row: Row, alerts: list[Row], zone: str) -> dict[str, Any]:
    about, text = _about(row, alerts)
    place = place_and_zone(row["place"], zone) if row["place"] else ""
    again = row["state"] == "dead" and (row["person"] == actor().name or (actor().may("see_notices") and actor().sees(row["place"])))
    press = button(
        t("notify.act_again"), {"type": "notify-do", "act": "again", "channel": "", "place": "", "seen": 0, "key": row["delivery_id"]}
    )
    error = t(f"notify.{ERRORS[row['error']]}") if row["error"] in ERRORS else row["error"]
    state = [tag(t(f"notify.state_{row['state']}"), SIGNS.get(row["state"], "")), html.Span(error, className="notify-sub")]
    return {
        **row,
        "severity": row["severity"] or None,
        "state": [*state, html.Div(press, className="act")] if again else state,
        "state_text": f"{row['state']}: {error}" if error else row["state"],
        "about": html.Div([about, html.Span(place, className="notify-sub")]),
        "about_text": f"{place}: {text}" if place else text,
        "to": [row["person"], html.Span(row["channel"], className="notify-sub")],
        "to_text": f"{row['person']} ({row['channel']})",
    }


def _about(row: Row, alerts: list[Row]) -> tuple[Any, str]:
    if row["kind"] == "test":
        return t("notify.about_test"), t("notify.about_test")
    lines: list[Any] = []
    for each in alerts:
        what = each["what"]
        said = t("notify.about_line", what=t(f"notify.what_{what}"), sentence=first_line(each))
        lines.append(html.Div(dcc.Link(said, href=address(each["alert_id"]), className="alert-link")))
    if not lines:
        return t("notify.about_n", n=row["notices"]), t("notify.about_n", n=row["notices"])
    more = row["notices"] - len(alerts)
    if more > 0:
        lines.append(html.Div(t("notify.about_more", n=more), className="muted"))
    return html.Div(lines), " | ".join(first_line(each) for each in alerts)


def _held(row: Row, zone: str) -> list[Any]:
    said = t("notify.held", person=row["person"], channel=row["channel"], n=row["n"], at="\0")
    before, _, after = said.partition("\0")
    return [before, time(row["due_at"], zone), after]


def _pages(view: View, asked: Asked, found: Sent) -> Component | None:
    if asked.page == 1 and not found.more:
        return None
    before = dcc.Link(t("notify.page_before"), href=here(view.set(page=str(asked.page - 1)))) if asked.page > 1 else None
    after = dcc.Link(t("notify.page_next"), href=here(view.set(page=str(asked.page + 1)))) if found.more else None
    number = html.Span(forms.number(asked.page, language()))
    return html.Nav([part for part in (before, number, after) if part], className="row pages", **{"aria-label": t("notify.pages")})
