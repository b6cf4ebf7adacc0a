"""How long boxes stayed (dwell, of those that left) and how long those inside have been there (age). The two are never mixed.

Dwell is read from table `dwell_bucket` only: completed visits with a known entry and a known exit, by the place's day of leaving, in
logarithmic buckets 2% wide, so that a percentile is off by 1% at the most (zones.stay.bucket). Boxes that left without a known entry
are counted beside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._bins import DAY, WEEK, Bin, bins, joined_days
from data.queries._heard import Sight, sight
from data.queries._scope import allowed, equals
from data.store import tables as t
from data.store.engine import Store
from zones.limits import Limit
from zones.stay import bucket_minutes
from zones.world import World

LIMIT = "import_dwell_warn"
LIMITED = "import"  # the direction the limit speaks of
SPLITS = ("terminal", "mode", "direction", "full_empty")
MINUTES = {"m": 1, "h": 60, "d": 1440}  # units whose length does not hang on a calendar
BANDS = (1, 3, 5, 7, 14, 30, 60, 90)  # days: ages of what is inside are counted between these
OLDEST = 20
Filters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dwells:
    """Completed visits as bucket -> how many; `imports` those of direction import among them."""

    buckets: Counter[int] = field(default_factory=Counter)
    imports: Counter[int] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        return self.buckets.total()

    def minutes(self, share: float) -> int | None:
        """The dwell in minutes that this share of the visits does not exceed (nearest rank); None where there are none."""
        return _at(self.buckets, share)

    def over(self, limit: int | None) -> float | None:
        """The share of the imports that stayed longer than the limit; None without a limit or without imports."""
        n = self.imports.total()
        if limit is None or not n:
            return None
        return sum(count for bucket, count in self.imports.items() if bucket_minutes(bucket) > limit) / n

    def curve(self) -> list[tuple[float, float, int]]:
        """(minutes, share of visits that stayed no longer, visits up to there), rising."""
        n, so_far, found = self.n, 0, []
        for bucket in sorted(self.buckets):
            so_far += self.buckets[bucket]
            found.append((bucket_minutes(bucket), so_far / n, so_far))
        return found


@dataclass(frozen=True, slots=True)
class DwellSlot:
    """A day or an ISO week of leaving. Not `complete`: it goes on, or a source is silent since before its end."""

    bin: Bin
    dwells: Dwells
    complete: bool


@dataclass(frozen=True, slots=True)
class PlaceDwell:
    """One place: the slots, all of them together, split in parts, and how many left without a known entry or exit."""

    place: str
    zone: str
    slots: tuple[DwellSlot, ...]
    whole: Dwells
    parts: Mapping[str, Dwells]
    unmeasured: int
    limit: Limit | None
    sight: Sight

    @property
    def as_of(self) -> datetime | None:
        return self.sight.as_of

    @property
    def limit_minutes(self) -> int | None:
        """The limit in minutes; None where there is none, or it counts by a calendar and has no one length."""
        return minutes_of(self.limit)


@dataclass(frozen=True, slots=True)
class Inside:
    """What is inside one place now, by age. `bands`: (from day, to day or None, with a known entry, without one: at least so old)."""

    place: str
    zone: str
    bands: tuple[tuple[int, int | None, int, int], ...]
    over: int
    limit: Limit | None
    oldest: tuple[Mapping[str, Any], ...]
    sight: Sight

    @property
    def n(self) -> int:
        return sum(known + unknown for _, _, known, unknown in self.bands)


def minutes_of(limit: Limit | None) -> int | None:
    """A limit in minutes, where its unit has one length."""
    if limit is None or limit.duration.unit not in MINUTES:
        return None
    return limit.duration.n * MINUTES[limit.duration.unit]


def by_time(
    store: Store,
    actor: Actor,
    world: World,
    now: datetime,
    *,
    places: tuple[str, ...] = (),
    kind: str = WEEK,
    split: str = "direction",
    first: date | None = None,
    last: date | None = None,
    **filters: str,
) -> list[PlaceDwell]:
    """Each of these places (none given: all) within reach. `filters`: terminal, mode, direction, full_empty."""
    if split not in SPLITS or kind not in (DAY, WEEK):
        raise ValueError(f"{split!r} or {kind!r}: not one of {', '.join((*SPLITS, DAY, WEEK))}")
    with store.read() as conn:
        found = [_place(conn, world, place, now, kind, split, (first, last), filters) for place in allowed(actor, world, places)]
    empty = min((_leading(place.slots) for place in found if place.whole.n), default=0)
    return found if first else [replace(place, slots=place.slots[empty:]) for place in found]


def _leading(slots: Sequence[DwellSlot]) -> int:
    """How many slots stand before the first in which anything left; 0 where nothing did."""
    return next((n for n, slot in enumerate(slots) if slot.dwells.n), 0)


def inside(store: Store, actor: Actor, world: World, now: datetime, *, places: tuple[str, ...] = (), **filters: str) -> list[Inside]:
    """What is inside each of these places now. `filters`: terminal, direction, full_empty."""
    with store.read() as conn:
        return [_inside(conn, world, place, now, filters) for place in allowed(actor, world, places)]


def _place(
    conn: Connection,
    world: World,
    place_id: str,
    now: datetime,
    kind: str,
    split: str,
    days: tuple[date | None, date | None],
    filters: Filters,
) -> PlaceDwell:
    place = world.place(place_id)
    shown, _ = bins(kind, place.zone, now, *days)
    stretch = joined_days(shown)
    b = t.dwell_bucket.c
    within = sa.and_(b.place == place_id, b.day >= stretch.c.first, b.day <= stretch.c.last, *equals(t.dwell_bucket, **filters))
    imported = sa.case((b.direction == LIMITED, b.stays), else_=0)
    part = b[split]
    asked = (
        sa.select(stretch.c.n, part.label("part"), b.bucket, sa.func.sum(b.stays).label("stays"), sa.func.sum(imported).label("imports"))
        .select_from(stretch.join(t.dwell_bucket, within))
        .group_by(stretch.c.n, part, b.bucket)
    )
    slots: dict[int, Dwells] = defaultdict(Dwells)
    parts: dict[str, Dwells] = defaultdict(Dwells)
    whole = Dwells()
    for row in conn.execute(asked):
        for dwells in (slots[row.n], parts[row.part], whole):
            dwells.buckets[row.bucket] += int(row.stays)
            dwells.imports[row.bucket] += int(row.imports)
    seen = sight(conn, world, [place_id], now, ("gate", "quay"))
    to = seen.seen_to(now)
    return PlaceDwell(
        place=place_id,
        zone=place.timezone,
        slots=tuple(DwellSlot(one, slots.get(n, Dwells()), to is not None and one.end <= to) for n, one in enumerate(shown)),
        whole=whole,
        parts=dict(sorted(parts.items(), key=lambda item: (-item[1].n, item[0]))),
        unmeasured=_unmeasured(conn, place_id, shown[0].start, shown[-1].end, filters),
        limit=world.law(place_id).at(LIMIT, now),
        sight=seen,
    )


def _unmeasured(conn: Connection, place: str, start: datetime, end: datetime, filters: Filters) -> int:
    """Boxes that left in the period with an end of their visit unknown. The way they left has no column: `mode` does not narrow them."""
    s = t.stay.c
    own = {name: value for name, value in filters.items() if name != "mode"}
    asked = sa.select(sa.func.count()).where(
        s.place == place, s.left_at >= start, s.left_at < end, s.left_at.is_not(None), s.dwell_minutes.is_(None), *equals(t.stay, **own)
    )
    return int(conn.execute(asked).scalar() or 0)


def _inside(conn: Connection, world: World, place_id: str, now: datetime, filters: Filters) -> Inside:
    s = t.stay.c
    place = world.place(place_id)
    own = {name: value for name, value in filters.items() if name != "mode"}
    here = [s.place == place_id, s.left_at.is_(None), *equals(t.stay, **own)]
    younger = [(s.opened_at > now - timedelta(days=days), n) for n, days in enumerate(BANDS)]
    band = sa.case(*younger, else_=len(BANDS)).label("band")
    counted = {
        row.band: row
        for row in conn.execute(
            sa.select(band, sa.func.count(s.entered_at).label("known"), sa.func.count().label("every")).where(*here).group_by(band)
        )
    }
    edges = (0, *BANDS)
    bands = [
        (edges[n], edges[n + 1] if n < len(BANDS) else None, row.known if row else 0, (row.every - row.known) if row else 0)
        for n, row in ((n, counted.get(n)) for n in range(len(edges)))
    ]
    limit = world.law(place_id).at(LIMIT, now)
    length = minutes_of(limit)
    over = 0
    if length is not None:
        imports = sa.select(sa.func.count()).where(*here, s.direction == LIMITED, s.entered_at < now - timedelta(minutes=length))
        over = int(conn.execute(imports).scalar() or 0)
    columns = (s.equipment, s.terminal, s.area, s.direction, s.full_empty, s.entered_at, s.entered_not_after, s.opened_at, s.held)
    oldest = conn.execute(sa.select(*columns).where(*here).order_by(s.opened_at).limit(OLDEST)).mappings()
    found = tuple(dict(row) for row in oldest)
    return Inside(place_id, place.timezone, tuple(bands), over, limit, found, sight(conn, world, [place_id], now, ("gate", "quay")))


def _at(buckets: Counter[int], share: float) -> int | None:
    rank, so_far = share * buckets.total(), 0
    for bucket in sorted(buckets):
        so_far += buckets[bucket]
        if so_far >= rank:
            return round(bucket_minutes(bucket))
    return None


def together(places: Iterable[PlaceDwell]) -> Dwells:
    """Several places as one."""
    whole = Dwells()
    for place in places:
        whole.buckets.update(place.whole.buckets)
        whole.imports.update(place.whole.imports)
    return whole
