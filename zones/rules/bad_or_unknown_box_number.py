"""Bad or unknown box number: the number cannot be right, or the box came back as another kind of box.

ISO 6346 gives a number its form (three letters of the owner, a letter for the kind of equipment, six digits) and a check digit. What lacks
either was painted, read or typed wrong, and nothing that is held, released or searched under the right number finds this box. A box does
not change its length, height or type between two visits: then one of the two numbers belongs to another box. The register of owners is
not at hand here, so that an owner nobody registered passes if its code has the form. The alert stays until the report is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.codes import given_check_digit, is_valid, same_kind
from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.stay import Mark, Stay
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {ALWAYS: "queue"}
LATCHING = False
NEEDS: frozenset[str] = frozenset()  # it leans on nothing that is not there
VERSION = 1
OWNER = "admin"
OTHERWISE = ()


def quiet(law: Law) -> timedelta | None:
    """A right number that comes back as the same kind of box is never wrong later."""
    return None


def speaks_of(stay: Stay) -> bool:
    """Of a number that is not valid."""
    return not is_valid(stay.equipment)


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """At most one a stay: from its opening until it is corrected."""
    opening, before = facts.stay.opening, facts.before
    was = before.size_type if before is not None and not same_kind(before.size_type, facts.stay.size_type) else ""
    wrong = not is_valid(facts.equipment)
    if not wrong and not was:
        return
    right = given_check_digit(facts.equipment) if wrong else None
    proof: tuple[Mark, ...] = (opening,) if before is None or not was else (opening, before.opening)
    yield Episode(
        anchor=(opening.report_id,),
        anchor_reports=opening.reports,
        place=facts.place,
        began_at=opening.at,
        ended_at=None,
        steps=(Step(ALWAYS, STEPS[ALWAYS], opening.at),),
        evidence=proof,
        because=Because(
            "bad_or_unknown_box_number",
            box=facts.equipment,
            place=facts.place,
            at=opening.at,
            by=opening.event,
            digit=right,
            form=len(facts.equipment) if wrong and right is None else None,
            was=was or None,
            now=facts.stay.size_type if was else None,
        ),
    )


EXAMPLES = """
right           d0 08:00 discharge size_type=22G1; d3 09:00 gate_out  -> none
check digit     box ZZDU4839210; d0 08:00 discharge; d3 09:00 gate_out  -> d0 08:00..
no owner        box 12345678; d0 08:00 gate_in  -> d0 08:00..
exit only       box ZZDU4839210; d3 09:00 gate_out  -> d3 09:00..
another kind    d0 08:00 discharge size_type=22G1; d3 09:00 gate_out; d9 08:00 gate_in size_type=45G1  -> d9 08:00..
kind elsewhere  d0 08:00 gate_in size_type=22G1; d1 09:00 gate_out; d2 08:00 gate_in size_type=22R1 @zone  -> d2 08:00..
same kind       d0 08:00 discharge size_type=22G1; d3 09:00 gate_out; d9 08:00 gate_in size_type=22GP  -> none
kind not told   d0 08:00 discharge size_type=22G1; d3 09:00 gate_out; d9 08:00 gate_in  -> none
told late       box ZZDU4839210; d0 08:00 discharge (received d7 10:00)  -> d0 08:00.. known d7 10:00
earlier late    d9 08:00 gate_in size_type=45G1; d0 08:00 discharge size_type=22G1 @zone (received d9 10:00)  -> d9 08:00.. known d9 10:00
taken back      box ZZDU4839210; d0 08:00 discharge; retract d0 08:00 discharge  -> none
"""
