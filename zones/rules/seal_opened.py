"""Seal opened or tampered with in transit: the electronic seal of a box told so on its way under a transit permit, before it arrived.

One alert for each opening: what the seal tells further until it tells that it was closed belongs to it. An inspection that an agency told
of excuses openings up to two hours before and after it; nothing else does. The alert stays until somebody gives an outcome: a seal that was
closed again proves nothing. What the seal tells at the destination itself is not looked at. Needs a feed that tells of devices, and the
word of customs: while customs is not heard, it is unverified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from zones.episode import ALWAYS, Episode, Step
from zones.limits import Law
from zones.rules._road import why
from zones.signal import OPENINGS, Signal
from zones.subject import LEG, LegFacts

SUBJECT = LEG
STEPS = {ALWAYS: "act_now"}
LATCHING = True  # what was taken out or put in, only a person can say
NEEDS = frozenset({"customs"})  # leans on the absence of an inspection
SEES = frozenset({"devices"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()  # what would have to be otherwise is that the seal had not been opened
APART = timedelta(hours=2)  # an inspector writes down later, or earlier, than the seal does


def episodes(facts: LegFacts, law: Law) -> Iterator[Episode]:
    """One for each opening, from the first word of it."""
    left = facts.left.exit
    if left is None:
        return
    agencies = {(fact.place, "customs") for fact in facts.told if fact.place}
    for opened, closed in _openings(facts.signals):
        first = opened[0]
        if _excused(facts, first.at):
            continue
        yield Episode(
            anchor=(first.signal_id,),
            anchor_reports=tuple(id for signal in opened for id in signal.ids),
            place=facts.place,
            began_at=first.at,
            ended_at=max(closed.at, first.at + timedelta(seconds=1)) if closed else facts.ends,
            steps=(Step(ALWAYS, STEPS[ALWAYS], first.at),),
            evidence=(first, left, facts.transit),
            because=why("seal_tampered" if first.kind == "tamper" else "seal_opened", facts, left, device=first.device, opened=first.at),
            leans=tuple(sorted(agencies | {(facts.place, "customs")})),
        )


def _openings(signals: tuple[Signal, ...]) -> Iterator[tuple[list[Signal], Signal | None]]:
    """(the words of one opening of one device, the word that it was closed), by the first of them."""
    running: dict[str, list[Signal]] = {}
    for signal in signals:
        if signal.kind in OPENINGS:
            running.setdefault(signal.device, []).append(signal)
        elif signal.kind == "closed" and signal.device in running:
            yield running.pop(signal.device), signal
    for opened in running.values():
        yield opened, None


def _excused(facts: LegFacts, at: datetime) -> bool:
    """Whether an agency told of an inspection at that time."""
    seen = (fact for fact in facts.told if fact.kind == "inspected")
    return any(
        fact.effective_at - APART <= at <= fact.effective_at + (timedelta(days=1) if fact.precision == "day" else timedelta()) + APART
        for fact in seen
    )


EXAMPLES = """
opened          d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened  -> d1 10:10..
tampered        d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal tamper  -> d1 10:10..
told on and on  d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 10:15 signal tamper; d1 10:20 signal opened  -> d1 10:10..
closed again    d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 10:40 signal closed  -> d1 10:10..d1 10:40
another seal    d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 10:40 signal closed device=S2  -> d1 10:10..
opened twice    d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 10:40 signal closed; d1 11:00 signal opened  -> d1 10:10..d1 10:40, d1 11:00..
then arrived    d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 11:00 gate_in @zone  -> d1 10:10..d1 11:00
nothing opened  d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal closed; d1 10:20 signal battery_low  -> none
no permit       d1 09:00 gate_out; d1 10:10 signal opened  -> none
before it left  d1 08:00 permit CUS to=zone; d1 08:59 signal opened; d1 09:00 gate_out  -> none
as it left      d1 08:00 permit CUS to=zone; d1 09:00 signal opened; d1 09:00 gate_out  -> d1 09:00..
as it arrived   d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 11:00 signal opened; d1 11:00 gate_in @zone  -> none
just before     d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:59 signal opened; d1 11:00 gate_in @zone  -> d1 10:59..d1 11:00
inspected       d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 12:10 inspected CUS  -> none
hours later     d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 12:11 inspected CUS  -> d1 10:10..
inspection late d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; d1 11:10 inspected CUS (received d3 08:00)  -> none
told late       d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened (received d2 08:00)  -> d1 10:10.. known d2 08:00
exit told late  d1 08:00 permit CUS to=zone; d1 09:00 gate_out (received d2 09:00); d1 10:10 signal opened  -> d1 10:10.. known d2 09:00
taken back      d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened; retract d1 10:10 signal opened  -> none
some day        d1 08:00 permit CUS to=zone; d1 00:00 gate_out precision=day; d1 10:10 signal opened  -> none
others declared limit transit_time 72h; unconfirmed transit_time; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:10 signal opened  -> d1 10:10..
"""
