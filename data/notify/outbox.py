"""Into the outbox: notices written in the transaction of the journal line, or of the act, that they tell of.

Called with every transaction of judging: where nobody asked to be told it costs one question, and nothing where no line is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.notify.wishes import Listener, Listeners
from data.store.bulk import in_chunks, insert_new
from data.store.tables import alert_work, notice
from zones.movement import content_id
from zones.notice import told_as
from zones.world import World

Row = Mapping[str, Any]
UTC_ZONE = ZoneInfo("UTC")


def tell_lines(conn: Connection, world: World, lines: Iterable[Row], alerts: Iterable[Row]) -> int:
    """What judging wrote: notices for whoever wants to hear of it. `alerts`: the rows that the lines are of, as they stand now.

    Nothing of what is shelved; that an alert is invalidated is told to whom it is assigned. Gives how many notices were written.
    """
    rows = {row["alert_id"]: row for row in alerts}
    told = [(line, rows[line["alert_id"]]) for line in lines]
    said = [(line, row, what) for line, row in told if (what := told_as(line["what"], line["values"], row))]
    if not said or not (listeners := Listeners(conn)):
        return 0
    work = _work(conn, [row["alert_id"] for _, row, _ in said])
    found = []
    for line, row, what in said:
        own = work.get(row["alert_id"])
        shelved = own is not None and own["shelved_until"] is not None and own["shelved_until"] > line["at"]
        if what == "invalidated":
            assignee = own["assignee"] if own else ""
            hear = [each for each in listeners.at(row["place"]) if each.actor.name == assignee and assignee]
        else:
            hear = [] if shelved else listeners.wanting(row["place"], row["severity"])
        zone, direct = zone_of(world, row["place"]), what == "invalidated"
        found += [_notice(zone, line, row, what, each, direct=direct) for each in hear]
    return insert_new(conn, notice, found)


def tell_person(conn: Connection, line: Row, alert: Row, to: str, what: str = "assigned") -> int:
    """What concerns one person himself, whatever the severity: that an alert was assigned to him by another. Gives how many were written.

    Quiet hours are looked at when it is about to be sent: an act knows no zone.
    """
    if to == line["by"] or not (listeners := Listeners(conn, [to])):
        return 0
    return insert_new(conn, notice, [_notice(None, line, alert, what, each, direct=True) for each in listeners.at(alert["place"])])


def _notice(zone: ZoneInfo | None, line: Row, alert: Row, what: str, to: Listener, *, direct: bool) -> dict[str, Any]:
    at: datetime = line["at"]
    return {
        "notice_id": content_id(alert["alert_id"], str(line["line"]), what, to.actor.name, to.channel),
        "alert_id": alert["alert_id"],
        "line": line["line"],
        "what": what,
        "by": line["by"],
        "severity": alert["severity"],
        "place": alert["place"],
        "person": to.actor.name,
        "channel": to.channel,
        "direct": direct,
        "at": at,
        "due_at": to.wish.due_at(at, alert["severity"], zone, direct=direct) if zone else at,
        "delivery_id": "",
        "dropped": "",
    }


def zone_of(world: World, place: str) -> ZoneInfo:
    """The zone of a place; UTC where it is not declared any more."""
    return world.places[place].zone if place in world.places else UTC_ZONE


def _work(conn: Connection, ids: Iterable[str]) -> dict[str, Row]:
    columns = (alert_work.c.alert_id, alert_work.c.assignee, alert_work.c.shelved_until)
    found: dict[str, Row] = {}
    for chunk in in_chunks(dict.fromkeys(ids), 400):
        found |= {row["alert_id"]: row for row in conn.execute(sa.select(*columns).where(alert_work.c.alert_id.in_(chunk))).mappings()}
    return found
