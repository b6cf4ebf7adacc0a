"""Where the two books of one lot part, each time, and where they meet again."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.lot import Chain
from layouts._figures import book_words as say
from layouts._figures import lot_lines, lot_parts
from layouts._figures.lot_parts import zone_of
from layouts._figures.reconciliation_rows import first_line
from layouts._parts.here import language, now, t
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms
from zones.apart import Parting


def partings(found: Chain, view: View) -> Component:
    """One a row, oldest first; the line at which they part leads to where it stands in the table of lines."""
    if not found.partings:
        return empty("books.never_parted", "books.never_parted_next")
    columns = [
        Column("n", t("books.n"), "node"),
        Column("first", t("books.first_line"), "node", wide=True),
        Column("at", t("books.apart_since"), "instant"),
        Column("met", t("books.met"), "node"),
        Column("difference", t("books.more_declared"), "node"),
        Column("lines", t("books.lines_apart"), "node"),
    ]
    numbers = lot_lines.numbers(found)
    rows = [_row(one, numbers, zone_of(found), view) for one in found.partings]
    caption = t("books.partings")
    return table(
        columns, rows, caption=caption, zone=zone_of(found), sort=False, csv="lot-partings", row_class=_class, max_height=lot_parts.HEIGHT
    )


def _row(one: Parting, numbers: dict[str, int], zone: str, view: View) -> dict[str, Any]:
    words = first_line(one.first, one.other, one.kind, one.of)
    more = [say.amount(quantity.n, quantity.uom, signed=True) for quantity in one.difference]
    more = more or ([] if one.met_at else [t("books.not_in_quantity")])
    lines = [numbers[line.entry_id] for line in one.lines if line.entry_id in numbers]

    def link(n: int | None) -> Component | str:
        return lot_lines.to_line(view, n, len(numbers), str(n)) if n else forms.MISSING

    met = forms.instant(one.met_at, zone, language(), now()) if one.met_at else t("books.still_apart")
    return {
        "n": link(numbers.get(one.first.entry_id)),
        "n_text": str(numbers.get(one.first.entry_id, "")),
        "first": say.stacked(words),
        "first_text": "; ".join(words),
        "at": one.at,
        "met": met,
        "met_text": met,
        "difference": say.stacked(more) if more else forms.MISSING,
        "difference_text": "; ".join(more),
        "lines": html.Span([part for n in lines for part in (link(n), " ")]),
        "lines_text": " ".join(map(str, lines)),
        "class": "" if one.met_at else "row-faulty",
    }


def _class(row: Any) -> str:
    return str(row.get("class", ""))
