"""The rows of the overview: what counts in each cell first, what it is of beneath."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.agreement import Agreement
from data.queries.overview import ACT_NOW, Open, PlaceNow
from layouts._figures import standing
from layouts._figures.standing import two
from layouts._parts.here import box_path, language, now, path, t, world
from layouts._parts.view import View
from layouts._text import word
from layouts._text.forms import MISSING, duration, percent
from zones.codes import spaced

SEVERITIES = ("act_now", "today", "queue")


def row(place: PlaceNow, by_hand: str = "") -> dict[str, Any]:
    """One place; `code` is its state; `by_hand`: how much of it rests on what was recorded by hand."""
    counts = {code: place.alerts.get(code, Open()) for code in SEVERITIES}
    oldest = place.oldest
    return {
        "code": place.state,
        "state": html.Div(standing.marks(place)),
        "state_text": word("state", place.state, language()),
        "place": _name(place, by_hand),
        "place_text": standing.name_of(place),
        **{code: _alerts(place, code, found) for code, found in counts.items()},
        **{f"{code}_text": str(found.n) for code, found in counts.items()},
        "inside": two(html.Strong(t("overview.n_boxes", n=place.boxes)), standing.stock(place), standing.unopened(place)),
        "inside_text": str(place.boxes),
        "change": two(standing.trend(place.change), standing.level(place)),
        "change_text": "" if place.change is None else str(place.change),
        "oldest": two(standing.age(oldest), dcc.Link(spaced(oldest.equipment), href=box_path(oldest.equipment))) if oldest else MISSING,
        "oldest_text": oldest.opened_at.isoformat() if oldest else "",
        "heard": two(*standing.heard(place)),
        "heard_text": place.data_to.isoformat() if place.data_to else "",
    }


def _name(place: PlaceNow, by_hand: str) -> Component:
    """The place, what it is, whose time it has; why it cannot be seen, or is closed; what of it rests on paper."""
    declared = world().place(place.place)
    name = dcc.Link(html.Strong(declared.title(language())), href=path(f"/place/{place.place}"))
    why = [html.Div(said, className="why-blind" if place.blind and not place.closure else "muted") for said in standing.reasons(place)]
    return html.Div([two(name, f"{word('placekind', declared.kind, language())} · {declared.timezone}"), *why, _by_hand(place, by_hand)])


def _by_hand(place: PlaceNow, said: str) -> Component | None:
    return html.Div(dcc.Link(said, href=View(place=place.place).href("/by-hand")), className="muted") if said else None


def _alerts(place: PlaceNow, code: str, found: Open) -> Any:
    """The number of open alerts, leading to them; since when the oldest is, where action is needed."""
    if not found.n:
        return standing.alerts(found, code)
    href = View(place=place.place, more={"severity": code}).href("/alerts")
    since = duration(now() - found.since, language()) if found.since and code == ACT_NOW else ""
    unsure = t("overview.unverified", n=found.unverified) if found.unverified else ""
    return two(dcc.Link(standing.alerts(found, code), href=href, className="count-link"), since, unsure)


def confirmed(found: Agreement) -> Component | None:
    """The share of movements that two or more sources tell of, with n; nothing where nothing moved."""
    if found.confirmed is None:
        return None
    said = t("health.overview", share=percent(found.confirmed, language()), n=found.n)
    return html.P(said, id="overview-confirmed", className="confirmed", title=t("health.overview_definition"))


def located(place: PlaceNow) -> dict[str, Any]:
    """One place as the table beside the map has it."""
    declared = world().place(place.place)
    lon, lat = declared.centre or (None, None)
    name = (declared.title(language()), path(f"/place/{place.place}"))
    return {"place": name, "state": place.state, "boxes": place.boxes, "teu": place.teu, "share": place.share, "lon": lon, "lat": lat}
