"""What the agencies of the demo lawfully do: hold, select, inspect, and release in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from data.demo.box import Fact, Life, minutes


def held(rng: Random, group: list[Life], bill: str) -> datetime | None:
    """Some bills are held, by one agency or two, on the bill or on its boxes, and released in time. The last release, or None."""
    if rng.random() > 0.3:
        return None
    first = group[0]
    entered = max(life.moves[-1].at for life in group)
    at = entered + minutes(rng, 1, 9)
    done = at + minutes(rng, 6, 30)
    match rng.randrange(6):
        case 0 | 1:  # selected, inspected, released, box by box
            for life in group:
                box = life.box.number
                life.facts.append(Fact(at=at, kind="selected", agency="CUS", box=box, reason="scan"))
                life.facts.append(Fact(at=at + minutes(rng, 1.5, 4), kind="inspected", agency="CUS", box=box, result="no finding"))
                life.facts.append(Fact(at=done, kind="release", agency="CUS", box=box))
                if life.moves[-1].seals and int(box[-1]) % 2:  # opened, and sealed anew
                    life.seals = (f"CU{box[4:10]}",)
        case 2:  # by bill
            first.facts.append(Fact(at=at, kind="hold", agency="CUS", about="bill", bill=bill, reason="documents"))
            first.facts.append(Fact(at=done, kind="release", agency="CUS", about="bill", bill=bill))
        case 3:  # quarantine, under a reference
            for n, life in enumerate(group):
                ref = f"Q{bill[4:]}{n}"
                life.facts.append(Fact(at=at, kind="hold", agency="QUA", box=life.box.number, reason="plant health", hold_ref=ref))
                life.facts.append(Fact(at=done, kind="release", agency="QUA", box=life.box.number, hold_ref=ref, result="fit"))
        case 4:  # box by box, released for the whole bill; told late
            for life in group:
                life.facts.append(Fact(at=at, kind="hold", agency="CUS", box=life.box.number, bill=bill, reason="valuation"))
            first.facts.append(Fact(at=done, kind="release", agency="CUS", about="bill", bill=bill, told_after=timedelta(hours=4)))
        case _:  # both agencies at once
            earlier = at + minutes(rng, 3, 5)
            for life in group:
                life.facts.append(Fact(at=at, kind="selected", agency="CUS", box=life.box.number, reason="inspection"))
                seen = at + minutes(rng, 1, 2.5)
                life.facts.append(Fact(at=seen, kind="inspected", agency="CUS", box=life.box.number, result="no finding"))
                life.facts.append(Fact(at=earlier, kind="release", agency="CUS", box=life.box.number))
            first.facts.append(Fact(at=at, kind="hold", agency="QUA", about="bill", bill=bill, reason="food"))
            first.facts.append(Fact(at=done, kind="release", agency="QUA", about="bill", bill=bill, result="fit"))
    return done
