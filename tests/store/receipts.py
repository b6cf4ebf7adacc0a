"""Deliveries as Hypothesis makes them up: few boxes, few documents, few times, so that they meet in every way that real ones do.

Several publishers; CODECO and COARRI that are original, replace, change, delete, copy, cancel or are provisional; references used again
for other bytes; late, ahead of their time, dated by the day, impossible; several yard lists, the first of them arriving last; customs facts
about boxes, bills and declarations; the same bytes under another name at another time.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.store.told import CODES, FACTS, GATE, Receipt, box, clock, csv, document, edifact, local

BOXES = ("ZZDU4839211", "ZZDU1234565", "ZZDU0000010")
BILLS = ("", "", "B1", "B2")
HOURS = ("00:00", "08:00", "08:30", "09:00", "14:00", "20:00")
moments = st.builds(lambda day, hour: f"d{day} {hour}", st.integers(0, 6), st.sampled_from(HOURS))
odd_moments = st.sampled_from(("d-20000 08:00", "d-200 08:00", "d400 08:00"))
times = st.one_of(moments, moments, moments, moments, moments, odd_moments)
arrivals = st.builds(lambda day, hour: f"d{day} {hour}", st.integers(0, 9), st.sampled_from(("00:10", "08:10", "09:10", "20:10")))
boxes = st.sampled_from(BOXES)
bills = st.sampled_from(BILLS)
rarely = st.sampled_from((False,) * 7 + (True,))
FUNCTIONS = ("9",) * 6 + ("5", "5", "1", "1", "4", "3", "7", "46")


@st.composite
def interchanges(draw: st.DrawFn) -> tuple[str, bytes]:
    """(feed, an EDIFACT file)."""
    quay = draw(st.booleans())
    events = ("discharge", "load") if quay else ("gate_in", "gate_out", "yard_move", "strip")
    messages = []
    for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
        function = draw(st.sampled_from(FUNCTIONS))
        code = CODES[draw(st.sampled_from(events))] if not draw(rarely) else draw(st.sampled_from(("999", "266", "25")))
        bodies = [
            box(
                draw(boxes),
                draw(times) if not draw(rarely) else "",
                day=draw(rarely),
                status=draw(st.sampled_from(("", "2", "3", "6", "14"))),
                bill=draw(bills),
                full=draw(st.sampled_from("45")),
                seal=draw(st.sampled_from(("", "S1", "S2"))),
            )
            for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2) if function in "15" else (1, 1, 2))))
        ]
        number = draw(st.sampled_from(("", "D1", "D2", "D3")))
        replaces = draw(st.sampled_from(("", "", "", "D1", "D2"))) if function != "9" else ""
        made = draw(arrivals) if not draw(rarely) else ""
        messages.append(document(code, bodies, number=number, function=function, made=made, replaces=replaces))
    reference = draw(st.sampled_from(("R1", "R2", "R3", "R4", "R5", "")))
    text = edifact("COARRI" if quay else "CODECO", messages, reference=reference, test=draw(rarely), made=draw(arrivals))
    return ("quay" if quay else "gate"), text


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """(feed, a CSV file of movements)."""
    zone = draw(st.booleans())
    events = ("gate_in", "gate_out") if zone else ("gate_in", "gate_out", "discharge", "load", "seal", "other")
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        at = draw(times)
        event, bill = draw(st.sampled_from(events)), draw(bills)
        full = draw(st.sampled_from(("", "full", "empty")))
        rows.append([draw(boxes), event, local(at, day=draw(rarely)), full, bill, "", draw(st.sampled_from(("", "import")))])
    return ("zone-gate" if zone else "carrier"), csv(GATE, rows)


@st.composite
def customs(draw: st.DrawFn) -> tuple[str, bytes]:
    """(feed, a CSV file of customs facts)."""
    rows = []
    for _ in range(draw(st.integers(1, 2))):
        event = draw(st.sampled_from(("hold", "hold", "release", "release", "selected", "inspected", "permit")))
        about = draw(st.sampled_from(("box", "box", "bill", "both", "declaration")))
        number = draw(boxes) if about in ("box", "both") else ""
        bill = draw(st.sampled_from(("B1", "B2"))) if about in ("bill", "both") else ""
        declaration = "X1" if about == "declaration" else ""
        agency, ref = draw(st.sampled_from(("", "QUA"))), draw(st.sampled_from(("", "", "H1", "H2")))
        rows.append([event, number, bill, declaration, agency, ref, local(draw(times), day=draw(rarely))])
    return "customs", csv(FACTS, rows)


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, bytes]:
    """(feed, a yard list)."""
    at = local(draw(st.sampled_from(("d0 06:00", "d1 06:00", "d2 08:00", "d3 06:00", "d8 06:00"))))
    inside: Sequence[str] = draw(st.lists(boxes, unique=True, min_size=1))
    return "yard", csv(("equipment", "as_of", "area"), [[each, at, draw(st.sampled_from(("", "A1")))] for each in inside])


files = st.one_of(interchanges(), interchanges(), tables(), tables(), customs(), lists())


@st.composite
def receipts(draw: st.DrawFn, most: int = 8) -> list[Receipt]:
    """Deliveries, some of them of bytes that were delivered before, in the order of their receipt."""
    found: list[Receipt] = []
    for number in range(draw(st.integers(2, most))):
        at = clock(draw(arrivals))
        if found and draw(st.sampled_from((False, False, False, False, True))):
            first = draw(st.sampled_from(found))
            found.append(Receipt(first.feed, f"again{number}", first.content, at))
        else:
            feed, content = draw(files)
            found.append(Receipt(feed, f"file{number}", content, at))
    return sorted(found, key=lambda receipt: (receipt.at, receipt.name))


@st.composite
def deliveries(draw: st.DrawFn, told: Sequence[Receipt]) -> list[list[Receipt]]:
    """The same receipts in any order, some more than once, cut into pulls anywhere."""
    again = draw(st.lists(st.sampled_from(told), max_size=3))
    order = draw(st.permutations([*told, *again]))
    pulls: list[list[Receipt]] = [[]]
    for receipt in order:
        if pulls[-1] and draw(st.booleans()):
            pulls.append([])
        pulls[-1].append(receipt)
    return pulls
