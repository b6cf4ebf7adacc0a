"""Alerts as a person works on them: the queue, worst first. One alert with all that proves it is `data.queries.alert`.

An alert is in exactly one list: history (from before the place was supervised), closed, shelved, open, muted (another alert says it
already, or the calendar excuses it), or ended (it went away by itself before anybody took it up). Open is what somebody has to look at:
it is so, or may be so, or somebody took it up and owes the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import where_place
from data.store import tables as t
from data.store.engine import Store
from zones.episode import SEVERITIES
from zones.work import UNDER_WAY

LISTS = ("open", "shelved", "muted", "ended", "closed", "history")
PAGE = 50  # of a list shown at once: a browser takes its time over many components
Row = Mapping[str, Any]
Condition = sa.ColumnElement[bool]

_a, _w = t.alert.c, t.alert_work.c
_SO = ("active", "unverified")
# Not the bare column: a database that went by its index would read all alerts a place ever had, instead of those that are open.
PLACE = _a.place.concat("")
RANK = sa.case({severity: n for n, severity in enumerate(SEVERITIES)}, value=_a.severity, else_=len(SEVERITIES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the alerts is asked for; "" is everything."""

    list: str = "open"
    place: str = ""
    rule: str = ""
    severity: str = ""
    mine: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a list. `rows` hold the columns of alert and of its work. `total` is None for lists that only grow.

    `open`, `shelved`: all within reach; `fitting`: as many of each as the filters leave; `hidden`: open ones the filters leave out.
    `tally[(severity, rule)]`: open alerts of the place asked for, whatever else is filtered.
    `judged_at`: up to when alerts were judged; None: never.
    """

    rows: tuple[Row, ...]
    more: bool
    total: int | None
    open: int
    shelved: int
    mine: int
    hidden: int
    tally: Mapping[tuple[str, str], int] = field(default_factory=dict)
    fitting: Mapping[str, int] = field(default_factory=dict)
    judged_at: datetime | None = None


def queue(store: Store, actor: Actor, now: datetime, asked: Asked) -> Queue:
    """The alerts of one list within reach, worst first; what is over, newest first."""
    with store.read() as conn:
        counted = _counted(conn, actor, now)
        fits = {key: n for key, n in counted.items() if _fits(key, asked, actor)}
        every = Counter({name: _sum(counted, name) for name in ("open", "shelved")})
        which = asked.list if asked.list in LISTS else "open"
        question = sa.select(t.alert, *(c for c in _w if c.name != "alert_id")).join(t.alert_work, _w.alert_id == _a.alert_id)
        question = question.where(where_place(actor, PLACE), *_filters(asked, actor), *conditions(which, now)).order_by(*order(which))
        page = max(asked.page, 1)
        found = conn.execute(question.limit(PAGE + 1).offset((page - 1) * PAGE)).mappings().all()
        tally: Counter[tuple[str, str]] = Counter()
        for (place, rule, severity, _, name), n in counted.items():
            if name == "open" and asked.place in ("", place):
                tally[severity, rule] += n
        return Queue(
            rows=tuple(dict(row) for row in found[:PAGE]),
            more=len(found) > PAGE,
            total=_sum(fits, which) if which in every else None,
            open=every["open"],
            shelved=every["shelved"],
            mine=sum(n for (_, _, _, assignee, name), n in counted.items() if name == "open" and assignee == actor.name),
            hidden=every["open"] - _sum(fits, "open"),
            tally=tally,
            fitting={name: _sum(fits, name) for name in every},
            judged_at=conn.execute(sa.select(t.judged.c.up_to)).scalar(),
        )


def is_open(now: datetime) -> tuple[Condition, ...]:
    """The conditions, on alert joined with alert_work, that an alert is open and not shelved: in the queue."""
    return conditions("open", now)


def conditions(name: str, now: datetime) -> tuple[Condition, ...]:
    """The conditions of a list, on alert joined with its work. Those of open and shelved lead over indexes of what is so now."""
    candidates = sa.union(
        sa.select(_a.alert_id).where(t.SO),
        sa.select(_w.alert_id).where(_w.work.in_(UNDER_WAY)),
    )
    live = (sa.not_(_a.history), _w.work != "closed", sa.or_(sa.and_(_a.condition.in_(_SO), _a.muted_by == ""), _w.work.in_(UNDER_WAY)))
    shelved = _w.shelved_until > now
    match name:
        case "open":
            return (_a.alert_id.in_(candidates), *live, sa.or_(_w.shelved_until.is_(None), sa.not_(shelved)))
        case "shelved":
            return (_a.alert_id.in_(candidates), *live, shelved)
        case "muted":
            so = sa.select(_a.alert_id).where(t.SO, _a.muted_by != "")
            return (_a.alert_id.in_(so), sa.not_(_a.history), _w.work == "new")
        case "closed":
            return (sa.not_(_a.history), _w.work == "closed")
        case "history":
            return (_a.history,)
        case _:
            return (sa.not_(_a.history), _w.work == "new", sa.not_(_a.condition.in_(_SO)))


def order(name: str) -> tuple[Any, ...]:
    """Worst first; what is over, newest first."""
    if name == "closed":
        return (_w.closed_at.desc(), _w.alert_id.desc())  # as the index goes, backwards
    if name in ("ended", "history"):
        return (_a.changed_at.desc(), _a.known_at.desc(), _a.alert_id)
    sure = sa.case({"active": 0, "unverified": 1}, value=_a.condition, else_=2)
    back = (_w.shelved_until,) if name == "shelved" else ()
    return (*back, RANK, sure, _a.known_at, _a.alert_id)


def _filters(asked: Asked, actor: Actor) -> list[Condition]:
    said = [column == value for column, value in ((PLACE, asked.place), (_a.rule, asked.rule), (_a.severity, asked.severity)) if value]
    return [*said, _w.assignee == actor.name] if asked.mine else said


def _counted(conn: Connection, actor: Actor, now: datetime) -> dict[tuple[str, str, str, str, str], int]:
    """(place, rule, severity, assignee, open or shelved) -> how many."""
    found: dict[tuple[str, str, str, str, str], int] = {}
    for name in ("open", "shelved"):
        groups = (_a.place, _a.rule, _a.severity, _w.assignee)
        question = sa.select(*groups, sa.func.count()).join(t.alert_work, _w.alert_id == _a.alert_id)
        for row in conn.execute(question.where(where_place(actor, PLACE), *conditions(name, now)).group_by(*groups)):
            found[row[0], row[1], row[2], row[3], name] = row[4]
    return found


def _fits(key: tuple[str, str, str, str, str], asked: Asked, actor: Actor) -> bool:
    place, rule, severity, assignee, _ = key
    return (
        asked.place in ("", place)
        and asked.rule in ("", rule)
        and asked.severity in ("", severity)
        and (not asked.mine or assignee == actor.name)
    )


def _sum(counted: Mapping[tuple[str, str, str, str, str], int], name: str) -> int:
    return sum(n for key, n in counted.items() if key[4] == name)
