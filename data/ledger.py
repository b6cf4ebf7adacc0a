"""Lines of goods ledgers -> postings, what they are to, and what was there when each month began, in the transaction that keeps the lines.

A line in order goes on from where the fold of its pool stands (`account`); nothing of the history is read. Anything else (late, correcting,
taking back, told again) folds that pool again from its lines. Both run the same `zones.ledger.step` and write the difference. A line of the
supervisor's own book that names a box takes effect when the box comes in or goes out: such pools are folded again when it does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Kept, News, Pool, Row
from data.lines import NOT_POSTED
from data.openings import Openings
from data.standing import Line, folded, line_of, versions_of
from data.store import tables as t
from data.store.bulk import among, delete_rows, in_chunks, insert_rows, update_rows, upsert
from data.store.types import EPOCH
from data.told import entry_of
from data.touched import touch
from data.visits import visits_of
from zones.entry import CUSTOMS, LIVE, Entry, in_turn
from zones.goods import Operator
from zones.hs import HsList
from zones.ledger import EMPTY, ZONE_LOT, Account, Layer, Posted, fold, step
from zones.line import faults
from zones.lot import unit
from zones.world import World

POOL = ("place", "book", "operator", "pool")
POSTING_KEY = ("place", "book", "at", "entry_id", "n")
FOUND = (*NOT_POSTED, "standing", "effective_at", "changes_from")  # what of a line the fold finds
_e = t.entry.c


def post(conn: Connection, world: World, news: News, moved: Iterable[str] = ()) -> set[str]:
    """Keep the lines in the news and bring the stock up to date. `moved`: boxes whose stays changed. Gives the boxes that any of the lines
    name: goods may have come into them, or out of them.
    """
    again = set(news.pools) | _of_boxes(conn, moved)
    if not (news.entries or again or news.entry_sources or news.unposted):
        return set()
    work = _Work(conn, world)
    work.take_back(news.unposted)
    several, told_before = _told_again(conn, news)
    again |= told_before
    by_pool: dict[Pool, list[Row]] = defaultdict(list)
    for row in news.entries:
        work.place(row)
        by_pool[pool_key(row)].append(row)
        if row["function"] != "original" or (row["publisher"], row["source_id"]) in several or _goes_with_its_box(row):
            again.add(pool_key(row))
    again |= _taken_back(conn, by_pool.keys() - again)
    again |= work.resume({key: rows for key, rows in by_pool.items() if key not in again})
    insert_rows(conn, t.entry, news.entries)
    work.refold(again)
    work.write()
    causes = dict.fromkeys(again, "") | {key: rows[-1]["entry_id"] for key, rows in by_pool.items()}
    touch(conn, units(conn, causes, news.entries))
    return work.boxes | {row["equipment"] for row in news.entries if row["equipment"]}


def refold(conn: Connection, world: World, pools: Iterable[Pool]) -> None:
    """Fold these pools again and write what differs."""
    work = _Work(conn, world)
    work.refold(set(pools))
    work.write()


def declared_anew(conn: Connection, world: World, place: str) -> dict[str, str]:
    """The operators of a place are declared otherwise than before, or its statuses, or the HS codes that its lines are held to: name the
    pools of its lines anew, and fold them again. Gives the units to be judged again.
    """
    work = _Work(conn, world)
    names = (_e.entry_id, _e.book, _e.operator, _e.lot, _e.item, _e.pool, _e.known_at, _e.changes_from)
    pools: set[Pool] = set()
    changed: list[Row] = []
    for kept in conn.execute(sa.select(*names).where(_e.place == place)).mappings().all():
        declared = world.place(place).operator(kept["operator"])
        row = {**kept, "place": place, "operator": declared.id if declared else kept["operator"]}
        work.place(row)
        pools |= {pool_key({**kept, "place": place}), pool_key(row)}
        if (row["pool"], row["operator"]) != (kept["pool"], kept["operator"]):
            changed.append({name: row[name] for name in ("entry_id", "operator", "pool")})
    update_rows(conn, t.entry, changed, ("entry_id",))
    work.refold(pools)
    work.write()
    return units(conn, dict.fromkeys(pools, ""))


def pool_key(row: Kept) -> Pool:
    """The pool that a line is of."""
    return row["place"], row["book"], row["operator"], row["pool"]


def units(conn: Connection, pools: Mapping[Pool, str], entries: Sequence[Row] = ()) -> dict[str, str]:
    """The units to be judged again with these pools, with the line that is the cause: their lots, the lots that take part in one process
    with them, and their operators.
    """
    found = {f"operator:{place}/{operator}": "" for place, _, operator, _ in pools}
    for place, process in {(row["place"], row["process"]) for row in entries if row["process"]}:
        others = sa.select(_e.operator, _e.pool).where(_e.place == place, t.OF_PROCESS, _e.process == process).distinct()
        found.update({unit(place, operator, pool): "" for operator, pool in conn.execute(others)})
    found.update({unit(place, operator, pool): cause for (place, _, operator, pool), cause in pools.items()})
    return found


def method_of(world: World, place: str, operator: str, at: datetime) -> str:
    """How an operator's goods are told from each other at an instant."""
    declared = world.place(place).operator(operator)
    return declared.method(at) if declared else ZONE_LOT


