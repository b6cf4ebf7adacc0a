"""Goods that a search found: lots by their number, permit or declaration, and owners."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.search_goods import GoodsHit
from layouts._figures import book_words as say
from layouts._figures import goods_words as words
from layouts._figures.remarks import place_name
from layouts._parts.here import t
from layouts._parts.table import Column, table


def found_goods(hits: Sequence[GoodsHit]) -> Component:
    """A row a lot or owner, leading to its page."""
    columns = [
        Column("what", t("goods.lot_or_owner"), "node"),
        Column("owner", t("goods.owner"), "node"),
        Column("operator", t("goods.operator")),
        Column("place", t("shell.filter_place")),
        Column("by", t("container.col_by")),
    ]
    rows = []
    for hit in hits:
        owner = hit.by == "owner"
        rows.append(
            {
                "what": words.owner_link(hit.owner) if owner else words.lot_link(hit.place, hit.operator, hit.lot or hit.pool),
                "what_text": hit.owner if owner else hit.lot,
                "owner": None if owner or not hit.owner else words.owner_link(hit.owner),
                "owner_text": hit.owner,
                "operator": None if owner else say.operator_name(hit.place, hit.operator),
                "place": None if owner else place_name(hit.place),
                "by": t(f"goods.found_by_{hit.by}"),
            }
        )
    return html.Div([html.H3(t("goods.found")), table(columns, rows, caption=t("goods.found"), csv="goods-found")])
