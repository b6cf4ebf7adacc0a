"""Boxes as the database keeps them: rows to the values of the pure floor and back, many boxes a question.

`load` answers "what is our book of these boxes", folded from what was received; with `known_at` as it was known then, with `upto` as it
stood then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace as dataclass_replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from msgspec.structs import astuple, replace
from sqlalchemy.engine import Connection

from data.followed import with_goods
from data.keep import NO_MOVEMENT, Kept, Row
from data.known import as_known, known
from data.received import kind_of, openings, received, telling
from data.store import tables as t
from data.store.bulk import among, in_chunks
from data.told import live_facts
from data.versions import as_counted
from zones.asking import in_time
from zones.book import DOCUMENTS, Book, book
from zones.customs import Fact, Hold, Link, holds
from zones.movement import Movement
from zones.stay import Mark, Stay, with_holds
from zones.subject import HANDLING
from zones.world import World


def load(
    conn: Connection,
    world: World,
    boxes: Iterable[str],
    known_at: datetime | None = None,
    upto: datetime | None = None,
    opened: Mapping[str, datetime] | None = None,
    *,
    follow: bool = True,
) -> tuple[dict[str, Book], dict[str, list[Row]]]:
    """The books of these boxes folded from their reports, and the report rows they were folded from. `follow`: with the holds that came
    with goods.
    """
    opened = openings(conn, known_at) if opened is None else opened
    tell = telling(world, opened)
    books: dict[str, Book] = {}
    rows: dict[str, list[Row]] = {}
    for chunk in in_chunks(sorted(set(boxes)), 400):
        told = received(conn, world, chunk, known_at)
        facts = Facts(conn, chunk, known_at, world)
        links = {box: [link for link in facts.named(box)] for box in chunk}
        documents = {(kind, row[kind]) for each in told.values() for row in each.rows for kind in DOCUMENTS if row[kind]}
        facts.about({*documents, *((link.kind, link.reference) for each in links.values() for link in each)})
        for box in chunk:
            of = told[box]
            kind = partial(kind_of, world)
            books[box] = book(of.reports, of.acts, partial(facts.of, box), tell, kind, upto, links[box], of.tellings)
            rows[box] = of.rows
    if follow:
        ask = partial(_of_books, conn, world, books, known_at, upto, opened)
        for box, held in with_goods(conn, world, books, ask, known_at, upto).items():
            found = books[box]
            stays = {stay_id: with_holds(stay, held) for stay_id, stay in found.stays.items()}
            tips = {place: tip if tip.stay is None else replace(tip, stay=stays[tip.stay.stay_id]) for place, tip in found.tips.items()}
            books[box] = dataclass_replace(found, holds=held, stays=stays, tips=tips)
    return books, rows


def _of_books(
    conn: Connection,
    world: World,
    books: Mapping[str, Book],
    known_at: datetime | None,
    upto: datetime | None,
    opened: Mapping[str, datetime],
    boxes: set[str],
) -> tuple[dict[str, tuple[Hold, ...]], dict[str, tuple[Fact, ...]]]:
    """The own holds of boxes, and what customs told of them, from their books."""
    others, _ = load(conn, world, boxes - books.keys(), known_at, upto, opened, follow=False)
    every = {**others, **{box: books[box] for box in boxes & books.keys()}}
    return {box: found.holds for box, found in every.items()}, {box: found.told for box, found in every.items()}


def own_holds(conn: Connection, boxes: set[str]) -> tuple[dict[str, tuple[Hold, ...]], dict[str, tuple[Fact, ...]]]:
    """The own holds of boxes, and what customs told of them, by what is known now."""
    facts, links = Facts(conn, sorted(boxes)), links_of_boxes(conn, boxes)
    facts.about({(link.kind, link.reference) for each in links.values() for link in each})
    told = {box: tuple(facts.of(box, links[box])) for box in boxes}
    return {box: holds(own, links[box]) if own else () for box, own in told.items()}, told


class Facts:
    """The customs facts about some boxes and about the documents they go with."""

    def __init__(self, conn: Connection, boxes: Sequence[str], known_at: datetime | None = None, world: World | None = None) -> None:
        self.conn, self.known_at, self.world = conn, known_at, world
        self._of_box: dict[str, list[Fact]] = defaultdict(list)
        self._of_document: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for chunk in in_chunks(boxes, 400):
            for fact in self._ask(t.fact.c.equipment.in_(chunk)):
                self._of_box[fact.equipment].append(fact)

    def _ask(self, where: sa.ColumnElement[bool]) -> list[Fact]:
        question = sa.select(t.fact).where(where, *known(t.fact, self.known_at))
        rows = [as_known(row, self.known_at) for row in self.conn.execute(question).mappings()]
        if self.known_at is not None and self.world is not None:
            rows = as_counted(self.conn, self.world, rows, self.known_at)
        return live_facts(rows)

    def named(self, box: str) -> list[Link]:
        """The documents that customs facts themselves name for the box."""
        return [
            Link(kind=kind, reference=getattr(fact, kind), at=fact.effective_at)
            for fact in self._of_box.get(box, ())
            for kind in DOCUMENTS
            if getattr(fact, kind)
        ]

    def about(self, documents: Iterable[tuple[str, str]]) -> None:
        """Fetch the facts about these documents."""
        by_kind: dict[str, set[str]] = defaultdict(set)
        for kind, reference in documents:
            by_kind[kind].add(reference)
        for kind, references in by_kind.items():
            for chunk in in_chunks(sorted(references), 400):
                for fact in self._ask(sa.and_(t.fact.c[kind].in_(chunk), t.fact.c.about == kind)):
                    self._of_document[kind, fact.reference].append(fact)

    def of(self, box: str, links: Sequence[Link]) -> list[Fact]:
        """The facts about the box and about the documents of the links."""
        own = [fact for fact in self._of_box.get(box, ()) if fact.about == "equipment"]
        return own + [fact for link in links for fact in self._of_document.get((link.kind, link.reference), ())]


_SAME = (
    *("stay_id", "equipment", "place", "terminal", "area", "direction", "direction_from", "line", "bill", "declaration", "size_type"),
    *("teu", "full_empty", "seals", "movements", "heard_at", "opening", "exit", "left_at", "left_by", "opened_by_list", "held_since"),
    *("lightest", "heaviest", "dangerous"),
    *("entered_at", "entered_not_after", "opened_at", "dwell_minutes"),
)
_same = attrgetter(*_SAME)


_SPELLED: dict[str, Callable[[Stay], Any]] = {
    "entered_by": lambda stay: stay.opening.event,
    "held": lambda stay: ",".join(stay.held),
    "stood": lambda stay: stay.stood or None,  # hardly any box is moved about
}


def stay_row(stay: Stay) -> Row:
    """The row of table `stay`."""
    row = dict(zip(_SAME, _same(stay), strict=True))
    row.update((name, spelled(stay)) for name, spelled in _SPELLED.items())
    return row


# What a field of a stay is told by, where that is not the column of its name.
_OPENED = ("opening", "entered_by", "opened_at", "entered_at", "entered_not_after", "dwell_minutes")
_TOLD_BY = {"exit": ("exit", "dwell_minutes"), "opening": _OPENED, "entered": _OPENED}


def stay_changes(before: Stay, stay: Stay) -> Row:
    """Key and changed columns of a stay's row."""
    changed: Row = {"equipment": stay.equipment, "stay_id": stay.stay_id}
    for name, old, new in zip(Stay.__struct_fields__, astuple(before), astuple(stay), strict=True):
        if old is not new and old != new:
            for column in _TOLD_BY.get(name, (name,)):
                changed[column] = _SPELLED[column](stay) if column in _SPELLED else getattr(stay, column)
    return changed


