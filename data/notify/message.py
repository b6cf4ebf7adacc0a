"""What is handed on at the edge of the outbox: what is told (`Told`), in whose words (`Tell`), what goes out (`Message`).

The words of an alert are the screens' own (layouts/_text), which this floor may not use: whoever starts the worker hands a `Tell` in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zones.world import World


class NotSent(Exception):
    """A channel did not take a message; why, in words for an operator, without secrets."""


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: its key, what became of the alert (zones.notice.TOLD), when, by whom ("" the system), and the alert's row."""

    key: str
    what: str
    at: datetime
    by: str
    alert: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """A message in a person's language: one line, and the whole of it. `sentences`: of each notice, in the order given."""

    subject: str
    text: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What of a telling does not depend on the alerts. `most`: so many are told one by one, of the rest the number. No notices: a test."""

    language: str
    world: World
    now: datetime
    public_url: str
    most: int
    key: str
    channel: str


Tell = Callable[[Sequence[Told], Asking], Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out. `key` is the same whenever it is sent again: a receiver may drop what he has."""

    key: str
    to: str  # an e-mail address; "" on other channels
    person: str
    language: str
    words: Words
    at: datetime
    notices: Sequence[Mapping[str, Any]] = ()  # for programs: see docs/guide/notify.md
