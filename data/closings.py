"""What closed alerts rest on: kept with the act of closing, asked again at each judging.

The journal line of a closing names the statements that counted then: those in evidence, and what ended the alert's condition. So the
facts of a rule about closed alerts come from the journal and from what was received, and from nothing else. Statements told of a box are
looked for with that box; receipts are no statements, they cannot be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from data.books import links_of_boxes
from data.keep import Kept, Row, fact_status, span
from data.store import tables as t
from data.store.bulk import in_chunks
from data.told import act_of, fact_of, report_of
from data.versions import told as tellings
from zones.closing import COUNTS, OUTDONE, Closing, Moment, Rest, Statuses, Told, Turn, of_facts, of_reports, turns
from zones.customs import version_of as version_of_fact
from zones.report import version_of
from zones.subject import AlertFacts
from zones.world import World

RESTS = "rests_on"  # what the line of a closing calls them
ENDING = ("close", "reopen")  # acts after which a closing does not stand any more


# ---------------------------------------------------------------- when it is closed


def rests_on(conn: Connection, alert: Mapping[str, Any]) -> list[Row]:
    """The statements that count now and on which closing this alert rests: in evidence, or by which its condition ended."""
    r, f = t.report.c, t.fact.c
    found: dict[str, Row] = {}
    box, wanted, ended = alert["equipment"], list(alert["evidence"]), alert["ended_at"]
    if box:
        proof: list[sa.ColumnElement[bool]] = [r.report_id.in_(wanted)]
        if ended is not None:
            ending = sa.select(r.movement_id).where(r.equipment == box, r.canonical, r.occurred_at == ended, r.movement_id != "")
            proof.append(r.movement_id.in_(ending))
        asked = sa.select(t.report).where(r.equipment == box, sa.or_(*proof), r.status == COUNTS, sa.not_(r.outread))
        for row in conn.execute(asked).mappings():
            found[row["report_id"]] = _said("report", row["report_id"], row["event"], row["occurred_at"], row)
    about: list[sa.ColumnElement[bool]] = [f.fact_id.in_(wanted)]
    if box and ended is not None:
        links = links_of_boxes(conn, [box])[box]
        about += [sa.and_(f.equipment == box, f.effective_at == ended)]
        about += [sa.and_(f[link.kind] == link.reference, f.effective_at == ended) for link in links]
    for row in conn.execute(sa.select(t.fact).where(sa.or_(*about), f.status == COUNTS, sa.not_(f.outread))).mappings():
        found[row["fact_id"]] = _said("fact", row["fact_id"], row["kind"], row["effective_at"], row)
    return [found[i] for i in sorted(found)]


def _said(kind: str, own: str, said: str, at: datetime | None, row: Kept) -> Row:
    when = at.isoformat() if at else None
    return {"id": own, "kind": kind, "said": said, "at": when, "place": row["place"], "message": row["message_id"]}


# ---------------------------------------------------------------- when it is judged


def units(conn: Connection, alert_ids: Iterable[str]) -> list[str]:
    """Of these alerts those that were closed on something, as units to judge."""
    found: list[str] = []
    line = t.alert_line.c
    for chunk in in_chunks(alert_ids, 400):
        rows = conn.execute(sa.select(line.alert_id, line["values"]).where(line.alert_id.in_(chunk), line.what == "close"))
        found += [f"alert:{alert_id}" for alert_id, said in rows if said.get(RESTS)]
    return sorted(set(found))


def decided_anew(conn: Connection, rules: Iterable[str]) -> list[str]:
    """Units of open alerts of these rules (all about closed alerts) whose closed alert is closed once more: to be judged."""
    a, w = t.alert.c, t.alert_work.c
    asked = sa.select(a.unit).where(t.SO, a.rule.in_(sorted(rules)), a.unit.startswith("alert:"))
    open_ones = list(conn.execute(asked).scalars())
    found: list[str] = []
    for chunk in in_chunks(open_ones, 400):
        closed = sa.select(w.alert_id).where(w.alert_id.in_([unit[6:] for unit in chunk]), w.work == "closed")
        found += [f"alert:{alert_id}" for alert_id in conn.execute(closed).scalars()]
    return found


def load(conn: Connection, world: World, alert_ids: Iterable[str], at: datetime) -> list[AlertFacts]:
    """What was closed of these alerts by `at`, and what of it does not count by what was received by then."""
    found: list[AlertFacts] = []
    for chunk in in_chunks(sorted(set(alert_ids)), 200):
        rows = conn.execute(sa.select(t.alert).where(t.alert.c.alert_id.in_(chunk))).mappings()
        alerts = [dict(row) for row in rows if row["place"] in world.places]
        lines: dict[str, list[Row]] = defaultdict(list)
        line = t.alert_line.c
        acts = sa.select(t.alert_line).where(line.alert_id.in_(chunk), line.what.in_(ENDING), line.by != "", line.at <= at)
        for row in conn.execute(acts.order_by(line.alert_id, line.line)).mappings():
            lines[row["alert_id"]].append(dict(row))
        told = _Told(conn, world, alerts, lines, at)
        closed = ((alert, told.closings(alert["equipment"], lines[alert["alert_id"]])) for alert in alerts)
        found += [_facts(alert, closings) for alert, closings in closed if closings]
    return found


def _facts(alert: Row, closings: Sequence[Closing]) -> AlertFacts:
    own = {name: alert[name] for name in ("alert_id", "rule", "place", "equipment")}
    return AlertFacts(**own, closings=tuple(closings))


class _Told:
    """All that has a say in whether the statements on which some alerts were closed count: of their boxes, and of the customs facts."""

    def __init__(self, conn: Connection, world: World, alerts: Sequence[Row], lines: Mapping[str, Sequence[Row]], at: datetime) -> None:
        self.conn, self.world, self.at = conn, world, at
        self._box: dict[str, tuple[list[Moment], Statuses]] = {}
        self._fact: dict[str, tuple[list[Moment], Statuses]] = {}
        closed = {row["alert_id"] for row in alerts if any(line["values"].get(RESTS) for line in lines[row["alert_id"]])}
        self._reports({row["equipment"] for row in alerts if row["alert_id"] in closed} - {""})
        rests = [rest for each in lines.values() for line in each for rest in line["values"].get(RESTS, ())]
        self._facts({rest["id"] for rest in rests if rest["kind"] == "fact"})
        self.messages: dict[str, Row] = {}
        self._name({rest["message"] for rest in rests})

    def closings(self, box: str, lines: Sequence[Row]) -> list[Closing]:
        """The closings of one alert among the acts that end one."""
        found = []
        for n, line in enumerate(lines):
            if line["what"] == "close" and line["values"].get(RESTS):
                until = lines[n + 1]["at"] if n + 1 < len(lines) else None
                rests = tuple(self._rest(box, line["at"], rest) for rest in line["values"][RESTS])
                own = {"line": line["line"], "at": line["at"], "by": line["by"], "outcome": line["values"].get("outcome", "")}
                found.append(Closing(**own, until=until, rests=rests))
        return found

    def _rest(self, box: str, closed_at: datetime, said: Row) -> Rest:
        moments, status = (self._box.get(box) if said["kind"] == "report" else self._fact.get(said["id"])) or ([], lambda known: {})
        own = said["id"]
        found = turns(moments, lambda known: status(known).get(own, ""), self.at)
        if not status(lambda at, message: True).get(own):
            found = self._gone(said["message"], closed_at)
        self._name({turn.message_id for turn in found})
        named = tuple(replace(turn, name=self.messages.get(turn.message_id, {}).get("name", "")) for turn in found)
        at = datetime.fromisoformat(said["at"]) if said["at"] else None
        about = {name: said[name] for name in ("kind", "said", "place")}
        return Rest(statement_id=own, at=at, message_id=said["message"], turns=named, **about)

    def _gone(self, message_id: str, closed_at: datetime) -> tuple[Turn, ...]:
        """Of a statement that is kept no more, since its message used a reference that is another's: from when that was known."""
        by = self.messages.get(message_id, {}).get("outdone_by") or ""
        if not by:
            return ()
        self._name({by})
        other, c = self.messages.get(by), t.reference_choice.c
        decided = self.conn.execute(sa.select(sa.func.max(c.decided_at)).where(c.message_id.in_((by, message_id)))).scalar()
        heard = decided or (other["received_at"] if other else closed_at)
        return (Turn(heard, by, OUTDONE),) if heard <= self.at else ()

    def _name(self, message_ids: Iterable[str]) -> None:
        m = t.message.c
        asked = (m.message_id, m.name, m.received_at, m.outdone_by)
        for chunk in in_chunks(sorted(set(message_ids) - self.messages.keys()), 400):
            for row in self.conn.execute(sa.select(*asked).where(m.message_id.in_(chunk))).mappings():
                self.messages[row["message_id"]] = dict(row)

    def _span(self, row: Row) -> Any:
        place = self.world.places.get(row["place"])
        return span(place) if place else None

    def _reports(self, boxes: Iterable[str]) -> None:
        rows: dict[str, list[Row]] = defaultdict(list)
        for chunk in in_chunks(sorted(boxes), 400):
            for row in self.conn.execute(sa.select(t.report).where(t.report.c.equipment.in_(chunk))).mappings():
                rows[row["equipment"]].append(dict(row))
        a = t.document_act
        acts = defaultdict(list)
        for chunk in in_chunks(sorted({row["document"] for each in rows.values() for row in each if row["document"]}), 400):
            for row in self.conn.execute(sa.select(a).where(a.c.target.in_(chunk))).mappings():
                acts[row["target"]].append(act_of(row))
        ids = {(row["publisher"], row["source_id"]) for each in rows.values() for row in each if row["source_id"]}
        others = defaultdict(list)
        for version in tellings(self.conn, ids) if ids else ():
            others[version.publisher, version.source_id].append(version)
        for box, own in rows.items():
            told = _known_since([(report_of({**row, "outread": False}, self._span(row)), row) for row in own])
            said = {(one.record.publisher, one.record.source_id) for one in told} & others.keys()
            of_box = {version_of(one.record) for one in told}  # type: ignore[arg-type]
            also = [version for key in sorted(said) for version in others[key] if version not in of_box]
            on = [act for document in sorted({row["document"] for row in own if row["document"]}) for act in acts[document]]
            self._box[box] = of_reports(told, {id(act): act for act in on}.values(), also)

    def _facts(self, fact_ids: Iterable[str]) -> None:
        f = t.fact.c
        own: dict[str, Row] = {}
        for chunk in in_chunks(sorted(fact_ids), 400):
            own |= {row["fact_id"]: dict(row) for row in self.conn.execute(sa.select(t.fact).where(f.fact_id.in_(chunk))).mappings()}
        messages, sources = {row["message_id"] for row in own.values()}, {row["source_id"] for row in own.values()} - {""}
        near: dict[str, Row] = dict(own)
        for column, wanted in ((f.message_id, messages), (f.source_id, sources)):
            for chunk in in_chunks(sorted(wanted), 400):
                asked = sa.select(t.fact).where(column.in_(chunk), *((t.TOLD_ID,) if column is f.source_id else ()))
                near |= {row["fact_id"]: dict(row) for row in self.conn.execute(asked).mappings()}
        told = dict(zip(near, _known_since([(fact_of(row), row) for row in near.values()], self.world), strict=True))
        versions = list(tellings(self.conn, {(row["publisher"], row["source_id"]) for row in own.values() if row["source_id"]}))
        for fact_id, row in own.items():
            same = [told[i] for i, one in near.items() if _near(row, one)]
            mine = [version for version in versions if (version.publisher, version.source_id) == (row["publisher"], row["source_id"])]
            kept = {version_of_fact(one.record) for one in same if row["source_id"]}  # type: ignore[arg-type]
            self._fact[fact_id] = of_facts(same, [*mine, *(each for each in kept if each not in mine)])


