"""Open alerts in groups: by rule, place, call of a ship or operator; at most MOST rows, whatever there is, and every alert in one of them.

Where there are more groups than rows the last row is all the others together. Counted by the database over what is open now: the ship's
call and the operator (the line) are those that the alert's own evidence tells, found by the key of the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.queries.alerts import RANK
from data.store import tables as t
from zones.episode import SEVERITIES
from zones.flood import Flood

KINDS = ("rule", "place", "call", "operator")
FLOOD = "flood"  # by rule and place, of what floods: the key is rule@place, or rule@ for a rule at several places
MOST = 10  # rows
REST = "*"  # the key of "all others"
PARTED = " / "  # between a ship's name and its voyage
Condition = sa.ColumnElement[bool]

_a, _w, _r = t.alert.c, t.alert_work.c, t.report.c


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts that have something in common: `key` of its `kind`, or REST for `others` (how many groups) taken together.

    `severity` is the worst, `act_now` how many need action now. `oldest`, `newest`: when the first and the last of them was known;
    `first`, `last`: when the earliest and the latest began.
    """

    kind: str
    key: str
    n: int
    severity: str
    oldest: datetime
    newest: datetime
    first: datetime
    last: datetime
    act_now: int = 0
    others: int = 0

    @property
    def id(self) -> str:
        """As it stands in an address."""
        return f"{self.kind}:{self.key}"


def grouped(conn: Connection, kind: str, where: Sequence[Condition], flood: Flood | None = None) -> tuple[Group, ...]:
    """The groups of the alerts that `where` leaves (conditions on alert joined with its work), worst first, then largest first."""
    inner = _keyed(conn, kind, where, flood)
    found = conn.execute(_counted(inner).limit(MOST)).all()
    if not found:
        return ()
    every, total = found[0].groups, found[0].total
    own = found if every <= MOST else found[: MOST - 1]
    groups = [Group(kind, row.key, row.n, SEVERITIES[row.rank], row.oldest, row.newest, row.first, row.last, row.act_now) for row in own]
    if every > MOST:
        keys = [group.key for group in groups]
        rest = conn.execute(_whole(inner).where(inner.c.key.not_in(keys))).one()
        n = total - sum(group.n for group in groups)
        some = (SEVERITIES[rest.rank], rest.oldest, rest.newest, rest.first, rest.last, rest.act_now)
        groups.append(Group(kind, REST, n, *some, others=every - len(groups)))
    return tuple(groups)


def members(conn: Connection, inside: str, where: Sequence[Condition], flood: Flood | None = None) -> list[Condition]:
    """The condition of being in a group, given as `Group.id`; of one that is not known, none is."""
    kind, _, key = inside.partition(":")
    if kind not in (*KINDS, FLOOD):
        return [sa.false()]
    own = key_of(conn, kind, flood)
    if key == REST:
        named = [group.key for group in grouped(conn, kind, where, flood) if group.key != REST]
        return [own.not_in(named), *([own != ""] if kind == FLOOD else [])]
    if kind == FLOOD and not key.endswith("@"):  # also when the flood is over: what it was of
        rule, _, place = key.partition("@")
        return [_a.rule == rule, _a.place == place]
    if kind == FLOOD:
        return [_a.rule == key[:-1], own == key] if flood and key[:-1] in flood.rules else [_a.rule == key[:-1]]
    return [own == key]


def key_of(conn: Connection, kind: str, flood: Flood | None = None) -> sa.ColumnElement[str]:
    """What alerts of a group have in common; "" where it is not told."""
    match kind:
        case "rule":
            return _a.rule
        case "place":
            return _a.place
        case "call":
            return _told(conn, _r.vessel.concat(PARTED).concat(_r.voyage), _r.vessel)
        case "operator":
            return _told(conn, _r.line, _r.line)
        case _:
            pairs = [sa.and_(_a.rule == rule, _a.place == place) for rule, place in sorted(flood.pairs if flood else ())]
            rules = sorted(flood.rules if flood else ())
            whole = [(sa.or_(*pairs), _a.rule.concat("@").concat(_a.place))] if pairs else []
            return sa.case(*whole, (_a.rule.in_(rules), _a.rule.concat("@")), else_="")


def _told(conn: Connection, said: sa.ColumnElement[str], unless: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """What the first report of the evidence that says it says; found by the reports' key, box and id."""
    if conn.dialect.name == "postgresql":
        each: Any = sa.func.jsonb_array_elements_text(_a.evidence).table_valued("value", with_ordinality="key").render_derived()
    else:
        each = sa.func.json_each(_a.evidence).table_valued("key", "value")
    question = sa.select(said).select_from(each).join(t.report, sa.and_(_r.equipment == _a.equipment, _r.report_id == each.c.value))
    first = question.where(unless != "").order_by(each.c.key).limit(1).correlate(t.alert).scalar_subquery()
    return sa.func.coalesce(first, "")


def _keyed(conn: Connection, kind: str, where: Sequence[Condition], flood: Flood | None) -> sa.Subquery:
    key = key_of(conn, kind, flood).label("key")
    of = sa.select(key, RANK.label("rank"), _a.known_at, _a.began_at).join_from(t.alert, t.alert_work, _w.alert_id == _a.alert_id)
    return of.where(*where, *([key_of(conn, kind, flood) != ""] if kind == FLOOD else [])).subquery()


def _counted(of: sa.Subquery) -> sa.Select[Any]:
    n = sa.func.count().label("n")
    every = (sa.func.count().over().label("groups"), sa.func.sum(sa.func.count()).over().label("total"))
    return sa.select(of.c.key, n, *every, *_spans(of)).group_by(of.c.key).order_by(sa.func.min(of.c.rank), n.desc(), of.c.key)


def _whole(of: sa.Subquery) -> sa.Select[Any]:
    return sa.select(*_spans(of))


def _spans(of: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    least, most, c = sa.func.min, sa.func.max, of.c
    return (
        least(c.rank).label("rank"), least(c.known_at).label("oldest"), most(c.known_at).label("newest"),
        least(c.began_at).label("first"), most(c.began_at).label("last"),
        sa.func.sum(sa.case((c.rank == SEVERITIES.index("act_now"), 1), else_=0)).label("act_now"),
    )  # fmt: skip
