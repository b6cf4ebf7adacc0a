"""The tables of goods: lines of ledgers as they arrived, and what is folded from them: postings, what is posted to, openings of months."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Text

from data.store.columns import TOLD_ID, id_, metadata, text_, when_
from data.store.types import Told, UtcDateTime
from zones.ledger import Account, Trace

IN_A_BOX = sa.text("equipment <> ''")
GOES_WITH_ITS_BOX = sa.text("book = 'customs' AND equipment <> ''")
OF_PROCESS = sa.text("process <> ''")
FAULTY = sa.text("faults <> ''")
COUNTED = sa.text("act IN ('count', 'reconciliation')")
PERMITTED = sa.text("permit <> ''")
DECLARED = sa.text("declaration <> ''")
OF_ITEM = sa.text("lot <> '' AND lot <> pool")
OUTREAD = sa.text("outread_at IS NOT NULL")
TAKES_BACK = sa.text("function = 'cancel' AND source_id = ''")


def amount_(name: str) -> Column[int]:
    return Column(name, BigInteger)


entry = sa.Table(
    "entry", metadata,
    id_("entry_id", primary_key=True),                   # hash(message, position)
    id_("message_id", index=True), id_("reading_id"), text_("position"), text_("unit"), text_("feed"), text_("publisher"), text_("place"),
    text_("book"), text_("operator"), text_("act"), text_("side"),
    when_("at", nullable=False), text_("at_text"), text_("precision"), text_("zone_from"),
    when_("received_at", nullable=False), when_("read_at", nullable=False),
    text_("lot"), text_("item"), text_("description"), text_("hs"), text_("hs_edition"),
    amount_("quantity"), text_("uom"), amount_("gross_mg"), amount_("net_mg"), amount_("value"), text_("currency"),
    text_("origin"), text_("status"), text_("to_status"), text_("owner"), text_("to_owner"), text_("to_place"),
    text_("area"), text_("to_area"),
    text_("declaration"), text_("permit"), text_("process"), text_("operation"), Column("equipment", String(20), nullable=False),
    text_("counted"), amount_("balance"), text_("remark"), text_("given"), text_("why"), Column("turn", Integer, nullable=False),
    text_("source_id"), when_("updated_at"), text_("function"),
    Column("outread", Boolean, nullable=False, default=False), when_("outread_at"),
    # What the fold found: its pool, what it counts as, when it took effect (what customs authorised for a box when that moved), what is
    # wrong with it, where what it took came in, what a count should have found
    text_("pool"), text_("standing"), when_("effective_at"), text_("faults"), Column("traces", Told(tuple[Trace, ...])),
    amount_("expected"),
    # Which past moments it changes: when it was known, the earliest moment that it changes, and how long lies between (data/inventory.py)
    when_("known_at", nullable=False), when_("changes_from", nullable=False), Column("lag", SmallInteger, nullable=False),
    Index("entry_pool", "place", "operator", "pool", "at"),
    Index("entry_lag", "place", "lag", "known_at"),
    Index("entry_source", "source_id", sqlite_where=TOLD_ID, postgresql_where=TOLD_ID),
    Index("entry_equipment", "equipment", sqlite_where=IN_A_BOX, postgresql_where=IN_A_BOX),
    Index("entry_goes_with_its_box", "place", "at", "effective_at", "standing",
          sqlite_where=GOES_WITH_ITS_BOX, postgresql_where=GOES_WITH_ITS_BOX),
    Index("entry_process", "place", "process", sqlite_where=OF_PROCESS, postgresql_where=OF_PROCESS),
    Index("entry_faulty", "place", "at", sqlite_where=FAULTY, postgresql_where=FAULTY),
    Index("entry_counted", "place", "operator", "at", sqlite_where=COUNTED, postgresql_where=COUNTED),
    Index("entry_outread", "place", "outread_at", sqlite_where=OUTREAD, postgresql_where=OUTREAD),
    Index("entry_takes_back", "place", "operator", "pool", sqlite_where=TAKES_BACK, postgresql_where=TAKES_BACK),
    Index("entry_permit", "permit", sqlite_where=PERMITTED, postgresql_where=PERMITTED),
    Index("entry_declaration", "declaration", sqlite_where=DECLARED, postgresql_where=DECLARED),
    Index("entry_lot", "lot", sqlite_where=OF_ITEM, postgresql_where=OF_ITEM),
)  # fmt: skip

pool = sa.Table(                                         # where the fold of each pool stands: the next line in order goes on from here
    "pool", metadata,
    Column("place", Text, primary_key=True), Column("book", Text, primary_key=True), Column("operator", Text, primary_key=True),
    Column("pool", Text, primary_key=True), Column("state", Told(Account), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

holding = sa.Table(                                      # what is posted to: what one line let in, of one owner and status, in one area
    "holding", metadata,
    Column("holding_id", BigInteger, primary_key=True, autoincrement=False),     # data.ledger.holding_id
    text_("place"), text_("book"), text_("operator"), text_("pool"), text_("lot"), id_("source"), when_("admitted_at", nullable=False),
    text_("owner"), text_("status"), text_("area"), text_("uom"),
    text_("item"), text_("description"), text_("hs"), text_("hs_edition"), text_("origin"), text_("currency"), text_("declaration"),
    Column("equipment", String(20), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

posting = sa.Table(                                      # what each line did to the stock
    "posting", metadata,
    Column("place", Text, primary_key=True), Column("book", Text, primary_key=True), Column("at", UtcDateTime, primary_key=True),
    id_("entry_id", primary_key=True), Column("n", Integer, primary_key=True, autoincrement=False),
    Column("holding_id", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False), Column("gross_mg", BigInteger, nullable=False),
    Column("net_mg", BigInteger, nullable=False), Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,                             # in the order of time: a month is read as it lies
)  # fmt: skip

opening = sa.Table(                                      # what was there when a month began, in the place's zone
    "opening", metadata,
    Column("place", Text, primary_key=True), Column("book", Text, primary_key=True), Column("month", UtcDateTime, primary_key=True),
    Column("holding_id", BigInteger, primary_key=True, autoincrement=False),
    Column("quantity", BigInteger, nullable=False), Column("gross_mg", BigInteger, nullable=False),
    Column("net_mg", BigInteger, nullable=False), Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

opened = sa.Table(                                       # the months that are opened
    "opened", metadata,
    Column("place", Text, primary_key=True), Column("book", Text, primary_key=True), Column("month", UtcDateTime, primary_key=True),
)  # fmt: skip
