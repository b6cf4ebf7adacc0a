"""What was recorded by hand: what waits for a second reader, what became of each row since, and how much of a place rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.by_hand import ACCEPTED, WAITS, Read, filled, looked_at, tidied
from data.feeds import BoxRecord, FactRecord
from data.feeds.manual_csv import COLUMNS as COLUMNS
from data.feeds.manual_csv import TYPED as TYPED
from data.pasted import Pasted as Pasted
from data.pasted import decoded as decoded
from data.pasted import pasted as pasted
from data.people import Actor
from data.queries._heard import last_heard
from data.queries._scope import allowed, where_place
from data.queries.agreement import LISTED
from data.store import tables as t
from data.store.engine import Store
from zones import by_hand as stand_in
from zones.by_hand import BY_HAND as BY_HAND
from zones.by_hand import EVENTS as EVENTS
from zones.by_hand import FACTS as FACTS
from zones.codes import KIND_OF
from zones.customs import HOLDS
from zones.place import Place
from zones.world import World

PAGE = 20
NEAR = 6  # statements of sources shown beside a row that is being recorded
AGENCIES = 30
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a batch and what became of it. `state`: zones.by_hand.STATES; `differs`: field -> (by hand, the source, who);
    `source`: the row of table report or fact, None while it waits for a second reader or takes another back. `heard_to`: up to when all
    sources that could confirm it were heard."""

    number: int
    typed: Row
    state: str
    differs: Mapping[str, tuple[str, str, str]]
    source: Row | None = None
    heard_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person recorded at once, and its rows."""

    row: Row
    entries: tuple[Entry, ...]

    @property
    def waits(self) -> bool:
        return bool(self.row["state"] == WAITS)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a place rests on what was recorded by hand: movements that no source tells of so far, of all; and of all statements that
    were received those by hand."""

    place: str
    movements: int
    movements_by_hand: int
    statements: int
    statements_by_hand: int

    @property
    def share(self) -> float | None:
        """Of the movements; None where nothing moved."""
        return self.movements_by_hand / self.movements if self.movements else None


def batches(store: Store, actor: Actor, world: World, now: datetime, *, place: str = "", page: int = 1) -> tuple[list[Batch], bool]:
    """A page of batches of the places within reach, those that wait first, then the latest; and whether there are more."""
    b = t.by_hand.c
    places = allowed(actor, world, (place,) if place else ())
    asked = sa.select(t.by_hand).where(b.place.in_(places)).order_by(b.state != WAITS, b.recorded_at.desc(), b.batch_id)
    with store.read() as conn:
        rows = conn.execute(asked.offset((max(page, 1) - 1) * PAGE).limit(PAGE + 1)).mappings().all()
        return [_batch(conn, world, dict(row)) for row in rows[:PAGE]], len(rows) > PAGE


def waiting(store: Store, actor: Actor, world: World, places: Iterable[str] = ()) -> int:
    """How many batches wait for this person to read them: not his own."""
    if not actor.may("read_by_hand"):
        return 0
    b = t.by_hand.c
    asked = sa.select(sa.func.count()).where(t.WAITS, b.place.in_(allowed(actor, world, places)), b.recorded_by != actor.name)
    with store.read() as conn:
        return int(conn.execute(asked).scalar() or 0)


def _batch(conn: Connection, world: World, row: dict[str, Any]) -> Batch:
    place = world.place(row["place"])
    if row["state"] != ACCEPTED:
        state = "draft" if row["state"] == WAITS else "not_taken"
        return Batch(row, tuple(Entry(n, typed, state, {}) for n, typed in enumerate(row["rows"], 1)))
    reports = _by_position(conn, t.report, row["message_id"])
    facts = _by_position(conn, t.fact, row["message_id"])
    whole = _movements(conn, reports.values())
    heard = _heard_to(conn, place)
    entries = []
    for n, typed in enumerate(row["rows"], 1):
        position = f"line {n + 1}"  # after the names of the columns
        if (report := reports.get(position)) is not None:
            entries.append(_of_report(n, typed, report, whole, place, heard))
        elif (fact := facts.get(position)) is not None:
            entries.append(_of_fact(conn, n, typed, fact, place, heard))
        else:
            entries.append(Entry(n, typed, "takes_back" if typed.get("takes_back") else "pending", {}))
    return Batch(row, tuple(entries))


