"""What is declared of goods: statuses, watched goods, operators with their methods, years and processes; and that the law carries it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.demo import ground
from tests.pure.test_world import LAW, place, world
from zones.calendar import Duration
from zones.goods import FIFO, NOTHING, ZONE_LOT, Article, Goods, Input, Method, Operator, Process, Status, Watch
from zones.jurisdiction import parse
from zones.limits import Law
from zones.world import Folder, LimitsText, World

GOODS = """
statuses:
  - {id: bonded, name: {en: Bonded, zh: 保税}, citation: Law 1}
  - {id: temporary, name: Temporary import, kind: temporary, citation: "Law 1, art. 2", citation_status: confirmed}
watch:
  - {name: Clothing, hs: [61, "62.05"], operations: [relabelled, dán nhãn, 贴标], citation: Risk list}
  - {name: Scrap, hs: "7204", citation: Risk list, citation_status: confirmed}
"""
OPERATORS = """
operators:
  - {id: dzl, name: {en: Logistics, vi: Kho vận}, codes: DZL}
  - id: dzg
    name: Garments
    codes: [DZG, G-01]
    methods: [{method: zone_lot}, {method: fifo, from: 2026-03-01}]
    year_end: "06-30"
    processes:
      - {id: shirts, output: {item: SHIRT}, inputs: [{item: CLOTH, yield: 92%}, {hs: "52.08", yield: 90.5%}, {hs: 52, yield: 80%}]}
      - {id: any, output: {hs: "6109"}, inputs: [{hs: "60", yield: 101%}]}
"""

CHANGES = st.lists(st.tuples(st.integers(0, 40), st.sampled_from([ZONE_LOT, FIFO])), unique_by=lambda one: one[0], max_size=5)


def declared(law: str = LAW + GOODS, operators: str = OPERATORS) -> Law:
    """The law of a place."""
    return world(place("zone", operators), law=law).law("zone")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


def test_a_jurisdiction_says_what_goods_may_be() -> None:
    goods = declared().goods
    assert goods.statuses == (
        Status("bonded", {"en": "Bonded", "zh": "保税"}, "", "Law 1"),
        Status("temporary", {"en": "Temporary import"}, "temporary", "Law 1, art. 2", True),
    )
    assert [goods.status(told) and goods.status(told).id for told in (" BONDED", "保税", "temporary import", "free", "")] == [  # type: ignore[union-attr]
        "bonded", "bonded", "temporary", None, None,
    ]  # fmt: skip
    assert [goods.temporary(told) for told in ("Temporary", "bonded", "free")] == [True, False, False]


@pytest.mark.parametrize(
    ("hs", "act", "operation", "watched"),
    [
        ("6109.10", "manipulation", "Relabelled, then packed", "Clothing"),
        ("6205 20", "manipulation", "đã DÁN NHÃN lại", "Clothing"),
        ("61091000", "manipulation", "重新贴标后包装", "Clothing"),
        ("61091000", "relabelled", "", "Clothing"),          # as an act
        ("61091000", "manipulation", "unrelabelled", None),  # not a word of it
        ("61091000", "manipulation", "packed", None),
        ("61091000", "admission", "", None),
        ("6206", "manipulation", "relabelled", None),
        ("6", "manipulation", "relabelled", None),
        ("", "manipulation", "relabelled", None),
        ("72044900", "admission", "", "Scrap"),              # whatever is done
    ],
)  # fmt: skip
def test_what_is_watched(hs: str, act: str, operation: str, watched: str | None) -> None:
    found = declared().goods.watched(hs, act, operation)
    assert (found.name["en"] if found else None) == watched


def test_operators_by_id_or_code() -> None:
    zone = world(place("zone", OPERATORS)).place("zone")
    found = [zone.operator(said) for said in ("dzl", "DZL ", "g-01", "nobody", "")]
    assert [operator.id if operator else None for operator in found] == ["dzl", "dzl", "dzg", None, None]
    assert zone.operators == declared().goods.operators
    assert declared().goods.operator("G-01") == zone.operator("dzg")
    assert [operator.title("vi") for operator in zone.operators] == ["Kho vận", "Garments"]


def test_a_method_holds_from_the_local_midnight() -> None:
    logistics, garments = declared().goods.operators
    changed = datetime(2026, 2, 28, 17, tzinfo=UTC)  # the first of March in Hanoi
    assert [garments.method(t) for t in (at(1, 1), changed - timedelta(seconds=1), changed)] == [ZONE_LOT, ZONE_LOT, FIFO]
    assert (logistics.method(at(1, 1)), logistics.fungible, garments.fungible) == (ZONE_LOT, False, True)


@given(CHANGES, st.integers(-5, 50))
def test_each_method_holds_until_the_next(changes: list[tuple[int, str]], day: int) -> None:
    start, changes = at(1, 1), sorted(changes)
    ends = [start + timedelta(days=later) for (_, _), (later, _) in pairwise(changes)]
    methods = [Method(said, start + timedelta(days=n), end) for (n, said), end in zip(changes, [*ends, None][: len(changes)], strict=True)]
    before = [said for n, said in changes if n <= day]
    expected = before[-1] if before else ZONE_LOT
    t = start + timedelta(days=day)
    assert Operator("a", {}, methods=tuple(methods)).method(t) == expected
    assert Operator("a", {}, methods=tuple(Method(m.method, m.since) for m in reversed(methods))).method(t) == expected


def test_what_is_declared_until_a_day_is_by_zone_lot_from_then_on() -> None:
    gone = Operator("a", {}, methods=(Method(FIFO, None, at(3, 1)),))
    assert (gone.method(at(2, 28)), gone.method(at(3, 1)), gone.fungible) == (FIFO, ZONE_LOT, True)


def test_the_year_of_an_operator() -> None:
    logistics, garments = declared().goods.operators
    days = (date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31))
    assert [garments.year_of(day) for day in days] == [date(2026, 6, 30), date(2027, 6, 30), date(2027, 6, 30)]
    assert [logistics.year_of(day) for day in days] == [date(2026, 12, 31)] * 3


def test_a_process_by_what_comes_out_and_what_goes_in() -> None:
    garments = declared().goods.operators[1]
    shirts, knitted = garments.processes
    shares = (("CLOTH", "", Fraction(92, 100)), ("", "5208", Fraction(905, 1000)), ("", "52", Fraction(4, 5)))
    assert shirts == Process("shirts", Article("SHIRT"), tuple(Input(Article(item, hs), share) for item, hs, share in shares))
    assert [garments.process_of(item, hs) for item, hs in (("shirt", "6109"), ("", "6109.10"), ("CAP", "6505"))] == [shirts, knitted, None]
    given = [("cloth", "5208.21"), ("OTHER", "5208.21"), ("", "5209"), ("", ""), ("BUTTONS", "9606")]
    assert [shirts.share(item, hs) for item, hs in given] == [Fraction(23, 25), Fraction(181, 200), Fraction(4, 5), None, None]


def test_a_law_of_other_goods_is_another_law() -> None:
    law, plain = declared(), declared(LAW, "")
    assert plain.goods == NOTHING
    versions = {
        law.version, plain.version, declared(LAW).version, declared(operators="").version,
        declared(operators=OPERATORS.replace("fifo", "zone_lot")).version,
        declared(LAW + GOODS.replace("Risk list", "Risk list of May")).version,
    }  # fmt: skip
    assert len(versions) == 6
    assert declared().version == law.version
    value = {"import_dwell_high": Duration(1, "d")}
    assert {other.goods == law.goods for other in (law.with_values(value), law.with_limits(()), law.with_offs(()))} == {True}


def test_nothing_declared_asks_for_nothing() -> None:
    none = Goods(watch=(Watch({}, ()),))
    assert none.watched("6109", "manipulation", "relabelled") is None
    assert (none.status("bonded"), none.operator("a"), none.temporary("temporary")) == (None, None, False)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("id: temporary", "id: bonded", "vn.yaml:10: statuses[1].id: 'bonded' names two statuses"),
        ("name: Temporary import", "name: BONDED", "vn.yaml:10: statuses[1].name: 'bonded' names two statuses"),
        ("kind: temporary", "kind: transit", "vn.yaml:10: statuses[1].kind: 'transit' is not one of temporary"),
        (", citation: Law 1}\n  - {id", "}\n  - {id", "vn.yaml:9: statuses[0].citation: required, and missing"),
        ('hs: "7204"', "hs: []", "vn.yaml:13: watch[1].hs: no HS code: nothing is watched"),
        ('hs: "7204"', 'hs: "7"', "vn.yaml:13: watch[1].hs[0]: '7' is no HS code"),
        ('hs: "7204"', "hs: true", "vn.yaml:13: watch[1].hs: a list is needed"),
        ("operations:", "operation:", "vn.yaml:12: watch[0].operation: not a known field; did you mean 'operations'?"),
        ("Risk list, citation_status", "Risk list, status", "vn.yaml:13: watch[1].status: not a known field"),
    ],
)  # fmt: skip
def test_mistakes_in_what_a_jurisdiction_says_of_goods(was: str, now: str, told: str) -> None:
    assert was in GOODS
    jurisdiction, written = parse("vn.yaml", LAW + GOODS.replace(was, now))
    assert jurisdiction is None
    assert any(str(fault).startswith(told) for fault in written.faults), [str(fault) for fault in written.faults]


KINDS = """
jurisdiction: vn
limits:
  - {limit: import_dwell_high, value: 9d, kinds: [seaport], valid_from: 2020-01-01, citation: Law 1}
  - {limit: import_dwell_high, value: 30d, kinds: [free_zone, dry_port], valid_from: 2020-01-01, citation: Law 1}
