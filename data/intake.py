"""Takes the deliveries of one feed: keep raw -> read -> commit. Idempotent at every step, and everything is counted.

A delivery is copied into the raw store first. Then its messages are read, and their records are committed in transactions of about 2,000
rows, each with all that follows from them and a cursor (`message.taken`); a message is `pending` until its last. Killed anywhere, the
next pull goes on where the database says: a record has the same id however often it is read.

An archive is unpacked (unpack.py): each member is kept and read as if it had come by itself, and table `member` tells of which archive it
is. What of an archive cannot be had is told by a message that is the archive itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Semaphore
from types import ModuleType
from typing import Any, BinaryIO, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import clock
from data.breaker import HELD, Breaker
from data.derive import derive
from data.feeds import BoxRecord, Envelope, FactRecord, formats
from data.hearing import heard
from data.keep import Keeper, News, Row, items
from data.raw import CHUNK, Raw, RawFailed, Window
from data.settings import Settings
from data.settle import Arrival, Repeats, options_hash, settle, taken_of
from data.sources import StillWriting
from data.store import tables as t
from data.store.bulk import insert_new, upsert
from data.store.engine import Store
from data.unpack import Member, is_archive, members
from zones.movement import content_id
from zones.place import Feed
from zones.world import World

ROWS = 2000  # of a transaction: so much is lost of a pull that is killed, and so long others wait
FILES = 500  # deliveries gathered into one transaction at the most
TURNS = Semaphore(4)  # feeds at the database at once: however many are pulled, judging and the lease are not held up by a queue of them
Guard = Callable[[Connection], None]


@dataclass(slots=True)
class Counts:
    """What a pull of one feed did. `duplicate`: receipts of bytes known before; `reports` and `rejected` count records."""

    files: int = 0
    receipts: int = 0
    messages: int = 0
    duplicate: int = 0
    unreadable: int = 0
    reports: int = 0
    rejected: int = 0
    seconds: float = 0.0
    rows_per_second: float = 0.0
    failed: list[str] = field(default_factory=list)

    def done(self, seconds: float) -> dict[str, Any]:
        """As the commands print it."""
        self.seconds = round(seconds, 3)
        self.rows_per_second = round((self.reports + self.rejected) / seconds, 1) if seconds > 0 else 0.0
        said = asdict(self)
        return said if self.failed else {k: v for k, v in said.items() if k != "failed"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file on its way in. `seen`: its row in table `seen`, where it came from a source that keeps its files; `whole`: whether, after
    its last byte was read, it is still the file that was listed.
    """

    name: str
    open: Callable[[], BinaryIO]
    received_at: datetime
    seen: Row | None = None
    bookmark: str = ""  # where the source is to be gone on from once this is kept
    whole: Callable[[BinaryIO], bool] | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """The coming of a file, or of the archive that it was in: by what bytes, when to the site, when to us."""

    sha256: str
    received_at: datetime
    stored_at: datetime


