"""A book to tell things to: messages as sources really write them, through the real readers and the real pull.

    book.told_by("terminal", "d2 14:00 gate_out").told_by("carrier", "d2 14:12 gate_out")
    book.told_by("customs", "d1 09:00 hold", received="d3 07:00")
    book.judged("d4 00:00")

Two places built from texts: `port` (a seaport) and `zone` (a free zone), 75 minutes apart. Times are local to Asia/Ho_Chi_Minh; d0 is
2 November 2026. What is told is received five minutes later, unless told otherwise.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from data import feeds
from data.derive import derive
from data.judge import judge
from data.keep import Keeper, News
from data.pull import ingest
from data.settings import Settings
from data.store import engine
from data.store import tables as t
from data.store.engine import Store
from data.verify import verify
from zones.movement import content_id
from zones.world import Folder, LimitsText, World

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
D0 = datetime(2026, 11, 2, tzinfo=ZONE)
BOX = "ZZDU4839211"
LATER = timedelta(minutes=5)
END = "d60 00:00"
CLOCK = re.compile(r"d(-?\d+) (\d\d):(\d\d)")

PORT = """
id: port
name: {en: Port}
kind: seaport
timezone: Asia/Ho_Chi_Minh
jurisdiction: here
codes: [XXPRT]
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
horizon: 100d
travel: [{to: zone, at_least: 75m}]
feeds:
  - {id: gate, format: codeco, publisher: terminal, speaks_for: [gate], source: /srv/gate/*.edi, expect: [{within: 2d}]}
  - {id: quay, format: coarri, publisher: terminal, speaks_for: [quay], source: /srv/quay/*.edi}
  - {id: carrier, format: gate_csv, publisher: carrier, speaks_for: [], source: /srv/carrier/*.csv}
  - {id: customs, format: customs_csv, publisher: customs, source: /srv/customs/*.csv}
  - id: yard
    format: yard_csv
    publisher: terminal
    speaks_for: [yard]
    source: /srv/yard/*.csv
    options: {columns: {equipment: equipment, as_of: as_of, area: area}}
limits: [{limit: import_dwell_warn, value: 5d, from: 2026-01-01, reason: agreed}]
"""
ZONE_TEXT = """
id: zone
name: {en: Zone}
kind: free_zone
timezone: Asia/Ho_Chi_Minh
jurisdiction: here
codes: [XXZNE]
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
horizon: 100d
feeds:
  - {id: zone-gate, format: gate_csv, publisher: zone, speaks_for: [gate, quay], source: /srv/zone/*.csv}
"""
LAW = """
jurisdiction: here
limits: [{limit: import_dwell_high, value: 9d, valid_from: 2020-01-01, citation: Law 1}]
"""
RING = [[[106.0, 20.0], [106.1, 20.0], [106.1, 20.1], [106.0, 20.1], [106.0, 20.0]]]
FEED = {"customs": "customs", "carrier": "carrier", "zone": "zone-gate", "list": "yard"}
CODES = {"gate_in": "34", "gate_out": "36", "yard_move": "117", "strip": "113", "discharge": "44", "load": "46"}
QUAY = ("discharge", "load")


def place(text: str) -> Folder:
    """One place from its text, with a boundary and a block."""
    areas = [("boundary", "boundary"), ("a1", "block")]
    features = [
        {"type": "Feature", "properties": {"id": i, "kind": k}, "geometry": {"type": "Polygon", "coordinates": RING}} for i, k in areas
    ]
    found = re.search(r"^id: (\S+)", text, re.MULTILINE)
    assert found
    return Folder(found[1], {"place.yaml": text, "areas.geojson": json.dumps({"type": "FeatureCollection", "features": features})})


def small_world(port: str = PORT, zone: str = ZONE_TEXT, law: str = LAW, hs: str = "") -> World:
    """The two places under their law. `hs`: the HS codes of 2022 beside it, "" for none."""
    formats = {name: frozenset(module.SPEAKS_FOR) for name, module in feeds.formats().items()}
    law += "hs: {edition: 2022, codes: hs.txt}\n" if hs else ""
    return World.build([place(port), place(zone)], [LimitsText("here.yaml", law, beside={"hs.txt": hs})], formats)


def clock(text: str) -> datetime:
    """dN HH:MM as UTC."""
    found = CLOCK.fullmatch(text)
    assert found, text
    day, hour, minute = map(int, found.groups())
    return (D0 + timedelta(days=day, hours=hour, minutes=minute)).astimezone(UTC)


# ---------------------------------------------------------------- the texts


def edifact(
    kind: str, messages: Iterable[Sequence[str]], *, reference: str = "1", sender: str = "TERM", test: bool = False, made: str = "d0 00:00"
) -> bytes:
    """One interchange of messages, each given by its segments after UNH."""
    at = clock(made).astimezone(ZONE)
    out = [f"UNB+UNOA:2+{sender}+ZONEWATCH+{at:%y%m%d:%H%M}+{reference}{'++++++1' if test else ''}"]
    number = 0
    for number, body in enumerate(messages, 1):
        out += [f"UNH+{number}+{kind}:D:95B:UN", *body, f"UNT+{len(body) + 2}+{number}"]
    out.append(f"UNZ+{number}+{reference}")
    return "".join(segment + "'" for segment in out).encode()


def document(
    code: str, boxes: Iterable[Sequence[str]], *, number: str = "", function: str = "9", made: str = "", replaces: str = ""
) -> list[str]:
    """The segments of one message: its head, and each box given by its own segments."""
    head = [f"BGM+{code}+{number}+{function}"]
    if made:
        head.append(f"DTM+137:{clock(made).astimezone(ZONE):%Y%m%d%H%M}:203")
    if replaces:
        head.append(f"RFF+ACW:{replaces}")
    return [*head, *(segment for box in boxes for segment in box)]


def box(
    number: str = BOX,
    at: str = "",
    *,
    day: bool = False,
    status: str = "",
    bill: str = "",
    full: str = "5",
    seal: str = "",
    kind: str = "45G1",
) -> list[str]:
    """The segments of one box."""
    when = clock(at).astimezone(ZONE) if at else None
    out = [f"EQD+CN+{number}+{kind}:102:5++{status}+{full}"]
    if bill:
        out.append(f"RFF+BM:{bill}")
    if when:
        out.append(f"DTM+7:{when:%Y%m%d}:102" if day else f"DTM+7:{when:%Y%m%d%H%M}:203")
    if seal:
        out.append(f"SEL+{seal}+CA")
    return [*out, "LOC+165+XXPRT:139:6"]


def csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table with commas."""
    return "".join(",".join(row) + "\r\n" for row in (header, *rows)).encode()


def local(text: str, day: bool = False) -> str:
    """The time as a file has it: local, without zone."""
    return clock(text).astimezone(ZONE).strftime("%Y-%m-%d" if day else "%Y-%m-%d %H:%M")


GATE = ("equipment", "event", "occurred_at", "full_empty", "bill", "seals", "direction")
FACTS = ("event", "equipment", "bill", "declaration", "agency", "hold_ref", "effective_at")


# ---------------------------------------------------------------- the book


@dataclass(frozen=True)
class Receipt:
    """One delivery of a file."""

    feed: str
    name: str
    content: bytes
    at: datetime


@dataclass
class Book:
    """A database of its own, the small world, and words to tell and to ask."""

    store: Store
    settings: Settings
    folder: Path
    world: World
    box: str = BOX
    number: int = 0
    now: datetime = field(default_factory=lambda: clock(END))

    # ---- to tell

    def take(self, *receipts: Receipt) -> Mapping[str, Any]:
        """One pull of each feed that has receipts, in their order, each received at its time."""
        said: dict[str, Any] = {}
        for feed in dict.fromkeys(receipt.feed for receipt in receipts):
            paths = []
            for receipt in receipts:
                if receipt.feed == feed:
                    self.number += 1
                    path = self.folder / str(self.number) / receipt.name
                    path.parent.mkdir(parents=True)
                    path.write_bytes(receipt.content)
                    stamp = int(receipt.at.timestamp()) * 10**9
                    os.utime(path, ns=(stamp, stamp))
                    paths.append(path)
            said[feed] = ingest(self.store, self.world, feed, paths, "mtime", self.now, self.settings)["feeds"][feed]
        return said

    def receive(self, feed: str, content: bytes, received: str, name: str = "") -> Mapping[str, Any]:
        """One file."""
        self.number += 1
        receipt = Receipt(feed, name or f"{feed}-{self.number}", content, clock(received))
        return self.take(receipt)[feed]  # type: ignore[no-any-return]

    def told_by(self, source: str, said: str, *, received: str = "", number: str = "", function: str = "9", **more: Any) -> Book:
        """One statement, as this source would write it: `dN HH:MM EVENT`.

        Sources: terminal (EDIFACT, by event to gate or quay), carrier and zone (CSV), customs (facts), list (`present`, several boxes).
        `number`, `function`: of the EDIFACT document. `more`: further fields of the statement.
        """
        at, _, event = said.rpartition(" ")
        received = received or self._soon(at)
        if source == "terminal":
            kind, feed = ("COARRI", "quay") if event in QUAY else ("CODECO", "gate")
            own = box(more.pop("box", self.box), at, **more)
            text = document(CODES[event], [own], number=number, function=function, made=received)
            self.number += 1
            self.receive(feed, edifact(kind, [text], reference=f"R{self.number}", made=received), received)
        elif source in ("carrier", "zone"):
            values = {"equipment": self.box, "event": event, "occurred_at": local(at), **more}
            self.receive(FEED[source], csv(GATE, [[values.get(name, "") for name in GATE]]), received)
        elif source == "list":
            rows = [[each, local(at), ""] for each in more.get("boxes", [self.box])]
            self.receive("yard", csv(("equipment", "as_of", "area"), rows), received)
        else:
            about = {} if {"bill", "declaration"} & more.keys() else {"equipment": self.box}
            values = {**about, "event": event, "agency": source, "effective_at": local(at), **more}
            header = (*FACTS, *(name for name in values if name not in FACTS))
            self.receive("customs", csv(header, [[values.get(name, "") for name in header]]), received)
        return self

    def said(self, feed: str, received: str, *records: Any) -> Book:
        """What a reader would yield of one message, kept and folded; for records that none of the formats here can tell."""
        declared, at = self.world.feed(feed), clock(received)
        message_id = content_id(feed, received, *map(repr, records))
        keeper, news = Keeper(self.world, declared, message_id, content_id(message_id, "reading"), at, at), News()
        for record in records:
            keeper.put(record, news)
        with self.store.write() as conn:
            derive(conn, self.world, news)
        return self

    def _soon(self, at: str) -> str:
        later = clock(at).astimezone(ZONE) + LATER
        return f"d{(later.date() - D0.date()).days} {later:%H:%M}"

    def cancelled(self, said: str, *, number: str, received: str, **more: Any) -> Book:
        """The terminal takes the document back."""
        return self.told_by("terminal", said, received=received, number=number, function="1", **more)

    def judged(self, at: str) -> Mapping[str, Any]:
        """Judge up to a moment."""
        return self.judged_at(clock(at))

    def judged_at(self, at: datetime) -> Mapping[str, Any]:
        """As `judged`, the moment given as a time."""
        return judge(self.store, self.world, at)

    # ---- to ask

    def rows(self, table: sa.Table, *order: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of a table, by its key unless told otherwise."""
        question = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
        columns = [table.c[name] for name in order] or list(table.primary_key.columns)
        with self.store.read() as conn:
            return [dict(row) for row in conn.execute(question.order_by(*columns)).mappings()]

    def one(self, table: sa.Table, **where: Any) -> dict[str, Any]:
        """The one row."""
        (row,) = self.rows(table, **where)
        return row

    def movement(self, **where: Any) -> dict[str, Any]:
        """The one movement."""
        return self.one(t.movement, **where)

    def stay(self, **where: Any) -> dict[str, Any]:
        """The one stay."""
        return self.one(t.stay, **where)

    def stays(self) -> list[dict[str, Any]]:
        """All stays, oldest first."""
        return self.rows(t.stay, "opened_at", "place")

    def statuses(self, **where: Any) -> list[str]:
        """What the reports count as, in the order of their receipt."""
        return [row["status"] for row in self.rows(t.report, "received_at", "report_id", **where)]

    def throughput(self, event: str) -> int:
        """Movements counted."""
        return sum(row["movements"] for row in self.rows(t.hourly, event=event))

    def alerts(self, rule: str = "", valid: bool = True) -> list[dict[str, Any]]:
        """Alerts of a rule, those that were invalidated left out."""
        found = self.rows(t.alert, "began_at", "alert_id", **({"rule": rule} if rule else {}))
        return [row for row in found if not valid or row["condition"] != "invalidated"]

    def alert(self, rule: str) -> dict[str, Any]:
        """The one alert of a rule, invalidated ones counted."""
        (row,) = self.alerts(rule, valid=False)
        return row

    def work(self, alert_id: str) -> dict[str, Any]:
        """What people did with it."""
        return self.one(t.alert_work, alert_id=alert_id)

    def journal(self, alert_id: str) -> list[tuple[str, str]]:
        """(by, what) of each line."""
        return [(row["by"], row["what"]) for row in self.rows(t.alert_line, alert_id=alert_id)]

    def differences(self, deep: bool = True) -> list[dict[str, Any]]:
        """What verify finds."""
        return verify(self.store, self.world, deep)

    # ---- all that was derived

    def derived(self) -> dict[str, list[Any]]:
        """Every derived table, and of the kept ones what depends on the other messages."""
        found: dict[str, list[Any]] = {}
        with self.store.read(patient=True) as conn:
            for name, without in COMPARED.items():
                table = t.metadata.tables[name]
                columns = [column for column in table.columns if column.name not in without]
                rows = conn.execute(sa.select(*columns).order_by(*table.primary_key.columns)).mappings()
                found[name] = [dict(row) for row in rows]
            a = t.alert.c
            alerts = sa.select(a.rule, a.subject, a.anchor, a.spells, a.known_at).where(a.condition != "invalidated")
            found["alert"] = sorted([list(map(str, row)) for row in conn.execute(alerts)])
        return found

    def emptied(self) -> Book:
        """All tables that tests fill, empty again; the raw store stays."""
        statements = [f'DELETE FROM "{name}"' for name in FILLED]
        with self.store.write() as conn:
            for said in statements if self.store.dialect == "sqlite" else ["; ".join(statements)]:
                conn.exec_driver_sql(said)
        return self


CLOCKS = frozenset({"stored_at", "read_at"})
COMPARED: dict[str, frozenset[str]] = {
    **dict.fromkeys(("stay", "tip", "box_link", "hourly", "occupancy", "area_hour", "inside", "dwell_bucket", "hearing"), frozenset()),
    **dict.fromkeys(("agreement", "lag", "pool", "holding", "posting", "opening"), frozenset()),
    **dict.fromkeys(("report", "fact", "signal", "entry", "document_act", "yard_list", "reject"), CLOCKS),
    "receipt": CLOCKS,
    "member": frozenset(),
    "message": CLOCKS | {"taken", "name", "file_sha256", "position", "start"},
}
FILLED = (
    *COMPARED, "expectation", "rule_change", "backtest", "breaker", "rejected_lately", "reading", "leftover", "heading", "bookmark",
    "alert", "alert_line", "alert_work", "handover", "handover_line", "seen", "not_looking", "touched", "due", "judged",
    "identity", "opened", "escalation", "attachment", "duty", "notice", "delivery", "by_hand",
)  # fmt: skip


def different(one: Mapping[str, list[Any]], other: Mapping[str, list[Any]]) -> str:
    """Where two dumps of the derived tables differ, in words; "" where they do not."""
    said = []
    for name in one:
        if one[name] != other[name]:
            only = [row for row in one[name] if row not in other[name]], [row for row in other[name] if row not in one[name]]
            said.append(f"{name}:\n  - " + "\n  - ".join(map(str, only[0][:3])) + "\n  + " + "\n  + ".join(map(str, only[1][:3])))
    return "\n".join(said)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to survive a power cut: databases and files that are opened from now on do not wait for the disk."""
    monkeypatch.setattr("data.raw._fsync", lambda paths: None)
    monkeypatch.setattr("data.raw.SYNC_AT_ONCE", 1 << 30)
    prepare = engine._prepare

    def carelessly(dbapi: Any, cache_kb: int) -> None:
        prepare(dbapi, cache_kb)
        dbapi.execute("PRAGMA synchronous=OFF")

    monkeypatch.setattr("data.store.engine._prepare", carelessly)


@pytest.fixture
def book(store: Store, settings: Settings, tmp_path: Path) -> Book:
    """An empty book."""
    return Book(store, settings, tmp_path / "files", small_world())
