"""Reefer out of range, unplugged or abandoned: cargo that has to be kept cold is not, or nobody comes for it.

Out of range: every reading that counts is off the set point (as its device tells it, else as ordered or reported) by more than
`reefer_tolerance`, for longer than `reefer_timeout`. Readings do not count while the reefer defrosts (`reefer_defrost` at most), is
unplugged, or has yet to come to what is set after it was plugged in or set anew (`reefer_to_normal`). Unplugged: its power was told off for
longer than `reefer_unplugged`; an hour to four are common at a discharge. Abandoned: a reefer is inside for longer than `reefer_abandoned`.
Empty boxes are left out. Each part whose limits are not declared is off. What a device told last stands: while the source of the devices is
not heard, the alert is shown as unverified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from zones.codes import is_reefer
from zones.episode import Because, Episode, Step
from zones.limits import Law
from zones.measure import Measure
from zones.rules._over import over
from zones.rules._reefer import out_of_range, unplugged
from zones.signal import Signal
from zones.subject import STAY, StayFacts
from zones.word import Word

SUBJECT = STAY
STEPS = {"reefer_timeout": "today", "reefer_unplugged": "today", "reefer_abandoned": "today"}
LIMITS = ("reefer_tolerance", "reefer_defrost", "reefer_to_normal")
MEASURES = {"reefer_tolerance": "C"}
LATCHING = False
NEEDS = frozenset({"devices", "gate", "quay"})  # leans on the absence of a reading in range, of power, of an exit
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ("left", "entered")


def quiet(law: Law) -> timedelta | None:
    """What devices say has a box judged whenever they say it; of the others the long stay alone is told."""
    return law.shortest(("reefer_abandoned",))


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """A spell for each stretch out of range, each time without power, and one for a stay that is too long."""
    if facts.stay.full_empty == "empty":
        return
    ordered = next((word for word in reversed(facts.words) if word.set_temp is not None), None)
    for first, wanted, by_device, until in out_of_range(facts.signals, law, ordered.set_temp if ordered else None):
        found = Because(
            "reefer_out_of_range",
            box=facts.equipment,
            place=facts.place,
            at=first.at,
            temp=Measure((first.temp or 0) * 10, "C"),
            set_temp=Measure(wanted * 10, "C"),
            device=first.device,
            until=until,
        )
        yield from _told(facts, law, "reefer_timeout", first, until, found, None if by_device else ordered)
    for first, until in unplugged(facts.signals):
        found = Because("reefer_unplugged", box=facts.equipment, place=facts.place, at=first.at, device=first.device, until=until)
        yield from _told(facts, law, "reefer_unplugged", first, until, found)
    if is_reefer(facts.stay.size_type):
        opening = facts.stay.opening
        left = facts.exit or (replace(opening, at=facts.stay.left_at, precision="minute") if facts.stay.left_at else None)
        for began, ended, steps in over(law, "reefer_abandoned", STEPS["reefer_abandoned"], opening, left):
            yield Episode(
                anchor=(opening.report_id,),
                anchor_reports=opening.reports or (opening.report_id,),
                place=facts.place,
                began_at=began,
                ended_at=ended,
                steps=steps,
                evidence=(opening,),
                because=Because(
                    "reefer_abandoned",
                    box=facts.equipment,
                    place=facts.place,
                    at=opening.at,
                    by=opening.event,
                    left=facts.stay.left_at,
                ),
                leans=((facts.place, "gate"), (facts.place, "quay")),
            )


def _told(
    facts: StayFacts, law: Law, limit: str, first: Signal, until: datetime | None, because: Because, ordered: Word | None = None
) -> Iterator[Episode]:
    ends = [at for at in (until, facts.stay.left_at) if at is not None]
    for spell in law.beyond(limit, first.at, min(ends, default=None)):
        yield Episode(
            anchor=(first.signal_id,),
            anchor_reports=first.ids,
            place=facts.place,
            began_at=spell.began,
            ended_at=spell.ended,
            steps=(Step(limit, STEPS[limit], spell.began, limit=spell.limit),),
            evidence=(first, facts.stay.opening, *((ordered,) if ordered else ())),
            because=because,
            leans=((first.place or facts.place, "devices"),),
        )


EXAMPLES = """
not declared    d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0; d0 09:00 signal power_off  -> none
in range        limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=6.0 set_temp=4.0  -> none
out of range    limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=6.1 set_temp=4.0  -> d0 11:00..
too cold        limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=-20.5 set_temp=-18.0  -> d0 11:00..
back in range   limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0; d0 12:00 signal temperature temp=5.0  -> d0 11:00..d0 12:00
on the minute   limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0; d0 11:00 signal temperature temp=5.0  -> none
goes on         limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0; d0 10:00 signal temperature temp=8.0; d0 12:00 signal temperature temp=7.0  -> d0 11:00..
ordered         limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge set_temp=40; d0 09:00 signal temperature temp=9.0  -> d0 11:00..
set otherwise   limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge set_temp=40; d0 09:00 signal temperature temp=-18.0 set_temp=-18.0  -> none
nothing set     limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0  -> none
defrosts        limit reefer_tolerance 2C; limit reefer_timeout 30m; limit reefer_defrost 1h; d0 08:00 discharge; d0 08:30 signal temperature temp=4.0 set_temp=4.0; d0 09:00 signal defrost_on; d0 09:10 signal temperature temp=12.0; d0 09:50 signal defrost_off; d0 10:00 signal temperature temp=4.5  -> none
defrosts long   limit reefer_tolerance 2C; limit reefer_timeout 30m; limit reefer_defrost 1h; d0 08:00 discharge; d0 09:00 signal defrost_on set_temp=4.0; d0 10:00 signal temperature temp=12.0; d0 10:10 signal temperature temp=12.0  -> d0 10:40..
cools down      limit reefer_tolerance 2C; limit reefer_timeout 1h; limit reefer_to_normal 6h; d0 08:00 discharge; d0 08:10 signal power_off set_temp=4.0; d0 10:00 signal power_on; d0 12:00 signal temperature temp=9.0; d0 16:00 signal temperature temp=5.0  -> none
stays warm      limit reefer_tolerance 2C; limit reefer_timeout 1h; limit reefer_to_normal 6h; d0 08:00 discharge; d0 08:10 signal power_off set_temp=4.0; d0 10:00 signal power_on; d0 12:00 signal temperature temp=9.0; d0 16:30 signal temperature temp=9.0  -> d0 17:30..
set anew        limit reefer_tolerance 2C; limit reefer_timeout 1h; limit reefer_to_normal 6h; d0 08:00 discharge; d0 09:00 signal temperature temp=4.0 set_temp=4.0; d0 10:00 signal temperature temp=4.0 set_temp=-18.0; d0 15:00 signal temperature temp=-17.0  -> none
left warm       limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0; d0 12:00 gate_out  -> d0 11:00..d0 12:00
empty           limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge full_empty=empty; d0 09:00 signal temperature temp=9.0 set_temp=4.0  -> none
told late       limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0 (received d0 20:00)  -> d0 11:00.. known d0 20:00
in range late   limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0; d0 10:00 signal temperature temp=4.0 (received d0 20:00)  -> none
taken back      limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal temperature temp=9.0 set_temp=4.0; retract d0 09:00 signal temperature  -> none
limit wider     limit reefer_tolerance 2C; limit reefer_tolerance 5C from d1; limit reefer_timeout 2h; d1 08:00 discharge; d1 09:00 signal temperature temp=8.0 set_temp=4.0  -> none
unplugged       limit reefer_unplugged 4h; d0 08:00 discharge; d0 09:00 signal power_off  -> d0 13:00..
plugged in      limit reefer_unplugged 4h; d0 08:00 discharge; d0 09:00 signal power_off; d0 15:00 signal power_on  -> d0 13:00..d0 15:00
in four hours   limit reefer_unplugged 4h; d0 08:00 discharge; d0 09:00 signal power_off; d0 13:00 signal power_on  -> none
off told again  limit reefer_unplugged 4h; d0 08:00 discharge; d0 09:00 signal power_off; d0 12:00 signal power_off  -> d0 13:00..
warm unplugged  limit reefer_tolerance 2C; limit reefer_timeout 2h; d0 08:00 discharge; d0 09:00 signal power_off set_temp=4.0; d0 10:00 signal temperature temp=9.0  -> none
abandoned       limit reefer_abandoned 90d; d0 08:00 discharge size_type=45R1  -> d90 08:00..
came for        limit reefer_abandoned 90d; d0 08:00 discharge size_type=4532; d91 09:00 gate_out  -> d90 08:00..d91 09:00
no reefer       limit reefer_abandoned 90d; d0 08:00 discharge size_type=45G1  -> none
unconfirmed     limit reefer_unplugged 4h; unconfirmed reefer_unplugged; d0 08:00 discharge; d0 09:00 signal power_off  -> d0 13:00..
"""
