"""Figures of one place: its areas by how full or how old; in and out by hour, in above the line and out below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component
from plotly import graph_objects as go

from data.queries.place import BANDS, Areas, Stock
from data.queries.throughput import Slot, Throughput
from layouts._figures.axes import label, ticks
from layouts._figures.remarks import remarks
from layouts._parts.chart import chart
from layouts._parts.here import language, t
from layouts._parts.map import BREAKS, Area, map_chart
from layouts._parts.table import Column
from layouts._text import word
from layouts._text.forms import number, percent
from zones.place import Place

IN, OUT = ("gate_in", "discharge"), ("gate_out", "load")
_MIDDLE = (0.5, 2, 4, 6, 10, 20)  # days that stand for each band of ages


def areas_map(place: Place, found: Areas, measure: str) -> Component:
    """The map of the areas that hold stock, shaded; all others as outlines. Grey where too few positions are known, or no capacity is."""
    stocks = {one.area: one for one in found.areas}
    drawn = [_area(place, area, stocks.get(area.id), measure) for area in place.areas]
    by_age = measure == "age"
    return map_chart(
        areas=[one for one in drawn if one is not None],
        title=t("place.areas_map"),
        columns=area_columns(),
        rows=area_rows(place, found),
        csv=f"areas-{place.id}",
        key=f"place:{place.id}",
        unit=t("place.day_short") if by_age else "%",
        breaks=tuple(days / 100 for days in BANDS) if by_age else BREAKS,
        height=380,
        width=520,
        note=unknown_words(found),
        definition=t(f"place.definition_{measure}"),
        n=found.total.boxes,
        as_of=found.as_of,
        zone=place.timezone,
    )


def _area(place: Place, area: Any, stock: Stock | None, measure: str) -> Area | None:
    name = area.title(language())
    if stock is None or (not stock.boxes and not stock.capacity_teu):
        return Area(area.id, name, area.geometry, kind="outline")
    middle, by_age = stock.median_band, measure == "age"
    value = (_MIDDLE[middle] / 100 if middle is not None else None) if by_age else stock.share
    short = name.removeprefix(t("place.block")).strip() or name
    return Area(area.id, name, area.geometry, value, stock_words(stock), label=f"{short}<br>{_short(stock, by_age)}")


def _short(stock: Stock, by_age: bool) -> str:
    """What is written on an area: its share or its median age; which share of positions is known, where those are too few; else boxes."""
    if not stock.told:
        return t("place.known_short", share=percent(stock.known, language()))
    if by_age:
        return "" if stock.median_band is None else band(stock.median_band)
    return percent(stock.share, language()) if stock.share is not None else t("overview.n_boxes", n=stock.boxes)


def stock_words(stock: Stock) -> str:
    """8 boxes, 13 TEU of 20 (65%); or why that cannot be said."""
    teu = number(stock.teu / 100, language(), 0 if stock.teu % 100 == 0 else 2)
    said = t("place.stock", boxes=t("overview.n_boxes", n=stock.boxes), teu=teu)
    if not stock.told:
        return f"{said} · {t('place.positions_known', share=percent(stock.known, language()))}"
    if not stock.capacity_teu:
        return f"{said} · {t('place.no_capacity')}"
    return f"{said} · {t('place.of_capacity', share=percent(stock.share, language()), capacity=stock.capacity_teu)}"


def unknown_words(found: Areas) -> str:
    """Position unknown: 1,204 of 5,310 boxes; and what else the areas do not show."""
    said = [t("place.position_unknown", n=found.unknown, total=found.total.boxes)]
    if found.undeclared:
        names = ", ".join(f"{name} ({number(n, language())})" for name, n in list(found.undeclared.items())[:5])
        said.append(t("place.undeclared", names=names))
    if found.unsized:
        said.append(t("place.unsized", n=found.unsized))
    return " ".join(said)


def area_columns() -> list[Column]:
    """The columns of the areas, of the map's table and of the panel beside it."""
    return [
        Column("area", t("shell.filter_area")),
        Column("boxes", t("overview.boxes"), "number"),
        Column("teu", t("shell.unit_teu"), "teu"),
        Column("capacity", t("place.capacity"), "number"),
        Column("share", t("place.full"), "percent"),
        Column("held", t("place.held_short"), "number"),
        Column("age", t("place.median_age")),
        Column("known", t("place.known"), "percent"),
    ]


