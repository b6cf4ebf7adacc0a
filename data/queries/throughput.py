"""What went in and out of a place: movements and TEU by its hours, days or ISO weeks, with the period right before.

Read from table `hourly` only, whose size does not depend on how many sources told of a movement, nor on the length of history asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._bins import DAY, Bin, bins, joined, shifted
from data.queries._heard import Sight, sight
from data.queries._scope import allowed, equals
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

EVENTS = ("gate_in", "discharge", "gate_out", "load")  # what is counted: in and out; not what happens inside
SPLITS = ("event", "mode", "direction", "full_empty", "terminal")
Counted = tuple[int, int]  # movements, hundredths of TEU


@dataclass(frozen=True, slots=True)
class Slot:
    """One hour, day or week. `counts`: part (as split) -> movements and TEU.

    Not `complete`: it goes on, a source is silent since before its end, or our books began in it. Not `known`: it ends before they did.
    """

    bin: Bin
    counts: Mapping[str, Counted]
    complete: bool
    known: bool = True

    def total(self, of: int) -> int:
        """All movements (0) or hundredths of TEU (1)."""
        return sum(count[of] for count in self.counts.values())


@dataclass(frozen=True, slots=True)
class Throughput:
    """One place. `now`: the slots of the period from where our books begin; `before`: as many right before it (none where it has no data).

    `began` is the first hour in which anything was counted; `shifted` the minutes by which the place's days are off the counted hours.
    """

    place: str
    zone: str
    kind: str
    now: tuple[Slot, ...]
    before: tuple[Slot, ...]
    sight: Sight
    began: datetime | None = None
    shifted: int = 0

    @property
    def as_of(self) -> datetime | None:
        return self.sight.as_of

    @property
    def n(self) -> int:
        """Movements in the period."""
        return sum(slot.total(0) for slot in self.now)

    @property
    def empty(self) -> bool:
        return not any(slot.counts for slot in (*self.now, *self.before))

    def parts(self) -> tuple[str, ...]:
        """The parts that occur."""
        return tuple(dict.fromkeys(part for slot in (*self.now, *self.before) for part in sorted(slot.counts)))


def by_time(
    store: Store,
    actor: Actor,
    world: World,
    now: datetime,
    *,
    places: tuple[str, ...] = (),
    kind: str = DAY,
    split: str = "event",
    first: date | None = None,
    last: date | None = None,
    terminal: str = "",
    mode: str = "",
    direction: str = "",
    full_empty: str = "",
) -> list[Throughput]:
    """Each of these places (none given: all) within reach by itself, since each has its own days."""
    if split not in SPLITS:
        raise ValueError(f"{split!r} is not one of {', '.join(SPLITS)}")
    filters = equals(t.hourly, terminal=terminal, mode=mode, direction=direction, full_empty=full_empty)
    with store.read() as conn:
        return [_place(conn, world, place, now, kind, split, (first, last), filters) for place in allowed(actor, world, places)]


def _place(
    conn: Connection,
    world: World,
    place_id: str,
    now: datetime,
    kind: str,
    split: str,
    days: tuple[date | None, date | None],
    filters: list[sa.ColumnElement[bool]],
) -> Throughput:
    place = world.place(place_id)
    shown, before = bins(kind, place.zone, now, *days)
    every = [*before, *shown]
    stretch = joined(every)
    h = t.hourly.c
    within = sa.and_(h.place == place_id, h.hour >= stretch.c.start, h.hour < stretch.c.until, h.event.in_(EVENTS), *filters)
    part = t.hourly.c[split]
    asked = (
        sa.select(stretch.c.n, part.label("part"), sa.func.sum(h.movements).label("movements"), sa.func.sum(h.teu).label("teu"))
        .select_from(stretch.join(t.hourly, within))
        .group_by(stretch.c.n, part)
    )
    counted: dict[int, dict[str, Counted]] = defaultdict(dict)
    for row in conn.execute(asked):
        counted[row.n][row.part] = (int(row.movements), int(row.teu))
    seen = sight(conn, world, [place_id], now, ("gate", "quay"))
    to = seen.seen_to(now)
    began = conn.execute(sa.select(sa.func.min(h.hour)).where(h.place == place_id)).scalar()
    slots = [Slot(one, counted.get(n, {}), _within(one, began, to), began is not None and began < one.end) for n, one in enumerate(every)]
    cut = len(before)
    earlier = tuple(slots[:cut]) if any(slot.known for slot in slots[:cut]) else ()
    later = tuple(slot for slot in slots[cut:] if slot.known)
    return Throughput(place_id, place.timezone, kind, later, earlier, seen, began, shifted(place.zone, now))


def _within(one: Bin, began: datetime | None, to: datetime | None) -> bool:
    """Whether a stretch lies wholly in what we have seen."""
    return began is not None and to is not None and began <= one.start and one.end <= to
