"""Limit dates ahead: how many lots pass which limit in which week, and which lots when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries._heard import Sight
from data.queries.limit_dates import DAYS, LIMITS, Due
from layouts._figures import book_words as say
from layouts._figures import goods as draw
from layouts._figures import goods_words as words
from layouts._figures.dwell_rows import written
from layouts._figures.remarks import place_name
from layouts._parts.chart import chart, stamp
from layouts._parts.here import language, t, world
from layouts._parts.marks import note
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from zones.limits import Limit

SHOWN = 100
SHORT = 20  # lots that are all shown, without a scrollbar of their own


def limits(found: Mapping[str, Limit]) -> Component:
    """Which limits hold here, how long they are and where they stand; that none is declared."""
    if not found:
        return note(t("goods.no_limits"))
    said = [
        html.Li([html.Strong(t(f"goods.limit_{name}")), f": {written(limit)}", html.Span(f" ({limit.citation})", className="muted")])
        for name, limit in found.items()
    ]
    return html.Ul(said, className="how")


def ahead(place: str, at: datetime, dues: Sequence[Due], sight: Sight, view: View) -> Component:
    """The weeks as a chart with its twin. What has passed its time stands first. Nothing where there is nothing to draw."""
    if not dues:
        return stamp(sight.as_of, None, world().place(place).timezone)
    zone = world().place(place).zone
    slots = draw.slots(at, zone)
    names = [draw.slot_name(slot, zone, language()) for slot in slots]
    counts = [draw.counted(dues, slot) for slot in slots]
    named = {name: t(f"goods.limit_{name}") for name in LIMITS if any(due.limit == name for due in dues)}
    columns = [Column("week", t("goods.week")), *(Column(limit, name, "number") for limit, name in named.items())]
    told = [{"week": name, **{limit: each.get(limit, 0) for limit in named}} for name, each in zip(names, counts, strict=True)]
    return chart(
        draw.by_week(names, counts, named, language()),
        columns=columns,
        rows=told,
        title=t("goods.ahead"),
        definition=t("goods.definition_ahead", days=DAYS),
        n=len({(due.place, due.operator, due.lot) for due in dues}),
        as_of=sight.as_of,
        zone=zone.key,
        csv=f"goods-dates-by-week-{place}",
        height=300,
        key=f"{place}{view.query()}",
    )


def listed(at: datetime, dues: Sequence[Due], view: View, csv: str, *, placed: bool = False, owners: bool = True) -> Component:
    """Which lots pass which limit when, soonest first."""
    if not dues:
        return empty("goods.no_dates", "goods.no_dates_next", days=DAYS)
    zone = world().place(dues[0].place).timezone
    columns = [
        Column("ends", t("goods.ends"), "instant"),
        Column("left", t("goods.days_left"), "number"),
        Column("limit", t("goods.limit"), wide=True),
        Column("lot", t("goods.lot"), "node"),
        *([Column("place", t("shell.filter_place"))] if placed else []),
        *([Column("owner", t("goods.owner"), "node")] if owners else []),
        Column("status", t("goods.status")),
        Column("quantity", t("goods.quantity")),
        Column("gross", t("goods.gross"), "node"),
        Column("since", t("goods.runs_from"), "instant"),
    ]
    rows = [_row(at, due, view) for due in dues[:SHOWN]]
    high = 420 if len(rows) > SHORT else None
    told = table(columns, rows, caption=t("goods.dates"), csv=csv, zone=zone, max_height=high, row_class=lambda row: str(row["class"]))
    cut = [note(t("place.cut", n=SHOWN, total=len(dues)))] if len(dues) > SHOWN else []
    return html.Div([told, *cut])


def _row(at: datetime, due: Due, view: View) -> dict[str, Any]:
    return {
        "ends": due.ends,
        "left": (due.ends - at).days,
        "limit": t(f"goods.limit_{due.limit}") + ("" if due.exact else f" ({t('goods.at_earliest')})"),
        "lot": words.lot_link(due.place, due.operator, due.lot or due.pool, view),
        "lot_text": due.lot,
        "place": place_name(due.place),
        "owner": words.owner_link(due.owner, view),
        "owner_text": due.owner,
        "status": say.status_name(due.place, due.status) or t("goods.not_told"),
        "quantity": say.amount(due.quantity, due.uom),
        "gross": words.weight(due.gross_mg),
        "gross_text": due.gross_mg / 10**6,
        "since": due.since,
        "class": "row-today" if due.ends <= at else "",
    }
