"""What trying a file tells: values only, so that a command prints them and a page shows them in its own language.

Sentences are keys with values (`because.py` has them in English, layouts/_text in the reader's language). Times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found of the file as a whole. `what`: format, encoding, delimiter, time_format, decimal, event, shift;
    `how`: declared (the options say so), proposed (to be declared), seen (nothing to declare), unknown (nothing fits)."""

    what: str
    value: str
    how: str
    because: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """A word in a column of a closed vocabulary: how often, what it is mapped to ("" if nothing), and the nearest word that is known."""

    text: str
    count: int
    ours: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: how many of `rows` are filled, some examples, the field it is taken for ("" if it is ignored), its codes."""

    name: str
    rows: int
    filled: int
    examples: tuple[str, ...]
    field: str = ""
    because: str = ""
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """One record as it would be read: the words it stands in, its cells (column, text, field), what became of them (field, value)."""

    position: str
    source: str
    cells: tuple[tuple[str, str, str], ...]
    equipment: str
    event: str
    text: str  # the time as it stands in the file
    at: datetime | None
    precision: str
    zone_from: str
    given: str
    why: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reject:
    """What could not be read: as `data.feeds.Unreadable`."""

    reason: str
    position: str
    scope: str
    detail: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """What no rule of the reader takes."""

    name: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Misnumbered:
    """A container number whose check digit is wrong, and the one number a single slip away, if there is one."""

    equipment: str
    position: str
    nearest: str


@dataclass(frozen=True, slots=True)
class Span:
    """When it is said to have happened. `future`: more than 15 minutes after now, though told as having happened; `old`:
    beyond the place's horizon. Neither counts."""

    earliest: datetime | None = None
    latest: datetime | None = None
    future: int = 0
    old: int = 0
    examples: tuple[str, ...] = ()  # positions of the first future and old ones


@dataclass(frozen=True, slots=True)
class Standing:
    """How the first movement of each box fits what is known. Entries of boxes that are inside already, or that are told already; exits of
    boxes that are not inside, or were never heard of. Counts of boxes, and the first of each."""

    boxes: int = 0
    told: int = 0
    entered_inside: int = 0
    left_outside: int = 0
    left_unheard: int = 0
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that would be raised, or an open one that would end (`ends`)."""

    rule: str
    severity: str
    subject: str
    place: str
    equipment: str
    began_at: datetime
    because_key: str
    because_values: Mapping[str, Any]
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Would:
    """The alerts that it would raise now. `boxes` were looked at of `of`; `left_out`: why not at all, a key, "" if they were."""

    alerts: tuple[Raised, ...] = ()
    more: int = 0
    boxes: int = 0
    of: int = 0
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """How a file would be read."""

    name: str
    size: int
    format: str
    place: str
    timezone: str
    feed: str
    options: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    columns: tuple[Column, ...] = ()
    fields: tuple[str, ...] = ()  # what a column may be taken for
    lacks: str = ""  # what the format cannot do without, and nothing is taken for
    forms: tuple[str, ...] = ()  # of times: those that read any, "" is ISO 8601
    sampled: int = 0  # rows that the columns were judged by
    messages: int = 0
    read: int = 0
    given: Mapping[str, int] = field(default_factory=dict)  # of those read, how many count (live) or why they do not
    events: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    faults: int = 0  # envelope faults: the content was taken all the same
    reasons: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    remarks: Mapping[str, int] = field(default_factory=dict)
    misnumbered: int = 0
    misnumbers: tuple[Misnumbered, ...] = ()
    span: Span = Span()
    previews: tuple[Preview, ...] = ()
    standing: Standing | None = None  # None: no database was asked
    would: Would | None = None  # None: it was not asked
    fragment: str = ""

    @property
    def whole(self) -> bool:
        """Whether all of it was read. A table with a header and no row is: a source says so that it has nothing to tell."""
        return bool(self.format) and not self.rejected and not self.faults
