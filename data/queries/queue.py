"""The queue of one person: parts of what is open (mine, nobody's, overdue, at my place), in rows or groups; other lists page by page.

What is in which list is `data.queries.alerts`; groups are `data.queries.groups`. Where alerts flood (zones.flood) and nothing else was
asked for, what floods is shown in groups and the rest in rows, so that nobody loses sight of the one alert that is not part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.actions import people_for
from data.people import Actor
from data.queries import alerts, groups
from data.queries._scope import where_place
from data.queries.alerts import PLACE, Condition, Row
from data.queries.groups import FLOOD, KINDS, Group
from data.queries.response import Response, is_overdue
from data.queries.response import of as clocks_of
from data.store import tables as t
from data.store.engine import Store
from zones.flood import STARTS, Flood, found
from zones.world import World

OPEN = ("open", "mine", "unassigned", "overdue", "own")  # parts of what is open; "open" is all of it
LISTS = (*OPEN, *(name for name in alerts.LISTS if name != "open"))
GROUPED = (*OPEN, "shelved", "muted")  # lists that do not grow with history
PAGE = 200  # rows handed to a browser at once
PLAIN = "none"  # by: no groups, whatever floods

_a, _w = t.alert.c, t.alert_work.c
_ROW = (
    _a.alert_id, _a.rule, _a.place, _a.equipment, _a.severity, _a.because_key, _a.because_values, _a.condition, _a.began_at, _a.ended_at,
    _a.known_at, _a.recorded_at, _a.history, _a.muted_by, _w.clock_from, _w.work, _w.assignee, _w.shelved_until, _w.shelf_reason,
    _w.outcome, _w.closed_by, _w.closed_at, _w.version,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the alerts is asked for; "" is everything.

    `own`: the places of the list "own". `text`: part of a box's number, a source or a person's name; alerts of the rules and places that it
    names (`rules`, `places`) fit as well. `by`: one of KINDS, PLAIN, or "" (in groups only what floods). `inside`: a group (Group.id).
    """

    list: str = "open"
    place: str = ""
    rule: str = ""
    severity: str = ""
    own: tuple[str, ...] = ()
    text: str = ""
    rules: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    by: str = ""
    inside: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list: `groups`, then `rows` (columns of alert and of its work).

    `total`: alerts in it, in groups or not; None for lists that only grow. `single`: those in no group. `counts`: alerts of each list that
    does not grow, as the filters leave them; `every`: without filters. `tally[(severity, rule)]`: open alerts of the place asked for.
    `clocks`: alert -> how long there is to answer it, where its place says so. `floods`: groups were made since it floods.
    `judged_at`: up to when alerts were judged; None: never.
    """

    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    more: bool
    total: int | None
    single: int | None
    counts: Mapping[str, int]
    every: Mapping[str, int]
    tally: Mapping[tuple[str, str], int] = field(default_factory=dict)
    clocks: Mapping[str, Response] = field(default_factory=dict)
    floods: bool = False
    judged_at: datetime | None = None


def show(store: Store, actor: Actor, world: World, now: datetime, asked: Asked) -> Shown:
    """One page of a list within reach, worst first; what is over, newest first."""
    with store.read() as conn:
        counted = _counted(conn, actor, world, now)
        counts = {name: _sum(counted, name, actor, asked) for name in GROUPED}
        where = conditions(actor, world, now, asked)
        flood = _flood(conn, counted, where, actor, asked)
        own: tuple[Group, ...] = ()
        narrow = [*where]
        if asked.inside:
            narrow += groups.members(conn, asked.inside, where, flood)
        elif asked.list in GROUPED and asked.by in KINDS:
            own, narrow = groups.grouped(conn, asked.by, where), [sa.false()]
        elif flood:
            own = groups.grouped(conn, FLOOD, where, flood)
            narrow.append(groups.key_of(conn, FLOOD, flood) == "")
        page = max(asked.page, 1)
        question = _joined(*_ROW).where(*narrow).order_by(*alerts.order(_family(asked.list)))
        rows = [dict(row) for row in conn.execute(question.limit(PAGE + 1).offset((page - 1) * PAGE)).mappings()]
        single = _single(conn, asked, own, narrow, counts)
        return Shown(
            rows=tuple(rows[:PAGE]),
            groups=own,
            more=len(rows) > PAGE,
            total=None if single is None else single + sum(group.n for group in own),
            single=single,
            counts=counts,
            every={name: _sum(counted, name, actor, Asked(own=asked.own)) for name in GROUPED},
            tally=_tally(counted, asked.place),
            clocks=clocks_of(conn, world, rows[:PAGE], now),
            floods=bool(flood) and not asked.inside,
            judged_at=conn.execute(sa.select(t.judged.c.up_to)).scalar(),
        )


def still(
    store: Store, actor: Actor, world: World, now: datetime, asked: Asked, ids: Iterable[str]
) -> tuple[tuple[Row, ...], Mapping[str, Response]]:
    """Of these alerts the ones that are in the list, as they stand now, and their clocks."""
    where = conditions(actor, world, now, asked)
    with store.read() as conn:
        question = _joined(*_ROW).where(_a.alert_id.in_(sorted(set(ids))[:PAGE]), *where)
        rows = tuple(dict(row) for row in conn.execute(question).mappings())
        return rows, clocks_of(conn, world, rows, now)


def these(store: Store, actor: Actor, ids: Iterable[str]) -> dict[str, Row]:
    """Alerts by their ids, in whatever list they are; those out of reach are left out."""
    with store.read() as conn:
        question = _joined(*_ROW).where(_a.alert_id.in_(sorted(set(ids))[:PAGE]), where_place(actor, PLACE))
        return {row["alert_id"]: dict(row) for row in conn.execute(question).mappings()}


def people_at(store: Store, places: Iterable[str]) -> tuple[str, ...]:
    """Who may be given alerts of any of these places."""
    with store.read() as conn:
        return tuple(sorted({name for place in set(places) for name in people_for(conn, place)}))


def conditions(actor: Actor, world: World, now: datetime, asked: Asked) -> list[Condition]:
    """All that a list and its filters demand, on alert joined with its work; not the group."""
    said = [column == value for column, value in ((PLACE, asked.place), (_a.rule, asked.rule), (_a.severity, asked.severity)) if value]
    part: dict[str, Condition] = {
        "mine": _w.assignee == actor.name,
        "unassigned": _w.assignee == "",
        "overdue": is_overdue(world, now),
        "own": PLACE.in_(asked.own),
    }
    if asked.list in part:
        said.append(part[asked.list])
    if asked.text:
        near = [column.icontains(asked.text, autoescape=True) for column in (_a.equipment, _a.unit, _w.assignee)]
        said.append(sa.or_(*near, _a.rule.in_(asked.rules), PLACE.in_(asked.places)))
    return [where_place(actor, PLACE), *said, *alerts.conditions(_family(asked.list), now)]


def _family(name: str) -> str:
    return "open" if name in OPEN else name


def _joined(*columns: Any) -> sa.Select[Any]:
    return sa.select(*columns).join_from(t.alert, t.alert_work, _w.alert_id == _a.alert_id)


# ---------------------------------------------------------------- counting

Key = tuple[str, str, str, str, bool, str]  # place, rule, severity, assignee, overdue, open or shelved or muted


def _counted(conn: Connection, actor: Actor, world: World, now: datetime) -> dict[Key, int]:
    late = sa.case((is_overdue(world, now), 1), else_=0).label("late")
    inner = {name: _joined(_a.place, _a.rule, _a.severity, _w.assignee, late) for name in ("open", "shelved", "muted")}
    counted: dict[Key, int] = {}
    for name, question in inner.items():
        each = question.where(where_place(actor, PLACE), *alerts.conditions(name, now)).subquery()
        for *key, is_late, n in conn.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c)):
            counted[key[0], key[1], key[2], key[3], bool(is_late), name] = n
    return counted


def _sum(counted: Mapping[Key, int], name: str, actor: Actor, asked: Asked) -> int:
    """How many of a list fit place, rule and severity."""
    return sum(n for key, n in counted.items() if _fits(key, name, actor, asked))


def _fits(key: Key, name: str, actor: Actor, asked: Asked) -> bool:
    place, rule, severity, assignee, late, family = key
    part = {"mine": assignee == actor.name, "unassigned": not assignee, "overdue": late, "own": place in asked.own}.get(name, True)
    filtered = asked.place in ("", place) and asked.rule in ("", rule) and asked.severity in ("", severity)
    return family == _family(name) and part and filtered


def _tally(counted: Mapping[Key, int], at: str) -> Counter[tuple[str, str]]:
    tally: Counter[tuple[str, str]] = Counter()
    for (place, rule, severity, _, _, family), n in counted.items():
        if family == "open" and at in ("", place):
            tally[severity, rule] += n
    return tally


def _single(conn: Connection, asked: Asked, own: tuple[Group, ...], narrow: list[Condition], counts: Mapping[str, int]) -> int | None:
    if asked.list not in GROUPED:
        return None
    if not own and not asked.inside and not asked.text:
        return counts[asked.list]
    return int(conn.execute(_joined(sa.func.count()).where(*narrow)).scalar_one())


def _flood(conn: Connection, counted: Mapping[Key, int], where: list[Condition], actor: Actor, asked: Asked) -> Flood:
    """What floods in this list, where that is to be shown in groups. Only rules that have enough alerts are looked at one by one."""
    if asked.list not in OPEN or not (asked.by == "" or asked.inside.startswith(FLOOD)):
        return Flood()
    by_rule: Counter[str] = Counter()
    for key, n in counted.items():
        if _fits(key, asked.list, actor, asked):
            by_rule[key[1]] += n
    rules = sorted(rule for rule, n in by_rule.items() if n > STARTS)
    if not rules:
        return Flood()
    return found(tuple(row) for row in conn.execute(_joined(_a.rule, _a.place, _a.known_at).where(*where, _a.rule.in_(rules))))
