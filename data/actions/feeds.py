"""What people do with sources: letting one that was stopped go on, saying how often one is expected. Right, place, reason, audit row.

How often a source is expected takes two people: one proposes, another accepts or refuses.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import audit, breaker
from data.actions import Conflict, NotPermitted, NotPossible, in_words
from data.expectation import ACCEPTED, read, written
from data.people import Actor
from data.store import tables as t
from data.store.engine import Store
from data.touched import touch
from zones.place import Feed
from zones.world import World

REFUSED = "refused"


def read_on(store: Store, world: World, actor: Actor, now: datetime, feed: str, *, reason: str, seen: int) -> None:
    """A stopped source goes on: the next pull reads what was kept, then what comes. `seen`: the number of the stop the person saw.

    Errors: NotPermitted; NotPossible no_text, long_text, not_stopped; Conflict where somebody else was first.
    """
    _may(store, world, actor, now, feed, "read_on")
    said, b = in_words(reason), t.breaker.c
    with store.act() as conn:
        last = sa.select(t.breaker).where(b.feed == feed).order_by(b.number.desc()).limit(1).with_for_update()
        row = conn.execute(last).mappings().one_or_none()
        if row is None:
            raise NotPossible("not_stopped")
        if row["number"] != seen or row["closed_at"] is not None:
            raise Conflict("read_on", row["closed_by"], row["closed_at"], "")
        own = sa.and_(b.feed == feed, b.number == seen)
        conn.execute(t.breaker.update().where(own).values(closed_at=now, closed_by=actor.name, closed_reason=said))
        breaker.look(conn, feed, seen, now)
        counts = {name: row[name] for name in ("why", "records", "rejected")}
        audit.append(conn, at=now, actor=actor, action="read_on", object=f"feed:{feed}", before=counts, after={"number": seen}, reason=said)


def propose(
    store: Store,
    world: World,
    actor: Actor,
    now: datetime,
    feed: str,
    *,
    expect: list[dict[str, Any]],
    reckoned: dict[str, Any],
    reason: str,
) -> int:
    """Propose how often a source is expected (data.expectation.written), for another person to accept. Gives the number of the proposal.

    What was reckoned goes with it. A proposal that waits is replaced. Errors: NotPermitted; NotPossible no_text, long_text.
    """
    own = _may(store, world, actor, now, feed, "propose_expect")
    said, e = in_words(reason), t.expectation.c
    expect = written(read(expect))
    with store.act() as conn:
        number = (conn.execute(sa.select(sa.func.max(e.number)).where(e.feed == feed)).scalar() or 0) + 1
        waits = sa.and_(e.feed == feed, e.decision == "")
        instead = {"decision": REFUSED, "decided_by": actor.name, "decided_at": now, "decision_reason": ""}
        conn.execute(t.expectation.update().where(waits).values(instead))
        row = {"feed": feed, "number": number, "expect": expect, "instead_of": written(own.expect), "reckoned": reckoned}
        conn.execute(t.expectation.insert(), {**row, "proposed_by": actor.name, "proposed_at": now, "reason": said})
        _tell(conn, now, actor, "propose_expect", feed, None, {"number": number, "expect": expect}, said)
    return number


def decide(store: Store, world: World, actor: Actor, now: datetime, feed: str, *, number: int, accept: bool, reason: str) -> None:
    """Accept or refuse what another person proposed. Accepted, silence is judged by it from now on. Who proposed may take it back.

    Errors: NotPermitted; NotPossible no_text, long_text, second_person, declared_since; Conflict where somebody else was first.
    """
    own = _may(store, world, actor, now, feed, "decide_expect")
    said, e = in_words(reason), t.expectation.c
    which = sa.and_(e.feed == feed, e.number == number)
    with store.act() as conn:
        row = conn.execute(sa.select(t.expectation).where(which).with_for_update()).mappings().one_or_none()
        if row is None or row["decision"]:
            raise Conflict("decide_expect", row["decided_by"] if row else "", row["decided_at"] if row else None, "")
        if accept and row["proposed_by"] == actor.name:
            raise NotPossible("second_person")
        if accept and row["instead_of"] != written(own.expect):
            raise NotPossible("declared_since")
        decision = ACCEPTED if accept else REFUSED
        decided = {"decision": decision, "decided_by": actor.name, "decided_at": now, "decision_reason": said}
        conn.execute(t.expectation.update().where(which).values(decided))
        touch(conn, {f"feed:{feed}": ""})
        _tell(conn, now, actor, "decide_expect", feed, {"number": number}, {"decision": decision, "expect": row["expect"]}, said)


def _may(store: Store, world: World, actor: Actor, now: datetime, feed: str, act: str) -> Feed:
    """The feed, where this person may do that with it; a refusal is put on record. Errors: NotPermitted."""
    own = next((known for known in world.feeds if known.id == feed), None)
    if own is None or not actor.may(act) or not actor.sees(own.place):
        with store.act() as conn:
            audit.append(conn, at=now, actor=actor, action="denied", object=f"feed:{feed[:64]}", reason=act)
        raise NotPermitted(f"{actor.role} {actor.name} may not {act} {feed[:64]}")
    return own


def _tell(conn: Connection, now: datetime, actor: Actor, action: str, feed: str, before: Any, after: Any, reason: str) -> None:
    audit.append(conn, at=now, actor=actor, action=action, object=f"feed:{feed}", before=before, after=after, reason=reason)
