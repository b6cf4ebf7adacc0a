"""Rules: which are on where, by which limits, who set them; what is off, and why. Each leads to its card."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import rules as ask
from layouts._parts import rule_parts as parts
from layouts._parts.alert import own_zone
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, now, store, t, world
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty
from layouts._parts.view import View

dash.register_page(__name__, path="/rules", title=title("rules.title"))


def layout(**url: Any) -> Component:
    """The place stands in the address."""
    view = View.from_url(url)
    tools = [
        dcc.Link(t("load.title"), href=view.href("/alarm-health"), className="button"),
        dcc.Link(t("forecast.title"), href=view.href("/forecast"), className="button"),
    ]
    return page(
        t("rules.title"),
        filters(view, "place"),
        panel("rules-off", t("rules.off_now"), hint=t("rules.off_hint"), wide=True, lines=2),
        panel("rules-list", t("rules.all"), hint=t("rules.all_hint"), wide=True, lines=8),
        panel("rules-not-built", t("rules.not_built"), parts.not_built(), hint=t("rules.not_built_hint"), wide=True),
        view=view,
        lead=t("rules.lead"),
        tools=html.Div(tools, className="row"),
        name="rules",
    )


@callback(Output("rules-off", "children"), Input("view", "data"), Input("live", "data"), may="see")
def off(data: dict[str, Any], _live: str) -> Any:
    """What nobody is told of, since when, why and by whom."""
    view = View(**data)
    mine = view.places(actor(), world())
    found = [(place, each) for place, each in ask.switched_off(actor(), world(), now()) if place in mine]
    age = stamp(now(), zone=own_zone(view), stamp_id="rules-off-age")
    return [age, parts.off_table(found, own_zone(view)) if found else html.P(t("rules.off_none"), className="muted")]


@callback(Output("rules-list", "children"), Input("view", "data"), Input("live", "data"), may="see")
def every(data: dict[str, Any], _live: str) -> Any:
    """Each rule at each place."""
    view = View(**data)
    mine = view.places(actor(), world())
    found = [each for each in ask.standing(store(), actor(), world(), now(), place=view.place) if each.place in mine]
    if not found:
        return empty("rules.no_place", "rules.no_place_next")
    age = stamp(now(), zone=own_zone(view), stamp_id="rules-list-age")
    return [
        age,
        parts.standing_table(found, own_zone(view)),
        html.P([t("rules.declared_in"), " ", html.Code("place.yaml")], className="muted"),
    ]
