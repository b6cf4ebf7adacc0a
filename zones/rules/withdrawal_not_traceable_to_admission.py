"""Withdrawal not traceable to admission: goods left, or were used up, that nothing in the operator's book ever let in.

Every line that takes goods out (a withdrawal, a destruction, a transfer to another zone, an input of a process) is traced to the lines that
let them in. It cannot be where it names neither a lot nor an item; where nothing of its lot has come in, until something does; and where what
it takes was made in a process of which no input is told, so that there is nothing to trace further: that is told once of what was made, with
the first line that takes of it. The inputs of a process are lines that take goods themselves, and are traced as such.

Where something of the lot had come in and more was taken than that, the balance is below zero: that is negative stock, and not told here.
What was written into the book by an adjustment traces to that line, and to no admission: that is overage, told when it was written. Of what
is dated by the day the goods may have come in first; it is then taken to be so.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.entry import OPERATOR, Entry
from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._stock import Below, below, named
from zones.rules._stocktake import done, told
from zones.subject import LOT
from zones.uom import Quantity

SUBJECT = LOT
STEPS = {ALWAYS: "today"}
LATCHING = True  # which goods they were, only a person can say
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that let them in
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ()


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """One for each line that takes goods of no lot or of one that nothing let in, and for each that made goods out of nothing."""
    for line in facts.entries:
        if line.effect < 0 and not named(line):
            yield _episode(facts, line, "not_traceable_of_no_lot", (line,))
    for one in below(facts):
        if one.first is None:
            yield _episode(facts, one.by, "not_traceable_never_admitted", (one.by,), one)
    for made, line in _out_of_nothing(facts):
        yield _episode(facts, line, "not_traceable_made", (made, line))


def _out_of_nothing(facts: LotFacts) -> Iterator[tuple[Entry, Entry]]:
    """(what was made in a process without inputs, the first line that takes of it)."""
    fed = {one.process for one in facts.processes if any(line.book == OPERATOR for line in one.of("input"))}
    made = {line.entry_id: line for line in facts.entries if line.side == "output" and line.effect > 0 and line.process not in fed}
    for line in facts.entries if made else ():
        for trace in facts.posted[line.entry_id].traces if line.effect < 0 else ():
            if trace.source in made:
                yield made.pop(trace.source), line


def _episode(facts: LotFacts, line: Entry, key: str, evidence: tuple[Entry, ...], spell: Below | None = None) -> Episode:
    return Episode(
        anchor=(evidence[0].entry_id,),
        anchor_reports=tuple(one.entry_id for one in evidence),
        place=facts.place,
        began_at=line.at,
        ended_at=spell.until if spell else None,
        steps=(Step(ALWAYS, STEPS[ALWAYS], line.at),),
        evidence=evidence,
        because=Because(
            key,
            **told(facts, line),
            act=done(line),
            taken=Quantity(abs(line.quantity), line.uom) if line.quantity is not None else None,
            process=evidence[0].process or None if len(evidence) > 1 else None,
            permit=line.permit or line.declaration or None,
        ),
    )


EXAMPLES = """
admitted        d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=100  -> none
too much        d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=120  -> none
never admitted  d3 09:00 withdrawal quantity=20  -> d3 09:00..
of another lot  d0 08:00 admission quantity=100 lot=L2; d3 09:00 withdrawal quantity=20  -> d3 09:00..
each of them    d3 09:00 withdrawal quantity=20; d4 09:00 destruction quantity=5  -> d3 09:00.., d4 09:00..
sent away       d3 09:00 transfer sent quantity=20  -> d3 09:00..
used up         d3 09:00 manufacture input quantity=20 process=P  -> d3 09:00..
handed on       d3 09:00 transfer quantity=20 to_owner=B  -> none
only stuffed    d3 09:00 stuff lot=L1 quantity=20 equipment=ZZDU4839211  -> none
only counted    d3 09:00 count quantity=20  -> none
admitted later  d3 09:00 withdrawal quantity=20; d5 09:00 admission quantity=100  -> d3 09:00..d5 09:00
but too little  d3 09:00 withdrawal quantity=20; d5 09:00 admission quantity=5; d6 09:00 admission quantity=15  -> d3 09:00..d5 09:00
that minute     d3 09:00 withdrawal quantity=20; d3 09:00 admission quantity=20  -> none
a minute late   d3 09:00 withdrawal quantity=20; d3 09:01 admission quantity=20  -> d3 09:00..d3 09:01
came that day   d3 00:00 withdrawal quantity=20 precision=day; d3 16:00 admission quantity=10  -> none
the day after   d3 00:00 withdrawal quantity=20 precision=day; d4 00:00 admission quantity=20  -> d3 00:00..d4 00:00
returned        d0 08:00 return quantity=20; d3 09:00 withdrawal quantity=20  -> none
received        d0 08:00 transfer received quantity=20; d3 09:00 withdrawal quantity=20  -> none
written on      d0 08:00 adjustment quantity=20; d3 09:00 withdrawal quantity=20  -> none
written off     d3 09:00 adjustment quantity=-20  -> d3 09:00..
made of it      d0 08:00 admission lot=L2 quantity=20; d1 08:00 manufacture input lot=L2 quantity=20 process=P; d1 09:00 manufacture output quantity=18 process=P; d3 09:00 withdrawal quantity=18  -> none
made of nothing d1 09:00 manufacture output quantity=18 process=P; d3 09:00 withdrawal quantity=8; d4 09:00 withdrawal quantity=10  -> d3 09:00..
made, not gone  d1 09:00 manufacture output quantity=18 process=P  -> none
without one     d1 09:00 manipulation output quantity=18; d3 09:00 withdrawal quantity=8  -> d3 09:00..
inputs told late d1 09:00 manufacture output quantity=18 process=P; d3 09:00 withdrawal quantity=8; d0 08:00 admission lot=L2 quantity=20; d1 08:00 manufacture input lot=L2 quantity=20 process=P (received d6 07:00)  -> none
of what was not d1 08:00 manufacture input lot=L2 quantity=20 process=P; d1 09:00 manufacture output quantity=18 process=P; d3 09:00 withdrawal quantity=8  -> d1 08:00..
of no lot       d0 08:00 admission quantity=100; d3 09:00 withdrawal quantity=20 lot=-  -> d3 09:00..
of no lot at all d0 08:00 admission quantity=100 lot=-; d3 09:00 withdrawal quantity=20 lot=-  -> d3 09:00..
by its item     d0 08:00 admission item=X quantity=100; d3 09:00 withdrawal item=X quantity=20  -> none
lot of its item  operator fifo; d0 08:00 admission item=X lot=L1 quantity=60; d3 09:00 withdrawal item=X lot=L9 quantity=20  -> none
not by its item  operator; d0 08:00 admission item=X lot=L1 quantity=60; d3 09:00 withdrawal item=X lot=L9 quantity=20  -> d3 09:00..
told late       d3 09:00 withdrawal quantity=20 (received d5 07:00)  -> d3 09:00.. known d5 07:00
came late       d3 09:00 withdrawal quantity=20; d2 08:00 admission quantity=20 (received d5 07:00)  -> none
taken back      d3 09:00 withdrawal quantity=20; retract d3 09:00 withdrawal quantity=20  -> none
"""
