"""Processing yield out of band: what came out of a process is not what was to come out of what went in.

Records of what was made, wasted and destroyed are part of a zone's book, and by them the weights of a process must fit. Where the operator
has declared his bill of material, what came out is held against it: of each input the declared share of its weight; an input that the
bill does not name is to give nothing. Without a bill, or where one process has outputs of several, what came out (products, scrap, what
was destroyed) is held against all that went in: neither more, nor less of it. Either may be off by the limit `yield_tolerance`; without it
the rule is off. Weights are net, else the quantity where its unit is one of mass; a process with a line that has neither is not judged,
nor one of which no output is told. Lines come at different times: a process is taken to be whole as of its last line, and what is told
later of it takes the alert back where it fits then. It is told once, of the lot of its first output.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from zones import uom
from zones.entry import OPERATOR, Entry, in_turn
from zones.episode import Because, Episode, Step
from zones.goods import Process
from zones.limits import Law, Limit
from zones.lot import LotFacts
from zones.subject import LOT
from zones.uom import Quantity

SUBJECT = LOT
STEPS = {"yield_tolerance": "queue"}
MEASURES = {"yield_tolerance": "%"}
LATCHING = True  # where the rest is, only a person can say
NEEDS = frozenset({"ledger"})  # leans on the absence of further outputs, scrap and inputs
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "officer"
OTHERWISE = ()
SIDES = ("input", "output", "scrap")
DESTROYED = "destruction"
KILOGRAM = "KGM"


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """One for each process whose first output is of this lot and that does not fit, from its last line on, for ever."""
    for process in facts.processes if law.declares(STEPS) else ():
        lines = sorted((line for line in process.lines if line.book == OPERATOR and _side(line)), key=in_turn)
        first = next((line for line in lines if _side(line) == "output"), None)
        if first is None or first.entry_id not in facts.line:
            continue
        limit, weights = law.at("yield_tolerance", lines[-1].at), {line.entry_id: _milligrams(line) for line in lines}
        if limit and None not in weights.values():
            yield from _judged(facts, lines, first, {key: mg for key, mg in weights.items() if mg is not None}, limit)


def _judged(facts: LotFacts, lines: Sequence[Entry], first: Entry, weights: dict[str, int], limit: Limit) -> Iterator[Episode]:
    put_in = sum(weights[line.entry_id] for line in lines if _side(line) == "input")
    bill = _bill(facts, [line for line in lines if _side(line) == "output"])
    if bill is not None:
        of_bill = (line for line in lines if _side(line) == "output" and bill.output.covers(line.item, line.hs))
        due = sum((weights[line.entry_id] * (bill.share(line.item, line.hs) or 0) for line in lines if _side(line) == "input"), Fraction(0))
        came = sum(weights[line.entry_id] for line in of_bill)
    else:
        due, came = Fraction(put_in), sum(weights.values()) - put_in
    if abs(Fraction(came) - due) <= limit.measure.exact * due:
        return
    last = lines[-1]
    key = "processing_yield_out_of_band" if bill else "came_out_more_than_went_in" if came > due else "went_in_unaccounted_for"
    yield Episode(
        anchor=(first.entry_id,),
        anchor_reports=tuple(sorted(line.entry_id for line in lines)),
        place=facts.place,
        began_at=last.at,
        ended_at=None,
        steps=(Step("yield_tolerance", STEPS["yield_tolerance"], last.at, limit=limit, over=False),),
        evidence=tuple(lines),
        because=Because(
            key,
            place=facts.place,
            operator=facts.keeper,
            lot=first.lot or first.item,
            process=first.process,
            put_in=Quantity(put_in, KILOGRAM),
            came_out=Quantity(came, KILOGRAM),
            due=Quantity(round(due), KILOGRAM) if bill else None,
            apart=None if bill else Quantity(abs(came - put_in), KILOGRAM),
        ),
    )


def _side(line: Entry) -> str:
    """On which side of its process a line is; "" where it only names it."""
    return DESTROYED if line.act == DESTROYED else line.side if line.act == "manufacture" and line.side in SIDES else ""


def _bill(facts: LotFacts, outputs: Sequence[Entry]) -> Process | None:
    """The declared process of the outputs; None where they are of none or of several, whose inputs nobody tells apart."""
    found = {bill.id: bill for line in outputs if facts.declared and (bill := facts.declared.process_of(line.item, line.hs))}
    return next(iter(found.values())) if len(found) == 1 else None


def _milligrams(line: Entry) -> int | None:
    """What a line weighs: a millionth of a kilogram is a milligram."""
    if line.net_mg is not None:
        return abs(line.net_mg)
    rate = uom.ratio(line.uom, KILOGRAM) if line.uom else None
    return round(abs(line.quantity) * rate) if rate is not None and line.quantity is not None else None


EXAMPLES = """
as declared     limit yield_tolerance 5%; process SHIRT CLOTH=92%; d0 08:00 admission item=CLOTH quantity=100; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 18:00 manufacture output item=SHIRT quantity=92 process=P1; d1 18:00 manufacture scrap item=CLOTH quantity=8 process=P1  -> none
too little      limit yield_tolerance 5%; process SHIRT CLOTH=92%; d0 08:00 admission item=CLOTH quantity=100; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 18:00 manufacture output item=SHIRT quantity=80 process=P1; d1 19:00 manufacture scrap item=CLOTH quantity=20 process=P1  -> d1 19:00..
too much        limit yield_tolerance 5%; process SHIRT CLOTH=92%; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 18:00 manufacture output item=SHIRT quantity=97 process=P1  -> d1 18:00..
just allowed    limit yield_tolerance 5%; process SHIRT CLOTH=92%; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 18:00 manufacture output item=SHIRT quantity=96.6 process=P1  -> none
a gram over     limit yield_tolerance 5%; process SHIRT CLOTH=92%; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 18:00 manufacture output item=SHIRT quantity=96.601 process=P1  -> d1 18:00..
by its code     limit yield_tolerance 5%; process 6105 5208=92% 9606=99%; d1 08:00 manufacture input hs=520811 quantity=100 process=P1; d1 08:00 manufacture input lot=L2 hs=960621 quantity=2 process=P1; d1 18:00 manufacture output lot=L3 hs=610510 quantity=80 process=P1  -> d1 18:00..
not in the bill limit yield_tolerance 5%; process SHIRT CLOTH=92%; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 08:00 manufacture input item=SILK quantity=30 process=P1; d1 18:00 manufacture output item=SHIRT quantity=120 process=P1  -> d1 18:00..
water taken up  limit yield_tolerance 5%; process DOUGH FLOUR=160%; d1 08:00 manufacture input item=FLOUR quantity=100 process=P1; d1 18:00 manufacture output item=DOUGH quantity=160 process=P1  -> none
beside the bill limit yield_tolerance 5%; process SHIRT CLOTH=92%; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 18:00 manufacture output item=RAG quantity=8 process=P1; d1 18:00 manufacture output item=SHIRT quantity=92 process=P1  -> none
of two bills    limit yield_tolerance 5%; process SHIRT CLOTH=92%; process SKIRT CLOTH=90%; d1 08:00 manufacture input item=CLOTH quantity=100 process=P1; d1 18:00 manufacture output item=SHIRT quantity=50 process=P1; d1 18:00 manufacture output item=SKIRT quantity=48 process=P1  -> none
no bill         limit yield_tolerance 5%; d0 08:00 admission quantity=100; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=70 process=P1; d1 18:00 manufacture scrap quantity=20 process=P1  -> d1 18:00..
all told        limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=70 process=P1; d1 18:00 manufacture scrap quantity=20 process=P1; d2 09:00 destruction lot=L2 quantity=6 process=P1  -> none
out of nothing  limit yield_tolerance 5%; d1 18:00 manufacture output lot=L2 quantity=70 process=P1  -> d1 18:00..
more than in    limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=106 process=P1  -> d1 18:00..
two lots out    limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=40 process=P1; d1 19:00 manufacture output lot=L3 quantity=40 process=P1  -> d1 19:00..
net goes before limit yield_tolerance 5%; d1 08:00 manufacture input quantity=5 uom=XCT net_kg=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=300 uom=H87 net_kg=97 process=P1  -> none
in tonnes       limit yield_tolerance 5%; d1 08:00 manufacture input quantity=0.1 uom=TNE process=P1; d1 18:00 manufacture output lot=L2 quantity=60 process=P1  -> d1 18:00..
not weighed     limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=3 uom=H87 process=P1  -> none
only begun      limit yield_tolerance 5%; d0 08:00 admission quantity=100; d1 08:00 manufacture input quantity=100 process=P1  -> none
told apart      limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=99 process=P1; d1 08:00 manufacture input lot=L3 quantity=10 process=P2; d1 18:00 manufacture output lot=L2 quantity=1 process=P2  -> d1 18:00..
not declared    d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=10 process=P1  -> none
declared later  limit yield_tolerance 5% from d2; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=10 process=P1  -> none
from that day   limit yield_tolerance 5% from d2; d1 08:00 manufacture input quantity=100 process=P1; d2 00:00 manufacture output lot=L2 quantity=10 process=P1  -> d2 00:00..
told late       limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1 (received d4 09:00); d1 18:00 manufacture output lot=L2 quantity=70 process=P1  -> d1 18:00.. known d4 09:00
rest comes late limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=70 process=P1; d1 18:00 manufacture scrap quantity=30 process=P1 (received d4 09:00)  -> none
taken back      limit yield_tolerance 5%; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=70 process=P1; retract d1 18:00 manufacture output lot=L2 quantity=70 process=P1  -> none
unconfirmed     limit yield_tolerance 5%; unconfirmed yield_tolerance; d1 08:00 manufacture input quantity=100 process=P1; d1 18:00 manufacture output lot=L2 quantity=70 process=P1  -> d1 18:00..
"""
