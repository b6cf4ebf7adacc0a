"""An owner's goods in figures and lists: where they are, how old, what ends when, what moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from data.queries._stock import Sums
from data.queries.limit_dates import DAYS as AHEAD
from data.queries.owner import MOVED, At, Owned
from layouts._figures import book_words as say
from layouts._figures import goods as draw
from layouts._figures import goods_dates, goods_rows
from layouts._figures import goods_words as words
from layouts._figures.goods_head import weighed
from layouts._figures.remarks import place_name
from layouts._parts.chart import chart, stamp
from layouts._parts.here import language, path, t, world
from layouts._parts.marks import box, figure, figures, note, time
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import word

AREAS = 8  # that are seen at once


def aged(found: Owned, zone: str, *parts: Any) -> Component:
    """Something with how old the data are."""
    return html.Div([stamp(found.sight.as_of, None, zone), *parts])


def head(found: Owned, zone: str) -> Component:
    """Lots, places, weight, value, below zero, time passed, over all places within reach."""
    places = found.places
    passed = {(due.place, due.operator, due.lot) for one in places for due in one.passed}
    coming = {(due.place, due.operator, due.lot) for one in places for due in one.coming}
    sums = _together(found)
    below = sum(one.sums.below for one in places)
    tiles = figures(
        figure(sum(one.sums.lots for one in places), t("goods.lots")),
        figure(len(places), t("goods.places")),
        *weighed(sums),
        figure(below, t("goods.lots_below"), mark="act_now" if below else ""),
        figure(len(passed), t("goods.lots_passed"), mark="today" if passed else ""),
        figure(len(coming), t("goods.lots_coming", days=AHEAD)),
    )
    said = html.P([t("goods.moment"), " ", time(found.at, zone), f" ({zone}). ", t("goods.book_is_operator")])
    return aged(found, zone, said, tiles, html.P(t("goods.definition"), className="chart-below"))


def _together(found: Owned) -> Sums:
    value: dict[str, int] = {}
    for one in found.places:
        for currency, n in one.sums.value.items():
            value[currency] = value.get(currency, 0) + n
    gross, net = (sum(getattr(one.sums, name) for one in found.places) for name in ("gross_mg", "net_mg"))
    return Sums(gross_mg=gross, net_mg=net, value=dict(sorted(value.items())))


def where(found: Owned, zone: str, view: View) -> Component:
    """A row a place and status."""
    if not found.places:
        return aged(found, zone, empty("goods.nothing_now", "goods.nothing_now_next"))
    columns = [Column("place", t("shell.filter_place"), "link"), *goods_rows.group_columns(t("goods.status"))]
    told = [row for one in found.places for row in _statuses(one, words.moment(view).set(owner=found.owner), view)]
    areas = [Column("place", t("shell.filter_place")), *goods_rows.group_columns(t("goods.by_area"))]
    lain = [row for one in found.places for row in _areas(one, view)]
    listed = table(areas, lain, caption=t("goods.by_area"), csv="owner-areas", max_height=30 + 34 * AREAS)
    return aged(found, zone, table(columns, told, caption=t("goods.where"), csv="owner-where"), html.H3(t("goods.by_area")), listed)


def _statuses(one: At, own: View, view: View) -> list[dict[str, Any]]:
    place = place_name(one.place), own.set(place=one.place).href("/inventory")
    return [{**row, "place": place, "name": row["name_text"]} for row in goods_rows.groups(one.place, "status", one.statuses, view)]


def _areas(one: At, view: View) -> list[dict[str, Any]]:
    rows = goods_rows.groups(one.place, "area", one.areas, view)
    return [{**row, "place": place_name(one.place), "name": row["name_text"]} for row in rows]


def ages(found: Owned, zone: str, view: View) -> Component:
    """How many lots are how old, over all places."""
    bands: dict[int, int] = {}
    for one in found.places:
        for group in one.ages:
            bands[group.key[0]] = bands.get(group.key[0], 0) + group.sums.lots
    if not bands:
        return aged(found, zone, empty("goods.nothing_now", "goods.nothing_now_next"))
    named = [(words.age_name(band), n) for band, n in sorted(bands.items())]
    return chart(
        draw.bars([(name, n, f"{name}: {t('goods.n_lots', n=n)}") for name, n in named], t("goods.lots_axis")),
        columns=[Column("age", t("goods.by_age")), Column("lots", t("goods.lots"), "number")],
        rows=[{"age": name, "lots": n} for name, n in named],
        title=t("goods.by_age"),
        definition=t("goods.definition_age"),
        n=sum(one.sums.lots for one in found.places),
        as_of=found.sight.as_of,
        zone=zone,
        csv="owner-ages",
        height=max(130, 70 + 30 * len(named), _beside(found)),
        key=f"{found.owner}{view.query()}",
    )


def _beside(found: Owned) -> int:
    """How high what stands beside the chart is, in pixels: of the two lists of `where` the rows that are seen at once."""
    statuses, areas = (sum(len(getattr(one, name)) for one in found.places) for name in ("statuses", "areas"))
    return 58 + 33 * (min(statuses, 12) + min(areas, AREAS))


def dates(found: Owned, zone: str, view: View) -> Component:
    """Which of his lots pass which limit when, over all places."""
    dues = sorted((due for one in found.places for due in (*one.passed, *one.coming)), key=lambda due: (due.ends, due.lot))
    listed = goods_dates.listed(found.at, dues, view, "owner-dates", placed=True, owners=False)
    return aged(found, zone, listed, html.P(t("goods.definition_ahead", days=AHEAD), className="chart-below"))


def lots(found: Owned, view: View) -> list[Component]:
    """His lots at each place."""
    if not found.places:
        return [aged(found, "UTC", empty("goods.nothing_now", "goods.nothing_now_next"))]
    parts: list[Component] = []
    for one in found.places:
        zone = world().place(one.place).timezone
        told = table(
            goods_rows.line_columns(owners=False),
            goods_rows.lines(one.place, found.at, one.lines, view, owners=False),
            caption=t("goods.table_at", place=place_name(one.place)),
            show_caption=True,
            csv=f"owner-goods-{one.place}",
            zone=zone,
            max_height=460,
            row_class=lambda row: str(row["class"]),
        )
        cut = [note(t("place.cut", n=len(one.lines), total=one.n))] if one.n > len(one.lines) else []
        parts.append(aged(found, zone, told, *cut))
    return parts


def moved(found: Owned, zone: str, view: View, proves: bool) -> Component:
    """What lines did to his goods lately. `proves`: the reader may see messages."""
    if not found.moved:
        return aged(found, zone, empty("goods.nothing_moved", "goods.nothing_moved_next"))
    columns = [
        Column("at", t("goods.at"), "instant"),
        Column("act", t("goods.act")),
        Column("lot", t("goods.lot"), "node"),
        Column("place", t("shell.filter_place")),
        Column("quantity", t("goods.change")),
        Column("gross", t("goods.gross"), "node"),
        Column("documents", t("goods.documents")),
        Column("box", t("goods.box_named"), "node"),
        *([Column("message", t("goods.message"), "link")] if proves else []),
    ]
    told = [_moved(row, view) for row in found.moved]
    acts = " · ".join(f"{word('act', act, language())}: {n}" for act, n in sorted(found.acts.items()))
    cut = [note(t("place.cut", n=MOVED, total=found.n_moved))] if found.n_moved > len(told) else []
    listed = table(columns, told, caption=t("goods.moved_list"), csv="owner-moved", zone=zone, max_height=460)
    return aged(found, zone, *goods_rows.now_known(view), html.P(acts), listed, *cut)


def _moved(row: Mapping[str, Any], view: View) -> dict[str, Any]:
    side = word("side", row["side"], language()) if row["side"] else ""
    wrong = str(row["faults"]).split()
    link = words.lot_link(row["place"], row["operator"], row["lot"] or row["pool"], view)
    return {
        "at": row["at"],
        "act": " · ".join(filter(None, (word("act", row["act"], language()), side))),
        "lot": say.stacked([link, *words.flags(False, wrong)]) if wrong else link,
        "lot_text": row["lot"],
        "place": place_name(row["place"]),
        "quantity": say.amount(row["quantity"], row["uom"], signed=True) if row["quantity"] else t("goods.stays"),
        "gross": words.weight(row["gross_mg"]),
        "gross_text": row["gross_mg"] / 10**6,
        "documents": ", ".join(filter(None, (row["declaration"], row["permit"]))) or None,
        "box": box(row["equipment"]) if row["equipment"] else None,
        "box_text": row["equipment"],
        "message": (t("goods.message"), path(f"/message/{quote(row['message_id'], safe='')}")),
    }
