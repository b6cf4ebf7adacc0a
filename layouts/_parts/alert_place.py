"""Of an alert about a place: where its number can be checked, with the area and the day in the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc

from data.queries._bins import HOUR
from layouts._parts.alert import zone_of
from layouts._parts.here import language, path, t, world
from layouts._parts.view import View
from layouts._text.forms import date
from zones.area import COMING, INSIDE, TURN, parts

PAGES = {TURN: "/vehicles", INSIDE: "/vehicles", COMING: "/calls"}


def checks(alert: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The area it is about, and the page that shows its hours; nothing where it is about no place."""
    if not alert["unit"].startswith("area:"):
        return []
    place, what, day = parts(alert["unit"])
    told = next((alert["because_values"][name]["v"] for name in ("until", "at") if name in alert["because_values"]), None)
    if told:
        day = datetime.fromisoformat(told).astimezone(ZoneInfo(zone_of(place))).date()
    page = PAGES.get(what, "/throughput")
    period = {} if what == COMING else {"since": day.isoformat(), "until": day.isoformat()}
    view = View(place=place, **period, more={} if what in PAGES else {"bin": HOUR})
    link = dcc.Link(t(f"alerts.hours_of{page.replace('/', '_')}", day=date(day, language())), href=view.href(page))
    found: list[tuple[str, Any]] = [(t("alerts.hours"), link)]
    declared = world().places.get(place)
    area = declared.area(what) if declared and what and what not in PAGES else None
    if area:
        stands = View(more={"area": area.id}).query()
        found.insert(0, (t("alerts.area"), dcc.Link(area.title(language()), href=path(f"/place/{place}") + stands)))
    return found
