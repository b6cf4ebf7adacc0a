"""What is declared of goods in a zone: under which statuses they may be, which are watched, and who keeps their ledger, and how.

Statuses and watched goods are for a jurisdiction to say, operators for a place. The law of a place carries all of it
(`zones.limits.Law.goods`), since a rule that leans on it is judged again when it changes, as with a limit. What is not declared is not
asked for: a status that is told and not declared is shown as it was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction

from msgspec import Struct

TEMPORARY, DOMESTIC = "temporary", "domestic"
KINDS_OF_STATUS = ("", TEMPORARY, DOMESTIC)
METHODS = ZONE_LOT, FIFO = "zone_lot", "fifo"
LAST_DAY = (12, 31)
_ALWAYS = datetime.min.replace(tzinfo=UTC)
_HAN = re.compile(r"[\u3400-\u9fff]")


class Status(Struct, frozen=True):
    """A status that goods in a zone may have. `kind` "temporary": they are in the country for a time only, and are to leave it again;
    "domestic": they are in free circulation, and no time in bond runs for them."""

    id: str
    name: Mapping[str, str]
    kind: str = ""  # KINDS_OF_STATUS
    citation: str = ""
    confirmed: bool = False


class Watch(Struct, frozen=True):
    """Goods that are looked at when something is done with them: HS codes by their beginnings, and acts or words of operation, whole words
    in any case (empty: whatever is done)."""

    name: Mapping[str, str]
    hs: tuple[str, ...]
    operations: tuple[str, ...] = ()
    citation: str = ""
    confirmed: bool = False

    def found(self, hs: str, act: str, operation: str = "") -> str | None:
        """The act or word for which this is looked at: "" where all is, None where nothing is."""
        if not begins(hs, self.hs):
            return None
        if not self.operations:
            return ""
        said = operation.casefold()
        return next((word for word in self.operations if word.casefold() == act or _says(said, word.casefold())), None)


class Method(Struct, frozen=True):
    """How goods that leave are told from each other in [since, until): by zone lot, or the first in first out."""

    method: str  # METHODS
    since: datetime | None = None
    until: datetime | None = None


class Article(Struct, frozen=True):
    """Goods by the owner's item number, or by the beginning of their HS code."""

    item: str = ""
    hs: str = ""

    def covers(self, item: str, hs: str) -> bool:
        """Whether goods of this item and code are meant."""
        return self.item.casefold() == item.casefold() if self.item else begins(hs, (self.hs,))


class Input(Struct, frozen=True):
    """An input of a process, and which share of its weight comes out in the output; the rest is scrap."""

    of: Article
    share: Fraction


class Process(Struct, frozen=True):
    """What goes into a product, as the operator declared it: his bill of material."""

    id: str
    output: Article
    inputs: tuple[Input, ...]

    def share(self, item: str, hs: str) -> Fraction | None:
        """Which share of the weight of this input is to come out; None where it is no declared input. An item goes before a code."""
        given = sorted((one for one in self.inputs if one.of.covers(item, hs)), key=lambda one: (not one.of.item, -len(one.of.hs)))
        return given[0].share if given else None


class Operator(Struct, frozen=True):
    """Who keeps a ledger of goods at a place. `codes`: how messages name him besides; `year_end`: (month, day) of the end of his year;
    `contact`: who answers for his books, and how he is reached, in words."""

    id: str
    name: Mapping[str, str]
    codes: tuple[str, ...] = ()
    methods: tuple[Method, ...] = ()
    year_end: tuple[int, int] = LAST_DAY
    processes: tuple[Process, ...] = ()
    contact: str = ""

    def title(self, lang: str = "en") -> str:
        """His name in a language, else in English, else in any."""
        return self.name.get(lang) or self.name.get("en") or next(iter(self.name.values()), self.id)

    def method(self, at: datetime) -> str:
        """How goods are told from each other at an instant; by zone lot where nothing else is declared."""
        in_force = [m for m in self.methods if (m.since is None or m.since <= at) and (m.until is None or at < m.until)]
        return max(in_force, key=lambda m: m.since or _ALWAYS).method if in_force else ZONE_LOT

    @property
    def fungible(self) -> bool:
        """Whether goods are ever told from each other by what came first."""
        return any(m.method == FIFO for m in self.methods)

    def year_of(self, day: date) -> date:
        """The last day of the year of his in which a day lies."""
        ends = date(day.year, *self.year_end)
        return ends if day <= ends else date(day.year + 1, *self.year_end)

    def process_of(self, item: str, hs: str) -> Process | None:
        """The declared process whose output goods of this item and code are. An item goes before a code, a longer code before a shorter."""
        found = sorted((p for p in self.processes if p.output.covers(item, hs)), key=lambda p: (not p.output.item, -len(p.output.hs)))
        return found[0] if found else None


class Goods(Struct, frozen=True):
    """All that is declared of goods at a place."""

    statuses: tuple[Status, ...] = ()
    watch: tuple[Watch, ...] = ()
    operators: tuple[Operator, ...] = ()

    def status(self, told: str) -> Status | None:
        """The status that is told by its id or one of its names, in any case; None where none is declared so."""
        said = told.strip().casefold()
        for status in self.statuses:
            if said in (status.id.casefold(), *(name.casefold() for name in status.name.values())):
                return status
        return None

    def kind(self, told: str) -> str:
        """The kind (KINDS_OF_STATUS) of the status that is told; "" where none is declared so."""
        status = self.status(told)
        return status.kind if status is not None else ""

    def temporary(self, told: str) -> bool:
        """Whether goods of this status are in the country for a time only."""
        return self.kind(told) == TEMPORARY

    def watched(self, hs: str, act: str, operation: str = "") -> Watch | None:
        """What watches goods of this HS code when this is done with them; None where nothing does."""
        return next((watch for watch in self.watch if watch.found(hs, act, operation) is not None), None)

    def operator(self, id_or_code: str) -> Operator | None:
        """The operator of that id, else the one whose codes say so, in any case."""
        return named(self.operators, id_or_code)


NOTHING = Goods()


def named(operators: Iterable[Operator], id_or_code: str) -> Operator | None:
    """The operator of that id, else the one whose codes say so, in any case."""
    said, every = id_or_code.strip().casefold(), tuple(operators)
    by_id = next((one for one in every if one.id.casefold() == said), None)
    return by_id or next((one for one in every if said in [code.casefold() for code in one.codes]), None)


def begins(hs: str, prefixes: Iterable[str]) -> bool:
    """Whether an HS code, however it is dotted, begins with one of these. "" begins with nothing."""
    digits = re.sub(r"\D", "", hs)
    return bool(digits) and any(digits.startswith(prefix) for prefix in prefixes)


def _says(said: str, word: str) -> bool:
    """Whether a text has these words in it. Chinese is written without blanks between words."""
    return word in said if _HAN.search(word) else re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) is not None
