"""A list of alerts as a table: one page of the queue, of what is shelved, ended, closed or history."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from data.queries import alerts as ask
from data.queries.alerts import Asked, Queue
from layouts._parts.alert import address, at_place, first_line, own_zone, place_and_zone, standing, working
from layouts._parts.chart import stamp
from layouts._parts.filters import here
from layouts._parts.here import language, t
from layouts._parts.states import empty, no_data
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import word


def rows(view: View, asked: Asked, found: Queue, filtered: bool) -> Any:
    """The table with its age and pages, or why there is none."""
    age = stamp(found.judged_at, zone=own_zone(view))
    if not found.rows:
        if found.judged_at is None:
            return no_data("alerts.never_judged", "alerts.never_judged_next")
        if filtered:
            return [age, empty("alerts.empty_filtered")]
        if asked.list == "open":
            return [age, empty("alerts.empty_open", "alerts.empty_open_next")]
        return [age, empty("alerts.empty_list", f"alerts.hint_{asked.list}")]
    drawn = table(
        _columns(asked.list),
        [_row(row, own_zone(view)) for row in found.rows],
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
        Column("place", t("alerts.place"), wide=True),
        Column("since", t("alerts.since"), "node"),
        *last.get(which, [Column("condition", t("alerts.condition"), "node"), Column("work", t("alerts.work"))]),
    ]


def _row(alert: dict[str, Any], zone: str) -> dict[str, Any]:
    said = first_line(alert)
    row = {
        "level": alert["severity"],
        "what": dcc.Link(said, href=address(alert["alert_id"]), className="alert-link"),
        "what_text": said,
        "place": place_and_zone(alert["place"], zone),
        "condition": standing(alert),
        "condition_text": alert["condition"],
        "work": working(alert),
        "reason": alert["shelf_reason"],
        "outcome": word("outcome", alert["outcome"], language()) if alert["outcome"] else "",
        "closed_by": alert["closed_by"],
    }
    for name, at in (("since", alert["began_at"]), ("back_at", alert["shelved_until"]), ("closed_at", alert["closed_at"])):
        row |= {name: at_place(at, alert["place"]) if at else None, f"{name}_text": at.isoformat() if at else ""}
    return row


def _pages(view: View, asked: Asked, found: Queue) -> Any:
    first = (asked.page - 1) * ask.PAGE + 1
    if first == 1 and not found.more:
        return None
    span = {"first": first, "last": first + len(found.rows) - 1}
    said = t("alerts.page_of_total", **span, n=found.total) if found.total is not None else t("alerts.page_of", **span)
    before = dcc.Link(t("alerts.page_before"), href=here(view.set(page=str(asked.page - 1)))) if first > 1 else None
    after = dcc.Link(t("alerts.page_next"), href=here(view.set(page=str(asked.page + 1)))) if found.more else None
    return html.Nav([part for part in (before, html.Span(said), after) if part], className="row pages", **{"aria-label": t("alerts.pages")})
