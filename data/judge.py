"""Touched and due subjects x rules -> episodes -> alerts.

Judging asks for each box or feed that something happened to, or whose time has come: which episodes are there now? They are matched with
the alerts already recorded; what changed is one journal line. `T` never goes back; what was received after T takes no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import STAY_COLUMNS, Facts, links_of_boxes, load, stay_from
from data.keep import Row
from data.store import tables as t
from data.store.bulk import in_chunks, insert_rows, upsert
from data.store.engine import Store
from zones.alert import Occasion, Recorded, matched, next_look, occasions
from zones.customs import Hold, holds
from zones.episode import Episode, Step
from zones.movement import content_id
from zones.rules import rules
from zones.stay import Stay
from zones.subject import BOX, FEED, STAY, BoxFacts, Expected, FeedFacts, Pause, StayFacts
from zones.world import World

FAR = datetime(9000, 1, 1, tzinfo=UTC)
UNITS = 500  # boxes or feeds judged in one transaction
Guard = Callable[[Connection], None]
Judged = tuple[str, ModuleType, str, list[Episode]]  # rule id, rule, subject, its episodes


class TooEarly(ValueError):
    """T lies before the latest moment judged: nothing is changed."""


def judge(store: Store, world: World, at: datetime, guard: Guard | None = None) -> dict[str, Any]:
    """Judge up to `at`. Gives how many units were judged and journal lines written. Errors: TooEarly."""
    said: dict[str, Any] = {"at": at.isoformat(), "units": 0, "alerts": 0, "lines": 0}
    with store.read() as conn:
        before = conn.execute(sa.select(t.judged.c.up_to)).scalar()
    if before is not None and at < before:
        raise TooEarly(f"already judged up to {before.isoformat()}")
    bench = Bench(world, at)
    while True:
        with store.write() as conn:
            if guard:
                guard(conn)
            units = _next(conn, bench, at)
            if units:
                bench.sit(conn, units)
                said["units"] += len(units)
            upsert(conn, t.judged, [{"one": 1, "up_to": at}], ("one",), set=("up_to",))
        if not units:
            break
    return said | {"alerts": bench.raised, "lines": bench.lines}


def _next(conn: Connection, bench: Bench, at: datetime) -> dict[str, str]:
    """The next units to judge with the report that is the cause: touched ones, then due ones, then those that data has come back for."""
    bench.hear(conn)
    units = {row.unit: row.cause for row in conn.execute(sa.select(t.touched).order_by(t.touched.c.unit).limit(UNITS))}
    if len(units) < UNITS:
        due = sa.select(t.due.c.unit).where(t.due.c.look_at <= at).order_by(t.due.c.look_at).limit(UNITS - len(units))
        units.update({unit: units.get(unit, "") for unit in conn.execute(due).scalars()})
    if not units and not bench.returned:
        bench.returned = True
        open_ones = sa.select(t.alert.c.unit, t.alert.c.began_at, t.alert.c.leans).where(t.alert.c.condition == "unverified")
        for row in conn.execute(open_ones):
            if all((heard := bench.watermark(place, kind)) is not None and heard >= row.began_at for place, kind in row.leans):
                units[row.unit] = ""
    return units


class Bench:
    """One judging: the world, the moment, and what is the same for all units of it."""

    def __init__(self, world: World, at: datetime) -> None:
        self.world, self.at = world, at
        self.raised = self.lines = 0
        self.returned = False
        self.heard: dict[str, datetime] = {}
        self.later = False  # something was received after T: fold from what was known then
        self.travel = {(place.id, way.to): way.at_least for place in world.places.values() for way in place.travel}
        self.rules = rules()
        self._marks: dict[tuple[str, str], datetime | None] = {}
        self.not_looking: list[tuple[datetime, datetime]] = []

    def hear(self, conn: Connection) -> None:
        """Up to when each feed was heard by T."""
        if self.heard:
            return
        h = t.hearing.c
        for feed in self.world.feeds:
            last = conn.execute(sa.select(sa.func.max(h.heard_at)).where(h.feed == feed.id, h.heard_at <= self.at)).scalar()
            if last is not None:
                self.heard[feed.id] = last
        self.later = conn.execute(sa.select(h.feed).where(h.heard_at > self.at).limit(1)).first() is not None
        self.not_looking = [(row.from_at, row.to_at) for row in conn.execute(sa.select(t.not_looking))]

    def watermark(self, place: str, kind: str) -> datetime | None:
        """The moment up to which all feeds that speak for the kind at the place were heard; None where one never was, or none speaks."""
        if (place, kind) not in self._marks:
            heard = [self.heard.get(feed.id) for feed in self.world.place(place).feeds if kind in (feed.speaks_for or ())]
            self._marks[place, kind] = None if not heard or None in heard else min(h for h in heard if h)
        return self._marks[place, kind]

    def sit(self, conn: Connection, units: Mapping[str, str]) -> None:
        """Judge these units and write what comes of it."""
        _Writing(conn, self, units).write(found_of(conn, self, units))
        for chunk in in_chunks(units, 500):
            conn.execute(t.touched.delete().where(t.touched.c.unit.in_(chunk)))

    def boxes(self, conn: Connection, boxes: list[str]) -> Iterable[tuple[str, list[Stay], tuple[Hold, ...]]]:
        if self.later:
            books, _ = load(conn, self.world, boxes, known_at=self.at)
            for box, book in books.items():
                yield box, sorted(book.stays.values(), key=lambda s: (s.opened_at, s.stay_id)), book.holds
            return
        for chunk in in_chunks(boxes, 500):
            visits: dict[str, list[Stay]] = defaultdict(list)
            question = sa.select(*STAY_COLUMNS).where(t.stay.c.equipment.in_(chunk)).order_by(t.stay.c.opened_at, t.stay.c.stay_id)
            for row in conn.execute(question):
                visits[row[1]].append(stay_from(row))
            facts = Facts(conn, chunk)
            links = links_of_boxes(conn, chunk)
            facts.about({(link.kind, link.reference) for each in links.values() for link in each})
            for box in chunk:
                own = facts.of(box, links[box])
                yield box, visits[box], holds(own, links[box]) if own else ()

    def of_box(self, box: str, visits: list[Stay], held: tuple[Hold, ...]) -> Iterable[Judged]:
        for rule_id, rule in self.rules.items():
            if rule.SUBJECT == STAY:
                by_subject: dict[str, list[Episode]] = {}
                for visit in visits:
                    facts = StayFacts(visit, held)
                    by_subject.setdefault(facts.key, []).extend(rule.episodes(facts, self.world.law(visit.place)))
                for subject, found in by_subject.items():
                    yield rule_id, rule, subject, found
            elif rule.SUBJECT == BOX and visits:
                whole = BoxFacts(box, visits, self.travel)
                yield rule_id, rule, whole.key, list(rule.episodes(whole, self.world.law(visits[-1].place)))

    def of_feed(self, conn: Connection, feed_id: str) -> Iterable[Judged]:
        try:
            feed = self.world.feed(feed_id)
        except KeyError:
            return  # no longer declared: its alerts stay as they are
        place = self.world.place(feed.place)
        least = min((expect.within for expect in feed.expect), default=None)
        if least is None:
            return
        h = t.hearing.c
        longer = sa.or_(h.next_at.is_(None), h.next_at > self.at, h.pause_s >= int(least.total_seconds()))
        question = (
            sa.select(h.receipt_id, h.heard_at, h.next_at).where(h.feed == feed_id, h.heard_at <= self.at, longer).order_by(h.heard_at)
        )
        pauses = [
            Pause(row.receipt_id, row.heard_at, row.next_at if row.next_at and row.next_at <= self.at else None)
            for row in conn.execute(question)
        ]
        speaks = feed.speaks_for or frozenset()
        facts = FeedFacts(
            feed=feed_id,
            place=place.id,
            zone=place.zone,
            pauses=pauses,
            expect=[Expected(expect.within, expect.hours) for expect in feed.expect],
            excused=[*((closure.from_, closure.to or FAR) for closure in place.closures), *self.not_looking],
            blind=tuple(rule_id for rule_id, rule in self.rules.items() if rule.NEEDS & speaks),
        )
        for rule_id, rule in self.rules.items():
            if rule.SUBJECT == FEED:
                yield rule_id, rule, facts.key, list(rule.episodes(facts, self.world.law(place.id)))


def found_of(conn: Connection, bench: Bench, units: Iterable[str]) -> dict[str, list[Judged]]:
    """Unit -> the episodes of its subjects, rule by rule."""
    cases: dict[str, list[Judged]] = {unit: [] for unit in units}
    for box, visits, held in bench.boxes(conn, [unit[4:] for unit in cases if unit.startswith("box:")]):
        cases[f"box:{box}"] = list(bench.of_box(box, visits, held))
    for feed in [unit[5:] for unit in cases if unit.startswith("feed:")]:
        cases[f"feed:{feed}"] = list(bench.of_feed(conn, feed))
    return cases


class _Writing:
    """Alerts of some units: what was recorded, what is found now, and the lines that differ."""

    def __init__(self, conn: Connection, bench: Bench, units: Mapping[str, str]) -> None:
        self.conn, self.bench, self.units = conn, bench, units
        self.alerts: list[Row] = []
        self.works: list[Row] = []
        self.changed_works: list[Row] = []
        self.journal: list[Row] = []
        self.recorded: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.line: dict[str, int] = {}
        self.work: dict[str, str] = {}
        a = t.alert.c
        for chunk in in_chunks(units, 400):
            for row in conn.execute(sa.select(t.alert).where(a.unit.in_(chunk))).mappings():
                self.recorded[row["rule"], row["subject"]].append(dict(row))
        ids = [row["alert_id"] for rows in self.recorded.values() for row in rows]
        for chunk in in_chunks(ids, 400):
            lines = sa.select(t.alert_line.c.alert_id, sa.func.max(t.alert_line.c.line)).where(t.alert_line.c.alert_id.in_(chunk))
            self.line.update((alert_id, line) for alert_id, line in conn.execute(lines.group_by(t.alert_line.c.alert_id)))
            works = sa.select(t.alert_work.c.alert_id, t.alert_work.c.work).where(t.alert_work.c.alert_id.in_(chunk))
            self.work.update((alert_id, work) for alert_id, work in conn.execute(works))

    def write(self, cases: Mapping[str, list[Judged]]) -> None:
        """Match, journal, and set when each unit is looked at next."""
        dues: list[Row] = []
        for unit, judged in cases.items():
            looks: list[datetime] = []
            answered: set[tuple[str, str]] = set()
            for rule_id, rule, subject, found in judged:
                answered.add((rule_id, subject))
                self._subject(unit, rule_id, rule, subject, found)
                if look := next_look(found, self.bench.at):
                    looks.append(look)
            for rule_id, subject in self.recorded:
                if (
                    (rule_id, subject) not in answered
                    and self.recorded[rule_id, subject][0]["unit"] == unit
                    and not unit.startswith("feed:")
                ):
                    self._subject(unit, rule_id, None, subject, [])
            if looks:
                dues.append({"unit": unit, "look_at": min(looks)})
        for chunk in in_chunks(cases, 500):
            self.conn.execute(t.due.delete().where(t.due.c.unit.in_(chunk)))
        insert_rows(self.conn, t.due, dues)
        if self.alerts:
            upsert(self.conn, t.alert, self.alerts, ("alert_id",), set=[c for c in self.alerts[0] if c != "alert_id"])
        insert_rows(self.conn, t.alert_work, self.works)
        for row in self.changed_works:
            self.conn.execute(
                t.alert_work.update()
                .where(t.alert_work.c.alert_id == row["alert_id"])
                .values(work=row["work"], version=t.alert_work.c.version + 1)
            )
        insert_rows(self.conn, t.alert_line, self.journal)
        self.bench.lines += len(self.journal)
        self.bench.raised += len(self.works)

    def _subject(self, unit: str, rule_id: str, rule: ModuleType | None, subject: str, found: list[Episode]) -> None:
        known = self.recorded.get((rule_id, subject), [])
        now = occasions(found, self.bench.at, rule.LATCHING, rule.NEEDS, self.bench.watermark) if rule else []
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
                self._change(row, {**row, "condition": "invalidated"})

    def _row(self, unit: str, rule_id: str, rule: Any, subject: str, found: Occasion) -> Row:
        place = self.bench.world.place(found.place)
        limit = found.step.limit
        return {
            "rule": rule_id,
            "rule_version": rule.VERSION,
            "subject": subject,
            "unit": unit,
            "place": found.place,
            "equipment": unit[4:] if unit.startswith("box:") else "",
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
            "because_values": found.because.values,
            "known_at": found.known_at,
            "condition": found.condition,
            "latching": rule.LATCHING,
            "history": found.known_at <= place.supervised_from,
            "limit": found.step.name if limit else "",
            "limit_version": limit.version if limit else "",
            "limit_status": limit.citation_status if limit else "",
            "muted_by": "",
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
        differs = {name: [_plain(old[name]), _plain(value)] for name, value in new.items() if name in COMPARED and old[name] != value}
        quiet = {name for name, value in new.items() if name in QUIET and old[name] != value}
        if not differs and not quiet:
            return
        at = self.bench.at
        self.alerts.append({**old, **new, "changed_at": at if differs else old["changed_at"]})
        if not differs:
            return
        was, is_now = old["condition"], new["condition"]
        what = CHANGES.get((was, is_now), "changed") if was != is_now else "changed"
        if self.work.get(old["alert_id"]) == "closed" and (is_now == "invalidated" or was in ("cleared", "invalidated")) and was != is_now:
            self.changed_works.append({"alert_id": old["alert_id"], "work": "reopened"})
            differs["work"] = ["closed", "reopened"]
        self._line(old["alert_id"], what, differs, old["unit"])

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


_NO_WORK: Row = {
    "assignee": "",
    "acknowledged_by": "",
    "acknowledged_at": None,
    "outcome": "",
    "outcome_text": "",
    "outcome_by": "",
    "outcome_at": None,
    "closed_by": "",
    "closed_at": None,
    "shelved_until": None,
    "shelved_by": "",
    "shelf_reason": "",
    "version": 0,
}

# What a reader of the journal is told; the rest follows along quietly.
COMPARED = ("anchor", "severity", "lowered", "spells", "condition", "known_at", "history")
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
CHANGES = {
    ("unverified", "active"): "verified",
    ("active", "unverified"): "unverified",
    ("active", "cleared"): "cleared",
    ("unverified", "cleared"): "cleared",
    ("active", "invalidated"): "invalidated",
    ("unverified", "invalidated"): "invalidated",
    ("cleared", "invalidated"): "invalidated",
    ("cleared", "active"): "returned",
    ("cleared", "unverified"): "returned",
    ("invalidated", "active"): "returned",
    ("invalidated", "unverified"): "returned",
    ("invalidated", "cleared"): "changed",
}


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
