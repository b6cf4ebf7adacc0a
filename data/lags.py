"""How long after the fact each source tells of it: kept as counts, and exactly taken back where what was said is changed.

What a lag is made of (the time told, the time of receipt, whether a later reading stands instead) changes only with a message as a whole:
it was received earlier than we knew, is outdone by another, or is read again. So its counts are taken back before, and made anew after.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.counts import Deltas, lag_of
from data.keep import Kept, News
from data.store import tables as t
from data.store.bulk import in_chunks

_REPORT = [t.report.c[name] for name in ("feed", "given", "classifier", "precision", "occurred_at", "received_at", "outread")]
_FACT = [t.fact.c[name] for name in ("feed", "given", "precision", "effective_at", "received_at", "outread")]
_SIGNAL = [t.signal.c[name] for name in ("feed", "given", "precision", "occurred_at", "received_at", "outread")]


def take_back(conn: Connection, message_id: str, news: News) -> None:
    """A kept message is about to be changed or taken away: what it counts as is taken back, once a transaction."""
    if message_id in news.recount:
        return
    news.recount.add(message_id)
    for row in _kept(conn, [message_id]):
        if (key := lag_of(row)) is not None:
            news.lags[key] -= 1


def count(conn: Connection, deltas: Deltas, news: News) -> None:
    """What the news adds, after its rows are stored; of messages that were changed, what they count as now."""
    deltas.lags(news.lags)
    for rows in (news.reports, news.facts, news.signals):
        for row in rows:
            if row["message_id"] not in news.recount:
                deltas.lag(row, 1)
    for chunk in in_chunks(sorted(news.recount), 400):
        for kept in _kept(conn, chunk):
            deltas.lag(kept, 1)


def everything(conn: Connection, deltas: Deltas) -> None:
    """All that was ever said, counted anew."""
    for columns in (_REPORT, _FACT, _SIGNAL):
        with conn.execute(sa.select(*columns).execution_options(yield_per=5000)) as rows:
            for row in rows.mappings():
                deltas.lag(row, 1)


def _kept(conn: Connection, messages: list[str]) -> Iterator[Kept]:
    for table, columns in ((t.report, _REPORT), (t.fact, _FACT), (t.signal, _SIGNAL)):
        yield from conn.execute(sa.select(*columns).where(table.c.message_id.in_(messages))).mappings()
