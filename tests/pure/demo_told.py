"""The demo of one month as its files tell it: what is planted, and everything read and folded, without a database."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from data import demo
from data.demo import ground, truth
from data.demo.plan import Plan
from data.demo.tell import File
from data.feeds import Envelope, Unreadable, formats
from data.keep import Keeper, News, span
from data.told import act_of, live_facts, report_of, signal_of
from zones import asking
from zones.asking import asked, asked_of_calls
from zones.book import Book, book
from zones.customs import Fact, Link
from zones.landing import LISTS, Landing, Line, calls_of, unit
from zones.movement import Telling, content_id
from zones.neighbour import beside
from zones.report import DocumentAct, Report
from zones.rules import rules
from zones.signal import Signal, in_order
from zones.stay import Mark
from zones.subject import ALERT, AREA, CALL, FEED, LOT, OPERATOR
from zones.world import Folder, LimitsText, World

ENDING = datetime(2026, 11, 20, 7, 40, tzinfo=UTC)  # the clocks at Second Port went back on 1 November
DAYS = 30
OF_BOXES = [rule_id for rule_id, rule in rules().items() if rule.SUBJECT not in (FEED, CALL, AREA, ALERT, LOT, OPERATOR)]
OF_CALLS = [rule_id for rule_id, rule in rules().items() if rule.SUBJECT == CALL]
Found = tuple[str, str, datetime, datetime | None, datetime]  # rule, subject, began, ended, known


@cache
def plan() -> Plan:
    return demo.plan(1, DAYS, 1.0, ENDING)


@cache
def files() -> list[File]:
    return demo.told(plan())


@cache
def planted() -> list[dict[str, Any]]:
    return truth.offences(plan(), files())


def when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def expected(*rules: str) -> set[Found]:
    rows = [row for row in planted() if row["rule"] in rules]
    return {(r["rule"], r["subject"], when(r["began_at"]), when(r["ended_at"]), when(r["known_at"])) for r in rows}  # type: ignore[misc]


@cache
def world() -> World:
    texts = ground.declarations(Path("/demo"), plan().origin, plan().closed)
    folders = [
        Folder(place, {name: texts[f"places/{place}/{name}"] for name in ("place.yaml", "areas.geojson")}) for place in ground.PLACES
    ]
    kinds = {name: frozenset(module.SPEAKS_FOR) for name, module in formats().items()}
    return World.build(folders, [LimitsText("demo.yaml", texts["limits/demo.yaml"])], kinds)


# Everything read --------------------------------------------------------------------------------------------------------


class Everything:
    """All that the readers make of the files, by box."""

    def __init__(self) -> None:
        self.reports: dict[str, list[Report]] = defaultdict(list)
        self.facts: dict[str, list[Fact]] = defaultdict(list)  # by what they are about
        self.signals: dict[str, list[Signal]] = defaultdict(list)
        self.acts: dict[str, list[DocumentAct]] = defaultdict(list)  # by target
        self.links: dict[str, list[tuple[datetime, Link]]] = defaultdict(list)
        self.entries: list[dict[str, Any]] = []  # lines of the books of goods
        self.openings: dict[str, datetime] = {}
        self.ships: dict[str, list[dict[str, Any]]] = defaultdict(list)  # rows about boxes to come off a ship, or come, by their call
        self.folded: dict[tuple[str, int], Book] = {}
        self.faults: Counter[str] = Counter()
        self.unclassified = self.records = 0
        self._at_ending = cache(lambda box: self._book(box, ENDING))
        read: set[str] = set()
        references: set[tuple[str, ...]] = set()
        modules = formats()
        for file in files():
            message_id = content_id(file.feed, hashlib.sha256(file.content).hexdigest())
            if message_id in read:
                self.faults["(known bytes)"] += 1
                continue
            read.add(message_id)
            feed = world().feed(file.feed)
            items = list(modules[feed.format].read(file.content, world().place(feed.place), feed.options))
            self._take(file, message_id, items, references)

    def _take(self, file: File, message_id: str, items: list[Any], references: set[tuple[str, ...]]) -> None:
        head = next((item for item in items if isinstance(item, Envelope)), None)
        if head is not None:
            reference = (file.feed, head.sender, head.recipient, head.reference)
            if reference in references:
                self.faults["(reference used again)"] += 1
                return
            references.add(reference)
        feed = world().feed(file.feed)
        place = world().place(feed.place)
        news, keeper = News(), Keeper(world(), feed, message_id, "", file.at, file.at)
        for item in items:
            keeper.put(item, news)
            if isinstance(item, Unreadable):
                self.faults[item.reason] += 1
        self.records += len(news.reports) + len(news.facts)
        for row in news.reports:
            report = report_of(row, span(place))
            self.reports[report.equipment].append(report)
            self.unclassified += report.given == "unclassified"
            if row["event"] == "discharge" and row["vessel"]:
                self.ships[unit(row["place"], row["vessel"], row["voyage"])].append(row)
        for fact in live_facts(news.facts):
            self.facts[f"{fact.about}:{fact.reference}"].append(fact)
            if fact.equipment and fact.bill:
                self.links[fact.equipment].append((fact.received_at, Link(kind="bill", reference=fact.bill, at=fact.effective_at)))
        for row in news.signals:
            self.signals[row["equipment"]].append(signal_of(row))
        self.entries += news.entries
        for row in news.acts:
            self.acts[row["target"]].append(act_of(row))
        for row in news.lists:
            self.openings.setdefault(row["feed"], row["listed_at"])

    def book(self, box: str, known: datetime) -> Book:
        """The box folded from what was received by `known`."""
        if known == ENDING:
            return self._at_ending(box)
        return self._book(box, known)

    def _book(self, box: str, known: datetime) -> Book:
        reports = [r for r in self.reports[box] if r.received_at <= known]
        acts = [a for document in {r.document for r in reports} for a in self.acts.get(document, ()) if a.received_at <= known]

        def facts(links: Sequence[Link]) -> list[Fact]:
            about = {f"equipment:{box}", *(f"{link.kind}:{link.reference}" for link in links)}
            return [f for name in about for f in self.facts.get(name, ()) if f.received_at <= known]

        def telling(place: str) -> Telling:
            declared = world().place(place)
            return Telling(tolerance=declared.tolerance, rank=declared.rank, openings=self.openings)

        named = [link for at, link in self.links.get(box, ()) if at <= known]
        return book(reports, acts, facts, telling, lambda place: world().place(place).kind, named=named)

    @cached_property
    def dangerous(self) -> dict[str, datetime]:
        """Boxes of which dangerous goods were ever told, and when they were first told of."""
        told = {box: reports for box, reports in self.reports.items() if any(r.cargo and r.cargo.dangerous for r in reports)}
        return {box: min(r.received_at for r in reports) for box, reports in told.items()}

    def near(self, box: str) -> list[str]:
        """The others of them that may have been beside a box: none of those that matter stays for longer than five days."""
        own = self.dangerous[box]
        return [other for other, first in self.dangerous.items() if other != box and abs(first - own) < timedelta(days=6)]

    def found(self, box: str, known: datetime, until: datetime) -> Iterator[Found]:
        """What the rules find wrong with the box and what has begun before `until`, from what was received by `known`."""
        travel = {(p, way.to): way.at_least for p, place in world().places.items() for way in place.travel}
        signals = in_order(signal for signal in self.signals.get(box, ()) if signal.received_at <= known)
        told = asking.known(box, self.book(box, known), signals)
        if any(stay.dangerous for stay in told.stays):
            others = {other: self.book(other, known) for other in self.near(box)}
            stays = {other: list(its.stays.values()) for other, its in others.items()}
            told = replace(told, beside=beside(told.stays, stays, {other: its.spots for other, its in others.items()}))
        for rule_id, _, subject, spells in asked(told, world().law, travel):
            for episode in spells:
                if episode.began_at < until:
                    yield rule_id, subject, episode.began_at, episode.ended_at, episode.known_at

    def landed(self, call: str, known: datetime, until: datetime) -> Iterator[Found]:
        """As `found`, of the calls of one ship and voyage."""
        lines, landed = [], []
        rows = [row for row in self.ships[call] if row["received_at"] <= known]
        for row in rows:
            box = row["equipment"]
            so_far = (box, sum(report.received_at <= known for report in self.reports[box]))
            book = self.folded.get(so_far) or self.folded.setdefault(so_far, self.book(box, known))
            mark = Mark(at=row["occurred_at"] or known, event="discharge", report_id=row["report_id"], received_at=row["received_at"])
            if row["classifier"] != "actual" and world().feed(row["feed"]).format in LISTS:
                lines += [Line(box, mark, row["terminal"])] if book.status[row["report_id"]] == "live" else []
            elif any(row["report_id"] == movement.canonical.report_id for movement in book.movements):
                landed.append(Landing(box, mark, row["terminal"]))
        place, vessel, voyage = call.removeprefix("call:").split("/")
        calls = calls_of(place, (vessel, voyage), lines, landed)
        for rule_id, _, subject, spells in asked_of_calls(calls, world().law):
            for episode in spells:
                if episode.began_at < until:
                    yield rule_id, subject, episode.began_at, episode.ended_at, episode.known_at


@cache
def everything() -> Everything:
    return Everything()
