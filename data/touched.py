"""What must be judged again: a box, a call, a source or a day of a place that something happened to."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from data.store import tables as t
from data.store.bulk import upsert


def touch(conn: Connection, units: Mapping[str, str]) -> None:
    """Mark these units, with the report that is the cause ("" where none is)."""
    upsert(conn, t.touched, [{"unit": unit, "cause": cause} for unit, cause in sorted(units.items())], ("unit",), set=("cause",))
