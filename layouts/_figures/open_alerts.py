"""The worst open alerts as sentences, a line each, leading to the alert."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.alerts import Queue
from layouts._figures.standing import two
from layouts._parts.chart import stamp
from layouts._parts.here import language, now, path, t, world
from layouts._parts.marks import ago, time
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._text import word
from layouts._text.sentence import sentence


def open_alerts(queue: Queue, most: int, *, placed: bool = True, zone: str = "") -> Component:
    """Of a queue, which is worst first, the first so many. `placed`: with the place each is at."""
    if not queue.rows:
        own = zone or next((place.timezone for place in world().places.values()), "UTC")
        return html.Div([stamp(queue.judged_at, None, own), empty("overview.no_alerts", "overview.no_alerts_next")])
    columns = [
        Column("severity", t("shell.filter_severity"), "severity"),
        Column("what", t("overview.what"), "node", wide=True),
        *([Column("place", t("shell.filter_place"), "link")] if placed else []),
        Column("since", t("overview.since"), "node"),
        Column("work", t("overview.work")),
    ]
    rows = [_row(row) for row in queue.rows[:most]]
    own = zone or world().place(str(queue.rows[0]["place"])).timezone
    told = table(
        columns, rows, caption=t("overview.worst"), zone=own, row_class=lambda row: "row-act_now" if row["severity"] == "act_now" else ""
    )
    return html.Div([stamp(queue.judged_at, None, own), told])


def _row(row: Any) -> dict[str, Any]:
    place, lang = world().place(row["place"]), language()
    names = {one.id: one.name for one in world().places.values()}
    said = sentence(row["because_key"], row["because_values"], lang, place.timezone, now(), names, row["ended_at"])
    doubt = [html.Span(f" ({word('condition', row['condition'], lang)})", className="muted")] if row["condition"] != "active" else []
    return {
        "severity": row["severity"],
        "what": html.Span([dcc.Link(said, href=path(f"/alerts/{row['alert_id']}"), className="sentence-link"), *doubt]),
        "what_text": said,
        "place": (place.title(lang), path(f"/place/{place.id}")),
        "since": two(time(row["began_at"], place.timezone), ago(row["began_at"])),
        "since_text": row["began_at"].isoformat(),
        "work": word("work", row["work"], lang),
    }