def holding_id(place: str, book: str, layer: Layer) -> int:
    """What a posting is to: the day on which it came in, and 47 bits of a hash of what makes a layer this one. A number, since a month of
    postings is summed by it; the day first, so that what is there together lies together.
    """
    parts = place, book, layer.source, layer.owner, layer.status, layer.area, layer.uom
    day = min(max((layer.at - EPOCH).days, 0), 0xFFFF)
    return day << 47 | int.from_bytes(sha256("\x1f".join(parts).encode()).digest()[:6], "big") >> 1


def _goes_with_its_box(row: Row) -> bool:
    return bool(row["book"] == CUSTOMS and row["equipment"])


def _of_boxes(conn: Connection, boxes: Iterable[str]) -> set[Pool]:
    """The pools of lines of the supervisor's own book that name any of these boxes: no declaration tells which feeds have such lines."""
    moved = set(boxes)
    if not moved:
        return set()
    asked = sa.select(_e.place, _e.book, _e.operator, _e.pool).where(t.IN_A_BOX, among(conn, _e.equipment, moved), _e.book == CUSTOMS)
    return {(row.place, row.book, row.operator, row.pool) for row in conn.execute(asked.distinct())}


def _told_again(conn: Connection, news: News) -> tuple[set[tuple[str, str]], set[Pool]]:
    """(publisher, number) of the lines of which several versions are told, or one was taken away; the pools of those that are kept."""
    times = Counter((row["publisher"], row["source_id"]) for row in news.entries if row["source_id"])
    several = {key for key, n in times.items() if n > 1} | news.entry_sources
    pools: set[Pool] = set()
    numbers = {source_id for _, source_id in times.keys() | several}
    columns = (_e.publisher, _e.source_id, _e.place, _e.book, _e.operator, _e.pool)
    asked = sa.select(*columns).where(t.TOLD_ID, among(conn, _e.source_id, numbers))
    for row in conn.execute(asked) if numbers else ():
        if (key := (row.publisher, row.source_id)) in times or key in several:
            several.add(key)
            pools.add((row.place, row.book, row.operator, row.pool))
    return several, pools


def _taken_back(conn: Connection, pools: Iterable[Pool]) -> set[Pool]:
    """Those of these pools of which any line takes back what has no number: what it takes back may come after it."""
    found: set[Pool] = set()
    if not conn.execute(sa.select(sa.exists(sa.select(_e.entry_id).where(t.TAKES_BACK)))).scalar():
        return found  # as nearly everywhere: told by its own small index
    for own, names in _by_book(pools):
        of = (_e.place == own[0], _e.book == own[1], _e.operator == own[2], among(conn, _e.pool, names))
        found |= {(*own, name) for name in conn.execute(sa.select(_e.pool).where(t.TAKES_BACK, *of).distinct()).scalars()}
    return found


