"""A rule that is switched off at a place: from when, until when, why, by whom. While it is off it yields nothing there.

What began before ends where the rule was switched off, and goes on where it is switched on again, if it is still so then. What a rule that
latches would have found while it was off is not brought up later: its moment has passed, and switching on must not make a flood.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from zones.episode import Episode, Step


class Off(Struct, frozen=True):
    """One spell [since, until) in which a rule is off at a place. `by`: who asked for it and who agreed; "" where place.yaml says so."""

    rule: str
    since: datetime
    until: datetime | None
    reason: str
    by: tuple[str, ...] = ()

    def at(self, t: datetime) -> bool:
        """Whether it is off at t."""
        return self.since <= t and (self.until is None or t < self.until)


def ended(offs: Iterable[Off], rule: str, at: datetime) -> tuple[Off, ...]:
    """The same with the rule on from `at`: what is off then ends, what was to come does not."""
    kept = []
    for off in offs:
        if off.rule == rule and off.since >= at:
            continue
        over = off.rule == rule and (off.until is None or off.until > at)
        kept.append(replace(off, until=at) if over else off)
    return tuple(kept)


def without(found: Iterable[Episode], offs: Sequence[Off], latching: bool) -> list[Episode]:
    """The episodes of a rule, less what lies in the spells in which it is off."""
    kept = list(found)
    for off in offs:
        kept = [piece for episode in kept for piece in _less(episode, off, latching)]
    return kept


def _less(episode: Episode, off: Off, latching: bool) -> list[Episode]:
    began, end = episode.began_at, episode.ended_at
    if (end is not None and end <= off.since) or (off.until is not None and began >= off.until):
        return [episode]
    pieces = []
    if began < off.since:
        pieces.append(replace(episode, ended_at=off.since, steps=tuple(step for step in episode.steps if step.at < off.since)))
    if off.until is not None and not latching and (end is None or end > off.until):
        pieces.append(replace(episode, began_at=off.until, steps=_from(episode, off.until)))
    return pieces


def _from(episode: Episode, at: datetime) -> tuple[Step, ...]:
    """The steps from a moment on, the one in force then first."""
    return (replace(episode.step_at(at), at=at), *(step for step in episode.steps if step.at > at))
