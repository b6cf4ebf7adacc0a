"""Dwell: how long boxes stayed, of those that left; and apart from it how long those still inside have been there."""

from __future__ import annotations

from typing import Any

import dash
from dash import html
from dash.development.base_component import Component

from data.queries import dwell as ask
from data.queries._bins import DAY, WEEK
from data.queries.dwell import SPLITS, Dwells, Inside, PlaceDwell
from layouts._figures import dwell as draw
from layouts._figures import dwell_rows as rows
from layouts._figures.dwell_frame import data_age, framed, nothing
from layouts._figures.remarks import labelled, place_name
from layouts._parts.callback import Input, Output, callback
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import figure, figures
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.table import table
from layouts._parts.view import View, day_of
from layouts._text import forms

dash.register_page(__name__, path="/dwell", title=title("dwell.title"))


def layout(**url: Any) -> Component:
    """The filters stand in the address; so do the two switches."""
    view = View.from_url(url)
    return page(
        t("dwell.title"),
        filters(view, "place", "terminal", "mode", "direction", "full_empty", "period"),
        html.Div(
            [
                labelled(t("dwell.bin"), "bin", {WEEK: t("throughput.bin_week"), DAY: t("throughput.bin_day")}, view, WEEK),
                labelled(t("dwell.split"), "split", {one: t(f"throughput.split_{one}") for one in SPLITS}, view, "direction"),
            ],
            className="row switches",
        ),
        panel("dwell-figures", t("dwell.left"), wide=True, height=110),
        panel("dwell-trend", t("dwell.by_time"), height=380),
        panel("dwell-curve", t("dwell.distribution"), height=380),
        panel("dwell-parts", t("dwell.by_part"), wide=True),
        panel("dwell-inside", t("dwell.still_inside"), hint=t("dwell.apart"), height=380),
        panel("dwell-oldest", t("dwell.oldest"), height=380),
        view=view,
        lead=t("dwell.lead"),
        name="dwell",
    )


@callback(Output("dwell-figures", "children"), Input("view", "data"), Input("live", "data"), may="see")
def numbers(data: dict[str, Any], _live: str) -> Component:
    """All that left in the period, in five numbers."""
    found = _left(View(**data))
    whole, lang = ask.together(found), language()
    if not found or not whole.n:
        return nothing(found)
    share = rows.over(found)
    tiles = figures(
        figure(rows.long(whole.minutes(0.5), lang), t("dwell.median")),
        figure(rows.long(whole.minutes(0.9), lang), t("dwell.p90")),
        figure(None if share is None else forms.percent(share, lang, 0 if share > 0.1 else 1), t("dwell.over"), note=rows.limits(found)),
        figure(whole.n, t("dwell.n"), note=rows.period_of(found)),
        figure(sum(place.unmeasured for place in found), t("dwell.unmeasured"), note=t("dwell.unmeasured_note")),
    )
    return html.Div([data_age(found), tiles, html.P(t("dwell.definition"), className="chart-below")])


@callback(Output("dwell-trend", "children"), Input("view", "data"), Input("live", "data"), may="see")
def trend(data: dict[str, Any], _live: str) -> Component:
    """Median and 90th percentile by time of leaving; of several places the medians."""
    view = View(**data)
    found = _left(view)
    if not any(place.whole.n for place in found):
        return nothing(found)
    kind, lang, one = _kind(view), language(), len(found) == 1
    named = [(place_name(place.place), place) for place in found if place.whole.n]
    drawn = draw.trend(found[0], kind, lang) if one else draw.trends(named, kind, lang)
    return framed(drawn, found, rows.trend_columns(kind), rows.trend(named, kind), "dwell.by_time", f"dwell-by-{kind}", t("dwell.hatched"))


@callback(Output("dwell-curve", "children"), Input("view", "data"), Input("live", "data"), may="see")
def curve(data: dict[str, Any], _live: str) -> Component:
    """The share that stayed no longer than so long; of one place, its parts."""
    view = View(**data)
    found = _left(view)
    if not any(place.whole.n for place in found):
        return nothing(found)
    if len(found) == 1:
        named: list[tuple[str, Dwells]] = [(rows.part(found[0].place, view, part), dwells) for part, dwells in found[0].parts.items()]
    else:
        named = [(place_name(place.place), place.whole) for place in found if place.whole.n]
    limits = {place.limit_minutes for place in found}
    drawn = draw.curves(named, limits.pop() if len(limits) == 1 else None, language())
    return framed(drawn, found, rows.curve_columns(), rows.curve(named), "dwell.distribution", "dwell-distribution", "")


@callback(Output("dwell-parts", "children"), Input("view", "data"), Input("live", "data"), may="see")
def parts(data: dict[str, Any], _live: str) -> Component:
    """Each place and its parts, a row each."""
    view = View(**data)
    found = _left(view)
    if not any(place.whole.n for place in found):
        return nothing(found)
    told = table(rows.part_columns(), rows.parts(found, view), caption=t("dwell.by_part"), csv="dwell-by-part")
    return html.Div([data_age(found), told, html.P(t("dwell.definition"), className="chart-below")])


@callback(Output("dwell-inside", "children"), Input("view", "data"), Input("live", "data"), may="see")
def still_inside(data: dict[str, Any], _live: str) -> Component:
    """Ages of what is inside now."""
    found = _inside(View(**data))
    if not sum(place.n for place in found):
        return empty("dwell.nobody_inside") if any(place.sight.as_of for place in found) else no_data()
    whole = rows.as_one(found)
    names = [rows.band(low, high) for low, high, _, _ in whole.bands]
    return framed(
        draw.ages(whole, names, language()),
        found,
        rows.age_columns(),
        rows.ages(whole),
        "dwell.still_inside",
        "inside-by-age",
        " ".join([rows.over_now(found), t("dwell.mode_apart") if data.get("mode") else ""]),
    )


@callback(Output("dwell-oldest", "children"), Input("view", "data"), Input("live", "data"), may="see")
def oldest(data: dict[str, Any], _live: str) -> Component:
    """The boxes that have been inside longest."""
    found = _inside(View(**data))
    if not sum(place.n for place in found):
        return empty("dwell.nobody_inside") if any(place.sight.as_of for place in found) else no_data()
    told = table(rows.oldest_columns(), rows.oldest(found), caption=t("dwell.oldest"), csv="inside-oldest", max_height=420)
    return html.Div([data_age(found), told])


def _kind(view: View) -> str:
    return DAY if view.get("bin") == DAY else WEEK


def _left(view: View) -> list[PlaceDwell]:
    split = view.get("split", "direction")
    own = {name: view.get(name) for name in ("terminal", "mode", "direction", "full_empty")}
    return ask.by_time(
        store(),
        actor(),
        world(),
        now(),
        places=view.places(actor(), world()) or ("-",),
        kind=_kind(view),
        split=split if split in SPLITS else "direction",
        first=day_of(view.since),
        last=day_of(view.until),
        **own,
    )


def _inside(view: View) -> list[Inside]:
    own = {name: view.get(name) for name in ("terminal", "direction", "full_empty")}
    return ask.inside(store(), actor(), world(), now(), places=view.places(actor(), world()) or ("-",), **own)
