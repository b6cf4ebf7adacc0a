"""What the rules about ways share: what was said on the road, before the box came in anywhere, and who would tell that it did."""

from __future__ import annotations

from datetime import datetime

from zones.codes import KIND_OF
from zones.episode import Because
from zones.signal import OF_REEFERS, Signal, during
from zones.stay import Mark
from zones.subject import LegFacts

COMES_BY = {"gate_out": "gate_in", "load": "discharge"}


def comes_by(left: Mark) -> str:
    """The kind of feed that would tell of the arrival of a box that left so."""
    return KIND_OF[COMES_BY.get(left.event, "gate_in")]


def why(key: str, facts: LegFacts, left: Mark, **said: object) -> Because:
    """Why, as the sentences of all rules about ways tell it: which box left where, how, when and for where; and `said`."""
    way = {"box": facts.equipment, "place": facts.place, "by": left.event, "at": left.at, "vehicle": left.vehicle or None}
    return Because(key, **way, other_place=facts.transit.to, **said)


def off_road(facts: LegFacts) -> datetime | None:
    """When the box came in somewhere, at its destination or not; None while it is on the road."""
    return facts.next.opened_at if facts.next is not None else None


def road(facts: LegFacts) -> tuple[Signal, ...]:
    """What the devices on the box said on the road, in order. What is dated by the day is left out: it is of no one place on a way."""
    since = facts.left.exit.latest if facts.left.exit else facts.left.opened_at
    return tuple(signal for signal in during(facts.signals, since, off_road(facts)) if signal.precision != "day")


def fixes(facts: LegFacts) -> tuple[Signal, ...]:
    """Those that tell where the box was."""
    return tuple(signal for signal in road(facts) if signal.fix is not None)


def of_the_way(signal: Signal) -> bool:
    """Whether a seal or a tracker said it: the monitor of a reefer stays behind where the box is unplugged."""
    return signal.fix is not None or signal.kind not in (*OF_REEFERS, "other")
