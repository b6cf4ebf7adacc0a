"""What the demo's shipping line announces: for each call at Demo Port the boxes to discharge and to load (COPRAR), half a day ahead, and
again, replaced, when the ship says when it really comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from data.demo.box import Move
from data.demo.calls import DAY, TERMINALS, ZONE, Call, call
from data.demo.faults import File, key
from data.demo.plan import Plan
from data.demo.write import DIRECTION, LOCODE

FEED, PLACE, SENDER = "line-orders", "demo-port", "DML"
AHEAD = timedelta(hours=14)  # before the ship is alongside
AGAIN = timedelta(hours=5)
CODES = {"discharge": "43", "load": "45"}
AGAIN_TOLD = "5"  # BGM 1225: replaces the first list
UNDONE = ("no discharge", "no load")  # listed, and does not happen
COLD = "R"  # the third character of the size/type of a reefer
GOODS = ("3+1263", "8+1760", "9+3077")


def orders(plan: Plan, day: int) -> Iterator[File]:
    """The orders sent on a day (counted from the origin)."""
    start = plan.origin + day * DAY
    for terminal in sorted(name for name, place in TERMINALS.items() if place == PLACE):
        for on in (day, day + 1):
            ship = call(plan.seed, plan.origin, terminal, on)
            if ship is None:
                continue
            rng = Random(f"{plan.seed}/orders/{terminal}/{on}")
            expected = ship.start + timedelta(minutes=rng.randrange(-50, 90))
            first, second = (
                ship.start - AHEAD - timedelta(minutes=rng.randrange(60)),
                ship.start - AGAIN - timedelta(minutes=rng.randrange(40)),
            )
            for sent, arrival, function in ((first, expected, "9"), (second, ship.start, AGAIN_TOLD)):
                if start <= sent < start + DAY:
                    yield _file(plan, ship, sent, arrival, function)


def _file(plan: Plan, ship: Call, sent: datetime, arrival: datetime, function: str) -> File:
    days = range(plan.index(ship.start), plan.index(ship.end) + 1)
    every = [m for day in days for m in (*(m for _, m in plan.on(day).moves), *plan.on(day).listed)]
    moves = [m for m in every if (m.vessel, m.terminal) == (ship.vessel, ship.terminal) and m.listed and not m.untold]
    reference = f"{ship.terminal}{sent:%y%m%d%H%M}"
    messages = [_message(ship, [m for m in moves if m.event in (event, f"no {event}")], event, sent, arrival, function) for event in CODES]
    out = [f"UNB+UNOA:2+{SENDER}+ZONEWATCH+{_local(sent):%y%m%d:%H%M}+{reference}"]
    for number, body in enumerate(messages, 1):
        out += [f"UNH+{number}+COPRAR:D:95B:UN:SMDG16", *body, f"UNT+{len(body) + 2}+{number}"]
    out.append(f"UNZ+{len(messages)}+{reference}")
    name = f"{FEED}-{ship.terminal}-{sent:%Y%m%dT%H%MZ}.edi"
    says = frozenset(key(m) for m in moves if m.event in UNDONE and function == AGAIN_TOLD)  # the list sent last is the one that stands
    return File(sent, FEED, name, "".join(f"{segment}'\n" for segment in out).encode(), says)


def _message(ship: Call, moves: Sequence[Move], event: str, sent: datetime, arrival: datetime, function: str) -> list[str]:
    name, sign, voyage = ship.vessel
    own = f"{LOCODE[PLACE]}:139:6+{ship.terminal}:TER:ZZZ"
    out = [
        f"BGM+{CODES[event]}+{voyage}{ship.terminal}{event[0].upper()}+{function}",
        f"DTM+137:{_local(sent):%Y%m%d%H%M}:203",
        f"TDT+20+{voyage}+1++DML:172:20+++{sign}:103::{name}",
        f"LOC+{'11' if event == 'discharge' else '9'}+{own}",
        f"DTM+132:{_local(arrival):%Y%m%d%H%M}:203",
        f"DTM+133:{_local(ship.end + (arrival - ship.start)):%Y%m%d%H%M}:203",
        f"NAD+CF+{SENDER}:172:20",
    ]
    for move in moves:
        out += _box(move)
    return [*out, f"CNT+16:{len(moves)}"]


def _box(move: Move) -> list[str]:
    rng = Random(f"{move.box.number}/{move.vessel}")
    out = [f"EQD+CN+{move.box.number}+{move.box.size}:102:5++{DIRECTION.get(move.direction, '')}+{'5' if move.full else '4'}"]
    if move.bill:
        out.append(f"RFF+BM:{move.bill}")
    if move.gross_kg is not None:
        out.append(f"MEA+AAE+VGM+KGM:{move.gross_kg}")
    if move.full and move.box.size[2] == COLD:
        out.append(f"TMP+2+{rng.choice(('-018', '-020', '004', '013'))}:CEL")
    elif move.full and rng.random() < 0.04:
        out.append(f"DGS+IMD+{rng.choice(GOODS)}")
    return out


def _local(at: datetime) -> datetime:
    return at.astimezone(ZONE[PLACE])
