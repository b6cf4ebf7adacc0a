"""What the tables are made of: kinds of columns, the expressions that are indexed, the conditions of partial indexes."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, String, Text

from data.store.types import UtcDateTime

metadata = sa.MetaData()


def id_(name: str, **kw: object) -> Column[str]:
    return Column(name, String(64), nullable=False, default="", **kw)  # type: ignore[arg-type]


def text_(name: str, **kw: object) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", default="", **kw)  # type: ignore[arg-type]


def when_(name: str, nullable: bool = True) -> Column[object]:
    return Column(name, UtcDateTime, nullable=nullable)


def count_(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0", default=0)


def plain(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A text in capitals without blanks, dashes and dots, as an expression that is indexed: no bound values, which match no index."""
    for sign in ("' '", "'-'", "'.'"):
        column = sa.func.replace(column, sa.text(sign), sa.text("''"))
    return sa.func.upper(column)


def ship(vessel: sa.ColumnElement[str], voyage: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Ship and voyage as they stand in the name of a call (zones.landing.unit), as an expression that is indexed: no two operators side by
    side, between which PostgreSQL would set brackets by which the expression is not known for the same."""
    return plain(sa.func.replace(vessel.concat(sa.text("'/'")), sa.text("' '"), sa.text("''")).concat(voyage))


def tail(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The eighth to eleventh character of a container number, as an expression that is indexed."""
    return sa.func.substr(column, sa.text("8"), sa.text("4"))


def seals_after_first(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Of several seals with blanks between them all but the first, in capitals, as an expression that is indexed on both databases: the
    signs that are no blanks are stripped from the left, then the blanks.
    """
    return sa.func.upper(sa.func.ltrim(sa.func.ltrim(column, _signs(column))))


def last_seal(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Of several seals the last, in capitals, as an expression that is indexed: what is before it is taken away."""
    return sa.func.upper(sa.func.replace(column, sa.func.rtrim(column, _signs(column)), sa.text("''")))


def _signs(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.replace(column, sa.text("' '"), sa.text("''"))


UNREAD = sa.text("state IN ('unreadable', 'partly', 'pending')")
SO = sa.text("condition IN ('active', 'unverified')")
RETURNED = sa.text("what = 'returned'")
SHELVED = sa.text("shelved_until IS NOT NULL")
ASKED = sa.text("asked_until IS NOT NULL")
STOPPED = sa.text("through_at IS NULL")
SEALED = sa.text("seals <> ''")  # word for word as in the questions: a partial index answers no other
TOLD_ID = sa.text("source_id <> ''")
ON_OCCASION = sa.text("occasion <> ''")
OF_SHIPS = sa.text("event IN ('arrive', 'depart')")
DANGEROUS = sa.text("dangerous <> ''")
DANGEROUS_INSIDE = sa.text("dangerous <> '' AND left_at IS NULL")
OFF_A_SHIP = sa.text("event = 'discharge' AND vessel <> '' AND voyage <> ''")
# How long after it happened a report comes late, in the words of each database.
LATE_AFTER = timedelta(hours=1)
LATE = {"sqlite": sa.text("received_at - occurred_at > 3600000000"), "postgresql": sa.text("received_at - occurred_at > interval '1 hour'")}
UNDONE = sa.text("(status IN ('superseded', 'retracted', 'withdrawn') OR outread)")
PLANNED = sa.text("classifier <> 'actual' AND status = 'live'")
SEVERAL_SEALS = sa.text("seals <> replace(seals, ' ', '')")
