"""One place: how it stands, what is wrong, who is inside and where, who is held, what comes and goes, whether the lists agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import alerts, by_hand, throughput, yard
from data.queries import expected as ask_expected
from data.queries import inventory as goods
from data.queries import place as ask
from data.queries.alerts import Asked
from data.queries.place import BANDS, UNKNOWN, Filters
from layouts._figures import expected as expected_
from layouts._figures import place as draw
from layouts._figures import place_rows as rows
from layouts._figures.open_alerts import open_alerts
from layouts._parts.callback import Input, Output, State, callback
from layouts._parts.filters import filters, switch
from layouts._parts.hand_batches import share_of_place
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.queue_asked import nobody_on_duty
from layouts._parts.shell import page, panel
from layouts._parts.states import no_data, refused
from layouts._parts.view import View
from layouts._text import word

MEASURES = ("occupancy", "age")
WORST = 6
HOURS = 48
FILTERED = ("terminal", "direction", "full_empty", "agency", "line", "area", "held")


def _title(place_id: str = "", **_: Any) -> str:
    known = world().places.get(place_id) if actor().sees(place_id) else None
    return f"{known.title(language()) if known else t('place.title')} · {t('shell.product')}"


dash.register_page(__name__, path_template="/place/<place_id>", title=_title)


def layout(place_id: str = "", **url: Any) -> Component:
    """The filters stand in the address. A place out of reach and one that is not there look alike to who may not see all."""
    if place_id not in world().places or not actor().sees(place_id):
        said = refused() if actor().places is not None else no_data("place.unknown", "place.unknown_next")
        return page(t("place.title"), html.Div(said))
    view, place = View.from_url(url).without("place"), world().place(place_id)
    alerts_link = dcc.Link(t("overview.worst_all"), href=View(place=place_id).href("/alerts"))
    calls_link = dcc.Link(t("calls.title"), href=View(place=place_id).href("/calls"))
    sources_link = dcc.Link(t("shell.nav_sources"), href=View(place=place_id).href("/sources"))
    return page(
        place.title(language()),
        dcc.Store(id="place-id", data=place_id),
        _filters(place_id, view),
        *([html.P(t("place.filters_apply"), className="span-12 muted")] if any(view.get(name) for name in FILTERED) else []),
        html.Div(id="place-head", className="span-12 place-head"),
        panel("place-alerts", t("overview.worst"), span=8, height=150, tools=alerts_link),
        panel("place-feeds", t("place.feeds"), span=4, height=150, tools=sources_link),
        panel("place-map", t("place.areas_map"), span=7, height=520, tools=_switch("measure", MEASURES, view)),
        panel("place-areas", t("place.areas"), span=5, height=300),
        panel("place-hours", t("place.hours"), span=7, height=330),
        panel("place-yard", t("place.yard"), span=5, height=200),
        panel("place-expected", t("place.expected"), wide=True, height=160, tools=calls_link),
        panel("place-inside", t("place.inside"), wide=True, height=300, tools=_older(view)),
        panel("place-held", t("place.held"), span=8, height=160),
        panel("place-about", t("place.about"), rows.about(place), span=4),
        view=view,
        lead=f"{word('placekind', place.kind, language())} · {t('shell.in_zone', zone=place.timezone)}",
        tools=[
            dcc.Link(t(key), href=View(place=place_id).href(f"/{name}"), className="button")
            for name, key in (
                ("throughput", "shell.nav_throughput"),
                ("dwell", "shell.nav_dwell"),
                ("vehicles", "vehicles.title"),
                ("calls", "calls.title"),
                *([("inventory", "goods.title")] if goods.keeps(world(), place_id) else []),
            )
        ],
        name="place",
    )


def _filters(place_id: str, view: View) -> Component:
    place, lang = world().place(place_id), language()
    areas = {area.id: area.title(lang) for area in ask.stock_areas(place)} | {UNKNOWN: t("place.no_position")}
    tally = ask.held(store(), actor(), world(), place_id, now()).tally
    options = {
        "terminal": {area.id: area.title(lang) for area in place.areas if area.kind == "terminal"},
        "agency": {agency: word("agency", agency, lang) for agency in sorted(tally)},
        "line": {line: line for line in ask.lines(store(), actor(), place_id)},
        "area": areas,
        "held": {"yes": t("shell.yes"), "no": t("shell.no")},
    }
    return filters(view, *FILTERED, options=options)


def _switch(name: str, codes: tuple[str, ...], view: View) -> Component:
    return switch(name, {code: t(f"place.{name}_{code}") for code in codes}, view, default=codes[0])


def _older(view: View) -> Component:
    choices = {"": t("place.any_age"), **{str(days): t("place.older", n=days) for days in BANDS}}
    return switch("older", choices, view.without("page"))


def _asked(view: View) -> Filters:
    own = {name: view.get(name) for name in ("area", "held", "older")}
    return Filters(terminal=view.terminal, direction=view.direction, full_empty=view.full_empty, line=view.line, agency=view.agency, **own)


LIVE = (Input("view", "data"), Input("live", "data"), State("place-id", "data"))


@callback(Output("place-head", "children"), *LIVE, may="see")
def head(_view: dict[str, Any], _live: str, place_id: str) -> Component:
    """The numbers of the whole place, whatever is filtered below."""
    return rows.head(ask.head(store(), actor(), world(), place_id, now()))


@callback(Output("place-alerts", "children"), *LIVE, may="see")
def worst(_view: dict[str, Any], _live: str, place_id: str) -> Component:
    """The alerts of the place to look at first; that nobody is on duty to answer them."""
    queue = alerts.queue(store(), actor(), now(), Asked(place=place_id))
    return html.Div([nobody_on_duty(place_id), open_alerts(queue, WORST, placed=False, zone=world().place(place_id).timezone)])


@callback(Output("place-feeds", "children"), *LIVE, may="see")
def feeds(_view: dict[str, Any], _live: str, place_id: str) -> Component:
    """Who tells of this place, and when each was last heard."""
    paper = by_hand.shares(store(), actor(), world(), now(), places=(place_id,))
    return html.Div([rows.feeds(ask.head(store(), actor(), world(), place_id, now())), *map(share_of_place, paper)])


@callback(Output("place-map", "children"), *LIVE, may="see")
def where(view: dict[str, Any], _live: str, place_id: str) -> Component:
    """The areas by how full or how old."""
    found = ask.areas(store(), actor(), world(), place_id, now(), _asked(View(**view)))
    measure = View(**view).get("measure", MEASURES[0])
    return draw.areas_map(world().place(place_id), found, measure if measure in MEASURES else MEASURES[0])


@callback(Output("place-areas", "children"), *LIVE, may="see")
def areas(view: dict[str, Any], _live: str, place_id: str) -> Component:
    """The same in numbers, and what has no position."""
    return rows.areas(world().place(place_id), ask.areas(store(), actor(), world(), place_id, now(), _asked(View(**view))))


@callback(Output("place-hours", "children"), *LIVE, may="see")
def hours(view: dict[str, Any], _live: str, place_id: str) -> Component:
    """What came and went, hour by hour."""
    one, place = View(**view), world().place(place_id)
    first = (now() - timedelta(hours=HOURS - 1)).astimezone(place.zone).date()
    asked = {"terminal": one.terminal, "direction": one.direction, "full_empty": one.full_empty}
    found = throughput.by_time(store(), actor(), world(), now(), places=(place_id,), kind="hour", first=first, **asked)
    if not found or found[0].began is None:
        return no_data()
    return draw.hours_chart(replace(found[0], now=found[0].now[-HOURS:], before=()))


@callback(Output("place-yard", "children"), *LIVE, may="see")
def counts(_view: dict[str, Any], _live: str, place_id: str) -> Component:
    """Yard lists against our own book."""
    actor().must("see", place_id)
    return rows.yard_counts(world().place(place_id), yard.counts(store(), actor(), world(), place_id))


@callback(Output("place-expected", "children"), *LIVE, may="see")
def announced(_view: dict[str, Any], _live: str, place_id: str) -> Component:
    """What plans, orders and manifests announce for the next hours."""
    return expected_.expected(world().place(place_id), ask_expected.expected(store(), actor(), world(), place_id, now()))


@callback(Output("place-inside", "children"), *LIVE, may="see")
def inside(view: dict[str, Any], _live: str, place_id: str) -> Component:
    """The boxes inside that fit, oldest first."""
    one = View(**view)
    wanted = one.get("page", "1")
    page_ = int(wanted) if wanted.isdecimal() and len(wanted) < 7 else 1
    found = ask.inside(store(), actor(), world(), place_id, now(), _asked(one), page_)
    return rows.inside(world().place(place_id), found, one, _data_to(place_id))


@callback(Output("place-held", "children"), *LIVE, may="see")
def held(view: dict[str, Any], _live: str, place_id: str) -> Component:
    """Who is held inside, by whom, since when."""
    found = ask.held(store(), actor(), world(), place_id, now(), asked=_asked(View(**view)))
    place = world().place(place_id)
    return rows.held(place, found, _data_to(place_id, "customs" if place.spoken_for("customs") else ""))


def _data_to(place_id: str, kind: str = "") -> Any:
    return ask.data_to(store(), actor(), world(), place_id, now(), kind)