def _by_position(conn: Connection, table: sa.Table, message_id: str) -> dict[str, Row]:
    asked = sa.select(table).where(table.c.message_id == message_id, sa.not_(table.c.outread))
    return {row["position"]: dict(row) for row in conn.execute(asked).mappings()}


def _movements(conn: Connection, reports: Iterable[Row]) -> dict[str, list[Row]]:
    """Movement id -> all reports that tell of it."""
    r = t.report.c
    reports = [report for report in reports if report["movement_id"]]
    wanted = {report["movement_id"] for report in reports}
    asked = sa.select(t.report).where(r.equipment.in_({report["equipment"] for report in reports}), r.movement_id.in_(wanted))
    found: dict[str, list[Row]] = {}
    for row in conn.execute(asked).mappings() if wanted else ():
        found.setdefault(row["movement_id"], []).append(dict(row))
    return found


def _of_report(number: int, typed: Row, report: Row, whole: Mapping[str, list[Row]], place: Place, heard: Mapping[str, Any]) -> Entry:
    others = [other for other in whole.get(report["movement_id"], ()) if other["publisher"] != BY_HAND]
    tolerance = place.tolerance(report["event"])
    heard_to = heard[KIND_OF[report["event"]]]
    if report["status"] != "live":
        return Entry(number, typed, _uncounted(report["status"]), {}, report)
    differs = stand_in.differences(report, others, "occurred_at", tolerance)
    state = stand_in.state_of(bool(others), bool(differs), _settled(report, "occurred_at", tolerance), report["received_at"], heard_to)
    return Entry(number, typed, state, differs, report, heard_to)


def _of_fact(conn: Connection, number: int, typed: Row, fact: Row, place: Place, heard: Mapping[str, Any]) -> Entry:
    f = t.fact.c
    if fact["status"] != "live":
        return Entry(number, typed, _uncounted(fact["status"]), {}, fact)
    alike = HOLDS if fact["kind"] in HOLDS else (fact["kind"],)
    at, tolerance, reach = fact["effective_at"], place.tolerance("gate_in"), stand_in.REACH
    asked = sa.select(t.fact).where(f[fact["about"]] == fact["reference"], f.about == fact["about"], f.agency == fact["agency"])
    asked = asked.where(f.kind.in_(alike), f.publisher != BY_HAND, f.status == "live", sa.not_(f.outread))
    asked = asked.where(f.effective_at >= at - reach, f.effective_at <= at + reach)
    found = [dict(row) for row in conn.execute(asked.order_by(f.received_at, f.fact_id).limit(NEAR)).mappings()]
    found = [other for other in found if not (other["hold_ref"] and fact["hold_ref"]) or other["hold_ref"] == fact["hold_ref"]]
    differs = stand_in.differences(fact, found, "effective_at", tolerance)
    heard_to = heard["customs"]
    state = stand_in.state_of(bool(found), bool(differs), _settled(fact, "effective_at", tolerance), fact["received_at"], heard_to)
    return Entry(number, typed, state, differs, fact, heard_to)


def _settled(row: Row, time: str, tolerance: timedelta) -> datetime:
    """From when no source's word of it is to be expected: what is dated by the day may have been at its end."""
    at: datetime = row[time]
    return at + tolerance + (stand_in.DAY if row["precision"] == "day" else timedelta())


def _uncounted(status: str) -> str:
    return "taken_back" if status in ("retracted", "superseded", "withdrawn") else "not_counted"


def _heard_to(conn: Connection, place: Place) -> dict[str, datetime | None]:
    """Kind -> up to when all feeds that speak for it were heard (of what nobody speaks for: all feeds); None: one never was, or none is."""
    at = last_heard(conn, [feed.id for feed in place.feeds])
    found: dict[str, datetime | None] = {}
    for kind in ("gate", "quay", "yard", "customs", ""):
        own = [at.get(feed.id) for feed in place.feeds if not kind or kind in feed.speaks_for]
        found[kind] = None if not own or None in own else min(each for each in own if each is not None)
    return found


# ---------------------------------------------------------------- while it is recorded


@dataclass(frozen=True, slots=True)
class Preview:
    """A row as it would be taken, and what sources tell of the same box: `near`, within reach of its time; `held`: by whom, where the row
    lets a held box leave; `agencies`: those that messages name, where the row names another."""

    read: Read
    near: tuple[Row, ...] = ()
    held: tuple[str, ...] = ()
    known: bool = True
    agencies: tuple[str, ...] = ()