STAY_COLUMNS = [
    t.stay.c["entered_at" if name == "entered" else name]
    for name in Stay.__struct_fields__  # in the order of the fields: see stay_from
]
_ENTERED, _HELD, _STOOD = (Stay.__struct_fields__.index(name) for name in ("entered", "held", "stood"))


def stay_from(values: Sequence[Any]) -> Stay:
    """The stay of a row selected as STAY_COLUMNS: by place, for where many are read at once."""
    told = list(values)
    told[_ENTERED] = told[_ENTERED] is not None
    told[_HELD] = tuple(told[_HELD].split(",")) if told[_HELD] else ()
    told[_STOOD] = told[_STOOD] or ()
    return Stay(*told)


def stay_of(row: Kept) -> Stay:
    """The stay that a row keeps."""
    return stay_from([row[column.name] for column in STAY_COLUMNS])


def handling(conn: Connection, boxes: Iterable[str]) -> dict[str, dict[str, tuple[Mark, ...]]]:
    """box -> stay id -> what was done to the box during the stay (zones.subject.HANDLING), oldest first."""
    found: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    r = t.report.c
    told = (r.equipment, r.stay_id, r.movement_id, r.occurred_at, r.event, r.report_id, r.received_at, r.precision, r.publisher)
    more = (r.gate, r.lane, r.vehicle, r.mode, r.seals, r.sealed, r.reports)
    for chunk in in_chunks(sorted(boxes), 900):
        done = sa.and_(r.canonical, r.event.in_(HANDLING), r.stay_id != "")
        for row in conn.execute(sa.select(*told, *more).where(r.equipment.in_(chunk), done)).all():
            own = (row.report_id,) if row.reports == 1 else _tellers(conn, row.equipment, row.movement_id, row.report_id)
            found[row.equipment][row.stay_id].append(Mark(
                at=row.occurred_at, event=row.event, report_id=row.report_id, received_at=row.received_at, precision=row.precision,
                publisher=row.publisher, gate=row.gate, lane=row.lane, vehicle=row.vehicle, mode=row.mode, seals=row.seals,
                sealed=row.sealed, reports=own,
            ))  # fmt: skip
    return {box: {stay: in_time(marks) for stay, marks in stays.items()} for box, stays in found.items()}


