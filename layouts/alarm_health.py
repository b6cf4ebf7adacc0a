"""Alarm health: how many alerts come to how many officers, how evenly, against published targets, each named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import alarm_health as ask
from layouts._figures import alarm_health as draw
from layouts._parts.alert import own_zone, place_name
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, now, path, store, t, world
from layouts._parts.marks import note
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.table import table
from layouts._parts.view import View

dash.register_page(__name__, path="/alarm-health", title=title("load.title"))
DAYS = timedelta(days=7)


def layout(**url: Any) -> Component:
    """Place and period stand in the address."""
    view = View.from_url(url)
    return page(
        t("load.title"),
        filters(view, "place", "period"),
        panel("load-figures", t("load.against"), hint=t("load.against_hint"), wide=True, lines=8),
        panel("load-days", t("load.by_day"), height=360),
        panel("load-rules", t("load.by_rule"), height=360),
        view=view,
        lead=t("load.lead"),
        tools=dcc.Link(t("rules.title"), href=path("/rules")),
        name="load",
    )


@callback(Output("load-figures", "children"), Input("view", "data"), Input("live", "data"), may="see")
def against(data: dict[str, Any], _live: str) -> Any:
    """Each figure of each place with its target and where that comes from."""
    view = View(**data)
    found = _asked(view)
    if not found:
        return empty("rules.no_place", "rules.no_place_next")
    if found[0].judged_at is None:
        return no_data("alerts.never_judged", "alerts.never_judged_next")
    told: list[Any] = [stamp(found[0].judged_at, zone=own_zone(view))]
    told += [note(t("load.nobody", place=place_name(one.place)), "warn") for one in found if not one.load.officers]
    without = [place_name(one.place) for one in found if not one.load.by_duty and one.load.officers]
    told += [note(t("load.no_duty", places=", ".join(without)), "warn")] if without else []
    told += [note(t("rules.capped", n=ask.MOST), "warn")] if any(one.capped for one in found) else []
    told.append(table(draw.columns(found), draw.rows(found), caption=t("load.against"), zone=own_zone(view), csv="alarm-health"))
    said = [t("load.definition"), t("load.officers_hint"), draw.period(found[0], own_zone(view))]
    return [*told, html.P(" ".join(said), className="chart-below")]


@callback(Output("load-days", "children"), Input("view", "data"), Input("live", "data"), may="see")
def by_span(data: dict[str, Any], _live: str) -> Any:
    """The floods, and how many came in each."""
    view = View(**data)
    found = _asked(view)
    if not found or found[0].judged_at is None:
        return no_data("alerts.never_judged", "alerts.never_judged_next")
    return draw.floods(found, own_zone(view))


@callback(Output("load-rules", "children"), Input("view", "data"), Input("live", "data"), may="see")
def by_rule(data: dict[str, Any], _live: str) -> Any:
    """Which rules they come from."""
    view = View(**data)
    found = _asked(view)
    if not sum(one.load.n for one in found):
        return empty("load.none") if found and found[0].judged_at else no_data("alerts.never_judged", "alerts.never_judged_next")
    return draw.by_rule(found, own_zone(view))


def _asked(view: View) -> list[ask.Health]:
    since, until = _period(view)
    mine = view.places(actor(), world())
    found = ask.health(store(), actor(), world(), now(), place=view.place, since=since, until=until)
    return [one for one in found if one.place in mine]


def _period(view: View) -> tuple[datetime, datetime]:
    since, until = view.between(own_zone(view))
    end = min(until or now(), now())
    return (since if since and since < end else end - DAYS), end
