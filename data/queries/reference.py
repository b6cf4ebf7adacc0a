"""A reference that was used more than once: the messages under it side by side, what differs, what was decided, who may decide.

A message that does not stand has no records in the tables: it is read from its bytes for this, as it would be if it stood. What the
messages say is for those who may see raw messages; when they came, how long they are and how much they say is for everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.actions import people_for
from data.feeds import BoxRecord, DocumentRecord, FactRecord, Unreadable, formats
from data.keep import Item, items
from data.people import ROLES, Actor
from data.queries._scope import feeds
from data.raw import Raw, Window
from data.references import Case, case
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

ACT = "settle_reference"
LARGEST = 512 * 1024  # bytes of a message that is read for this, while somebody waits for the page
MOST = 40  # differences that are told; their number is of all
RIVALS = 6  # messages shown of one reference
Row = Mapping[str, Any]

# Where a record stands, how it is written, and when its message was made: not what it says. (The last is told of the message itself.)
_NOT_SAID = frozenset(
    {"position", "unit", "occurred_text", "effective_text", "zone_from", "precision", "why", "given", "document", "updated_at", "at"}
)
_SAID = {kind: tuple(name for name in kind.__annotations__ if name not in _NOT_SAID) for kind in (BoxRecord, FactRecord, DocumentRecord)}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the message that stands says otherwise than another: of which box or document, which event, which field.

    `field` "": a whole record that only one of them has: its time (or True, where it has none); the other of `stands` and `other` is None.
    """

    about: str
    what: str
    field: str
    stands: Any
    other: Any


@dataclass(frozen=True, slots=True)
class Rival:
    """One of the messages. `records`: how many it says, None where that was not looked at (too long, or its bytes are gone).

    `differences` from the first one that stands (None: not looked at, or not for this reader); `differing` is how many there are.
    """

    message: Row
    stands: bool
    records: int | None
    differences: tuple[Difference, ...] | None = None
    differing: int | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """A reference and the messages under it, the earliest first. `asked` is the id of the message that was asked about.

    `may`: whether this reader decides; `people`: who does, at this place (none are named to those who may not see raw messages);
    `roles`: of what role they are. `more`: there are other messages, which are not shown.
    """

    asked: str
    place: str
    rivals: tuple[Rival, ...]
    decisions: tuple[Row, ...]
    may: bool
    people: tuple[str, ...]
    roles: tuple[str, ...]
    more: bool

    @property
    def own(self) -> Rival:
        """The message that was asked about."""
        return next(rival for rival in self.rivals if rival.message["message_id"] == self.asked)

    @property
    def alone(self) -> bool:
        """Whether one message alone stands."""
        return sum(rival.stands for rival in self.rivals) == 1


def used(store: Store, actor: Actor, world: World, home: Path, messages: Iterable[str]) -> dict[str, Used]:
    """For each of these messages within reach that shares its reference with others: the case. By message id."""
    actor.must("see")
    found: dict[str, Used] = {}
    with store.read() as conn:
        m = t.message.c
        wanted = sa.select(t.message).where(m.message_id.in_(sorted(messages)), m.feed.in_(feeds(actor, world)), m.reference != "")
        for row in conn.execute(wanted).mappings().all():
            if (one := case(conn, row)) is not None:
                found[row["message_id"]] = _used(conn, actor, world, home, dict(row), one)
    return found


def _used(conn: Connection, actor: Actor, world: World, home: Path, row: Row, found: Case) -> Used:
    feed = world.feed(row["feed"])
    raw = actor.may("see_raw")
    standing = found.standing
    # The one asked about is always there, and the one that stands; then as many of the others as there is room for.
    first = sorted(found.messages, key=lambda each: (each["message_id"] != row["message_id"], each["message_id"] not in standing))[:RIVALS]
    shown = [each for each in found.messages if each in first]
    said = {each["message_id"]: _said(world, home, each) for each in shown}
    rivals = []
    for each in shown:
        own, main = said[each["message_id"]], said.get(standing[0])
        stands = each["message_id"] in standing
        counted = None if own is None else sum(not isinstance(item, DocumentRecord) for item in own)
        records = each["records"] if stands else counted
        different: tuple[list[Difference], int] | None = None
        if each["message_id"] != standing[0] and own is not None and main is not None:
            different = differences(main, own)
        shows = tuple(different[0][:MOST]) if different and raw else None
        rivals.append(Rival(each, stands, records, shows, different[1] if different else None))
    roles = tuple(sorted(ROLES[ACT]))
    people = tuple(people_for(conn, feed.place, ACT)) if raw else ()
    may = actor.may(ACT) and actor.sees(feed.place)
    return Used(row["message_id"], feed.place, tuple(rivals), found.decisions, may, people, roles, len(found.messages) > len(shown))


def _said(world: World, home: Path, message: Row) -> list[Item] | None:
    """The records of a message, read from its bytes: what it says of boxes and documents, and what cannot be read."""
    if message["bytes"] > LARGEST:
        return None
    feed = world.feed(message["feed"])
    try:
        with Raw(home).open(message["file_sha256"]) as file:
            window = Window(file, message["start"], message["start"] + message["bytes"])
            every = items(formats()[feed.format], window, world.place(feed.place), {**feed.options, "_name": message["name"]})
            return [item for item in every if type(item) in _SAID or _rejected(item)]
    except OSError:
        return None


def _rejected(item: Item) -> bool:
    return isinstance(item, Unreadable) and item.scope != "envelope"


def differences(stands: Sequence[Item], other: Sequence[Item]) -> tuple[list[Difference], int]:
    """What two messages say otherwise, box by box, and how much that is. What both say alike is left out, wherever it stands."""
    told: dict[tuple[str, str], tuple[list[Item], list[Item]]] = defaultdict(lambda: ([], []))
    for side, said in enumerate((stands, other)):
        for item in said:
            told[_key(item)][side].append(item)
    found: list[Difference] = []
    for (about, what), (ours, theirs) in told.items():
        alike = [_words(item) for item in ours]
        rest = []
        for item in theirs:
            if (words := _words(item)) in alike:
                alike.remove(words)
            else:
                rest.append(words)
        for n in range(max(len(alike), len(rest))):
            one, two = (alike[n] if n < len(alike) else None), (rest[n] if n < len(rest) else None)
            if one is None or two is None:
                words = one or two or {}
                at = next((words[name] for name in ("occurred_at", "effective_at") if words.get(name)), True)
                found.append(Difference(about, what, "", at if one else None, at if two else None))
            else:
                found += [Difference(about, what, name, one[name], two[name]) for name in one if one[name] != two[name]]
    return found, len(found)


def _key(item: Item) -> tuple[str, str]:
    match item:
        case BoxRecord():
            return item.equipment, item.event
        case FactRecord():
            return item.equipment or item.reference, item.kind
        case DocumentRecord():
            return item.target, item.act
        case _:
            return "", "unreadable"


def _words(item: Item) -> dict[str, Any]:
    if isinstance(item, BoxRecord | FactRecord | DocumentRecord):
        return {name: getattr(item, name) for name in _SAID[type(item)]}
    return {"reason": item.reason, "detail": item.detail} if isinstance(item, Unreadable) else {}