def area_rows(place: Place, found: Areas) -> list[dict[str, Any]]:
    """The areas that hold stock, the fullest first; those of which nothing can be said last."""
    shown = [one for one in found.areas if one.boxes or one.capacity_teu]
    ordered = sorted(shown, key=lambda one: (one.share is None, -(one.share or 0), -one.boxes, one.area))
    return [_row(place, one) for one in ordered]


def _row(place: Place, one: Stock) -> dict[str, Any]:
    area = place.area(one.area)
    terminal = place.area(place.terminal_of(one.area)) if place.terminal_of(one.area) not in ("", one.area) else None
    name = area.title(language()) if area else one.area
    return {
        "id": one.area,
        "area": f"{name} · {terminal.title(language())}" if terminal else name,
        "boxes": one.boxes,
        "teu": one.teu,
        "capacity": one.capacity_teu,
        "share": one.share,
        "held": one.held,
        "age": None if one.median_band is None else band(one.median_band),
        "known": one.known,
    }


def band(number_: int) -> str:
    """A band of ages: up to 1 day; 3 to 5 days; over 14 days."""
    if number_ == 0:
        return t("place.band_first", until=BANDS[0])
    if number_ == len(BANDS):
        return t("place.band_last", since=BANDS[-1])
    return t("place.band", since=BANDS[number_ - 1], until=BANDS[number_])


def hours_chart(found: Throughput) -> Component:
    """Bars an hour; hatched where something may be missing still."""
    words = {event: word("event", event, language()) for event in (*IN, *OUT)}
    columns = [
        Column("hour", t("place.hour")),
        *(Column(event, name, "number") for event, name in words.items()),
        Column("net", t("place.net"), "number"),
        Column("complete", t("place.complete")),
    ]
    return chart(
        hours(found.now, words, language()),
        columns=columns,
        rows=[_hour(slot) for slot in found.now],
        title=t("place.hours"),
        definition=t("place.definition_hours"),
        n=found.n,
        as_of=found.as_of,
        zone=found.zone,
        note=remarks([t("place.hatched")], found.sight, found.zone),
        csv=f"hours-{found.place}",
        key=f"hours-{found.place}",
        height=270,
    )


def hours(slots: Sequence[Slot], words: dict[str, str], lang: str) -> go.Figure:
    """In above the line, out below it, both counted upwards from it."""
    figure = go.Figure()
    x = [label(slot.bin, "hour", lang) for slot in slots]
    hatch = ["" if slot.complete else "/" for slot in slots]
    for event, name in words.items():
        counts = [slot.counts.get(event, (0, 0))[0] for slot in slots]
        y = [-n for n in counts] if event in OUT else counts
        figure.add_bar(x=x, y=y, name=name, customdata=counts, marker={"pattern": {"shape": hatch}}, hovertemplate="%{customdata}")
    most = max((_of(slot, side) for slot in slots for side in (IN, OUT)), default=1)
    step = next(s for k in range(9) for s in (10**k, 2 * 10**k, 5 * 10**k) if most <= 4 * s)
    marks = list(range(-step * -(-most // step), most + step, step))
    axis = ticks([slot.bin for slot in slots], "hour", lang)
    words_ = list(axis["ticktext"]) if isinstance(axis["ticktext"], list) else []
    if len(words_) > 1 and "<br>" in words_[1]:  # a day begins right after: its date would run into the first
        axis["ticktext"] = [words_[0].partition("<br>")[0], *words_[1:]]
    figure.update_layout(
        barmode="relative",
        xaxis=axis,
        yaxis={
            "title": {"text": t("place.hours_axis")},
            "tickmode": "array",
            "tickvals": marks,
            "ticktext": [number(abs(mark), lang) for mark in marks],
        },
    )
    return figure


def _of(slot: Slot, events: Sequence[str]) -> int:
    return sum(slot.counts.get(event, (0, 0))[0] for event in events)


def _hour(slot: Slot) -> dict[str, Any]:
    counts = {event: slot.counts.get(event, (0, 0))[0] for event in (*IN, *OUT)}
    complete = t("shell.yes") if slot.complete else t("shell.no")
    return {"hour": label(slot.bin, "hour", language()), **counts, "net": _of(slot, IN) - _of(slot, OUT), "complete": complete}
