"""A port with a long history, to put pages' questions to: the reports of `tests.bench.ingest`, spread over the time that pages look back.

The shorter history spans half a year, in which its boxes are all discharged and gated out five times, in another order: they stay 18 days,
more or less. A longer one goes on like that: as many boxes inside, as much a day. A box makes two visits, then another comes in its place.
One gate-out in 200 is never told of; one box in 40 is held by customs for half a day (of the last ones some are held still), and here and
there a bill; a yard list of some of the boxes comes every 30 days, a message holds 50 records, and one in 200 of them was read in part.
What is over was dealt with by somebody.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from data import clock
from data.derive import derive
from data.feeds import BoxRecord, FactRecord, ListRecord, formats
from data.hearing import heard
from data.judge import judge
from data.keep import Keeper, News, Row
from data.store import tables as t
from data.store.bulk import insert_new, insert_rows
from data.store.engine import Store
from tests.bench import ingest
from zones.codes import check_digit
from zones.measure import UNITS
from zones.place import Feed
from zones.rules import measured
from zones.world import Folder, LimitsText, World

PORT = "bench-port"
PER_MESSAGE = 50
SOON = timedelta(minutes=3)  # from an event to the receipt of what tells it
SPAN = timedelta(days=180)  # of the shorter history: longer than any page looks back (12 weeks, and the 12 before)
ROUNDS = 10  # in it: all boxes in, all boxes out, five times
LIST_EVERY = timedelta(days=30)
LISTED = 500
AMOUNTS = {"": "32d", "%": "80%"} | {unit: f"50 {unit}" for unit in UNITS if unit != "%"}
_PLACE = """
id: bench-port
name: {en: Bench Port}
kind: seaport
timezone: Asia/Ho_Chi_Minh
jurisdiction: bench
codes: [XXBEN]
areas: areas.geojson
supervised_from: 2025-01-01T00:00:00+07:00
capacity_teu: {value: 60000, source: bench}
feeds:
  - {id: bench-gate, format: codeco, publisher: B1, speaks_for: [gate, quay], source: "file:///nowhere/*.edi", expect: [{within: 2d}]}
  - {id: bench-customs, format: customs_csv, publisher: CUS, source: "file:///nowhere/*.csv", expect: [{within: 9d}]}
  - {id: bench-yard, format: yard_csv, publisher: B1, speaks_for: [yard], source: "file:///nowhere/*.list",
     options: {columns: {equipment: equipment, as_of: as_of}}}
limits:
  - {limit: import_dwell_warn, value: 32d, from: 2025-01-01, reason: bench}
  - {limit: import_dwell_high, value: 60d, from: 2025-01-01, reason: bench}
