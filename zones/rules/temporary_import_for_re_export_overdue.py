"""Temporary import for re-export overdue: goods that may be in the country for a time only are near or beyond the end of it.

Such goods pay no duty because they are to leave again; what stays has come in untaxed. In China they have six months (Customs Law,
art. 31), in Vietnam 60 days (Decree 69/2018, unconfirmed). Which goods these are is told by their status: one that the jurisdiction
declares of the kind temporary. The clock starts with the line of the ledger by which they came to it, as a rule their admission, and ends
when the last of them are gone or under another status, for each line that let goods in by itself. Its end (`re_export_within`) is told
twice ahead, as long before as `re_export_early_notice` and `_late_notice` say. An extension for one lot is declared nowhere: it is the
outcome of its alert. Once the time is up, somebody has to say what was done.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.episode import Because, Episode
from zones.goods import TEMPORARY
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._inside import inside
from zones.rules._spells import ahead, joined, over
from zones.subject import LOT

SUBJECT = LOT
LIMIT = "re_export_within"
NOTICES = {"re_export_early_notice": "queue", "re_export_late_notice": "queue"}
STEPS = {**NOTICES, LIMIT: "today"}
LATCHING = frozenset({LIMIT})  # what left in time is no matter any more
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that takes the goods out
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()


def watches(law: Law) -> bool:
    """Where the time is declared, and a status for which it is."""
    return law.declares((LIMIT,)) and any(status.kind == TEMPORARY for status in law.goods.statuses)


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """Of each line that let goods in a spell from the first notice on; more where a limit was moved or they came to the status again."""
    if not watches(law):
        return
    for goods in inside(facts, law.goods.temporary):
        by, since = goods.by, (goods.by.at, goods.by.latest)
        steps = ahead(law, LIMIT, NOTICES, since, goods.until) + over(law, {LIMIT: STEPS[LIMIT]}, since, goods.until)
        for began, ended, within in joined(steps):
            allowed, ends = law.governing(LIMIT, by.at, within[-1].at), law.deadline(LIMIT, by.at, within[-1].at)
            anchor = tuple(dict.fromkeys((goods.source.entry_id, by.entry_id)))
            yield Episode(
                anchor=anchor,
                anchor_reports=anchor,
                place=facts.place,
                began_at=began,
                ended_at=ended,
                steps=within,
                evidence=tuple(dict.fromkeys((goods.source, by))),
                because=Because(
                    "temporary_import_for_re_export_overdue",
                    **goods.told(facts),
                    entered=by.at,
                    ends=ends,
                    allowed=allowed.value if allowed else None,
                ),
            )


EXAMPLES = """
undeclared      d0 08:00 admission quantity=100 status=temporary  -> none
in time         limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d20 09:00 withdrawal quantity=100 status=temporary  -> none
passed          limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d31 09:00 withdrawal quantity=100 status=temporary  -> d30 08:00..d31 09:00
on the minute   limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d30 08:00 withdrawal quantity=100  -> none
told ahead      limit re_export_within 30d; limit re_export_early_notice 7d; limit re_export_late_notice 2d; d0 08:00 admission quantity=100 status=temporary -> d23 08:00..
left in time    limit re_export_within 30d; limit re_export_early_notice 7d; d0 08:00 admission quantity=100 status=temporary; d25 09:00 withdrawal quantity=100 -> d23 08:00..d25 09:00
other status    limit re_export_within 30d; d0 08:00 admission quantity=100 status=bonded  -> none
no status told  limit re_export_within 30d; d0 08:00 admission quantity=100  -> none
came to it      limit re_export_within 30d; d0 08:00 admission quantity=100 status=bonded; d10 09:00 manipulation quantity=40 status=bonded to_status=temporary  -> d40 09:00..
entered instead limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d20 09:00 manipulation quantity=100 status=temporary to_status=domestic  -> none
a part entered  limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d20 09:00 manipulation quantity=60 status=temporary to_status=domestic  -> d30 08:00..
to it again     limit re_export_within 10d; d0 08:00 admission quantity=100 status=temporary; d12 09:00 manipulation quantity=100 status=temporary to_status=bonded; d20 09:00 manipulation quantity=100 status=bonded to_status=temporary -> d10 08:00..d12 09:00, d30 09:00..
new owner       limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d20 09:00 transfer quantity=100 to_owner=B  -> d30 08:00..
came back       limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d20 09:00 withdrawal quantity=100; d25 09:00 return quantity=10 status=temporary  -> d55 09:00..
known by day    limit re_export_within 30d; d0 00:00 admission quantity=100 status=temporary precision=day; d30 09:00 withdrawal quantity=100  -> d30 00:00..d30 09:00
told late       limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary (received d33 10:00)  -> d30 08:00.. known d33 10:00
late exit       limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d20 09:00 withdrawal quantity=100 (received d33 10:00)  -> none
taken back      limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; retract d0 08:00 admission quantity=100 status=temporary  -> none
exit taken back limit re_export_within 30d; d0 08:00 admission quantity=100 status=temporary; d20 09:00 withdrawal quantity=100; retract d20 09:00 withdrawal quantity=100  -> d30 08:00..
shortened       limit re_export_within 60d; limit re_export_within 30d from d40; d0 08:00 admission quantity=100 status=temporary  -> d40 00:00..
extended        limit re_export_within 30d; limit re_export_within 60d from d35; d0 08:00 admission quantity=100 status=temporary; d70 08:00 withdrawal quantity=100 -> d30 08:00..d35 00:00, d60 08:00..d70 08:00
"""
