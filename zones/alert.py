"""Alerts: what the episodes of a subject come to at a moment, and which recorded alert each belongs to.

`occasions` groups spells by anchor and says how things stand at T. `matched` finds each occasion's recorded alert: by equal anchor, else by
shared reports, else by the greatest overlap in time; one to one. Both are pure; `data.judge` writes what they say.

TURNS is the condition axis: from which condition an alert may turn to which, and what the journal calls it. What people do with it is
the other axis (`zones/work.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zones.episode import Because, Episode, Step

CONDITIONS = ("active", "unverified", "cleared", "invalidated")
BEGINS = ("active", "unverified", "cleared")  # how an alert may stand when it is raised; cleared: it began and ended before anybody looked
# condition -> condition it may turn to -> what the journal calls it. What latches never clears by itself (LATCHED leaves that column out).
TURNS: Mapping[str, Mapping[str, str]] = {
    "active": {"unverified": "unverified", "cleared": "cleared", "invalidated": "invalidated"},
    "unverified": {"active": "verified", "cleared": "cleared", "invalidated": "invalidated"},
    "cleared": {"active": "returned", "unverified": "returned", "invalidated": "invalidated"},
    "invalidated": {"active": "returned", "unverified": "returned", "cleared": "changed"},
}
LATCHED: Mapping[str, Mapping[str, str]] = {
    before: {after: said for after, said in turns.items() if after != "cleared"} for before, turns in TURNS.items()
}
NEAR = timedelta(days=1)  # an alert without a shared report is the same occasion only if it began so close

Spell = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """All spells of one anchor that have begun by T, and how they stand then."""

    anchor: tuple[str, ...]
    anchor_reports: frozenset[str]
    place: str
    spells: tuple[Spell, ...]
    steps: tuple[Step, ...]
    step: Step
    evidence: tuple[str, ...]
    because: Because
    known_at: datetime
    condition: str
    leans: tuple[tuple[str, str], ...]
    latching: bool = False

    @property
    def began_at(self) -> datetime:
        return self.spells[0][0]

    @property
    def ended_at(self) -> datetime | None:
        return self.spells[-1][1]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An alert as the journal has it."""

    alert_id: str
    anchor: tuple[str, ...]
    anchor_reports: frozenset[str]
    spells: tuple[Spell, ...]
    invalidated: bool


def turned(before: str, after: str, *, latching: bool) -> str:
    """What the journal calls the turn from one condition to another; "changed" where it stays. Errors: ValueError where it is not legal."""
    if before == after:
        return "changed"
    turns = (LATCHED if latching else TURNS).get(before, {})
    if after not in turns:
        raise ValueError(f"no alert{' that latches' if latching else ''} turns from {before} to {after}")
    return turns[after]


Watermark = Callable[[str, str], datetime | None]
Latching = bool | frozenset[str]  # of a rule: every alert, none, or those that have come to one of these steps


def occasions(episodes: Iterable[Episode], at: datetime, latching: Latching, needs: Iterable[str], watermark: Watermark) -> list[Occasion]:
    """What has begun by `at`, one for each anchor, oldest first.

    `watermark(place, kind)`: up to when the feeds that speak for the kind were heard.
    """
    by_anchor: dict[tuple[str, ...], list[Episode]] = {}
    for episode in episodes:
        if episode.began_at <= at:
            by_anchor.setdefault(episode.anchor, []).append(episode)
    found = []
    for anchor, spells in by_anchor.items():
        spells.sort(key=lambda e: e.began_at)
        last = spells[-1]
        over = last.ended_at is not None and last.ended_at <= at
        moment = at if not over or last.ended_at is None else last.ended_at
        steps = tuple(step for e in spells for step in e.steps if step.at <= moment)
        stays = latching if isinstance(latching, bool) else any(step.name in latching for step in steps)
        leans = last.leans if last.leans is not None else tuple((last.place, kind) for kind in sorted(needs))
        found.append(
            Occasion(
                anchor=anchor,
                anchor_reports=frozenset(i for e in spells for i in e.anchor_reports),
                place=last.place,
                spells=tuple((e.began_at, e.ended_at) for e in spells),
                steps=steps,
                step=last.step_at(moment),
                evidence=tuple(dict.fromkeys(i for e in spells for i in e.evidence_ids)),
                because=last.because,
                known_at=spells[0].known_at,
                condition="cleared" if over and not stays else "unverified" if _beyond(last, leans, watermark) else "active",
                leans=leans,
                latching=stays,
            )
        )
    return sorted(found, key=lambda o: (o.began_at, o.anchor))


def _beyond(episode: Episode, leans: Iterable[tuple[str, str]], watermark: Watermark) -> bool:
    """Whether the episode begins after something it rests on was last heard."""
    return any((heard := watermark(place, kind)) is None or episode.began_at > heard for place, kind in leans)


def next_look(episodes: Iterable[Episode], at: datetime) -> datetime | None:
    """When the subject must be looked at again: the next beginning, end or step."""
    ahead = [t for e in episodes for t in (e.began_at, e.ended_at, *(step.at for step in e.steps)) if t is not None and t > at]
    return min(ahead) if ahead else None


def matched(recorded: Sequence[Recorded], found: Sequence[Occasion], at: datetime) -> tuple[Mapping[int, Recorded], list[Recorded]]:
    """Occasion number -> its recorded alert; and the recorded alerts that nothing answers to any more."""
    left = {alert.alert_id: alert for alert in recorded}
    pairs: dict[int, Recorded] = {}

    def take(number: int, candidates: Sequence[tuple[float, str, Recorded]]) -> None:
        if candidates:
            best = max(candidates)[2]
            pairs[number] = best
            del left[best.alert_id]

    for number, occasion in enumerate(found):
        take(number, [(not a.invalidated, a.alert_id, a) for a in left.values() if a.anchor == occasion.anchor])
    for number, occasion in enumerate(found):
        if number not in pairs:
            shared = [
                (len(a.anchor_reports & occasion.anchor_reports), a.alert_id, a)
                for a in left.values()
                if a.anchor_reports & occasion.anchor_reports
            ]
            take(number, shared)
    for number, occasion in enumerate(found):
        if number not in pairs:
            near = [a for a in left.values() if a.spells and abs(a.spells[0][0] - occasion.began_at) <= NEAR]
            take(number, [(both, a.alert_id, a) for a in near if (both := overlap(a.spells, occasion.spells, at)) > 0])
    return pairs, list(left.values())


def overlap(one: Iterable[Spell], other: Sequence[Spell], at: datetime) -> float:
    """Seconds that two sets of spells have in common, open ones counted a day beyond `at`."""
    end = at + NEAR
    total = 0.0
    for began, ended in one:
        for start, stop in other:
            both = min(ended or end, stop or end) - max(began, start)
            total += max(both.total_seconds(), 0.0)
    return total
