"""One pool of goods as a rule sees it: the lines of both books that stand, what came of each, and what was there when.

A pool is a zone lot, or an item whose goods are fungible (zones/ledger.py). What is said here of a lot is said of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

from msgspec import Struct

from zones.entry import Entry, in_turn
from zones.goods import Operator
from zones.ledger import ZONE_LOT, Account, Layer, Posted, fold


class Presence(Struct, frozen=True):
    """Goods that one line let in, while any of them were there under one owner, status and in one area: [since, until).

    `source`: the line that let them in; `by`: the line by which they came to this owner, status and area (`source` itself at first);
    `gone_by`: the line that took the last of them. `most`: the largest quantity meanwhile; `left`: what is there now, 0 once gone.
    """

    layer: Layer
    source: Entry
    by: Entry
    since: datetime
    until: datetime | None = None
    gone_by: Entry | None = None
    most: int = 0
    left: int = 0


class Deficit(Struct, frozen=True):
    """A balance below zero: [since, until). `by`: the line that took what was not there; `filled_by`: the one that brought it to zero."""

    layer: Layer
    by: Entry
    since: datetime
    until: datetime | None = None
    filled_by: Entry | None = None


class Process(Struct, frozen=True):
    """The lines of one process, over all lots of the operator, in order."""

    process: str
    lines: tuple[Entry, ...]

    def of(self, side: str) -> tuple[Entry, ...]:
        """Its lines of one side: input, output, scrap."""
        return tuple(line for line in self.lines if line.side == side)


class LotFacts(Struct, frozen=True, kw_only=True, dict=True):
    """One pool at one place, of one operator.

    `entries`: the lines of the operator's book that stand, in order (zones.entry.in_turn); `authorised`: those of the supervisor's own
    book, each at the moment at which it took effect. `posted`, `own`: what came of each line, by its id; `account`: where the
    operator's book stands. `processes`: those that any of its lines belongs to. `declared`: the operator as the place declares him, None
    where it does not.
    """

    place: str
    operator: str
    pool: str
    zone: tzinfo
    entries: tuple[Entry, ...] = ()
    posted: Mapping[str, Posted] = {}
    account: Account = Account()
    authorised: tuple[Entry, ...] = ()
    own: Mapping[str, Posted] = {}
    processes: tuple[Process, ...] = ()
    declared: Operator | None = None

    @property
    def key(self) -> str:
        return unit(self.place, self.operator, self.pool)

    @property
    def keeper(self) -> dict[str, str] | str:
        """Whose ledger it is, as people are told: his names by language; his code where the place does not declare him."""
        return _named(self.operator, self.declared)

    @cached_property
    def line(self) -> Mapping[str, Entry]:
        """A line of the operator's book by its id."""
        return {entry.entry_id: entry for entry in self.entries}

    @cached_property
    def presences(self) -> tuple[Presence, ...]:
        """What was there when, oldest first."""
        return tuple(sorted(_presences(self), key=lambda one: (one.since, one.layer.place_in_line)))

    @cached_property
    def deficits(self) -> tuple[Deficit, ...]:
        """When and by which lines the balance was below zero, oldest first."""
        return tuple(sorted(_deficits(self), key=lambda one: (one.since, one.layer.place_in_line)))


class OperatorFacts(Struct, frozen=True, kw_only=True):
    """One operator's book as a whole: what he owes beside each lot.

    `first`: its first line; `counts`: one line of each full count, the last, oldest first; `reconciliations`: the yearly ones, oldest
    first. `cycles`: whether he counts in cycles; `uncounted`: of one who does the line since which some goods that are there were not
    counted (their last count, else what let them in), the earliest of all (`longest_uncounted`).
    """

    place: str
    operator: str
    zone: tzinfo
    first: Entry
    counts: tuple[Entry, ...] = ()
    reconciliations: tuple[Entry, ...] = ()
    uncounted: Entry | None = None
    cycles: bool = False
    declared: Operator | None = None

    @property
    def key(self) -> str:
        return f"operator:{self.place}/{self.operator}"

    @property
    def keeper(self) -> dict[str, str] | str:
        """As LotFacts.keeper."""
        return _named(self.operator, self.declared)


def _named(operator: str, declared: Operator | None) -> dict[str, str] | str:
    return dict(declared.name) if declared and declared.name else operator


def unit(place: str, operator: str, pool: str) -> str:
    """lot:<place>/<operator>/<pool>"""
    return f"lot:{place}/{operator}/{pool}"


def lot_facts(
    at: tuple[str, str, str],
    zone: tzinfo,
    declared: Operator | None,
    entries: Iterable[Entry],
    authorised: Iterable[Entry] = (),
    processes: Iterable[Process] = (),
) -> LotFacts:
    """The bundle of one pool, `at` (place, operator, pool), from the lines of both books that stand, in any order."""

    def method(when: datetime) -> str:
        return declared.method(when) if declared else ZONE_LOT

    own, told = tuple(sorted(authorised, key=in_turn)), tuple(sorted(entries, key=in_turn))
    account, posted = fold(told, method)
    place, operator, pool = at
    return LotFacts(
        place=place,
        operator=operator,
        pool=pool,
        zone=zone,
        entries=told,
        posted=posted,
        account=account,
        authorised=own,
        own=fold(own, method)[1],
        processes=tuple(processes),
        declared=declared,
    )


def longest_uncounted(lots: Iterable[LotFacts]) -> Entry | None:
    """Of all goods that are there the line since which they were not counted: the earliest. None where nothing is there."""
    return min((line for facts in lots for line in _since_counted(facts)), key=in_turn, default=None)


def _since_counted(facts: LotFacts) -> Iterator[Entry]:
    last = next((entry for entry in reversed(facts.entries) if entry.act == "count"), None)
    for presence in facts.presences:
        if presence.until is None:
            yield last if last is not None and last.at >= presence.source.at else presence.source


_Key = tuple[Any, ...]


def _key(layer: Layer) -> _Key:
    return (*layer.place_in_line, layer.uom)


def _presences(facts: LotFacts) -> Iterator[Presence]:
    there: dict[_Key, Presence] = {}
    for entry in facts.entries:
        for posting in facts.posted[entry.entry_id].postings:
            layer, key = posting.layer, _key(posting.layer)
            if layer.source not in facts.line:
                continue
            now = there.get(key)
            if layer.quantity > 0:
                began = now or Presence(layer, facts.line[layer.source], entry, entry.at)
                there[key] = Presence(
                    layer, began.source, began.by, began.since, None, None, max(began.most, layer.quantity), layer.quantity
                )
            elif now is not None:
                yield Presence(now.layer, now.source, now.by, now.since, entry.at, entry, now.most, 0)
                del there[key]
    yield from there.values()


def _deficits(facts: LotFacts) -> Iterator[Deficit]:
    owed: dict[_Key, Deficit] = {}
    for entry in facts.entries:
        for posting in facts.posted[entry.entry_id].postings:
            layer, key = posting.layer, _key(posting.layer)
            now = owed.get(key)
            if layer.quantity < 0:
                began = now or Deficit(layer, entry, entry.at)
                owed[key] = Deficit(layer, began.by, began.since)
            elif now is not None:
                yield Deficit(now.layer, now.by, now.since, entry.at, entry)
                del owed[key]
    yield from owed.values()
