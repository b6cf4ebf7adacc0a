"""The statement of a period at a place, for a page, for paper and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from data.export_columns import COLUMNS
from data.export_files import WRITERS
from data.export_goods import statement_row
from data.openings import month_of, next_month
from data.people import Actor
from data.queries._heard import Sight, sight
from data.statement import statement
from data.store.engine import Store
from zones.statement import Row
from zones.world import World

LEDGER = "ledger"  # what a feed speaks for that tells of goods


@dataclass(frozen=True, slots=True)
class Told:
    """The statement of [since, until). `rows`: of the owner and operator asked for; `owners`, `operators`: all that it has rows of."""

    place: str
    since: datetime
    until: datetime
    known_at: datetime | None
    owner: str
    operator: str
    rows: tuple[Row, ...]
    owners: tuple[str, ...]
    operators: tuple[str, ...]
    sight: Sight

    @property
    def over(self) -> bool:
        """Whether every ledger was heard, and what is told was known, after the period."""
        heard = bool(self.sight.feeds) and all(one.at is not None and one.at >= self.until and not one.stopped for one in self.sight.feeds)
        return heard and (self.known_at is None or self.known_at >= self.until)


def told(
    store: Store,
    actor: Actor,
    world: World,
    now: datetime,
    place: str,
    since: datetime,
    until: datetime,
    *,
    known_at: datetime | None = None,
    owner: str = "",
    operator: str = "",
) -> Told:
    """Errors: Refused where the place is out of reach; ValueError where the period is none."""
    actor.must("see", place)
    with store.read() as conn:
        rows = statement(conn, world, place, since, until, known_at)
        seen = sight(conn, world, [place], now, (LEDGER,))
    kept = tuple(row for row in rows if owner in ("", row.key.owner) and operator in ("", row.key.operator))
    owners, operators = (tuple(sorted({getattr(row.key, name) for row in rows} - {""})) for name in ("owner", "operator"))
    return Told(place, since, until, known_at, owner, operator, kept, owners, operators, seen)


def keeping(world: World, places: Iterable[str]) -> tuple[str, ...]:
    """Those of these places from which a source tells of goods."""
    return tuple(one for one in places if world.place(one).spoken_for(LEDGER))


def file_of(found: Told, fmt: str) -> bytes:
    """The same rows as the export has them: csv, xlsx or parquet."""
    rows = (statement_row(found.place, found.since, found.until, found.known_at, row) for row in found.rows)
    with TemporaryDirectory(prefix="statement-") as folder:
        to = Path(folder) / f"statement.{fmt}"
        WRITERS[fmt](to, COLUMNS["statement"], rows)
        return to.read_bytes()


def last_month(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The last whole month before now, in a zone: [since, until)."""
    until = month_of(now, zone)
    return month_of(until - timedelta(days=1), zone), until


def months(now: datetime, zone: ZoneInfo, n: int) -> Sequence[tuple[datetime, datetime]]:
    """The month that is on and the n before it, newest first."""
    found = [(month_of(now, zone), next_month(month_of(now, zone), zone))]
    for _ in range(n):
        until = found[-1][0]
        found.append((month_of(until - timedelta(days=1), zone), until))
    return found


def month_around(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The month that a day lies in: [since, until)."""
    since = month_of(datetime.combine(day, time(12), zone).astimezone(UTC), zone)
    return since, next_month(since, zone)


def days(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day of [since, until)."""
    return since.astimezone(zone).date(), (until - timedelta(microseconds=1)).astimezone(zone).date()


def between(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[since, until) of two days, both included. Errors: ValueError where the last is before the first."""
    if last < first:
        raise ValueError(f"{last} is before {first}")
    since, until = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    return since, until
