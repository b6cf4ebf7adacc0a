"""Overage, or never admitted: there are goods that no line of a book let in.

A count finds more of a lot than the operator's book has, or than the supervisor's own book has; or it finds goods of a lot of which nothing
ever came in; or the operator writes goods into his book by an adjustment that no count accounts for. Any of it is to be reported as soon as
it is found, however little it is: what is in a zone was admitted to it, or must be.

Where only the day of lines is told, or of one minute, over is what is over whichever of them was first; less than the last figure that was
told is rounding, where the book is kept in another unit. A later count that finds no more is no new alert. It is over once a count finds it
no more, or the book is put right; whether the goods are admitted or seized is for somebody to say in any case.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._stocktake import Occasion, occasions, told
from zones.subject import LOT
from zones.tally import Tally, tallies
from zones.uom import Quantity

SUBJECT = LOT
STEPS = {ALWAYS: "today"}
LIMITS = ("books_lag",)
LATCHING = True  # where they came from, only a person can say
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that let them in
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """One for each time that goods were found, or written on, that no line let in."""
    if not any(line.act in ("count", "adjustment") for line in facts.entries):
        return
    found = {tally.count.entry_id: tally for tally in tallies(facts, law)}
    for one in occasions(facts, found, _over, 1, lambda over, of, at: over > 0):
        yield Episode(
            anchor=(one.by.entry_id,),
            anchor_reports=(one.by.entry_id,),
            place=facts.place,
            began_at=one.by.at,
            ended_at=one.ended,
            steps=(Step(ALWAYS, STEPS[ALWAYS], one.by.at),),
            evidence=(one.by,),
            because=_because(facts, one),
        )


def _over(tally: Tally) -> int:
    return max(tally.over(tally.operator), tally.over(tally.customs))


def _because(facts: LotFacts, one: Occasion) -> Because:
    said, tally, uom = told(facts, one.by), one.tally, one.by.uom
    if tally is None:
        return Because("overage_written_on", **said, over=one.amount)
    own = tally.over(tally.operator) > 0
    return Because(
        "never_admitted" if not tally.admitted else "overage" if own else "overage_to_customs",
        **said,
        found=Quantity(tally.found, uom),
        over=Quantity(tally.over(tally.operator if own else tally.customs), uom),
        expected=Quantity(tally.operator.most, uom) if tally.operator else None,
        authorised=Quantity(tally.customs.most, uom) if tally.customs else None,
    )


EXAMPLES = """
all there       d0 08:00 admission quantity=1000; d3 09:00 count quantity=1000  -> none
over            d0 08:00 admission quantity=1000; d2 09:00 withdrawal quantity=200; d3 09:00 count quantity=805  -> d3 09:00..
by a gram       d0 08:00 admission quantity=1000; d3 09:00 count quantity=1000.001  -> d3 09:00..
less            d0 08:00 admission quantity=1000; d3 09:00 count quantity=900  -> none
never admitted  d3 09:00 count quantity=5  -> d3 09:00..
nothing there   d3 09:00 count quantity=0  -> none
admitted later  d3 09:00 count quantity=5; d3 15:00 admission quantity=5; d9 09:00 count quantity=5  -> d3 09:00..d9 09:00
below zero      d0 08:00 admission quantity=10; d1 08:00 withdrawal quantity=15; d3 09:00 count quantity=0  -> none
of another      d0 08:00 admission quantity=1000 owner=B; d3 09:00 count quantity=5  -> d3 09:00..
area not told   d0 08:00 admission quantity=1000; d3 09:00 count quantity=400 area=W1  -> none
of one area     d0 08:00 admission quantity=1000 area=W1; d3 09:00 count quantity=400 area=W2  -> d3 09:00..
in pounds       d0 08:00 admission quantity=1000; d3 09:00 count quantity=2204.63 uom=LBR; d4 09:00 count quantity=2205.63 uom=LBR  -> d4 09:00..
not comparable  d0 08:00 admission quantity=1000; d3 09:00 count quantity=20 uom=XCT  -> none
counted again   d0 08:00 admission quantity=1000; d3 09:00 count quantity=1005; d9 09:00 count quantity=1005  -> d3 09:00..
still more      d0 08:00 admission quantity=1000; d3 09:00 count quantity=1005; d9 09:00 count quantity=1006  -> d3 09:00..d9 09:00, d9 09:00..
put right       d0 08:00 admission quantity=1000; d3 09:00 count quantity=1005; d3 15:00 adjustment quantity=5; d9 09:00 count quantity=1005  -> d3 09:00..d3 15:00
written on      d0 08:00 admission quantity=1000; d2 15:00 adjustment quantity=5; d3 09:00 count quantity=1005  -> d2 15:00..
out of nothing  d2 15:00 adjustment quantity=5  -> d2 15:00..
written off     d0 08:00 admission quantity=1000; d2 15:00 adjustment quantity=-5  -> none
that day        d0 00:00 admission quantity=1000 precision=day; d3 00:00 count quantity=1005 precision=day; d3 00:00 adjustment quantity=5 precision=day  -> d3 00:00..d3 23:59
came that day   d0 00:00 admission quantity=1000 precision=day; d3 10:00 count quantity=1200; d3 00:00 admission quantity=200 precision=day  -> none
came that hour  d0 08:00 admission quantity=1000; d3 09:00 count quantity=1000; d3 09:00 admission quantity=200  -> none
left that day   d0 08:00 admission quantity=1000; d3 00:00 withdrawal quantity=200 precision=day; d3 10:00 count quantity=1000  -> none
both books      d0 08:00 admission quantity=1000; d0 08:00 admission quantity=1000 book=customs; d3 09:00 count quantity=1005  -> d3 09:00..
not authorised  d0 08:00 admission quantity=1005; d0 08:00 admission quantity=1000 book=customs; d3 09:00 count quantity=1005  -> d3 09:00..
authorised      d0 08:00 admission quantity=1005 book=customs; d3 09:00 count quantity=1005; d0 08:00 admission quantity=1000  -> d3 09:00..
own making      d0 08:00 admission quantity=1000; d0 08:00 admission quantity=1000 book=customs; d2 09:00 manufacture output quantity=50 process=P; d3 09:00 count quantity=1050  -> none
customs waits   limit books_lag 2d; d0 08:00 admission quantity=1000; d2 09:00 admission quantity=1000 book=customs; d1 09:00 count quantity=1000  -> none
told late       d0 08:00 admission quantity=1000; d3 09:00 count quantity=1005 (received d5 07:00)  -> d3 09:00.. known d5 07:00
came late       d0 08:00 admission quantity=1000; d3 09:00 count quantity=1005; d2 08:00 admission quantity=5 (received d6 07:00)  -> none
taken back      d3 09:00 count quantity=5; retract d3 09:00 count quantity=5  -> none
limit longer    limit books_lag 1d; limit books_lag 3d from d5; d0 08:00 admission quantity=1000; d8 09:00 admission quantity=1000 book=customs; d6 09:00 count quantity=1000  -> none
"""