def previews(store: Store, actor: Actor, world: World, place: str, rows: Sequence[Mapping[str, Any]]) -> list[Preview]:
    """What would become of rows that are being recorded at a place within reach; () where it is not."""
    if place not in allowed(actor, world, (place,)):
        return []
    own, typed = world.place(place), [row for row in map(tidied, rows) if filled(row)]
    found = looked_at(own, actor.name, typed)
    named = agencies(store, actor, world, place) if any(isinstance(read.said, FactRecord) for read in found) else []
    with store.read() as conn:
        return [_preview(conn, actor, own, read, named) for read in found]


def _preview(conn: Connection, actor: Actor, place: Place, read: Read, named: Sequence[str]) -> Preview:
    said, r, s, f = read.said, t.report.c, t.stay.c, t.fact.c
    if isinstance(said, BoxRecord) and said.occurred_at is not None:
        reach = stand_in.reach(place.tolerance(said.event))
        asked = sa.select(t.report).where(r.equipment == said.equipment, r.place == place.id, r.event == said.event, r.status == "live")
        asked = asked.where(r.classifier == "actual", r.occurred_at >= said.occurred_at - reach, r.occurred_at <= said.occurred_at + reach)
        near = conn.execute(asked.order_by(r.occurred_at, r.report_id).limit(NEAR)).mappings()
        stay = sa.select(s.held, s.left_at).where(s.equipment == said.equipment, where_place(actor, s.place)).order_by(s.opened_at.desc())
        last = conn.execute(stay.limit(1)).one_or_none()
        leaves = said.event in ("gate_out", "load") and last is not None and last.left_at is None
        held = tuple(last.held.split(",")) if leaves and last is not None and last.held else ()
        return Preview(read, tuple(dict(row) for row in near), held, last is not None)
    if isinstance(said, FactRecord) and said.effective_at is not None:
        own = sa.select(t.fact).where(f[said.about] == said.reference, f.about == said.about, f.agency == said.agency, f.status == "live")
        own = own.where(f.kind == said.kind, where_place(actor, f.place)).order_by(f.effective_at.desc(), f.fact_id)
        near = conn.execute(own.limit(NEAR)).mappings()
        return Preview(read, tuple(dict(row) for row in near), agencies=() if said.agency in named else tuple(named))
    return Preview(read)


def agencies(store: Store, actor: Actor, world: World, place: str) -> list[str]:
    """The agencies that customs facts of the place's latest messages name, as they are written there: a hold by hand must name the same."""
    if place not in allowed(actor, world, (place,)):
        return []
    m, f = t.message.c, t.fact.c
    feeds = [feed.id for feed in world.place(place).feeds if "customs" in feed.speaks_for]
    with store.read() as conn:
        found: dict[str, None] = {}
        for feed in feeds:
            latest = sa.select(m.message_id).where(m.feed == feed).order_by(m.received_at.desc()).limit(50)
            asked = sa.select(f.agency).where(f.message_id.in_(list(conn.execute(latest).scalars()))).distinct().order_by(f.agency)
            found.update(dict.fromkeys(conn.execute(asked.limit(AGENCIES)).scalars()))
    return sorted(found)


# ---------------------------------------------------------------- how much rests on it


def shares(store: Store, actor: Actor, world: World, now: datetime, *, places: Iterable[str] = (), days: int = 7) -> list[Share]:
    """Place by place within reach, over so many whole days and today; from counts that are kept, whatever the length of history."""
    a, lag = t.agreement.c, t.lag.c
    found = []
    with store.read() as conn:
        for place in map(world.place, allowed(actor, world, places)):
            today = place.day_of(now)
            span = sa.and_(a.place == place.id, a.event != LISTED, a.day > today - timedelta(days=days), a.day <= today)
            told = {row.told: int(row.n) for row in conn.execute(_sum(a.told, a.movements).where(span).group_by(a.told))}
            ids = [place.hand.id, *(feed.id for feed in place.feeds)]
            received = sa.and_(lag.feed.in_(ids), lag.day > today - timedelta(days=days), lag.day <= now.date())
            by_feed = {row[0]: int(row.n) for row in conn.execute(_sum(lag.feed, lag.reports).where(received).group_by(lag.feed))}
            counts = sum(told.values()), told.get("hand", 0), sum(by_feed.values()), by_feed.get(place.hand.id, 0)
            found.append(Share(place.id, *counts))
    return found


def _sum(key: Any, counted: Any) -> sa.Select[Any]:
    return sa.select(key, sa.func.sum(counted).label("n"))
