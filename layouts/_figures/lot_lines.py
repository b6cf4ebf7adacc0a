"""Every line of both books of one lot, in order: what it says, what came of it, and why it does not count where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.lot import Chain, Line
from layouts._figures import book_words as say
from layouts._parts.callback import can
from layouts._parts.here import language, path, t
from layouts._parts.marks import box, tag
from layouts._parts.table import Column
from layouts._text import forms
from zones.entry import LIVE
from zones.ledger import Posting, Trace

MOST = 500


def columns() -> list[Column]:
    """Those of the table; the message only for who may open it."""
    told = [
        Column("n", t("books.n"), "node"),
        Column("at", t("books.at_time"), "instant"),
        Column("book", t("books.book")),
        Column("act", t("books.what"), "node"),
        Column("quantity", t("books.quantity"), "node"),
        Column("after", t("books.after"), "node"),
        Column("says", t("books.says"), "node", wide=True),
        Column("documents", t("books.documents"), "node"),
        Column("did", t("books.did"), "node"),
        Column("remarks", t("books.remarks"), "node", wide=True),
    ]
    return [*told, Column("message", t("books.message"), "node")] if can("see_raw") else told


def rows(found: Chain) -> list[dict[str, Any]]:
    """The lines in order, numbered; the newest MOST of them."""
    numbers = {line.entry.entry_id: n for n, line in enumerate(found.lines, 1)}
    after = {(one.entry_id, one.uom): one.quantity for one in (*found.course, *found.own_course)}
    return [_row(found, line, numbers, after) for line in found.lines[-MOST:]]


def _row(found: Chain, line: Line, numbers: dict[str, int], after: dict[tuple[str, str], int]) -> dict[str, Any]:
    entry, n = line.entry, numbers[line.entry.entry_id]
    left = {uom: quantity for (one, uom), quantity in after.items() if one == entry.entry_id}
    done = [entry.operation, entry.remark]
    does = [*_took(line, numbers), *_moved(line)]
    remarks = _remarks(found, line)
    what = say.act(entry)
    says = [*say.changes(entry), *(t("books.said", words=words) for words in done if words)]
    if entry.lot and entry.lot != found.pool:
        says.insert(0, f"{t('books.lot')}: {entry.lot}")
    packed = [box(entry.equipment)] if entry.equipment else []
    negative = any(quantity < 0 for quantity in left.values())
    return {
        "n": html.Span(str(n), id=anchor(n)),
        "n_text": str(n),
        "at": entry.at,
        "book": say.book(entry.book),
        "act": html.Strong(what) if entry.effect else what,
        "act_text": what,
        "quantity": html.Span(say.effect(entry), className="figure-cell"),
        "quantity_text": say.effect(entry),
        "after": html.Span(say.amounts(left), className="below-zero" if negative else "figure-cell") if left else forms.MISSING,
        "after_text": say.amounts(left) if left else "",
        "says": say.stacked(says) if says else forms.MISSING,
        "says_text": "; ".join(says),
        "documents": say.stacked([*say.documents(entry), *packed]) if entry.equipment or say.documents(entry) else forms.MISSING,
        "documents_text": "; ".join([*say.documents(entry), *([entry.equipment] if entry.equipment else [])]),
        "did": say.stacked([shown for shown, _ in does]) if does else forms.MISSING,
        "did_text": "; ".join(plain for _, plain in does),
        "remarks": say.stacked([shown for shown, _ in remarks]) if remarks else "",
        "remarks_text": "; ".join(plain for _, plain in remarks),
        "message": message(line),
        "message_text": entry.message_id,
        "class": " ".join(filter(None, (_class(line), "row-later" if entry.at > found.at else ""))),
    }


def anchor(n: int) -> str:
    """What a line of the table is led to by."""
    return f"line-{n}"


def message(line: Line) -> Component | str:
    """The message, opened where the line stands."""
    entry = line.entry
    if not entry.message_id:
        return forms.MISSING
    return dcc.Link(t("books.open"), href=path(f"/message/{entry.message_id}") + f"?at={quote(line.position, safe='')}")


def _class(line: Line) -> str:
    if line.counts != LIVE:
        return "row-void"
    return "row-faulty" if line.faults else ""


def _remarks(found: Chain, line: Line) -> list[tuple[Any, str]]:
    """Why it does not count; what is wrong with it; what its reader remarked; that it comes after the chosen moment."""
    told: list[tuple[Any, str]] = []
    if line.counts != LIVE:
        said = say.standing(line.counts)
        told.append(([tag(t("books.not_counted"), "cannot_see"), " ", said], f"{t('books.not_counted')}: {said}"))
    told += [(html.Span(say.fault(key), className="fault"), say.fault(key)) for key in line.faults]
    told += [(html.Span(line.why, className="muted"), line.why)] if line.why else []
    if line.entry.at > found.at:
        told.append((html.Span(t("books.later"), className="muted"), t("books.later")))
    return told


def _took(line: Line, numbers: dict[str, int]) -> list[tuple[Any, str]]:
    """Of what it took how much came in by which line."""
    told: list[tuple[Any, str]] = []
    for trace in line.posted.traces if line.posted else ():
        said = t("books.took", amount=say.amount(trace.quantity, trace.uom), n=_number(trace, numbers))
        if trace.source in numbers:
            told.append((html.A(said, href=f"#{anchor(numbers[trace.source])}"), said))
        else:
            said = t("books.took_nothing", amount=say.amount(trace.quantity, trace.uom))
            told.append((html.Span(said, className="fault"), said))
    return told


def _number(trace: Trace, numbers: dict[str, int]) -> str:
    return str(numbers.get(trace.source, "?"))


def _moved(line: Line) -> list[tuple[Any, str]]:
    """What it did to the stock, by owner, status and area; only where that is more than one thing."""
    postings: Sequence[Posting] = [one for one in (line.posted.postings if line.posted else ()) if one.quantity]
    if len(postings) < 2 or len(postings) == len(line.posted.traces if line.posted else ()):
        return []
    told: list[tuple[Any, str]] = []
    for posting in postings:
        layer = posting.layer
        where = (layer.owner, say.status_name(line.entry.place, layer.status), say.area_name(line.entry.place, layer.area))
        said = f"{say.amount(posting.quantity, layer.uom, signed=True)} {' · '.join(part for part in where if part)}".strip()
        told.append((html.Span(said, className="muted"), said))
    return told


def cut(found: Chain) -> str:
    """That older lines are not listed; "" where all are."""
    more = len(found.lines) - MOST
    return t("books.lines_cut", n=more, shown=forms.number(MOST, language())) if more > 0 else ""
