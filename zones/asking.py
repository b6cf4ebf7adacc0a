"""What each rule is asked about one box, or the call of a ship: from stays, movements, customs facts and lists to the bundles of
`zones.subject` and `zones.landing`.

Judging, back-testing, the examples of the rules and the tests of the demo all ask through here, so that they agree by construction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta, tzinfo
from types import ModuleType

from msgspec import Struct
from msgspec.structs import replace

from zones import area
from zones.announced import Plan, standing
from zones.area import AreaFacts, ComingFacts, TruckFacts, Yard, YardFacts
from zones.book import Book
from zones.customs import ORDER, Fact, Hold, in_order
from zones.episode import Episode
from zones.landing import CallFacts
from zones.limits import Law
from zones.lot import LotFacts, OperatorFacts
from zones.movement import Movement
from zones.neighbour import Neighbour, Spot
from zones.neighbour import during as spots_during
from zones.rules import found, rules
from zones.signal import Signal, during
from zones.stay import Mark, Stay, mark
from zones.subject import ALERT, BOX, CALL, HANDLING, LEG, LOT, OPERATOR, PLAN, STAY, AlertFacts, BoxFacts, LegFacts, PlanFacts, StayFacts
from zones.switch import without
from zones.visit import GATE, Pass
from zones.visit import visits as vehicles
from zones.word import Word, by_visit

Judged = tuple[str, ModuleType, str, list[Episode]]  # rule id, rule, subject, its episodes


class Known(Struct, frozen=True):
    """All that is known of one box.

    `stays` oldest first, everywhere; `told` its customs facts in order; `moves`: stay id -> what was done to it meanwhile; `words`: what is
    said of it beside its movements, in order (zones.word); `signals`: what its devices said, in order. Where any stay has dangerous goods:
    `spots`, where it stood; `beside`: stay id -> the stays with such goods at the same place and time, which whoever makes this asks for
    besides.
    """

    equipment: str
    stays: tuple[Stay, ...]
    holds: tuple[Hold, ...] = ()
    told: tuple[Fact, ...] = ()
    moves: Mapping[str, tuple[Mark, ...]] = {}
    words: tuple[Word, ...] = ()
    signals: tuple[Signal, ...] = ()
    spots: tuple[Spot, ...] = ()
    beside: Mapping[str, tuple[Neighbour, ...]] = {}


def known(equipment: str, book: Book, signals: tuple[Signal, ...] = ()) -> Known:
    """What a book knows of its box, and what the devices on it said."""
    moves, stays = handled(book.movements, book.belongs), by_time(book.stays.values())
    return Known(equipment, stays, book.holds, in_order(book.told), moves, book.words, signals, book.spots)


def by_time(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Stays in the order in which they began."""
    return tuple(sorted(stays, key=lambda stay: (stay.opened_at, stay.stay_id)))


def handled(movements: Iterable[Movement], belongs: Mapping[str, str]) -> dict[str, tuple[Mark, ...]]:
    """stay id -> what was done to the box during the stay, oldest first."""
    done: dict[str, list[Mark]] = defaultdict(list)
    for movement in movements:
        if movement.event in HANDLING and (stay_id := belongs.get(movement.movement_id)):
            done[stay_id].append(_in_order(mark(movement)))
    return {stay_id: in_time(marks) for stay_id, marks in done.items()}