def _tellers(conn: Connection, box: str, movement_id: str, canonical: str) -> tuple[str, ...]:
    """All reports that tell of a movement, the canonical one first."""
    r = t.report.c
    others = sa.select(r.report_id).where(r.equipment == box, r.movement_id == movement_id, r.report_id != canonical).order_by(r.report_id)
    return (canonical, *conn.execute(others).scalars())


def links_of_boxes(conn: Connection, boxes: Iterable[str]) -> dict[str, list[Link]]:
    """The documents that each box goes with, as kept."""
    found: dict[str, list[Link]] = defaultdict(list)
    link = t.box_link.c
    for chunk in in_chunks(sorted(boxes), 900):
        for box, kind, reference, at in conn.execute(
            sa.select(link.equipment, link.kind, link.reference, link.at).where(link.equipment.in_(chunk))
        ):
            found[box].append(Link(kind=kind, reference=reference, at=at))
    return found


def movement_row(movement: Movement, stay_id: str) -> Row:
    """A row of `movement`: what its canonical report tells, and what was found of it."""
    told = movement.canonical
    row = {name: getattr(told, name) for name in _AS_TOLD}
    found = found_row(movement, stay_id)
    row["received_at"] = found.pop("first_received_at")
    del found["canonical"]
    return row | found | {"canonical_report": told.report_id}


_AS_TOLD = (
    *("equipment", "place", "terminal", "area", "event", "occurred_at", "precision", "mode", "direction", "full_empty", "size_type", "teu"),
    *("vehicle", "gate", "lane", "line", "bill", "declaration"),
)


def found_row(movement: Movement, stay_id: str) -> Row:
    """What the canonical report of a movement keeps of it; keys as in `data.keep.NO_MOVEMENT`."""
    reports = movement.reports
    one = len(reports) == 1
    return {
        "movement_id": movement.movement_id,
        "canonical": True,
        "effect": movement.effect,
        "stay_id": stay_id,
        "reports": len(reports),
        "publishers": reports[0].publisher if one else ",".join(sorted({r.publisher for r in reports})),
        "disagreement": movement.disagreement,
        "first_received_at": reports[0].received_at if one else min(r.received_at for r in reports),
    }


def counted_as(book: Book) -> dict[str, Row]:
    """report id -> what its row should keep of the others: its status, and the movement that it tells of."""
    found: dict[str, Row] = {report_id: {"status": status, **NO_MOVEMENT} for report_id, status in book.status.items()}
    for movement in book.movements:
        for report in movement.reports:
            found[report.report_id]["movement_id"] = movement.movement_id
        found[movement.canonical.report_id].update(found_row(movement, book.belongs.get(movement.movement_id, "")))
    return found


def spoken(conn: Connection, documents: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the documents (kind, reference) of which customs has spoken."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, reference in documents:
        by_kind[kind].add(reference)
    f = t.fact.c
    found: set[tuple[str, str]] = set()
    for kind, references in by_kind.items():
        live = sa.and_(f.about == kind, f.status == "live", sa.not_(f.outread))
        asked = sa.select(f.reference).where(among(conn, f[kind], references), live).distinct()
        found.update((kind, reference) for reference in conn.execute(asked).scalars())
    return found
