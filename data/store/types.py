"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant. In Python an aware `datetime` in UTC; PostgreSQL TIMESTAMPTZ; SQLite INTEGER microseconds since 1970.

    A naive value is refused: a time without a zone is a guess, and guesses are made by readers, in the open, never here.
    """

    impl = sa.DateTime  # not an integer type: a lone key of it would become a SERIAL on PostgreSQL
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: every time kept is aware")
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        return microseconds(value)

    def process_literal_param(self, value: datetime | None, dialect: sa.Dialect) -> str:
        bound = self.process_bind_param(value, dialect)
        return f"'{bound.isoformat()}'" if isinstance(bound, datetime) else "NULL" if bound is None else str(bound)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _from_postgresql if dialect.name == "postgresql" else _from_sqlite

    @property
    def python_type(self) -> type[datetime]:
        return datetime


def _from_postgresql(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _from_sqlite(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + value * MICROSECOND


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware time; exact (no float in between)."""
    return (at - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The aware UTC time of a number of microseconds since 1970."""
    return EPOCH + value * MICROSECOND


class Told(sa.types.TypeDecorator[Any]):
    """A value of the pure floor, kept as JSON text and read back in its shape (a msgspec Struct or a typed container)."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], str | None]:
        encode = msgspec.json.Encoder(order="sorted").encode
        return lambda value: None if value is None else encode(value).decode()

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        decode = msgspec.json.Decoder(self.shape).decode
        return lambda text: None if text is None else decode(text)


# JSON: JSONB on PostgreSQL (comparable, indexable), text on SQLite. None is SQL NULL, never the JSON literal null.
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
