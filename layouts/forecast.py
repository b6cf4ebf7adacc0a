"""Forecast: what passes a limit within 1, 7 and 30 days if nothing moves, by place, rule, limit, carrier or value."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import forecast as ask
from layouts._figures import forecast as draw
from layouts._figures.remarks import labelled
from layouts._parts.alert import own_zone
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.marks import figure, figures, note
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.view import View
from layouts._text import word
from zones.rules import rules

dash.register_page(__name__, path="/forecast", title=title("forecast.title"))


def layout(**url: Any) -> Component:
    """Filters and the switch stand in the address."""
    view = View.from_url(url)
    every = {rule: word("rule", rule, language()) for rule in rules()}
    return page(
        t("forecast.title"),
        filters(view, "place", "rule", options={"rule": every}),
        html.Div(
            labelled(t("forecast.by"), "by", {one: t(f"forecast.by_{one}") for one in draw.SPLITS}, view, "place"), className="row switches"
        ),
        panel("forecast-figures", t("forecast.in_all"), wide=True, height=110),
        panel("forecast-days", t("forecast.by_day"), height=380),
        panel("forecast-parts", t("forecast.parts"), height=380),
        panel("forecast-list", t("forecast.list"), hint=t("forecast.list_hint"), wide=True, lines=8),
        view=view,
        lead=t("forecast.lead"),
        tools=dcc.Link(t("rules.title"), href=path("/rules")),
        name="forecast",
    )


@callback(Output("forecast-figures", "children"), Input("view", "data"), Input("live", "data"), may="see")
def numbers(data: dict[str, Any], _live: str) -> Any:
    """How many in 1, 7 and 30 days."""
    view = View(**data)
    found = _asked(view)
    if found.judged_at is None:
        return no_data("alerts.never_judged", "alerts.never_judged_next")
    tiles = []
    for days in ask.DAYS:
        own = found.within(days)
        boxes = {one.equipment: one.teu for one in own if one.equipment}
        said = [t("forecast.of", n=len(boxes), teu=sum(boxes.values()) // 100)]
        said += [t("forecast.of_lots", n=len(lots))] if (lots := draw.lots(own)) else []
        tiles.append(
            figure(len(own), t("forecast.within", n=days), note=["; ".join(said), html.Br(), t("forecast.worth", said=draw.worth(own))])
        )
    told: list[Any] = [stamp(found.at, zone=own_zone(view)), figures(*tiles)]
    told += [note(t("forecast.left_out", n=found.left_out, most=ask.MOST), "warn")] if found.left_out else []
    return [*told, html.P([t("forecast.definition"), " ", t("forecast.value_told")], className="chart-below")]


@callback(Output("forecast-days", "children"), Input("view", "data"), Input("live", "data"), may="see")
def by_day(data: dict[str, Any], _live: str) -> Any:
    """Day by day."""
    view = View(**data)
    found = _asked(view)
    return draw.by_day(found, own_zone(view)) if found.passes else _nothing(found)


@callback(Output("forecast-parts", "children"), Input("view", "data"), Input("live", "data"), may="see")
def parts(data: dict[str, Any], _live: str) -> Any:
    """By place, rule, limit, carrier or value."""
    view = View(**data)
    found = _asked(view)
    by = view.get("by", "place")
    return draw.parts(found, by if by in draw.SPLITS else "place", own_zone(view)) if found.passes else _nothing(found)


@callback(Output("forecast-list", "children"), Input("view", "data"), Input("live", "data"), may="see")
def listed(data: dict[str, Any], _live: str) -> Any:
    """The next ones, box by box."""
    view = View(**data)
    found = _asked(view)
    return [stamp(found.at, zone=own_zone(view)), *draw.listed(found, own_zone(view))] if found.passes else _nothing(found)


def _nothing(found: ask.Forecast) -> Component:
    return empty("forecast.none") if found.judged_at else no_data("alerts.never_judged", "alerts.never_judged_next")


def _asked(view: View) -> ask.Forecast:
    rule = view.get("rule")
    found = ask.forecast(store(), actor(), world(), now(), place=view.place, rule=rule if rule in rules() else "")
    mine = view.places(actor(), world())
    return found if mine else ask.Forecast((), found.at, 0, found.judged_at)
