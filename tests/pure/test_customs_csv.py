"""customs_csv: holds, selections, inspections, releases and permits, by mapping."""

from __future__ import annotations

from typing import Any

import pytest

from data.feeds import FactRecord
from tests.pure.csv_samples import got, of, reasons, records, samples


@pytest.mark.parametrize(("path", "told"), [pytest.param(*s, id=s[0].stem) for s in samples("customs_csv")])
def test_sample(path: Any, told: Any) -> None:
    assert records("customs_csv", path, told) == told["records"]


@pytest.mark.parametrize(
    ("row", "about", "reference"),
    [("zzdu 483921-1,zz b1,d 1", "equipment", "ZZDU4839211"), (",zz b1,d 1", "bill", "ZZB1"), (",,d 1", "declaration", "D1")],
)
def test_about_is_the_first_number_given_and_the_others_stay(row: str, about: str, reference: str) -> None:
    (fact,) = of(got("customs_csv", f"equipment,bill,declaration,event,effective_at\n{row},hold,2026-03-01 08:00\n".encode()), FactRecord)
    assert (fact.about, fact.reference) == (about, reference)
    assert fact.declaration == "D1"
    assert fact.bill == ("ZZB1" if about != "declaration" else "")


def test_two_agencies_that_the_map_does_not_know_stay_two() -> None:
    columns = {
        "equipment": "equipment",
        "event": "event",
        "effective_at": "effective_at",
        "agency": {"column": "agency", "map": {"C": "customs"}},
    }
    raw = b"equipment,event,effective_at,agency\n" + b"".join(b"ZZDU4839211,hold,2026-03-01,%s\n" % a for a in (b"C", b"X", b"Y"))
    assert [fact.agency for fact in of(got("customs_csv", raw, {"columns": columns}), FactRecord)] == ["customs", "X", "Y"]


def test_fields_of_boxes_that_a_fact_has_no_place_for_are_left_over() -> None:
    items = got("customs_csv", b"equipment,event,effective_at,size_type,gate\nZZDU4839211,hold,2026-03-01,22G1,G1\n")
    assert [(i.name, i.count) for i in items[1:]] == [("size_type", 1), ("gate", 1)]


def test_a_time_given_but_not_readable_is_not_replaced_by_another() -> None:
    items = got("customs_csv", b"equipment,event,effective_at,issued_at\nZZDU4839211,release,31/02,2026-03-01\n")
    assert reasons(items) == [("line 2", "bad_time")]


@pytest.mark.parametrize(
    ("header", "lacks"),
    [("event,effective_at", "equipment, bill or declaration"), ("bill,effective_at", "event"), ("bill,event", "effective_at")],
)
def test_a_file_that_lacks_what_a_fact_needs(header: str, lacks: str) -> None:
    (item,) = got("customs_csv", f"{header}\n1,2\n".encode())
    assert (item.reason, item.detail, item.scope) == ("no_column", lacks, "file")


def test_how_risky_a_box_is() -> None:
    rows = b"event,equipment,effective_at,risk\n" + b"".join(
        b"selected,ZZDU4839211,2026-03-01 08:00,%s\n" % word for word in (b"high", b"Medium", b"", b"dangerous")
    )
    found = of(got("customs_csv", rows), FactRecord)
    assert [fact.risk for fact in found] == ["high", "medium", "", ""]
    assert found[3].why == "risk 'dangerous' is not in the mapping"


def test_goods_are_worth_what_is_declared_in_a_currency_that_is_told() -> None:
    said = (("1234.5", "usd"), ("250000000000", "VND"), ("12", ""), ("much", "CNY"), ("", "CNY"), ("7", "US$"))
    rows = b"event,equipment,effective_at,goods_value,currency\n" + b"".join(
        f"release,ZZDU4839211,2026-03-02 10:0{n},{worth},{currency}\n".encode() for n, (worth, currency) in enumerate(said)
    )
    found = of(got("customs_csv", rows), FactRecord)
    sums = [(fact.goods_value, fact.currency) for fact in found]
    assert sums == [(123_450, "USD"), (25_000_000_000_000, "VND"), *[(None, "")] * 4]
    unknown = "is not three letters: goods_value left out"
    said_of = [f"currency '' {unknown}", "goods_value 'much' is not a sum", "", f"currency 'US$' {unknown}"]
    assert [fact.why for fact in found[2:]] == said_of
