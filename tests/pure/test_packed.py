"""Which goods were in which box when, and that a hold follows the goods from box to box."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests import story
from zones.asking import asked
from zones.customs import Fact, Hold, holds
from zones.entry import Entry, in_turn
from zones.followed import followed
from zones.goods import FIFO, Method, Operator
from zones.packed import Packed, packed
from zones.rules import rules

LOT = "lot=L1"


def told(said: str) -> tuple[Packed, ...]:
    return packed(story.told(said).entries)


def spelled(portions: tuple[Packed, ...]) -> str:
    """`A d0 08:00..d1 09:00 100`: box, from when to when, how much in whole units."""
    return "; ".join(
        f"{p.equipment} {story._when(p.since)}..{story._when(p.until) if p.until else ''} {p.quantity / 10**6:g}" for p in portions
    )


CAME = f"d0 08:00 admission quantity=100 equipment=A {LOT}"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (CAME, "A d0 08:00.. 100"),
        ("d0 08:00 admission quantity=100", ""),
        (f"{CAME}; d1 09:00 strip {LOT} equipment=A", "A d0 08:00..d1 09:00 100"),
        (f"{CAME}; d1 09:00 strip {LOT} equipment=A quantity=30", "A d0 08:00..d1 09:00 30; A d0 08:00.. 70"),
        (f"{CAME}; d1 09:00 strip {LOT} equipment=B", "A d0 08:00.. 100"),
        (f"{CAME}; d1 09:00 strip lot=L2 equipment=A", "A d0 08:00.. 100"),
        (f"{CAME}; d1 09:00 strip {LOT}", "A d0 08:00..d1 09:00 100"),
        (f"{CAME}; d1 09:00 strip {LOT} equipment=A; d2 09:00 stuff {LOT} equipment=B", "A d0 08:00..d1 09:00 100; B d2 09:00.. 100"),
        (f"{CAME}; d2 09:00 stuff {LOT} equipment=B quantity=100", "A d0 08:00..d2 09:00 100; B d2 09:00.. 100"),
        (f"{CAME}; d2 09:00 stuff {LOT} equipment=B quantity=0.1 uom=TNE", "A d0 08:00..d2 09:00 100; B d2 09:00.. 0.1"),
        (f"d0 07:00 admission quantity=40; {CAME}; d2 09:00 stuff {LOT} equipment=B quantity=40", "A d0 08:00.. 100; B d2 09:00.. 40"),
        (f"{CAME}; d2 09:00 withdrawal quantity=100", "A d0 08:00..d2 09:00 100"),
        (f"{CAME}; d2 09:00 withdrawal quantity=60", "A d0 08:00..d2 09:00 60; A d0 08:00.. 40"),
        (f"{CAME}; d2 09:00 manufacture input quantity=100 process=P1", "A d0 08:00..d2 09:00 100"),
        (f"{CAME}; d2 09:00 withdrawal quantity=100 equipment=A", "A d0 08:00..d2 09:00 100"),
        (f"{CAME}; d2 09:00 withdrawal quantity=100 equipment=B", "A d0 08:00..d2 09:00 100; B d2 09:00..d2 09:00 100"),
        ("d0 08:00 admission quantity=100; d2 09:00 transfer sent quantity=30 equipment=B", "B d2 09:00..d2 09:00 30"),
        (f"{CAME}; d2 09:00 transfer quantity=100 to_owner=B; d2 10:00 manipulation quantity=5", "A d0 08:00.. 100"),
        ("d0 08:00 admission equipment=A", "A d0 08:00.. 0"),
        (f"d0 08:00 admission equipment=A; d1 09:00 strip {LOT} equipment=A quantity=5", "A d0 08:00..d1 09:00 0"),
        (f"d1 09:00 stuff {LOT} equipment=A quantity=5; d1 10:00 stuff {LOT} equipment=B quantity=5", "A d1 09:00.. 5; B d1 10:00.. 5"),
        (f"{CAME} book=customs", ""),
    ],
)
def test_what_is_in_which_box(said: str, found: str) -> None:
    assert spelled(told(said)) == found


def test_who_ends_it_and_what_left_with_its_box() -> None:
    moved, left, put = told(f"{CAME}; d1 09:00 stuff {LOT} equipment=B quantity=60; d2 09:00 withdrawal quantity=40 equipment=A")
    assert (moved.ended_by, moved.left_with_box) == (put.by, False)
    assert left.ended_by is not None
    assert (left.ended_by.act, left.left_with_box, put.left_with_box) == ("withdrawal", True, False)
    portions = {(p.equipment, p.quantity // 10**6): p for p in told(f"{CAME}; d2 09:00 withdrawal quantity=40 equipment=A")}
    assert portions["A", 40].left_with_box
    assert portions["A", 60].until is None


def test_a_strip_that_names_no_goods_is_of_all_in_the_box() -> None:
    lines = story.told(f"{CAME}; d0 09:00 admission lot=L2 quantity=5 equipment=A; d1 09:00 strip {LOT} equipment=A").entries
    *came, strip = lines
    assert all(portion.until == strip.at for portion in packed([*came, replace(strip, lot="", item="")]))


def test_fungible_goods_that_leave_without_a_lot_leave_the_boxes_of_their_lots() -> None:
    own = "item=X lot=L{n} quantity=50 equipment={box}"
    came = f"d0 08:00 admission {own.format(n=1, box='A')}; d1 08:00 admission {own.format(n=2, box='B')}"
    said = f"{came}; d2 08:00 withdrawal item=X quantity=60"
    fifo = Operator("O1", {}, methods=(Method(FIFO),))
    found = packed(story.told(said).entries, lambda place, operator: fifo)
    assert spelled(found) == "A d0 08:00..d2 08:00 50; B d1 08:00..d2 08:00 10; B d1 08:00.. 40"


# --- holds


def held(box: str, since: str, until: str = "", agency: str = "customs", ref: str = "") -> tuple[Hold, ...]:
    def at(text: str) -> dict[str, object]:
        day, clock = text.split()
        return {"effective_at": (when := story.clock(day[1:], *clock.split(":"))), "received_at": when}

    facts = [Fact(f"h{box}{since}", "hold", "equipment", box, agency, hold_ref=ref, **at(since))]  # type: ignore[arg-type]
    if until:
        facts.append(Fact(f"r{box}{until}", "release", "equipment", box, agency, hold_ref=ref, **at(until)))  # type: ignore[arg-type]
    return holds(facts)


def release(box: str, when: str, agency: str = "customs") -> Fact:
    day, clock = when.split()
    at = story.clock(day[1:], *clock.split(":"))
    return Fact(f"r{box}{when}", "release", "equipment", box, agency, effective_at=at, received_at=at)


def of(box: str, said: str, own: dict[str, tuple[Hold, ...]], told_of: dict[str, list[Fact]] | None = None) -> str:
    """`from..until` of each hold of the box: when it applies."""
    spans = []
    for hold in followed(told(said), own, told_of).get(box, ()):
        ends = [at for at in (hold.until, hold.applies_until) if at]
        spans.append(f"{story._when(hold.applies_from or hold.since)}..{story._when(min(ends)) if ends else ''}")
    return ", ".join(spans)


MOVED = f"{CAME}; d2 09:00 strip {LOT} equipment=A; d2 14:00 stuff {LOT} equipment=B quantity=100"


@pytest.mark.parametrize(
    ("said", "own", "found"),
    [
        (MOVED, {"A": held("A", "d1 08:00")}, "d2 14:00.."),
        (MOVED, {"A": held("A", "d2 09:00")}, "d2 14:00.."),
        (MOVED, {"A": held("A", "d2 09:01")}, ""),
        (MOVED, {"A": held("A", "d1 08:00", "d2 09:00")}, ""),
        (MOVED, {"A": held("A", "d1 08:00", "d2 12:00")}, ""),
        (MOVED, {"A": held("A", "d1 08:00", "d5 12:00")}, "d2 14:00..d5 12:00"),
        (MOVED, {"C": held("C", "d1 08:00")}, ""),
        (MOVED, {"A": held("A", "d1 08:00"), "B": held("B", "d0 08:00")}, "d0 08:00.., d2 14:00.."),
        (f"{CAME}; d2 14:00 stuff {LOT} equipment=B quantity=100", {"A": held("A", "d1 08:00")}, "d2 14:00.."),
        (f"{CAME}; d2 14:00 withdrawal quantity=100 equipment=B", {"A": held("A", "d1 08:00")}, "d2 14:00.."),
        (MOVED.replace("L1 equipment=B", "L2 equipment=B"), {"A": held("A", "d1 08:00")}, ""),
        (f"{MOVED}; d3 08:00 strip {LOT} equipment=B", {"A": held("A", "d1 08:00")}, "d2 14:00..d3 08:01"),
        (f"{MOVED}; d3 08:00 withdrawal quantity=100 equipment=B", {"A": held("A", "d1 08:00")}, "d2 14:00.."),
    ],
)
def test_what_of_a_hold_comes_with_the_goods(said: str, own: dict[str, tuple[Hold, ...]], found: str) -> None:
    assert of("B", said, own) == found


def test_it_goes_on_from_box_to_box() -> None:
    on = f"{MOVED}; d3 08:00 strip {LOT} equipment=B; d3 09:00 stuff {LOT} equipment=C quantity=100"
    own = {"A": held("A", "d1 08:00")}
    assert of("C", on, own) == "d3 09:00.."
    assert of("C", on, own, {"B": [release("B", "d2 20:00")]}) == ""
    assert of("C", on, own, {"C": [release("C", "d4 20:00")]}) == "d3 09:00..d4 20:00"
    assert followed(told(on), own)["A"] == own["A"]


def test_a_word_about_the_second_box_ends_it_if_it_is_of_the_same_agency_and_since_then() -> None:
    own = {"A": held("A", "d1 08:00")}
    assert of("B", MOVED, own, {"B": [release("B", "d3 08:00")]}) == "d2 14:00..d3 08:00"
    assert of("B", MOVED, own, {"B": [release("B", "d3 08:00", "quarantine")]}) == "d2 14:00.."
    assert of("B", MOVED, own, {"B": [release("B", "d2 13:59")]}) == "d2 14:00.."


def test_it_follows_as_much_as_was_taken_out() -> None:
    boxes = "; ".join(f"d2 1{n}:00 stuff {LOT} equipment={box} quantity=60" for n, box in enumerate("BCD"))
    said = f"d0 07:00 admission quantity=100; {CAME}; d2 09:00 strip {LOT} equipment=A; {boxes}"
    own = {"A": held("A", "d1 08:00")}
    assert [of(box, said, own) for box in "BCD"] == ["d2 10:00..", "d2 11:00..", ""]


def test_what_leaves_in_the_second_box_is_a_gate_out_on_hold() -> None:
    kept = story.told("d2 12:00 gate_in; d4 09:00 gate_out")
    box = kept.number
    portions = told(MOVED.replace("equipment=B", f"equipment={box}"))
    found = followed(portions, {"A": held("A", "d1 08:00")})
    rule = {"gate_out_on_hold": rules()["gate_out_on_hold"]}
    for own, spells in ((found[box], 1), ((), 0)):
        known = replace(kept.known(), holds=own)
        assert sum(len(episodes) for *_, episodes in asked(known, lambda place: kept.law, {}, rule)) == spells


# --- whatever is told

LINES = st.lists(
    st.tuples(
        st.sampled_from(["admission", "strip", "stuff", "withdrawal", "manipulation", "adjustment"]),
        st.integers(0, 6),
        st.sampled_from(["", "A", "B", "C"]),
        st.sampled_from(["L1", "L2"]),
        st.sampled_from([None, 10, 25, 60]),
    ),
    max_size=12,
)


def entries(lines: list[tuple[str, int, str, str, int | None]]) -> list[Entry]:
    said = story.clock("0", "00", "00")
    return [
        Entry(
            f"r{n}",
            act,
            said + timedelta(hours=hour),
            said,
            "zone",
            "O1",
            lot=lot,
            equipment=box,
            quantity=amount and amount * 10**6,
            uom="KGM",
        )
        for n, (act, hour, box, lot, amount) in enumerate(lines)
    ]


@given(LINES, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_portions_are_whole_and_do_not_depend_on_the_order_of_arrival(lines: list, order: object) -> None:  # type: ignore[type-arg]
    told_lines = entries(lines)
    found = packed(told_lines)
    shuffled = list(told_lines)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert packed(shuffled) == found
    of_line: dict[str, int] = defaultdict(int)
    for one in found:
        assert (one.until is None) == (one.ended_by is None)
        assert one.ended_by is None or (one.until == one.ended_by.at and in_turn(one.by) <= in_turn(one.ended_by))
        assert one.by.equipment == one.equipment
        assert one.lot == one.by.lot
        of_line[one.by.entry_id] += one.quantity
    for entry in told_lines:
        if entry.act == "admission" and entry.equipment:
            assert of_line[entry.entry_id] == (entry.quantity or 0), "what came in a box is told once, whole"


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_nothing_is_in_a_box_once_nothing_is_there(lines: list) -> None:  # type: ignore[type-arg]
    told_lines = entries(lines)
    out = {"act": "withdrawal", "at": story.clock("1", "00", "00"), "quantity": 10**12, "uom": "KGM"}
    last = [Entry(f"last{lot}", received_at=out["at"], place="zone", operator="O1", lot=lot, **out) for lot in ("L1", "L2")]  # type: ignore[arg-type]
    admitted = {entry.lot for entry in told_lines if entry.act in ("admission", "adjustment") and entry.quantity}
    for one in packed([*told_lines, *last]):
        assert one.until is not None or one.lot not in admitted


@given(LINES, st.integers(0, 6))
@settings(max_examples=150, deadline=None)
def test_holds_come_with_goods_and_with_nothing_else(lines: list, hour: int) -> None:  # type: ignore[type-arg]
    """Own holds stay; what came holds from when goods came into the box; without a hold there comes none."""
    portions = packed(entries(lines))
    assert not any(followed(portions, {}).values())
    own = {"A": held("A", f"d0 0{hour}:00")}
    found = followed(portions, own)
    assert set(own["A"]) <= set(found["A"])
    came_into = defaultdict(list)
    for one in portions:
        came_into[one.equipment].append(one.since)
    for box, holding in found.items():
        for hold in holding:
            assert hold.opened == own["A"][0].opened
            assert hold in own["A"] or hold.applies_from in came_into[box]
