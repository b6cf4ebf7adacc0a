"""The rules as a person looks at them: what is on where, by which limits, who changed them, and how well each does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import allowed, where_place
from data.rule_changes import ACCEPTED, LIMITS, OFF, instead_of, starts
from data.rule_changes import Amended as Amended
from data.store import tables as t
from data.store.engine import Store
from zones.backtest import limits_at, limits_of
from zones.limits import ORIGINS, Limit, succession
from zones.precision import HIT, Precision, at_share, precision
from zones.rules import rules
from zones.switch import Off
from zones.world import World

DAYS = 90  # of a card, where the reader does not say
MOST = 20_000  # alerts of a card, the newest
CHANGES = 50
HIT_SINCE = timedelta(days=400)  # how far back the last true hit is looked for
Row = Mapping[str, Any]
_a, _w, _c = t.alert.c, t.alert_work.c, t.rule_change.c


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule at one place. `limits`: by name the version in force, None where none is declared; `off`: since when it is off, or will be;
    `open`: alerts that are so now; `by`: limit name -> the change on a screen that it comes from."""

    rule: str
    place: str
    limits: Mapping[str, Limit | None]
    by: Mapping[str, Row]
    off: Off | None
    open: int
    waits: Row | None
    watches: bool = True

    @property
    def state(self) -> str:
        """on | off | no_limit: nothing of what it goes by is declared here."""
        if self.off is not None:
            return "off"
        return "on" if self.watches else "no_limit"


@dataclass(frozen=True, slots=True)
class Card:
    """How a rule did at one place in [since, until). Minutes from when an alert was recorded; `capped`: only the newest were read."""

    place: str
    alerts: int
    severities: Mapping[str, int]
    outcomes: Mapping[str, int]
    without: int
    precision: Precision
    acknowledge: tuple[int, int | None, int | None]
    decide: tuple[int, int | None, int | None]
    last_hit: Row | None
    capped: bool = False


def standing(store: Store, actor: Actor, world: World, now: datetime, *, place: str = "", rule: str = "") -> list[Standing]:
    """Each rule (or the one) at each place within reach (or the one), rule by rule."""
    places = allowed(actor, world, (place,) if place else ())
    with store.read() as conn:
        counted = _open(conn, actor)
        waits = {(row["place"], row["rule"]): dict(row) for row in _changes(conn, places, "")}
        agreed = [dict(row) for row in _changes(conn, places, ACCEPTED)]
    found = []
    for rule_id, module in rules().items():
        for own in places if rule in ("", rule_id) else ():
            law = world.law(own)
            limits = {name: law.at(name, now) for name in limits_at(module, law)}
            watches = module.watches(law) if hasattr(module, "watches") else not limits or any(limits.values())
            off = next((each for each in law.off(rule_id) if each.until is None or each.until > now), None)
            by = {name: row for name, limit in limits.items() if limit and (row := _set_by(agreed, own, name, limit))}
            found.append(Standing(rule_id, own, limits, by, off, counted[rule_id, own], waits.get((own, rule_id)), bool(watches)))
    return found


def switched_off(actor: Actor, world: World, now: datetime) -> list[tuple[str, Off]]:
    """(place, off) of every rule that is off now: what nobody is told of there. A part of what a place cannot see."""
    return [(place, off) for place in allowed(actor, world) for off in world.law(place).offs if off.at(now) and off.rule in rules()]


def known(rule: str) -> ModuleType | None:
    """The rule of an id, if there is one."""
    return rules().get(rule)


def history(actor: Actor, world: World, rule: str) -> list[tuple[str, Limit]]:
    """Every version of the limits a rule goes by, at each place within reach: (place, version), newest first; each ends where the next
    begins."""
    names = limits_of(rules()[rule])
    every = [
        (place, limit)
        for place in allowed(actor, world)
        for name in names
        for origin in ORIGINS
        for limit in succession(each for each in world.law(place).limits if each.limit == name and each.origin == origin)
    ]
    return sorted(every, key=lambda pair: (pair[0], names.index(pair[1].limit), -_seconds(pair[1].valid_from)))