class _Work:
    """One transaction's worth: gathers what changes, writes it once."""

    def __init__(self, conn: Connection, world: World) -> None:
        self.conn, self.world = conn, world
        self.openings = Openings(conn, world)
        self.postings: list[Row] = []
        self.holdings: dict[int, Row] = {}
        self.accounts: list[Row] = []
        self.boxes: set[str] = set()  # that lines of the pools folded again name
        self._held: dict[str, tuple[frozenset[str], HsList | None]] = {}  # place -> what its lines are held to
        self._operators: dict[tuple[str, str], Operator | None] = {}

    def place(self, row: Row) -> None:
        """Say of a new line of which pool it is."""
        declared = self._declared(row["place"], row["operator"])
        fungible = declared is not None and declared.fungible
        row["pool"] = (row["item"] or row["lot"]) if fungible else (row["lot"] or row["item"])
        row["lag"] = _lag(row)

    def _declared(self, place: str, operator: str) -> Operator | None:
        key = place, operator
        if key not in self._operators:
            self._operators[key] = self.world.place(place).operator(operator)
        return self._operators[key]

    # ------------------------------------------------------------ in order

    def resume(self, pools: Mapping[Pool, list[Row]]) -> set[Pool]:
        """Go on with these pools by their new lines; gives those that must be folded again, since a line is not the next in order."""
        again: set[Pool] = set()
        known = self._accounts(pools)
        for key, rows in pools.items():
            account = known.get(key, EMPTY)
            lines = [(entry_of(row), row) for row in rows if row["standing"] == LIVE]
            lines.sort(key=lambda one: in_turn(one[0]))
            if lines and account.last is not None and in_turn(lines[0][0])[:3] <= account.last[:3]:
                again.add(key)  # earlier, or perhaps told before: what is at the same time may be the same line
                continue
            if len(rows) > 1 and len({row["message_id"] for row in rows}) > 1 and len({in_turn(e)[:3] for e, _ in lines}) < len(lines):
                again.add(key)  # one may be another, told again
                continue
            declared = self._declared(key[0], key[2])
            done: list[tuple[Entry, Row, Posted]] = []
            for entry, row in lines:
                account, posted = step(account, entry, declared.method(entry.at) if declared else ZONE_LOT)
                done.append((entry, row, posted))
            for entry, row, posted in done:
                row.update(self._found(entry, posted))
                self._post(key, entry, posted)
            for row in rows if len(lines) < len(rows) else ():
                if row["standing"] != LIVE:
                    row["faults"] = " ".join(self._faults(entry_of(row)))
            place, book, operator, pool = key
            self.accounts.append({"place": place, "book": book, "operator": operator, "pool": pool, "state": account})
        return again

    def _accounts(self, pools: Iterable[Pool]) -> dict[Pool, Account]:
        found: dict[Pool, Account] = {}
        a = t.pool.c
        for own, names in _by_book(pools):
            asked = sa.select(a.pool, a.state).where(
                a.place == own[0], a.book == own[1], a.operator == own[2], among(self.conn, a.pool, names)
            )
            found.update({(*own, row.pool): row.state for row in self.conn.execute(asked)})
        return found

    def _found(self, entry: Entry, posted: Posted) -> Row:
        """What the fold found of a line that counts."""
        wrong = dict.fromkeys((*self._faults(entry), *posted.faults)) if posted.faults else self._faults(entry)
        return {"faults": " ".join(wrong), "traces": posted.traces or None, "expected": posted.expected}

    def _faults(self, entry: Entry) -> tuple[str, ...]:
        if entry.place not in self._held:
            statuses = frozenset(status.id for status in self.world.law(entry.place).goods.statuses)
            self._held[entry.place] = statuses, self.world.hs_list(entry.place)
        statuses, listed = self._held[entry.place]
        return faults(entry, statuses, hs=listed)

    def _post(self, key: Pool, entry: Entry, posted: Posted) -> None:
        place, book, operator, pool = key
        for n, posting in enumerate(posted.postings):
            layer = posting.layer
            number = holding_id(place, book, layer)
            row = {
                "place": place,
                "book": book,
                "at": entry.at,
                "entry_id": entry.entry_id,
                "n": n,
                "holding_id": number,
                "quantity": posting.quantity,
                "gross_mg": posting.gross_mg,
                "net_mg": posting.net_mg,
                "value": posting.value,
            }
            self.postings.append(row)
            self.openings.posted(row, 1)
            if posting.quantity == layer.quantity and number not in self.holdings:  # it begins, or is the same row told again
                kind = layer.kind
                self.holdings[number] = {
                    "holding_id": number,
                    "place": place,
                    "book": book,
                    "operator": operator,
                    "pool": pool,
                    "lot": layer.lot,
                    "source": layer.source,
                    "admitted_at": layer.at,
                    "owner": layer.owner,
                    "status": layer.status,
                    "area": layer.area,
                    "uom": layer.uom,
                    "item": kind.item,
                    "description": kind.description,
                    "hs": kind.hs,
                    "hs_edition": kind.hs_edition,
                    "origin": kind.origin,
                    "currency": kind.currency,
                    "declaration": kind.declaration,
                    "equipment": kind.equipment,
                }

    # ------------------------------------------------------------ again

    def refold(self, pools: set[Pool]) -> None:
        """Fold these pools from all their lines, and write what differs."""
        for own, names in _by_book(pools):
            for chunk in in_chunks(sorted(names), 200):
                self._refold(own, chunk)

    def _refold(self, own: tuple[str, str, str], names: list[str]) -> None:
        place, book, operator = own
        asked = sa.select(t.entry).where(_e.place == place, _e.operator == operator, _e.book == book, among(self.conn, _e.pool, names))
        rows: dict[str, list[Row]] = defaultdict(list)
        every = [dict(kept) for kept in self.conn.execute(asked).mappings()]
        for kept in every:
            if kept["equipment"]:
                self.boxes.add(kept["equipment"])
            if not kept["outread"]:
                rows[kept["pool"]].append(kept)
        lines: dict[str, list[Line]] = {name: [line_of(row) for row in told] for name, told in rows.items()}
        told = [line for of in lines.values() for line in of]
        versions, visits = versions_of(self.conn, self.world, told), visits_of(self.conn, self.world, told)
        self.take_back(every)
        self._empty(own, names)
        changed: list[Row] = []
        for name in names:
            key = (*own, name)
            stand = folded(self.world, lines.get(name, ()), versions, visits)
            account, done = fold([entry for entry, counts, _ in stand if counts == LIVE], partial(method_of, self.world, place, operator))
            for (entry, counts, since), row in zip(stand, rows[name], strict=True):
                found: Row = {**NOT_POSTED, "pool": name, "standing": counts, "effective_at": entry.at, "changes_from": since}
                found |= self._found(entry, done[entry.entry_id]) if counts == LIVE else {"faults": " ".join(self._faults(entry))}
                found["lag"] = _lag(row | found)
                if any(row[column] != value for column, value in found.items()):
                    changed.append({"entry_id": row["entry_id"], **found})
                if counts == LIVE:
                    self._post(key, entry, done[entry.entry_id])
            if rows[name]:
                self.accounts.append({**dict(zip(POOL, key, strict=True)), "state": account})
        update_rows(self.conn, t.entry, changed, ("entry_id",))

    def take_back(self, kept: Iterable[Kept]) -> None:
        """What these lines posted is posted no more, and what only they posted to is gone; what still holds is written again."""
        at: dict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
        for row in kept:
            at[row["place"], row["book"]][row["entry_id"]] = row["effective_at"]
        p, h = t.posting.c, t.holding.c
        for (place, book), lines in at.items():
            for chunk in in_chunks(sorted(lines), 400):
                own = (p.place == place, p.book == book, p.at.in_({lines[each] for each in chunk}), p.entry_id.in_(chunk))
                old = [dict(row) for row in self.conn.execute(sa.select(t.posting).where(*own)).mappings()]
                for row in old:
                    self.openings.posted(row, -1)
                delete_rows(self.conn, t.posting, old, POSTING_KEY)
                self.conn.execute(t.holding.delete().where(h.holding_id.in_({row["holding_id"] for row in old})))

    def _empty(self, own: tuple[str, str, str], names: list[str]) -> None:
        """Nothing is said of where these pools stand."""
        a, (place, book, operator) = t.pool.c, own
        stood = (a.place == place, a.book == book, a.operator == operator, among(self.conn, a.pool, names))
        self.conn.execute(t.pool.delete().where(*stood))

    # ------------------------------------------------------------ write

    def write(self) -> None:
        """Everything gathered, once."""
        upsert(self.conn, t.holding, list(self.holdings.values()), ("holding_id",))
        insert_rows(self.conn, t.posting, self.postings)
        upsert(self.conn, t.pool, self.accounts, POOL, set=("state",))
        self.openings.write()


def _by_book(pools: Iterable[Pool]) -> Iterator[tuple[tuple[str, str, str], set[str]]]:
    """(place, book, operator) and its pools."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for place, book, operator, pool in pools:
        found[place, book, operator].add(pool)
    yield from sorted(found.items())


def _lag(row: Mapping[str, Any]) -> int:
    """How long after the moment that it changes a line was known: the number of binary digits of the whole hours between."""
    return max(int((row["known_at"] - row["changes_from"]).total_seconds()) // 3600, 0).bit_length()
