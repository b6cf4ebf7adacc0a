"""What is wrong with one line of a goods ledger by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from layouts._text import COMPLETE, has
from zones import uom
from zones.entry import ACTS, SIDES, Entry
from zones.hs import EDITIONS, HsList, has_form
from zones.line import FAULTS, faults

AT = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
GOOD = Entry(
    entry_id="e1", act="admission", at=AT, received_at=AT, place="port", operator="op1", lot="L1", hs="85423100", hs_edition="2022",
    quantity=1_000_000, uom="KGM", gross_mg=1_100_000, net_mg=1_000_000, value=5_000, currency="VND", origin="CN", status="foreign",
)  # fmt: skip
SOUND = {
    "transfer": ("", "sent", "received"), "manipulation": ("", "input", "output"), "manufacture": ("input", "output", "scrap"),
}  # fmt: skip


def test_a_good_line_has_no_fault() -> None:
    assert faults(GOOD) == faults(GOOD, {"foreign"}, {"op1"}, HsList("2022", ["854231"])) == ()


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"uom": "THUNG"}, "unknown_uom"), ({"uom": ""}, "unknown_uom"),
        ({"uom": "", "quantity": None, "balance": 3, "act": "stuff"}, "unknown_uom"),
        ({"hs": "12345"}, "unknown_hs"), ({"hs": "1234567890123"}, "unknown_hs"), ({"hs": "77011000"}, "unknown_hs"),
        ({"hs": "00123456"}, "unknown_hs"), ({"hs": "8542.31"}, "unknown_hs"), ({"hs": "ab"}, "unknown_hs"),
        ({"hs": "85423\u0661"}, "unknown_hs"),
        ({"hs": "98010000"}, "national_hs"), ({"hs": "990300"}, "national_hs"),
        ({"hs_edition": "2019"}, "unknown_hs_edition"), ({"hs_edition": "HS22"}, "unknown_hs_edition"),
        ({"currency": "ZZZ"}, "unknown_currency"), ({"currency": ""}, "unknown_currency"),
        ({"currency": "xts", "value": None}, "unknown_currency"),
        ({"origin": "ZZ"}, "unknown_origin"), ({"origin": "VNM"}, "unknown_origin"),
        ({"net_mg": 1_100_001}, "net_over_gross"),
        ({"quantity": -1}, "negative"), ({"value": -1}, "negative"), ({"net_mg": -1}, "negative"),
        ({"quantity": None}, "no_quantity"), ({"act": "count", "quantity": None}, "no_quantity"),
        ({"act": "manufacture", "side": "scrap", "quantity": None}, "no_quantity"),
        ({"lot": ""}, "no_lot"),
        ({"side": "sent"}, "bad_side"), ({"act": "manufacture"}, "bad_side"), ({"act": "manipulation", "side": "scrap"}, "bad_side"),
    ],
)  # fmt: skip
def test_each_fault_is_found_and_no_other(told: dict[str, Any], found: str) -> None:
    assert faults(replace(GOOD, **told)) == (found,)


@pytest.mark.parametrize(
    "told",
    [
        {"act": "adjustment", "quantity": -1, "gross_mg": -2, "net_mg": -1, "value": -1}, {"act": "stuff", "quantity": None, "uom": ""},
        {"quantity": 0}, {"lot": "", "item": "SKU-1"}, {"hs": ""}, {"value": None, "currency": ""}, {"origin": "XI"}, {"origin": "EU"},
        {"currency": "BGN"}, {"gross_mg": None}, {"act": "transfer", "side": "", "quantity": None}, {"hs": "010121"},
        {"hs": "970600100000"}, {"act": "reconciliation", "lot": "", "quantity": None, "uom": ""},
    ],
)  # fmt: skip
def test_what_is_no_fault(told: dict[str, Any]) -> None:
    assert faults(replace(GOOD, **told)) == ()


def test_what_is_declared_is_asked_for() -> None:
    assert faults(GOOD, {"domestic"}, {"op2"}, HsList("2022", [])) == ("unknown_hs", "unknown_status", "unknown_operator")
    assert faults(replace(GOOD, to_status="freed"), {"foreign"}) == ("unknown_status",)
    assert faults(replace(GOOD, status=""), {"domestic"}) == ()


def test_what_takes_a_line_back_has_no_fault() -> None:
    assert faults(replace(GOOD, function="cancel", lot="", quantity=None, uom="?", origin="??")) == ()


@given(
    st.builds(
        lambda **told: replace(GOOD, **told), act=st.sampled_from(ACTS), side=st.sampled_from(SIDES), lot=st.sampled_from(["", "L1"]),
        hs=st.text(max_size=14) | st.from_regex(r"[0-9]{4,14}", fullmatch=True), hs_edition=st.sampled_from(["", *EDITIONS, "2020"]),
        quantity=st.none() | st.integers(-5, 5), uom=st.sampled_from(["", "?", *uom.codes()]), gross_mg=st.none() | st.integers(-5, 5),
        net_mg=st.none() | st.integers(-5, 5), value=st.none() | st.integers(-5, 5), currency=st.sampled_from(["", "USD", "ZZZ"]),
        origin=st.sampled_from(["", "VN", "ZZ"]), function=st.sampled_from(["original", "cancel"]),
    )
)  # fmt: skip
def test_any_line_is_answered_in_order_each_fault_once(entry: Entry) -> None:
    found = faults(entry)
    assert list(found) == [fault for fault in FAULTS if fault in found]
    if entry.act == "adjustment":
        assert "negative" not in found
    if entry.effect and entry.quantity is None and entry.function == "original":
        assert "no_quantity" in found


@given(st.from_regex(r"[0-9]{2}", fullmatch=True), st.from_regex(r"[0-9]{0,14}", fullmatch=True))
def test_the_form_of_a_code(chapter: str, rest: str) -> None:
    assert has_form(chapter + rest) == (4 <= len(rest) <= 10 and 1 <= int(chapter) and chapter != "77")


def test_each_act_has_its_sides() -> None:
    for act, side in product(ACTS, SIDES):
        assert ("bad_side" in faults(replace(GOOD, act=act, side=side))) == (side not in SOUND.get(act, ("",)))


def test_every_fault_has_its_sentence() -> None:
    assert all(has(f"ledger.fault_{key}", language) for key in FAULTS for language in COMPLETE)
