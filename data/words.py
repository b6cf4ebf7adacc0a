"""What is said of boxes beside their movements, from the rows that tell it (zones.word): many boxes a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.store import tables as t
from data.store.bulk import among, in_chunks
from zones.word import ACTUAL, STANDS, Word, standing

_AS_TOLD = (
    *("report_id", "received_at", "event", "classifier", "publisher", "place", "precision", "terminal", "area", "vessel", "voyage", "bill"),
    *("booking", "declaration", "document", "gross_g", "size_type", "full_empty"),
)


def words_of_boxes(conn: Connection, boxes: Iterable[str]) -> dict[str, tuple[Word, ...]]:
    """box -> its words, in order. Equal to those of its book (zones.book), where nothing was received later."""
    r = t.report.c
    found: dict[str, list[tuple[Word, str, bool]]] = defaultdict(list)
    tells = sa.or_(r.classifier != ACTUAL, r.gross_g.is_not(None), r.cargo.is_not(None))
    asked = sa.select(r.equipment, r.status, r.source_id, r.occurred_at, r.cargo, *(r[name] for name in _AS_TOLD))
    for chunk in in_chunks(sorted(boxes), 900):
        for box, status, source_id, at, cargo, *told in conn.execute(asked.where(r.equipment.in_(chunk), r.status.in_(STANDS), tells)):
            more = {"weight": cargo.weight, "dangerous": cargo.dangerous, "set_temp": cargo.set_temp} if cargo else {}
            found[box].append((Word(at=at, **dict(zip(_AS_TOLD, told, strict=True)), **more), source_id, STANDS[status]))
    return {box: standing(said) for box, said in found.items()}


def announced(conn: Connection, boxes: Collection[str]) -> set[str]:
    """Those of the boxes of which anything was ever announced, ordered or declared, by an index of nothing else."""
    r = t.report.c
    if not boxes:
        return set()
    return set(conn.execute(sa.select(r.equipment).where(among(conn, r.equipment, boxes), t.PLANNED).distinct()).scalars())
