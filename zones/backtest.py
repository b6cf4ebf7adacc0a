"""What a rule would have found under another law, against what it finds under today's. Pure: the episodes are handed in.

A spell belongs to a period [since, until) if it begins in it. An occasion (subject and anchor) that only the other law has is `gained`, one
that only today's has is `lost`, one that both have is `same`, also where its spell begins or ends elsewhere. What begins at `until` or
later is not yet there: an occasion that today's law would come to only after the period is gained.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from msgspec import Struct

from zones.episode import ALWAYS, Episode
from zones.rules import amount

GAINED, LOST, SAME = STATES = ("gained", "lost", "same")
WINDOW = timedelta(minutes=10)
FLOOD_FROM, FLOOD_TO = 10, 5  # a flood begins with more than so many in the window, and is over with fewer than so many (EEMUA 191)


class Spell(Struct, frozen=True):
    """One spell of a rule, and whether today's law has it. `severity`: at its end, or where it stood when the period ended."""

    what: str
    subject: str
    place: str
    began_at: datetime
    ended_at: datetime | None
    known_at: datetime
    severity: str
    anchor: tuple[str, ...]
    limit: str = ""

    def said(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "state": self.what,
            "subject": self.subject,
            "place": self.place,
            "began_at": self.began_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "known_at": self.known_at.isoformat(),
            "severity": self.severity,
            "limit": self.limit,
            "anchor": " ".join(self.anchor),
        }


def limits_of(rule: Any) -> tuple[str, ...]:
    """The limits that a rule goes by."""
    return tuple(dict.fromkeys((*(name for name in rule.STEPS if name != ALWAYS), *getattr(rule, "LIMITS", ()))))


def wrong(rule: Any, name: str, value: str) -> str:
    """What is wrong with asking a rule for another value of a limit; "" if nothing is."""
    known = limits_of(rule)
    if name not in known:
        return f"{name!r} is not a limit of this rule; it goes by {', '.join(known) or 'none'}"
    try:
        amount(name, value)
    except ValueError as error:
        return str(error)
    return ""


def compared(subject: str, today: Sequence[Episode], other: Sequence[Episode], since: datetime, until: datetime) -> Iterator[Spell]:
    """The spells of one subject in the period: those under the other law, then those that are lost."""
    today = [episode for episode in today if episode.began_at < until]
    other = [episode for episode in other if episode.began_at < until]
    had, has = {episode.anchor for episode in today}, {episode.anchor for episode in other}
    for episode in other:
        if episode.began_at >= since:
            yield _spell(SAME if episode.anchor in had else GAINED, subject, episode, until)
    for episode in today:
        if episode.began_at >= since and episode.anchor not in has:
            yield _spell(LOST, subject, episode, until)


def _spell(what: str, subject: str, episode: Episode, until: datetime) -> Spell:
    step = episode.step_at(until if episode.ended_at is None else min(episode.ended_at, until))
    limit = str(step.limit.value) if step.limit else ""
    return Spell(what, subject, episode.place, episode.began_at, episode.ended_at, episode.known_at, step.severity, episode.anchor, limit)


class Flood(Struct, frozen=True):
    """A spell in which too many alerts came at once, and how many came in it."""

    began: datetime
    ended: datetime
    n: int


def floods(moments: Iterable[datetime]) -> list[Flood]:
    """Floods among the moments at which alerts appear: from more than FLOOD_FROM within WINDOW until fewer than FLOOD_TO are."""
    return [Flood(_at(a), _at(b), n) for a, b, n in _floods(sorted(int(at.timestamp()) for at in moments))]


def _floods(seconds: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(began, ended, alerts) of each, in seconds. `seconds` in order. The alerts that were in the window when it began are among them."""
    window = int(WINDOW.total_seconds())
    began: int | None = None
    left = n = 0  # how many have left the window; how many came in this flood
    for i in range(len(seconds) + 1):
        while left < i and (i == len(seconds) or seconds[left] + window <= seconds[i]):
            left += 1
            if began is not None and i - left < FLOOD_TO:
                yield began, seconds[left - 1] + window, n
                began = None
        if i == len(seconds):
            return
        inside = i + 1 - left
        if began is not None:
            n += 1
        elif inside > FLOOD_FROM:
            began, n = seconds[i], inside


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(slots=True)
class Tally:
    """One place: what the spells come to, day by day of the place. Memory: 8 bytes a spell."""

    zone: tzinfo
    days: dict[date, Counter[str]] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    known: array[int] = field(default_factory=lambda: array("q"))
    known_today: array[int] = field(default_factory=lambda: array("q"))

    def add(self, spell: Spell) -> None:
        """Count one more spell."""
        day = spell.began_at.astimezone(self.zone).date()
        self.days.setdefault(day, Counter())[spell.what] += 1
        self.states[spell.what] += 1
        at = int(spell.known_at.timestamp())
        if spell.what != LOST:
            self.severities[spell.severity] += 1
            self.known.append(at)
        if spell.what != GAINED:
            self.known_today.append(at)

    def said(self, officers: int, since: datetime, until: datetime) -> dict[str, Any]:
        """As JSON: counts by day, floods then and today, and per officer and day. `officers`: who may work on alerts of the place."""
        first, last = since.astimezone(self.zone).date(), (until - timedelta(microseconds=1)).astimezone(self.zone).date()
        every = [first + timedelta(days=n) for n in range(max((last - first).days + 1, 1))]
        would = self.states[GAINED] + self.states[SAME]
        per = would / (len(every) * officers) if officers else None
        return {
            **{name: self.states[name] for name in STATES},
            "spells": would,
            "today": self.states[LOST] + self.states[SAME],
            "severities": dict(self.severities),
            "days": [{"day": day.isoformat(), **{name: self.days.get(day, Counter())[name] for name in STATES}} for day in every],
            "officers": officers,
            "per_officer_day_hundredths": round(per * 100) if per is not None else None,
            "floods": _told(self.known),
            "floods_today": _told(self.known_today),
        }


def _told(moments: Iterable[int]) -> list[dict[str, Any]]:
    return [{"began_at": _at(a).isoformat(), "ended_at": _at(b).isoformat(), "alerts": n} for a, b, n in _floods(sorted(moments))]
