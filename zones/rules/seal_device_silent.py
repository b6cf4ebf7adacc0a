"""Seal device silent: no word from the devices on a box on its way under a transit permit for longer than they may be silent.

How long that is says the limit `device_silence`, which the place it left or its jurisdiction declares; without it the rule is off. Three
times the interval at which the devices report is a beginning. The time counts from their last word, also where that was said before the
box left; a box of which no device spoke, in the stay before or on the road, has none, and is not looked at. It ends when a device speaks
again or the box comes in somewhere. While the source of the device, or the gate of the destination, is itself not heard, it is unverified.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.episode import Episode, Step
from zones.limits import Law
from zones.rules._road import comes_by, of_the_way, off_road, road, why
from zones.subject import LEG, LegFacts

SUBJECT = LEG
STEPS = {"device_silence": "today"}
LATCHING = False
NEEDS = frozenset({"devices"})  # leans on the absence of a word, and of an entry there
SEES = frozenset({"devices"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()


def episodes(facts: LegFacts, law: Law) -> Iterator[Episode]:
    """From when a device should have spoken until one did."""
    left, came = facts.left.exit, off_road(facts)
    if left is None or not law.declares(STEPS):
        return
    words = [signal for signal in facts.before if of_the_way(signal)][-1:]
    words += [signal for signal in road(facts) if of_the_way(signal)]
    for n, last in enumerate(words):
        spoke = words[n + 1].at if n + 1 < len(words) else came
        for spell in law.beyond("device_silence", last.latest, spoke):
            began = max(spell.began, left.latest)
            if spell.ended is not None and spell.ended <= began:
                continue
            yield Episode(
                anchor=(last.signal_id,),
                anchor_reports=last.ids,
                place=facts.place,
                began_at=began,
                ended_at=spell.ended,
                steps=(Step("device_silence", STEPS["device_silence"], began, limit=spell.limit),),
                evidence=(last, left, facts.transit),
                because=why("seal_device_silent", facts, left, device=last.device, since=last.at, limit=str(spell.limit.value)),
                leans=((last.place or facts.place, "devices"), (facts.transit.to, comes_by(left))),
            )


EXAMPLES = """
not declared    d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive  -> none
silent          limit device_silence 45m; d0 08:00 discharge; d1 08:00 permit CUS to=zone; d1 08:50 signal alive; d1 09:00 gate_out  -> d1 09:35..
speaks again    limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal position lat=10 lon=106; d1 10:30 signal alive; d1 11:00 gate_in @zone  -> d1 09:55..d1 10:30
in time         limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive; d1 09:50 signal alive; d1 10:30 gate_in @zone  -> none
on the minute   limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive; d1 09:55 signal alive; d1 10:30 gate_in @zone  -> none
a minute late   limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive; d1 09:56 signal alive; d1 10:30 gate_in @zone  -> d1 09:55..d1 09:56
arrived         limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive; d1 10:30 gate_in @zone  -> d1 09:55..d1 10:30
came elsewhere  limit device_silence 45m; d1 08:00 permit CUS to=depot; d1 09:00 gate_out; d1 09:10 signal alive; d1 09:50 gate_in @zone  -> none
no device       limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out  -> none
a reefer's only limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 08:10 signal temperature temp=-18; d1 09:00 gate_out  -> none
silent before   limit device_silence 45m; d0 08:00 discharge; d0 09:00 signal alive; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 10:00 gate_in @zone  -> d1 09:00..d1 10:00
no permit       limit device_silence 45m; d1 08:50 signal alive; d1 09:00 gate_out  -> none
told late       limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive (received d1 12:00); d1 13:00 gate_in @zone  -> d1 09:55..d1 13:00 known d1 12:00
word comes late limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive; d1 09:40 signal alive (received d1 12:00); d1 10:00 gate_in @zone  -> none
taken back      limit device_silence 45m; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive; retract d1 09:10 signal alive  -> none
limit relaxed   limit device_silence 45m; limit device_silence 3h from d1; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive; d1 11:00 gate_in @zone  -> none
unconfirmed     limit device_silence 45m; unconfirmed device_silence; d1 08:00 permit CUS to=zone; d1 09:00 gate_out; d1 09:10 signal alive  -> d1 09:55..
"""
