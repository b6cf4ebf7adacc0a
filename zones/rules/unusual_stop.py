"""Unusual stop: a box on its way under a transit permit stood still for too long where no stop is in order.

It stands still as long as all positions told lie within `stop_radius` of the first of them, and for too long after `stop_time`; the place
it left or its jurisdiction declares both, and without the one or the other the rule is off. Where a stop is in order says the place it left
(`stops` under `travel`: fuel, rest, a queue before the gate). Only what was told counts: the last position within must itself be later than
`stop_time`, so a device that fell silent makes no stop. It ends with the first position elsewhere, or when the box came in somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from zones.episode import Episode, Step
from zones.limits import Law
from zones.rules._road import fixes, off_road, why
from zones.signal import Signal
from zones.subject import LEG, LegFacts
from zones.way import Way, metres

SUBJECT = LEG
STEPS = {"stop_time": "queue", "stop_radius": "queue"}
MEASURES = {"stop_radius": "metres"}
LATCHING = False
NEEDS: frozenset[str] = frozenset()  # leans on the absence of nothing
SEES = frozenset({"devices"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()


def episodes(facts: LegFacts, law: Law) -> Iterator[Episode]:
    """From when it had stood for too long until it was told elsewhere."""
    left, way = facts.left.exit, law.ways.get(facts.transit.to, Way())
    if left is None or not all(law.declares((name,)) for name in STEPS):
        return
    for stood, moved in _standing(fixes(facts), law):
        first, last = stood[0], stood[-1]
        if first.fix is None or way.approved(first.fix):
            continue
        for spell in law.beyond("stop_time", first.at, moved or off_road(facts)):
            told = [signal for signal in stood if signal.at > spell.began]
            if not told:
                continue
            yield Episode(
                anchor=(first.signal_id,),
                anchor_reports=tuple(id for signal in stood for id in signal.ids),
                place=facts.place,
                began_at=spell.began,
                ended_at=spell.ended,
                steps=(Step("stop_time", STEPS["stop_time"], spell.began, limit=spell.limit),),
                evidence=(first, told[0], left, facts.transit),
                because=why("unusual_stop", facts, left, since=first.at, seen=last.at, limit=str(spell.limit.value)),
            )


def _standing(told: Sequence[Signal], law: Law) -> Iterator[tuple[list[Signal], datetime | None]]:
    """(positions within the radius of the first of them, when the next one was elsewhere), of two positions or more."""
    stood: list[Signal] = []
    for signal in told:
        limit = law.at("stop_radius", stood[0].at) if stood else None
        if limit and stood[0].fix and signal.fix and metres(stood[0].fix, signal.fix) <= limit.measure.exact:
            stood.append(signal)
            continue
        if len(stood) > 1:
            yield stood, signal.at
        stood = [signal]
    if len(stood) > 1:
        yield stood, None


EXAMPLES = """
not declared    d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106  -> none
no radius       limit stop_time 30m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106  -> none
stands          limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106  -> d1 09:50..
went on         limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:00 signal position lat=10.101 lon=106; d1 10:20 signal position lat=10.2 lon=106  -> d1 09:50..d1 10:20
crept on        limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 09:40 signal position lat=10.102 lon=106; d1 10:00 signal position lat=10.104 lon=106  -> none
on the minute   limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 09:50 signal position lat=10.1 lon=106  -> none
a minute more   limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 09:51 signal position lat=10.1 lon=106  -> d1 09:50..
fell silent     limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 09:40 signal position lat=10.1 lon=106; d1 12:00 signal position lat=10.3 lon=106  -> none
in order        limit stop_time 30m; limit stop_radius 200metres; stop 10.1,106 300; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.102 lon=106; d1 10:20 signal position lat=10.102 lon=106  -> none
beyond it       limit stop_time 30m; limit stop_radius 200metres; stop 10.1,106 300; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.103 lon=106; d1 10:20 signal position lat=10.103 lon=106  -> d1 09:50..
arrived         limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106; d1 10:30 gate_in @zone  -> d1 09:50..d1 10:30
no permit       limit stop_time 30m; limit stop_radius 200metres; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106  -> none
told late       limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106 (received d1 14:00)  -> d1 09:50.. known d1 14:00
taken back      limit stop_time 30m; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106; retract d1 10:20 signal position  -> none
limit relaxed   limit stop_time 30m; limit stop_time 2h from d1; limit stop_radius 200metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106; d1 10:20 signal position lat=10.1 lon=106  -> none
"""
