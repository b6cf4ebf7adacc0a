"""Off route: a box on its way under a transit permit was farther from the declared corridor than allowed, twice in a row.

The corridor is the line that the place it left declares for the way to its destination (`corridor` under `travel`); how far from it a
position may lie says the limit `route_buffer`. Without the one or the other the rule is off. One position alone proves nothing: receivers
err by kilometres now and then, so two in a row are asked for, whatever device told them. It began with the first of them and ends with the
next position within the corridor, or when the box came in somewhere; the alert waits for an outcome. Distances: zones/way.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zones.episode import Episode, Step
from zones.limits import Law, Limit
from zones.rules._road import fixes, off_road, why
from zones.signal import Signal
from zones.subject import LEG, LegFacts
from zones.way import Fix, metres_off

SUBJECT = LEG
STEPS = {"route_buffer": "today"}
MEASURES = {"route_buffer": "metres"}
LATCHING = True  # where it was meanwhile, and why, only a person can say
NEEDS: frozenset[str] = frozenset()  # leans on the absence of nothing
SEES = frozenset({"devices"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()
IN_A_ROW = 2
Found = tuple[Signal, int, Limit]  # a position outside, how many metres, the limit


def episodes(facts: LegFacts, law: Law) -> Iterator[Episode]:
    """From the first of some positions outside until the next within."""
    left, way = facts.left.exit, law.ways.get(facts.transit.to)
    if left is None or way is None or not way.corridor or not law.declares(STEPS):
        return
    for outside, ended in _outside(fixes(facts), way.corridor, law):
        first, _, limit = outside[0]
        yield Episode(
            anchor=(first.signal_id,),
            anchor_reports=tuple(id for signal, _, _ in outside for id in signal.ids),
            place=facts.place,
            began_at=first.at,
            ended_at=ended or off_road(facts),
            steps=(Step("route_buffer", STEPS["route_buffer"], first.at, limit=limit, over=False),),
            evidence=(first, *(signal for signal, _, _ in outside[1:IN_A_ROW]), left, facts.transit),
            because=why(
                "off_route",
                facts,
                left,
                since=first.at,
                metres=max(far for _, far, _ in outside[:IN_A_ROW]),
                limit=str(limit.value),
            ),
        )


def _outside(told: tuple[Signal, ...], line: tuple[Fix, ...], law: Law) -> Iterator[tuple[list[Found], datetime | None]]:
    """(positions outside in a row, when the next one was within)."""
    row: list[Found] = []
    for signal in told:
        limit = law.at("route_buffer", signal.at)
        far = metres_off(signal.fix, line) if limit and signal.fix else 0
        if limit and far > limit.measure.exact:
            row.append((signal, far, limit))
            continue
        if len(row) >= IN_A_ROW:
            yield row, signal.at
        row = []
    if len(row) >= IN_A_ROW:
        yield row, None


EXAMPLES = """
not declared    corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1  -> none
no line told    limit route_buffer 500metres; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1  -> none
outside twice   limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1  -> d1 09:20..
once            limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106  -> none
not in a row    limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:30 signal position lat=10.1 lon=106; d1 09:40 signal position lat=10.1 lon=106.1  -> none
came back       limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal opened lat=10.1 lon=106.1; d1 10:00 signal position lat=10.2 lon=106  -> d1 09:20..d1 10:00
arrived         limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1; d1 11:00 gate_in @zone  -> d1 09:20..d1 11:00
on the line     limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.004; d1 09:40 signal position lat=10.1 lon=106.004  -> none
just outside    limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.005; d1 09:40 signal position lat=10.1 lon=106.005  -> d1 09:20..
before it left  limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 08:50 signal position lat=10.1 lon=106.1; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1  -> none
no permit       limit route_buffer 500metres; corridor 10,106 10.4,106; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1  -> none
told late       limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1 (received d1 12:00)  -> d1 09:20.. known d1 12:00
taken back      limit route_buffer 500metres; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1; retract d1 09:40 signal position  -> none
limit relaxed   limit route_buffer 500metres; limit route_buffer 20000metres from d1; corridor 10,106 10.4,106; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:20 signal position lat=10.1 lon=106.1; d1 09:40 signal position lat=10.1 lon=106.1  -> none
"""
