"""Goods inside a place: what there is, now or at a chosen minute, by whose, what and where it is; limit dates ahead; what does not meet."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import boxes_and_lots, limit_dates
from data.queries import inventory as ask
from data.queries._scope import allowed
from data.queries._stock import BY, DIGITS, ORDERS
from data.queries.inventory import Asked
from data.queries.inventory_file import file_of
from layouts._figures import goods_dates, goods_head, goods_rows
from layouts._figures.book_words import book
from layouts._figures.goods_asked import asked_of, narrowing_filters, passed_over, settled
from layouts._figures.remarks import labelled
from layouts._parts.callback import Input, Output, State, callback, can, no_update
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button
from layouts._parts.moment import moment_bar
from layouts._parts.shell import page, panel, title
from layouts._parts.states import no_data, refused
from layouts._parts.view import View
from zones.entry import BOOKS

dash.register_page(__name__, path="/inventory", title=title("goods.title"))


def layout(**url: Any) -> Component:
    """The place, the moment, the filters and the switches stand in the address."""
    kept = ask.places(store(), actor(), world())
    reach = allowed(actor(), world())
    view = View.from_url(url)
    if view.place and view.place not in reach:
        back = dcc.Link(t("goods.to_a_place"), href=View().href("/inventory"))
        return page(t("goods.title"), html.Div([refused("goods.no_such_place"), back], className="stack"))
    place = view.place or next(iter((*kept, *reach)), "")
    if not place:
        return page(t("goods.title"), html.Div(no_data("goods.nowhere", "goods.nowhere_next")))
    view, wrong, yet = settled(view.set(place=place), world().place(place).timezone, now())
    by = view.get("by", BY[0])
    switches = [
        labelled(t("goods.by"), "by", {one: t(f"goods.by_{one}") for one in BY}, view.without("page"), BY[0]),
        *([labelled(t("goods.digits"), "digits", {n: t(f"goods.digits_{n}") for n in DIGITS}, view, DIGITS[0])] if by == "hs" else []),
        labelled(t("goods.book"), "book", {one: book(one) for one in BOOKS}, view.without("page"), BOOKS[0]),
    ]
    save = [button(t("goods.save_all"), "goods-save")] if can("export") else [html.Span(id="goods-save", hidden=True)]
    return page(
        t("goods.title"),
        *passed_over(wrong, yet),
        moment_bar(view, world().place(place).timezone),
        narrowing_filters(view, place, kept),
        html.Div(switches, className="row switches"),
        html.Div(id="goods-body", className="page-grid charts", children=html.Div(className="state-band state-loading")),
        panel("goods-dates", t("goods.ahead"), wide=True, height=300),
        panel("goods-apart", t("goods.apart"), hint=t("goods.of_all_goods"), wide=True, height=200),
        panel("goods-faults", t("goods.faulty"), hint=t("goods.of_all_goods"), wide=True, height=160),
        dcc.Download(id="goods-file"),
        view=view,
        lead=t("goods.lead"),
        tools=[
            *save,
            dcc.Link(world().place(place).title(language()), href=View().href(f"/place/{place}"), className="button"),
            dcc.Link(t("goods.reconciliation"), href=View(place=place).href("/reconciliation"), className="button"),
            dcc.Link(t("statement.open"), href=View(place=place).href("/statement"), className="button"),
        ],
        name="goods",
    )


LIVE = (Input("view", "data"), Input("live", "data"))


def _asked(data: dict[str, Any]) -> Asked:
    view = View(**data)
    return asked_of(view, world().place(view.place).timezone)


@callback(Output("goods-body", "children"), *LIVE, may="see")
def body(data: dict[str, Any], _live: str) -> Any:
    """The figures, the groups and one page of the lots, from one question."""
    view = View(**data)
    found = ask.inventory(store(), actor(), world(), now(), _asked(data))
    order = labelled(t("goods.order"), "order", {one: t(f"goods.order_{one}") for one in ORDERS}, view.without("page"), ORDERS[0])
    return [
        panel("goods-figures", t("goods.head"), goods_head.head(found, view), wide=True),
        panel("goods-groups", t("goods.groups"), goods_head.groups(found, view), wide=True),
        panel("goods-lots", t("goods.table"), goods_rows.lots(found, view), wide=True, tools=order),
    ]


@callback(Output("goods-dates", "children"), *LIVE, may="see")
def dates(data: dict[str, Any], _live: str) -> Component:
    """Which lots pass which limit when."""
    view = View(**data)
    found = limit_dates.ahead(store(), actor(), world(), now(), _asked(data))
    every = (*found.passed, *found.coming)
    parts = [goods_dates.limits(found.limits)]
    if found.limits:
        parts.append(goods_dates.ahead(found.place, found.at, every, found.sight, view))
        parts.append(goods_dates.listed(found.at, every, view, f"goods-dates-{found.place}"))
    return html.Div(parts, className="stack")


@callback(Output("goods-apart", "children"), *LIVE, may="see")
def apart(data: dict[str, Any], _live: str) -> Component:
    """Boxes without a lot, lots without their box."""
    return goods_rows.apart(boxes_and_lots.apart(store(), actor(), world(), now(), _asked(data)), View(**data))


@callback(Output("goods-faults", "children"), *LIVE, may="see")
def faults(data: dict[str, Any], _live: str) -> Component:
    """Lines with faults, the newest."""
    view, asked = View(**data), _asked(data)
    found = ask.faulty(store(), actor(), world(), now(), view.place, asked.at, asked.book)
    return goods_rows.faulty(view.place, found, view, can("see_raw"))


@callback(Output("goods-file", "data"), Input("goods-save", "n_clicks"), State("view", "data"), prevent_initial_call=True, may="export")
def file(clicks: int | None, data: dict[str, Any]) -> Any:
    """All lots that fit, as a file."""
    if not clicks:
        return no_update
    asked = _asked(data)
    content = file_of(ask.every_line(store(), actor(), world(), now(), asked), asked.place, asked.moment(now()))
    return {"content": content, "filename": f"goods-{asked.place}.csv", "type": "text/csv"}
