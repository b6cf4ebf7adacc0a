"""Origin or description changed in a zone with no processing: goods leave as something else than they came in as, and nobody made it of them.

A line by which goods leave (withdrawn, or sent to another zone or operator) tells another HS code or another origin than the line that
let these goods in, and no manufacture or manipulation of the lot in between tells that code or origin. Of HS codes the first six digits
are compared, which all countries have in common; codes of different editions of the Harmonized System are not compared, since goods may
change their code by the edition alone, nor those of chapters 98 and 99, which each nation fills itself. Where only one of the two tells
its edition they are taken to be of the same. What either line does not tell is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zones.entry import Entry
from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.lot import LotFacts
from zones.subject import LOT

SUBJECT = LOT
STEPS = {ALWAYS: "today"}
LATCHING = True  # the goods are gone; only a person can say what they were
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that tells the change
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()
LEAVES = (("withdrawal", ""), ("transfer", "sent"))
PROCESSED = ("manipulation", "manufacture")
NATIONAL = ("98", "99")


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """One for each line by which goods left as something else, for ever."""
    for entry in facts.entries:
        if (entry.act, entry.side) not in LEAVES or not (entry.hs or entry.origin):
            continue
        sources = dict.fromkeys(facts.line[one.source] for one in facts.posted[entry.entry_id].traces if one.source in facts.line)
        hs, origin = ([source for source in sources if differs(facts, source, entry)] for differs in (_other_code, _other_origin))
        if not hs and not origin:
            continue
        was, other = (hs or origin)[0], (origin or hs)[0]
        yield Episode(
            anchor=(entry.entry_id,),
            anchor_reports=(entry.entry_id,),
            place=facts.place,
            began_at=entry.at,
            ended_at=None,
            steps=(Step(ALWAYS, STEPS[ALWAYS], entry.at),),
            evidence=(entry, *(source for source in sources if source in hs or source in origin)),
            because=Because(
                "origin_or_description_changed_in_zone_with_no_processing",
                place=facts.place,
                operator=facts.keeper,
                lot=entry.lot or entry.item,
                at=entry.at,
                hs=entry.hs if hs else None,
                other_hs=was.hs if hs else None,
                origin=entry.origin if origin else None,
                other_origin=other.origin if origin else None,
            ),
        )


def _other_code(facts: LotFacts, source: Entry, entry: Entry) -> bool:
    """Whether the goods came in under another code, and nothing done with them since tells the one under which they leave."""
    came, goes = _heading(source), _heading(entry)
    if not came or not goes or came == goes or (source.hs_edition and entry.hs_edition and source.hs_edition != entry.hs_edition):
        return False
    return all(_heading(done) != goes for done in _done(facts, source, entry))


def _other_origin(facts: LotFacts, source: Entry, entry: Entry) -> bool:
    """The same of their origin."""
    if not source.origin or not entry.origin or source.origin == entry.origin:
        return False
    return all(done.origin != entry.origin for done in _done(facts, source, entry))


def _heading(entry: Entry) -> str:
    """The six digits that all countries have in common; "" where it tells none."""
    digits = re.sub(r"\D", "", entry.hs)[:6]
    return digits if len(digits) == 6 and not digits.startswith(NATIONAL) else ""


def _done(facts: LotFacts, source: Entry, entry: Entry) -> Iterator[Entry]:
    """What was done with goods of the lot from when they came in until they left, by some reading of the times."""
    lots = ("", source.lot, entry.lot)
    for done in facts.entries:
        if done.act in PROCESSED and done.lot in lots and done.latest >= source.earliest and done.earliest <= entry.latest:
            yield done


EXAMPLES = """
the same        d0 08:00 admission quantity=100 hs=610910 origin=CN; d3 09:00 withdrawal quantity=100 hs=610910 origin=CN  -> none
another origin  d0 08:00 admission quantity=100 hs=610910 origin=CN; d3 09:00 withdrawal quantity=100 hs=610910 origin=VN  -> d3 09:00..
another code    d0 08:00 admission quantity=100 hs=610910 origin=CN; d3 09:00 withdrawal quantity=100 hs=610510 origin=CN  -> d3 09:00..
both            d0 08:00 admission quantity=100 hs=610910 origin=CN; d3 09:00 withdrawal quantity=100 hs=610510 origin=VN  -> d3 09:00..
sent            d0 08:00 admission quantity=100 hs=610910 origin=CN; d3 09:00 transfer sent quantity=100 origin=VN to_place=port  -> d3 09:00..
national digits d0 08:00 admission quantity=100 hs=6109.10.0010; d3 09:00 withdrawal quantity=100 hs=61091099  -> none
of no country's d0 08:00 admission quantity=100 hs=870899; d3 09:00 withdrawal quantity=100 hs=98490000  -> none
other editions  d0 08:00 admission quantity=100 hs=854231 hs_edition=2017; d3 09:00 withdrawal quantity=100 hs=854232 hs_edition=2022  -> none
one edition     d0 08:00 admission quantity=100 hs=854231 hs_edition=2022; d3 09:00 withdrawal quantity=100 hs=854232  -> d3 09:00..
not told        d0 08:00 admission quantity=100 hs=610910; d3 09:00 withdrawal quantity=100 origin=VN  -> none
made of it      d0 08:00 admission quantity=100 hs=520811 origin=CN; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output quantity=90 hs=610910 origin=VN process=P1; d3 09:00 withdrawal quantity=90 hs=610910 origin=VN  -> none
half told       d0 08:00 admission quantity=100 hs=520811 origin=CN; d1 08:00 manipulation quantity=100 hs=610910; d3 09:00 withdrawal quantity=90 hs=610910 origin=VN  -> d3 09:00..
at that hour    d0 08:00 admission quantity=100 hs=520811; d3 09:00 manipulation quantity=100 hs=610910; d3 09:00 withdrawal quantity=90 hs=610910  -> none
afterwards      d0 08:00 admission quantity=100 hs=520811; d3 09:00 withdrawal quantity=90 hs=610910; d3 09:01 manipulation quantity=10 hs=610910  -> d3 09:00..
some reading    d0 08:00 admission quantity=100 hs=520811; d3 00:00 withdrawal quantity=90 hs=610910 precision=day; d3 15:00 manipulation quantity=100 hs=610910  -> none
of another lot  d0 08:00 admission quantity=100 hs=520811; d1 08:00 admission lot=L2 quantity=1; d2 08:00 manipulation lot=L2 quantity=1 hs=610910; d3 09:00 withdrawal quantity=90 hs=610910  -> d3 09:00..
not traced      d3 09:00 withdrawal quantity=90 hs=610910 origin=VN; d4 08:00 admission quantity=100 hs=520811 origin=CN  -> none
of two          d0 08:00 admission quantity=50 hs=610910; d1 08:00 admission quantity=50 hs=520811; d3 09:00 withdrawal quantity=60 hs=610910  -> d3 09:00..
first in        operator fifo; d0 08:00 admission item=X lot=L1 quantity=50 hs=610910; d1 08:00 admission item=X lot=L2 quantity=50 hs=520811; d3 09:00 withdrawal item=X quantity=50 hs=610910  -> none
told late       d0 08:00 admission quantity=100 origin=CN (received d5 10:00); d3 09:00 withdrawal quantity=100 origin=VN  -> d3 09:00.. known d5 10:00
processing late d0 08:00 admission quantity=100 hs=520811; d3 09:00 withdrawal quantity=90 hs=610910; d2 09:00 manipulation quantity=100 hs=610910 (received d5 10:00)  -> none
taken back      d0 08:00 admission quantity=100 origin=CN; d3 09:00 withdrawal quantity=100 origin=VN; retract d3 09:00 withdrawal quantity=100 origin=VN  -> none
"""
