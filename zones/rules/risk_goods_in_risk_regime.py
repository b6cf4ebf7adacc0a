"""Risk goods in a risk regime: something was done in a zone with goods of which experience says that it is worth a look.

Goods that are often counterfeited, or brought in as waste, are no offence by being in a zone; what is looked at is what is done with
them there: relabelled, repacked, assembled. Which goods and which acts or words that are is for the jurisdiction to say (`watch` of its
file); where it says nothing, nothing is watched. The HS code is that of the line, else that of the goods that it took, let in or was done
with. Lines that only say how much is there (counts, adjustments, reconciliations) do nothing with goods. The lines of one process are told
of once for each lot. It is a lead, not a finding: it stays until somebody has looked at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.entry import Entry
from zones.episode import ALWAYS, Because, Episode, Step
from zones.goods import Watch
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._goods import concerned
from zones.subject import LOT

SUBJECT = LOT
STEPS = {ALWAYS: "queue"}
LATCHING = False
NEEDS: frozenset[str] = frozenset()  # what was done was told
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()
SAYS_ONLY = ("count", "adjustment", "reconciliation")


def watches(law: Law) -> bool:
    """Whether any goods are watched here."""
    return bool(law.goods.watch)


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """One for each line that does something watched, or for the lines of its process, from the first on."""
    told: dict[str, list[tuple[Entry, Watch, str, tuple[Entry, ...]]]] = {}
    for entry in facts.entries if watches(law) else ():
        sources = concerned(facts, entry) if entry.act not in SAYS_ONLY else ()
        codes = [entry.hs] if entry.hs else [source.hs for source in sources]
        for hs in codes if sources else ():
            if watch := law.goods.watched(hs, entry.act, entry.operation):
                proof = (entry,) if entry.hs else (entry, *(source for source in sources if source.hs == hs))
                told.setdefault(entry.process or entry.entry_id, []).append((entry, watch, hs, proof))
                break
    for lines in told.values():
        first, watch, hs, _ = lines[0]
        yield Episode(
            anchor=(first.entry_id,),
            anchor_reports=tuple(sorted(entry.entry_id for entry, *_ in lines)),
            place=facts.place,
            began_at=first.at,
            ended_at=None,
            steps=(Step(ALWAYS, STEPS[ALWAYS], first.at),),
            evidence=tuple({proof.entry_id: proof for *_, proofs in lines for proof in proofs}.values()),
            because=Because(
                "risk_goods_in_risk_regime",
                place=facts.place,
                operator=facts.keeper,
                lot=first.lot or first.item,
                hs=hs,
                watch=dict(watch.name),
                act=first.act,
                operation=first.operation or None,
                at=first.at,
            ),
        )


EXAMPLES = """
relabelled      watch 61,62 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 manipulation quantity=100 operation=relabelled  -> d1 08:00..
only stored     watch 61,62 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 manipulation quantity=100 operation=sorted  -> none
other goods     watch 61,62 relabelled; d0 08:00 admission quantity=100 hs=520811; d1 08:00 manipulation quantity=100 operation=relabelled  -> none
nothing watched d0 08:00 admission quantity=100 hs=610910; d1 08:00 manipulation quantity=100 operation=relabelled  -> none
by the act      watch 7204 manufacture; d0 08:00 admission quantity=100 hs=720449; d1 08:00 manufacture input quantity=100 process=P1  -> d1 08:00..
its own code    watch 61 relabelled; d0 08:00 admission quantity=100; d1 08:00 manipulation quantity=100 hs=6109.10 operation=Relabelled  -> d1 08:00..
its code first  watch 61 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 manipulation quantity=100 hs=520811 operation=relabelled  -> none
whatever        watch 7204; d0 08:00 admission quantity=100 hs=720449; d5 08:00 count quantity=100  -> d0 08:00..
in one run      watch 61 manufacture; d0 08:00 admission quantity=100 hs=610910; d1 08:00 manufacture input quantity=40 process=P1; d2 08:00 manufacture input quantity=60 process=P1  -> d1 08:00..
each time       watch 61 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 manipulation quantity=40 operation=relabelled; d2 08:00 manipulation quantity=60 operation=relabelled  -> d1 08:00.., d2 08:00..
made of it      watch 64 assembled; d1 08:00 manufacture output quantity=40 hs=640399 operation=assembled process=P1  -> d1 08:00..
nothing there   watch 61 relabelled; d1 08:00 manipulation quantity=100 hs=610910 operation=relabelled; d2 08:00 admission quantity=100 hs=610910  -> none
gone            watch 61 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 withdrawal quantity=100; d1 08:01 manipulation quantity=100 operation=relabelled  -> none
as they went    watch 61 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 withdrawal quantity=100; d1 08:00 manipulation quantity=100 operation=relabelled  -> d1 08:00..
another's       watch 61 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 manipulation quantity=100 owner=B operation=relabelled  -> none
told late       watch 61 relabelled; d0 08:00 admission quantity=100 hs=610910 (received d4 09:00); d1 08:00 manipulation quantity=100 operation=relabelled  -> d1 08:00.. known d4 09:00
taken back      watch 61 relabelled; d0 08:00 admission quantity=100 hs=610910; d1 08:00 manipulation quantity=100 operation=relabelled; retract d1 08:00 manipulation quantity=100 operation=relabelled  -> none
"""
