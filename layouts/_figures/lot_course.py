"""The balance of a lot over time, by both books: the chart and its table."""

from __future__ import annotations

from dash.development.base_component import Component

from data.queries.lot import Chain
from layouts._figures import book_words as say
from layouts._figures import lot as draw
from layouts._figures.lot_parts import zone_of
from layouts._parts.chart import chart
from layouts._parts.here import language, now, t
from layouts._parts.states import no_data
from layouts._parts.table import Column


def course(found: Chain) -> Component:
    """A step for each line that changed a balance; that nothing was ever there."""
    if not found.course and not found.own_course:
        return no_data("books.no_course", "books.no_course_next")
    zone, lang = zone_of(found), language()
    columns = [
        Column("at", t("books.at_time"), "instant"),
        Column("book", t("books.book")),
        Column("quantity", t("books.after")),
    ]
    told = [("operator", one) for one in found.course] + [("customs", one) for one in found.own_course]
    rows = [
        {"at": one.at, "book": say.book(book), "quantity": say.amount(one.quantity, one.uom)}
        for book, one in sorted(told, key=lambda pair: (pair[1].at, pair[1].entry_id))
    ]
    return chart(
        draw.steps(found, zone, lang, now()),
        columns=columns,
        rows=rows,
        title=t("books.course"),
        definition=t("books.course_definition"),
        n=len(found.facts.entries) + len(found.facts.authorised),
        as_of=found.sight.as_of,
        zone=zone,
        csv="lot-balance",
        height=300,
        key=f"{found.place}/{found.operator}/{found.pool}",
    )
