"""From what people recorded to a message like any other: the rows as a file, the file through the intake.

What is accepted is committed first (`by_hand.state`), with the message that it will be; then it is kept and read as if a source had
delivered it. Killed in between, the worker (or whoever accepts next) does it again: the same bytes, name and time are the same receipt
and the same message, so nothing is lost and nothing doubled.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from data import clock
from data.feeds import BoxRecord, FactRecord, RetractionRecord, Unreadable, manual_csv
from data.intake import Counts, Delivery, Intake
from data.keep import Row
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store
from zones import codes
from zones.movement import content_id
from zones.place import Place
from zones.world import World

WAITS, ACCEPTED, REFUSED, WITHDRAWN = "waits", "accepted", "refused", "withdrawn"
CLAIMED = timedelta(minutes=1)  # longer than making a message of a batch ever takes
SECOND = "(second reader)"  # stands for whoever that will be while a draft is looked at
Typed = Mapping[str, str]
Said = BoxRecord | FactRecord | RetractionRecord | Unreadable

_DAY_FIRST = re.compile(r"([0-3]?[0-9])[./-]([01]?[0-9])[./-](20[0-9]{2})(?:[ T]+([0-2]?[0-9])[:h]([0-5][0-9]))?")
_YEAR_FIRST = re.compile(r"(20[0-9]{2})[./-]([01]?[0-9])[./-]([0-3]?[0-9])(?:[ T]+([0-2]?[0-9])[:h]([0-5][0-9]))?")


@dataclass(frozen=True, slots=True)
class Read:
    """One row as the reader takes it: what it says, or why it cannot be taken; and what is odd about it, as text keys."""

    typed: Typed
    said: Said
    odd: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not isinstance(self.said, Unreadable)

    @property
    def at(self) -> datetime | None:
        """When it happened or took effect, as read."""
        return getattr(self.said, "occurred_at", None) or getattr(self.said, "effective_at", None)

    @property
    def day(self) -> bool:
        """Whether only the day is told."""
        return getattr(self.said, "precision", "") == "day"

    @property
    def amiss(self) -> tuple[str, str]:
        """(reason, its detail) why it cannot be taken."""
        return (self.said.reason, self.said.detail) if isinstance(self.said, Unreadable) else ("", "")


def tidied(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as it is kept: the columns that people fill in (and what it takes back), without what stands around the words."""
    found = {name: _plain(row.get(name)) for name in (*manual_csv.TYPED, "takes_back")}
    found["event"] = found["event"].lower().replace(" ", "_").replace("-", "_")
    found["equipment"] = codes.normal(found["equipment"])
    found["occurred_at"] = _time(found["occurred_at"])
    return found


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:400].strip()


def _time(text: str) -> str:
    """Day first or year first, as people write and spreadsheets show: as ISO 8601. Anything else is left to the reader to refuse."""
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year, *at = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day, *at = found.groups()
    else:
        return text
    date = f"{year}-{int(month):02}-{int(day):02}"
    return f"{date} {int(at[0]):02}:{at[1]}" if at[0] else date


def filled(row: Typed) -> bool:
    """Whether anything stands in it."""
    return any(row.get(name) for name in manual_csv.TYPED)


def written(batch: Row, second_reader: str) -> bytes:
    """The file of a batch: every row with its entry, who recorded it and who read it a second time."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(manual_csv.COLUMNS)
    for number, row in enumerate(batch["rows"], 1):
        told = {**row, "entry": entry_of(batch["batch_id"], number), "recorded_by": batch["recorded_by"], "second_reader": second_reader}
        out.writerow([told.get(name, "") for name in manual_csv.COLUMNS])
    return text.getvalue().encode()


def entry_of(batch_id: str, number: int) -> str:
    """The id under which a row can be taken back; so much of the batch's id is its own as far as anybody will ever count."""
    return f"{batch_id[:12]}/{number}"


def looked_at(place: Place, recorded_by: str, rows: Sequence[Typed]) -> list[Read]:
    """What the real reader makes of these rows, one each."""
    batch = {"batch_id": "draft", "rows": rows, "recorded_by": recorded_by}
    said: dict[str, Said] = {}
    for item in manual_csv.read(written(batch, SECOND), place, place.hand.options):
        if isinstance(item, Said):
            said[item.position] = item
    found = []
    for n, row in enumerate(rows, 2):  # after the names of the columns
        item = said.get(f"line {n}", Unreadable(reason="not_by_hand", position=f"line {n}", detail=row["event"][:40]))
        found.append(Read(row, item, tuple(_odd(row, item, rows[: n - 2]))))
    return found


def _odd(row: Typed, said: Said, before: Sequence[Typed]) -> list[str]:
    """What is no reason to refuse a row, and yet to look again."""
    found = []
    if row["equipment"] and not codes.is_valid(row["equipment"]):
        found.append("check_digit")
    if isinstance(said, BoxRecord | FactRecord) and said.precision == "day":
        found.append("day_only")
    alike = ("event", "equipment", "bill", "occurred_at", "agency")
    if any(all(row[name] == other[name] for name in alike) for other in before):
        found.append("twice")
    return found


def message_of(place: Place, batch: Row, second_reader: str) -> str:
    """The id of the message that a batch becomes."""
    return content_id(place.hand.id, sha256(written(batch, second_reader)).hexdigest())


def _deliver(store: Store, world: World, settings: Settings, batch: Row) -> None:
    """An accepted batch becomes a message, received when it was accepted. Done again it changes nothing."""
    place = world.place(batch["place"])
    intake = Intake(store, world, place.hand, settings, Counts())
    intake.resume()
    content = written(batch, batch["decided_by"])
    intake.take(Delivery(f"{place.hand.id}-{batch['batch_id'][:8]}.csv", partial(io.BytesIO, content), batch["decided_at"]))
    intake.finish()
    b = t.by_hand.c
    with store.act() as conn:
        conn.execute(t.by_hand.update().where(b.batch_id == batch["batch_id"], b.kept_at.is_(None)).values(kept_at=clock.now()))


def deliver_accepted(store: Store, world: World, settings: Settings, real: datetime) -> int:
    """Whatever was accepted and is no message yet; gives how many became one. Those of places that are declared no more wait.

    `real`: real time, by which a claim ages: what another process is making a message of is left to it. Errors: OSError, RawFailed.
    """
    b = t.by_hand.c
    free = sa.or_(b.claimed_at.is_(None), b.claimed_at < real - CLAIMED)
    with store.read() as conn:
        asked = sa.select(t.by_hand).where(t.NOT_KEPT, free).order_by(b.decided_at, b.batch_id)
        found = [dict(row) for row in conn.execute(asked).mappings() if row["place"] in world.places]
    done = 0
    for batch in found:
        own = b.batch_id == batch["batch_id"]
        with store.act() as conn:
            claimed = conn.execute(t.by_hand.update().where(own, t.NOT_KEPT, free).values(claimed_at=real)).rowcount
        if not claimed:
            continue
        try:
            _deliver(store, world, settings, batch)
        except BaseException:
            with store.act() as conn:
                conn.execute(t.by_hand.update().where(own, b.claimed_at == real).values(claimed_at=None))
            raise
        done += 1
    return done
