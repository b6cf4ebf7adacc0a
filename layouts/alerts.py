"""Alerts: the queue, worst first; what is shelved, ended, closed or history one click away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import alerts as ask
from data.queries.alerts import Asked, Queue
from layouts._parts.alert import address, at_place, first_line, own_zone, place_name, standing, working
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import stamp
from layouts._parts.filters import filters, here, switch
from layouts._parts.here import actor, language, now, store, t
from layouts._parts.marks import ago, severity
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.table import Column, table
from layouts._parts.view import NAMES, View
from layouts._text import word
from zones.episode import SEVERITIES
from zones.rules import rules

dash.register_page(__name__, path="/alerts", title=title("alerts.title"))

OWN = ("rule", "severity", "whose")
KEPT = ("place", *OWN)               # the filters of this page


def layout(**url: Any) -> Component:
    """Filters and lists stand in the address."""
    view = View.from_url(url)
    options = {
        "rule": {rule: word("rule", rule, language()) for rule in rules()},
        "severity": {code: word("severity", code, language()) for code in SEVERITIES},
    }
    return page(
        t("alerts.title"),
        filters(view, "place", "rule", "severity", options=options, slot="alerts-hides"),
        panel("alerts-list", html.Span(id="alerts-name"), wide=True, lines=10, tools=html.Div("–", id="alerts-lists", className="row")),
        view=view,
        lead=html.Div(id="alerts-lead"),
        name="alerts",
    )


@callback(
    Output("alerts-list", "children"),
    Output("alerts-lead", "children"),
    Output("alerts-lists", "children"),
    Output("alerts-name", "children"),
    Output("alerts-hides", "children"),
    Input("view", "data"),
    Input("live", "data"),
    may="see",
)
def listed(data: dict[str, Any], _live: str) -> tuple[Any, ...]:
    """The list with its counts; drawn anew only when something changed."""
    view = View(**data)
    asked = _asked(view)
    found = ask.queue(store(), actor(), now(), asked)
    return _rows(view, asked, found), _lead(view, found), _lists(view, found), t(f"alerts.list_{asked.list}"), _hides(view, asked, found)


def _asked(view: View) -> Asked:
    page_number = view.get("page", "1")
    which = view.get("list", "open")
    return Asked(
        list=which if which in ask.LISTS else "open",
        place=view.place,
        rule=view.get("rule"),
        severity=view.get("severity"),
        mine=view.get("whose") == "mine",
        page=int(page_number) if page_number.isdecimal() and len(page_number) < 6 else 1,
    )


def _lead(view: View, found: Queue) -> list[Any]:
    """ "28 alerts are open", and how many of each severity, each leading to these."""
    if not found.open:
        return [t("alerts.lead_none")]
    said: list[Any] = [t("alerts.lead", n=found.open), ":"]
    for code in SEVERITIES:
        n = sum(count for (level, _), count in found.tally.items() if level == code)
        if n:
            only = view.set(severity=code).without("page", "list")
            said.append(dcc.Link(severity(code, count=n), href=here(only), className="lead-link"))
    return [html.Div(said, className="row")]


def _lists(view: View, found: Queue) -> list[Component]:
    bare = view.without("page")
    numbers = {"open": found.open, "shelved": found.shelved}
    names = {name: t(f"alerts.list_{name}") for name in ask.LISTS}
    names |= {name: t("alerts.list_n", list=names[name], n=n) for name, n in numbers.items()}
    whose = {"": t("alerts.mine_all"), "mine": t("alerts.list_n", list=t("alerts.mine"), n=found.mine)}
    return [switch("whose", whose, bare), switch("list", names, bare, default="open")]


def _hides(view: View, asked: Asked, found: Queue) -> Any:
    if not found.hidden or asked.list != "open":
        return ""
    return html.Span(
        [t("shell.filter_hides", n=found.hidden), " ", dcc.Link(t("shell.filter_show"), href=here(view.without(*NAMES, *OWN, "page")))],
        className="hides",
    )


def _rows(view: View, asked: Asked, found: Queue) -> Any:
    age = stamp(found.judged_at, zone=own_zone(view))
    if not found.rows:
        if found.judged_at is None:
            return no_data("alerts.never_judged", "alerts.never_judged_next")
        if any(view.get(name) for name in KEPT):
            return [age, empty("alerts.empty_filtered")]
        if asked.list == "open":
            return [age, empty("alerts.empty_open", "alerts.empty_open_next")]
        return [age, empty("alerts.empty_list", f"alerts.hint_{asked.list}")]
    drawn = table(
        _columns(asked.list),
        [_row(row, asked.list) for row in found.rows],
        caption=t("alerts.caption", list=t(f"alerts.list_{asked.list}")),
        csv=f"alerts-{asked.list}",
        sort=False,  # one order: worst first
        row_class=lambda row: f"row-{row['level']}" if asked.list == "open" else "",
    )
    head = html.Div([age, html.Span(t(f"alerts.hint_{asked.list}"), className="muted")], className="list-head")
    return [head, drawn, _pages(view, asked, found)]


def _columns(which: str) -> list[Column]:
    back, closed = Column("back_at", t("alerts.back_at"), "node"), Column("closed_at", t("alerts.closed_at"), "node")
    last = {
        "shelved": [back, Column("reason", t("alerts.reason"), wide=True)],
        "closed": [Column("outcome", t("alerts.outcome")), Column("closed_by", t("alerts.closed_by")), closed],
    }
    return [
        Column("level", t("alerts.severity"), "severity"),
        Column("what", t("alerts.what"), "node", wide=True),
        Column("place", t("alerts.place")),
        Column("since", t("alerts.since"), "node"),
        *last.get(which, [Column("condition", t("alerts.condition"), "node"), Column("work", t("alerts.work"))]),
    ]


def _row(alert: dict[str, Any], which: str) -> dict[str, Any]:
    said = first_line(alert)
    row = {
        "level": alert["severity"],
        "what": dcc.Link(said, href=address(alert["alert_id"]), className="alert-link"),
        "what_text": said,
        "place": place_name(alert["place"]),
        "condition": standing(alert),
        "condition_text": alert["condition"],
        "work": working(alert),
        "reason": alert["shelf_reason"],
        "outcome": word("outcome", alert["outcome"], language()) if alert["outcome"] else "",
        "closed_by": alert["closed_by"],
    }
    for name, at in (("since", alert["began_at"]), ("back_at", alert["shelved_until"]), ("closed_at", alert["closed_at"])):
        row |= {name: [at_place(at, alert["place"]), _age(at)] if at else None, f"{name}_text": at.isoformat() if at else ""}
    return row


def _age(at: datetime) -> Any:
    """How long ago; nothing for what lies ahead."""
    return html.Span([" · ", ago(at)], className="muted") if at <= now() else None


def _pages(view: View, asked: Asked, found: Queue) -> Any:
    first = (asked.page - 1) * ask.PAGE + 1
    if first == 1 and not found.more:
        return None
    span = {"first": first, "last": first + len(found.rows) - 1}
    said = t("alerts.page_of_total", **span, n=found.total) if found.total is not None else t("alerts.page_of", **span)
    before = dcc.Link(t("alerts.page_before"), href=here(view.set(page=str(asked.page - 1)))) if first > 1 else None
    after = dcc.Link(t("alerts.page_next"), href=here(view.set(page=str(asked.page + 1)))) if found.more else None
    return html.Nav([part for part in (before, html.Span(said), after) if part], className="row pages", **{"aria-label": t("alerts.pages")})