class Intake:
    """Takes deliveries of one feed."""

    def __init__(
        self, store: Store, world: World, feed: Feed, settings: Settings, counts: Counts, guard: Guard | None = None, run_id: str = ""
    ) -> None:
        self.store, self.world, self.feed, self.counts, self.guard, self.run_id = store, world, feed, counts, guard, run_id
        self.raw = Raw(settings.home)
        self.reader: ModuleType = formats()[feed.format]
        self.news = News()
        self.receipts: list[Row] = []
        self.seen: list[Row] = []
        self.bookmark: Row | None = None
        self.members: list[Row] = []
        self.current = ""  # the file that is being taken
        self.arrivals: dict[str, Arrival] = {}
        self.reached: Callable[[int], None] = lambda at: None  # told how many bytes of the current file are in the database
        self.repeats: Repeats = {}
        self.unread = False  # a message has become one to be read
        self.at_once = False  # nothing is committed before a message was read to its end

    # ------------------------------------------------------------ deliveries

    def take(self, delivery: Delivery) -> None:
        """Keep one delivery and read what is new in it. Errors: StillWriting, OSError; then nothing of it counts.
        RawFailed: then nothing counts that was not committed, and this intake is not to be used again."""
        with delivery.open() as source:
            sha256, size = self.raw.keep(source)
            if delivery.whole and not delivery.whole(source):
                raise StillWriting(delivery.name)
        self.counts.files += 1
        stored_at = clock.now()
        self.receipts.append(
            {
                "receipt_id": content_id(self.feed.id, sha256, delivery.name, delivery.received_at.isoformat()),
                "feed": self.feed.id,
                "name": delivery.name,
                "file_sha256": sha256,
                "bytes": size,
                "received_at": delivery.received_at,
                "stored_at": stored_at,
                "run_id": self.run_id,
            }
        )
        self.current, came = sha256, Came(sha256, delivery.received_at, stored_at)
        with self.raw.open(sha256) as file:
            whole = cast(BinaryIO, Window(file, 0, size))
            if delivery.bookmark and not size:
                pass  # an empty page is an answer (HTTP 204) and no message: the source was heard, and has nothing to say
            elif is_archive(whole):
                self._unpack(whole, size, delivery.name, came)
            else:
                self._file(file, sha256, delivery.name, self._messages(file, sha256, size), came)
        if delivery.seen:  # only now: a pull that is killed between two messages of a file must find the file again
            self.seen.append(delivery.seen)
        if delivery.bookmark:
            self.bookmark = {"feed": self.feed.id, "value": delivery.bookmark, "changed_at": stored_at}
        if self.news.weight >= ROWS or len(self.receipts) >= FILES:
            self.commit()

    def _unpack(self, file: BinaryIO, size: int, name: str, came: Came) -> None:
        """Every member as a file of its own; the archive as a message where something in it cannot be had."""
        faulty = False
        for member in members(file, name, self.raw.keep):
            if not isinstance(member, Member):
                faulty = True
                continue
            own, length = member.kept
            told = {"number": member.number, "file_sha256": own, "name": member.name, "bytes": length}
            self.members.append({"archive_sha256": came.sha256, **told})
            with self.raw.open(own) as inside:
                self._file(inside, own, member.name, self._messages(inside, own, length), came)
        if faulty:
            self._file(file, came.sha256, name, [(0, size, came.sha256)], came, begins=False)

    def _file(
        self, file: BinaryIO, sha256: str, name: str, messages: Iterable[tuple[int, int, str]], came: Came, begins: bool = True
    ) -> None:
        """The messages of one file, read where they are new. `begins`: nothing of the delivery was taken before them."""
        told_by_name = getattr(self.reader, "told_by_name", None)
        dated = told_by_name(name, self.world.place(self.feed.place), self.feed.options) if told_by_name else ""
        by_name = (dated,) if dated else ()  # what the name says is part of the content
        for position, (start, end, own) in enumerate(messages):
            message_id = content_id(self.feed.id, own, *by_name)
            if self._known(message_id, (came.received_at, name)):
                continue
            alone = begins and sha256 == came.sha256 and not position
            self.arrivals[message_id] = arrival = Arrival.new(
                message_id,
                self.feed.id,
                own,
                sha256,
                name,
                position,
                start,
                end - start,
                came.received_at if alone else self._first_came(came),
                came.stored_at,
                self.reader,
                self.feed,
            )
            if not self.stopped():
                self.read(arrival, Window(file, start, end))
                continue
            self.breaker.hold(arrival.row)
            if len(self.arrivals) >= ROWS:
                self.commit()

    def _first_came(self, came: Came) -> datetime:
        """When these bytes came first. A pull killed within a file had kept its receipt, though not yet all of its messages."""
        r = t.receipt.c
        earlier = sa.select(sa.func.min(r.received_at)).where(r.feed == self.feed.id, r.file_sha256 == came.sha256)
        with self.store.read() as conn:
            return min(came.received_at, conn.execute(earlier).scalar() or came.received_at)

    def _messages(self, file: BinaryIO, sha256: str, size: int) -> Iterator[tuple[int, int, str]]:
        """(start, end, sha256) of each message of a file; the file itself where it holds none."""
        found = False
        for part in self.reader.split(Window(file, 0, size)):
            found = True
            whole = (part.start, part.end) == (0, size)
            yield part.start, part.end, sha256 if whole else _sha256(Window(file, part.start, part.end))
        if not found:
            yield 0, size, sha256

    def _known(self, message_id: str, received: tuple[datetime, str]) -> bool:
        """Whether the message was taken before: then only its receipt (time, name) counts (which may be the earlier one)."""
        if message_id in self.arrivals:
            row = self.arrivals[message_id].row
            if received >= (row["received_at"], row["name"]):
                self.counts.duplicate += 1
                return True
            self.commit()  # its records carry the later time: keep them, then correct them like any other repeat
        with self.store.read() as conn:
            state = conn.execute(sa.select(t.message.c.state).where(t.message.c.message_id == message_id)).scalar()
        if state is None:
            return False
        self.repeats[message_id] = min(received, self.repeats.get(message_id, received))
        self.counts.duplicate += 1
        return True

    # ------------------------------------------------------------ reading

    def read(self, arrival: Arrival, raw: Window, again: bool = False) -> None:
        """Read one message into the news, committing on the way where it is large."""
        place = self.world.place(self.feed.place)
        keeper = Keeper(
            self.world, self.feed, arrival.message_id, arrival.row["reading_id"], arrival.row["received_at"], arrival.read_at, again
        )
        options = {**self.feed.options, "_name": arrival.row["name"]}
        skip, unit = arrival.row["taken"], None
        places: set[str] = set()  # where the records of this unit stood: two at one position are one record told twice
        for number, item in enumerate(items(self.reader, raw, place, options)):
            if number < skip:
                keeper.passed(item)
                continue
            if self.news.weight >= ROWS and not self.at_once and (getattr(item, "unit", "") != unit or not unit):
                arrival.row["taken"] = number
                self.commit()
                if arrival.row["file_sha256"] == self.current:
                    self.reached(arrival.row["start"] + raw.tell())
            if getattr(item, "unit", "") != unit:
                places.clear()
            unit = getattr(item, "unit", "")
            if isinstance(item, Envelope):
                arrival.enveloped(item)
            elif isinstance(item, BoxRecord | FactRecord) and unit:
                if item.position in places:
                    arrival.repeated()
                    continue
                places.add(item.position)
            kind = keeper.put(item, self.news)
            arrival.count(kind, item)
            self.breaker.count(kind)
        arrival.finish()
        self.breaker.read(arrival.row, clock.now())

    # ------------------------------------------------------------ commit

    def commit(self) -> None:
        """One transaction: receipts, messages, their records and all that follows from them."""
        if not (self.receipts or self.arrivals or self.repeats or self.members or self.news.weight or self.seen or self.bookmark):
            return
        self.raw.settle()
        with TURNS, self.store.write() as conn:
            if self.guard:
                self.guard(conn)
            new = insert_new(conn, t.receipt, self.receipts)
            insert_new(conn, t.member, self.members)
            self.unread |= settle(conn, self.world, self.feed.id, self.arrivals, self.repeats, self.news)
            derive(conn, self.world, self.news)
            upsert(conn, t.seen, self.seen, ("feed", "name"), set=("size", "modified_at", "version", "fetched_at", "failed", "tries"))
            if self.bookmark:
                upsert(conn, t.bookmark, [self.bookmark], ("feed",), set=("value", "changed_at"))
            heard(conn, self.feed.id, self.receipts)
            self.breaker.write(conn, clock.now())
            if self.guard:
                self.guard(conn)
        self.counts.receipts += new
        for message_id, arrival in list(self.arrivals.items()):
            self.counts.messages += arrival.first
            arrival.first = False
            if arrival.row["state"] != "pending" or arrival.row["reason"] == HELD:
                row = arrival.row
                self.counts.unreadable += row["state"] == "unreadable"
                self.counts.reports += taken_of(row) - arrival.before
                self.counts.rejected += row["rejected"]
                del self.arrivals[message_id]
        self.receipts.clear()
        self.seen.clear()
        self.bookmark = None
        self.members.clear()
        self.repeats.clear()
        self.news.clear()

    def finish(self) -> None:
        """Commit the rest, and read what has become readable by it."""
        self.commit()
        if self.unread:
            self.resume()

    def resume(self) -> None:
        """Go on with messages that a killed pull left pending, read those whose reference has become theirs, and those that were kept
        while the source was stopped.
        """
        if self.stopped():
            return
        with self.store.read() as conn:
            rows = [
                dict(row)
                for row in conn.execute(
                    sa.select(t.message)
                    .where(t.message.c.state == "pending", t.message.c.feed == self.feed.id)
                    .order_by(t.message.c.received_at, t.message.c.message_id)
                ).mappings()
            ]
        for row in rows:
            if self.stopped():  # again: the rest stays as it is kept
                return
            options = ""
            if row["reason"] == HELD:  # never read so far: with what is declared by now
                options = options_hash(self.feed)
                reading_id = content_id(row["message_id"], self.reader.__name__, str(self.reader.VERSION), options)
                row.update(reason="", reading_id=reading_id)
            arrival = Arrival(row, self.reader, first=False, before=taken_of(row), read_at=clock.now(), options=options)
            self.arrivals[row["message_id"]] = arrival
            try:
                with self.raw.open(row["file_sha256"]) as file:
                    self.read(arrival, Window(file, row["start"], row["start"] + row["bytes"]))
            except (RawFailed, OSError) as error:  # it stays as it is, for the next time, and stops none of the others
                self.counts.failed.append(f"{row['name']}: {error}")
                del self.arrivals[row["message_id"]]
                self.news.clear()
                continue
            self.commit()
        if self.breaker.stopped:  # and closed: nothing is left
            with self.store.write() as conn:
                self.breaker.write(conn, clock.now())

    def stopped(self) -> bool:
        """Whether what comes is kept and not read."""
        return self.breaker.open

    @cached_property
    def breaker(self) -> Breaker:
        """Whether what comes is to be read at all."""
        with self.store.read() as conn:
            return Breaker(conn, self.feed.id, self.feed.options)


def _sha256(file: Window) -> str:
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()
