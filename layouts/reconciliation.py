"""Reconciliation: where an operator's book and the supervisor's own part, what counts found, and who answers for it."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import reconciliation as ask
from data.queries._bins import WEEK
from data.queries.reconciliation import MONTH, Reconciled
from layouts._figures import reconciliation as draw
from layouts._figures import reconciliation_rows as rows
from layouts._figures.book_words import operator_name
from layouts._figures.remarks import labelled, place_name, remarks
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import chart, stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import note
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.table import table
from layouts._parts.view import View, day_of

SHORT = 20  # differences that are all shown, without a scrollbar of their own

dash.register_page(__name__, path="/reconciliation", title=title("books.title"))


def layout(**url: Any) -> Component:
    """Place, operator, period and kind of bin stand in the address."""
    view = View.from_url(url)
    names = {one.id: one.title(language()) for place in _places(view) for one in world().place(place).operators}
    kinds = {WEEK: t("books.bin_week"), MONTH: t("books.bin_month")}
    return page(
        t("books.title"),
        filters(view, "place", "period", "operator", options={"operator": names}),
        html.Div([labelled(t("dwell.bin"), "bin", kinds, view, WEEK)], className="row switches"),
        html.Div(id="reconciliation-body", className="page-grid charts", children=html.Div(className="state-band state-loading")),
        view=view,
        lead=t("books.lead"),
        tools=dcc.Link(t("books.inventory"), href=View(place=view.place).href("/inventory"), className="button"),
        name="reconciliation",
    )


@callback(Output("reconciliation-body", "children"), Input("view", "data"), Input("live", "data"), may="see")
def body(data: dict[str, Any], _live: str) -> Any:
    """Each place in turn, from one question each."""
    view = View(**data)
    found = [_asked(view, place) for place in _places(view)]
    if not found:
        return panel("reconciliation-none", t("books.title"), stamp(None), no_data(), wide=True)
    return [part for one in found for part in _parts(one, view, len(found) > 1)]


def _places(view: View) -> list[str]:
    asked = view.place if view.place in world().places else ""
    return ask.places(actor(), world(), asked) if asked or not view.place else []


def _asked(view: View, place: str) -> Reconciled:
    first, last = day_of(view.since), day_of(view.until)
    if first and first > (last or world().place(place).day_of(now())):
        first = None
    return ask.reconciled(store(), actor(), world(), now(), place, view.get("operator"), _kind(view), first, last)


def _kind(view: View) -> str:
    return MONTH if view.get("bin") == MONTH else WEEK


def _parts(found: Reconciled, view: View, several: bool) -> list[Component]:
    """The panels of one place; where there are several, each with its name."""

    def named(key: str) -> str:
        return f"{t(key)} · {place_name(found.place)}" if several else t(key)

    def own(name: str) -> str:
        return f"reconciliation-{name}-{found.place}"

    said = [html.Div(part) for part in remarks((), found.sight, found.zone)[1:]]
    age = html.Div([stamp(found.sight.as_of, None, found.zone), *said])
    return [
        panel(own("head"), named("books.standing"), age, rows.head(found), wide=True),
        panel(own("apart"), named("books.apart"), *_apart(found), wide=True, hint=t("books.apart_hint")),
        panel(own("trend"), named("books.trend"), _trend(found, view), wide=True),
        panel(own("operators"), named("books.who_answers"), rows.keepers(found), wide=True, hint=_only(view, found)),
        panel(own("runs"), named("books.counts"), _runs(found), wide=True, hint=t("books.counts_hint")),
        panel(own("differences"), named("books.differences"), *_differences(found), wide=True),
    ]


def _only(view: View, found: Reconciled) -> str | None:
    return operator_name(found.place, view.get("operator")) if view.get("operator") else None


def _apart(found: Reconciled) -> list[Any]:
    if not found.own_book:
        return [no_data("books.no_own_book", "books.no_own_book_next")]
    if not found.apart:
        return [empty("books.all_agree", "books.all_agree_next"), html.P(rows.looked(found), className="muted")]
    told = table(
        rows.apart_columns(),
        rows.apart(found),
        caption=t("books.apart"),
        csv=f"books-apart-{found.place}",
        zone=found.zone,
        row_class=_class,
    )
    more = note(rows.looked(found), "warn") if found.differing > found.looked else html.P(rows.looked(found), className="muted")
    return [told, more]


def _trend(found: Reconciled, view: View) -> Component:
    kind = _kind(view)
    if not any(slot.apart or slot.counted for slot in found.slots):
        return html.Div([stamp(found.sight.as_of, None, found.zone), empty("books.no_trend", "books.no_trend_next")])
    return chart(
        draw.trend(found, kind, language()),
        columns=rows.slot_columns(kind),
        rows=rows.slots(found, kind),
        title=t("books.trend"),
        definition=t("books.trend_definition"),
        n=sum(slot.counted for slot in found.slots),
        as_of=found.sight.as_of,
        zone=found.zone,
        csv=f"reconciliation-{kind}-{found.place}",
        height=320,
        key=f"{found.place} {kind}",
    )


def _runs(found: Reconciled) -> Component:
    if not found.runs:
        return empty("books.no_runs", "books.no_runs_next")
    return table(
        rows.run_columns(), rows.runs(found), caption=t("books.counts"), csv=f"counts-{found.place}", zone=found.zone, max_height=420
    )


def _differences(found: Reconciled) -> list[Any]:
    if not found.differences:
        return [empty("books.no_differences", "books.no_differences_next")]
    told = table(
        rows.difference_columns(),
        rows.differences(found),
        caption=t("books.differences"),
        csv=f"count-differences-{found.place}",
        zone=found.zone,
        max_height=520 if len(found.differences) > SHORT else None,
        row_class=_class,
    )
    more = (
        [note(t("books.differences_cut", n=found.recorded, shown=len(found.differences)))]
        if found.recorded > len(found.differences)
        else []
    )
    return [*more, told]


def _class(row: Any) -> str:
    return str(row.get("class", ""))
