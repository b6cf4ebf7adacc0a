"""The notation in which rules about goods tell their examples: lines of a ledger, of one lot at the place `zone` of the operator `O1`.

    dN HH:MM ACT [SIDE] [name=value ...] [(received dN HH:MM)]   a line (zones/entry.py); names are fields of a line. `quantity`, `balance`
                        in whole units or decimals, `net_kg`, `gross_kg`, `value` likewise; unless told lot=L1, uom=KGM, owner=A; `item=X`
                        and `lot=L2` tell of other goods, lot=- of no lot. book=customs: of the supervisor's own book
    retract dN HH:MM ACT [SIDE] [name=value ...]         the same line is taken back
    operator [fifo from dN] [year_end MM-DD]             how the place declares the operator
    process ITEM ITEM=SHARE ..                           of the operator: what he makes, out of what, as declared; or HS codes
    watch HS[,HS] [WORD ..]                              goods of these codes are watched when this is done with them
    limit, unconfirmed                                   as in tests/story.py

The law knows the statuses `bonded`, `temporary` and `domestic`, these two of the kinds that they are named after (STATUSES).

The bundles of all lots of the story are asked, in the order of their names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from zones.entry import ACTS, CUSTOMS, MONEY, QUANTITY, WEIGHT, Entry, in_turn, standing
from zones.goods import DOMESTIC, FIFO, TEMPORARY, Article, Input, Method, Operator, Status, Watch
from zones.goods import Process as Recipe
from zones.ledger import pool_of
from zones.lot import LotFacts, OperatorFacts, Process, longest_uncounted, lot_facts
from zones.measure import Measure

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

STATUSES = tuple(Status(kind or "bonded", {"en": kind or "bonded"}, kind) for kind in ("", TEMPORARY, DOMESTIC))
BOXED = {"stuff", "strip"}  # words of tests/story.py too: here only of a lot or an item
FIGURES = {"quantity": ("quantity", QUANTITY), "balance": ("balance", QUANTITY), "value": ("value", MONEY),
           "net_kg": ("net_mg", WEIGHT), "gross_kg": ("gross_mg", WEIGHT)}  # fmt: skip


def is_line(word: str, said: str) -> bool:
    """Whether a statement is a line of a ledger."""
    return word in ACTS and (word not in BOXED or bool(re.search(r" (lot|item)=", said)))


def line(number: int, at: datetime, received: datetime, found: re.Match[str]) -> Entry:
    """The line that a statement tells."""
    said: dict[str, Any] = dict(part.split("=", 1) for part in found["said"].split())
    said |= {name: "" for name, value in said.items() if value == "-"}
    for name, (field, places) in FIGURES.items():
        if name in said:
            said[field] = int(Decimal(said.pop(name)) * 10**places)
    told = {"place": "zone", "operator": "O1", "uom": "KGM", "owner": "A", "publisher": "op", "side": found["agency"] or "", **said}
    if not said.get("item") and found["word"] != "reconciliation":  # lot=- names none
        told.setdefault("lot", "L1")
    function = "cancel" if found["retract"] else "original"
    return Entry(f"r{number}", found["word"], at, received, message_id=f"m{number}", function=function, **told)


def bundles(entries: list[Entry], zone: tzinfo, declared: Operator | None) -> Iterator[LotFacts]:
    """What the rules about lots are handed."""
    counts = standing(entries, {})
    live = sorted((entry for entry in entries if counts[entry.entry_id] == "live"), key=in_turn)
    by_pool: dict[str, list[Entry]] = defaultdict(list)
    processes: dict[str, list[Entry]] = defaultdict(list)
    for entry in live:
        if (pool := pool_of(entry, declared is not None and declared.fungible)) or entry.effect:
            by_pool[pool].append(entry)
        if entry.process:
            processes[entry.process].append(entry)
    for pool, own in sorted(by_pool.items()):
        named = sorted({entry.process for entry in own} - {""})
        yield lot_facts(
            ("zone", "O1", pool),
            zone,
            declared,
            [entry for entry in own if entry.book != CUSTOMS],
            [entry for entry in own if entry.book == CUSTOMS],
            [Process(name, tuple(processes[name])) for name in named],
        )


def whole_book(entries: list[Entry], zone: tzinfo, declared: Operator | None) -> OperatorFacts:
    """What the rules about operators are handed; of one who counts in cycles too."""
    counts = standing(entries, {})
    live = sorted((entry for entry in entries if counts[entry.entry_id] == "live" and entry.book != CUSTOMS), key=in_turn)
    cycles = any(entry.counted == "cycle" for entry in live)
    return OperatorFacts(
        place="zone",
        operator="O1",
        zone=zone,
        first=live[0],
        counts=tuple(entry for entry in live if entry.counted == "full"),
        reconciliations=tuple(entry for entry in live if entry.act == "reconciliation"),
        uncounted=longest_uncounted(bundles(entries, zone, declared)) if cycles else None,
        cycles=cycles,
        declared=declared,
    )


def process(words: list[str], declared: Operator | None) -> Operator:
    """The operator, with a process that a statement declares."""
    output, *inputs = words
    shares = tuple(Input(_article(name), Measure.parse(share).exact) for name, _, share in (one.partition("=") for one in inputs))
    own = declared or operator([], lambda *_: None)  # type: ignore[arg-type, return-value]
    return replace(own, processes=(*own.processes, Recipe(output, _article(output), shares)))


def _article(name: str) -> Article:
    return Article(hs=name) if name.isdecimal() else Article(item=name)


def watch(words: list[str]) -> Watch:
    """What a statement says is watched."""
    return Watch({"en": "Watched goods", "vi": "Hàng cần theo dõi", "zh": "关注货物"}, tuple(words[0].split(",")), tuple(words[1:]))


def operator(words: list[str], clock: Callable[..., datetime]) -> Operator:
    """The operator that a statement declares."""
    methods: tuple[Method, ...] = ()
    if "fifo" in words:
        methods = (Method(FIFO, clock(words[words.index("from") + 1][1:], "00", "00") if "from" in words else None),)
    year_end = words[words.index("year_end") + 1] if "year_end" in words else "12-31"
    month, _, day = year_end.partition("-")
    return Operator("O1", {"en": "Demo Store"}, methods=methods, year_end=(int(month), int(day)))