def changes(store: Store, actor: Actor, world: World, rule: str) -> list[dict[str, Any]]:
    """What was proposed for a rule, newest first; of one that waits: `stale`, whether the files say otherwise since."""
    places = allowed(actor, world)
    asked = sa.select(t.rule_change).where(_c.place.in_(places), _c.rule == rule).order_by(_c.proposed_at.desc()).limit(CHANGES)
    with store.read() as conn:
        rows: list[dict[str, Any]] = [dict(row) for row in conn.execute(asked).mappings()]
    for row in rows:
        row["stale"] = row["instead_of"] != instead_of(world.declared.law(row["place"]), row)
        row["starts"] = starts(row) if row["decision"] == ACCEPTED else None
    return rows


def card(
    store: Store, actor: Actor, world: World, rule: str, *, since: datetime, until: datetime, places: Sequence[str] = ()
) -> list[Card]:
    """How a rule did at each place within reach, of the alerts that could be known in the period (no history)."""
    with store.read() as conn:
        return [_card(conn, rule, place, since, until) for place in allowed(actor, world, places)]


def _card(conn: Connection, rule: str, place: str, since: datetime, until: datetime) -> Card:
    columns = (_a.severity, _a.recorded_at, _w.outcome, _w.outcome_at, _w.acknowledged_at)
    own = (_a.rule == rule, _a.place == place, sa.not_(_a.history), _a.condition != "invalidated")
    asked = sa.select(*columns).join(t.alert_work, _w.alert_id == _a.alert_id).where(*own, _a.known_at >= since, _a.known_at < until)
    rows = conn.execute(asked.order_by(_a.known_at.desc()).limit(MOST)).all()
    outcomes = Counter(row.outcome for row in rows if row.outcome)
    hit = sa.select(_a.alert_id, _a.because_key, _a.because_values, _a.began_at, _a.ended_at, _a.place, _w.outcome, _w.outcome_at)
    hit = hit.join(t.alert_work, _w.alert_id == _a.alert_id).where(_a.rule == rule, _a.place == place, _w.outcome.in_(HIT))
    last = conn.execute(hit.where(_a.known_at >= until - HIT_SINCE).order_by(_a.known_at.desc()).limit(1)).mappings().one_or_none()
    return Card(
        place=place,
        alerts=len(rows),
        severities=Counter(row.severity for row in rows),
        outcomes=outcomes,
        without=sum(not row.outcome for row in rows),
        precision=precision(outcomes),
        acknowledge=_times((row.recorded_at, row.acknowledged_at) for row in rows),
        decide=_times((row.recorded_at, row.outcome_at) for row in rows),
        last_hit=dict(last) if last else None,
        capped=len(rows) == MOST,
    )


def _times(pairs: Any) -> tuple[int, int | None, int | None]:
    """(n, median, 90th percentile) in minutes of those that have an end."""
    minutes = [max(int((end - start) / timedelta(minutes=1)), 0) for start, end in pairs if end is not None]
    return len(minutes), at_share(minutes, 0.5), at_share(minutes, 0.9)


def _open(conn: Connection, actor: Actor) -> Mapping[tuple[str, str], int]:
    so = (t.SO, where_place(actor, _a.place.concat("")), sa.not_(_a.history))
    asked = sa.select(_a.rule, _a.place, sa.func.count().label("n")).where(*so).group_by(_a.rule, _a.place)
    return defaultdict(int, {(row.rule, row.place): row.n for row in conn.execute(asked)})


def _changes(conn: Connection, places: Sequence[str], decision: str) -> Any:
    return conn.execute(sa.select(t.rule_change).where(_c.decision == decision, _c.place.in_(places)).order_by(_c.number)).mappings()


def _set_by(agreed: Sequence[Row], place: str, name: str, limit: Limit) -> Row | None:
    """The change that a version of a limit comes from."""
    mine = [row for row in agreed if row["place"] == place and row["kind"] == LIMITS and name in row["limits"]]
    return next((row for row in reversed(mine) if starts(row) == limit.valid_from and row["limits"][name] == str(limit.value)), None)


def set_by(rows: Sequence[Row], place: str, limit: Limit) -> Row | None:
    """Of the changes of a rule the accepted one that a version of a limit comes from."""
    return _set_by(sorted((r for r in rows if r["decision"] == ACCEPTED), key=lambda r: r["number"]), place, limit.limit, limit)


def is_off(row: Row) -> bool:
    """Whether a change switches a rule off."""
    return bool(row["kind"] == OFF)


def _seconds(at: datetime) -> float:
    return at.timestamp() if at.year > 1 else float("-inf")
