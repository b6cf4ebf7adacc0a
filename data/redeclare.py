"""What a changed declaration, or a new version of a rule, means for what was derived and judged under the one before.

The table `declared` keeps, beside the files, what follows from them: a place's `law` (limits, travel, expectations, closures,
capacities), which `areas` of it are counted, how its ledgers of `goods` are kept and what their lines are held to, the way it
`fold`s (what makes one movement, who is believed), and each `rule`'s version.
Where one of these differs from what was in force, the boxes and places concerned are folded again, counted again or judged again; nothing
else moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import areas, goods, landings, ledger
from data.books import STAY_COLUMNS, stay_from
from data.counts import Deltas
from data.derive import follow, refold
from data.store import tables as t
from data.store.bulk import in_chunks, upsert
from data.touched import touch
from zones.area import counted, yards
from zones.landing import APART
from zones.place import Place
from zones.rules import rules
from zones.world import World

LAW, FOLD, RULE, AREAS, GOODS = "law", "fold", "rule", "areas", "goods"


def take_effect(conn: Connection, world: World, at: datetime) -> list[tuple[str, str]]:
    """Let what is declared now take effect, in the caller's transaction; gives what changed: (kind, place) or (rule, id)."""
    now = dict(_signatures(world))
    d = t.declared.c
    before: dict[tuple[str, str], str] = {}
    for row in conn.execute(sa.select(d.kind, d.id, d.sha256).where(d.kind.in_((LAW, FOLD, RULE, AREAS, GOODS))).order_by(d.loaded_at)):
        before[row.kind, row.id] = row.sha256
    changed = [key for key, digest in now.items() if before.get(key) != digest]
    for kind, id in changed:
        if (kind, id) in before:  # the first time there is nothing to do over
            _again(conn, world, kind, id, at)
    rows = [{"kind": kind, "id": id, "sha256": now[kind, id], "loaded_at": at, "text": ""} for kind, id in changed]
    upsert(conn, t.declared, rows, ("kind", "id", "sha256"), set=("loaded_at",))
    return [key for key in changed if key in before]


def _again(conn: Connection, world: World, kind: str, id: str, at: datetime) -> None:
    s = t.stay.c
    if kind == FOLD:
        boxes = list(conn.execute(sa.select(t.report.c.equipment).where(t.report.c.place == id).distinct()).scalars())
        for chunk in in_chunks(boxes, 2000):
            refold(conn, world, chunk)
        _goods(conn, world, id)  # what is too old, what moved a box, when a month begins
        return
    if kind == AREAS:
        _count_areas(conn, world, id)
        return
    if kind == GOODS:
        _goods(conn, world, id)
        return
    if kind == LAW:
        boxes = list(conn.execute(sa.select(s.equipment).where(s.place == id).distinct()).scalars())
        of_place: list[str] = [f"feed:{feed.id}" for feed in world.place(id).feeds]
        of_place += [*landings.units(conn, [id]), *areas.all_of(conn, world, id), *goods.every_unit(conn, [id])]
        touch(conn, dict.fromkeys(of_place, ""))
    else:  # open and future subjects only: the past keeps the version that judged it
        boxes = list(conn.execute(sa.select(s.equipment).where(s.left_at.is_(None)).distinct()).scalars())
        calls, places = landings.units(conn, world.places, at - APART), areas.open_ones(conn)
        of_goods = goods.open_units(conn, world.places)
        touch(conn, dict.fromkeys([*(f"feed:{feed.id}" for feed in world.feeds), *calls, *places, *of_goods], ""))
    for chunk in in_chunks(boxes, 2000):
        touch(conn, {f"box:{box}": "" for box in chunk})


def _goods(conn: Connection, world: World, place: str) -> None:
    """The goods of a place are folded otherwise than before; so are those that took holds with them from box to box."""
    touch(conn, ledger.declared_anew(conn, world, place))
    named = sa.select(t.entry.c.equipment).where(t.IN_A_BOX, t.entry.c.place == place).distinct()
    if boxes := set(conn.execute(named).scalars()):
        follow(conn, world, boxes)


def _count_areas(conn: Connection, world: World, place: str) -> None:
    """Other areas of a place declare a capacity than before: count the hours of those that do, from all its stays."""
    conn.execute(t.area_hour.delete().where(t.area_hour.c.place == place))
    sums = Deltas(world)
    for row in conn.execute(sa.select(*STAY_COLUMNS).where(t.stay.c.place == place)):
        sums.standing(stay_from(row), 1)
    sums.write(conn)
    touch(conn, dict.fromkeys(areas.all_of(conn, world, place), ""))


def _signatures(world: World) -> Iterator[tuple[tuple[str, str], str]]:
    for place in world.places.values():
        law = (world.law(place.id).version, place.travel, place.closures, place.supervised_from, *_room(place), *_expected(place))
        yield (LAW, place.id), _digest(*law)
        yield (AREAS, place.id), _digest(sorted(counted(place)))
        yield (GOODS, place.id), _digest(_operators(place), *_held_to(world, place))
        yield (FOLD, place.id), _digest(sorted(place.same_movement.items()), place.horizon, place.kind, place.timezone, *_believed(place))
    for rule_id, rule in rules().items():
        yield (RULE, rule_id), _digest(rule.VERSION)


def _operators(place: Place) -> list[tuple[object, ...]]:
    return [(one.id, one.codes, one.methods) for one in sorted(place.operators, key=lambda one: one.id)]


def _held_to(world: World, place: Place) -> Iterator[object]:
    yield sorted(status.id for status in world.law(place.id).goods.statuses)
    if found := world.hs_list(place.id):
        yield found.version


def _room(place: Place) -> Iterator[object]:
    for yard in yards(place):
        yield yard.area, yard.capacity, sorted(yard.areas or ())
    yield sorted(place.vehicle_visits.items())


def _expected(place: Place) -> Iterator[object]:
    for feed in place.feeds:
        yield feed.id, feed.expect, sorted(feed.speaks_for or ())


def _believed(place: Place) -> Iterator[object]:
    for feed in place.feeds:
        yield feed.publisher, sorted(feed.speaks_for or ())


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()