"""


def world(more: Iterable[str] = ()) -> World:
    """One place of two terminals and twelve blocks; who tells of its gates and quays, of customs, of its yard. `more`: further limits."""
    known = {name: frozenset(module.SPEAKS_FOR) for name, module in formats().items()}
    values = {name: AMOUNTS[measured().get(name, "")] for name in more}
    limits = "".join(f"  - {{limit: {name}, value: {value}, from: 2025-01-01, reason: bench}}\n" for name, value in values.items())
    areas = json.dumps({"type": "FeatureCollection", "features": list(_areas())})
    folder = Folder(PORT, {"place.yaml": _PLACE + limits, "areas.geojson": areas})
    return World.build([folder], [LimitsText("bench.yaml", "jurisdiction: bench\nlimits: []\n")], known)


def _areas() -> Iterator[dict[str, Any]]:
    def area(one: str, kind: str, west: float, east: float, parent: str = "") -> dict[str, Any]:
        ring = [[west, 17.0], [east, 17.0], [east, 18.0], [west, 18.0], [west, 17.0]]
        own = {"id": one, "kind": kind, "name": {"en": one}, "codes": [one.upper()], **({"parent": parent} if parent else {})}
        return {"type": "Feature", "properties": own, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    yield area("all", "boundary", 110.0, 111.2)
    for n in range(2):
        yield area(f"t{n}", "terminal", 110.0 + 0.6 * n, 110.6 + 0.6 * n, "all")
    for n in range(12):
        yield area(f"b{n}", "block", 110.0 + 0.1 * n, 110.1 + 0.1 * n, f"t{n // 6}")


@dataclass
class History:
    """A database that is filled further and further; about `shorter` reports span SPAN. `at` is the moment up to which it was filled."""

    store: Store
    shorter: int
    world: World = field(default_factory=world)
    at: datetime = ingest.START
    reports: int = 0
    listed_at: datetime = ingest.START
    latest: Row = field(default_factory=dict)
    deriving: float = 0.0  # seconds so far
    judging: float = 0.0

    def __post_init__(self) -> None:
        self.boxes = ingest.BOXES = max(self.shorter // ROUNDS, 100)  # in circulation at a time: half of them are inside
        self.shorter = self.boxes * ROUNDS

    def number(self, which: int, visit: int) -> str:
        """The box that makes a visit in the place of the nth: the same for two visits, then another."""
        letter, rest = divmod(which + self.boxes * ((visit + which // 100) // 2), 1_000_000)
        first = f"Z{'ZYXWVTSRQP'[letter // 10]}{'DEFGHJKLMN'[letter % 10]}U{rest:06d}"
        return f"{first}{check_digit(first)}"

    def fill(self, times: int) -> None:
        """So many times the shorter history, and half a round; judged at the end, and what is over closed."""
        until = self.shorter * times + self.boxes // 2
        if self.reports == 0:
            self._list(ingest.START, [])
        batch = min(ingest.BATCH, self.boxes * 3 // 4)
        for first in range(self.reports, until, batch):
            said = ingest.rows(self.world, self.world.feed("bench-gate"), first, min(batch, until - first))
            self._take(said, last=until - self.boxes // 4)
            print(f"\r{self.store.dialect}: {min(first + batch, until):,} reports", end="", file=sys.stderr)
        self.reports = until
        self._list(self.at, self._inside(until))
        print("; judging", file=sys.stderr)
        began = clock.monotonic()
        judge(self.store, self.world, self.at)
        self.judging += clock.monotonic() - began
        self._deal_with_what_is_over()
        if self.store.dialect == "postgresql":  # as its own housekeeping does before long
            with self.store.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.exec_driver_sql("VACUUM ANALYZE")

    def _take(self, said: list[Row], last: int) -> None:
        """A batch of reports, and the customs facts of the same time."""
        news, customs = News(), self.world.feed("bench-customs")
        for row in said:
            n = int(row["position"])
            round_, which = divmod(n, self.boxes)
            out = round_ % 2 == 1
            if out:  # they leave in another order than they came
                which = (which * 7 + 3) % self.boxes if self.boxes % 7 else which
                if which % 100 == 2 and (round_ // 2 + which // 100) % 2 == 0:  # it comes again, and is not inside for ever
                    continue
            box = self.number(which, round_ // 2)
            at = ingest.START + (row["occurred_at"] - ingest.START) * (SPAN / timedelta(seconds=6 * self.shorter))
            row.update(equipment=box, occurred_at=at, received_at=at + SOON, read_at=at + SOON, terminal=f"t{which % 12 // 6}")
            row.update(direction="export" if which % 4 == 0 else "import", full_empty="empty" if which % 5 == 0 else "full")
            row.update({"bill": "", "seals": ""} if out else {"area": f"b{which % 12}"})
            news.reports.append(row)
            if not out and which % 40 == 7:
                self._hold(news, customs, n, at, {"about": "equipment", "reference": box, "equipment": box}, released=n < last)
            if not out and n % 2000 == 11:
                self._hold(news, customs, n, at, {"about": "bill", "reference": row["bill"], "bill": row["bill"]}, released=True)
            self.latest = self.latest if out else row
        self.at = news.reports[-1]["received_at"] + timedelta(hours=13)
        with self.store.write() as conn:
            began = clock.monotonic()
            derive(conn, self.world, news)
            self.deriving += clock.monotonic() - began
            self._messages(conn, self.world.feed("bench-gate"), news.reports)
            self._messages(conn, customs, news.facts)
        if news.reports[-1]["occurred_at"] - self.listed_at >= LIST_EVERY:
            self._list(news.reports[-1]["occurred_at"] + SOON, self._inside(LISTED))

    def _hold(self, news: News, feed: Feed, n: int, at: datetime, about: dict[str, str], released: bool) -> None:
        for kind, hours in (("hold", 1), ("release", 12)) if released else (("hold", 1),):
            when = at + timedelta(hours=hours)
            keeper = Keeper(self.world, feed, f"c{n // 4000}", "r", when + SOON, when + SOON)
            keeper.put(FactRecord(position=f"{n} {kind}", kind=kind, hold_ref=f"H{n}", effective_at=when, **about), news)

    def _inside(self, most: int) -> list[str]:
        s = t.stay.c
        with self.store.read(patient=True) as conn:
            return list(conn.execute(sa.select(s.equipment).where(s.left_at.is_(None)).order_by(s.equipment).limit(most)).scalars())

    def _list(self, at: datetime, boxes: list[str]) -> None:
        """A yard list; the first opens the books."""
        news, feed = News(), self.world.feed("bench-yard")
        keeper = Keeper(self.world, feed, f"y{at:%Y%m%d%H%M}", "r", at + SOON, at + SOON)
        keeper.put(ListRecord(position="list", listed_at=at, lines=len(boxes)), news)
        for n, box in enumerate(boxes):
            keeper.put(BoxRecord(position=f"line {n}", equipment=box, event="present", occurred_at=at, listed_at=at), news)
        self.listed_at, self.at = at, max(self.at, at + SOON)
        with self.store.write() as conn:
            derive(conn, self.world, news)
            self._messages(conn, feed, [{"message_id": keeper.message_id, "received_at": at + SOON}])

    def _messages(self, conn: sa.Connection, feed: Feed, said: list[Row]) -> None:
        """The messages, readings and receipts that these rows came in; the content of none is kept."""
        came: dict[str, datetime] = {}
        for row in said:
            came[row["message_id"]] = max(row["received_at"], came.get(row["message_id"], row["received_at"]))
        messages, receipts, rejects = [], [], []
        for message_id, at in came.items():
            partly = feed.id == "bench-gate" and int(message_id[1:]) % 200 == 0
            counts = {"records": PER_MESSAGE + partly, "reports": PER_MESSAGE, "facts": 0, "rejected": int(partly), "duplicate": 0}
            own = {"message_id": message_id, "feed": feed.id, "sha256": message_id, "file_sha256": message_id, "name": f"{message_id}.edi"}
            state = {"state": "partly" if partly else "read", "reason": "bad_time" if partly else "", "reading_id": "r", "outdone_by": ""}
            sent = {"sender": feed.publisher, "recipient": "", "reference": message_id, "prepared_at": None, "test": False, "taken": 0}
            where = {"position": 0, "start": 0, "bytes": 20_000, "received_at": at, "stored_at": at}
            messages.append(own | state | sent | where | counts)
            fault = {"scope": "record", "reason": "bad_time", "position": "UNH 7/EQD 1", "detail": "'20261301'", "excerpt": ""}
            if partly:
                rejects.append({"reject_id": message_id, "message_id": message_id, "reading_id": "r", "unit": "7", **fault})
            stored = {"bytes": 20_000, "received_at": at, "stored_at": at, "run_id": ""}
            receipts.append({"receipt_id": message_id, "feed": feed.id, "name": own["name"], "file_sha256": message_id, **stored})
        insert_new(conn, t.message, messages)
        insert_new(conn, t.receipt, receipts)
        insert_new(conn, t.reject, rejects)
        heard(conn, feed.id, receipts)
        runs = [
            {"run_id": each["receipt_id"], "job": f"pull:{feed.id}", "feed": feed.id, "started_at": each["received_at"],
             "ended_at": each["received_at"], "state": "done", "counts": {}, "error": "", "fence": 1}
            for each in receipts
        ]  # fmt: skip
        known = set(conn.execute(sa.select(t.run.c.run_id).where(t.run.c.run_id.in_(list(came)))).scalars())
        insert_rows(conn, t.run, [row for row in runs if row["run_id"] not in known])

    def _deal_with_what_is_over(self) -> None:
        """Alerts of more than two weeks ago are closed, unless they are so today."""
        a, w = t.alert.c, t.alert_work.c
        still = sa.and_(a.condition == "active", a.rule == "import_overstay")
        over = sa.select(a.alert_id).where(sa.not_(still), a.began_at < self.at - timedelta(days=14))
        done = {"work": "closed", "outcome": "benign_cause", "outcome_by": "lan", "closed_by": "minh", "closed_at": self.at}
        with self.store.writer.begin() as conn:
            conn.execute(t.alert_work.update().where(w.alert_id.in_(over), w.work == "new").values(**done))
