"""Suspense account ageing: goods were received without papers, and for days nobody has completed them.

Goods may be taken in before their papers are complete and kept in a suspense account (in the United States 19 CFR 146.22(c)); what is
forgotten there is inside and never was declared. Such goods are those of an admission in the operator's ledger that names no declaration.
The clock starts with that line and ends when they are gone, or when a later line of the ledger tells the declaration of their lot: one that
lets nothing in and takes nothing out, as a change of status; what comes in or goes out by a declaration of its own completes nothing. An
operator may correct the admission itself instead: then it never was without. How long it may take is declared by the place or its
jurisdiction (`suspense_warn`, `suspense_high`).
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.entry import Entry
from zones.episode import Because, Episode
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._inside import inside
from zones.rules._spells import Readings, joined, over, sooner
from zones.subject import LOT

SUBJECT = LOT
STEPS = {"suspense_warn": "queue", "suspense_high": "queue"}
LATCHING = False
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that tells the declaration
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ()


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """A spell for each admission without a declaration that stays so for too long."""
    if not law.declares(STEPS):
        return
    for goods in inside(facts, lambda status: True):
        if goods.source.act != "admission" or goods.source.declaration:
            continue
        until = sooner(_completed(facts, goods.source), goods.until)
        for began, ended, within in joined(over(law, STEPS, goods.came, until)):
            limit = within[0].limit
            yield Episode(
                anchor=(goods.source.entry_id,),
                anchor_reports=(goods.source.entry_id,),
                place=facts.place,
                began_at=began,
                ended_at=ended,
                steps=within,
                evidence=(goods.source,),
                because=Because(
                    "suspense_account_ageing",
                    **goods.told(facts),
                    entered=goods.source.at,
                    limit=limit.value if limit else None,
                ),
            )


def _completed(facts: LotFacts, admission: Entry) -> Readings | None:
    """When the declaration of goods was told that an admission let in without; None as long as it is not."""
    own = (
        line
        for line in facts.entries
        if line.declaration and not line.effect and line.latest >= admission.at and line.act != "count" and _of(admission, line)
    )
    first = next(own, None)
    return (first.at, first.latest) if first else None


def _of(admission: Entry, line: Entry) -> bool:
    """Whether a line is of the lot of an admission; where it names none, of its item."""
    return line.lot == admission.lot if line.lot and admission.lot else line.item == admission.item


EXAMPLES = """
undeclared      d0 08:00 admission quantity=100  -> none
with papers     limit suspense_warn 3d; d0 08:00 admission quantity=100 declaration=D1  -> none
completed       limit suspense_warn 3d; d0 08:00 admission quantity=100; d2 09:00 manipulation declaration=D1 to_status=bonded  -> none
too late        limit suspense_warn 3d; d0 08:00 admission quantity=100; d5 09:00 manipulation declaration=D1 to_status=bonded  -> d3 08:00..d5 09:00
on the minute   limit suspense_warn 3d; d0 08:00 admission quantity=100; d3 08:00 manipulation declaration=D1  -> none
both limits     limit suspense_warn 3d; limit suspense_high 10d; d0 08:00 admission quantity=100; d12 09:00 manipulation declaration=D1  -> d3 08:00..d12 09:00
still open      limit suspense_warn 3d; d0 08:00 admission quantity=100; d1 09:00 manipulation to_area=B  -> d3 08:00..
gone            limit suspense_warn 3d; d0 08:00 admission quantity=100; d2 09:00 withdrawal quantity=100 declaration=E1  -> none
a part is gone  limit suspense_warn 3d; d0 08:00 admission quantity=100; d2 09:00 withdrawal quantity=40 declaration=E1  -> d3 08:00..
next delivery   limit suspense_warn 3d; d0 08:00 admission quantity=100; d2 09:00 admission quantity=50 declaration=D2  -> d3 08:00..
another lot     limit suspense_warn 3d; operator fifo; d0 08:00 admission quantity=100 item=X lot=A1; d2 09:00 manipulation item=X lot=A2 declaration=D2  -> d3 08:00..
its item        limit suspense_warn 3d; operator fifo; d0 08:00 admission quantity=100 item=X; d2 09:00 manipulation item=X declaration=D1  -> none
no admission    limit suspense_warn 3d; d0 08:00 transfer received quantity=100  -> none
known by day    limit suspense_warn 3d; d0 00:00 admission quantity=100 precision=day; d3 12:00 manipulation declaration=D1  -> d3 00:00..d3 12:00
told late       limit suspense_warn 3d; d0 08:00 admission quantity=100 (received d6 07:00)  -> d3 08:00.. known d6 07:00
late papers     limit suspense_warn 3d; d0 08:00 admission quantity=100; d2 09:00 manipulation declaration=D1 (received d6 07:00)  -> none
taken back      limit suspense_warn 3d; d0 08:00 admission quantity=100; retract d0 08:00 admission quantity=100  -> none
papers back     limit suspense_warn 3d; d0 08:00 admission quantity=100; d2 09:00 manipulation declaration=D1; retract d2 09:00 manipulation declaration=D1  -> d3 08:00..
shortened       limit suspense_warn 9d; limit suspense_warn 3d from d5; d0 08:00 admission quantity=100  -> d5 00:00..
"""
