"""Any moment: as of when, and as known when, as two controls whose values stand in the address (at, known), in the place's time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from layouts._parts.filters import here
from layouts._parts.here import now, t
from layouts._parts.marks import note, time
from layouts._parts.view import View


def moment_of(text: str, zone: str) -> datetime | None:
    """A minute written as 2026-11-02T08:00 in a zone, in UTC; None for anything else."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    local = told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC) if 1970 < local.year < 9000 else None


def moment_bar(view: View, zone: str) -> Component:
    """The two controls; with a moment chosen the sentence that says so, and the way back to now."""
    said = []
    at, known = (moment_of(view.get(name), zone) for name in ("at", "known"))
    if at or known:
        parts = [*_around("books.as_of", time(min(at or now(), now()), zone))]
        parts += [" ", *_around("books.as_known", time(known, zone))] if known else []
        said = [note([*parts, " ", dcc.Link(t("books.to_now"), href=here(view.without("at", "known")))])]
    controls = html.Div(
        [_control("at", view), _control("known", view)], className="filters", role="group", **{"aria-label": t("books.moment")}
    )
    return html.Div([controls, html.Div(said, className="chips")], className="filter-bar")


def _control(name: str, view: View) -> Component:
    chosen = view.get(name)
    field = dcc.Input(type="datetime-local", id=f"filter-{name}", value=chosen, className="filter-date")  # type: ignore[arg-type]
    return html.Label([html.Span(t(f"books.{name}")), field], className="filter filter-set" if chosen else "filter")


def _around(key: str, inner: Component) -> list[object]:
    before, _, after = t(key, at="\0").partition("\0")
    return [before, inner, after]
