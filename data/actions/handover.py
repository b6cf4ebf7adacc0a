"""Handing a shift over: the outgoing person signs what stands, the incoming one takes it line by line.

What is signed is kept as it stood then and never changed. Whoever signed may not take. A line is accepted, or questioned in words; when
all are taken, the hand-over is accepted as a whole. A next step that is promised for an alert is a line of that alert's journal, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import audit
from data.actions import Conflict, NotPermitted, NotPossible, in_words
from data.people import Actor
from data.queries import handover as ask
from data.store import tables as t
from data.store.bulk import insert_rows
from data.store.engine import Store
from zones.movement import content_id
from zones.world import World

TAKEN = ("accepted", "questioned")
LONGEST_STEP = 400
Row = Mapping[str, Any]


def sign(
    store: Store, world: World, actor: Actor, now: datetime, place: str, *, began_at: datetime, steps: Mapping[str, str], note: str
) -> str:
    """Sign the hand-over of the shift that began then: what stands now is kept with the steps that are promised (alert id -> words).

    Gives its id. Errors: NotPermitted; NotPossible no_shift, long_text, no_step (an open Act now without a next step); Conflict.
    """
    _may(store, actor, now, place, "hand_over")
    declared = world.place(place)
    span = next((one for one in ask.spans(declared, now) if one.began == began_at), None)
    if span is None:
        raise NotPossible("no_shift")
    besides = ask.besides(store, actor, world, place, span, now)
    said = in_words(note) if note.strip() else ""
    handover_id = content_id(place, span.began.isoformat())
    with store.act() as conn:
        before = conn.execute(sa.select(t.handover).where(t.handover.c.handover_id == handover_id)).mappings().one_or_none()
        if before is not None:
            raise Conflict("sign", before["signed_by"], before["signed_at"], "")
        told = ask.content(conn, world, declared, span, now) | besides
        promised = {alert_id: _step(text) for alert_id, text in steps.items() if text.strip()}
        urgent = [one["alert_id"] for one in told["alerts"] if one["severity"] == "act_now"]
        if missing := [alert_id for alert_id in urgent if alert_id not in promised]:
            raise NotPossible("no_step", n=len(missing))
        row = {"handover_id": handover_id, "place": place, "shift": span.name, "began_at": span.began, "ended_at": span.ended}
        conn.execute(t.handover.insert(), {**row, "signed_by": actor.name, "signed_at": now, "note": said, "content": told,
                                           "accepted_by": "", "accepted_at": None})  # fmt: skip
        lines = _lines(told, promised, said)
        insert_rows(conn, t.handover_line, [_waiting(handover_id, number, line) for number, line in enumerate(lines, 1)])
        for one in told["alerts"]:
            if one["alert_id"] in promised:
                _promise(conn, actor, now, one["alert_id"], promised[one["alert_id"]])
        after = {"place": place, "shift": span.name, "began_at": span.began.isoformat(), "lines": len(lines)}
        audit.append(conn, at=now, actor=actor, action="sign_handover", object=f"handover:{handover_id}", after=after, reason=said)
    return handover_id


def _lines(told: Mapping[str, Any], promised: Mapping[str, str], note: str) -> list[tuple[str, str, str]]:
    """(kind, which, next step) of all that must be taken."""
    found = [("alert", one["alert_id"], promised.get(one["alert_id"], "")) for one in told["alerts"]]
    found += [("shelved", one["alert_id"], "") for one in told["shelved"]]
    found += [("source", one["feed"], "") for one in told["sources"]]
    return [*found, ("count", "", ""), *([("note", "", "")] if note else [])]


def _waiting(handover_id: str, number: int, line: tuple[str, str, str]) -> dict[str, Any]:
    kind, ref, step = line
    taken = {"taken": "", "remark": "", "by": "", "at": None}
    return {"handover_id": handover_id, "line": number, "kind": kind, "ref": ref, "step": step, **taken}


def _promise(conn: Connection, actor: Actor, now: datetime, alert_id: str, step: str) -> None:
    last = sa.select(sa.func.max(t.alert_line.c.line)).where(t.alert_line.c.alert_id == alert_id)
    number = (conn.execute(last).scalar() or 0) + 1
    line = {"alert_id": alert_id, "line": number, "at": now, "by": actor.name, "what": "handed", "values": {"step": step}, "cause": ""}
    conn.execute(t.alert_line.insert(), line)


def _step(text: str) -> str:
    said = in_words(text)
    if len(said) > LONGEST_STEP:
        raise NotPossible("long_text", most=LONGEST_STEP)
    return said


def take(store: Store, actor: Actor, now: datetime, handover_id: str, line: int, *, taken: str, remark: str = "") -> None:
    """Take one line: accepted, or questioned with what is asked. Once taken it stays so.

    Errors: NotPermitted; NotPossible second_person, no_text, not_now; Conflict where somebody took it.
    """
    with store.read() as conn:
        place = conn.execute(sa.select(t.handover.c.place).where(t.handover.c.handover_id == handover_id)).scalar()
    _may(store, actor, now, place or "", "hand_over")
    if taken not in TAKEN:
        raise NotPossible("not_now")
    said = in_words(remark) if taken == "questioned" or remark.strip() else ""
    with store.act() as conn:
        whole = _locked(conn, actor, handover_id)
        own = sa.and_(t.handover_line.c.handover_id == handover_id, t.handover_line.c.line == line)
        row = conn.execute(sa.select(t.handover_line).where(own)).mappings().one_or_none()
        if row is None or whole["accepted_at"] is not None:
            raise NotPossible("not_now")
        if row["taken"]:
            raise Conflict(row["taken"], row["by"], row["at"], "")
        conn.execute(t.handover_line.update().where(own).values(taken=taken, remark=said, by=actor.name, at=now))
        after = {"line": line, "kind": row["kind"], "ref": row["ref"], "taken": taken}
        audit.append(conn, at=now, actor=actor, action="take_handover_line", object=f"handover:{handover_id}", after=after, reason=said)


def accept(store: Store, actor: Actor, now: datetime, handover_id: str) -> None:
    """Accept the hand-over as a whole, once every line was taken. Errors: NotPermitted; NotPossible second_person, lines_left; Conflict."""
    with store.read() as conn:
        place = conn.execute(sa.select(t.handover.c.place).where(t.handover.c.handover_id == handover_id)).scalar()
    _may(store, actor, now, place or "", "hand_over")
    with store.act() as conn:
        whole = _locked(conn, actor, handover_id)
        if whole["accepted_at"] is not None:
            raise Conflict("accept", whole["accepted_by"], whole["accepted_at"], "")
        left = sa.select(sa.func.count()).select_from(t.handover_line)
        n = conn.execute(left.where(t.handover_line.c.handover_id == handover_id, t.handover_line.c.taken == "")).scalar_one()
        if n:
            raise NotPossible("lines_left", n=int(n))
        own = t.handover.c.handover_id == handover_id
        conn.execute(t.handover.update().where(own).values(accepted_by=actor.name, accepted_at=now))
        audit.append(conn, at=now, actor=actor, action="accept_handover", object=f"handover:{handover_id}")


def _locked(conn: Connection, actor: Actor, handover_id: str) -> Row:
    """The hand-over, locked. Errors: NotPossible second_person."""
    own = sa.select(t.handover).where(t.handover.c.handover_id == handover_id).with_for_update()
    row = conn.execute(own).mappings().one()
    if row["signed_by"] == actor.name:
        raise NotPossible("second_person")
    return dict(row)


def _may(store: Store, actor: Actor, now: datetime, place: str, act: str) -> None:
    """A refusal is put on record. Errors: NotPermitted."""
    if place and actor.may(act) and actor.sees(place):
        return
    with store.act() as conn:
        audit.append(conn, at=now, actor=actor, action="denied", object=f"place:{place[:64]}", reason=act)
    raise NotPermitted(f"{actor.role} {actor.name} may not {act} {place[:64]}")
