"""What really happens to goods in the demo zone: a pure function of the plan, lot by lot.

Nearly every full box that comes into the zone brings a lot, sometimes two, and every lot's whole life is laid down on the day it comes,
as a box's is. So a day is had from the lots of the weeks before it. Lots that came before the origin and are still there then are told
with the first file of each book.

What keeps everything but the planted offences lawful:
- goods are taken after they came, from what is left, and leave as what they came as;
- stored goods stay for less than three weeks, and those that are in the country for a time for less than two;
- all is counted every twelve days, and the count finds what is there; the year is reconciled three weeks after its end;
- what is made weighs what the declared process says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from data.demo.box import Life, Move
from data.demo.calls import DAY, ZONE
from data.demo.goods import stories
from data.demo.goods.lot import FUNGIBLE, SMALL, Line, Lot
from data.demo.plan import Plan

PLACE = "demo-zone"
LONGEST = 80  # days: nothing of a lot happens later
BEFORE = 21  # days before the origin from which on boxes brought what may still be there
OPERATORS = ("DZL", FUNGIBLE)
YEAR_END = {"DZL": (12, 31), FUNGIBLE: (6, 30), **dict.fromkeys(SMALL, (12, 31))}  # places/demo-zone/place.yaml
COUNTED_EVERY, COUNTED_ON = 12, 8  # days; the first after the origin
RECONCILED = timedelta(days=20)  # after the end of the year
QUIET = timedelta(hours=52)
FIFO_AFTER = timedelta(days=10)  # ground.py


class Ledger:
    """The goods of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.lots = lru_cache(maxsize=500)(self._lots)
        self.lines = lru_cache(maxsize=16)(self._lines)

    def _lots(self, day: int) -> tuple[Lot, ...]:
        """The lots that begin on a day."""
        from data.demo.planted import planted_goods  # made of the same parts

        found: list[Lot] = []
        if day >= -BEFORE:
            since, until = self.plan.origin + day * DAY, self.plan.origin + (day + 1) * DAY
            visits = [one for one in self.plan.on(day).visits if one[1].place == PLACE and since <= one[1].at < until]
            for n, (life, came, left) in enumerate(sorted(visits, key=lambda one: (one[1].at, one[0].box.number))):
                name = f"{came.at.astimezone(ZONE[PLACE]):%y%m%d}-{n + 1:02}"
                if brings(life, came):
                    found += stories.lots(self, life, came, left, name)
                elif left is not None and left.full and not came.full:
                    found.append(stories.packed(self, life, came, left, name))
        for lot in found:
            self._mistakes(lot)
        return (*found, *planted_goods(self, day))

    def _mistakes(self, lot: Lot) -> None:
        """What clerks do wrong, and put right with the next file: only where nothing else is told of the lot before that."""
        rng = chance(self, "mistakes", lot.lot)
        for line, following in zip(lot.lines, [*lot.lines[1:], None], strict=True):
            one, on = rng.random(), self.plan.index(line.at) % COUNTED_EVERY
            if line.side or line.act == "strip" or on in range(COUNTED_ON - 2, COUNTED_ON + 1):
                continue
            if following is not None and following.at - line.at < QUIET:
                continue
            if one < 0.03:
                line.told_after = timedelta(hours=rng.randrange(8, 26))
            elif one < 0.06 and line.gross:
                line.wrong = {"gross": line.gross * 10} if one < 0.045 else {"hs": "0000"}
            elif one < 0.09 and line.act == "admission" and line.quantity:
                line.wrong = {"quantity": line.quantity + 100_000} if one < 0.075 else None
                line.again = one >= 0.075
            elif one > 0.98 and line.act == "withdrawal" and line.gross:
                line.odd = {"gross": line.gross * 108 // 100}
            elif one > 0.96 and line.act == "withdrawal" and following is None and lot.operator != FUNGIBLE:
                line.allowed = (line.quantity or 0) // 1000 * 95 // 100 * 1000  # no rule finds it: the books part

    def alive(self, at: datetime) -> Iterator[tuple[Lot, int]]:
        """The lots that are there at an instant, and how much of each."""
        day = self.plan.index(at)
        for lot in (lot for back in range(day - LONGEST, day + 1) for lot in self.lots(back)):
            told = [line for line in lot.lines if line.at <= at and line.balance is not None]
            if told and told[-1].balance:
                yield lot, told[-1].balance

    def _lines(self, day: int) -> tuple[Line, ...]:
        """All lines of a day, in order, with its counts and what is reconciled."""
        since, until = self.plan.origin + day * DAY, self.plan.origin + (day + 1) * DAY
        lots = (lot for back in range(day - LONGEST, day + 1) for lot in self.lots(back))
        found = [line for lot in lots for line in lot.lines if since <= line.at < until]
        found += self._counts(day)
        found += [line for operator in YEAR_END for line in self._reconciled(operator) if since <= line.at < until]
        return tuple(sorted(found, key=lambda line: (line.at, line.operator, line.number)))

    def opening(self) -> tuple[Line, ...]:
        """What is told at the origin: of each lot that is there then, all that happened to it before; and the counts of it."""
        origin = self.plan.origin
        alive = [lot for lot, _ in self.alive(origin)]
        made = {line.process for lot in alive for line in lot.lines if line.process}
        every = (lot for day in range(-LONGEST, 1) for lot in self.lots(day))
        there = {lot.lot for lot in alive} | {lot.lot for lot in every if any(line.process in made for line in lot.lines)}
        told: list[Line] = []
        for line in (line for day in range(-LONGEST, 1) for line in self.lines(day) if line.at <= origin):
            keeps = any(other.operator == line.operator for other in told)
            if line.lot in there or (line.act == "reconciliation" and keeps):
                told.append(line)
        return tuple(told)

    def _counts(self, day: int) -> Iterator[Line]:
        """Both operators count all they have on one evening; what is fungible by the item."""
        if day % COUNTED_EVERY != COUNTED_ON:
            return
        zone = ZONE[PLACE]
        evening = datetime.combine((self.plan.origin + day * DAY + DAY / 2).astimezone(zone).date(), time(22, 30), zone).astimezone(UTC)
        pools: dict[tuple[str, str, str, str], tuple[Lot, int]] = {}
        pooled: dict[tuple[str, str, str, str], int] = defaultdict(int)
        for lot, left in self.alive(evening):
            if lot.operator in SMALL or lot.apart or left < 0:
                continue
            fifo = lot.operator == FUNGIBLE and evening >= self.plan.origin + FIFO_AFTER
            key = (lot.operator, "" if fifo else lot.lot, lot.article.item, lot.owner_at(evening))
            pools[key] = (lot, pooled[key] + left)
            pooled[key] += left
        for n, ((operator, name, _, owner), (lot, left)) in enumerate(sorted(pools.items(), key=lambda one: one[0])):
            at = evening + timedelta(minutes=n % 50)
            number = f"C{evening:%y%m%d}/{n + 1:03}"
            line = Line(at=at, act="count", operator=operator, lot=name, number=number, quantity=left, counted="full")
            line.article, line.owner = lot.article, owner
            yield line

    def _reconciled(self, operator: str) -> Iterator[Line]:
        first, last = (self.plan.origin - LONGEST * DAY).year, (self.plan.ending + 400 * DAY).year
        for year in range(first, last + 1):
            ends = date(year, *YEAR_END[operator])
            at = datetime.combine(ends, time(10), ZONE[PLACE]).astimezone(UTC) + RECONCILED
            if at > self.plan.origin - LONGEST * DAY:
                number = f"R{ends:%y%m%d}"
                yield Line(at=at, act="reconciliation", operator=operator, lot="", number=number, remark=f"year ending {ends}")


@lru_cache(maxsize=2)
def kept(plan: Plan) -> Ledger:
    """The goods of a plan, laid down once."""
    return Ledger(plan)


def brings(life: Life, came: Move) -> bool:
    """Whether a box brings goods of which the books tell: it is full, its number is its own, and everybody tells of it."""
    offends = {offence.rule for offence in life.offences}
    known = not any(move.untold for move in life.moves)
    return came.full and came.gross_kg is not None and known and not offends & {"two_places_at_once", "bad_or_unknown_box_number"}


def chance(ledger: Ledger, *what: object) -> Random:
    return Random("/".join(map(str, (ledger.plan.seed, "goods", *what))))
