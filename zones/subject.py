"""What a rule looks at: one subject and the complete bundle of facts about it. No clock, no fetching.

| subject | key | what the bundle holds |
|---|---|---|
| stay | stay:<place>/<equipment> | the stay, what was done to the box and said by its devices, its customs facts, the stays around |
| box  | box:<equipment>          | all stays of the box everywhere, the declared travel times |
| leg  | leg:<equipment>          | an exit under a permit to another place, the permit, where it came next, what its devices said |
| plan | plan:<place>/<equipment> | what was announced of a box at a place, its visits there, and what was announced of no visit |
| call | call:<place>/<ship>/<voyage> | what the ship was to discharge and what was discharged (zones/landing.py) |
| feed | feed:<feed>              | its pauses, what is expected of it, when the place was closed and when we were not looking |
| area | area:<place>/<what>/<day> | a place, an area of it, its trucks, or what is announced: what begins on a day (zones/area.py) |
| lot  | lot:<place>/<operator>/<lot> | the lines of both books about a lot or a pooled item (zones/lot.py) |
| operator | operator:<place>/<operator> | an operator's book as a whole: counts, yearly reconciliations (zones/lot.py) |
| alert | alert:<alert id>        | a closed alert: what it was about, and each closing with what it rested on (closing.py) |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from msgspec import Struct

from zones.closing import Closing
from zones.customs import Fact, Hold, in_force
from zones.neighbour import Neighbour, Spot
from zones.signal import Signal
from zones.stay import Mark, Stay
from zones.word import Word

STAY = "stay"
BOX = "box"
LEG = "leg"
PLAN = "plan"
FEED = "feed"
CALL = "call"  # its bundle: zones/landing.py
AREA = "area"
LOT = "lot"  # the bundles of lots and operators: zones/lot.py
OPERATOR = "operator"
ALERT = "alert"
HANDLING = ("strip", "stuff", "inspect", "seal", "reseal", "unseal")  # what is done to a box while it stays


class StayFacts(Struct, frozen=True):
    """One stay as a rule sees it.

    `told`: all customs facts about the box and the documents it goes with, by effective_at (zones.customs.in_order); those of an earlier
    or later visit are among them: ask `spoken`. `moves`: what happened to the box in between without letting it in or out (HANDLING),
    oldest first. `before`, `after`: the stays next to this one, wherever they were. `words`: what was said of this visit at its place
    beside that: announced, ordered, declared, weighed (zones.word.by_visit), in order. `signals`: what the devices on the box said during
    the stay, in order. Of a box with dangerous goods `spots`: where it stood; `beside`: the other such stays there that have time in
    common with this one (zones.neighbour).
    """

    stay: Stay
    holds: tuple[Hold, ...] = ()
    told: tuple[Fact, ...] = ()
    moves: tuple[Mark, ...] = ()
    before: Stay | None = None
    after: Stay | None = None
    words: tuple[Word, ...] = ()
    signals: tuple[Signal, ...] = ()
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

    `next`: its next stay, wherever that was; `arrived`: its first stay from then on at the place it was for. `ends`: when the way is over:
    it arrived, or left the place to which it came instead. `told`: the customs facts about the box, as of a stay. `moves`: what was done to
    the box while it was there (HANDLING), oldest first; `risk`: the latest fact of that visit, by its exit, that tells how risky it is.
    `signals`: what its devices said from the exit on until the end; `before`: what they said in the stay that it left, up to the exit.
    """

    left: Stay
    transit: Fact
    next: Stay | None = None
    arrived: Stay | None = None
    told: tuple[Fact, ...] = ()
    moves: tuple[Mark, ...] = ()
    risk: Fact | None = None
    signals: tuple[Signal, ...] = ()
    before: tuple[Signal, ...] = ()

    @property
    def ends(self) -> datetime | None:
        """When the way is over; None while it goes on."""
        if self.arrived is not None:
            return self.arrived.opened_at
        return self.next.left_at if self.next is not None else None

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


@dataclass(frozen=True, slots=True)
class Taken:
    """A statement that counted when an alert was closed on it, and the message since which it does not. `received_at`: of the closing."""

    statement_id: str
    message_id: str
    received_at: datetime


class AlertFacts(Struct, frozen=True, kw_only=True):
    """One alert that people closed at least once: its rule, place and box, and its closings, oldest first."""

    alert_id: str
    rule: str
    place: str
    equipment: str
    closings: tuple[Closing, ...]

    @property
    def key(self) -> str:
        return f"alert:{self.alert_id}"


Facts = StayFacts | BoxFacts | LegFacts | PlanFacts | FeedFacts | AlertFacts
