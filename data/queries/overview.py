"""Is anything wrong now, where, since when, can we see, is it getting fuller: each place as it stands.

What is read does not grow with history: table `inside`, the open stay that is oldest, a week of `occupancy`, the latest receipt of each
feed, and the alerts that are open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._heard import Heard, sight
from data.queries._scope import allowed, where_place
from data.queries.alerts import is_open
from data.queries.live import Looking, looking
from data.store import tables as t
from data.store.engine import Store
from zones.blind import Blindness, blindness, watching
from zones.place import Closure, Place
from zones.rules import rules
from zones.world import World

ACT_NOW, CANNOT_SEE, WATCH, NORMAL, CLOSED = "act_now", "cannot_see", "watch", "normal", "closed"
STATES = (ACT_NOW, CANNOT_SEE, WATCH, NORMAL, CLOSED)  # worst first
FLOWS = frozenset({"gate", "quay", "customs"})  # told as it happens; a yard list counts at an instant of its own
TREND = timedelta(hours=24)
LEVELS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Open:
    """Open alerts of one severity: how many, how many of them nobody could verify, since when the oldest is."""

    n: int = 0
    unverified: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """Whether we know what was inside when counting began: the list that opened the books, or, without one, since when we count."""

    opened_at: datetime | None
    counted_since: datetime | None


@dataclass(frozen=True, slots=True)
class Oldest:
    """The box that is inside for longest. Not `entered`: it was inside by then at the latest."""

    equipment: str
    opened_at: datetime
    entered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNow:
    """One place. TEU are hundredths. `change` is the difference of boxes over TREND; `levels` hour -> boxes inside at its end, over LEVELS.

    `speaking` are the feeds that speak for something here; `heard_to` the one of gate, quay and customs that was heard least lately.
    """

    place: str
    alerts: Mapping[str, Open]
    boxes: int
    teu: int
    held: int
    capacity_teu: int | None
    books: Books
    change: int | None
    levels: tuple[tuple[datetime, int], ...]
    oldest: Oldest | None
    speaking: tuple[Heard, ...]
    closure: Closure | None
    looks: Looking
    blindness: Blindness

    @property
    def state(self) -> str:
        """Act now: an Act-now alert is open and sure. Watch: one is open that nobody could verify, or one for today."""
        act_now, today = self.alerts.get("act_now", Open()), self.alerts.get("today", Open())
        if act_now.n > act_now.unverified:
            return ACT_NOW
        if self.closure:
            return CLOSED
        if self.blind:
            return CANNOT_SEE
        return WATCH if act_now.n or today.n else NORMAL

    @property
    def silent(self) -> tuple[Heard, ...]:
        """The feeds that leave us without sight; while the place is closed, silence says nothing."""
        return () if self.closure else tuple(feed for feed in self.speaking if feed.blind)

    @property
    def blind(self) -> bool:
        """Whether we cannot see: nobody looks, a feed is silent or was never heard, or none speaks at all."""
        return not self.looks.now or bool(self.silent) or not self.speaking

    @property
    def heard_to(self) -> Heard | None:
        flows = [feed for feed in self.speaking if feed.kinds & FLOWS] or list(self.speaking)
        return min(flows, key=lambda feed: (feed.at is not None, feed.at), default=None)

    @property
    def data_to(self) -> datetime | None:
        """Up to when all of those were heard; None where one never was."""
        return self.heard_to.at if self.heard_to else None

    @property
    def share(self) -> float | None:
        """TEU inside as a share of the declared capacity; None where that, or what was inside at the beginning, is not known."""
        if not self.capacity_teu or self.books.opened_at is None:
            return None
        return self.teu / 100 / self.capacity_teu

    @property
    def rank(self) -> tuple[object, ...]:
        """Worst first, then longest since."""
        act_now = self.alerts.get("act_now", Open())
        return STATES.index(self.state), not self.blind, act_now.since.timestamp() if act_now.since else 0.0, self.place


def overview(store: Store, actor: Actor, world: World, now: datetime) -> list[PlaceNow]:
    """Every place within reach, worst first."""
    with store.read() as conn:
        return sorted(places_now(conn, actor, world, allowed(actor, world), now), key=lambda place: place.rank)


def places_now(conn: Connection, actor: Actor, world: World, places: Iterable[str], now: datetime) -> list[PlaceNow]:
    """How each of these places stands. The caller has looked whether the actor may see them."""
    ids = list(places)
    alerts, inside, levels = _alerts(conn, actor, ids, now), _inside(conn, ids), _levels(conn, ids, now)
    looks = looking(conn, now)
    found = []
    for place in map(world.place, ids):
        heard = sight(conn, world, [place.id], now).feeds
        boxes, teu, held = inside.get(place.id, (0, 0, 0))
        own, moved = books(conn, place), levels.get(place.id, [])
        speaking = tuple(feed for feed in heard if feed.kinds)
        found.append(
            PlaceNow(
                place=place.id,
                alerts=alerts[place.id],
                boxes=boxes,
                teu=teu,
                held=held,
                capacity_teu=capacity(place, now),
                books=own,
                change=_change(moved, own, now),
                levels=_running(moved, boxes),
                oldest=_oldest(conn, place.id),
                speaking=speaking,
                closure=place.closure_at(now),
                looks=looks,
                blindness=_blindness(world, place, speaking, looks, now),
            )
        )
    return found


def blind_places(store: Store, actor: Actor, world: World, now: datetime, at: str = "") -> dict[str, Blindness]:
    """The places within reach (or the one) that are blind to some rules, with what is blind there, the blindest first."""
    found: dict[str, Blindness] = {}
    with store.read() as conn:
        looks = looking(conn, now)
        for place in map(world.place, allowed(actor, world, (at,) if at else ())):
            speaking = [feed for feed in sight(conn, world, [place.id], now).feeds if feed.kinds]
            found[place.id] = _blindness(world, place, speaking, looks, now)
    blind = {place: seen for place, seen in found.items() if seen.blind}
    return dict(sorted(blind.items(), key=lambda pair: (-pair[1].share, pair[0])))


def _blindness(world: World, place: Place, speaking: Iterable[Heard], looks: Looking, now: datetime) -> Blindness:
    """What of the rules that are on cannot be seen; while the place is closed, silence says nothing."""
    on = watching(rules(), world.law(place.id), now)
    unheard: dict[str, datetime | None] = {}
    told: set[str] = set()
    for feed in speaking:
        told |= feed.kinds
        if feed.at is None or (feed.blind and not place.is_closed(now)):
            for kind in feed.kinds:
                unheard[kind] = None if feed.at is None else min(feed.at, unheard.get(kind, feed.at) or feed.at)
    if not looks.now:
        unheard |= dict.fromkeys(told, looks.since)
    off = {each.rule: each for each in world.law(place.id).offs if each.at(now)}
    return blindness(on, place.kind, told, unheard, off, bool(place.operators))


def capacity(place: Place, now: datetime) -> int | None:
    """The declared capacity in TEU that is in force; None where none is."""
    told = place.capacity_teu
    in_force = told is not None and (told.since is None or told.since <= now) and (told.until is None or now < told.until)
    return told.value if told is not None and in_force else None


def books(conn: Connection, place: Place) -> Books:
    """When the books of the whole place were opened by yard lists: of each terminal, where lists are by terminal."""
    y, o = t.yard_list.c, t.occupancy.c
    opened: dict[str, datetime] = {}
    for feed in place.feeds:
        first = sa.select(y.listed_at).where(y.feed == feed.id, y.status == "live").order_by(y.listed_at).limit(1)
        at = conn.execute(first).scalar()
        if at is not None:
            lists = sa.select(y.terminal).where(y.feed == feed.id, y.listed_at == at, y.status == "live")
            for terminal in conn.execute(lists).scalars():
                opened[terminal] = min(at, opened.get(terminal, at))
    terminals = {area.id for area in place.areas if area.kind == "terminal"}
    since = conn.execute(sa.select(sa.func.min(o.hour)).where(o.place == place.id)).scalar()
    if "" in opened:
        return Books(opened[""], since)
    whole = bool(terminals) and terminals <= opened.keys()
    return Books(max(opened[terminal] for terminal in terminals) if whole else None, since)


def _alerts(conn: Connection, actor: Actor, places: list[str], now: datetime) -> dict[str, dict[str, Open]]:
    a, w = t.alert.c, t.alert_work.c
    unverified = sa.func.sum(sa.case((a.condition == "active", 0), else_=1)).label("unverified")
    asked = sa.select(a.place, a.severity, sa.func.count().label("n"), unverified, sa.func.min(a.began_at).label("since"))
    asked = asked.join(t.alert_work, w.alert_id == a.alert_id).where(where_place(actor, a.place, places), *is_open(now))
    found: dict[str, dict[str, Open]] = defaultdict(dict)
    for row in conn.execute(asked.group_by(a.place, a.severity)):
        found[row.place][row.severity] = Open(int(row.n), int(row.unverified), row.since)
    return found


def _inside(conn: Connection, places: list[str]) -> dict[str, tuple[int, int, int]]:
    i = t.inside.c
    asked = sa.select(i.place, *(sa.func.sum(column) for column in (i.boxes, i.teu, i.held))).where(i.place.in_(places)).group_by(i.place)
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in conn.execute(asked)}


def _levels(conn: Connection, places: list[str], now: datetime) -> dict[str, list[tuple[datetime, int, int]]]:
    """Place -> (hour, change of boxes, of them by opening the books), oldest first, over LEVELS."""
    o = t.occupancy.c
    asked = sa.select(o.place, o.hour, sa.func.sum(o.boxes).label("boxes"), sa.func.sum(o.opening).label("opening"))
    asked = asked.where(o.place.in_(places), o.hour > now - LEVELS).group_by(o.place, o.hour).order_by(o.place, o.hour)
    found: dict[str, list[tuple[datetime, int, int]]] = defaultdict(list)
    for row in conn.execute(asked):
        found[row.place].append((row.hour, int(row.boxes), int(row.opening)))
    return found


def _change(moved: list[tuple[datetime, int, int]], books: Books, now: datetime) -> int | None:
    """How many more are inside than TREND ago, what opened the books left out; None where we do not count for that long."""
    if books.counted_since is None or books.counted_since > now - TREND:
        return None
    return sum(boxes - opening for hour, boxes, opening in moved if hour > now - TREND)


def _running(moved: list[tuple[datetime, int, int]], boxes: int) -> tuple[tuple[datetime, int], ...]:
    """Boxes inside at the end of each hour in which they changed, counted back from now; not beyond an opening of the books."""
    found: list[tuple[datetime, int]] = []
    level = boxes
    for hour, change, opening in reversed(moved):
        found.append((hour, level))
        if opening:
            break
        level -= change
    return tuple(reversed(found))


def _oldest(conn: Connection, place: str) -> Oldest | None:
    s = t.stay.c
    asked = sa.select(s.equipment, s.opened_at, s.entered_at).where(s.place == place, s.left_at.is_(None)).order_by(s.opened_at).limit(1)
    row = conn.execute(asked).one_or_none()
    return Oldest(row.equipment, row.opened_at, row.entered_at is not None) if row else None
