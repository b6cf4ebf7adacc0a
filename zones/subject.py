"""What a rule looks at: one subject and the complete bundle of facts about it. No clock, no fetching.

| subject | key | what the bundle holds |
|---|---|---|
| stay | stay:<place>/<equipment> | the stay, what was done to the box, its holds and customs facts, the stays around it |
| box  | box:<equipment>          | all stays of the box everywhere, the declared travel times |
| leg  | leg:<equipment>          | an exit under a permit to another place, the permit, where the box came next and when it arrived |
| plan | plan:<place>/<equipment> | what was announced of a box at a place, its visits there, and what was announced of no visit |
| feed | feed:<feed>              | its pauses, what is expected of it, when the place was closed and when we were not looking |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from msgspec import Struct

from zones.customs import Fact, Hold, in_force
from zones.neighbour import Neighbour, Spot
from zones.stay import Mark, Stay
from zones.word import Word

STAY = "stay"
BOX = "box"
LEG = "leg"
PLAN = "plan"
FEED = "feed"
HANDLING = ("strip", "stuff", "inspect", "seal", "reseal", "unseal")  # what is done to a box while it stays


class StayFacts(Struct, frozen=True):
    """One stay as a rule sees it.

    `told`: all customs facts about the box and the documents it goes with, by effective_at (zones.customs.in_order); those of an earlier
    or later visit are among them: ask `spoken`. `moves`: what happened to the box in between without letting it in or out (HANDLING),
    oldest first. `before`, `after`: the stays next to this one, wherever they were. `words`: what was said of this visit at its place
    beside that: announced, ordered, declared, weighed (zones.word.by_visit), in order. Of a box with
    dangerous goods `spots`: where it stood; `beside`: the other such stays there that have time in common with this one (zones.neighbour).
    """

    stay: Stay
    holds: tuple[Hold, ...] = ()
    told: tuple[Fact, ...] = ()
    moves: tuple[Mark, ...] = ()
    before: Stay | None = None
    after: Stay | None = None
    words: tuple[Word, ...] = ()
    spots: tuple[Spot, ...] = ()
    beside: tuple[Neighbour, ...] = ()

    @property
    def key(self) -> str:
        return f"stay:{self.stay.place}/{self.stay.equipment}"

    @property
    def place(self) -> str:
        return self.stay.place

    @property
    def equipment(self) -> str:
        return self.stay.equipment

    @property
    def entry(self) -> Mark | None:
        return self.stay.entry

    @property
    def exit(self) -> Mark | None:
        return self.stay.exit

    def spoken(self, *kinds: str) -> tuple[Fact, ...]:
        """The customs facts of these kinds that belong to this visit: since the box left where it was before, until it came elsewhere.

        A number that is still told to be elsewhere when it comes here has this visit's facts from when it came.
        """
        gone = self.before.left_at if self.before else None
        since = min(gone, self.stay.opened_at) if gone else None
        until = self.after.opened_at if self.after else None
        return tuple(
            fact
            for fact in self.told
            if fact.kind in kinds
            and (since is None or fact.effective_at >= since)
            and (until is None or fact.effective_at < until or fact.effective_at <= (self.stay.left_at or until))
        )

    def holds_at(self, at: datetime) -> tuple[Hold, ...]:
        """The holds in force at an instant; at the instant of its release a hold is not."""
        return in_force(self.holds, at)


class BoxFacts(Struct, frozen=True):
    """One box everywhere. `stays` oldest first; `travel[(a, b)]` is the least time the way from a to b takes, both ways."""

    equipment: str
    stays: Sequence[Stay]
    travel: Mapping[tuple[str, str], timedelta] = {}

    @property
    def key(self) -> str:
        return f"box:{self.equipment}"


class LegFacts(Struct, frozen=True):
    """One way under a transit permit: the box left `left` by its exit, and `transit.to` is where it is to go.

    `next`: its next stay, wherever that was; `arrived`: its first stay from then on at the place it was for. `moves`: what was done to the
    box while it was there (HANDLING), oldest first; `risk`: the latest fact of that visit, by its exit, that tells how risky it is.
    """

    left: Stay
    transit: Fact
    next: Stay | None = None
    arrived: Stay | None = None
    moves: tuple[Mark, ...] = ()
    risk: Fact | None = None

    @property
    def key(self) -> str:
        return f"leg:{self.left.equipment}"

    @property
    def place(self) -> str:
        return self.left.place

    @property
    def equipment(self) -> str:
        return self.left.equipment


class PlanFacts(Struct, frozen=True):
    """One box at one place: its visits there, oldest first, each with its words; `words` those of no visit (it went, or has not come)."""

    equipment: str
    place: str
    visits: tuple[StayFacts, ...] = ()
    words: tuple[Word, ...] = ()

    @property
    def key(self) -> str:
        return f"plan:{self.place}/{self.equipment}"


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing was received after the receipt heard at `heard_at` until `next_at` (None: until now)."""

    receipt_id: str
    heard_at: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Expected:
    """A feed is to be heard at least every `within` during `hours` (local; None: always; may wrap midnight), in [since, until)."""

    within: timedelta
    hours: tuple[time, time] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether it is expected at an instant."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """One feed. `excused` are intervals whose silence is not the feed's: the place was closed, or we were not looking."""

    feed: str
    place: str
    zone: tzinfo
    pauses: Sequence[Pause]
    expect: Sequence[Expected]
    excused: Sequence[tuple[datetime, datetime]] = ()
    blind: tuple[str, ...] = ()  # rules that lean on this feed

    @property
    def key(self) -> str:
        return f"feed:{self.feed}"


Facts = StayFacts | BoxFacts | LegFacts | PlanFacts | FeedFacts
