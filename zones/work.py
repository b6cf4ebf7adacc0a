"""The work on an alert: what people may do with it in which state, and where that leads. What the system sees of it is `zones/alert.py`.

| act | who it speaks for |
|---|---|
| acknowledge | I have seen it (not: it is solved) |
| assign | this person deals with it |
| start | I deal with it now |
| outcome | what it came to, from a fixed list, in words |
| close | done; Act now needs a second person, other than the one who gave the outcome |
| reopen | it was not done after all |
| shelve, unshelve | not now, for a reason, until a time; it returns by itself |
| note | a remark |

Who may do an act (roles and places) is `data.people`'s table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

STATES = ("new", "acknowledged", "assigned", "in_progress", "confirmed", "closed", "reopened")
OUTCOMES = ("offence", "administrative", "benign_cause", "data_error", "rule_too_wide", "unknown")
UNDER_WAY = ("acknowledged", "assigned", "in_progress", "confirmed", "reopened")  # somebody owes an answer, whatever the condition

# act -> state it is done in -> state it leads to. What is not here is not offered, and refused.
LEADS: Mapping[str, Mapping[str, str]] = {
    "acknowledge": dict.fromkeys(("new", "reopened"), "acknowledged"),
    "assign": dict.fromkeys(("new", "acknowledged", "assigned", "in_progress", "reopened"), "assigned"),
    "start": dict.fromkeys(("new", "acknowledged", "assigned", "in_progress", "reopened"), "in_progress"),
    "outcome": dict.fromkeys(("acknowledged", "assigned", "in_progress", "confirmed"), "confirmed"),
    "close": {"confirmed": "closed"},
    "reopen": dict.fromkeys(("confirmed", "closed"), "reopened"),
    "shelve": {state: state for state in STATES if state != "closed"},
    "unshelve": {state: state for state in STATES},
    "note": {state: state for state in STATES},
}
ACTS = tuple(LEADS)

SECOND_PERSON = frozenset({"act_now"})  # severities that nobody closes alone
LONGEST_SHELF = {"act_now": timedelta(hours=12)}  # one shift
SHELF = timedelta(days=30)


def leads_to(act: str, state: str) -> str | None:
    """The state that an act leads to, or None where it cannot be done in this state."""
    return LEADS.get(act, {}).get(state)


def offered(state: str, *, shelved: bool) -> tuple[str, ...]:
    """The acts that can be done in a state, in the order in which they are usually done."""
    return tuple(act for act in ACTS if state in LEADS[act] and (act != "unshelve" or shelved) and (act != "shelve" or not shelved))


def needs_second(severity: str, closer: str, outcome_by: str) -> bool:
    """Whether this person may not close it, since he or she gave the outcome."""
    return severity in SECOND_PERSON and closer == outcome_by


def latest_shelf(severity: str, now: datetime) -> datetime:
    """Until when an alert may be shelved at most."""
    return now + LONGEST_SHELF.get(severity, SHELF)


def is_shelved(until: datetime | None, now: datetime) -> bool:
    """Whether it is out of sight now: it returns by itself at `until`."""
    return until is not None and until > now
