"""A reference used more than once: which messages there are under it, what people decided, and how a decision is carried out.

Until somebody decides, `data.settle` lets the earliest message stand. A decision is a row of table `reference_choice`: kept, never
derived, and the last one counts. It is carried out in the transaction that writes it: what no longer stands is taken out, what stands
now is read from its kept bytes, and their boxes are folded again; so there is no moment at which neither of two messages stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import clock
from data.derive import derive
from data.intake import Counts, Intake
from data.keep import Kept, News, Row
from data.raw import Raw, Window
from data.settings import Settings
from data.settle import Arrival, options_hash, reference_of, settle, users
from data.store import tables as t
from data.store.engine import Store
from zones.movement import content_id
from zones.world import World

CHOICES = ("instead", "both")


@dataclass(frozen=True, slots=True)
class Case:
    """The messages under one reference, earliest first, and the decisions about them, first to last."""

    reference_id: str
    messages: tuple[Row, ...]
    decisions: tuple[Row, ...]

    @property
    def standing(self) -> list[str]:
        """The ids of the messages that stand: as decided, else by receipt."""
        stand = [row["message_id"] for row in self.messages if not row["outdone_by"]]
        chosen = self.decisions[-1]["standing"] if self.decisions else []
        return sorted(stand, key=lambda each: (chosen.index(each) if each in chosen else len(chosen), each))

    def message(self, message_id: str) -> Row:
        """One of them. Errors: KeyError."""
        return {row["message_id"]: row for row in self.messages}[message_id]


def case(conn: Connection, message: Kept) -> Case | None:
    """The case that a message is part of; None where it is the only one under its reference, or has none."""
    if not message["reference"]:
        return None
    reference, d = reference_of(message), t.reference_choice.c
    found = sorted(users(conn, message["feed"], [reference]), key=lambda row: (row["received_at"], row["sha256"]))
    if len(found) < 2 or message["message_id"] not in {row["message_id"] for row in found}:
        return None
    reference_id = content_id(message["feed"], *reference)
    decided = sa.select(t.reference_choice).where(d.reference_id == reference_id).order_by(d.number)
    return Case(reference_id, tuple(found), tuple(dict(row) for row in conn.execute(decided).mappings()))


def wanted(found: Case, message_id: str, choice: str) -> list[str]:
    """What stands after a choice: `instead` this message alone, `both` this one beside those that stand."""
    return [message_id] if choice == "instead" else [*(each for each in found.standing if each != message_id), message_id]


def read(store: Store, world: World, settings: Settings, message: Row) -> tuple[Arrival, News]:
    """An outdone message read from its kept bytes with today's reader and options, nothing of it written. Errors: OSError."""
    feed = world.feed(message["feed"])
    intake = Intake(store, world, feed, settings, Counts())
    intake.at_once = True
    options = options_hash(feed)
    reading_id = content_id(message["message_id"], intake.reader.__name__, str(intake.reader.VERSION), options)
    nothing = {"state": "pending", "reason": "", "outdone_by": "", "reading_id": reading_id, "taken": 0}
    arrival = Arrival({**message, **nothing}, intake.reader, first=False, before=0, read_at=clock.now(), options=options)
    with Raw(settings.home).open(message["file_sha256"]) as file:
        intake.read(arrival, Window(file, message["start"], message["start"] + message["bytes"]))
    return arrival, intake.news


def decide(
    conn: Connection,
    world: World,
    found: Case,
    message: Row,
    standing: Sequence[str],
    told: tuple[Arrival, News] | None,
    **said: Any,
) -> None:
    """Write a decision and all that follows from it. `told`: the message as `read` gives it, where it did not stand before.

    `said`: choice, decided_at, decided_by, reason.
    """
    row = {"reference_id": found.reference_id, "number": len(found.decisions) + 1, "standing": list(standing)}
    conn.execute(t.reference_choice.insert(), {**row, "message_id": message["message_id"], **said})
    arrival, news = told or (None, News())
    if arrival is None:
        settle(conn, world, message["feed"], {}, {message["message_id"]: (message["received_at"], message["name"])}, news)
    else:
        conn.execute(t.reject.delete().where(t.reject.c.message_id == message["message_id"]))
        settle(conn, world, message["feed"], {message["message_id"]: arrival}, {}, news)
    derive(conn, world, news)
