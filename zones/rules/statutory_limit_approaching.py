"""Statutory limit approaching or passed: an import is near or beyond the end of the time that the law allows it in temporary storage.

What nobody declares or claims in that time is the state's to notify, sell or destroy, and each step has a term of its own: in China three
months (Customs Law, art. 30), in the United States 15 days (19 CFR 4.37), in Vietnam 90 days (Circular 203/2014, unconfirmed). The clock
starts when the box came in (discharge, or entry by gate where it is declared an import) and ends when it leaves; a box whose entry nobody
told has no clock. Its end is told twice ahead, as long before as the limits `temporary_storage_early_notice` and `_late_notice` say; a
notice as long as the time itself tells nothing. Once the time is up (`temporary_storage`), somebody has to say what was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from zones.episode import Because, Episode
from zones.limits import Law
from zones.rules._spells import ahead, joined, left, over
from zones.subject import STAY, StayFacts

SUBJECT = STAY
LIMIT = "temporary_storage"
NOTICES = ("temporary_storage_early_notice", "temporary_storage_late_notice")
STEPS = {**dict.fromkeys(NOTICES, "queue"), LIMIT: "today"}
LATCHING = frozenset({LIMIT})  # one that left in time is no matter any more
NEEDS = frozenset({"gate"})  # leans on the absence of an exit
VERSION = 1
OWNER = "officer"


@lru_cache(maxsize=64)
def quiet(law: Law) -> timedelta | None:
    """Nothing is said before the longest notice can begin."""
    least = law.shortest((LIMIT,))
    if least is None:
        return None
    notices = [limit.at_most if limit.at_most is not None else least for limit in law.limits if limit.limit in NOTICES]
    return max(least - max(notices, default=timedelta()), timedelta())


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """A spell from the first notice on: one as a rule, more where a limit was moved meanwhile."""
    entry = facts.entry
    if entry is None or facts.stay.direction != "import":
        return
    gone, silent = left(facts), quiet(law)
    if silent is None or (gone is not None and gone[1] - entry.at < silent):
        return
    since = entry.at, entry.latest
    steps = ahead(law, LIMIT, dict.fromkeys(NOTICES, "queue"), since, gone) + over(law, {LIMIT: STEPS[LIMIT]}, since, gone)
    for began, ended, within in joined(steps):
        allowed, ends = law.governing(LIMIT, entry.at, within[-1].at), law.deadline(LIMIT, entry.at, within[-1].at)
        yield Episode(
            anchor=(entry.report_id,),
            anchor_reports=entry.reports,
            place=facts.place,
            began_at=began,
            ended_at=ended,
            steps=within,
            evidence=(entry,),
            because=Because(
                "statutory_limit_approaching",
                box=facts.equipment,
                place=facts.place,
                entered=entry.at,
                by=entry.event,
                ends=ends,
                allowed=allowed.value if allowed else None,
            ),
        )


EXAMPLES = """
in time         limit temporary_storage 15d; d0 08:00 discharge; d9 09:00 gate_out  -> none
undeclared      d0 08:00 discharge  -> none
told ahead      limit temporary_storage 90d; limit temporary_storage_early_notice 30d; limit temporary_storage_late_notice 7d; d0 08:00 discharge -> d60 08:00..
left in time    limit temporary_storage 90d; limit temporary_storage_early_notice 30d; d0 08:00 discharge; d70 09:00 gate_out -> d60 08:00..d70 09:00
too long ahead  limit temporary_storage 15d; limit temporary_storage_early_notice 30d; limit temporary_storage_late_notice 7d; d0 08:00 discharge -> d8 08:00..
passed          limit temporary_storage 15d; d0 08:00 discharge; d16 09:00 gate_out  -> d15 08:00..d16 09:00
on the minute   limit temporary_storage 15d; d0 08:00 discharge; d15 08:00 gate_out  -> none
months          limit temporary_storage 3mo; limit temporary_storage_late_notice 7d; d0 08:00 discharge  -> d85 08:00..
working days    limit temporary_storage 15d; limit temporary_storage_late_notice 5wd; d0 08:00 discharge  -> d8 08:00..
exports         limit temporary_storage 15d; d0 08:00 gate_in; d16 09:00 load  -> none
entry unknown   limit temporary_storage 15d; d0 08:00 present; d16 09:00 gate_out  -> none
by its bill     limit temporary_storage 15d; d0 08:00 discharge bill=B1; d2 09:00 hold customs bill=B1  -> d15 08:00..
known by day    limit temporary_storage 15d; d0 00:00 discharge precision=day; d15 09:00 gate_out  -> d15 00:00..d15 09:00
told late       limit temporary_storage 15d; d0 08:00 discharge (received d17 10:00)  -> d15 08:00.. known d17 10:00
late exit       limit temporary_storage 15d; d0 08:00 discharge; d9 09:00 gate_out (received d17 10:00)  -> none
taken back      limit temporary_storage 15d; d0 08:00 discharge; retract d0 08:00 discharge  -> none
shortened       limit temporary_storage 90d; limit temporary_storage 15d from d20; limit temporary_storage_late_notice 7d; d0 08:00 discharge -> d20 00:00..
extended        limit temporary_storage 15d; limit temporary_storage 30d from d10; limit temporary_storage_late_notice 7d; d0 08:00 discharge; d24 08:00 gate_out -> d8 08:00..d10 00:00, d23 08:00..d24 08:00
"""
