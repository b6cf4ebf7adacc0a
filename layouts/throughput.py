"""Throughput: what went in and out of each place, by hour, day or ISO week of its own time, with the period before."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import throughput as ask
from data.queries._bins import DAY, KINDS
from data.queries.throughput import EVENTS, SPLITS, Throughput
from layouts._figures import throughput as draw
from layouts._figures.remarks import labelled, part_name, place_name, remarks
from layouts._figures.throughput_rows import row, said_of
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import chart
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.table import Column, table
from layouts._parts.view import View, day_of
from layouts._text import word
from zones.codes import DIRECTIONS, FULL_EMPTY, MODES

dash.register_page(__name__, path="/throughput", title=title("throughput.title"))

MEASURES = (draw.MOVEMENTS, draw.TEU)
_ORDER = {"event": EVENTS, "mode": MODES, "direction": DIRECTIONS, "full_empty": FULL_EMPTY}
_WORD = {"event": "event", "mode": "mode", "direction": "direction", "full_empty": "fullempty"}


def layout(**url: Any) -> Component:
    """The filters stand in the address; so do the three switches."""
    view = View.from_url(url)
    return page(
        t("throughput.title"),
        filters(view, "place", "terminal", "mode", "direction", "full_empty", "period"),
        html.Div(
            [
                labelled(t("throughput.bin"), "bin", {kind: t(f"throughput.bin_{kind}") for kind in KINDS}, view, DAY),
                labelled(t("throughput.measure"), "measure", {one: t(f"throughput.measure_{one}") for one in MEASURES}, view, MEASURES[0]),
                labelled(t("throughput.split"), "split", {one: t(f"throughput.split_{one}") for one in SPLITS}, view, "event"),
            ],
            className="row switches",
        ),
        panel("throughput-places", t("throughput.by_place"), wide=True, height=150),
        html.Div(id="throughput-charts", className="page-grid charts"),
        view=view,
        lead=t("throughput.lead"),
        tools=[
            dcc.Link(t(f"{name}.title"), href=View(place=view.place).href(f"/{name}"), className="button") for name in ("vehicles", "calls")
        ],
        name="throughput",
    )


@callback(Output("throughput-places", "children"), Input("view", "data"), Input("live", "data"), may="see")
def by_place(data: dict[str, Any], _live: str) -> Component:
    """The period against the one before, a row a place."""
    found = _asked(View(**data), "event")
    if not any(place.n for place in found):
        return empty("throughput.empty") if any(place.began for place in found) else no_data()
    columns = [
        Column("place", t("shell.filter_place"), "link"),
        Column("period", t("throughput.period")),
        Column("movements", t("throughput.measure_movements"), "number"),
        Column("change", t("throughput.against_before")),
        Column("teu", t("shell.unit_teu"), "teu"),
        Column("teu_change", t("throughput.against_before")),
        *(Column(event, word("event", event, language()), "number") for event in EVENTS),
        Column("zone", t("throughput.zone")),
        Column("age", t("throughput.data_to"), "node"),
    ]
    told = table(columns, [row(place, View(**data)) for place in found], caption=t("throughput.by_place"), csv="throughput-by-place")
    return html.Div([told, html.P([t("throughput.definition"), " ", t("throughput.change_definition")], className="chart-below")])


@callback(Output("throughput-charts", "children"), Input("view", "data"), Input("live", "data"), may="see")
def charts(data: dict[str, Any], _live: str) -> list[Component]:
    """A chart a place: each has its own days."""
    view = View(**data)
    found = _asked(view, view.get("split", "event"))
    return [panel(f"throughput-{one.place}", place_name(one.place), _chart(one, view), wide=len(found) == 1) for one in found]


def _chart(found: Throughput, view: View) -> Component:
    lang, split, measure = language(), view.get("split", "event"), view.get("measure", MEASURES[0])
    measure = measure if measure in MEASURES else MEASURES[0]
    if found.empty:
        return empty("throughput.empty") if found.began else no_data()
    codes = {code: word(_WORD[split], code, lang) for code in _ORDER.get(split, ())}
    words = {part: part_name(found.place, split, part, codes) for part in dict.fromkeys([*codes, *found.parts()])}
    kind = "number" if measure == draw.MOVEMENTS else "decimal"
    columns = [
        Column("slot", t(f"throughput.bin_{found.kind}")),
        *(Column(f"part_{part}", name, kind) for part, name in words.items()),
        Column("total", t("throughput.total"), kind),
        Column("before", t("throughput.before_short"), kind),
        Column("complete", t("throughput.complete")),
    ]
    return chart(
        draw.bars(found, measure, words, lang, 14 if view.place else 8),
        columns=columns,
        rows=draw.rows(found, measure, words, lang),
        title=f"{place_name(found.place)}: {t(f'throughput.measure_{measure}')}",
        definition=f"{t('throughput.definition')} {t(f'throughput.definition_{measure}')}",
        n=found.n,
        as_of=found.as_of,
        zone=found.zone,
        note=remarks(said_of(found), found.sight, found.zone),
        csv=f"throughput-{found.place}-{found.kind}",
        key=f"{found.place}-{found.kind}-{measure}-{split}",
        height=340 if view.place else 270,
    )


def _asked(view: View, split: str) -> list[Throughput]:
    kind = view.get("bin", DAY)
    return ask.by_time(
        store(),
        actor(),
        world(),
        now(),
        places=view.places(actor(), world()) or ("-",),
        kind=kind if kind in KINDS else DAY,
        split=split if split in SPLITS else "event",
        first=day_of(view.since),
        last=day_of(view.until),
        terminal=view.terminal,
        mode=view.mode,
        direction=view.direction,
        full_empty=view.full_empty,
    )
