"""A hold follows the goods: taken out of a held box and packed into another, they are as little free as before.

Customs hold a box, and mean what is in it. A hold that was in force on a box when goods were taken out of it goes with them into the next
box into which goods of their lot are packed, and where that takes fewer, into the ones after it, until as much was packed as was taken
out. There it holds from that moment until the agency releases it: by a word about either box. A hold that came with goods goes on with
them from box to box, and no longer holds a box out of which they were taken.

Who mixes held goods with others of their lot has them in the first boxes that he fills, for nobody can tell them apart. What was made of
them, and what went to another operator or place, is not followed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from zones.customs import Fact, Hold
from zones.entry import in_turn
from zones.packed import Packed, goes_with
from zones.uom import ratio

MINUTE = timedelta(minutes=1)  # what is told to the minute happened somewhere in it
Held = Mapping[str, tuple[Hold, ...]]


class _Loose(Struct):
    """Goods that were taken out of a held box and are in no box: so much is left of them (0: nobody told how much)."""

    portion: Packed
    left: Fraction
    holds: tuple[Hold, ...]


def followed(packed: Sequence[Packed], holds_of: Held, told_of: Mapping[str, Sequence[Fact]] | None = None) -> dict[str, tuple[Hold, ...]]:
    """box -> all its holds, its own and those that came with goods, oldest first. `holds_of`: the own holds of each box
    (zones.customs.holds); `told_of`: what customs told of each box and its documents, since a release of the second box ends what came.

    A hold that came keeps what opened it; it applies from when the goods came, and where they were taken out again, until then."""
    carried: dict[int, tuple[Hold, ...]] = {}  # by the portion's number
    loose: list[_Loose] = []
    events = [(in_turn(one.by), 1, n) for n, one in enumerate(packed)]
    events += [(in_turn(one.ended_by), 0, n) for n, one in enumerate(packed) if one.ended_by is not None and not one.left_with_box]
    for _, begins, n in sorted(events):
        one = packed[n]
        if begins:
            carried[n] = _came(one, loose, (told_of or {}).get(one.equipment, ()))
        elif one.ended_by is not None and (one.ended_by.act in ("strip", "stuff") or goes_with(one.ended_by)):
            first, last = one.ended_by.earliest, one.ended_by.latest
            if holds := tuple(h for h in (*holds_of.get(one.equipment, ()), *carried[n]) if h.may_hold(first, last)):
                loose.append(_Loose(one, Fraction(one.quantity), holds))
    return _with_own(packed, holds_of, carried)


def _came(one: Packed, loose: list[_Loose], told: Sequence[Fact]) -> tuple[Hold, ...]:
    """The holds that come with goods into a box, and what is loose without them."""
    came: dict[str, Hold] = {}
    room = Fraction(one.quantity)
    for parcel in [parcel for parcel in loose if _alike(parcel.portion, one)]:
        if room <= 0 and one.quantity:
            break
        came.update((hold.opened.fact_id, hold) for hold in parcel.holds)
        rate = ratio(parcel.portion.uom, one.uom)
        takes = parcel.left * rate if rate else Fraction(0)
        if one.quantity and takes > room:
            parcel.left -= room / (rate or 1)
            break
        loose.remove(parcel)
        room -= takes
        if not one.quantity:
            break
    until = None if one.ended_by is None or one.left_with_box else one.ended_by.latest + MINUTE
    here = (_here(replace(hold, applies_from=one.since, applies_until=until), told) for hold in came.values())
    return tuple(hold for hold in here if hold.until is None or hold.until > one.since)


def _alike(taken: Packed, put: Packed) -> bool:
    """Whether goods that are packed may be those that were taken out: of one lot, or where a line names none, of one item."""
    if (taken.place, taken.operator) != (put.place, put.operator):
        return False
    either = not (taken.by.lot and put.by.lot) and taken.by.item
    return taken.lot == put.lot or bool(either and taken.by.item == put.by.item)


def _here(hold: Hold, told: Sequence[Fact]) -> Hold:
    """The hold as it is in this box: released with the other one, or by a word about this one since the goods came."""
    since = hold.applies_from or hold.since
    own = [fact for fact in told if fact.kind == "release" and fact.agency == hold.agency and fact.effective_at >= since]
    fitting = [fact for fact in own if not (fact.hold_ref and hold.hold_ref and fact.hold_ref != hold.hold_ref)]
    first = min(fitting, key=lambda fact: (fact.effective_at, fact.fact_id), default=None)
    if first is None or (hold.until is not None and hold.until <= first.effective_at):
        return hold
    return replace(hold, until=first.effective_at, released=first)


def _with_own(packed: Sequence[Packed], holds_of: Held, carried: Mapping[int, tuple[Hold, ...]]) -> dict[str, tuple[Hold, ...]]:
    """The own holds of each box with those that came, each once for as long as it goes on."""
    found: dict[str, list[Hold]] = defaultdict(list, {box: list(own) for box, own in holds_of.items()})
    for n, holds in sorted(carried.items(), key=lambda item: packed[item[0]].since):
        known = found[packed[n].equipment] if holds else []
        for hold in holds:
            since = hold.applies_from or hold.since
            same = next((m for m, one in enumerate(known) if one.opened.fact_id == hold.opened.fact_id and one.in_force(since)), None)
            if same is None:
                known.append(hold)
            elif (ends := known[same].applies_until) is not None and (hold.applies_until is None or hold.applies_until > ends):
                known[same] = replace(known[same], applies_until=hold.applies_until)
    return {
        box: tuple(sorted(own, key=lambda h: (h.since, h.agency, h.opened.fact_id, h.applies_from or h.since)))
        for box, own in found.items()
    }
