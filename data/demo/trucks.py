"""Which trucks of a day bring a box and take another: they are told of at both gates. The others come or leave empty, untold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from random import Random

from data.demo.box import Move

QUICK, SLOW = timedelta(minutes=18), timedelta(minutes=150)


def share(moves: Iterable[Move], rng: Random) -> None:
    """Give exits of a day, oldest first, the plate of a truck that came in by the same gates shortly before and has not left. The
    warehouse's own truck stays what it is, and so does who has one already. Nothing but plates is changed, and the same day gives the same
    plates.
    """
    waiting: dict[tuple[str, str], list[Move]] = defaultdict(list)
    onward: dict[tuple[str, str], str] = {}  # the truck that takes a box elsewhere is the same when it comes in there
    for move in moves:
        here = waiting[move.place, move.terminal]
        if move.place == "demo-warehouse" or not move.vehicle or move.own_truck:
            continue
        if move.event == "gate_in":
            move.vehicle = onward.get((move.box.number, move.vehicle), move.vehicle)
            here.append(move)
        elif move.event == "gate_out":
            here[:] = [came for came in here if move.at - came.at <= SLOW]
            ready = [came for came in here if move.at - came.at >= QUICK]
            if ready:
                came = ready[rng.randrange(len(ready))]
                onward[move.box.number, move.vehicle] = came.vehicle
                move.vehicle = came.vehicle
                here.remove(came)
