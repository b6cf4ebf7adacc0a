"""What people do: right and place, what the state allows, who was first; one transaction with its journal line and audit row.

    _act.py        one act on one alert, and how it is refused      work.py    from having seen an alert to closing it
    shelf.py       not now                                          attach.py  photographs and documents to an alert
    duty.py        who is on duty where                             messages.py, feeds.py   with messages, with sources

An officer sends the version of the work that he or she saw (`seen`). Whoever comes second gets `Conflict`, with who was first.
The same act again by the same person, with nobody in between, changes nothing (`Done.changed` is false): a double click acts once.
"""

from __future__ import annotations

from data.actions._act import LONGEST_TEXT, Conflict, Done, NotPermitted, NotPossible, in_words, people_for
from data.actions.attach import attach
from data.actions.duty import sign_off, sign_on
from data.actions.messages import Settled, read_again, settle_reference
from data.actions.shelf import agree_shelf, refuse_shelf, shelve, unshelve
from data.actions.work import acknowledge, assign, close, note, outcome, reopen, start

__all__ = [
    "LONGEST_TEXT",
    "Conflict",
    "Done",
    "NotPermitted",
    "NotPossible",
    "Settled",
    "acknowledge",
    "agree_shelf",
    "assign",
    "attach",
    "close",
    "in_words",
    "note",
    "outcome",
    "people_for",
    "read_again",
    "refuse_shelf",
    "reopen",
    "settle_reference",
    "shelve",
    "sign_off",
    "sign_on",
    "start",
    "unshelve",
]
