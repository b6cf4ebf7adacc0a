"""Alerts and their journal: what was recorded of some units, what is found now, and the lines that differ.

Whatever changes is one line, naming what caused it. People's work is left alone, but for two things: what was closed opens again when its
condition returns or what it was closed on counts no more, and what got worse comes off its shelf. Either starts the clock of its response
anew, as do a worse severity and being muted no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import closings
from data.keep import Row
from data.notify.outbox import tell_lines
from data.store import tables as t
from data.store.bulk import in_chunks, insert_new, insert_rows, upsert
from zones.alert import Occasion, Recorded, matched, next_look, occasions, turned
from zones.asking import Judged
from zones.episode import Because, Episode, Step
from zones.movement import content_id
from zones.muting import SOURCE, Stood, muted_by, next_turn, stood
from zones.work import ends_shelf, is_shelved, reopened_by

if TYPE_CHECKING:
    from data.judge import Bench


class Writing:
    """Alerts of some units: what was recorded, what is found now, and the lines that differ."""

    def __init__(self, conn: Connection, bench: Bench, units: Mapping[str, str]) -> None:
        self.conn, self.bench, self.units = conn, bench, units
        self.alerts: list[Row] = []
        self.works: list[Row] = []
        self.changed_works: list[Row] = []
        self.journal: list[Row] = []
        self.recorded: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.of_unit: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)  # unit -> (rule, subject) of what was recorded of it
        self.line: dict[str, int] = {}
        self.work: dict[str, Row] = {}
        self.stood: list[Stood] = []  # of the unit that is being written
        a = t.alert.c
        for chunk in in_chunks(units, 400):
            for row in conn.execute(sa.select(t.alert).where(a.unit.in_(chunk))).mappings():
                self.recorded[row["rule"], row["subject"]].append(dict(row))
                self.of_unit[row["unit"]][row["rule"], row["subject"]] = None
        ids = [row["alert_id"] for rows in self.recorded.values() for row in rows]
        for chunk in in_chunks(ids, 400):
            lines = sa.select(t.alert_line.c.alert_id, sa.func.max(t.alert_line.c.line)).where(t.alert_line.c.alert_id.in_(chunk))
            self.line.update((alert_id, line) for alert_id, line in conn.execute(lines.group_by(t.alert_line.c.alert_id)))
            w = t.alert_work.c
            works = sa.select(w.alert_id, w.work, w.shelved_until, w.closed_at).where(w.alert_id.in_(chunk))
            self.work.update((row["alert_id"], dict(row)) for row in conn.execute(works).mappings())

    def write(self, cases: Mapping[str, list[Judged]]) -> None:
        """Match, journal, and set when each unit is looked at next."""
        dues: list[Row] = []
        for unit, judged in cases.items():
            looks = [self.bench.later] if self.bench.later else []
            answered: set[tuple[str, str]] = set()
            standing = [self._occasions(rule, found) for _, rule, _, found in judged]
            self.stood = [one for (rule_id, *_), now in zip(judged, standing, strict=True) if now for one in stood(rule_id, now)]
            for (rule_id, rule, subject, found), now in zip(judged, standing, strict=True):
                answered.add((rule_id, subject))
                self._subject(unit, rule_id, rule, subject, now)
                looks += [look for look in (next_look(found, self.bench.at), self._next_turn(rule_id, now)) if look]
            for rule_id, subject in () if unit.startswith(("feed:", "area:")) else self.of_unit.get(unit, ()):
                if (rule_id, subject) not in answered:
                    self._subject(unit, rule_id, None, subject, [])
            if looks:
                dues.append({"unit": unit, "look_at": min(looks)})
        for chunk in in_chunks(cases, 500):
            self.conn.execute(t.due.delete().where(t.due.c.unit.in_(chunk)))
        insert_rows(self.conn, t.due, dues)
        again = self._open_again(cases)
        if self.alerts:
            upsert(self.conn, t.alert, self.alerts, ("alert_id",), set=[c for c in self.alerts[0] if c != "alert_id"])
        insert_rows(self.conn, t.alert_work, self.works)
        self._move_works()
        insert_rows(self.conn, t.alert_line, self.journal)
        tell_lines(self.conn, self.bench.world, self.journal, [*again, *self.alerts])
        self._touch_who_leans()
        self._touch_closed()
        self.bench.lines += len(self.journal)
        self.bench.raised += len(self.works)

    def _touch_who_leans(self) -> None:
        """When a source falls silent or is heard again, the alerts that its silence mutes are looked at again, in this same transaction."""
        told = {line["alert_id"] for line in self.journal}
        turned_at = {row["place"] for row in self.alerts if row["rule"] == "feed_silent" and row["alert_id"] in told}
        if not turned_at:
            return
        a = t.alert.c
        open_ones = self.conn.execute(sa.select(a.unit, a.leans).where(t.SO, a.rule.in_(sorted(SOURCE))))
        units = {unit for unit, leans in open_ones if any(place in turned_at for place, _ in leans)}
        insert_new(self.conn, t.touched, [{"unit": unit, "cause": ""} for unit in sorted(units)])

    def _touch_closed(self) -> None:
        """What people closed is looked at again whenever the box it is about is: what it rests on may count no more (closings.py)."""
        closed = [row["alert_id"] for rows in self.recorded.values() for row in rows
                  if not row["unit"].startswith(("feed:", "alert:")) and self.work.get(row["alert_id"], {}).get("closed_at")]  # fmt: skip
        insert_new(self.conn, t.touched, [{"unit": unit, "cause": self.units.get(unit, "")} for unit in closings.units(self.conn, closed)])

    def _open_again(self, cases: Mapping[str, list[Judged]]) -> list[Row]:
        """What is closed on what does not count now opens again, whatever its own rule says of it; gives the alerts."""
        so = [unit[6:] for unit, judged in cases.items() if unit.startswith("alert:")
              and any(one.ended_at is None for *_, found in judged for one in found)]  # fmt: skip
        moved = {row["alert_id"] for row in self.changed_works}
        rows = [row for row in closings.still_closed(self.conn, so, self.bench.at) if row["alert_id"] not in moved]
        for row in rows:
            last = sa.select(sa.func.max(t.alert_line.c.line)).where(t.alert_line.c.alert_id == row["alert_id"])
            self.line.setdefault(row["alert_id"], self.conn.execute(last).scalar() or 0)
            self.changed_works.append({"alert_id": row["alert_id"], "work": "reopened"})
            self._line(row["alert_id"], "changed", {"work": ["closed", "reopened"]}, f"alert:{row['alert_id']}")
        return rows

    def _move_works(self) -> None:
        """Set what the changes do to the work, as many at once as are of one kind."""
        w = t.alert_work.c
        for names in {tuple(row) for row in self.changed_works}:
            values: Row = {name: sa.bindparam(f"new_{name}") for name in names if name != "alert_id"}
            to = t.alert_work.update().where(w.alert_id == sa.bindparam("of"))
            to = to.values(**values, clock_from=self.bench.at, version=w.version + 1)
            rows = [row for row in self.changed_works if tuple(row) == names]
            self.conn.execute(to, [{"of": row["alert_id"], **{f"new_{name}": row[name] for name in values}} for row in rows])

    def _occasions(self, rule: ModuleType, found: list[Episode]) -> list[Occasion]:
        return occasions(found, self.bench.at, rule.LATCHING, rule.NEEDS, self.bench.watermark) if found else []

    def _next_turn(self, rule_id: str, now: list[Occasion]) -> datetime | None:
        turns = [next_turn(rule_id, self.bench.closures(one.place), self.bench.at) for one in now]
        return min((turn for turn in turns if turn), default=None)

    def _subject(self, unit: str, rule_id: str, rule: ModuleType | None, subject: str, now: list[Occasion]) -> None:
        known = self.recorded.get((rule_id, subject), [])
        if not known and not now:
            return
        rows = {row["alert_id"]: row for row in known}
        pairs, left = matched([_recorded(row) for row in known], now, self.bench.at)
        for number, occasion in enumerate(now):
            if number in pairs:
                self._change(rows[pairs[number].alert_id], self._row(unit, rule_id, rule, subject, occasion))
            else:
                self._raise(self._row(unit, rule_id, rule, subject, occasion))
        for alert in left:
            if not alert.invalidated:
                row = rows[alert.alert_id]
                self._change(row, {**row, "condition": "invalidated", "muted_by": ""})

    def _row(self, unit: str, rule_id: str, rule: Any, subject: str, found: Occasion) -> Row:
        place = self.bench.world.place(found.place)
        limit = found.step.limit
        return {
            "rule": rule_id,
            "rule_version": rule.VERSION,
            "subject": subject,
            "unit": unit,
            "place": found.place,
            "equipment": found.equipment or (unit[4:] if unit.startswith("box:") else self.bench.equipment.get(unit, "")),
            "anchor": " ".join(found.anchor),
            "anchor_reports": sorted(found.anchor_reports),
            "severity": found.step.severity,
            "step": found.step.name,
            "lowered": not found.step.certain,
            "began_at": found.began_at,
            "ended_at": found.ended_at,
            "spells": [[began.isoformat(), ended.isoformat() if ended else None] for began, ended in found.spells],
            "steps": [_step(step) for step in found.steps],
            "evidence": list(found.evidence),
            "because_key": found.because.key,
            "because_values": {**found.because.values, **_passed(found.step)},
            "known_at": found.known_at,
            "condition": found.condition,
            "latching": found.latching,
            "history": found.known_at <= place.supervised_from,
            "limit": found.step.name if limit else "",
            "limit_version": limit.version if limit else "",
            "limit_status": limit.citation_status if limit else "",
            "muted_by": muted_by(rule_id, found, self.stood, self.bench.silent, self.bench.closures(found.place), self.bench.at),
            "leans": [list(pair) for pair in found.leans],
        }

    def _raise(self, row: Row) -> None:
        alert_id = content_id(row["rule"], row["subject"], row["anchor"])
        taken = {r["alert_id"] for r in self.recorded.get((row["rule"], row["subject"]), [])}
        while alert_id in taken:  # an anchor that came back after another took its alert over
            alert_id = content_id(alert_id)
        at = self.bench.at
        self.alerts.append({"alert_id": alert_id, **row, "recorded_at": at, "changed_at": at})
        self.works.append({"alert_id": alert_id, "work": "new", **_NO_WORK})
        self._line(alert_id, "raised", {"severity": row["severity"], "condition": row["condition"]}, row["unit"])

    def _change(self, old: Row, new: Row) -> None:
        differs: Row = {name: [_plain(old[name]), _plain(new[name])] for name in COMPARED if old[name] != new[name]}
        quiet = any(old[name] != new[name] for name in QUIET)
        if not differs and not quiet:
            return
        at = self.bench.at
        self.alerts.append({**old, **new, "changed_at": at if differs else old["changed_at"]})
        if not differs:
            return
        was, is_now = old["condition"], new["condition"]
        what = turned(was, is_now, latching=new["latching"])
        if moved := self._moved(old, new, differs):
            self.changed_works.append({"alert_id": old["alert_id"], **moved})
        if what == "changed" and "muted_by" in differs:
            what = "muted" if new["muted_by"] else "unmuted"
        self._line(old["alert_id"], what, differs, old["unit"])

    def _moved(self, old: Row, new: Row, differs: Row) -> Row:
        """What the change does to the work, and says so in the line."""
        work = self.work.get(old["alert_id"])
        if work is None:
            return {}
        if reopened_by(work["work"], old["condition"], new["condition"]):
            differs["work"] = ["closed", "reopened"]
            return {"work": "reopened"}
        worse = ends_shelf(old["severity"], new["severity"])
        if work["work"] == "closed" or not (worse or (old["muted_by"] and not new["muted_by"])):
            return {}
        if not worse or not is_shelved(work["shelved_until"], self.bench.at):
            return {"work": work["work"]}
        differs["shelf"] = [_plain(work["shelved_until"]), None]
        return {"work": work["work"], **NO_SHELF}

    def _line(self, alert_id: str, what: str, values: Mapping[str, Any], unit: str) -> None:
        self.line[alert_id] = self.line.get(alert_id, 0) + 1
        self.journal.append(
            {
                "alert_id": alert_id,
                "line": self.line[alert_id],
                "at": self.bench.at,
                "by": "",
                "what": what,
                "values": dict(values),
                "cause": self.units.get(unit, ""),
            }
        )


NO_SHELF: Row = {"shelved_until": None, "shelved_by": "", "shelf_reason": "", "shelf_agreed_by": ""}
NOT_ASKED: Row = {"asked_until": None, "asked_by": "", "asked_at": None, "asked_reason": ""}
_NO_WORK: Row = {
    **NO_SHELF,
    **NOT_ASKED,
    "assignee": "",
    "acknowledged_by": "",
    "acknowledged_at": None,
    "outcome": "",
    "outcome_text": "",
    "outcome_by": "",
    "outcome_at": None,
    "closed_by": "",
    "closed_at": None,
    "heard": "",
    "not_heard": "",
    "clock_from": None,
    "version": 0,
}

# What a reader of the journal is told; the rest follows along quietly.
COMPARED = ("anchor", "severity", "lowered", "spells", "condition", "known_at", "history", "muted_by")
QUIET = (
    "evidence",
    "because_values",
    "because_key",
    "steps",
    "step",
    "anchor_reports",
    "rule_version",
    "limit",
    "limit_version",
    "limit_status",
    "leans",
    "began_at",
    "ended_at",
    "place",
)


def _recorded(row: Row) -> Recorded:
    spells = tuple((datetime.fromisoformat(began), datetime.fromisoformat(ended) if ended else None) for began, ended in row["spells"])
    anchor = tuple(row["anchor"].split(" "))
    return Recorded(row["alert_id"], anchor, frozenset(row["anchor_reports"]), spells, row["condition"] == "invalidated")


def _step(step: Step) -> Row:
    said = {"name": step.name, "severity": step.severity, "at": step.at.isoformat(), "certain": step.certain}
    return said | ({"limit": str(step.limit.value), "version": step.limit.version} if step.limit else {})


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, datetime) else int(value / timedelta(minutes=1)) if isinstance(value, timedelta) else value
    )


def _passed(step: Step) -> Row:
    """The limit that the step in force has passed, in the words of `zones.episode.Because`: a sentence names what made the severity."""
    if step.limit is None:
        return {}
    said = Because("", limit=step.limit.value, limit_name=step.name, over_since=step.at if step.over else None)
    return said.values
