"""The law as declared, and as two people agreed on a screen since: limits, and rules switched off and on.

What was accepted holds from its date, and never before it was accepted: the past keeps the law that judged it. It holds as long as the
declaration says what it said when it was proposed: once somebody changes the same limit (or off-switch) in the files, the files hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.store import tables as t
from data.store.engine import Store
from zones.limits import ALWAYS, Law, Limit
from zones.rules import amount
from zones.switch import Off, ended
from zones.world import World

ACCEPTED, REFUSED = "accepted", "refused"
LIMITS, OFF, ON = KINDS = ("limits", "off", "on")
Row = Mapping[str, Any]


def accepted(conn: Connection) -> list[Row]:
    """Every change that was accepted, place by place in the order of the proposals."""
    c = t.rule_change.c
    asked = sa.select(t.rule_change).where(c.decision == ACCEPTED).order_by(c.place, c.number)
    return [dict(row) for row in conn.execute(asked).mappings()]


def under(world: World, rows: Sequence[Row]) -> World:
    """The declared world with these changes in force."""
    by_place: dict[str, list[Row]] = {}
    for row in rows:
        if row["place"] in world.places:
            by_place.setdefault(row["place"], []).append(row)
    if not by_place:
        return world
    digest = json.dumps([[row["place"], row["number"], row["decided_at"].isoformat()] for row in rows])
    laws = {place: changed(world.law(place), own) for place, own in by_place.items()}
    return world.under(laws, hashlib.sha256(digest.encode()).hexdigest())


def in_force(store: Store, world: World) -> World:
    """The declared world with all accepted changes."""
    with store.read() as conn:
        return under(world, accepted(conn))


class Amended:
    """The world in force for a process that goes on: as declared, with what was accepted up to the moment of asking."""

    def __init__(self, store: Store, declared: Callable[[], World]) -> None:
        self.store, self.declared = store, declared
        self._lock = Lock()
        self._known: tuple[World, list[Row], World] | None = None

    def __call__(self) -> World:
        """The world now."""
        world = self.declared()
        with self.store.read() as conn:
            rows = accepted(conn)
        with self._lock:
            if self._known is None or self._known[0] is not world or self._known[1] != rows:
                self._known = (world, rows, under(world, rows))
            return self._known[2]


def changed(law: Law, rows: Iterable[Row]) -> Law:
    """A declared law with the changes of its place."""
    more: list[Limit] = []
    offs: tuple[Off, ...] = ()
    declared = law.offs
    for row in rows:
        since = starts(row)
        if row["kind"] == LIMITS:
            for name, value in row["limits"].items():
                if row["instead_of"].get(name) == versions(law, name):
                    more.append(_limit(law, name, value, since, row["reason"]))
        elif row["kind"] == OFF:
            offs = (*offs, Off(row["rule"], since, row["to_at"], row["reason"], (row["proposed_by"], row["decided_by"])))
        else:
            offs = ended(offs, row["rule"], since)
            if row["instead_of"].get(row["rule"]) == switches(law, row["rule"]):
                declared = ended(declared, row["rule"], since)
    return law.with_limits(more).with_offs((*declared, *offs))


def starts(row: Row) -> datetime:
    """From when an accepted change holds."""
    decided: datetime = row["decided_at"]
    return max(row["from_at"] or ALWAYS, decided)


def versions(law: Law, name: str) -> list[str]:
    """What is declared of a limit: the versions of it."""
    return [limit.version for limit in law.limits if limit.limit == name]


def switches(law: Law, rule: str) -> list[list[str]]:
    """What is declared of a rule's being off."""
    return [[off.since.isoformat(), off.until.isoformat() if off.until else "", off.reason] for off in law.off(rule)]


def instead_of(law: Law, row: Row) -> dict[str, Any]:
    """What a declared law says of what a change is about."""
    if row["kind"] == LIMITS:
        return {name: versions(law, name) for name in row["limits"]}
    return {row["rule"]: switches(law, row["rule"])} if row["kind"] == ON else {}


def _limit(law: Law, name: str, value: str, since: datetime, reason: str) -> Limit:
    """Counted as the limit was that it takes the place of. Two people stand for it, so it is confirmed."""
    before = law.at(name, since) or next((limit for limit in law.limits if limit.limit == name), None)
    counted = (
        {part: getattr(before, part) for part in ("calendar", "count_from", "ends", "applies", "clock", "by_calendar")} if before else {}
    )
    return Limit(
        limit=name,
        value=amount(name, value),
        valid_from=since,
        citation=reason,
        citation_status="confirmed",
        origin="place",
        **counted,
    )
