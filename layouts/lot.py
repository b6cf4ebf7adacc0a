"""One lot of goods, admission to exit: how much is there and was at any moment, every line of both books and what came of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import lot as ask
from data.queries.lot import Chain
from data.queries.lot_file import file_of
from layouts._figures import book_words as say
from layouts._figures import lot_lines, lot_parts
from layouts._figures.lot_alerts import alerts
from layouts._figures.lot_course import course
from layouts._figures.lot_partings import partings
from layouts._figures.lot_parts import zone_of
from layouts._figures.remarks import labelled, remarks
from layouts._parts.callback import Input, Output, State, callback, can, no_update
from layouts._parts.chart import stamp
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button
from layouts._parts.moment import moment_bar, moment_of
from layouts._parts.pages import pages
from layouts._parts.shell import page, panel
from layouts._parts.states import no_data, refused
from layouts._parts.table import table
from layouts._parts.view import View


def _title(of_lot: str = "", **_: Any) -> str:
    return f"{unquote(of_lot) or t('books.lot_title')} · {t('shell.product')}"


dash.register_page(__name__, path_template="/lot/<of_place>/<of_operator>/<of_lot>", title=_title)


def layout(of_place: str = "", of_operator: str = "", of_lot: str = "", **url: Any) -> Component:
    """A lot by its place, its operator and its name, each as in the ledger. The moment stands in the address."""
    place, operator, lot = (unquote(str(part))[:200] for part in (of_place, of_operator, of_lot))
    if place not in world().places or not actor().sees(place):
        said = refused() if actor().places is not None else no_data("place.unknown", "place.unknown_next")
        return page(t("books.lot_title"), html.Div(said))
    view = View(place=place, more={"operator": operator, "lot": lot, **_moment(url)})
    links = (("inventory", "books.inventory"), ("reconciliation", "books.title"))
    tools = [dcc.Link(t(key), href=say.moment_view(view).set(place=place).href(f"/{to}"), className="button") for to, key in links]
    save = button(t("books.lines_save"), "lot-save") if can("export") else html.Span(id="lot-save", hidden=True)
    return page(
        t("books.lot_named", lot=lot),
        moment_bar(view.without("place", "operator", "lot"), world().place(place).timezone),
        html.Div(id="lot-body", className="page-grid charts", children=html.Div(className="state-band state-loading")),
        dcc.Download(id="lot-file"),
        view=view,
        lead=f"{say.operator_name(place, operator)} · {world().place(place).title(language())}",
        tools=[save, *tools],
        name="lot",
    )


def _moment(url: dict[str, Any]) -> dict[str, str]:
    """What of the address says which moment and which of the lines; nothing else of it is heard here."""
    return {name: value for name, value in View.from_url(url).more.items() if name in ("at", "known", "order", "page", "made")}


@callback(Output("lot-body", "children"), Input("view", "data"), Input("live", "data"), may="see")
def body(data: dict[str, Any], _live: str) -> Any:
    """All of the page from one question."""
    view = View(**data)
    found, zone = _chain(view), world().place(view.place).timezone
    if found is None:
        nobody = no_data("books.no_lot", "books.no_lot_next", lot=view.get("lot"))
        heard = ask.heard(store(), actor(), world(), view.place, now())
        return panel("lot-none", view.get("lot"), stamp(heard.as_of, None, zone), nobody, wide=True)
    hint, made = t("books.processes_hint"), found.facts.processes
    moved = [panel("lot-processes", t("books.processes"), lot_parts.processes(found, view), wide=True, hint=hint)] if made else []
    sent = [panel("lot-transfers", t("books.transfers"), lot_parts.transfers(found), wide=True)] if found.halves else []
    return [
        panel("lot-head", t("books.there"), _stamp(found), lot_parts.head(found), lot_lines.faulty(found, view), wide=True),
        panel("lot-about", t("books.about"), lot_parts.about(found), span=4),
        panel("lot-course", t("books.course"), course(found), span=8),
        *([panel("lot-alerts", t("books.alerts"), alerts(found), wide=True)] if found.alerts else []),
        *([panel("lot-partings", t("books.partings"), partings(found, view), wide=True)] if found.own_book else []),
        panel("lot-lines", t("books.lines"), _lines(found, view), wide=True, hint=t("books.lines_hint"), tools=_order(found, view)),
        panel("lot-counts", t("books.counts"), lot_parts.counts(found), wide=True),
        panel("lot-ends", t("books.ends"), lot_parts.ends(found), wide=True),
        *moved,
        *sent,
        panel("lot-boxes", t("books.boxes"), lot_parts.boxes(found), wide=True),
    ]


def _chain(view: View) -> Chain | None:
    at, known = (moment_of(view.get(name), world().place(view.place).timezone) for name in ("at", "known"))
    return ask.chain(store(), actor(), world(), view.place, view.get("operator"), view.get("lot"), now(), at, known)


@callback(Output("lot-file", "data"), Input("lot-save", "n_clicks"), State("view", "data"), prevent_initial_call=True, may="export")
def file(clicks: int | None, data: dict[str, Any]) -> Any:
    """All lines of both books, on whatever page they stand."""
    found = _chain(View(**data)) if clicks else None
    return {"content": file_of(found), "filename": f"lot-{found.pool}.csv", "type": "text/csv"} if found else no_update


def _stamp(found: Chain) -> Component:
    said = [html.Div(part) for part in remarks((), found.sight, zone_of(found))[1:]]
    return html.Div([stamp(found.sight.as_of, None, zone_of(found)), *said])


def _order(found: Chain, view: View) -> Component | None:
    """Oldest or newest first, where the lines stand on several pages."""
    if len(found.lines) <= lot_lines.PAGE:
        return None
    orders = {one: t(f"books.order_{one}") for one in lot_lines.ORDERS}
    return labelled(t("books.order"), "order", orders, view.without("place", "operator", "lot", "page"), lot_lines.ORDERS[0])


def _lines(found: Chain, view: View) -> Component:
    page, shown = lot_lines.shown(found, view)
    own = view.without("place", "operator", "lot")
    told = table(
        lot_lines.columns(),
        lot_lines.rows(found, shown, view),
        caption=t("books.lines"),
        csv="lot-lines",
        sort=False,
        row_class=lambda row: row.get("class", ""),
        zone=zone_of(found),
    )
    above, below = (pages(own, page, lot_lines.PAGE, len(found.lines), t("books.lines_pages")) for _ in range(2))
    return html.Div([_stamp(found), above, told, below])
