"""Left port, never arrived at zone: a box left under a transit permit to another place and was not told to come in there in time.

The clock starts at the exit and ends when the box is told of at the place that the permit names. The limit is `transit_time`, which the
place it left or its jurisdiction declares; without it the rule is off. The catalogue cites the 72 hours of Dubai for the way from port to
zone. A box that came in somewhere else has not arrived. Who came late was away longer than allowed: the alert waits for an outcome.
While the gate of the destination is not heard, the alert is shown as unverified.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.episode import Because, Episode
from zones.limits import Law
from zones.rules._over import over
from zones.rules._road import comes_by
from zones.subject import LEG, LegFacts

SUBJECT = LEG
STEPS = {"transit_time": "act_now"}
LATCHING = True  # where it was meanwhile, only a person can say
NEEDS = frozenset({"gate", "quay"})  # leans on the absence of an entry, there
VERSION = 1
OWNER = "officer"
OTHERWISE = ("entered",)


def episodes(facts: LegFacts, law: Law) -> Iterator[Episode]:
    """From when it should have arrived until it did."""
    left, to, came, seen = facts.left.exit, facts.transit.to, facts.arrived, facts.next
    if left is None:
        return
    wrong = seen.place if seen is not None and came is None else None
    for began, ended, steps in over(law, "transit_time", STEPS["transit_time"], left, came.opening if came else None):
        yield Episode(
            anchor=(left.report_id,),
            anchor_reports=left.reports,
            place=facts.place,
            began_at=began,
            ended_at=ended,
            steps=steps,
            evidence=(left, facts.transit),
            because=Because(
                "arrived_late" if came else "left_port",
                box=facts.equipment,
                place=facts.place,
                by=left.event,
                at=left.at,
                vehicle=left.vehicle or None,
                other_place=to,
                other_by=came.opening.event if came else None,
                other_at=came.opening.at if came else None,
                wrong_place=wrong,
            ),
            leans=((to, comes_by(left)),),
        )


EXAMPLES = """
not declared    d1 08:00 permit customs to=zone; d1 09:00 gate_out  -> none
never arrived   limit transit_time 72h; d1 08:00 permit customs to=zone; d1 09:00 gate_out  -> d4 09:00..
in time         limit transit_time 72h; d1 08:00 permit customs to=zone; d1 09:00 gate_out; d1 14:00 gate_in @zone  -> none
on the minute   limit transit_time 72h; d1 08:00 permit customs to=zone; d1 09:00 gate_out; d4 09:00 gate_in @zone  -> none
a minute late   limit transit_time 72h; d1 08:00 permit customs to=zone; d1 09:00 gate_out; d4 09:01 gate_in @zone  -> d4 09:00..d4 09:01
no permit       limit transit_time 72h; d1 09:00 gate_out  -> none
to leave only   limit transit_time 72h; d1 08:00 permit customs; d1 09:00 gate_out  -> none
same minute     limit transit_time 72h; d1 09:00 permit customs to=zone; d1 09:00 gate_out  -> d4 09:00..
permit after    limit transit_time 72h; d1 09:00 gate_out; d1 09:01 permit customs to=zone  -> none
of its bill     limit transit_time 72h; d0 08:00 discharge bill=B1; d1 08:00 permit CUS bill=B1 to=zone; d1 09:00 gate_out  -> d4 09:00..
another place   limit transit_time 72h; d1 08:00 permit customs to=depot; d1 09:00 gate_out; d1 14:00 gate_in @zone  -> d4 09:00..
came back first limit transit_time 72h; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:00 gate_in; d3 12:00 gate_in @zone  -> none
told late       limit transit_time 72h; d1 08:00 permit customs to=zone; d1 09:00 gate_out (received d6 10:00)  -> d4 09:00.. known d6 10:00
arrival late    limit transit_time 72h; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 14:00 gate_in @zone (received d6 10:00)  -> none
taken back      limit transit_time 72h; d1 08:00 permit customs to=zone; d1 09:00 gate_out; retract d1 09:00 gate_out  -> none
limit relaxed   limit transit_time 72h; limit transit_time 96h from d3; d1 08:00 permit customs to=zone; d1 09:00 gate_out  -> d5 09:00..
unconfirmed     limit transit_time 72h; unconfirmed transit_time; d1 08:00 permit customs to=zone; d1 09:00 gate_out  -> d4 09:00..
some day        limit transit_time 72h; d1 08:00 permit customs to=zone; d1 00:00 gate_out precision=day  -> d4 00:00..
"""
