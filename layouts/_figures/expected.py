"""What is expected within 24 hours, by call."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.expected import COMES, GOES, Call, Expected
from layouts._parts.chart import stamp
from layouts._parts.here import language, t
from layouts._parts.states import empty, no_data
from layouts._parts.table import Column, table
from layouts._text import word
from layouts._text.forms import number
from zones.place import Place


def expected(place: Place, found: Expected) -> Component:
    """The totals in and out, then a row a call; late ones marked in words."""
    if not found.ever:
        return no_data("place.never_announced", "place.never_announced_next")
    if not found.calls:
        return empty("place.nothing_expected", "place.nothing_expected_next")
    zone = place.timezone
    columns = [
        Column("call", t("place.call"), wide=True),
        Column("event", t("place.expected_event")),
        Column("first", t("place.expected_from"), "instant"),
        Column("last", t("place.expected_to"), "instant"),
        Column("boxes", t("overview.boxes"), "number"),
        Column("teu", t("shell.unit_teu"), "teu"),
        Column("late", t("place.expected_late"), "number"),
        Column("done", t("place.expected_done"), "number"),
        Column("by", t("place.announced_by"), wide=True),
    ]
    listed = table(
        columns, [_row(call) for call in found.calls], caption=t("place.expected"), zone=zone, csv=f"expected-{place.id}", max_height=320
    )
    totals = [_total(found, "place.expected_in", COMES), _total(found, "place.expected_out", GOES)]
    unsized = sum(call.unsized for call in found.calls)
    below = " ".join(filter(None, (t("place.unsized", n=unsized) if unsized else "", t("place.definition_expected"))))
    return html.Div(
        [stamp(found.told_at, None, zone), html.P(html.Strong(" · ".join(totals))), listed, html.P(below, className="chart-below")]
    )


def _total(found: Expected, key: str, events: tuple[str, ...]) -> str:
    boxes, teu = found.total(events)
    return t(key, n=boxes, teu=number(teu / 100, language()))


def _row(call: Call) -> dict[str, Any]:
    return {
        "call": " ".join(filter(None, (call.vessel, call.voyage))) or t("place.no_call", mode=word("mode", call.mode, language())),
        "event": word("event", call.event, language()),
        "first": call.first,
        "last": call.last,
        "boxes": call.boxes,
        "teu": call.teu,
        "late": call.late,
        "done": call.done,
        "by": ", ".join(call.publishers),
    }
