"""Every line of both books of one lot, in order: what it says, what came of it, and why it does not count where it does not.

A lot that is kept first in, first out has hundreds of them: they stand on pages, and a line is led to with the page that it stands on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.lot import Chain, Line
from layouts._figures import book_words as say
from layouts._parts import pages
from layouts._parts.callback import can
from layouts._parts.filters import here
from layouts._parts.here import path, t
from layouts._parts.marks import box, note, tag
from layouts._parts.table import Column
from layouts._parts.view import View
from layouts._text import forms
from zones.entry import LIVE
from zones.ledger import Posting

PAGE = 50
MOST = 12  # lines with faults that the head of the page leads to
ORDERS = ("oldest", "newest")


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


def numbers(found: Chain) -> dict[str, int]:
    """The number of each line by its id: the first in time is 1, whatever the order in which they are shown."""
    return {line.entry.entry_id: n for n, line in enumerate(found.lines, 1)}


def shown(found: Chain, view: View) -> tuple[int, list[Line]]:
    """The page that the address asks for, and its lines."""
    lines = list(found.lines)
    return pages.of(lines[::-1] if view.get("order") == "newest" else lines, pages.asked(view), PAGE)


def to_line(view: View, n: int, of: int, said: str) -> Component:
    """The way to a line, by its number of so many: on the page on which it stands."""
    page = ((of - n if view.get("order") == "newest" else n - 1) // PAGE) + 1
    if page == min(pages.asked(view), -(-of // PAGE)):
        return html.A(said, href=f"#{anchor(n)}")
    own = view.without("place", "operator", "lot").set(page="" if page == 1 else str(page))
    return dcc.Link(said, href=f"{here(own)}#{anchor(n)}")


def faulty(found: Chain, view: View) -> Component | None:
    """The lines that count and have something wrong with them, wherever they stand; the latest MOST of them."""
    own = [n for n, line in enumerate(found.lines, 1) if line.counts == LIVE and line.faults]
    if not own:
        return None
    more = [t("books.and_more", n=len(own) - MOST)] if len(own) > MOST else []
    links = [part for n in own[-MOST:] for part in (to_line(view, n, len(found.lines), str(n)), " ")]
    return note([t("books.faulty_lines"), " ", *links, *more], "warn")


def rows(found: Chain, lines: Sequence[Line], view: View) -> list[dict[str, Any]]:
    """Some of the lines, each with its number."""
    own = numbers(found)
    after: dict[str, dict[str, int]] = defaultdict(dict)
    for one in (*found.course, *found.own_course):
        after[one.entry_id][one.uom] = one.quantity
    return [_row(found, line, own, after.get(line.entry.entry_id, {}), view) for line in lines]


def _row(found: Chain, line: Line, own: Mapping[str, int], left: Mapping[str, int], view: View) -> dict[str, Any]:
    entry, n = line.entry, own[line.entry.entry_id]
    done = [entry.operation, entry.remark]
    does = [*_took(line, own, view), *_moved(line)]
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
        "did": say.stacked([told for told, _ in does]) if does else forms.MISSING,
        "did_text": "; ".join(plain for _, plain in does),
        "remarks": say.stacked([told for told, _ in remarks]) if remarks else "",
        "remarks_text": "; ".join(plain for _, plain in remarks),
        "message": message(line),
        "message_text": entry.message_id,
        "class": " ".join(filter(None, (_class(line), "row-later" if entry.at > found.at else ""))),
    }


def anchor(n: int) -> str:
    """What a line of the table is led to by; assets/aim.js brings it into view once its page is there."""
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


def _took(line: Line, own: Mapping[str, int], view: View) -> list[tuple[Any, str]]:
    """Of what it took how much came in by which line."""
    told: list[tuple[Any, str]] = []
    for trace in line.posted.traces if line.posted else ():
        amount = say.amount(trace.quantity, trace.uom)
        if trace.source in own:
            said = t("books.took", amount=amount, n=str(own[trace.source]))
            told.append((to_line(view, own[trace.source], len(own), said), said))
        else:
            said = t("books.took_nothing", amount=amount)
            told.append((html.Span(said, className="fault"), said))
    return told


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
