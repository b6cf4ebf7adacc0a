"""Deliveries made up at random from a seed: few boxes, few documents, few times, so that they meet in every way that real ones do.

Several publishers; CODECO and COARRI that are original, replace, change, delete, copy, cancel or are provisional; references used again
for other bytes; late, ahead of their time, dated by the day, impossible; several yard lists, the first of them arriving last; customs facts
about boxes, bills and declarations; what people recorded by hand and took back; the same bytes under another name at another time, or cut
short.

(Hypothesis, tried first, makes up few and much alike examples of things this large; dropping deliveries one by one shrinks well enough.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from data.feeds.manual_csv import COLUMNS
from tests.store.told import CODES, FACTS, GATE, Receipt, box, clock, csv, document, edifact, local

BOXES = ("ZZDU4839211", "ZZDU4839211", "ZZDU4839211", "ZZDU1234565")
BILLS = ("", "", "B1", "B1", "B2")
HOURS = ("00:00", "08:00", "08:30", "09:00", "14:00", "20:00")
ODD = ("d-20000 08:00", "d-200 08:00", "d400 08:00")
FUNCTIONS = ("9",) * 8 + ("5", "5", "1", "1", "4", "3", "7", "7", "46")
LISTED = ("d0 06:00", "d1 06:00", "d2 08:00", "d3 06:00", "d8 06:00")
KINDS = ("hold", "hold", "hold", "release", "release", "selected", "inspected", "permit")


@dataclass
class Chance:
    """The random choices of one example."""

    rng: Random
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def one(self, *things: str) -> str:
        return self.rng.choice(things)

    def rarely(self, share: float = 0.08) -> bool:
        return self.rng.random() < share

    def time(self) -> str:
        """When something happened; seldom when it cannot have."""
        return self.one(*ODD) if self.rarely(0.05) else f"d{self.rng.randrange(4)} {self.one(*HOURS)}"

    def move(self, events: Sequence[str], boxes: int) -> list[tuple[str, str, str]]:
        """(box, event, time) of so many boxes; every third one is something that was told before."""
        event, found = self.one(*events), []
        for _ in range(boxes):
            known = [told for told in self.told if told[1] in events and (not found or told[1] == found[0][1])]
            new = (self.one(*BOXES), found[0][1] if found else event, self.time())
            found.append(self.rng.choice(known) if known and self.rarely(0.35) else new)
        self.told += found
        return found

    def arrival(self) -> str:
        """When a message was made or received: as a rule after what it tells."""
        day = self.rng.randrange(4) if self.rarely(0.3) else self.rng.randrange(4, 9)
        return f"d{day} {self.one('00:10', '08:10', '09:10', '20:10')}"


def interchange(by: Chance) -> tuple[str, bytes]:
    """(feed, an EDIFACT file)."""
    quay = by.rarely(0.5)
    events = ("discharge", "load") if quay else ("gate_in", "gate_out", "gate_out", "yard_move", "strip")
    messages = []
    for _ in range(2 if by.rarely(0.2) else 1):
        function = by.one(*FUNCTIONS)
        moves = by.move(events, by.rng.choice((0, 1, 1, 2) if function in "15" else (1, 1, 2)))
        code = by.one("999", "266", "25") if by.rarely(0.05) else CODES[moves[0][1] if moves else by.one(*events)]
        bodies = [
            box(
                number,
                "" if by.rarely(0.04) else at,
                day=by.rarely(),
                status=by.one("", "", "2", "3", "3", "6") if not by.rarely(0.04) else "14",
                bill=by.one(*BILLS),
                full=by.one("4", "5"),
                seal=by.one("", "S1", "S2"),
            )
            for number, _, at in moves
        ]
        replaces = by.one("", "", "D1") if function != "9" else ""
        made = "" if by.rarely() else by.arrival()
        messages.append(document(code, bodies, number=by.one("", "D1", "D1", "D2"), function=function, made=made, replaces=replaces))
    reference = by.one("", *(f"R{n}" for n in range(6)))
    text = edifact("COARRI" if quay else "CODECO", messages, reference=reference, test=by.rarely(0.03), made=by.arrival())
    return ("quay" if quay else "gate"), text


def table(by: Chance) -> tuple[str, bytes]:
    """(feed, a CSV file of movements)."""
    zone = by.rarely(0.5)
    events = ("gate_in", "gate_out") if zone else ("gate_in", "gate_out", "gate_out", "discharge", "load", "seal", "other")
    rows = [
        [number, event, local(at, by.rarely()), by.one("", "full", "empty"), by.one(*BILLS), "", by.one("", "import")]
        for _ in range(by.rng.randrange(1, 4))
        for number, event, at in by.move(events, 1)
    ]
    return ("zone-gate" if zone else "carrier"), csv(GATE, rows)


def customs(by: Chance) -> tuple[str, bytes]:
    """(feed, a CSV file of customs facts)."""
    rows = []
    for _ in range(by.rng.randrange(1, 3)):
        about = by.one("box", "box", "box", "bill", "both", "declaration")
        number = by.one(*BOXES) if about in ("box", "both") else ""
        bill = by.one("B1", "B2") if about in ("bill", "both") else ""
        declaration = "X1" if about == "declaration" or by.rarely() else ""
        agency, ref = by.one("", "", "QUA"), by.one("", "", "", "H1", "H2")
        rows.append([by.one(*KINDS), number, bill, declaration, agency, ref, local(by.time(), by.rarely())])
    return "customs", csv(FACTS, rows)


def yard(by: Chance) -> tuple[str, bytes]:
    """(feed, a yard list)."""
    at = local(by.one(*LISTED))
    inside = sorted(set(by.rng.choices(BOXES, k=2)))
    return "yard", csv(("equipment", "as_of", "area"), [[each, at, by.one("", "A1")] for each in inside])


def recorded(by: Chance) -> tuple[str, bytes]:
    """(feed, what people recorded by hand): reports, holds and releases, and what they take back of it."""
    rows = []
    for _ in range(by.rng.randrange(1, 4)):
        typed = {"entry": by.one("", "E1", "E2", "E3"), "paper_ref": "P1", "recorded_by": "ann", "second_reader": "bob"}
        if by.rarely(0.15):
            typed |= {"entry": "", "takes_back": by.one("E1", "E2", "E3")}
        elif by.rarely(0.3):
            about = {"bill": by.one("B1", "B2")} if by.rarely(0.3) else {"equipment": by.one(*BOXES)}
            hold = {"agency": by.one("customs", "QUA"), "hold_ref": by.one("", "", "H1", "H2")}
            typed |= {"event": by.one("hold", "hold", "release"), "occurred_at": local(by.time(), by.rarely()), **about, **hold}
        else:
            ((number, event, at),) = by.move(("gate_in", "gate_out", "gate_out", "discharge", "load", "seal"), 1)
            more = {"bill": by.one(*BILLS), "seals": by.one("", "S1", "S2"), "full_empty": by.one("", "full", "empty")}
            typed |= {"event": event, "equipment": number, "occurred_at": local(at, by.rarely()), **more}
        rows.append([typed.get(name, "") for name in COLUMNS])
    return "port-by-hand", csv(COLUMNS, rows)


MAKERS = (interchange, interchange, interchange, table, table, customs, customs, yard, recorded, recorded)


def receipts(rng: Random, most: int = 9) -> list[Receipt]:
    """Deliveries, some of them of bytes that were delivered before, in the order of their receipt."""
    by, found = Chance(rng), list[Receipt]()
    for number in range(rng.randrange(2, most + 1)):
        at = clock(by.arrival())
        if found and by.rarely(0.15):
            first = rng.choice(found)
            cut = len(first.content) - (rng.randrange(1, 60) if first.feed in ("gate", "quay") and by.rarely(0.4) else 0)
            found.append(Receipt(first.feed, f"again{number}", first.content[:cut], at))
        else:
            feed, content = rng.choice(MAKERS)(by)
            found.append(Receipt(feed, f"file{number}", content, at))
    return sorted(found, key=lambda receipt: (receipt.at, receipt.name))


@dataclass
class Plan:
    """The same receipts in another order, some more than once, cut into pulls anywhere; after a pull, perhaps, a judging."""

    said: list[Receipt]
    pulls: list[list[Receipt]]
    judgings: dict[int, datetime]

    def __str__(self) -> str:
        told = [f"{r.at:%m-%d %H:%M} {r.feed} {r.name} {r.content.decode()}" for r in self.said]
        pulls = [[r.name for r in pull] for pull in self.pulls]
        return "\n".join([*told, f"pulls {pulls}", f"judged after {self.judgings}"])

    def without(self, receipt: Receipt) -> Plan:
        """The plan without one receipt."""
        pulls = [[each for each in pull if each != receipt] for pull in self.pulls]
        return Plan([each for each in self.said if each != receipt], pulls, self.judgings)


def plan(rng: Random, most: int = 9) -> Plan:
    """A plan from a seed."""
    said = receipts(rng, most)
    order = [*said, *rng.choices(said, k=rng.randrange(3))]
    rng.shuffle(order)
    pulls: list[list[Receipt]] = [[]]
    for receipt in order:
        if pulls[-1] and rng.random() < 0.5:
            pulls.append([])
        pulls[-1].append(receipt)
    moments = sorted(clock("d0 00:00") + timedelta(hours=rng.randrange(240)) for _ in range(rng.randrange(4)))
    after = sorted(rng.sample(range(len(pulls)), min(len(moments), len(pulls))))
    return Plan(said, pulls, dict(zip(after, moments, strict=False)))


def smallest(plan: Plan, fault: Callable[[Plan], str]) -> tuple[Plan, str]:
    """The plan with as few receipts as still show a fault of the same kind, and what it is."""
    said = fault(plan)
    smaller: Sequence[Plan] = [plan.without(receipt) for receipt in plan.said]
    smaller = [*smaller, Plan(plan.said, plan.pulls, {})] if plan.judgings else smaller
    for less in smaller:
        told = fault(less)
        if told.partition(":")[0] == said.partition(":")[0]:
            return smallest(less, fault)
    return plan, said
