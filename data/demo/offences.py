"""The offences planted in the demo, and the lively traffic of its future.

import_overstay        some boxes stay past the fifth day, some past the ninth, some are still inside
gate_out_on_hold       out by gate or by ship under one hold or two, on the box or on its bill, or under one told too late
two_places_at_once     a copied number inside elsewhere, or a way done faster than it can be
feed_silent            laid down in silences.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Fact, Life, Move, Offence
from data.demo.calls import DAY, TERMINALS, call

if TYPE_CHECKING:
    from data.demo.plan import Plan

LIVELY_EVERY = timedelta(minutes=18)  # after the ending a held box leaves this often, so that a watcher need not wait


def planted(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """The offending lives that begin on a day; none before the origin."""
    if day < 0:
        return []
    rng = Random(f"{plan.seed}/offences/{day}")
    found: list[Life] = []
    if day % 4 == 1:
        found.append(_overstay(plan, rng, next(serial), "DT1" if day % 8 == 1 else "DT2", day, day // 4))
    if day % 8 == 2:
        found.append(_overstay(plan, rng, next(serial), "ST1", day, day // 8))
    if day % 4 == 3 or day % 6 == 4:
        found.append(_on_hold(plan, rng, next(serial), day))
    if day % 5 == 4:
        found += _copied(plan, rng, next(serial), day)
    if day % 5 == 1:
        found.append(_too_soon(plan, rng, next(serial), day))
    return found


def _overstay(plan: Plan, rng: Random, serial: int, terminal: str, day: int, turn: int) -> Life:
    """Off a ship and inside too long: past the fifth day, past the ninth, or for weeks."""
    ship = call(plan.seed, plan.origin, terminal, day)
    assert ship is not None  # noqa: S101  (ST1 has calls on even days)
    life = Life(boxes.new(rng, serial))
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    low, high, note = ((130, 190, "past the fifth day"), (225, 290, "past the ninth day"), (480, 520, "for weeks"))[turn % 3]
    left = plan.gate_out(rng, life, entry.at + timedelta(minutes=rng.randrange(low * 60, high * 60)), told=True)
    life.offence = Offence("import_overstay", note, (entry,), ended_by=(left,))
    return life


def _on_hold(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """Out while held. Six kinds in turn."""
    turn = (day // 4 + day // 6) % 6
    terminal = ("DT1", "DT2")[turn % 2]
    life = Life(boxes.new(rng, serial))
    number, bill = life.box.number, f"ZZBL{serial:06d}"
    if turn == 3:
        entry = plan.gate_in(rng, life, plan.origin + day * DAY + timedelta(hours=rng.randrange(7, 15)), "demo-port", terminal, "export")
        left = plan.load(rng, life, entry.at + timedelta(hours=16))
    else:
        ship = call(plan.seed, plan.origin, terminal, day)
        assert ship is not None  # noqa: S101  (Demo Port has a call a day)
        entry = plan.discharge(rng, life, ship, bill)
        left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(20, 60)), told=True)
    held = left.at - timedelta(minutes=rng.randrange(600, 720))
    later = left.at + timedelta(hours=rng.randrange(40, 70))
    note, facts, also = "selected for scanning", [Fact(at=held, kind="selected", agency="CUS", box=number, reason="scan")], []
    match turn:
        case 1:
            note, facts = (
                "quarantine hold on its bill",
                [Fact(at=held, kind="hold", agency="QUA", about="bill", bill=bill, reason="plant health")],
            )
        case 2:
            note = "a hold in force before it left, told hours after"
            facts = [
                Fact(
                    at=left.at - timedelta(hours=2),
                    kind="hold",
                    agency="CUS",
                    box=number,
                    reason="intelligence",
                    told_after=timedelta(hours=9),
                )
            ]
        case 3:
            note, facts = "loaded on hold", [Fact(at=held, kind="hold", agency="CUS", box=number, reason="export licence")]
        case 4:
            note = "two agencies, one released"
            facts = [Fact(at=held, kind="hold", agency="QUA", box=number, reason="food")]
            also = [
                Fact(at=held, kind="selected", agency="CUS", box=number, reason="inspection"),
                Fact(at=held + timedelta(hours=1), kind="inspected", agency="CUS", box=number, result="no finding"),
                Fact(at=held + timedelta(hours=2), kind="release", agency="CUS", box=number),
            ]
        case 5:
            note = "two holds of one agency, one reference released"
            facts = [Fact(at=held, kind="hold", agency="CUS", box=number, reason="valuation", hold_ref=f"H{serial}A")]
            also = [
                Fact(at=held, kind="hold", agency="CUS", box=number, reason="origin", hold_ref=f"H{serial}B"),
                Fact(at=held + timedelta(hours=2), kind="release", agency="CUS", box=number, hold_ref=f"H{serial}B"),
            ]
        case _:
            also = [Fact(at=later, kind="release", agency="CUS", box=number, result="closed after recall")]
    life.facts += [*facts, *also]
    life.offence = Offence("gate_out_on_hold", note, (left,), tuple(facts))
    return life


def _copied(plan: Plan, rng: Random, serial: int, day: int) -> list[Life]:
    """A box waiting at Demo Port for its ship, and a second one with its number elsewhere."""
    box = boxes.new(rng, serial)
    real, copy = Life(box), Life(box)
    at = plan.origin + day * DAY + timedelta(minutes=rng.randrange(7 * 60, 16 * 60))
    entry = plan.gate_in(rng, real, at, "demo-port", rng.choice(("DT1", "DT2")), "export", exact=True)
    left = plan.load(rng, real, entry.at + timedelta(hours=40))
    place, terminal, direction = (("demo-zone", "", "unknown"), ("second-port", "ST1", "export"), ("demo-warehouse", "", "unknown"))[
        day // 5 % 3
    ]
    came = plan.gate_in(rng, copy, entry.at + timedelta(hours=8), place, terminal, direction)
    while plan.closed[0] <= came.at < plan.closed[1]:
        came.at += DAY
    if place == "second-port":
        gone: Move = plan.load(rng, copy, came.at + timedelta(hours=16))
    else:
        out = came.at + timedelta(hours=rng.randrange(8, 60))
        while place == "demo-warehouse" and plan.closed[0] - timedelta(hours=16) <= out < plan.closed[1]:
            out += timedelta(hours=20)
        gone = plan.gate_out(rng, copy, out)
    copy.offence = Offence("two_places_at_once", "a copied number", (came, entry), ended_by=(left, gone))
    for move in real.moves:
        move.prompt = True
    return [real, copy]


def _too_soon(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """From Demo Port to Demo Zone in less than the 75 minutes the way takes."""
    life = Life(boxes.new(rng, serial))
    terminal = "DT1"
    ship = call(plan.seed, plan.origin, terminal, day)
    assert ship is not None  # noqa: S101  (Demo Port has a call a day)
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 50)), until=16)
    came = plan.arrive(rng, life, left, left.at + timedelta(minutes=rng.randrange(25, 50)), "demo-zone")
    plan.gate_out(rng, life, came.at + timedelta(hours=rng.randrange(30, 90)))
    life.offence = Offence("two_places_at_once", "faster than the way takes", (came, left))
    return life


def lively(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """What keeps the future lively: every eighteen minutes after the ending a box that is held leaves Demo Port, and another comes."""
    found: list[Life] = []
    since, until = plan.origin + day * DAY, plan.origin + (day + 1) * DAY
    if until <= plan.ending:
        return found
    first = max(0, (since - plan.ending) // LIVELY_EVERY)
    for turn in range(first, (until - plan.ending) // LIVELY_EVERY + 1):
        due = plan.ending + timedelta(minutes=12) + turn * LIVELY_EVERY
        if not since <= due < until:
            continue
        rng = Random(f"{plan.seed}/lively/{turn}")
        life = Life(boxes.new(rng, next(serial)))
        due += timedelta(minutes=rng.randrange(-2, 3))
        plan.gate_in(rng, life, due - timedelta(minutes=rng.randrange(120, 126)), TERMINALS["DT1"], "DT1", "export", exact=True)
        left = plan.gate_out(rng, life, due, exact=True)
        agency, reason = (("CUS", "inspection"), ("CUS", "documents"), ("QUA", "plant health"))[turn % 3]
        held = due - timedelta(minutes=rng.randrange(540, 660))
        life.facts.append(Fact(at=held, kind="hold", agency=agency, box=life.box.number, reason=reason))
        life.facts.append(
            Fact(at=due + timedelta(hours=30), kind="release", agency=agency, box=life.box.number, result="closed after recall")
        )
        life.offence = Offence("gate_out_on_hold", "in the demo's future", (left,), (life.facts[0],))
        found.append(life)
    return found
