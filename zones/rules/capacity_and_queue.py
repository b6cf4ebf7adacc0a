"""Capacity and queue: a yard fills up, trucks take too long or are too many, or more is announced than there will be room for.

Judged at full hours, so that what comes and goes within an hour raises nothing. A place, and each area with a declared capacity, is in the
queue from the share `yard_use_warn` of its capacity in TEU on and a matter for today from `yard_use_high` on (the ports authority of the
Philippines aims at 70% and sees a risk above 80%). The turn time of trucks is the median of the visits that ended in an hour, if there were
at least five (or as many as `turn_time_least` says); Vancouver's terminals pay from 90 minutes on. `trucks_inside` is how many may be inside
at once. The queue outside the gate is not measured by any source, and nothing here guesses it. `surge_ahead` looks so far ahead: what is
announced to come and to go, added to what is inside, passes the higher limit on a day. It is a sum of announcements, not a forecast: what
nobody announced is not in it.

A level counts boxes whose size is known, and what was inside before the books were opened is not in it: it is a lower bound. A spell is over
when it has not been over its limits for as long as `yard_use_settled` says, at once where that is not declared.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.area import TURN, AreaFacts, ComingFacts, TruckFacts, YardFacts
from zones.episode import Episode
from zones.limits import Law
from zones.rules import _coming, _trucks, _yard
from zones.subject import AREA

SUBJECT = AREA
STEPS = {"yard_use_warn": "queue", "yard_use_high": "today", "turn_time_high": "queue", "trucks_inside": "queue", "surge_ahead": "today"}
LIMITS = ("yard_use_settled", "turn_time_least")
MEASURES = {"yard_use_warn": "%", "yard_use_high": "%", "trucks_inside": "vehicles", "turn_time_least": "vehicles"}
LATCHING = False
NEEDS = frozenset({"gate"})
VERSION = 1
OWNER = "supervisor"


def episodes(facts: AreaFacts, law: Law) -> Iterator[Episode]:
    """The spells of one yard, of the trucks of a place, or of what is announced for it."""
    match facts:
        case YardFacts():
            yield from _yard.spells(facts, law)
        case TruckFacts():
            yield from (_trucks.slow_hours if facts.what == TURN else _trucks.crowds)(facts, law)
        case ComingFacts():
            yield from _coming.spells(facts, law)


EXAMPLES = """
fills up         capacity 10; limit yard_use_warn 70%; limit yard_use_high 80%; d0 08:10 discharge boxes=1-3; d0 09:10 discharge boxes=4-4; d1 07:30 gate_out boxes=1-2  -> d0 10:00..d1 08:00
to the brim      capacity 10; limit yard_use_high 80%; d0 08:10 discharge boxes=1-4  -> none
within an hour   capacity 10; limit yard_use_high 80%; d0 08:10 discharge boxes=1-5; d0 08:50 gate_out boxes=1-1  -> none
an area          capacity 100; limit yard_use_high 1%; d0 08:10 discharge boxes=1-1 area=a1; d0 11:10 yard_move boxes=1-1 area=b1; d0 12:20 gate_out boxes=1-1  -> d0 09:00..d0 13:00, d0 09:00..d0 12:00
without room     limit yard_use_high 80%; d0 08:10 discharge boxes=1-5  -> none
nothing said     capacity 10; d0 08:10 discharge boxes=1-5  -> none
told late        capacity 10; limit yard_use_high 80%; d0 08:10 discharge boxes=1-4; d0 09:10 discharge boxes=5-5 (received d1 06:00)  -> d0 10:00.. known d1 06:00
taken back       capacity 10; limit yard_use_high 80%; d0 08:10 discharge boxes=1-5; retract d0 08:10 discharge boxes=5-5  -> none
limit changed    capacity 10; limit yard_use_high 80%; limit yard_use_high 30% from d2; d0 08:10 discharge boxes=1-2  -> d2 00:00..
unconfirmed      capacity 10; limit yard_use_high 80%; unconfirmed yard_use_high; d0 08:10 discharge boxes=1-5  -> d0 09:00..
settles          capacity 10; limit yard_use_high 80%; limit yard_use_settled 3h; d0 08:10 discharge boxes=1-5; d0 09:10 gate_out boxes=5-5; d0 11:10 discharge boxes=6-6; d0 12:10 gate_out boxes=6-6  -> d0 09:00..d0 16:00
slow trucks      limit turn_time_high 90m; d0 08:00 gate_in boxes=1-5 vehicle=T; d0 09:40 gate_out boxes=1-5 vehicle=T  -> d0 10:00..d0 11:00
on the minute    limit turn_time_high 90m; d0 08:00 gate_in boxes=1-5 vehicle=T; d0 09:30 gate_out boxes=1-5 vehicle=T  -> none
too few trucks   limit turn_time_high 90m; d0 08:00 gate_in boxes=1-4 vehicle=T; d0 09:40 gate_out boxes=1-4 vehicle=T  -> none
few will do      limit turn_time_high 90m; limit turn_time_least 4vehicles; d0 08:00 gate_in boxes=1-4 vehicle=T; d0 09:40 gate_out boxes=1-4 vehicle=T  -> d0 10:00..d0 11:00
crowded          limit trucks_inside 3vehicles; d0 08:00 gate_in boxes=1-4 vehicle=T; d0 10:40 gate_out boxes=1-1 vehicle=T  -> d0 09:00..d0 11:00
never told out   limit trucks_inside 3vehicles; d0 08:00 gate_in boxes=1-4 vehicle=T  -> d0 09:00..d0 21:00
too much comes   capacity 10; limit yard_use_high 80%; limit surge_ahead 21d; d0 08:10 discharge boxes=1-3; d9 12:00 discharge boxes=4-5 classifier=planned (received d1 06:30)  -> d1 07:00..d9 13:00
as much goes     capacity 10; limit yard_use_high 80%; limit surge_ahead 21d; d0 08:10 discharge boxes=1-3; d9 12:00 discharge boxes=4-5 classifier=planned (received d1 06:30); d8 12:00 gate_out boxes=1-1 classifier=planned (received d1 06:10); d8 11:30 gate_out boxes=1-1  -> none
far ahead        capacity 10; limit yard_use_high 80%; limit surge_ahead 5d; d0 08:10 discharge boxes=1-3; d9 12:00 discharge boxes=4-5 classifier=planned (received d1 06:30)  -> none
"""