def in_time(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks in the order in which they happened."""
    return tuple(sorted(marks, key=lambda mark: (mark.at, mark.report_id)))


def _in_order(done: Mark) -> Mark:
    first, *others = done.reports
    return replace(done, reports=(first, *sorted(others)))  # whoever ranks them


def visits(box: Known) -> Iterator[StayFacts]:
    """The bundle of each stay, oldest first."""
    words = by_visit(box.words, box.stays) if box.words else {}
    for n, stay in enumerate(box.stays):
        before = box.stays[n - 1] if n else None
        after = box.stays[n + 1] if n + 1 < len(box.stays) else None
        done, own = box.moves.get(stay.stay_id, ()), words.get(stay.stay_id, ())
        said = during(box.signals, stay.opened_at, stay.left_at)
        yield StayFacts(stay, box.holds, box.told, done, before, after, own, said, *_beside(box, stay))


def _beside(box: Known, stay: Stay) -> tuple[tuple[Spot, ...], tuple[Neighbour, ...]]:
    return (spots_during(stay, box.spots), box.beside.get(stay.stay_id, ())) if stay.dangerous else ((), ())


def legs(bundles: Sequence[StayFacts], signals: Sequence[Signal] = ()) -> Iterator[LegFacts]:
    """The ways under a transit permit, from the bundles of one box and what its devices said: of the permits in effect at an exit the
    latest counts.
    """
    for n, facts in enumerate(bundles):
        left = facts.exit
        if left is None or not facts.told:
            continue
        permits = [fact for fact in facts.spoken("permit") if fact.to and fact.effective_at <= left.latest]
        if not permits or permits[-1].to == facts.place:
            continue
        later = [other.stay for other in bundles[n + 1 :]]
        arrived = next((stay for stay in later if stay.place == permits[-1].to and (stay.left_at is None or stay.left_at > left.at)), None)
        risky = [fact for fact in facts.spoken(*ORDER) if fact.risk and fact.effective_at <= left.latest]
        way = LegFacts(facts.stay, permits[-1], later[0] if later else None, arrived, facts.told, facts.moves, risky[-1] if risky else None)
        if signals:  # what is dated by the day is not surely of the way
            way = replace(way, signals=during(signals, left.latest, way.ends), before=facts.signals)
        yield way


def plans(box: Known, bundles: Sequence[StayFacts]) -> Iterator[PlanFacts]:
    """The box at each place where it was or is announced, from the bundles of its stays."""
    given = {word.report_id for facts in bundles for word in facts.words}
    left = [word for word in box.words if word.report_id not in given]
    for place in sorted({facts.place for facts in bundles} | {word.place for word in left}):
        visits = tuple(facts for facts in bundles if facts.place == place)
        yield PlanFacts(box.equipment, place, visits, tuple(word for word in left if word.place == place))


def asked(
    box: Known,
    law: Callable[[str], Law],
    travel: Mapping[tuple[str, str], timedelta],
    only: Mapping[str, ModuleType] | None = None,
) -> Iterator[Judged]:
    """What every rule (of `only`) about stays, boxes, legs and plans finds of a box. `law(place)`: the law there."""
    bundles = list(visits(box))
    for rule_id, rule in (rules() if only is None else only).items():
        if rule.SUBJECT in (STAY, LEG, PLAN):
            by_subject: dict[str, list[Episode]] = {}
            for facts in bundles if rule.SUBJECT == STAY else legs(bundles, box.signals) if rule.SUBJECT == LEG else plans(box, bundles):
                by_subject.setdefault(facts.key, []).extend(found(rule, facts, law(facts.place)))
            for subject, spells in by_subject.items():
                yield rule_id, rule, subject, less_off(rule_id, rule, spells, law)
        elif rule.SUBJECT == BOX and bundles:
            whole = BoxFacts(box.equipment, box.stays, travel)
            spells = found(rule, whole, law(box.stays[-1].place))
            yield rule_id, rule, whole.key, less_off(rule_id, rule, spells, law)


def asked_of_calls(calls: Iterable[CallFacts], law: Callable[[str], Law], only: Mapping[str, ModuleType] | None = None) -> Iterator[Judged]:
    """What every rule (of `only`) about calls finds of the calls of one ship and voyage: a subject for each box, so that what is found of
    one is never taken for what was found of another."""
    own = list(calls)
    for rule_id, rule in (rules() if only is None else only).items():
        by_subject: dict[str, list[Episode]] = {}
        for facts in own if rule.SUBJECT == CALL else ():
            for episode in found(rule, facts, law(facts.place)):
                by_subject.setdefault(f"{facts.key}/{episode.equipment}", []).append(episode)
        for subject, spells in by_subject.items():
            yield rule_id, rule, subject, less_off(rule_id, rule, spells, law)


def about_place(
    place: str, zone: tzinfo, yards: Iterable[Yard], stays: Sequence[Stay], movements: Iterable[Movement], plans: Iterable[Plan] = ()
) -> Iterator[AreaFacts]:
    """What the rules about a place are asked, from everything known of its boxes: what `data.areas` reads from its tables by the day."""
    for yard in yards:
        levels, changes = area.folded(stays, yard)
        yield YardFacts(place, zone, yard, levels, changes)
        if not yard.area:
            by_box: dict[str, list[Stay]] = defaultdict(list)
            for stay in by_time(stays):
                by_box[stay.equipment].append(stay)
            yield ComingFacts(place, zone, yard, levels, standing(plans, by_box))
    gate = [m for m in movements if m.event in GATE and m.canonical.vehicle and m.canonical.mode in ("truck", "unknown")]
    passes = [
        Pass(m.movement_id, m.occurred_at, m.event, m.canonical.vehicle, m.equipment, m.canonical.terminal)
        for m in gate
        if m.precision != "day"
    ]
    for what in (area.TURN, area.INSIDE):
        yield TruckFacts(place, zone, what, vehicles(passes), {m.movement_id: mark(m) for m in gate})


def asked_of_closed(facts: AlertFacts, law: Callable[[str], Law], only: Mapping[str, ModuleType] | None = None) -> Iterator[Judged]:
    """What every rule (of `only`) about closed alerts finds of one."""
    for rule_id, rule in (rules() if only is None else only).items():
        if rule.SUBJECT == ALERT:
            yield rule_id, rule, facts.key, less_off(rule_id, rule, found(rule, facts, law(facts.place)), law)


def asked_of_goods(
    facts: LotFacts | OperatorFacts, law: Callable[[str], Law], only: Mapping[str, ModuleType] | None = None
) -> Iterator[Judged]:
    """What every rule (of `only`) about lots finds of one, or about operators of one."""
    subject = LOT if isinstance(facts, LotFacts) else OPERATOR
    for rule_id, rule in (rules() if only is None else only).items():
        if rule.SUBJECT == subject:
            yield rule_id, rule, facts.key, less_off(rule_id, rule, found(rule, facts, law(facts.place)), law)


def less_off(rule_id: str, rule: ModuleType, spells: list[Episode], law: Callable[[str], Law]) -> list[Episode]:
    """What is left of what a rule found, where it is switched off for a while at the places where it found it."""
    if not any(law(one.place).off(rule_id) for one in spells):
        return spells
    return [piece for one in spells for piece in without([one], law(one.place).off(rule_id), rule.LATCHING)]