"""


def test_a_limit_for_a_kind_of_place() -> None:
    law = world(place("port"), law=KINDS).law("port")
    assert [str(limit.value) for limit in law.limits] == ["9d"]
    _, clashing = parse("vn.yaml", KINDS.replace("[free_zone", "[seaport"))
    assert [fault.message for fault in clashing.faults] == ["import_dwell_high is declared twice from 2020-01-01"]
    _, unknown = parse("vn.yaml", KINDS.replace("dry_port", "harbour"))
    assert unknown.faults[0].message.startswith("'harbour' is not one of seaport")


def test_the_demo_declares_both_ways_and_what_it_watches() -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    texts = ground.declarations(Path("/demo"), began, (at(2, 1), at(2, 2)))
    folder = Folder("demo-zone", {name: texts[f"places/demo-zone/{name}"] for name in ("place.yaml", "areas.geojson")})
    others = [Folder(id, {name: texts[f"places/{id}/{name}"] for name in folder.files}) for id in ground.PLACES if id != "demo-zone"]
    law = World.build([folder, *others], [LimitsText("demo.yaml", texts["limits/demo.yaml"])]).law("demo-zone")
    ways = {tuple(operator.method(began + timedelta(days=day)) for day in (0, 60)) for operator in law.goods.operators}
    assert ways == {(ZONE_LOT, ZONE_LOT), (ZONE_LOT, FIFO)}
    assert {status.kind for status in law.goods.statuses} == {"", "temporary", "domestic"}
    assert not any(said.confirmed for said in (*law.goods.statuses, *law.goods.watch)), "invented"
    assert all(law.goods.watched(hs, "manipulation", "relabelled") for hs in ("6109", "6205", "6403", "4202"))
