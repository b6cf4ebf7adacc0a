"""An alert in the reader's words: its three lines, its place and time, how it stands. Used by every page that shows alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts._parts.here import actor, language, now, path, t, world
from layouts._parts.marks import tag, time
from layouts._parts.view import View
from layouts._text import word
from layouts._text.sentence import Source, do_now, how_sure, sentence

Row = Mapping[str, Any]


def place_name(place_id: str) -> str:
    """The place's name; its id where it is not declared any more."""
    places = world().places
    return places[place_id].title(language()) if place_id in places else place_id


def zone_of(place_id: str) -> str:
    """The place's time zone; UTC where it is not declared any more."""
    places = world().places
    return places[place_id].timezone if place_id in places else "UTC"


def own_zone(view: View) -> str:
    """The zone in which a page that speaks of several places writes its own times: that of the first one looked at."""
    return next((zone_of(place) for place in view.places(actor(), world())), "UTC")


def place_and_zone(place_id: str, own: str) -> str:
    """The place's name, and its zone where that is not the one in which the page writes its own times."""
    zone = zone_of(place_id)
    return place_name(place_id) + (f" ({zone})" if zone != own else "")


def at_place(at: datetime | None, place_id: str) -> Component:
    """A moment in the place's own time."""
    return time(at, zone_of(place_id))


def first_line(alert: Row) -> str:
    """What happened. Ages count up to the end, where the condition is over."""
    over = alert["ended_at"] if alert["condition"] in ("cleared", "invalidated") else None
    names = {id_: {code: place.title(code) for code in ("en", "vi", "zh")} for id_, place in world().places.items()}
    return sentence(alert["because_key"], alert["because_values"], language(), zone_of(alert["place"]), now(), names, until=over)


def second_line(alert: Row, heard: Iterable[Any] = ()) -> str:
    """How sure we are; `heard` are the sources it leans on (data.queries._heard.Heard)."""
    sources = [Source(t("alerts.source", feed=h.feed), "", h.at) for h in heard]
    return how_sure(
        alert["because_key"],
        alert["because_values"],
        language(),
        zone_of(alert["place"]),
        now(),
        condition=alert["condition"],
        known_at=alert["known_at"],
        sources=sources,
        citation_status=alert["limit_status"],
    )


def third_line(alert: Row) -> str:
    """What to do now, with the place's own contact."""
    places = world().places
    contacts = places[alert["place"]].contacts if alert["place"] in places else {}
    return do_now(alert["because_key"], alert["because_values"], language(), contacts)


def standing(alert: Row) -> Component | str:
    """How the condition stands: active, not verified (we cannot see), over since, invalidated. A bare word where that will do: every
    component of a long list costs the browser time at each refresh (measured)."""
    said = word("condition", alert["condition"], language())
    match alert["condition"]:
        case "unverified":
            return tag(said, "cannot_see")
        case "cleared" if alert["ended_at"]:
            before, _, after = t("alerts.over_since", at="\0").partition("\0")
            return html.Span([before, at_place(alert["ended_at"], alert["place"]), after], className="muted")
        case _:
            return said


def working(work: Row) -> str:
    """How the work stands, and with whom."""
    said = word("work", work["work"], language())
    return f"{said} · {work['assignee']}" if work["assignee"] else said


def address(alert_id: str) -> str:
    """The address of an alert's page."""
    return path(f"/alerts/{alert_id}")
