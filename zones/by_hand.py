"""What people write down from paper while systems are down: a stand-in for the source's own message, until that comes.

It is received like anything else, under a publisher of its own. By its own message a source confirms it or contradicts it; it never makes
two of one: what the sources tell comes out as if nothing had been recorded, and what was recorded joins it, or stands beside it alone.
A report by hand joins the movement of the sources that is nearest in time, within the place's tolerance; an entry or exit also beyond
it, up to REACH, unless the box went the other way in between: nobody enters twice, so one of the two times is wrong, and that is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from zones.report import Report

BY_HAND = "by hand"  # the publisher
FORMAT = "manual_csv"
REACH = timedelta(hours=12)  # a shift; and the difference between 8 in the morning and 8 in the evening
EVENTS = ("gate_in", "gate_out", "discharge", "load", "yard_move", "stuff", "strip", "inspect", "seal", "reseal", "unseal")
FACTS = ("hold", "release", "selected", "inspected")
OTHER_WAY: Mapping[str, str] = {"entry": "exit", "exit": "entry"}
DAY = timedelta(days=1)


def feed_of(place: str) -> str:
    """The id of the feed of a place that nobody declares: it must be there on the day when systems are down."""
    return f"{place}-by-hand"


def reach(tolerance: timedelta) -> timedelta:
    """How far what was recorded may lie from the source's own word of it."""
    return max(tolerance, REACH)


class Paper(Struct, frozen=True, gc=False):
    """Where a record was taken from, and by whom: `recorded_by` typed it, `second_reader` read it against the paper."""

    reference: str
    recorded_by: str
    second_reader: str
    remark: str = ""

    def written(self) -> str:
        """As the remark of a report or fact, wherever that is shown or exported."""
        own = f"paper {self.reference}; recorded by {self.recorded_by}; second reader {self.second_reader}"
        return f"{own}; {self.remark}" if self.remark else own


_WRITTEN = re.compile(r"paper (.+?); recorded by (.+?); second reader (.+?)(?:; (.*))?", re.DOTALL)


def paper_of(publisher: str, remark: str) -> Paper | None:
    """The way back from `Paper.written`; None where it was not recorded by hand."""
    found = _WRITTEN.fullmatch(remark) if publisher == BY_HAND else None
    return Paper(found[1], found[2], found[3], found[4] or "") if found else None


def joined(
    groups: Sequence[list[Report]], recorded: Sequence[Report], effect: str, tolerance: timedelta, turns: Mapping[str, Sequence[datetime]]
) -> list[list[Report]]:
    """The groups of the sources' reports of one event, in time order, each with what was recorded of it; and what stands alone.

    `recorded`: the reports by hand of the event; those of one instant are one. `turns`: effect -> the times at which anybody tells of it.
    The nearest pair comes first (by any report of the group), of equally near ones the earlier, so the order of arrival plays no part.
    """
    instants: dict[tuple[datetime, datetime], list[Report]] = {}
    for report in sorted(recorded, key=lambda r: (r.received_at, r.report_id)):
        instants.setdefault(_span(report), []).append(report)
    back = turns.get(OTHER_WAY.get(effect, ""), ())
    pairs = []
    for span in instants:
        for number, group in enumerate(groups):
            if group[0].listed_at is not None:
                continue  # lists are instants: no other telling is one of theirs
            apart, own = min((max(own[0] - span[1], span[0] - own[1], timedelta()), own) for own in map(_span, group))
            far = effect in OTHER_WAY and apart <= REACH and not _any(back, min(own[0], span[0]), max(own[1], span[1]))
            if apart <= tolerance or far:
                pairs.append((apart, own[0], span, number))
    found, taken = [list(group) for group in groups], set[int]()
    for _, _, span, number in sorted(pairs):
        if number not in taken and span in instants:
            taken.add(number)
            found[number] += instants.pop(span)
    return [*found, *instants.values()]


def _span(report: Report) -> tuple[datetime, datetime]:
    """From when to when it may have been: what is dated by the day, all that day."""
    at = report.occurred_at
    if at is None:
        raise ValueError(report.report_id)
    return at, at + (DAY if report.precision == "day" else timedelta())


def _any(times: Sequence[datetime], after: datetime, before: datetime) -> bool:
    """Whether one of these times, in order, lies between two."""
    return bisect_right(times, after) < bisect_left(times, before)


# ---------------------------------------------------------------- what became of it

STATES = (
    *("draft", "not_taken", "pending", "waiting", "confirmed", "contradicted", "not_confirmed", "taken_back", "takes_back", "not_counted"),
)
"""draft: waits for a second reader; not_taken: refused or withdrawn; pending: accepted and not yet read; waiting: for the source's own
message; confirmed and contradicted: by that; not_confirmed: the sources were heard since, and none told it; taken_back: by a later row."""
COMPARED = ("seals", "vehicle", "full_empty", "size_type", "bill", "hold_ref")


def differences(
    own: Mapping[str, Any], others: Sequence[Mapping[str, Any]], time: str, tolerance: timedelta
) -> dict[str, tuple[str, str, str]]:
    """Field -> (by hand, by the source, which source), where no source says what was recorded. `own` and `others`: rows of reports of one
    movement, or of facts of one hold; `time`: the name of their time. Minutes apart are no contradiction: people round, clocks differ."""
    found: dict[str, tuple[str, str, str]] = {}
    told = sorted(((abs(other[time] - own[time]), other) for other in others if other.get(time)), key=lambda each: each[0])
    if told and own["precision"] != "day" and told[0][1]["precision"] != "day" and told[0][0] > tolerance:
        found[time] = (own[time].isoformat(), told[0][1][time].isoformat(), told[0][1]["publisher"])
    for name in COMPARED:
        said = [(other[name], other["publisher"]) for other in others if other.get(name) not in (None, "", "unknown")]
        mine = own.get(name)
        if said and mine not in (None, "", "unknown") and not any(_alike(mine, value) for value, _ in said):
            found[name] = (mine, *said[0])
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two texts say the same however they are written: a plate with or without dots, seals in any order."""
    return sorted(_PARTS.findall(one.upper())) == sorted(_PARTS.findall(other.upper())) or _plain(one) == _plain(other)


_PARTS = re.compile(r"[^\s,;/|]+")


def _plain(text: str) -> str:
    return "".join(char for char in text.upper() if char.isalnum())


def state_of(told: bool, differs: bool, settled_at: datetime, recorded_at: datetime, heard_to: datetime | None) -> str:
    """What became of a record that counts. `told`: a source tells of the same; `settled_at`: from when no word of it is to be expected;
    `heard_to`: up to when all sources that could tell it were heard."""
    if told:
        return "contradicted" if differs else "confirmed"
    return "not_confirmed" if heard_to is not None and heard_to > max(settled_at, recorded_at) else "waiting"
