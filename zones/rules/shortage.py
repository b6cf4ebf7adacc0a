"""Shortage: a count finds less of a lot than the operator's book has, or than the supervisor's own book has.

What every count found is kept and can be read, however little is missing. To be reported is what makes up the limit `shortage_reported`, a
share of what the book has of the whole lot; without the limit nothing is. The law of the United States asks besides that duty and tax on
what is missing come to a hundred dollars: nobody can know that here without a tariff, so that is for whoever decides to say.

What the operator writes off by an adjustment, without a count that found it missing, is a shortage as well. Where only the day of lines is
told, or of one minute, missing is what is missing whichever of them was first. A later count that finds the same is no new alert; one that
finds as much more missing as is to be reported is. It is over once a count finds it no more, or the book is put right; somebody has to say
what became of the goods in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zones.episode import Because, Episode, Step
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._stocktake import Occasion, occasions, told
from zones.subject import LOT
from zones.tally import Tally, tallies
from zones.uom import Quantity

LIMIT = "shortage_reported"
SUBJECT = LOT
STEPS = {LIMIT: "today"}
LIMITS = ("books_lag",)
MEASURES = {LIMIT: "%"}
LATCHING = True  # where the goods are, only a person can say
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that took them out
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ()


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """One for each time that so much was found missing, or written off without having been."""
    if not law.declares((LIMIT,)) or not any(line.act in ("count", "adjustment") for line in facts.entries):
        return

    def reported(missing: int, of: int, at: datetime) -> bool:
        limit = law.at(LIMIT, at)
        return limit is not None and missing > 0 and missing >= limit.measure.of(of)

    found = {tally.count.entry_id: tally for tally in tallies(facts, law)}
    for one in occasions(facts, found, _missing, -1, reported):
        limit = law.at(LIMIT, one.by.at)
        yield Episode(
            anchor=(one.by.entry_id,),
            anchor_reports=(one.by.entry_id,),
            place=facts.place,
            began_at=one.by.at,
            ended_at=one.ended,
            steps=(Step(LIMIT, STEPS[LIMIT], one.by.at, limit=limit, over=False),),
            evidence=(one.by,),
            because=_because(facts, one, str(limit.value) if limit else None),
        )


def _missing(tally: Tally) -> int:
    return max(tally.missing(tally.operator), tally.missing(tally.customs))


def _because(facts: LotFacts, one: Occasion, limit: str | None) -> Because:
    said, tally = told(facts, one.by), one.tally
    if tally is None:
        return Because("shortage_written_off", **said, missing=one.amount, limit=limit)
    own, uom = tally.missing(tally.operator) > 0, one.by.uom
    return Because(
        "shortage" if own else "shortage_to_customs",
        **said,
        found=Quantity(tally.found, uom),
        missing=Quantity(tally.missing(tally.operator if own else tally.customs), uom),
        expected=Quantity(tally.operator.least, uom) if tally.operator else None,
        authorised=Quantity(tally.customs.least, uom) if tally.customs else None,
        limit=limit,
    )


EXAMPLES = """
all there       limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=1000  -> none
short           limit shortage_reported 1%; d0 08:00 admission quantity=1000; d2 09:00 withdrawal quantity=200; d3 09:00 count quantity=780  -> d3 09:00..
just the share  limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=990  -> d3 09:00..
a gram less     limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=990.001  -> none
not reported    d0 08:00 admission quantity=1000; d3 09:00 count quantity=500  -> none
nothing left    limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=0  -> d3 09:00..
more than there limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=1100  -> none
below zero      limit shortage_reported 1%; d0 08:00 admission quantity=10; d1 08:00 withdrawal quantity=15; d3 09:00 count quantity=0  -> none
of one owner    limit shortage_reported 1%; d0 08:00 admission quantity=1000; d0 08:00 admission quantity=500 owner=B; d3 09:00 count quantity=490 owner=B  -> none
much of his     limit shortage_reported 1%; d0 08:00 admission quantity=1000; d0 08:00 admission quantity=500 owner=B; d3 09:00 count quantity=480 owner=B  -> d3 09:00..
of one status   limit shortage_reported 1%; d0 08:00 admission quantity=1000 status=bonded; d3 09:00 count quantity=900 status=bonded  -> d3 09:00..
of one area     limit shortage_reported 1%; d0 08:00 admission quantity=1000 area=W1; d0 08:00 admission quantity=1000 area=W2; d3 09:00 count quantity=900 area=W1  -> d3 09:00..
area not told   limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=400 area=W1; d3 10:00 count quantity=600 area=W2  -> none
in pounds       limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=2204.62 uom=LBR; d4 09:00 count quantity=2180 uom=LBR  -> d4 09:00..
not comparable  limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=20 uom=XCT  -> none
counted again   limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=980; d9 09:00 count quantity=980; d12 09:00 count quantity=975  -> d3 09:00..
found again     limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=980; d9 09:00 count quantity=1000  -> d3 09:00..d9 09:00
more is gone    limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=980; d9 09:00 count quantity=960  -> d3 09:00..d9 09:00, d9 09:00..
put right       limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=980; d3 15:00 adjustment quantity=-20; d9 09:00 count quantity=980  -> d3 09:00..d3 15:00
half put right  limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=980; d3 15:00 adjustment quantity=-5; d9 09:00 count quantity=980  -> d3 09:00..
more put off    limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=980; d3 15:00 adjustment quantity=-40  -> d3 09:00..d3 15:00, d3 15:00..
written off     limit shortage_reported 1%; d0 08:00 admission quantity=1000; d2 15:00 adjustment quantity=-20; d3 09:00 count quantity=980  -> d2 15:00..
a trifle off    limit shortage_reported 1%; d0 08:00 admission quantity=1000; d2 15:00 adjustment quantity=-5; d3 09:00 count quantity=995  -> none
that minute     limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=980; d3 09:00 adjustment quantity=-20; d9 09:00 count quantity=980  -> d3 09:00..d9 09:00
that day        limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 00:00 count quantity=980 precision=day; d3 00:00 adjustment quantity=-20 precision=day  -> d3 00:00..d3 23:59
left that day   limit shortage_reported 1%; d0 00:00 admission quantity=1000 precision=day; d3 00:00 count quantity=800 precision=day; d3 00:00 withdrawal quantity=200 precision=day  -> none
less than that  limit shortage_reported 1%; d0 00:00 admission quantity=1000 precision=day; d3 00:00 count quantity=700 precision=day; d3 00:00 withdrawal quantity=200 precision=day  -> d3 00:00..
left that hour  limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=800; d3 09:00 withdrawal quantity=200  -> none
an hour before  limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 08:59 withdrawal quantity=200; d3 09:00 count quantity=1000  -> none
both books      limit shortage_reported 1%; d0 08:00 admission quantity=1000; d0 08:00 admission quantity=1000 book=customs; d3 09:00 count quantity=900  -> d3 09:00..
only customs    limit shortage_reported 1%; d0 08:00 admission quantity=900; d0 08:00 admission quantity=1000 book=customs; d3 09:00 count quantity=900  -> d3 09:00..
customs is late limit shortage_reported 1%; limit books_lag 2d; d0 08:00 admission quantity=1000; d0 08:00 admission quantity=1000 book=customs; d2 09:00 withdrawal quantity=100; d3 09:00 count quantity=900; d4 09:00 withdrawal quantity=100 book=customs  -> none
own making      limit shortage_reported 1%; d0 08:00 admission quantity=1000; d0 08:00 admission quantity=1000 book=customs; d2 09:00 manufacture input quantity=100 process=P; d3 09:00 count quantity=900  -> none
off both        limit shortage_reported 1%; d0 08:00 admission quantity=1000; d0 08:00 admission quantity=1000 book=customs; d3 09:00 count quantity=900; d3 15:00 adjustment quantity=-100; d9 09:00 count quantity=900  -> d3 09:00..d3 15:00
fungible        operator fifo; limit shortage_reported 1%; d0 08:00 admission item=X lot=L1 quantity=500; d1 08:00 admission item=X lot=L2 quantity=500; d3 09:00 count item=X lot=L1 quantity=1000; d4 09:00 count item=X lot=L1 quantity=900  -> d4 09:00..
told late       limit shortage_reported 1%; d0 08:00 admission quantity=1000 (received d5 07:00); d3 09:00 count quantity=900  -> d3 09:00.. known d3 09:00
count told late limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=900 (received d5 07:00)  -> d3 09:00.. known d5 07:00
it had left     limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=900; d2 08:00 withdrawal quantity=100 (received d6 07:00)  -> none
taken back      limit shortage_reported 1%; d0 08:00 admission quantity=1000; d3 09:00 count quantity=900; retract d3 09:00 count quantity=900  -> none
limit tighter   limit shortage_reported 20%; limit shortage_reported 1% from d4; d0 08:00 admission quantity=1000; d3 09:00 count quantity=900; d6 09:00 count quantity=900  -> d6 09:00..
that midnight   limit shortage_reported 20%; limit shortage_reported 1% from d4; d0 08:00 admission quantity=1000; d4 00:00 count quantity=900  -> d4 00:00..
"""
