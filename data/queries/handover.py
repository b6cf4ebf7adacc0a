"""What one shift tells the next about a place: open alerts, what came and was decided, what is shelved, which sources are silent, whether
the count of boxes comes out, which limits pass in the next hours.

`content` is the whole of it as plain values, at a moment: what is shown before it is signed, and what is kept when it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries import forecast, health
from data.queries._heard import sight
from data.queries._scope import allowed, where_place
from data.queries.alerts import conditions, is_open
from data.store import tables as t
from data.store.engine import Store
from zones.place import Place
from zones.shift import Span, shift_before, shift_on
from zones.world import World

AHEAD = timedelta(hours=12)
MOST = 200  # lines of a kind: a hand-over is read by people; beyond, the number is told
LATELY = 20
Row = Mapping[str, Any]
Content = dict[str, Any]

_a, _w, _l = t.alert.c, t.alert_work.c, t.alert_line.c
_TOLD = ("alert_id", "rule", "severity", "place", "equipment", "because_key", "because_values", "began_at", "ended_at", "known_at",
         "condition")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handed:
    """One hand-over as it was signed: its row and its lines."""

    row: Row
    lines: tuple[Row, ...]

    @property
    def waiting(self) -> int:
        """How many lines nobody has taken yet."""
        return sum(not line["taken"] for line in self.lines)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person finds at the hand-over of a place: the shift that is handed over, its content as it stands now where it is not signed
    yet, the hand-over that was signed for it or waits to be taken, and the latest ones."""

    place: str
    span: Span
    content: Content
    handed: Handed | None
    latest: tuple[Row, ...]


def spans(place: Place, now: datetime) -> list[Span]:
    """The shifts that may be handed over now: the one that is on, and the one before it."""
    found = [shift_on(place, now), shift_before(place, now)]
    return [span for span in found if span is not None]


def desk(store: Store, actor: Actor, world: World, place_id: str, now: datetime, began_at: datetime | None = None) -> Desk | None:
    """The hand-over of a shift of a place (that which is on, unless told). None where the place is out of reach or has no such shift."""
    if place_id not in allowed(actor, world, [place_id]):
        return None
    place = world.place(place_id)
    span = next((one for one in spans(place, now) if began_at in (None, one.began)), None)
    with store.read() as conn:
        if span is None and began_at is not None:
            row = _row(conn, place_id, began_at)
            span = Span(row["shift"], row["began_at"], row["ended_at"]) if row else None
        if span is None:
            return None
        signed = _row(conn, place_id, span.began)
        lines = sa.select(t.handover_line).order_by(t.handover_line.c.line)
        handed = None
        if signed:
            own = lines.where(t.handover_line.c.handover_id == signed["handover_id"])
            handed = Handed(signed, tuple(dict(row) for row in conn.execute(own).mappings()))
        h = t.handover.c
        told = (h.handover_id, h.shift, h.began_at, h.ended_at, h.signed_by, h.signed_at, h.accepted_by, h.accepted_at)
        past = sa.select(*told).where(h.place == place_id).order_by(h.began_at.desc()).limit(LATELY)
        latest = tuple(dict(row) for row in conn.execute(past).mappings())
        found = signed["content"] if signed else content(conn, world, place, span, now)
    if not signed:
        found |= besides(store, actor, world, place_id, span, now)
    return Desk(place_id, span, found, handed, latest)


def _row(conn: Connection, place: str, began_at: datetime) -> Row | None:
    h = t.handover.c
    row = conn.execute(sa.select(t.handover).where(h.place == place, h.began_at == began_at)).mappings().one_or_none()
    return dict(row) if row else None


def content(conn: Connection, world: World, place: Place, span: Span, now: datetime) -> Content:
    """All but the limits ahead, as plain values (times ISO 8601), of the shift up to `now` or its end."""
    until = min(now, span.ended)
    open_ones, n_open = _open(conn, place.id, now)
    return {
        "at": now.isoformat(),
        "until": until.isoformat(),
        "alerts": open_ones,
        "open": n_open,
        **_work(conn, place.id, span.began, until),
        "shelved": _shelved(conn, place.id, now),
        **_sources(conn, world, place, now),
        "silences": _silences(conn, place.id, span.began, until),
        "identity": _identity(conn, place, span.began, until),
        "limits": [],
        "gaps": [],
    }


def besides(store: Store, actor: Actor, world: World, place: str, span: Span, now: datetime) -> Content:
    """What other pages' questions tell: limits that pass soon, messages that are missing by their senders' own numbering."""
    return {"limits": limits(store, actor, world, place, now), "gaps": gaps(store, actor, world, place, span.began, now)}


