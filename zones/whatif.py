"""How near it was: what would have had to be otherwise for an alert not to have been.

Nothing here knows a rule. One time in what is known is moved, the rule is asked again, and the nearest time at which it has nothing to say
of that occasion is what is told: "not if it had left by 14:05". So a sentence is only ever what the rule itself answers.

A rule may say of what it makes sense to tell (OTHERWISE): nobody is told to leave without a permit so that none is watched.

What can be moved: when the box came in, when it left (of one still inside: that it had left), when a hold was released, when customs spoke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import ModuleType

from msgspec import Struct
from msgspec.structs import replace

from zones.asking import Known, asked
from zones.customs import Fact, Hold
from zones.limits import Law
from zones.stay import Mark, Stay

MINUTE = timedelta(minutes=1)
FARTHEST = 90 * 24 * 60  # minutes either way: beyond, nobody would say "if only"
LawOf = Callable[[str], Law]
Travel = dict[tuple[str, str], timedelta]


class Otherwise(Struct, frozen=True):
    """It would not have been an alert if `what` had been by `at` at the latest (side "by") or not before `at` (side "from").

    what: entered, left, released, told. `place` is where, `agency` whose release or word; `was` when it was in fact (None: not yet).
    """

    what: str
    side: str
    at: datetime
    place: str = ""
    agency: str = ""
    was: datetime | None = None

    @property
    def off(self) -> timedelta:
        """How far from what was; nothing where it has not been."""
        return abs(self.at - self.was) if self.was else timedelta()


def otherwise(
    box: Known, rule: ModuleType, anchor: tuple[str, ...], began_at: datetime, at: datetime, law: LawOf, travel: Travel
) -> tuple[Otherwise, ...]:
    """What could have been otherwise, the nearest first, each kind of thing once. `anchor`: the reports that make the occasion; `began_at`
    its beginning; `at` up to when it is judged.
    """
    only = {rule.__name__.rpartition(".")[2]: rule}

    def stands(changed: Known) -> bool:
        spells = [spell for *_, found in asked(changed, law, travel, only) for spell in found]
        return any(set(spell.anchor_reports) & set(anchor) and spell.began_at <= at for spell in spells)

    found: list[Otherwise] = []
    for what, was, place, agency, moved in _variations(box, began_at, at):
        if what not in getattr(rule, "OTHERWISE", (what,)):
            continue
        for side, sign in (("by", -1), ("from", 1)):
            turn = _turn(lambda minutes, moved=moved: (new := moved(minutes)) is not None and not stands(new), sign)  # type: ignore[misc]
            if turn is not None:
                found.append(Otherwise(what, side, (was or began_at) + turn * MINUTE, place, agency, was))
    nearest = sorted(found, key=lambda one: (one.off, one.what, one.at))
    return tuple({one.what: one for one in reversed(nearest)}.values())[::-1]


def _turn(fits: Callable[[int], bool], sign: int) -> int | None:
    """The fewest minutes, with their sign, from which on it fits: by doubling, then halving. None where it never does within FARTHEST."""
    if fits(0):
        return 0 if sign < 0 else None
    low, high = 0, 1
    while not fits(sign * high):
        low, high = high, high * 2
        if high > FARTHEST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(sign * middle) else (middle, high)
    return sign * high


Variation = tuple[str, datetime | None, str, str, Callable[[int], Known | None]]


def _variations(box: Known, began_at: datetime, at: datetime) -> Iterator[Variation]:
    """(what, when it was, place, agency, by so many minutes otherwise) for the visits that reach up to its beginning, the latest first."""
    near = [n for n, stay in enumerate(box.stays) if stay.opened_at <= at][-2:]
    for n in near:
        stay = box.stays[n]
        if stay.entry:
            yield "entered", stay.entry.at, stay.place, "", _with_stay(box, n, _entered)
        if stay.exit:
            yield "left", stay.exit.at, stay.place, "", _with_stay(box, n, _left, at)
        elif stay.left_at is None:
            yield "left", None, stay.place, "", _with_stay(box, n, lambda stay, minutes: _gone(stay, began_at + minutes * MINUTE))
    for n, hold in enumerate(box.holds):
        if hold.since <= began_at:
            was = hold.until
            yield "released", was, "", hold.agency, _with_hold(box, n, was or began_at)
    for n, fact in enumerate(box.told):
        if fact.kind in ("inspected", "permit") and fact.effective_at <= at:
            yield "told", fact.effective_at, fact.place, fact.agency, _with_fact(box, n)


def _with_stay(box: Known, n: int, change: Callable[[Stay, int], Stay], until: datetime | None = None) -> Callable[[int], Known | None]:
    def moved(minutes: int) -> Known | None:
        stay = change(box.stays[n], minutes)
        if stay.left_at is not None and stay.left_at < stay.opened_at:
            return None  # out before it was in
        if stay.left_at is not None and until is not None and stay.left_at > until:
            return None  # a box that has left has left by the time at which it is judged
        return replace(box, stays=(*box.stays[:n], stay, *box.stays[n + 1 :]))

    return moved


def _entered(stay: Stay, minutes: int) -> Stay:
    return replace(stay, opening=replace(stay.opening, at=stay.opening.at + minutes * MINUTE))


def _left(stay: Stay, minutes: int) -> Stay:
    if stay.exit is None:
        return stay
    moved = stay.exit.at + minutes * MINUTE
    return replace(stay, exit=replace(stay.exit, at=moved), left_at=moved)


def _gone(stay: Stay, at: datetime) -> Stay:
    left = Mark(at=at, event="gate_out", report_id="-", received_at=at)
    return replace(stay, exit=left, left_at=at, left_by="gate_out")


def _with_hold(box: Known, n: int, base: datetime) -> Callable[[int], Known]:
    def moved(minutes: int) -> Known:
        hold: Hold = replace(box.holds[n], until=base + minutes * MINUTE)
        return replace(box, holds=(*box.holds[:n], hold, *box.holds[n + 1 :]))

    return moved


def _with_fact(box: Known, n: int) -> Callable[[int], Known]:
    def moved(minutes: int) -> Known:
        fact: Fact = replace(box.told[n], effective_at=box.told[n].effective_at + minutes * MINUTE)
        return replace(box, told=(*box.told[:n], fact, *box.told[n + 1 :]))

    return moved
