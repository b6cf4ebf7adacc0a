"""Calls of ships: when they were planned, estimated and really were; boxes done of those announced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import calls as ask
from data.queries.calls import Calls
from layouts._figures import call_rows as rows
from layouts._figures.remarks import place_name, silence
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import stamp
from layouts._parts.filters import filters, switch
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import note
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.table import table
from layouts._parts.view import View, day_of
from layouts._text.forms import date
from zones.call import STATES, Call

dash.register_page(__name__, path="/calls", title=title("calls.title"))

LIVE = (Input("view", "data"), Input("live", "data"))


def layout(**url: Any) -> Component:
    """The filters stand in the address; so does the call whose boxes are listed."""
    view = View.from_url(url)
    states = {state: t(f"calls.state_{state}") for state in STATES}
    return page(
        t("calls.title"),
        filters(view, "place", "terminal", "period", "state", options={"state": states}, ahead=True),
        panel("calls-places", t("throughput.by_place"), wide=True, height=120),
        html.Div(id="calls-chosen", className="page-grid charts"),
        panel("calls-list", t("calls.list"), wide=True, height=260),
        view=view,
        lead=t("calls.lead"),
        tools=[dcc.Link(t("vehicles.title"), href=View(place=view.place).href("/vehicles"), className="button")],
        name="calls",
    )


def _listed(view: View) -> Component:
    choices = {"": t("calls.only_not_done"), "all": t("shell.filter_all")}
    return html.Div(
        [switch("list", choices, view), dcc.Link(t("calls.close"), href=view.without(rows.CALL, "list").query() or "?")], className="row"
    )


@callback(Output("calls-places", "children"), *LIVE, may="see")
def by_place(data: dict[str, Any], _live: str) -> Component:
    """How many calls stand how, a row a place."""
    view = View(**data)
    found = [one for one in _asked(view) if one.by_sea]
    if not found:
        return no_data("place.never_announced", "place.never_announced_next")
    told = table(rows.place_columns(), [rows.place(one, view) for one in found], caption=t("throughput.by_place"), csv="calls-by-place")
    blind = [note(silence(heard, one.zone), "warn") for one in found for heard in one.sight.blind]
    return html.Div([told, html.P(t("calls.definition_states"), className="chart-below"), *blind])


@callback(Output("calls-list", "children"), *LIVE, may="see")
def listed(data: dict[str, Any], _live: str) -> Component:
    """A row a call."""
    view = View(**data)
    found = _asked(view)
    if not any(one.ever for one in found):
        return no_data("place.never_announced", "place.never_announced_next")
    told = rows.rows([one for one in found if one.by_sea], view)
    said = html.P([t("calls.definition"), " ", _period(found)], className="chart-below")
    if not told:
        return html.Div([_age(found), empty("calls.empty"), said])
    drawn = table(
        rows.columns(sum(one.by_sea for one in found) > 1), told, caption=t("calls.list"), csv="calls", row_class=lambda row: row["class"]
    )
    return html.Div([_age(found), drawn, said])


@callback(Output("calls-chosen", "children"), *LIVE, may="see")
def chosen(data: dict[str, Any], _live: str) -> list[Component]:
    """The boxes of the call that the address names: those not done, or all."""
    view = View(**data)
    wanted = view.get(rows.CALL)
    if not wanted:
        return []
    of = next(((one, call) for one in _asked(view) for call in one.calls if rows.is_call(wanted, one.place, call)), None)
    return [panel("calls-boxes", t("calls.boxes_of"), *_boxes(of, view.get("list") == "all"), wide=True, tools=_listed(view))]


def _boxes(of: tuple[Calls, Call] | None, every: bool) -> list[Component]:
    if of is None:
        return [empty("calls.no_such", "calls.no_such_next")]
    one, call = of
    where = " · ".join(filter(None, (rows.name_of(call), place_name(one.place), rows.terminal(one.place, call))))
    head = [stamp(one.sight.as_of, None, one.zone), html.P(html.Strong(where))]
    listed = call.lines if every else call.waiting
    if not listed:
        return [*head, empty("calls.all_done", "calls.all_done_next")]
    return [
        *head,
        table(rows.line_columns(), rows.lines(listed), caption=t("calls.boxes_of"), csv="call-boxes", zone=one.zone, max_height=420),
    ]


def _period(found: list[Calls]) -> str:
    one = found[0]
    zone = world().place(one.place).zone
    first, last = (at.astimezone(zone).date() for at in (one.since, one.until - timedelta(hours=1)))
    return t("calls.period", first=date(first, language()), last=date(last, language()))


def _age(found: list[Calls]) -> Component:
    latest = max((one for one in found if one.sight.as_of), key=lambda one: one.sight.as_of, default=None)
    return stamp(latest.sight.as_of, None, latest.zone) if latest else stamp(None)


def _asked(view: View) -> list[Calls]:
    return ask.calls(
        store(),
        actor(),
        world(),
        now(),
        places=view.places(actor(), world()) or ("-",),
        first=day_of(view.since),
        last=day_of(view.until),
        terminal=view.terminal,
        state=view.get("state"),
    )
