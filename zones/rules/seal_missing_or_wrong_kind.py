"""Seal missing or wrong kind: a box left under a transit permit for another place without a seal of customs, or without an electronic
seal though customs calls its risk high.

Asked for is what the place it left declares (`seals` in place.yaml); where it declares nothing, the rule says nothing. A seal counts that
the exit tells, or a sealing or resealing since the box was last opened. Who put a seal on is not told by most sources. So the rule speaks
only where the exit itself says of a seal who put it on (of an electronic one: which kind a seal is), or where its publisher is
declared to tell that always (`told_by`): then a seal that is not told is not there. Empty boxes are not asked about. Risk is the
latest that a fact of customs about this visit told by the exit. Vietnam has a customs seal on every such box, an electronic one on those
of high risk.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.codes import KIND_OF
from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.seals import read
from zones.stay import Mark
from zones.subject import LEG, LegFacts

SUBJECT = LEG
STEPS = {ALWAYS: "today"}
LATCHING = True  # sealed later, it may have been opened before
NEEDS = frozenset({"gate", "quay"})  # leans on the absence of a word on a seal at its exit
VERSION = 1
OWNER = "officer"
OTHERWISE = ()
OPENS = ("unseal", "strip", "stuff")


def watches(law: Law) -> bool:
    """Whether the place declares which seals it asks for."""
    return law.required.seals is not None


def episodes(facts: LegFacts, law: Law) -> Iterator[Episode]:
    """From its exit on, if a seal is missing then."""
    left, asked = facts.left.exit, law.required.seals
    if left is None or asked is None or facts.left.full_empty == "empty":
        return
    told = read(left.sealed)
    on = (*told, *(each for mark in _since_opened(facts, left) for each in read(mark.sealed)))
    always = left.publisher in asked.told_by
    high = facts.risk is not None and facts.risk.risk == "high"
    if asked.transit and (always or any(each.party for each in told)) and not any(each.party == asked.transit for each in on):
        yield _episode(facts, left, "seal_missing")
    elif high and asked.high_risk and (always or any(each.kind for each in told)) and not any(each.kind == asked.high_risk for each in on):
        yield _episode(facts, left, "seal_wrong_kind")


def _since_opened(facts: LegFacts, left: Mark) -> list[Mark]:
    """What was done to the box since it was last told to be opened, up to its exit."""
    done: list[Mark] = []
    for mark in facts.moves:
        if mark.at <= left.latest:
            done = [] if mark.event in OPENS else [*done, mark]
    return done


def _episode(facts: LegFacts, left: Mark, key: str) -> Episode:
    risky = facts.risk if key == "seal_wrong_kind" else None
    return Episode(
        anchor=(left.report_id,),
        anchor_reports=left.reports,
        place=facts.place,
        began_at=left.at,
        ended_at=None,
        steps=(Step(ALWAYS, STEPS[ALWAYS], left.at),),
        evidence=(left, facts.transit, *((risky,) if risky and risky != facts.transit else ())),
        because=Because(
            key,
            box=facts.equipment,
            place=facts.place,
            by=left.event,
            at=left.at,
            vehicle=left.vehicle or None,
            other_place=facts.transit.to,
            seals=left.seals or None,
        ),
        leans=((facts.place, KIND_OF[left.event]),),
    )


EXAMPLES = """
not declared    d1 08:00 permit customs to=zone; d1 09:00 gate_out seals=A1 sealed=carrier  -> none
of the carrier  seals transit; d1 08:00 permit customs to=zone; d1 09:00 gate_out seals=A1 sealed=carrier  -> d1 09:00..
of customs      seals transit; d1 08:00 permit customs to=zone; d1 09:00 gate_out seals=A1,C1 sealed=carrier,customs  -> none
who, not told   seals transit; d1 08:00 permit customs to=zone; d1 09:00 gate_out seals=A1  -> none
no seal         seals transit told_by=terminal; d1 08:00 permit customs to=zone; d1 09:00 gate_out  -> d1 09:00..
by another      seals transit told_by=terminal; d1 08:00 permit customs to=zone; d1 09:00 gate_out publisher=carrier  -> none
no permit       seals transit; d1 09:00 gate_out seals=A1 sealed=carrier  -> none
to leave only   seals transit; d1 08:00 permit customs; d1 09:00 gate_out seals=A1 sealed=carrier  -> none
permit after    seals transit; d1 09:00 gate_out seals=A1 sealed=carrier; d1 09:01 permit customs to=zone  -> none
same minute     seals transit; d1 09:00 permit customs to=zone; d1 09:00 gate_out seals=A1 sealed=carrier  -> d1 09:00..
by ship         seals transit; d1 08:00 permit customs to=zone; d1 09:00 load seals=A1 sealed=carrier  -> d1 09:00..
empty           seals transit; d1 08:00 permit customs to=zone; d1 09:00 gate_out seals=A1 sealed=carrier full_empty=empty  -> none
sealed before   seals transit; d0 08:00 discharge; d1 07:00 seal seals=C1 sealed=customs; d1 08:00 permit customs to=zone; d1 09:00 gate_out seals=A1 sealed=carrier  -> none
opened again    seals transit; d0 08:00 discharge; d1 06:00 seal sealed=customs; d1 07:00 unseal; d1 08:00 permit customs to=zone; d1 09:00 gate_out sealed=carrier  -> d1 09:00..
sealed after    seals transit; d0 08:00 discharge; d1 08:00 permit CUS to=zone; d1 09:00 gate_out sealed=carrier; d1 09:01 seal sealed=customs  -> d1 09:00..
high risk       seals high_risk; d1 08:00 permit customs to=zone risk=high; d1 09:00 gate_out seals=C1 sealed=customs/mechanical  -> d1 09:00..
electronic      seals high_risk; d1 08:00 permit customs to=zone risk=high; d1 09:00 gate_out seals=E1 sealed=customs/electronic  -> none
kind not told   seals high_risk; d1 08:00 permit customs to=zone risk=high; d1 09:00 gate_out seals=C1 sealed=customs  -> none
low risk        seals high_risk; d1 08:00 permit customs to=zone risk=low; d1 09:00 gate_out seals=C1 sealed=customs/mechanical  -> none
when selected   seals high_risk; d0 08:00 discharge; d0 09:00 selected CUS risk=high; d1 08:00 permit CUS to=zone; d1 09:00 gate_out sealed=customs/mechanical  -> d1 09:00..
risk lowered    seals high_risk; d0 08:00 discharge; d0 09:00 selected CUS risk=high; d1 08:00 permit CUS to=zone risk=low; d1 09:00 gate_out sealed=customs/mechanical  -> none
told late       seals transit; d1 08:00 permit customs to=zone; d1 09:00 gate_out seals=A1 sealed=carrier (received d3 10:00)  -> d1 09:00.. known d3 10:00
permit late     seals transit; d1 08:00 permit customs to=zone (received d3 10:00); d1 09:00 gate_out seals=A1 sealed=carrier  -> d1 09:00.. known d3 10:00
taken back      seals transit; d1 08:00 permit customs to=zone; d1 09:00 gate_out sealed=carrier; retract d1 09:00 gate_out  -> none
"""