def gaps(store: Store, actor: Actor, world: World, place: str, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """Numbers that senders left out, where that was seen in the shift and they have not come since."""
    found = []
    for feed in world.place(place).feeds:
        told = health.numbering(store, actor, world, feed.id, now)
        for series in told.series if told else ():
            found += [
                {"feed": feed.id, "first": str(gap.first), "last": str(gap.last), "missing": gap.missing, "since": gap.since.isoformat()}
                for gap in series.gaps
                if since <= gap.since <= now
            ]
    return found[:MOST]


def limits(store: Store, actor: Actor, world: World, place: str, now: datetime) -> list[dict[str, Any]]:
    """What passes a limit here in the next twelve hours if nothing moves."""
    found = forecast.forecast(store, actor, world, now, place=place).passes
    return [
        {"at": one.at.isoformat(), "rule": one.rule, "equipment": one.equipment, "limit": one.limit, "value": one.value}
        for one in found
        if now <= one.at <= now + AHEAD
    ][:MOST]


def _plain(row: Row, *more: str) -> dict[str, Any]:
    names = (*_TOLD, *more)
    return {name: row[name].isoformat() if isinstance(row[name], datetime) else row[name] for name in names}


def _open(conn: Connection, place: str, now: datetime) -> tuple[list[dict[str, Any]], int]:
    rank = sa.case({"act_now": 0, "today": 1}, value=_a.severity, else_=2)
    asked = sa.select(t.alert, _w.work, _w.assignee).join(t.alert_work, _w.alert_id == _a.alert_id).where(_a.place == place, *is_open(now))
    rows = conn.execute(asked.order_by(rank, _a.known_at, _a.alert_id).limit(MOST)).mappings().all()
    n = conn.execute(sa.select(sa.func.count()).select_from(asked.order_by(None).subquery())).scalar_one()
    return [_plain(dict(row), "work", "assignee") for row in rows], int(n)


def _shelved(conn: Connection, place: str, now: datetime) -> list[dict[str, Any]]:
    asked = sa.select(t.alert, _w.work, _w.assignee, _w.shelved_until, _w.shelved_by, _w.shelf_reason)
    asked = asked.join(t.alert_work, _w.alert_id == _a.alert_id).where(_a.place == place, *conditions("shelved", now))
    rows = conn.execute(asked.order_by(_w.shelved_until, _a.alert_id).limit(MOST)).mappings()
    return [_plain(dict(row), "work", "assignee", "shelved_until", "shelved_by", "shelf_reason") for row in rows]


def _work(conn: Connection, place: str, since: datetime, until: datetime) -> Content:
    """What was raised and decided in the shift, and how many alerts that were open when it began are open still."""
    within = sa.and_(_l.at >= since, _l.at < until)
    lines = sa.select(_l.alert_id, _l.at, _l.by, _l.what, _l["values"], *(_a[name] for name in _TOLD if name != "alert_id"))
    lines = lines.join(t.alert, _a.alert_id == _l.alert_id).where(_a.place == place, sa.not_(_a.history), within)
    new: Counter[str] = Counter()
    decided = []
    for row in conn.execute(lines.where(_l.what.in_(("raised", "outcome", "close"))).order_by(_l.at, _l.alert_id, _l.line)).mappings():
        if row["what"] == "raised":
            new[row["severity"]] += 1
        elif row["what"] == "outcome":
            decided.append({**_plain(dict(row)), "outcome": row["values"].get("outcome", ""), "by": row["by"], "at": row["at"].isoformat()})
    passed = sa.select(sa.func.count()).select_from(t.alert.join(t.alert_work, _w.alert_id == _a.alert_id))
    n = conn.execute(passed.where(_a.place == place, _a.recorded_at < since, *is_open(until))).scalar_one()
    return {"new": dict(new), "decided": decided[-MOST:], "n_decided": len(decided), "passed_on": int(n)}


def _sources(conn: Connection, world: World, place: Place, now: datetime) -> Content:
    """The sources that cannot be heard now, and up to when all that speak for something were."""
    speaking = [one for one in sight(conn, world, [place.id], now).feeds if one.kinds]
    ends = [one.at for one in speaking]
    data_to = None if None in ends else min((at for at in ends if at is not None), default=None)
    silent = [{"feed": one.feed, "at": one.at.isoformat() if one.at else None, "stopped": one.stopped} for one in speaking if one.blind]
    return {"sources": silent, "data_to": data_to.isoformat() if data_to else None}


def _silences(conn: Connection, place: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Spells of silence that touch the shift."""
    own = (_a.rule == "feed_silent", _a.place == place, _a.began_at < until, sa.or_(_a.ended_at.is_(None), _a.ended_at >= since))
    rows = conn.execute(sa.select(_a.subject, _a.spells).where(*own, _a.condition != "invalidated").order_by(_a.began_at)).all()
    found = []
    for subject, spells in rows:
        for began, ended in spells:
            if datetime.fromisoformat(began) < until and (ended is None or datetime.fromisoformat(ended) > since):
                found.append({"feed": subject.partition(":")[2], "began": began, "ended": ended})
    return found[:MOST]


def _identity(conn: Connection, place: Place, since: datetime, until: datetime) -> Content:
    """start + opening + came - went + corrected = inside, over the whole hours that touch the shift, up to now."""
    o = t.occupancy.c
    hour = since.replace(minute=0, second=0, microsecond=0)
    sums = [sa.func.coalesce(sa.func.sum(column), 0) for column in (o.opening, o.came, o.went, o.corrected)]
    end = until if until.minute == 0 else until.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    opening, came, went, corrected = map(int, conn.execute(sa.select(*sums).where(o.place == place.id, o.hour >= hour, o.hour < end)).one())
    later = conn.execute(sa.select(sa.func.coalesce(sa.func.sum(o.boxes), 0)).where(o.place == place.id, o.hour >= end)).scalar_one()
    inside = conn.execute(sa.select(sa.func.coalesce(sa.func.sum(t.inside.c.boxes), 0)).where(t.inside.c.place == place.id)).scalar_one()
    at_end = int(inside) - int(later)
    start = at_end - opening - came + went - corrected
    moved = {"opening": opening, "came": came, "went": went, "corrected": corrected}
    return {"since": hour.isoformat(), "start": start, **moved, "inside": at_end}


def waiting(conn: Connection, actor: Actor, places: Sequence[str]) -> dict[str, int]:
    """Place -> hand-overs that were signed and not accepted."""
    h = t.handover.c
    asked = sa.select(h.place, sa.func.count()).where(where_place(actor, h.place, places), h.accepted_at.is_(None)).group_by(h.place)
    return {place: n for place, n in conn.execute(asked)}
