"""One box: how it stands, and its whole history over all places, with every source's word and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import stay_of
from data.people import Actor
from data.queries._boxes import BoxState, holds_of, states
from data.queries._heard import Sight, sight
from data.queries._scope import allowed, where_place
from data.store import tables as t
from data.store.engine import Store
from zones.book import DOCUMENTS
from zones.customs import Hold
from zones.stay import Stay
from zones.world import World

MOST = 600  # reports and facts of one box: beyond, the newest are shown and the page says so
LISTED = 200  # numbers that are answered at once
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history. kind: movement, report (one that made no movement), fact, alert; `row` is the row it comes from.

    `told` are the reports that tell of a movement, the one that counts first.
    """

    kind: str
    at: datetime | None
    place: str
    row: Row
    told: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxHistory:
    """A box, its visits and holds, and what happened, newest first.

    `cut`: there is more than is shown, and older; `elsewhere`: some of it is at places out of reach.
    """

    box: BoxState
    stays: tuple[Stay, ...]
    holds: tuple[Hold, ...]
    lines: tuple[Happening, ...]
    releases: tuple[Row, ...]
    sight: Sight
    cut: bool = False
    elsewhere: bool = False


def history(store: Store, actor: Actor, world: World, number: str, now: datetime) -> BoxHistory | None:
    """All that is known of a box at the places within reach. None where nothing is."""
    with store.read() as conn:
        box = states(conn, actor, world, [number], now)[number]
        if not box.known:
            return None
        seen = where_place(actor, t.stay.c.place)
        own = sa.select(t.stay).where(t.stay.c.equipment == number, seen).order_by(t.stay.c.opened_at.desc()).limit(MOST)
        stays = tuple(stay_of(row) for row in conn.execute(own).mappings())
        reports, cut, elsewhere = _reports(conn, actor, number)
        facts = _facts(conn, actor, number)
        lines = [*_movements(conn, actor, number, reports), *_others(reports)]
        lines += [Happening("fact", f["effective_at"], f["place"], f) for f in facts]
        lines += [Happening("alert", a["began_at"], a["place"], a) for a in _alerts(conn, actor, number)]
        places = {stay.place for stay in stays} or {line.place for line in lines}
        return BoxHistory(
            box=box,
            stays=stays,
            holds=holds_of(conn, world, [number])[number],
            lines=tuple(sorted(lines, key=_newest, reverse=True)),
            releases=tuple(f for f in facts if f["kind"] == "release" and f["status"] == "live"),
            sight=sight(conn, world, sorted(place for place in places if place in world.places), now),
            cut=cut or len(facts) >= MOST,
            elsewhere=elsewhere,
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """How several boxes stand, in the order asked, and how far all sources within reach let us see."""

    boxes: tuple[BoxState, ...]
    sight: Sight


def listed(store: Store, actor: Actor, world: World, numbers: Sequence[str], now: datetime) -> Listed:
    """How each of up to 200 boxes stands, in the order given."""
    with store.read() as conn:
        boxes = tuple(states(conn, actor, world, numbers[:LISTED], now).values())
        return Listed(boxes, sight(conn, world, allowed(actor, world), now))


_ORDER = {"alert": 3, "fact": 2, "movement": 1, "report": 0}


def _newest(line: Happening) -> tuple[datetime, int, str]:
    at = line.at or line.row["received_at"]
    return at, _ORDER[line.kind], str(next(iter(line.row.values())))


def _reports(conn: Connection, actor: Actor, number: str) -> tuple[list[Row], bool, bool]:
    """The newest reports within reach; whether there are more; whether there are some out of reach."""
    r = t.report
    mine, seen = r.c.equipment == number, where_place(actor, r.c.place)
    newest = sa.func.coalesce(r.c.occurred_at, r.c.received_at).desc()
    rows = list(conn.execute(sa.select(r).where(mine, seen).order_by(newest).limit(MOST + 1)).mappings())
    beyond = actor.places is not None and conn.execute(sa.select(r.c.report_id).where(mine, sa.not_(seen)).limit(1)).first() is not None
    return [dict(row) for row in rows[:MOST]], len(rows) > MOST, beyond


def _movements(conn: Connection, actor: Actor, number: str, reports: list[Row]) -> list[Happening]:
    told: dict[str, list[Row]] = defaultdict(list)
    for row in reports:
        if row["movement_id"]:
            told[row["movement_id"]].append(row)
    m = t.movement
    asked = sa.select(m).where(m.c.equipment == number, where_place(actor, m.c.place)).order_by(m.c.occurred_at.desc()).limit(MOST)
    return [
        Happening(
            "movement",
            row["occurred_at"],
            row["place"],
            row,
            tuple(sorted(told[row["movement_id"]], key=lambda r: (not r["canonical"], r["received_at"], r["report_id"]))),
        )
        for row in (dict(found) for found in conn.execute(asked).mappings())
    ]


def _others(reports: list[Row]) -> list[Happening]:
    """Reports that made no movement: superseded, taken back, not plausible, not classified, planned, or the line of a later yard list."""
    return [Happening("report", row["occurred_at"], row["place"], row) for row in reports if not row["movement_id"]]


def _facts(conn: Connection, actor: Actor, number: str) -> list[Row]:
    """Customs facts about the box and about the documents it goes with, whatever they count as."""
    f = t.fact
    documents = list(conn.execute(sa.select(t.box_link.c.kind, t.box_link.c.reference).where(t.box_link.c.equipment == number)))
    questions = [f.c.equipment == number]
    for kind in DOCUMENTS:
        named = [reference for of, reference in documents if of == kind]
        if named:
            questions.append(sa.and_(f.c[kind].in_(named), f.c.about == kind))
    found: dict[str, Row] = {}
    for question in questions:
        for row in conn.execute(sa.select(f).where(question).order_by(f.c.received_at.desc()).limit(MOST)).mappings():
            reach = actor.sees(row["place"])
            found[row["fact_id"]] = dict(row) if reach else {**row, "message_id": "", "remark": "", "position": ""}
    return list(found.values())


def _alerts(conn: Connection, actor: Actor, number: str) -> list[Row]:
    a, w = t.alert, t.alert_work
    names = ("alert_id", "rule", "severity", "place", "condition", "began_at", "ended_at", "because_key", "because_values", "history")
    columns = [*(a.c[name] for name in names), a.c.known_at.label("received_at"), w.c.work, w.c.outcome]
    join = a.outerjoin(w, w.c.alert_id == a.c.alert_id)
    asked = sa.select(*columns).select_from(join).where(a.c.equipment == number, where_place(actor, a.c.place))
    return [dict(row) for row in conn.execute(asked.order_by(a.c.began_at.desc()).limit(MOST)).mappings()]
