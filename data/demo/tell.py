"""Which source of the demo tells what, and when: from what happened on a day to the files delivered, day by day and feed by feed.

A day's files of a feed follow from the plan alone, so the future is told by the same words as the past. Each source has its hours; one
that has nothing new to say still says something (a header, a status, a copy of its last list), unless it is planted to fall silent: then
it tells afterwards what it kept back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from random import Random

from data.demo import box as boxes
from data.demo import orders, reefers, road
from data.demo.box import Box, Fact, Move, Signal
from data.demo.calls import DAY, ZONE
from data.demo.faults import File, Told, Writer, key
from data.demo.goods import told as goods
from data.demo.goods.ledger import kept
from data.demo.plan import Plan
from data.demo.silences import window
from data.demo.write import DIALECTS, ROWS, Document, yard

Statement = Told | Fact | Signal


@dataclass(frozen=True, slots=True)
class Habit:
    """When a source sends (minutes of Demo Port's day), how long after the event it knows (minutes), and its beats: (minute, after how
    many minutes without a word it then says something anyway)."""

    ticks: tuple[int, ...]
    knows: tuple[int, int]
    beats: tuple[tuple[int, int], ...] = ()


def _every(first: int, step: int, last: int = 1440) -> tuple[int, ...]:
    return tuple(range(first, last, step))


HABITS = {
    "dt1-gate": Habit(_every(5, 5), (1, 4), (*((m, 110) for m in (10, 130, 250)), (320, 0), *((m, 40) for m in _every(360, 40, 1330)))),
    "zone-gate": Habit(_every(5, 10), (1, 5), ((15, 0), (255, 0), *((m, 120) for m in _every(375, 120, 1220)))),
    "dt1-quay": Habit(_every(40, 60), (5, 20), tuple((m, 230) for m in _every(12, 240))),
    "dt2-quay": Habit(_every(25, 60), (5, 20), tuple((m, 230) for m in _every(102, 240))),
    "second-quay": Habit(_every(55, 60), (5, 20), tuple((m, 350) for m in _every(33, 360))),
    "dt2-gate": Habit((25, 145, 265, *_every(330, 30, 1321), 1380), (1, 5)),
    "carrier": Habit(_every(50, 120), (10, 60)),
    "second-gate": Habit(_every(15, 120), (2, 10)),
    "warehouse-gate": Habit(_every(95, 180), (2, 20)),
    "customs": Habit((60, 240, *_every(390, 60, 1171), 1320), (1, 10)),
    "quarantine": Habit(_every(20, 120), (1, 15)),
    "zone-customs": Habit((60, 240, *_every(390, 60, 1171), 1320), (1, 10)),
    road.FEED: Habit(_every(10, 60), (1, 3)),
}
LISTS = {"yard": "demo-port", "zone-yard": "demo-zone", "warehouse-yard": "demo-warehouse", "second-yard": "second-port"}
FEEDS = (*HABITS, *LISTS, orders.FEED, reefers.FEED, *goods.FEEDS)
SOONER = ("customs", "quarantine", road.FEED)
OFTEN = _every(3, 10)  # after the ending the agencies speak so often: an exit on hold is sure only once they were heard
HEALING = timedelta(hours=9)  # what is told wrongly is right again by then
GATE, QUAY = ("gate_in", "gate_out"), ("discharge", "load")
# feed -> place, terminal, events
TELLS = {
    "dt1-gate": ("demo-port", "DT1", (*GATE, "yard_move")),
    "dt2-gate": ("demo-port", "DT2", GATE),
    "zone-gate": ("demo-zone", "", (*GATE, "strip")),
    "warehouse-gate": ("demo-warehouse", "", GATE),
    "second-gate": ("second-port", "ST1", GATE),
    "dt1-quay": ("demo-port", "DT1", QUAY),
    "dt2-quay": ("demo-port", "DT2", QUAY),
    "second-quay": ("second-port", "ST1", QUAY),
}
AGENCY = {"customs": ("CUS", ""), "quarantine": ("QUA", ""), "zone-customs": ("CUS", "demo-zone")}  # feed -> agency, office


def source_of(move: Move) -> str:
    """The feed whose word on the move counts."""
    if move.event in orders.UNDONE:
        return orders.FEED
    return next(
        feed
        for feed, (place, terminal, events) in TELLS.items()
        if (place, terminal) == (move.place, move.terminal) and move.event in events
    )


def feed_of(fact: Fact) -> str:
    """The feed in which its agency tells the fact."""
    return next(feed for feed, (agency, office) in AGENCY.items() if (agency, office) == (fact.agency, fact.office))


class Telling:
    """What the sources of a plan deliver."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.ledger = plan, kept(plan)
        self._told = lru_cache(maxsize=120)(self._told_on)

    def files(self, day: int) -> list[File]:
        """Every file that belongs to a day, in the order of delivery; some are delivered on the next."""
        if day < 0:
            return []
        found = [file for feed in FEEDS for file in self._of(feed, day)]
        return sorted(found, key=lambda file: (file.at, file.feed, file.name))

    def delivered(self, since: datetime, until: datetime) -> list[File]:
        """The files delivered in (since, until], oldest first."""
        days = range(self.plan.index(since) - 1, self.plan.index(until) + 1)
        found = [file for day in days for file in self.files(day) if since < file.at <= until]
        return sorted(found, key=lambda file: (file.at, file.feed, file.name))

    def _of(self, feed: str, day: int) -> list[File]:
        if feed in LISTS:
            return list(self._lists(feed, day))
        if feed == orders.FEED:
            return list(orders.orders(self.plan, day))
        if feed == reefers.FEED:
            return list(reefers.files(self.plan, day))
        if feed in goods.FEEDS:
            return list(goods.files(self.ledger, feed, day))
        return [*self._told(feed, day), *self._beats(feed, day)]

    def _rng(self, feed: str, what: object) -> Random:
        return Random(f"{self.plan.seed}/{feed}/{what}")

    # What happened, told -----------------------------------------------------------------------------------------------

    def _told_on(self, feed: str, day: int) -> tuple[File, ...]:
        if day < 0:
            return ()
        ticks = self._ticks(feed, day)
        before = self._ticks(feed, day - 1)[-1] if day else self.plan.origin
        waiting = self._statements(feed, day, before, ticks[-1])
        found: list[File] = []
        for tick in ticks:
            due = [item for told_at, item in waiting if before < told_at <= tick]
            muted = window(self.plan, day)
            heard = not (muted and muted[0] == feed and before < muted[2] and tick > muted[1] - timedelta(hours=9))
            healed = not self.plan.ending - HEALING < tick <= self.plan.ending  # at the ending all is well
            found += self._write(feed, tick, due, heard and healed)
            before = tick
        return tuple(found)

    def _ticks(self, feed: str, day: int) -> list[datetime]:
        """When the feed sends on a day; not while it is planted to be silent."""
        start, muted = self.plan.origin + day * DAY, window(self.plan, day)
        ticks = [start + timedelta(minutes=minute) for minute in HABITS[feed].ticks]
        if feed in SOONER and start + DAY > self.plan.ending:
            often = [start + timedelta(minutes=minute) for minute in OFTEN]
            ticks = [tick for tick in ticks if tick <= self.plan.ending] + [tick for tick in often if tick > self.plan.ending]
        return [tick for tick in ticks if not (muted and muted[0] == feed and muted[1] <= tick < muted[2])]

    def _statements(self, feed: str, day: int, since: datetime, until: datetime) -> list[tuple[datetime, Statement]]:
        low, high = HABITS[feed].knows
        found: list[tuple[datetime, Statement]] = []
        for at in (day - 1, day):
            moves, facts, _, signals, *_ = self.plan.on(at)
            if feed == road.FEED:
                for _, signal in signals:
                    if signal.at > self.plan.origin:
                        rng = self._rng(feed, f"{signal.box}{signal.kind}{signal.at}")
                        found.append((signal.at + timedelta(minutes=rng.randint(low, high)), signal))
                continue
            if feed in AGENCY:
                for _, fact in facts:
                    if feed_of(fact) == feed and fact.at > self.plan.origin:
                        rng = self._rng(feed, f"{fact.box}{fact.bill}{fact.kind}{fact.at}")
                        found.append((fact.at + timedelta(minutes=rng.randint(low, high)) + fact.told_after, fact))
                continue
            for life, move in moves:
                if move.at > self.plan.origin and (said := self._said(feed, (life, move))):
                    rng = self._rng(feed, f"{move.box.number}{move.event}{move.at}")
                    found.append((max(move.at, said.at) + timedelta(minutes=rng.randint(low, high)), (life, said)))
        return sorted(((at, item) for at, item in found if since < at <= until), key=lambda pair: pair[0])

    def _said(self, feed: str, told: Told) -> Move | None:
        """The move as the feed tells it; None if it does not, or it was lost. The carrier tells a third of the trucks, by its clock."""
        life, move = told
        if move.untold:
            return None
        if feed != "carrier":
            place, terminal, events = TELLS[feed]
            known = move.place == place and move.terminal == terminal and move.event in events
            if known and move.entered_at is not None and move.entered_at <= self.plan.origin:
                return replace(move, entered_at=None)  # before the source began to speak
            return move if known else None
        if move.place != "demo-port" or move.event not in GATE or life.offence is not None:
            return None
        rng = self._rng("carrier", f"{move.box.number}{move.at}")
        if rng.random() > 0.33:
            return None
        other = replace(move, at=move.at + timedelta(minutes=rng.randrange(-14, 19)))
        misread = move.seals and move is life.moves[0] and rng.random() < 0.12  # never where the carrier may be heard before the terminal
        return replace(other, seals=(boxes.seal(rng),)) if misread else other

    def _write(self, feed: str, tick: datetime, due: list[Statement], heard: bool) -> list[File]:
        writer = Writer(feed, tick, self._rng(feed, f"fault/{tick}"), heard)
        if feed == road.FEED:
            return writer.signals([item for item in due if isinstance(item, Signal)])
        if feed in AGENCY:
            return writer.facts([item for item in due if isinstance(item, Fact)])
        told = [item for item in due if isinstance(item, tuple)]
        if feed in ROWS:
            return writer.rows(told)
        return writer.edifact(told) if told else []

    # Nothing new, said all the same ------------------------------------------------------------------------------------

    def _beats(self, feed: str, day: int) -> Iterator[File]:
        told = [file for at in (day - 1, day) for file in self._told(feed, at)]
        muted = window(self.plan, day)
        for minute, quiet in HABITS[feed].beats:
            at = self.plan.origin + day * DAY + timedelta(minutes=minute)
            if muted and muted[0] == feed and muted[1] <= at < muted[2]:
                continue
            if any(at - timedelta(minutes=quiet) < file.at <= at for file in told):
                continue
            document = self._copy(feed, day, at) if feed.endswith("quay") else self._status(feed, at)
            if document is not None:
                writer = Writer(feed, at, self._rng(feed, f"beat/{at}"), True)
                yield replace(writer.send("-b", (document,)), fault="copy" if document.function == "31" else "status")

    def _status(self, feed: str, at: datetime) -> Document:
        """A status of a box that stays where it is: no move."""
        dialect = DIALECTS[feed]
        rng = self._rng(feed, f"status/{at}")
        inside = [life.box for life, came in self.plan.inside(dialect.place, at) if came.terminal == dialect.terminal]
        box = rng.choice(sorted(inside, key=lambda box: box.number)) if inside else Box(boxes.number(1_989_000), "22G1", "DML")
        move = Move(at=at - timedelta(minutes=rng.randrange(2, 9)), place=dialect.place, event="status", box=box)
        return Document("266", f"{Writer(feed, at, rng, True).reference()}B", (move,), note="reefer and seal check, no move")

    def _copy(self, feed: str, day: int, at: datetime) -> Document | None:
        """The last list that went out without a fault, again, as a copy; the shortest of that call."""
        for back in range(day, max(day - 4, -1), -1):
            clean = [f for f in self._told(feed, back) if f.at < at and not f.fault and len(f.documents) == 1]
            if clean:
                last = min(clean[-4:], key=lambda file: len(file.documents[0].moves))
                return replace(last.documents[0], function="31")
        return None

    # The yard ----------------------------------------------------------------------------------------------------------

    def _lists(self, feed: str, day: int) -> Iterator[File]:
        """Every six hours at Demo Port, every morning elsewhere; at the origin everywhere: that list opens the books."""
        place, start = LISTS[feed], self.plan.origin + day * DAY
        if place == "demo-port":
            times = [start + timedelta(hours=hour) for hour in (0, 6, 12, 18)]
        else:
            tomorrow = start.astimezone(ZONE[place]).date() + DAY * (place == "second-port")
            times = [start] * (day == 0) + [datetime.combine(tomorrow, time(6), ZONE[place]).astimezone(UTC)]
        for at in times:
            rng = self._rng(feed, at)
            lines = self.plan.inside(place, at)
            fault = ""
            if at > self.plan.origin and lines and rng.random() < 0.05:
                lines.remove(rng.choice(lines))
                fault = "one box overlooked"
            elif day % 9 == 5 and place == "demo-port" and at.hour == 5:
                life, came = lines[0]
                ghost = replace(life.box, number=boxes.number(1_990_000 + day))
                lines.append((replace(life, box=ghost, moves=[]), came))
                fault = "one box too many"
            sent = at + timedelta(minutes=rng.randrange(8, 14), seconds=rng.randrange(60))
            yield File(sent, feed, f"{feed}-{at:%Y%m%dT%H%MZ}.csv", yard(place, at, lines).encode(), fault=fault)


__all__ = ["FEEDS", "File", "Telling", "feed_of", "key", "source_of"]
