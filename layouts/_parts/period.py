"""A period of whole days: a month by one press, or a first and a last day; and as known when. All of it stands in the address."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.statement import between, days, last_month, month_around, months
from layouts._parts.filters import here
from layouts._parts.here import language, now, t
from layouts._parts.marks import note
from layouts._parts.moment import moment_of
from layouts._parts.view import View, day_of
from layouts._text.forms import month

SHOWN = 12  # months that are offered beside the one that is on


def asked_period(view: View, zone: ZoneInfo, at: datetime) -> tuple[datetime, datetime]:
    """[since, until) of the days in the address, both included; the last whole month where they are none."""
    found = _days(view, zone)
    return between(*found, zone) if found else last_month(at, zone)


def asked_known(view: View, zone: ZoneInfo, at: datetime) -> datetime | None:
    """As known when, of the address; None, all that is known, where none is chosen, it cannot be read or is yet to come."""
    known = moment_of(view.get("known"), zone.key)
    return known if known is not None and known <= at else None


def _days(view: View, zone: ZoneInfo) -> tuple[date, date] | None:
    """The days in the address; of one alone, to the other end of its month. None where there is none, or the last is before the first."""
    first, last = day_of(view.since), day_of(view.until)
    given = first or last
    if given is None or not 1970 < given.year < 9000:
        return None
    begin, end = days(*month_around(given, zone), zone)
    first, last = first or begin, last or end
    return (first, last) if first <= last and last.year < 9000 else None


def period_bar(view: View, zone: ZoneInfo) -> Component:
    """The months, newest first, the two days and the moment of knowing."""
    chosen = days(*asked_period(view, zone, now()), zone)
    links = []
    for since, until in months(now(), zone, SHOWN):
        first, last = days(since, until, zone)
        name = "chip chip-on" if (first, last) == chosen else "chip"
        href = here(view.set(since=first.isoformat(), until=last.isoformat()))
        links.append(dcc.Link(month(first, language()), href=href, className=name))
    dates = [
        html.Label(
            [html.Span(t(f"statement.{key}")), dcc.Input(type="date", id=f"filter-{name}", value=day.isoformat(), className="filter-date")],  # type: ignore[arg-type]
            className="filter",
        )
        for name, key, day in (("since", "first_day", chosen[0]), ("until", "last_day", chosen[1]))
    ]
    wrong = (view.since or view.until) and _days(view, zone) is None
    amiss = [note(t("statement.amiss"), "warn")] if wrong else []
    amiss += [note(t("statement.known_amiss"), "warn")] if view.get("known") and asked_known(view, zone, now()) is None else []
    known = dcc.Input(type="datetime-local", id="filter-known", value=view.get("known"), className="filter-date")  # type: ignore[arg-type]
    label = html.Label([html.Span(t("statement.known")), known], className="filter filter-set" if view.get("known") else "filter")
    back = [dcc.Link(t("statement.to_now"), href=here(view.without("known")), className="chip-clear")] if view.get("known") else []
    controls = html.Div([*dates, label, *back], className="filters", role="group", **{"aria-label": t("statement.period")})
    return html.Div([controls, html.Nav(links, className="chips", **{"aria-label": t("statement.month")}), *amiss], className="filter-bar")
