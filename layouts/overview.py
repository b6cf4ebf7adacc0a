"""The overview: is anything wrong now, where, since when, can we see, is it getting fuller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import alerts, by_hand
from data.queries import overview as ask
from data.queries.agreement import WEEK, agreement, whole
from data.queries.alerts import Asked
from data.queries.overview import PlaceNow
from layouts._figures import overview as rows
from layouts._figures import standing
from layouts._figures.headline import headline
from layouts._figures.open_alerts import open_alerts
from layouts._parts.callback import Input, Output, PreventUpdate, callback
from layouts._parts.chart import stamp
from layouts._parts.hand_batches import share_line
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.map import map_chart
from layouts._parts.shell import page, panel, title
from layouts._parts.states import no_data
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import word

dash.register_page(__name__, path="/", title=title("overview.title"))

MOST = 8
_CLASS = {"act_now": "row-act_now", "cannot_see": "row-cannot_see"}


def layout(**url: Any) -> Component:
    """A sentence; the places, worst first; where they are."""
    return page(
        t("overview.title"),
        panel("overview-places", t("overview.places"), span=8, height=260, lines=6),
        panel("overview-map", t("overview.where"), span=4, height=380),
        panel("overview-worst", t("overview.worst"), wide=True, height=180, tools=dcc.Link(t("overview.worst_all"), href=path("/alerts"))),
        dcc.Location(id="overview-go", refresh="callback-nav"),
        view=View.from_url(url),
        lead=html.Div(id="overview-lead"),
        name="overview",
    )


@callback(Output("overview-lead", "children"), Input("live", "data"), may="see")
def lead(_live: str) -> list[Any]:
    """The whole answer in a sentence."""
    return headline(ask.overview(store(), actor(), world(), now()))


@callback(Output("overview-places", "children"), Input("live", "data"), may="see")
def places(_live: str) -> Component:
    """A row a place, worst first."""
    found = ask.overview(store(), actor(), world(), now())
    if not found:
        return no_data("overview.no_places", "overview.no_places_next")
    columns = [
        Column("state", t("overview.state"), "node"),
        Column("place", t("shell.filter_place"), "node", wide=True),
        *(Column(code, word("severity", code, language()), "node") for code in rows.SEVERITIES),
        Column("inside", t("overview.inside"), "node"),
        Column("change", t("overview.change"), "node"),
        Column("oldest", t("overview.oldest"), "node"),
        Column("heard", t("overview.data_to"), "node"),
    ]
    paper = {each.place: share_line(each) for each in by_hand.shares(store(), actor(), world(), now())}
    listed = [rows.row(place, paper.get(place.place, "")) for place in found]
    told = table(columns, listed, caption=t("overview.places"), csv="overview", row_class=lambda row: _CLASS.get(row["code"], ""))
    said = (t("overview.definition"), t("overview.definition_states"), t("health.overview_definition"))
    words = [html.Summary(t("shell.definition")), " ".join(said)]
    confirmed = rows.confirmed(whole(agreement(store(), actor(), world(), now(), days=WEEK)))
    head = html.Div([stamp(_least(found), None, world().place(found[0].place).timezone), confirmed], className="row")
    return html.Div([head, told, html.Details(words, className="twin muted")])


@callback(Output("overview-map", "children"), Input("live", "data"), may="see")
def where(_live: str) -> Component:
    """The places as points, in the colours of their states."""
    found = ask.overview(store(), actor(), world(), now())
    if not found:
        return no_data("overview.no_places", "overview.no_places_next")
    columns = [
        Column("place", t("shell.filter_place"), "link"),
        Column("state", t("overview.state"), "state"),
        Column("boxes", t("overview.boxes"), "number"),
        Column("teu", t("shell.unit_teu"), "teu"),
        Column("share", t("overview.share"), "percent"),
        Column("lon", t("overview.lon"), "decimal"),
        Column("lat", t("overview.lat"), "decimal"),
    ]
    return map_chart(
        points=standing.points(found),
        title=t("overview.where"),
        columns=columns,
        rows=[rows.located(place) for place in found],
        csv="overview-map",
        key="overview",
        height=300,
        width=170,
        graph_id="overview-map-graph",
        as_of=_least(found),
        zone=world().place(found[0].place).timezone,
    )


@callback(Output("overview-worst", "children"), Input("live", "data"), may="see")
def worst(_live: str) -> Component:
    """The alerts to look at first, as sentences."""
    return open_alerts(alerts.queue(store(), actor(), now(), Asked()), MOST)


@callback(Output("overview-go", "href"), Input("overview-map-graph", "clickData"), may="see", prevent_initial_call=True)
def go(clicked: dict[str, Any] | None) -> str:
    """A press on the map leads to the place."""
    href = ((clicked or {}).get("points") or [{}])[0].get("customdata") or [""]
    if not href[0] or not str(href[0]).startswith("/"):
        raise PreventUpdate
    return str(href[0])


def _least(places: list[PlaceNow]) -> datetime | None:
    """Up to when every place was heard that ever was."""
    return min((place.data_to for place in places if place.data_to), default=None)
