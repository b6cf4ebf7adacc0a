"""Who wants to hear what, through which channel, and may: the rows of `notify_wish` with the account they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.store.tables import account, notify_wish
from zones.notice import Wish

_COLUMNS = (account.c.role, account.c.places.label("reach"), account.c.disabled)


@dataclass(frozen=True, slots=True)
class Listener:
    """One wish and whose it is."""

    actor: Actor
    channel: str
    address: str
    wish: Wish


class Listeners:
    """All wishes, as they stand in this transaction. Of two that concern a place the nearer one holds."""

    def __init__(self, conn: Connection, people: Iterable[str] | None = None) -> None:
        question = sa.select(notify_wish, *_COLUMNS).join(account, account.c.name == notify_wish.c.person)
        if people is not None:
            question = question.where(notify_wish.c.person.in_(sorted(people)))
        self._own: dict[tuple[str, str, str], Listener] = {}
        self._disabled: set[str] = set()
        self._at: dict[str, list[Listener]] = {}
        self._wanting: dict[tuple[str, str], list[Listener]] = {}
        for row in conn.execute(question).mappings():
            self._own[row["person"], row["channel"], row["place"]] = _listener(row)
            if row["disabled"]:
                self._disabled.add(row["person"])
        self._pairs = sorted({(person, channel) for person, channel, _ in self._own})

    def __bool__(self) -> bool:
        return bool(self._own)

    def at(self, place: str) -> list[Listener]:
        """Who listens to a place he may see, each channel once."""
        if place not in self._at:
            may = (pair for pair in self._pairs if not self.barred(*pair, place))
            self._at[place] = [self.nearest(*pair, place) for pair in may]
        return self._at[place]

    def wanting(self, place: str, severity: str) -> list[Listener]:
        """Of these, who wants to hear of a severity. Asked for every line that is told."""
        if (place, severity) not in self._wanting:
            self._wanting[place, severity] = [listener for listener in self.at(place) if listener.wish.wants(severity)]
        return self._wanting[place, severity]

    def barred(self, person: str, channel: str, place: str) -> str:
        """Why a person is not told: no_wish, no_account (disabled), no_place (not within his reach); "" where he is."""
        own = self._own.get((person, channel, place)) or self._own.get((person, channel, ""))
        if own is None:
            return "no_wish"
        if person in self._disabled:
            return "no_account"
        return "" if own.actor.may("see") and own.actor.sees(place) else "no_place"

    def nearest(self, person: str, channel: str, place: str) -> Listener:
        """How a person who is not barred wants to hear of a place. Errors: KeyError where he does not."""
        return self._own.get((person, channel, place)) or self._own[person, channel, ""]


def wish_of(row: sa.RowMapping) -> Wish:
    """The wish of a row of `notify_wish`."""
    quiet = (row["quiet_from"], row["quiet_to"]) if row["quiet_from"] else None
    return Wish(place=row["place"], least=row["least"], quiet=quiet, urgent=row["urgent"], digest=row["digest"])


def _listener(row: sa.RowMapping) -> Listener:
    reach = None if row["reach"] is None else frozenset(row["reach"])
    actor = Actor(row["person"], row["person"], row["role"], reach, row["language"])
    return Listener(actor, row["channel"], row["address"], wish_of(row))
