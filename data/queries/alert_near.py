"""How near an alert was, and where its box stood: what would have had to be otherwise, and the area it was in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.judge import Bench
from data.people import Actor
from data.queries._scope import where_place
from data.store import tables as t
from zones.rules import rules
from zones.whatif import Otherwise, otherwise
from zones.world import World

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the box of an alert stood at its place: `area` as told, "" where nobody told; `inside`: it is there still."""

    place: str
    area: str
    inside: bool


def row_of(conn: Connection, actor: Actor, alert_id: str) -> Row | None:
    """The row of an alert, if it is within reach."""
    a = t.alert.c
    found = conn.execute(sa.select(t.alert).where(a.alert_id == alert_id, where_place(actor, a.place))).mappings().one_or_none()
    return dict(found) if found is not None else None


def near(conn: Connection, actor: Actor, world: World, alert: Row, judged_at: datetime | None) -> tuple[Otherwise, ...]:
    """What could have been otherwise so that there were no alert, as far as it concerns places within reach. Of boxes only."""
    rule = rules().get(alert["rule"])
    if rule is None or judged_at is None or not alert["unit"].startswith("box:") or alert["condition"] == "invalidated":
        return ()
    bench = Bench(world, judged_at)
    box = next(iter(bench.boxes(conn, [alert["equipment"]])), None)
    if box is None:
        return ()
    anchor = tuple(alert["anchor_reports"])
    found = otherwise(box, rule, anchor, alert["began_at"], judged_at, world.law, bench.travel)
    return tuple(one for one in found if not one.place or actor.sees(one.place))


def whereabouts(conn: Connection, alert: Row) -> Whereabouts | None:
    """Where the box stood in the visit that the alert is about; None where it is about no box, or none was ever inside."""
    if not alert["equipment"]:
        return None
    s = t.stay.c
    own = sa.select(s.area, s.left_at).where(s.equipment == alert["equipment"], s.place == alert["place"], s.opened_at <= alert["began_at"])
    row = conn.execute(own.order_by(s.opened_at.desc(), s.stay_id).limit(1)).one_or_none()
    return Whereabouts(alert["place"], row.area, row.left_at is None) if row else None
