"""The demo port: the same twice, lawful but for what is planted, told so that reading everything gives what happened.

Two independent checks. One looks at the plan alone and finds the offences with a few lines of its own. The other reads every delivered file
with the real readers, folds each box with the real fold and asks the real rules, at the end and at every moment in between at which
something new was heard.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from data import demo
from data.demo import road, truth
from data.demo.box import ENTRIES, Life
from data.demo.calls import ZONE, wall
from data.demo.planted import NOT_PLANTED
from data.demo.tell import Telling as Sources
from tests.pure.demo_told import (
    DAYS,
    ENDING,
    OF_BOXES,
    OF_CALLS,
    everything,
    expected,
    files,
    plan,
    planted,
    when,
    world,
)
from zones import asking
from zones.area import unit as day_unit
from zones.area import yards
from zones.codes import is_valid
from zones.rules import rules
from zones.subject import ALERT
from zones.visit import Pass, visits


def test_customs_names_the_declaration_of_boxes_that_it_speaks_of() -> None:
    declared = [fact for facts in everything().facts.values() for fact in facts if fact.declaration]
    assert declared
    assert all(fact.agency == "CUS" and fact.about == "equipment" and fact.bill for fact in declared)


def test_reading_everything_finds_the_planted_offences_and_nothing_else() -> None:
    all_ = everything()
    found = {one for box in list(all_.reports) for one in all_.found(box, ENDING, ENDING)}
    assert found == expected(*OF_BOXES)
    assert {one for call in list(all_.ships) for one in all_.landed(call, ENDING, ENDING)} == expected(*OF_CALLS)


def test_reading_everything_finds_the_yards_planted_full_and_nothing_else() -> None:
    books = [everything().book(box, ENDING) for box in list(everything().reports)]
    found = set()
    for place in world().places.values():
        law, stays = world().law(place.id), [stay for book in books for stay in book.stays.values() if stay.place == place.id]
        moved = [movement for book in books for movement in book.movements if movement.place == place.id]
        for facts in asking.about_place(place.id, place.zone, yards(place), stays, moved):
            for one in rules()["capacity_and_queue"].episodes(facts, law):
                if one.began_at < ENDING:
                    subject = day_unit(facts.key, place.day_of(one.began_at))
                    found.add(("capacity_and_queue", subject, one.began_at, one.ended_at, one.known_at))
    assert found == expected("capacity_and_queue")
    assert len(found) >= 5


def test_nothing_else_is_found_at_any_moment_in_between() -> None:
    """Neither late nor repeated, reordered, wrong or missing messages make an alert that would have to be taken back."""
    all_ = everything()
    allowed = {(rule, subject) for rule, subject, *_ in expected(*OF_BOXES)}
    wrong = set()
    for box in list(all_.reports):
        about = {f"bill:{r.bill}" for r in all_.reports[box] if r.bill} | {f"equipment:{box}"}
        heard = {r.received_at for r in all_.reports[box] if r.listed_at is None}
        heard |= {signal.received_at for signal in all_.signals.get(box, ())}
        heard |= {fact.received_at for name in about for fact in all_.facts.get(name, ())}
        heard |= {act.received_at for r in all_.reports[box] for act in all_.acts.get(r.document, ())}
        moments = sorted(at for at in heard if at < ENDING)
        for known, following in zip(moments, [*moments[1:], ENDING][: len(moments)], strict=True):
            wrong |= {(rule, subject, known) for rule, subject, *_ in all_.found(box, known, following) if (rule, subject) not in allowed}
    allowed = {(rule, subject) for rule, subject, *_ in expected(*OF_CALLS)}
    for call, rows in list(all_.ships.items()):
        moments = sorted({row["received_at"] for row in rows if row["received_at"] < ENDING})
        for known, following in zip(moments, [*moments[1:], ENDING][: len(moments)], strict=True):
            wrong |= {(rule, subject, known) for rule, subject, *_ in all_.landed(call, known, following) if (rule, subject) not in allowed}
    assert not wrong


def test_reading_everything_gives_what_happened() -> None:
    """Every visit, with the time of its entry and exit, at the place where it was."""
    all_ = everything()
    told: Counter[tuple[object, ...]] = Counter()
    for box in list(all_.reports):
        for stay in all_.book(box, ENDING).stays.values():
            told[box, stay.place, stay.entered_at, stay.left_at] += 1
    happened: Counter[tuple[object, ...]] = Counter()
    heard = {said for file in files() for said in file.says}
    for life in plan().lives(plan().origin, ENDING):
        visits = life.visits()
        for n, (came, left) in enumerate(visits):
            entered = came.at if (came.place, life.box.number, came.event, came.at) in heard else None
            gone = left.at if left and (left.place, life.box.number, left.event, left.at) in heard else None
            if left and left.untold:  # the next entry says at the latest that it had left
                gone = visits[n + 1][0].at if visits[n + 1][0].at <= ENDING else None
            opened = came.at <= plan().origin and (left is None or left.at > plan().origin)
            if entered or gone or opened:
                happened[life.box.number, came.place, entered, gone] += 1
    assert told == happened


def test_every_fault_is_there_and_is_met_by_the_readers() -> None:
    seen = {file.fault for file in files()}
    assert seen >= {
        "late",
        "same bytes",
        "new reference",
        "replacement",
        "replacement first",
        "cancellation",
        "cancellation first",
        "told anew",
        "cut short",
        "sent whole",
        "reference used again",
        "wrong count",
        "charset",
        "test",
        "unknown code",
        "impossible time",
        "copy",
        "status",
    }
    faults = everything().faults
    assert all(faults[reason] for reason in ("unt_count", "no_unt", "bad_time", "(reference used again)", "(known bytes)"))
    assert everything().unclassified
    assert any(not is_valid(box) and any(r.event == "load" for r in reports) for box, reports in everything().reports.items())
    assert 7_000 < everything().records < 20_000


def test_silences_are_the_planted_ones() -> None:
    """Every pause of every feed against what its place expects of it, by the minute."""
    found = set()
    for feed, (zone, allowed) in truth.expected().items():
        receipts = [file.at for file in files() if file.feed == feed]
        for at, following in zip(receipts, [*receipts[1:], None], strict=True):
            for began, ended in truth.spells(at, following, ENDING, allowed, zone):
                found.add(("feed_silent", f"feed:{feed}", began, ended, began))
    assert found == expected("feed_silent")


# The plan alone ---------------------------------------------------------------------------------------------------------


def lives() -> list[Life]:
    return plan().lives(plan().origin, ENDING)


def test_the_plan_offends_only_where_it_means_to() -> None:
    offending: set[tuple[str, str]] = set()
    visits: dict[str, list[tuple[datetime, datetime | None, str]]] = defaultdict(list)
    for life in lives():
        for came, left in life.visits():
            if came.at > ENDING:
                continue
            visits[life.box.number].append((came.at, left.at if left else None, came.place))
            imported = came.direction == "import" and came.at > plan().origin
            if imported and (left is None or left.at > wall(came.at, 5, ZONE[came.place])):
                offending.add(("import_overstay", life.box.number))
    held: dict[str, list[Any]] = defaultdict(list)
    bills: dict[str, set[str]] = defaultdict(set)
    for life in lives():
        bills[life.box.number] |= {move.bill for move in life.moves if move.bill}
        for fact in life.facts:
            held[fact.bill if fact.about == "bill" else fact.box].append(fact)
    for life in lives():
        for move in life.moves:
            facts = [f for name in (life.box.number, *bills[life.box.number]) for f in held[name]]
            opened = [f for f in facts if f.kind in ("hold", "selected") and f.at <= move.at]
            closed = [f for f in facts if f.kind == "release" and f.at <= move.at]
            still = [o for o in opened if not any(c.agency == o.agency and c.hold_ref == o.hold_ref and c.at >= o.at for c in closed)]
            if move.event not in (*ENTRIES, "yard_move") and still and move.at <= ENDING:
                offending.add(("handling_under_hold" if move.event == "strip" else "gate_out_on_hold", life.box.number))
    way = {(p, w.to): w.at_least for p, place in world().places.items() for w in place.travel}
    for box, told in visits.items():
        told.sort(key=lambda visit: visit[0])
        for (_, left_at, place), (came_at, _, other) in pairwise(told):
            if place != other and (left_at is None or came_at < left_at + way[place, other]):
                offending.add(("two_places_at_once", box))
    for life in lives():
        told = [fact for name in (life.box.number, *bills[life.box.number]) for fact in held[name]]
        offending |= {(rule, life.box.number) for rule in _offences_of_customs(life, sorted(told, key=lambda fact: fact.at))}
    for life in lives():
        opened = [move.at for move in life.moves if move.event == "strip"]
        for came, left in life.visits():
            weighed = left is not None and came.full and left.full and not any(came.at <= at <= left.at for at in opened)
            if left and weighed and left.at <= ENDING and abs(left.gross_kg - came.gross_kg) * 20 > came.gross_kg:  # type: ignore[operator]
                offending.add(("weight_mismatch", life.box.number))
        left_out = any(not move.listed and move.event == "load" and move.at <= ENDING for move in life.moves)
        if left_out or (any(line.event == "no load" for line in life.listed) and life.moves[0].at <= ENDING):
            offending.add(("moved_but_not_on_plan", life.box.number))
    kinds: dict[str, set[str]] = defaultdict(set)
    for life in lives():
        kinds[life.box.number] |= {move.box.size for move in life.moves if move.at <= ENDING}
    for life in lives():
        looked = [fact.at for fact in life.facts if fact.kind == "inspected"]
        for one, other in pairwise(move for move in life.moves if move.seals and move.event != "yard_move"):
            soon = one.place == other.place or other.at - one.at <= timedelta(hours=72)
            if not {*one.seals} & {*other.seals} and soon and other.at <= ENDING and not any(one.at <= at <= other.at for at in looked):
                offending.add(("seal_number_changed", life.box.number))
        for permit in (fact for fact in life.facts if fact.to):
            left = next(move.at for move in life.moves if move.at >= permit.at)
            arrived = [move.at for move in life.moves if move.place == permit.to and move.at > left]
            if left <= ENDING and not any(at <= left + timedelta(hours=72) for at in arrived):
                offending.add(("left_port", life.box.number))
            gone = next(move for move in life.moves if move.at >= permit.at)
            wanted = "CE" if permit.risk == "high" else "CU"
            if left <= ENDING and gone.full and not any(seal.startswith(wanted) for seal in gone.seals):
                offending.add(("seal_missing_or_wrong_kind", life.box.number))
            words = [signal for signal in life.signals if left <= signal.at < min(arrived, default=ENDING)]
            offending |= {(rule, life.box.number) for rule in _offences_on_the_road(words, min(arrived, default=ENDING))}
    offending |= {("dangerous_goods_limit", box) for box in _offences_of_dangerous_goods()}
    for life in lives():
        reefer = [(came, left) for came, left in life.visits() if came.box.size[2] == "R" and came.full and came.place == "demo-port"]
        long = any((left.at if left else ENDING) - came.at > timedelta(days=25) and came.at <= ENDING for came, left in reefer)
        told = sorted(life.readings if life.moves[0].at <= ENDING else [], key=lambda one: one.at)
        off = [one.at for one in told if one.kind == "power_off"]
        dark = any(on - at > timedelta(hours=4) for at, on in zip(off, [o.at for o in told if o.kind == "power_on"], strict=True))
        temps = [(one.at, one.temp - one.set_temp > 20) for one in told if one.temp is not None and one.set_temp is not None]
        runs = [[at for at, _ in run] for warm, run in groupby(temps, key=lambda pair: pair[1]) if warm]
        if long or dark or any(run[-1] - run[0] > timedelta(hours=3) for run in runs):
            offending.add(("reefer_out_of_range", life.box.number))
    for life in lives():
        boarded = [move for move in life.listed if move.event == "no discharge" and move.at <= ENDING]
        landed = [move for move in life.moves if not move.listed and move.event == "discharge" and move.at <= ENDING]
        offending |= {("over", life.box.number) for _ in (*boarded, *landed)}
    offending |= {("orphan_exit", life.box.number) for life in lives() if any(move.untold and move.at <= ENDING for move in life.moves)}
    offending |= {("bad_or_unknown_box_number", box) for box in visits if len(kinds[box]) > 1 or not is_valid(box)}
    offending |= {("capacity_and_queue", f"@turn/{day}") for day in _slow_days("demo-zone")}
    offences = [(offence, life.box.number) for life in lives() for offence in life.offences if offence.moves[0].at <= ENDING]
    meant = {(one.rule, box if not one.subject.startswith("area:") else one.subject.partition("demo-zone/")[2]) for one, box in offences}
    assert offending == meant


def _offences_of_dangerous_goods() -> Iterator[str]:
    """Boxes of class 2 inside for more than four days, of class 8 that come as the third, and of 3 and 5.1 the later in one block."""
    every = [(came, left, life.box) for life in lives() for came, left in life.visits() if came.place == "demo-port" and came.full]
    visits = [(came, left, box) for came, left, box in every if box.dangerous and plan().origin < came.at <= ENDING]
    for came, left, box in visits:
        there = [(other, its) for other, gone, its in visits if its != box and other.at < came.at and (gone is None or gone.at > came.at)]
        if box.dangerous[0].startswith("2") and (left is None or left.at > came.at + timedelta(days=4)):
            yield box.number
        if box.dangerous[0].startswith("8") and sum(its.dangerous == box.dangerous for _, its in there) >= 2:
            yield box.number
        if any({its.dangerous[0][0], box.dangerous[0][0]} == {"3", "5"} and other.area == came.area for other, its in there):
            yield box.number


def _offences_on_the_road(told: list[Any], arrived: datetime) -> Iterator[str]:
    """What the words of one way offend, told in order: distances by the great circle, to points close together on the line."""
    if any(word.kind in ("opened", "tamper") for word in told if word.at <= ENDING):
        yield "seal_opened"
    if any(after - before > timedelta(hours=2) for before, after in pairwise([*(word.at for word in told), arrived])):
        yield "seal_device_silent"
    line = [road.along(share / 200) for share in range(201)]
    far = [min(math.dist(_metres(word.fix), _metres(point)) for point in line) > 500 for word in told if word.fix and word.at <= ENDING]
    if any(map(all, pairwise(far))):
        yield "off_route"
    fixes = [word for word in told if word.fix and word.at <= ENDING]
    if any(math.dist(_metres(one.fix), _metres(other.fix)) < 200 for one, other in zip(fixes, fixes[3:], strict=False)):
        yield "unusual_stop"


def _metres(fix: tuple[int, int]) -> tuple[float, float]:
    return fix[0] * 0.1112, fix[1] * 0.1112 * math.cos(math.radians(8.76))


def _slow_days(place: str) -> set[Any]:
    """The local days with an hour in which five trucks or more left that had been inside for an hour and a half, half of them or more."""
    came: dict[str, datetime] = {}
    turns: dict[datetime, list[timedelta]] = defaultdict(list)
    for day in range(DAYS):
        for _, move in plan().on(day).moves:
            if move.place == place and move.event == "gate_in":
                came[move.vehicle] = move.at
            elif move.place == place and move.event == "gate_out" and move.vehicle in came and move.at <= ENDING:
                turns[move.at.replace(minute=0)].append(move.at - came.pop(move.vehicle))
    slow = {hour for hour, each in turns.items() if len(each) >= 5 and sorted(each)[(len(each) - 1) // 2] > timedelta(minutes=90)}
    return {hour.astimezone(ZONE[place]).date() for hour in slow}


def _offences_of_customs(life: Life, told: list[Any]) -> Iterator[str]:
    """What a life offends of the rules about customs: a few lines a rule, without any reader, fold or rule. `told` in time order."""
    for came, left in life.visits():
        gone = left.at if left else came.at
        here = [fact for fact in told if came.at <= fact.at <= gone]
        if came.at > ENDING or came.place not in ("demo-port", "demo-zone"):
            continue
        allowed = [fact.at for fact in here if fact.kind in ("permit", "release")]
        if came.place == "demo-zone":
            permits = [fact.at for fact in here if fact.kind == "permit"]
            if plan().origin < gone <= ENDING and not any(gone - timedelta(hours=48) <= at for at in permits):
                yield "exit_without_permit"
            if any(following - at > timedelta(days=3) for at, following in pairwise([*allowed, gone])):
                yield "released"
            continue
        for n, fact in enumerate(here):
            if fact.kind == "selected":
                after = [later for later in here[n:] if later.agency == fact.agency and later.kind in ("inspected", "release")]
                if (after[0].at if after else gone) > fact.at + timedelta(hours=12):
                    yield "selected"
                if after and after[0].kind == "release":
                    yield "released_without_inspection_result"
        releases = [fact.at for fact in here if fact.kind == "release"]
        if here and (max(releases) if releases else min(allowed, default=gone)) > here[0].at + timedelta(hours=48):
            yield "release_time_target_missed"
        if came.direction == "import" and plan().origin < came.at and gone > wall(came.at, 16, ZONE["demo-port"]):
            yield "statutory_limit_approaching"


def test_boxes_are_counted_right_everywhere() -> None:
    """Opening + in - out = inside, and every yard list says so but for its planted mistakes."""
    at = plan().origin
    inside = Counter(came.place for life in lives() for came, left in life.visits() if came.at <= at and (left is None or left.at > at))
    every = (move for life in lives() for move in life.moves if move.event not in ("yard_move", "strip"))
    moves = sorted((move.at, move.place, 1 if move.event in ENTRIES else -1) for move in every)
    for file in files():
        if world().feed(file.feed).format != "yard_csv" or file.fault:
            continue
        place, lines = world().feed(file.feed).place, file.content.decode().splitlines()[1:]
        listed = datetime.strptime(lines[0].split(",")[0], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE[place])
        assert len(lines) == inside[place] + sum(sign for t, p, sign in moves if p == place and at < t <= listed), file.name


def test_enough_is_planted() -> None:
    assert all(count >= 5 for count in Counter(row["rule"] for row in planted()).values())
    assert {row["rule"] for row in planted()} == set(rules()) - set(NOT_PLANTED), "every rule has something to find"
    assert all(rules()[rule_id].SUBJECT == ALERT for rule_id in NOT_PLANTED), "nobody works in the demo's history"
    assert all(when(row["known_at"]) <= ENDING for row in planted())  # type: ignore[operator]


def test_some_trucks_bring_a_box_and_take_another() -> None:
    """Told of at both gates within the day; the same whenever the day is asked for."""
    turns: list[int] = []
    for day in range(DAYS):
        by_place: dict[str, list[Pass]] = defaultdict(list)
        for _, move in plan().on(day).moves:
            if move.vehicle and move.place != "demo-warehouse":
                told = f"{move.box.number}{move.event}{move.at}"
                by_place[move.place].append(Pass(told, move.at, move.event, move.vehicle, move.box.number, move.terminal))
        turns += [visit.minutes for passes in by_place.values() for visit in visits(passes) if visit.minutes is not None]
    assert len(turns) > 3 * DAYS
    assert 18 <= min(turns) <= max(turns) <= 150
    again = demo.plan(1, DAYS, 1.0, ENDING)
    assert [move.vehicle for _, move in again.on(9).moves] == [move.vehicle for _, move in plan().on(9).moves]


def test_ninety_days_have_twenty_of_each() -> None:
    long = demo.plan(1, 90, 1.0, ENDING)
    rules_ = Counter(life.offence.rule for life in long.lives(long.origin, ENDING) if life.offence and life.offence.moves[0].at <= ENDING)
    assert set(rules_) == {*OF_BOXES, *OF_CALLS, "capacity_and_queue"}
    assert all(count >= 20 for count in rules_.values()), rules_


# What is written --------------------------------------------------------------------------------------------------------


def test_a_watcher_need_not_wait_long(tmp_path: Path) -> None:
    """Within forty minutes of any moment after the ending a new box comes and a held one leaves, each told by then, day and night."""
    telling = Sources(plan())
    later = [file for day in range(DAYS, DAYS + 12) for file in telling.files(day)]
    told_at: dict[tuple[object, ...], datetime] = {}
    for file in later:
        for said in file.says:
            told_at[said] = min(file.at, told_at.get(said, file.at))
    came, left = [ENDING], [ENDING]
    for life in plan().lives(ENDING, ENDING + timedelta(days=9)):
        if life.offence and life.offence.note == "in the demo's future":
            for move, into in ((life.moves[0], came), (life.moves[1], left)):
                first = told_at.get((move.place, life.box.number, move.event, move.at), ENDING)
                into += [first] if first > ENDING else []
    for told in (sorted(came), sorted(left)):
        gaps = [b - a for a, b in pairwise(told)]
        assert len(told) > 500
        assert max(gaps) <= timedelta(minutes=32)
    for feed in ("customs", "quarantine"):  # until these are heard, the alert is not sure
        told = sorted(file.at for file in later if file.feed == feed and file.at > ENDING)
        assert max(b - a for a, b in pairwise(told)) <= timedelta(minutes=11)
