"""Calls of ships: planned, estimated and real, and how many of the boxes announced are discharged and loaded. Folded (zones/call.py).

Read is the period asked for, of 31 days at the most, and three days on both sides, by the indexes of announcements, of movements and of
what is told of ships in time: the length of history plays no part. No table is kept for it, so nothing is added to what a pull costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._heard import Sight, sight
from data.queries._scope import allowed
from data.queries.expected import moved_away
from data.store import tables as t
from data.store.engine import Store
from zones import call as fold
from zones.call import STATES, WORK, Call, Told
from zones.place import Place
from zones.world import World

BEFORE, AHEAD = 2, 3  # days around today, where the reader does not say
MOST = 31  # days of a period
AROUND = fold.NEAR


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one place whose time lies in [since, until), the earliest first. `told_at`: the latest announcement among them; `ever`:
    whether anything was ever announced of the place: where not, that no call is known means nothing. `sight`: of the quay's sources.
    """

    place: str
    zone: str
    calls: tuple[Call, ...]
    since: datetime
    until: datetime
    ever: bool
    sight: Sight

    @property
    def told_at(self) -> datetime | None:
        return max((call.announced_at for call in self.calls if call.announced_at is not None), default=None)

    @property
    def by_sea(self) -> bool:
        """Whether ships call here, as far as is declared or was ever announced."""
        return self.ever or bool(self.sight.feeds)

    def states(self, now: datetime) -> dict[str, int]:
        """How many stand how; every state, those that do not occur as 0."""
        found = dict.fromkeys(STATES, 0)
        for call in self.calls:
            found[call.state(now)] += 1
        return found


def calls(
    store: Store,
    actor: Actor,
    world: World,
    now: datetime,
    *,
    places: Iterable[str] = (),
    first: date | None = None,
    last: date | None = None,
    terminal: str = "",
    state: str = "",
) -> list[Calls]:
    """Each of these places (none given: all) within reach. The period: first to last local day, both included, of these the last 31; where
    one is not given, up to three days ahead of today, from two days before the end of it.
    """
    with store.read() as conn:
        return [
            _place(conn, world.place(one), now, (first, last), terminal, state, sight(conn, world, [one], now, ("quay",)))
            for one in allowed(actor, world, places)
        ]


def _place(
    conn: Connection, place: Place, now: datetime, days: tuple[date | None, date | None], terminal: str, state: str, seen: Sight
) -> Calls:
    since, until = period(place, now, *days)
    told = _told(conn, place.id, since - AROUND, until + AROUND)
    found = [call for call in fold.calls(told) if since <= call.at < until]
    fits = [call for call in found if (not terminal or call.terminal == terminal) and (not state or call.state(now) == state)]
    ever = (
        bool(found)
        or conn.execute(sa.select(t.report.c.report_id).where(t.report.c.place == place.id, t.PLANNED).limit(1)).first() is not None
    )
    return Calls(place.id, place.timezone, tuple(fits), since, until, ever, seen)


def period(place: Place, now: datetime, first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """[since, until): whole days of the place."""
    today = place.day_of(now)
    last = last or max(today, first or today) + timedelta(days=AHEAD)
    if first is None or first > last:
        first = min(last, today) - timedelta(days=BEFORE)
    first = max(first, last - timedelta(days=MOST - 1))
    return place.midnight(first), place.midnight(last + timedelta(days=1))


def _told(conn: Connection, place: str, since: datetime, until: datetime) -> list[Told]:
    """What is told of boxes over the quay and of ships in a stretch: announcements, movements, arrivals and departures."""
    r = t.report.c
    told_at = sa.func.coalesce(r.updated_at, r.received_at)
    columns = (
        r.report_id,
        r.equipment,
        r.event,
        r.classifier,
        r.occurred_at,
        told_at,
        r.vessel,
        r.voyage,
        r.terminal,
        r.publisher,
        r.precision,
    )
    within = sa.and_(r.place == place, r.occurred_at >= since, r.occurred_at < until)
    ship = sa.or_(r.vessel != "", r.voyage != "")
    planned = sa.select(*columns).where(within, t.PLANNED, ~r.outread, r.event.in_(WORK), ship, ~moved_away(since, until))
    done = sa.select(*columns).where(within, r.canonical, r.event.in_(WORK))
    ships = sa.select(*columns).where(within, t.OF_SHIPS, ~r.outread, r.status.in_(("live", "status_only")), ship)
    return [Told(*tuple(row)) for asked in (planned, done, ships) for row in conn.execute(asked)]
