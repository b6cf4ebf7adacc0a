"""Which boxes must be folded again, since something was said, changed or taken back that does not simply come after the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import RETRACT, News, Row, told_by
from data.lags import take_back
from data.received import openings
from data.store import tables as t
from data.store.bulk import in_chunks
from zones.book import DOCUMENTS


def hanging_on(conn: Connection, message_id: str, news: News) -> None:
    """What depends on the records of a kept message, which are about to be changed or taken away: into the news, to be folded again.

    Its boxes; those of its signals; the boxes of documents that its customs facts speak of, or that it acts on; and the feeds whose books
    its lists open.
    """
    take_back(conn, message_id, news)
    r, f, a = t.report.c, t.fact.c, t.document_act.c
    news.refold.update(conn.execute(sa.select(r.equipment).where(r.message_id == message_id).distinct()).scalars())
    facts = [dict(row) for row in conn.execute(sa.select(f.equipment, f.about, f.reference).where(f.message_id == message_id)).mappings()]
    s = t.signal.c
    news.refold.update(conn.execute(sa.select(s.equipment).where(s.message_id == message_id).distinct()).scalars())
    for c in (r, f, s):
        own = sa.select(c.publisher, c.source_id).where(c.message_id == message_id, c.source_id != "")
        news.sources.update((row.publisher, row.source_id) for row in conn.execute(own))
    news.refold.update(spoken_of(conn, facts))
    e = t.entry.c
    pools = sa.select(e.place, e.book, e.operator, e.pool).where(e.message_id == message_id).distinct()
    news.pools.update(tuple(row) for row in conn.execute(pools))
    posted = sa.select(e.place, e.book, e.entry_id, e.effective_at).where(e.message_id == message_id)
    news.unposted += [dict(row) for row in conn.execute(posted).mappings()]
    told_of = sa.select(e.publisher, e.source_id).where(e.message_id == message_id, t.TOLD_ID)
    news.entry_sources.update(tuple(row) for row in conn.execute(told_of))
    for target, boxes, act in conn.execute(sa.select(a.target, a.boxes, a.act).where(a.message_id == message_id)):
        if act == RETRACT:
            news.sources.add(told_by(target))
        news.refold.update(boxes)
        news.refold.update(of_documents(conn, [target]))
    lists = sa.select(t.yard_list.c.feed).where(t.yard_list.c.message_id == message_id).distinct()
    for feed in conn.execute(lists).scalars().all():
        if feed not in news.opened:
            news.opened[feed] = openings(conn).get(feed)


def of_documents(conn: Connection, documents: Iterable[str]) -> set[str]:
    """Boxes that some documents told of."""
    found: set[str] = set()
    for chunk in in_chunks(sorted(documents), 400):
        found.update(conn.execute(sa.select(t.report.c.equipment).where(t.report.c.document.in_(chunk)).distinct()).scalars())
    return found


def reopened(conn: Connection, before: Mapping[str, datetime | None], after: Mapping[str, datetime]) -> set[str]:
    """Boxes on lists that began or ceased to be the list that opens the books."""
    found: set[str] = set()
    for feed, opened in before.items():
        if opened != after.get(feed):
            for at in {opened, after.get(feed)} - {None}:
                listed = sa.select(t.report.c.equipment).where(t.report.c.feed == feed, t.report.c.listed_at == at)
                found.update(conn.execute(listed).scalars())
    return found


def acted_on(conn: Connection, news: News) -> set[str]:
    """Boxes of the documents that were replaced, changed or cancelled, whether listed again or not."""
    targets = {row["target"] for row in news.acts}
    found = of_documents(conn, targets)
    for row in news.acts:
        found.update(row["boxes"])
    return found | {row["equipment"] for row in news.reports if row["document"] in targets}


def numbered(conn: Connection, reports: list[Row]) -> set[str]:
    """Boxes whose document something earlier received already acts on (a cancellation that came before its original)."""
    documents = {row["document"] for row in reports if row["document"]}
    acted: set[str] = set()
    for chunk in in_chunks(sorted(documents), 400):
        acted.update(conn.execute(sa.select(t.document_act.c.target).where(t.document_act.c.target.in_(chunk)).distinct()).scalars())
    return {row["equipment"] for row in reports if row["document"] in acted} if acted else set()


def spoken_of(conn: Connection, facts: list[Row]) -> set[str]:
    """Boxes that new customs facts are about, themselves or through a document."""
    found = {row["equipment"] for row in facts if row["equipment"]}
    for kind in DOCUMENTS:
        references = {row["reference"] for row in facts if row["about"] == kind}
        for chunk in in_chunks(sorted(references), 400):
            link = t.box_link.c
            found.update(conn.execute(sa.select(link.equipment).where(link.kind == kind, link.reference.in_(chunk))).scalars())
    return found
