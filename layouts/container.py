"""One container: whether it is held, where it is and how long, how old the data are; below, everything every source said of it."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import box_goods, search
from data.queries import container as ask
from data.queries.container import BoxHistory
from layouts._figures import box_goods as goods_rows
from layouts._figures import box_lines, box_state, container
from layouts._parts.callback import Input, Output, callback, can
from layouts._parts.chart import chart, stamp
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.marks import box, note
from layouts._parts.shell import page, panel
from layouts._parts.states import no_data
from layouts._parts.table import Column, table
from layouts._parts.view import View
from zones import codes


def _title(number: str = "", **_: Any) -> str:
    return f"{codes.spaced(codes.normal(number)) or t('container.title')} · {t('shell.product')}"


dash.register_page(__name__, path_template="/container/<number>", title=_title)


def layout(number: str = "", **_: Any) -> Component:
    """The number in any spacing or case. An address with another spelling shows the same box."""
    normal = codes.normal(number)[:20]
    return page(
        codes.spaced(normal) or t("container.title"),
        html.Div(id="container-body", className="page-grid charts", children=html.Div(className="state-band state-loading")),
        view=View(more={"number": normal}),
        tools=dcc.Link(t("container.paste"), href=path("/container"), className="button"),
        name="container",
    )


@callback(Output("container-body", "children"), Input("view", "data"), Input("live", "data"), may="see")
def body(data: dict[str, Any], _live: str) -> Any:
    """All of the page from one question."""
    number = View(**data).get("number")
    found = ask.history(store(), actor(), world(), number, now()) if number else None
    if found is None:
        return _not_known(number)
    about = t("container.about_it" if found.box.stay else "container.about_told")
    return [
        box_state.band(found),
        *([] if found.box.valid else [_invalid(number)]),
        panel("container-about", about, _stamp(found), box_state.about(found), span=5),
        panel("container-life", t("container.life"), _life(found), span=7),
        *_goods(number),
        panel("container-lines", t("container.history"), _lines(found), wide=True, hint=t("container.history_hint")),
    ]


def _zone(found: BoxHistory) -> str:
    """Of the place where it was last; of a box that is only announced, of the place for which it is."""
    told = (found.box.stay.place,) if found.box.stay else (line.place for line in found.lines)
    return next((world().place(place).timezone for place in told if place in world().places), "UTC")


def _life(found: BoxHistory) -> Component:
    stretches = box_state.stretches(found)
    if not stretches:
        return html.Div([_stamp(found), no_data("container.no_life", "container.no_life_next")])
    zone = _zone(found)
    names = {kind: t(f"container.life_{kind}") for kind in ("inside", "held", "still")}
    rows = [{"lane": one.lane, "start": one.start, "end": one.end, "kind": names[one.kind], "text": one.text} for one in stretches]
    columns = [
        Column("lane", t("container.lane")),
        Column("kind", t("container.what")),
        Column("start", t("container.from"), "instant"),
        Column("end", t("container.to"), "instant"),
        Column("text", t("container.details")),
    ]
    lanes = len({one.lane for one in stretches})
    return chart(
        container.life(stretches, zone, now(), names, language()),
        columns=columns,
        rows=rows,
        title=t("container.life"),
        definition=t("container.life_definition"),
        n=len(found.stays),
        as_of=found.sight.as_of,
        zone=zone,
        csv=f"life-{found.box.number}",
        height=110 + 34 * lanes,
        key=found.box.number,
    )


def _goods(number: str) -> list[Component]:
    """Its lots, where any ledger names it."""
    found = box_goods.of_box(store(), actor(), world(), number, now())
    return [panel("container-goods", t("goods.box_goods"), goods_rows.lots(found, number, can("see_raw")), wide=True)] if found else []


def _stamp(found: BoxHistory) -> Component:
    return stamp(found.sight.as_of, None, _zone(found))


def _lines(found: BoxHistory) -> Component:
    rows = box_lines.rows(found.lines)
    zone = _zone(found)
    remarks = [t("container.cut", n=ask.MOST)] if found.cut else []
    remarks += [t("container.elsewhere")] if found.elsewhere else []
    return html.Div(
        [
            _stamp(found),
            *(note(remark) for remark in remarks),
            table(
                box_lines.columns(can("see_raw")),
                rows,
                caption=t("container.history"),
                csv=f"history-{found.box.number}",
                sort=False,
                row_class=lambda row: row.get("class", ""),
                zone=zone,
            ),
        ]
    )


def _invalid(number: str) -> Component:
    return note([html.Strong(t("container.invalid")), " ", t("container.invalid_what", number=codes.spaced(number))], "warn")


def _not_known(number: str) -> list[Component]:
    """Nobody told of it within reach; what exists instead."""
    offers = search.alike(store(), actor(), world(), number, now()) if number else ()
    said: list[Any] = [no_data("container.not_known", "container.not_known_next", number=codes.spaced(number))]
    if number and not codes.is_valid(number):
        said.append(note([html.Strong(t("container.invalid")), " ", t("container.invalid_asked")], "warn"))
    if offers:
        said.append(html.P([t("container.did_you_mean"), " ", *_offers(offers)]))
    return [panel("container-none", codes.spaced(number), *said, wide=True), *(_goods(number) if number else [])]


def _offers(offers: Any) -> list[Any]:
    return [part for one in offers for part in (box(one.number), " (", box_state.mark(one), ") ")]
