"""How near an alert was, in words; and its box on the map."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.alert import Dossier
from data.queries.alert_near import Spot, Whereabouts
from layouts._parts.alert import place_name, zone_of
from layouts._parts.here import language, now, t, world
from layouts._parts.map import Area, Point, map_chart
from layouts._parts.table import Column
from layouts._text import word
from layouts._text.forms import duration, instant
from layouts._text.forms import limit as written_limit
from zones.whatif import Otherwise

MOST = 3
_STATE = {"act_now": "act_now", "today": "watch", "queue": "normal"}


def margin(found: Dossier) -> str:
    """By how much it is over the limit of its step: up to its end, or up to now."""
    alert = found.alert
    step = alert["because_values"].get("over_since", {}).get("v")
    if not alert["limit"] or not step:
        return ""
    over = min(alert["ended_at"] or now(), now()) - datetime.fromisoformat(step)
    if over <= timedelta():
        return ""
    value = alert["because_values"].get("limit", {}).get("v") or ""
    return str(t("alerts.margin_over", by=duration(over, language()), limit=written_limit(value, language())))


def near(found: Dossier) -> Component | None:
    """What would have made it no alert: a sentence each."""
    said = [html.Li(_would(one, found.alert["place"])) for one in found.otherwise[:MOST]]
    return html.Div([html.H3(t("alerts.otherwise")), html.Ul(said)], className="otherwise") if said else None


def _would(one: Otherwise, place: str) -> str:
    zone = zone_of(one.place or place)
    at = instant(one.at, zone, language(), now())
    who = word("agency", one.agency, language()) if one.agency else ""
    where = place_name(one.place or place)
    said = t(f"alerts.otherwise_{one.what}_{one.side}", at=at, place=where, agency=who)
    if one.was is None:
        return str(said)
    was = instant(one.was, zone, language(), now())
    return str(t("alerts.otherwise_was", said=said, was=was, off=duration(one.off, language())))


def on_map(found: Spot) -> Component | None:
    """The place with the area in which the box stood; nothing where it is about no box."""
    stood = found.stood
    if stood is None or stood.place not in world().places:
        return None
    place = world().place(stood.place)
    area = place.area(stood.area) if stood.area else None
    at = area.centre if area else place.centre
    if at is None:
        return None
    name = area.title(language()) if area else t("alerts.area_unknown")
    here = Point(*at, name, state=_STATE[found.alert["severity"]])  # what it is stands below: beside the point it would run over the areas
    what = t("alerts.stands_here" if stood.inside else "alerts.stood_here")
    return map_chart(
        areas=[Area(each.id, each.title(language()), each.geometry, kind="outline") for each in place.areas],
        points=[here],
        title=t("alerts.on_map"),
        columns=[Column("what", t("alerts.where_what")), Column("area", t("alerts.where"))],
        rows=[{"what": what, "area": _area(stood, name)}],
        note=f"{what}{t('overview.colon')}{_area(stood, name)}.",
        csv=f"where-{found.alert['alert_id'][:8]}",
        key=f"alert:{place.id}",
        height=220,
        width=320,
        as_of=found.judged_at,
        zone=place.timezone,
    )


def _area(stood: Whereabouts, name: Any) -> str:
    return f"{place_name(stood.place)}, {name}"
