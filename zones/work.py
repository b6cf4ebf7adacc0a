"""The work on an alert: what people may do with it in which state, and where that leads. What the system sees of it is `zones/alert.py`.

| act | who it speaks for |
|---|---|
| acknowledge | I have seen it (not: it is solved) |
| assign | this person deals with it |
| start | I deal with it now |
| outcome | what it came to, from a fixed list, in words, and who was heard, or why nobody was |
| close | done; where TAKES_TWO, by another person than the one who gave the outcome |
| reopen | it was not done after all |
| shelve, unshelve | not now, for a reason, until a time; it returns by itself |
| ask_shelf | what `shelve` is for Act now: it waits for another person |
| agree_shelf, refuse_shelf | the other person's answer; whoever asked may take it back (refuse) |
| note, attach | a remark; a photograph or a document |

Who may do an act (roles and places) is `data.people`'s table. How fast it is to be done is `zones/response.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from zones.episode import SEVERITIES

STATES = ("new", "acknowledged", "assigned", "in_progress", "confirmed", "closed", "reopened")
OUTCOMES = ("offence", "administrative", "benign_cause", "data_error", "rule_too_wide", "unknown")
UNDER_WAY = ("acknowledged", "assigned", "in_progress", "confirmed", "reopened")  # somebody owes an answer, whatever the condition
UNSEEN = ("new", "reopened")  # nobody has said that he or she has seen it
UNDECIDED = ("new", "acknowledged", "assigned", "in_progress", "reopened")  # no outcome stands
_OPEN = tuple(state for state in STATES if state != "closed")

# act -> state it is done in -> state it leads to. What is not here is not offered, and refused.
LEADS: Mapping[str, Mapping[str, str]] = {
    "acknowledge": dict.fromkeys(UNSEEN, "acknowledged"),
    "assign": dict.fromkeys(UNDECIDED, "assigned"),
    "start": dict.fromkeys(UNDECIDED, "in_progress"),
    "outcome": dict.fromkeys(("acknowledged", "assigned", "in_progress", "confirmed"), "confirmed"),
    "close": {"confirmed": "closed"},
    "reopen": dict.fromkeys(("confirmed", "closed"), "reopened"),
    "shelve": {state: state for state in _OPEN},
    "ask_shelf": {state: state for state in _OPEN},
    "agree_shelf": {state: state for state in _OPEN},
    "refuse_shelf": {state: state for state in _OPEN},
    "unshelve": {state: state for state in STATES},
    "note": {state: state for state in STATES},
    "attach": {state: state for state in STATES},
}
ACTS = tuple(LEADS)
ASKS = {"shelve": "ask_shelf"}  # what an act is where it TAKES_TWO
REMARKS = frozenset({"note", "attach"})  # they contradict nothing that others do
# The system moves the work in one case only: what was closed opens again when its condition does one of these.
REOPENED_BY: Mapping[str, tuple[str, ...]] = {
    "active": ("invalidated",),
    "unverified": ("invalidated",),
    "cleared": ("active", "unverified", "invalidated"),
    "invalidated": ("active", "unverified", "cleared"),
}

TAKES_TWO = frozenset({"act_now"})  # severities that nobody closes or shelves alone
TAKES_TWO_OUTCOMES = frozenset({"rule_too_wide"})  # outcomes with which nobody closes alone, whatever the severity: they blame the rule
SHIFT = timedelta(hours=12)  # one shift, where a place declares none
SHELF = timedelta(days=30)


def leads_to(act: str, state: str) -> str | None:
    """The state that an act leads to, or None where it cannot be done in this state."""
    return LEADS.get(act, {}).get(state)


def fits_shelf(act: str, *, shelved: bool, asked: bool) -> bool:
    """Whether an act can be done as the shelf stands: `shelved` now, or `asked` for and not yet answered."""
    match act:
        case "shelve":
            return not shelved
        case "ask_shelf":
            return not shelved and not asked
        case "unshelve":
            return shelved
        case "agree_shelf" | "refuse_shelf":
            return asked
        case _:
            return True


def offered(state: str, *, shelved: bool, asked: bool = False) -> tuple[str, ...]:
    """The acts that can be done in a state, in the order in which they are usually done. ask_shelf is offered as what it is: shelve."""
    fitting = (act for act in ACTS if state in LEADS[act] and fits_shelf(act, shelved=shelved, asked=asked))
    return tuple(act for act in fitting if act not in ASKS.values() and not (asked and act in ASKS))


def takes_two(severity: str, outcome: str) -> bool:
    """Whether it is closed by another person than the one who gave the outcome."""
    return severity in TAKES_TWO or outcome in TAKES_TWO_OUTCOMES


def needs_second(severity: str, outcome: str, closer: str, outcome_by: str) -> bool:
    """Whether this person may not close it, since he or she gave the outcome."""
    return takes_two(severity, outcome) and closer == outcome_by


def latest_shelf(severity: str, now: datetime, shift_ends: datetime | None) -> datetime:
    """Until when an alert may be shelved at most: Act now until the shift that is on now ends (`shift_ends`), so that no shift inherits
    what it has not seen; where none is declared or on, for SHIFT.
    """
    return now + SHELF if severity not in TAKES_TWO else shift_ends or now + SHIFT


def is_shelved(until: datetime | None, now: datetime) -> bool:
    """Whether it is out of sight now: it returns by itself at `until`. The same of a shelf that is asked for: whether it still waits."""
    return until is not None and until > now


def ends_shelf(before: str, after: str) -> bool:
    """Whether a change of severity takes an alert off its shelf: what got worse is another thing than what was put there."""
    return SEVERITIES.index(after) < SEVERITIES.index(before)


def reopened_by(work: str, before: str, after: str) -> bool:
    """Whether closed work opens again since the condition turned."""
    return work == "closed" and after in REOPENED_BY.get(before, ())
