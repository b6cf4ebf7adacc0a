"""Negative stock: more was taken of a lot, of an owner and status, than the operator's book had there.

No balance can be below zero: what left was never there under that name, or the book is not kept. A withdrawal, destruction, transfer to
another zone or use in a process that takes more than there is begins it; it lasts until goods come in that cover it, and stays open until
somebody says how it came about. What is taken in a unit that does not convert to that of the goods leaves a balance that nobody can tell:
a matter for today. Of a line dated by the day the other lines of that day may have been before it: what they cover was not below zero.

Where nothing of the lot had come in at all, it is no balance that is below zero but goods that nobody admitted: that is told as a withdrawal
that cannot be traced to an admission, from the line until something of the lot comes in, and here from then on, where that is too little.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.episode import ALWAYS, Because, Episode, Step, lower
from zones.ledger import UOM_DIFFERS
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._stock import Below, below
from zones.rules._stocktake import done, told
from zones.subject import LOT
from zones.uom import Quantity

SUBJECT = LOT
STEPS = {ALWAYS: "act_now"}
LATCHING = True  # how it came about, only a person can say
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that let the goods in
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ()


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """One for each line that took more than was there, as long as that is not covered."""
    for one in below(facts):
        if one.first is not None:
            certain = UOM_DIFFERS not in facts.posted[one.by.entry_id].faults
            yield Episode(
                anchor=(one.by.entry_id,),
                anchor_reports=(one.by.entry_id,),
                place=facts.place,
                began_at=one.since,
                ended_at=one.until,
                steps=(Step(ALWAYS, STEPS[ALWAYS] if certain else lower(STEPS[ALWAYS]), one.since, certain),),
                evidence=(one.by, one.first),
                because=_because(facts, one, certain, law),
            )


def _because(facts: LotFacts, one: Below, certain: bool, law: Law) -> Because:
    line = one.by
    status = law.goods.status(line.status)
    return Because(
        "negative_stock_unit" if not certain else "negative_stock" if one.since == line.at else "negative_stock_still",
        **told(facts, line),
        act=done(line),
        taken=Quantity(abs(line.quantity or 0), line.uom),
        below=one.much if certain else None,
        status=dict(status.name) if status else line.status or None,
        came=one.since if certain and one.since != line.at else None,
    )


EXAMPLES = """
all there       d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=100  -> none
too much        d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120  -> d3 09:00..
by a gram       d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=100.001  -> d3 09:00..
covered         d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120; d4 10:00 admission quantity=20  -> d3 09:00..d4 10:00
half covered    d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120; d4 10:00 admission quantity=15  -> d3 09:00..
twice           d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120; d4 09:00 withdrawal quantity=5  -> d3 09:00.., d4 09:00..
destroyed       d0 08:00 admission quantity=100; d3 09:00 destruction quantity=120  -> d3 09:00..
used up         d0 08:00 admission quantity=100; d3 09:00 manufacture input quantity=120 process=P  -> d3 09:00..
sent away       d0 08:00 admission quantity=100; d3 09:00 transfer sent quantity=120  -> d3 09:00..
written off     d0 08:00 admission quantity=100; d3 09:00 adjustment quantity=-120  -> d3 09:00..
another owner   d0 08:00 admission quantity=100; d0 08:00 admission quantity=100 owner=B; d3 09:00 withdrawal quantity=120 owner=B  -> d3 09:00..
another status  d0 08:00 admission quantity=100 status=bonded; d3 09:00 withdrawal quantity=20 status=domestic  -> d3 09:00..
another area    d0 08:00 admission quantity=100 area=W1; d3 09:00 withdrawal quantity=20 area=W2  -> none
handed on       d0 08:00 admission quantity=100; d2 08:00 transfer quantity=40 to_owner=B; d3 09:00 withdrawal quantity=70  -> d3 09:00..
in pounds       d0 08:00 admission quantity=1 uom=TNE; d3 09:00 withdrawal quantity=2300 uom=LBR  -> d3 09:00..
in cartons      d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=3 uom=XCT  -> d3 09:00..
never admitted  d3 09:00 withdrawal quantity=20  -> none
before admitted d3 09:00 withdrawal quantity=20; d5 09:00 admission quantity=100  -> none
but too little  d3 09:00 withdrawal quantity=20; d5 09:00 admission quantity=5; d6 09:00 admission quantity=15  -> d5 09:00..d6 09:00
came that day   d0 08:00 admission quantity=5; d3 00:00 withdrawal quantity=20 precision=day; d3 16:00 admission quantity=100  -> none
not enough then d0 08:00 admission quantity=5; d3 00:00 withdrawal quantity=20 precision=day; d3 16:00 admission quantity=10  -> d3 00:00..
first that day  d3 00:00 withdrawal quantity=20 precision=day; d3 16:00 admission quantity=10  -> d3 00:00..
that minute     d3 09:00 withdrawal quantity=20; d3 09:00 admission quantity=20  -> none
a minute late   d0 08:00 admission quantity=5; d3 09:00 withdrawal quantity=20; d3 09:01 admission quantity=20  -> d3 09:00..d3 09:01
by item         operator fifo; d0 08:00 admission item=X lot=L1 quantity=60; d1 08:00 admission item=X lot=L2 quantity=60; d3 09:00 withdrawal item=X lot=L2 quantity=100; d4 09:00 withdrawal item=X lot=L2 quantity=30  -> d4 09:00..
of no lot       d3 09:00 withdrawal quantity=20 lot=-  -> none
told late       d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120 (received d5 07:00)  -> d3 09:00.. known d5 07:00
came late       d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120; d2 08:00 admission quantity=20 (received d5 07:00)  -> none
taken back      d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120; retract d3 09:00 withdrawal quantity=120  -> none
"""
