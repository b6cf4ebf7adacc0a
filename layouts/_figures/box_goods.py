"""The goods of a box: which lots came in it, were packed into it or left in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from data.queries.box_goods import MOST, BoxGoods, BoxLot
from layouts._figures import book_words as say
from layouts._figures import goods_words as words
from layouts._figures.remarks import place_name
from layouts._parts.chart import stamp
from layouts._parts.here import language, path, t, world
from layouts._parts.marks import note, time
from layouts._parts.table import Column, table
from layouts._text import word


def lots(found: BoxGoods, number: str, proves: bool) -> Component:
    """A row a lot, named last first. `proves`: the reader may see messages."""
    zone = world().place(found.lots[0].row["place"]).timezone
    columns = [
        Column("how", t("goods.how")),
        Column("lot", t("goods.lot"), "node"),
        Column("owner", t("goods.owner"), "node"),
        Column("goods", t("goods.goods"), "node", wide=True),
        Column("quantity", t("goods.quantity")),
        Column("at", t("goods.at"), "node"),
        Column("place", t("shell.filter_place")),
        Column("book", t("goods.book")),
        Column("documents", t("goods.documents")),
        *([Column("message", t("goods.message"), "link")] if proves else []),
    ]
    told = [_row(one) for one in found.lots]
    cut = [note(t("goods.box_cut", n=MOST))] if found.cut else []
    listed = table(columns, told, caption=t("goods.box_goods"), csv=f"goods-{number}", zone=zone)
    return html.Div([stamp(found.sight.as_of, None, zone), *cut, listed, html.P(t("goods.definition_box"), className="chart-below")])


def _row(one: BoxLot) -> dict[str, Any]:
    row = one.row
    owner = row["to_owner"] or row["owner"]
    lot = row["lot"] or row["item"] or row["pool"]
    return {
        "how": t(f"goods.how_{one.how}"),
        "lot": words.lot_link(row["place"], row["operator"], lot),
        "lot_text": lot,
        "owner": words.owner_link(owner),
        "owner_text": owner,
        "goods": say.stacked([say.hs(row["hs"], "") if row["hs"] else "", row["description"]]),
        "goods_text": " ".join((row["hs"], row["description"])),
        "quantity": say.amount(row["quantity"], row["uom"]),
        "at": time(row["at"], world().place(row["place"]).timezone),
        "at_text": row["at"].isoformat(),
        "place": place_name(row["place"]),
        "book": word("book", row["book"], language()),
        "documents": ", ".join(filter(None, (row["declaration"], row["permit"]))) or None,
        "message": (t("goods.message"), path(f"/message/{quote(row['message_id'], safe='')}")),
    }
