"""What a rule yields: when something was, is or will be wrong, on which occasion, and what proves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from zones.customs import Fact, Hold
from zones.entry import Entry
from zones.limits import Limit
from zones.signal import Signal
from zones.stay import Mark
from zones.subject import Pause, Taken
from zones.uom import Quantity
from zones.word import Word

SEVERITIES = ("act_now", "today", "queue")  # highest first
ALWAYS = "always"

Evidence = Mark | Hold | Fact | Word | Pause | Signal | Entry | Taken


class Because:
    """Why: a text key and typed values, rendered in the reader's language and the place's time. Never a stored sentence.

    A value's type is that of the Python value, or named: Because("k", box=..., gate=("gate", "Gate 3")).
    """

    __slots__ = ("_said", "_typed", "key")

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self._said = values
        self._typed: dict[str, Any] | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The typed values. Made when they are asked for: most episodes are only asked when they begin."""
        if self._typed is None:
            self._typed = {name: _typed(name, value) for name, value in self._said.items() if value is not None}
        return self._typed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Because) and (self.key, self.values) == (other.key, other.values)

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Because({self.key!r}, {self.values!r})"


_BY_NAME = {
    **{name: name for name in ("box", "place", "gate", "feed", "limit", "event", "agency", "fact", "rule", "outcome", "act")},
    "other_place": "place",
    "other_box": "box",
    "wrong_place": "place",
    "by": "event",
    "other_by": "event",
    "allowed": "limit",
    "by_gate": "gate",
    "weight": "weight",
    "other_weight": "weight",
    "temp": "limit",
    "set_temp": "limit",
    **dict.fromkeys(("level", "capacity", "share", "announced_in", "announced_out"), "limit"),
    "day": "day",
}
_GRAMS = ("grams", "other_grams")


def _typed(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"t": "instant", "v": value.isoformat()}
    if isinstance(value, timedelta):
        return {"t": "duration_minutes", "v": int(value / timedelta(minutes=1))}
    if isinstance(value, tuple | list):
        if value and isinstance(value[0], Hold):
            return {"t": "holds", "v": [{"agency": h.agency, "reason": h.reason, "since": h.since.isoformat()} for h in value]}
        return {"t": "list", "v": [str(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "names", "v": value}
    if isinstance(value, Quantity):
        return {"t": "quantity", "v": {"n": value.n, "uom": value.uom}}
    if isinstance(value, bool):
        return {"t": "flag", "v": value}
    if isinstance(value, int):
        return {"t": "grams" if name in _GRAMS else "number", "v": value}
    return {"t": _BY_NAME.get(name, "text"), "v": str(value)}


class Step(Struct, frozen=True):
    """From `at` on the episode has this severity, because of this limit. Not `certain`: only some readings of a day-precise time fire. Not
    `over`: `at` is not when the time of the limit was used up, so that nothing is over it by so and so much (a notice, a permit that is
    missing)."""

    name: str
    severity: str
    at: datetime
    certain: bool = True
    limit: Limit | None = None
    over: bool = True


class Episode(Struct, frozen=True, kw_only=True):
    """One spell [began_at, ended_at). Spells with the same anchor are one alert. `began_at` may lie ahead.

    anchor: the report ids that make the occasion this one, never a computed time. `leans`: (place, kind) pairs on whose silence the
    episode rests; None leaves it to the rule's NEEDS at the subject's place. `equipment`: of a subject of many boxes the one it is about.
    """

    anchor: tuple[str, ...]
    anchor_reports: tuple[str, ...]  # all reports that tell of the anchor's movements: to find the alert again
    place: str
    began_at: datetime
    ended_at: datetime | None
    steps: tuple[Step, ...]
    evidence: tuple[Evidence, ...]
    because: Because
    leans: tuple[tuple[str, str], ...] | None = None
    equipment: str = ""

    @property
    def heard_at(self) -> datetime:
        """When the last of the evidence was received."""
        return max(received_at(item) for item in self.evidence)

    @property
    def known_at(self) -> datetime:
        """When it could be known: does not depend on when we happened to look."""
        return max(self.began_at, self.heard_at)

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        """Ids of the reports and facts that prove it, without repeats."""
        return tuple(dict.fromkeys(i for item in self.evidence for i in ids(item)))

    def step_at(self, at: datetime) -> Step:
        """The step in force at an instant (the first one before it began)."""
        passed = [step for step in self.steps if step.at <= at]
        return passed[-1] if passed else self.steps[0]


def received_at(item: Evidence) -> datetime:
    """When a piece of evidence was received."""
    match item:
        case Mark():
            return item.received_at
        case Hold():
            return item.opened.received_at
        case Fact() | Word() | Signal() | Entry():
            return item.received_at
        case Pause():
            return item.heard_at
        case Taken():
            return item.received_at


def ids(item: Evidence) -> tuple[str, ...]:
    """The report, fact, signal or receipt ids of a piece of evidence."""
    match item:
        case Mark():
            return item.reports or (item.report_id,)
        case Hold():
            return (item.opened.fact_id,)
        case Fact():
            return (item.fact_id,)
        case Word() | Entry():
            return (item.report_id,)
        case Signal():
            return item.ids
        case Pause():
            return (item.receipt_id,)
        case Taken():
            return item.statement_id, item.message_id


def cautious(episode: Episode) -> Episode:
    """The episode with every Act now that rests on a limit nobody has confirmed one severity lower: nobody is sent out on hearsay."""
    if not any(step.severity == SEVERITIES[0] and step.limit and not step.limit.confirmed for step in episode.steps):
        return episode
    return replace(episode, steps=tuple(_cautious(step) for step in episode.steps))


def _cautious(step: Step) -> Step:
    unsure = step.severity == SEVERITIES[0] and step.limit is not None and not step.limit.confirmed
    return replace(step, severity=lower(step.severity)) if unsure else step


def lower(severity: str) -> str:
    """One severity lower; the lowest stays."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]
