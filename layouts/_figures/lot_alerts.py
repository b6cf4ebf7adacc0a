"""The alerts of one lot as sentences, newest first, whatever became of them."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

from data.queries.lot import Chain
from layouts._parts.here import language, now, path, t, world
from layouts._parts.table import Column, table
from layouts._text import word
from layouts._text.sentence import sentence


def alerts(found: Chain) -> Component:
    """One a row, leading to the alert."""
    zone = world().place(found.place).timezone
    columns = [
        Column("severity", t("shell.filter_severity"), "severity"),
        Column("what", t("overview.what"), "node", wide=True),
        Column("since", t("books.since"), "instant"),
        Column("until", t("books.until"), "instant"),
        Column("work", t("overview.work")),
    ]
    rows = [_row(row, zone) for row in found.alerts]
    return table(columns, rows, caption=t("books.alerts"), zone=zone, sort=False, table_id="t-lot-alerts")


def _row(row: Any, zone: str) -> dict[str, Any]:
    lang, names = language(), {one.id: one.name for one in world().places.values()}
    said = sentence(row["because_key"], row["because_values"], lang, zone, now(), names, row["ended_at"])
    return {
        "severity": row["severity"],
        "what": dcc.Link(said, href=path(f"/alerts/{row['alert_id']}"), className="sentence-link"),
        "what_text": said,
        "since": row["began_at"],
        "until": row["ended_at"],
        "work": word("outcome", row["outcome"], lang) if row["outcome"] else word("work", row["work"] or "new", lang),
    }