def _near(row: Row, other: Row) -> bool:
    """Whether a fact is another telling of this one, or stands beside it in its message, about the same."""
    if row["source_id"] and all(other[name] == row[name] for name in ("publisher", "source_id")):
        return True
    return all(other[name] == row[name] for name in ("message_id", "about", "reference"))


def _known_since(rows: Sequence[tuple[Any, Row]], world: World | None = None) -> list[Told]:
    """From when each was known: from its receipt; what another reading of a message made of it, from that reading."""
    read: dict[str, set[datetime]] = defaultdict(set)
    for _, row in rows:
        if row["outread_at"] is not None:
            read[row["message_id"]].add(row["outread_at"])
    found = []
    for record, row in rows:
        since = row["read_at"] if row["read_at"] in read[row["message_id"]] else row["received_at"]
        alone = COUNTS
        if world is not None:
            alone = fact_status(row["given"], row["effective_at"], row["received_at"], span(world.place(row["place"])))
        found.append(Told(record, since, row["outread_at"] if row["outread"] else None, alone))
    return found


# ---------------------------------------------------------------- opened again


def still_closed(conn: Connection, alert_ids: Iterable[str], at: datetime) -> list[Row]:
    """The rows of those of these alerts that are closed, and were so by `at`."""
    w = t.alert_work.c
    found: list[Row] = []
    for chunk in in_chunks(sorted(set(alert_ids)), 400):
        asked = sa.select(t.alert).join(t.alert_work, w.alert_id == t.alert.c.alert_id).where(w.alert_id.in_(chunk))
        found += [dict(row) for row in conn.execute(asked.where(w.work == "closed", w.closed_at <= at)).mappings()]
    return found
