"""The lists of the inventory: groups, lots, what is wrong with lines, boxes and lots that do not meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from data.queries._stock import Group, Line
from data.queries.boxes_and_lots import Apart
from data.queries.inventory import PAGE, Faulty, Inventory
from layouts._figures import book_words as say
from layouts._figures import goods_words as words
from layouts._parts.chart import stamp
from layouts._parts.filters import here
from layouts._parts.here import language, path, t, world
from layouts._parts.marks import box, note
from layouts._parts.pages import pages
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import word


def group_columns(title: str) -> list[Column]:
    return [
        Column("name", title, "node", wide=True),
        Column("lots", t("goods.lots"), "number"),
        Column("gross", t("goods.gross"), "node"),
        Column("net", t("goods.net"), "node"),
        Column("value", t("goods.value"), "node"),
        Column("below", t("goods.below"), "number"),
    ]


def groups(place: str, by: str, found: Sequence[Group], view: View) -> list[dict[str, Any]]:
    """A row a group; its name leaves it alone."""
    told = []
    for group in found:
        name, narrowed = words.group_name(place, by, group), words.narrowing(by, group)
        told.append(
            {
                "name": dcc.Link(name, href=here(view.without("page").set(**narrowed))) if narrowed else name,
                "name_text": name,
                "lots": group.sums.lots,
                "gross": words.weight(group.sums.gross_mg),
                "gross_text": group.sums.gross_mg / 10**6,
                "net": words.weight(group.sums.net_mg),
                "net_text": group.sums.net_mg / 10**6,
                "value": words.value_cell(group.sums.value),
                "value_text": "; ".join(words.values(group.sums.value)),
                "below": group.sums.below or None,
            }
        )
    return told


def line_columns(owners: bool = True) -> list[Column]:
    """`owners`: with whose they are."""
    return [
        Column("lot", t("goods.lot"), "node"),
        Column("owner", t("goods.owner_operator" if owners else "goods.operator"), "node", wide=True),
        Column("goods", t("goods.goods"), "node", wide=True),
        Column("where", t("goods.status_area"), "node"),
        Column("quantity", t("goods.quantity"), "node"),
        Column("gross", t("goods.gross"), "node"),
        Column("value", t("goods.value"), "node"),
        Column("since", t("goods.since"), "instant"),
        Column("age", t("goods.age_days"), "number"),
        Column("papers", t("goods.box_declaration"), "node"),
    ]


def lines(place: str, at: Any, found: Sequence[Line], view: View, owners: bool = True) -> list[dict[str, Any]]:
    """A row a line."""
    return [_line(place, at, line, view, owners) for line in found]


def _line(place: str, at: Any, line: Line, view: View, owners: bool = True) -> dict[str, Any]:
    link = words.lot_link(place, line.operator, line.lot or line.pool, view)
    flags = words.flags(line.below, line.faults)
    amount = say.amount(line.quantity, line.uom)
    what = [part for part in (line.description, line.item) if part]
    keeper = say.operator_name(place, line.operator)
    status, area = say.status_name(place, line.status) or t("goods.not_told"), say.area_name(place, line.area) or t("goods.no_area")
    return {
        "lot": say.stacked([link, html.Span(flags, className="row")]) if flags else link,
        "lot_text": line.lot,
        "owner": say.stacked([words.owner_link(line.owner, view), html.Span(keeper, className="muted")]) if owners else keeper,
        "owner_text": line.owner if owners else keeper,
        "goods": say.stacked([say.hs(line.hs, ""), *what]),
        "goods_text": " ".join((line.hs, *what)),
        "where": say.stacked([status, html.Span(area, className="muted")]),
        "where_text": f"{status}; {area}",
        "quantity": html.Strong(amount, className="below-zero") if line.below else amount,
        "quantity_text": amount,
        "gross": words.weight(line.gross_mg),
        "gross_text": line.gross_mg / 10**6,
        "value": words.money(line.value, line.currency) if line.value else None,
        "value_text": f"{line.value / 10_000} {line.currency}" if line.value else "",
        "since": line.since,
        "age": max((at - line.since).days, 0),
        "papers": say.stacked([*map(box, line.equipment), *line.declarations]) if line.equipment or line.declarations else None,
        "papers_text": " ".join((*line.equipment, *line.declarations)),
        "class": "row-act_now" if line.below else "",
    }


def lots(found: Inventory, view: View) -> Component:
    """One page of the lots that fit, what is below zero first."""
    zone = world().place(found.place).timezone
    if not found.lines:
        return html.Div([stamp(found.sight.as_of, None, zone), empty("goods.none", "goods.none_next")])
    told = table(
        line_columns(),
        lines(found.place, found.at, found.lines, view),
        caption=t("goods.table"),
        csv=f"goods-{found.place}",
        zone=zone,
        sort=False,
        max_height=640,
        row_class=lambda row: str(row["class"]),
    )
    said = html.P([html.Strong(t("goods.n_lines", n=found.n)), " · ", t("goods.below_first")])
    definition = html.P(t("goods.definition_lines"), className="chart-below")
    return html.Div(
        [stamp(found.sight.as_of, None, zone), said, told, pages(view, found.page, PAGE, found.n, t("goods.pages")), definition]
    )


def faulty(place: str, found: Faulty, view: View, proves: bool) -> Component:
    """The newest lines with faults, in words. `proves`: the reader may see messages."""
    zone = world().place(place).timezone
    if not found.rows:
        return html.Div([stamp(found.sight.as_of, None, zone), empty("goods.no_faults", "goods.no_faults_next")])
    columns = [
        Column("at", t("goods.at"), "instant"),
        Column("lot", t("goods.lot"), "node"),
        Column("owner", t("goods.owner")),
        Column("act", t("goods.act")),
        Column("quantity", t("goods.quantity")),
        Column("faults", t("goods.faults"), "node", wide=True),
        Column("counts", t("goods.counts")),
        *([Column("message", t("goods.message"), "link")] if proves else []),
    ]
    told = [_faulty_row(place, row, view) for row in found.rows]
    listed = table(columns, told, caption=t("goods.faulty"), csv=f"goods-faults-{place}", zone=zone, max_height=420)
    said = html.Div([*now_known(view), html.P(t("goods.faults_of", shown=len(told), n=found.n))])
    return html.Div([stamp(found.sight.as_of, None, zone), said, listed, html.P(t("goods.definition_faults"), className="chart-below")])


def _faulty_row(place: str, row: Mapping[str, Any], view: View) -> dict[str, Any]:
    keys = str(row["faults"]).split()
    lot = row["lot"] or row["item"]
    side = word("side", row["side"], language()) if row["side"] else ""
    return {
        "at": row["at"],
        "lot": words.lot_link(place, row["operator"], lot or row["pool"], view) if lot else t("goods.no_lot"),
        "lot_text": lot,
        "owner": row["owner"] or None,
        "act": " · ".join(filter(None, (word("act", row["act"], language()), side))),
        "quantity": say.amount(row["quantity"], row["uom"]),
        "faults": say.stacked(words.faults(keys)),
        "faults_text": " ".join(keys),
        "counts": say.standing(row["standing"]) or t("shell.yes"),
        "message": (t("goods.message"), path(f"/message/{quote(row['message_id'], safe='')}")),
    }


def apart(found: Apart, view: View) -> Component:
    """Boxes inside that no line names; lots whose box was not there."""
    place = world().place(found.place)
    parts: list[Any] = [stamp(found.sight.as_of, None, place.timezone), *now_known(view)]
    parts.append(html.H3(t("goods.no_lot_title", n=found.n_no_lot, boxes=found.boxes)))
    if found.no_lot:
        columns = [
            Column("equipment", t("place.box"), "box"),
            Column("opened_at", t("goods.inside_since"), "instant"),
            Column("area", t("goods.area")),
            Column("full_empty", t("shell.filter_full_empty")),
            Column("direction", t("shell.filter_direction")),
            Column("bill", t("place.bill")),
        ]
        told = [
            {
                **row,
                "area": say.area_name(place.id, row["area"] or row["terminal"]) or None,
                "full_empty": word("fullempty", row["full_empty"], language()),
                "direction": word("direction", row["direction"], language()),
                "bill": row["bill"] or None,
            }
            for row in found.no_lot
        ]
        parts += [
            table(columns, told, caption=t("goods.no_lot_list"), csv=f"boxes-without-lot-{place.id}", zone=place.timezone, max_height=360)
        ]
        parts += _cut(len(told), found.n_no_lot)
    parts.append(html.P(t("goods.no_lot_definition"), className="chart-below"))
    parts.append(html.H3(t("goods.no_box_title", n=found.n_no_box, boxed=found.boxed)))
    if found.no_box:
        columns = [*line_columns(), Column("why", t("goods.why"), wide=True)]
        told = [{**_line(place.id, found.at, line, view), "why": t(f"goods.box_{why}")} for line, why in found.no_box]
        parts += [
            table(columns, told, caption=t("goods.no_box_list"), csv=f"lots-without-box-{place.id}", zone=place.timezone, max_height=360)
        ]
    parts.append(html.P(t("goods.no_box_definition"), className="chart-below"))
    return html.Div(parts)


def now_known(view: View) -> list[Component]:
    """Where an earlier knowledge is asked for: that this is as known now all the same."""
    return [note(t("goods.as_known_now"))] if view.get("known") else []


def _short(columns: Sequence[Column], told: Sequence[Mapping[str, Any]], key: str, csv: str, zone: str) -> Component:
    return table(columns, told, caption=t(f"goods.{key}"), csv=csv, zone=zone, max_height=360)


def _cut(shown: int, n: int) -> list[Component]:
    return [note(t("place.cut", n=shown, total=n))] if n > shown else []
