"""Handling under hold: a held box was emptied, filled, or its seal taken off.

Goods under a hold stay as they are until the agency that holds them says otherwise; emptied or filled meanwhile, nobody can tell any more
what was held. A hold counts from when it takes effect, not from when we heard of it. Taking off the seal is part of an inspection: where
one is told from then on, while the hold lasts, by the terminal or by the agency, nothing was wrong. Goods moved into another box under a
hold are seen as the emptying of the first: a report that names both boxes is not read yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.customs import Hold
from zones.episode import ALWAYS, Because, Episode, Step, lower
from zones.limits import Law
from zones.stay import Mark
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {ALWAYS: "act_now"}
LATCHING = True  # what was done is done; only a person can say by whose leave
NEEDS = frozenset({"customs"})  # leans on the absence of a release
VERSION = 1
OWNER = "officer"
OTHERWISE = ("released", "told")
FORBIDDEN = ("strip", "stuff", "unseal")


def quiet(law: Law) -> timedelta | None:
    """Who is not held may be handled."""
    return None


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """One for each time that a held box was handled, for ever."""
    for move in facts.moves:
        holding = tuple(hold for hold in facts.holds if hold.may_hold(move.at, move.latest)) if move.event in FORBIDDEN else ()
        if not holding or (move.event == "unseal" and _inspected(facts, move, holding)):
            continue
        certain = any(hold.must_hold(move.at, move.latest) for hold in holding)
        yield Episode(
            anchor=(move.report_id,),
            anchor_reports=move.reports,
            place=facts.place,
            began_at=move.at,
            ended_at=None,
            steps=(Step(ALWAYS, STEPS[ALWAYS] if certain else lower(STEPS[ALWAYS]), move.at, certain),),
            evidence=(move, *holding),
            because=Because("handling_under_hold", box=facts.equipment, place=facts.place, by=move.event, at=move.at, holds=holding),
            # A release would come from whoever told of the hold, and that may be the source of another place.
            leans=tuple(sorted({(hold.opened.place or facts.place, "customs") for hold in holding})),
        )


def _inspected(facts: StayFacts, move: Mark, holding: tuple[Hold, ...]) -> bool:
    """Whether an inspection is told from the taking off of the seal on, while the box was held."""
    told = [done.latest for done in facts.moves if done.event == "inspect"]
    told += [fact.effective_at for fact in facts.spoken("inspected")]
    return any(at >= move.at and any(hold.until is None or at <= hold.until for hold in holding) for at in told)


EXAMPLES = """
held          d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 strip; d2 14:00 gate_out  -> d1 12:00..
filled        d0 08:00 gate_in; d1 09:00 selected customs; d1 12:00 stuff  -> d1 12:00..
unsealed      d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 unseal  -> d1 12:00..
on its bill   d0 08:00 discharge bill=B1; d1 09:00 hold quarantine bill=B1; d1 12:00 strip  -> d1 12:00..
both          d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 strip; d1 20:00 stuff  -> d1 12:00.., d1 20:00..
not held      d0 08:00 discharge; d1 12:00 strip; d1 13:00 hold customs  -> none
released      d0 08:00 discharge; d1 09:00 hold customs; d1 10:00 release customs; d1 12:00 strip  -> none
same minute   d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 release customs; d1 12:00 strip  -> none
at that hour  d0 08:00 discharge; d1 12:00 hold customs; d1 12:00 strip  -> d1 12:00..
inspected     d0 08:00 discharge; d1 09:00 selected customs; d1 12:00 unseal; d1 14:00 inspected customs; d1 16:00 release customs  -> none
only looked   d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 inspect; d1 13:00 yard_move  -> none
inspected ere d0 08:00 discharge; d1 09:00 selected customs; d1 10:00 inspected customs; d1 12:00 unseal  -> d1 12:00..
some reading  d0 08:00 discharge; d1 09:00 hold customs; d1 00:00 strip precision=day  -> d1 00:00..
told late     d0 08:00 discharge; d1 12:00 strip; d1 09:00 hold customs (received d3 07:00)  -> d1 12:00.. known d3 07:00
late release  d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 strip; d1 11:00 release customs (received d4 08:00)  -> none
taken back    d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 strip; retract d1 12:00 strip  -> none
"""
