"""Which goods a line of a ledger is about: the lines that let them in."""

from __future__ import annotations

from zones.entry import Entry, in_turn
from zones.lot import LotFacts, Presence


def concerned(facts: LotFacts, entry: Entry) -> tuple[Entry, ...]:
    """The lines that let in the goods that a line took, let in (it alone) or was done with, oldest first; none where no goods are there."""
    posted = facts.posted[entry.entry_id]
    if traced := [facts.line[trace.source] for trace in posted.traces if trace.source in facts.line]:
        return tuple(dict.fromkeys(traced))
    if any(posting.layer.source == entry.entry_id and posting.quantity > 0 for posting in posted.postings):
        return (entry,)
    if posted.postings or posted.traces:
        return ()  # it took what was not there
    return tuple(dict.fromkeys(one.source for one in facts.presences if _is_done_with(one, entry)))


def _is_done_with(one: Presence, entry: Entry) -> bool:
    """Whether a line that moves nothing may be about these goods: there at its time, and of the lot, owner and status that it names."""
    named = ((entry.lot, one.layer.lot), (entry.owner, one.layer.owner), (entry.status, one.layer.status))
    went = one.until is not None and one.until <= entry.earliest
    before = one.gone_by is not None and in_turn(entry) < in_turn(one.gone_by)  # at one time, what is done before what goes
    return one.since <= entry.latest and (not went or before) and all(not told or told == is_ for told, is_ in named)
