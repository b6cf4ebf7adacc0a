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
                operator=facts.operator,
                lot=first.lot or first.item,
                hs=hs,
                watch=dict(watch.name),
                act=first.act,
                operation=first.operation or None,
                at=first.at,
            ),
        )
