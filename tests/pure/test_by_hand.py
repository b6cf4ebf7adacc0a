"""What was recorded by hand beside what sources tell: never two of one, and nothing of theirs is changed by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.by_hand import looked_at, tidied, written
from data.feeds import BoxRecord, FactRecord, RetractionRecord, manual_csv
from data.pasted import Pasted, decoded, pasted
from tests.pure.csv_samples import PORT, of, reasons
from tests.pure.test_movement import MINUTE, T0, telling, told
from zones.by_hand import BY_HAND, REACH, Paper, differences, feed_of, paper_of, state_of
from zones.customs import Fact, holds
from zones.movement import EFFECT, merged
from zones.place import Place
from zones.report import Report

EVENTS = st.sampled_from(sorted(EFFECT))
TOLD = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(("terminal", "carrier", "agent")), st.integers(0, 3), EVENTS), max_size=7)
RECORDED = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(("minute", "day")), st.integers(0, 3), EVENTS), max_size=4)


def hand(id: str, at: int = 0, received: int = 0, event: str = "gate_in", **more: object) -> Report:
    return told(id, at, BY_HAND, received, event, **more)


def groups(*reports: Report) -> list[str]:
    return [" ".join(r.report_id for r in m.reports) for m in merged(reports, telling())]


# ---------------------------------------------------------------- movements


@given(TOLD, RECORDED, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_what_sources_tell_comes_out_as_if_nothing_had_been_recorded(
    rows: list[tuple[int, str, int, str]], recorded: list[tuple[int, str, int, str]], rng: Random
) -> None:
    sources = [told(f"s{n}", at * 20, who, received, event) for n, (at, who, received, event) in enumerate(rows)]
    own = [hand(f"h{n}", at * 20, received, event, precision=day) for n, (at, day, received, event) in enumerate(recorded)]
    found = merged([*sources, *own], telling())
    theirs = [(m.movement_id, m.occurred_at, [r for r in m.reports if r.publisher != BY_HAND]) for m in found]
    alone = [(m.movement_id, m.occurred_at, list(m.reports)) for m in merged(sources, telling())]
    assert sorted(each for each in theirs if each[2]) == sorted(alone)
    assert sorted(r.report_id for m in found for r in m.reports) == sorted(r.report_id for r in (*sources, *own)), "each tells of one"
    shuffled = [*sources, *own]
    rng.shuffle(shuffled)
    assert merged(shuffled, telling()) == found


@given(TOLD, st.integers(0, 60), EVENTS, st.integers(-120, 120))
@settings(max_examples=200, deadline=None)
def test_recorded_and_then_told_within_the_tolerance_it_is_one(
    rows: list[tuple[int, str, int, str]], at: int, event: str, apart: int
) -> None:
    sources = [told(f"s{n}", a * 20, who, received, e) for n, (a, who, received, e) in enumerate(rows)]
    theirs = told("own", at * 20, "terminal", 5, event)
    before = merged([*sources, theirs], telling())
    assert len(merged([*sources, theirs, hand("h", at * 20 + apart, event=event)], telling())) == len(before)


def test_it_joins_the_nearest_and_stands_in_for_none_of_them() -> None:
    assert groups(hand("h", 100), told("a"), told("b", 150)) == ["a", "b h"]
    assert groups(hand("h"), hand("g", 100), told("a", 101)) == ["h", "a g"], "one written down twice is one and one"
    assert groups(hand("h"), hand("g"), told("a", 30)) == ["a g h"], "the same twice is one"


def test_it_moves_no_tolerance() -> None:
    """Of two sources two hours apart at the most; what was recorded before both joins one of them, and parts them not."""
    assert groups(hand("h"), told("a", 90), told("b", 200, "carrier")) == ["a b h"]


def test_beyond_the_tolerance_nobody_enters_twice() -> None:
    assert groups(hand("h"), told("a", 12 * 60)) == ["a h"]
    assert groups(hand("h"), told("a", 12 * 60 + 1)) == ["h", "a"]
    assert groups(hand("h"), told("out", 300, event="gate_out"), told("a", 600)) == ["h", "out", "a"]
    assert groups(hand("h", event="seal"), told("a", 300, event="seal")) == ["h", "a"], "a box may be sealed twice"


def test_any_source_is_believed_before_it() -> None:
    (movement,) = merged([hand("h", received=0, seals="S1"), told("a", 5, "nobody knows", received=90, seals="S2")], telling())
    assert (movement.canonical.report_id, movement.occurred_at) == ("a", T0 + 5 * MINUTE)
    assert movement.disagreement is not None
    assert movement.disagreement["seals"] == [["S1", BY_HAND], ["S2", "nobody knows"]]


# ---------------------------------------------------------------- holds


def fact(id: str, at: int, kind: str = "hold", publisher: str = "customs", **more: str) -> Fact:
    when = T0 + at * MINUTE
    own = {"fact_id": id, "kind": kind, "about": "equipment", "reference": "BOX", "equipment": "BOX", "agency": "customs"}
    return Fact(**{**own, **more}, effective_at=when, received_at=when, publisher=publisher)  # type: ignore[arg-type]


@pytest.mark.parametrize(("ref", "theirs"), [("", ""), ("", "H1"), ("H1", ""), ("H1", "H1")])
def test_the_agencys_own_hold_is_the_one_recorded(ref: str, theirs: str) -> None:
    found = holds([fact("h", 0, publisher=BY_HAND, hold_ref=ref), fact("c", 30, hold_ref=theirs), fact("r", 90, "release")])
    assert [(hold.since, hold.until) for hold in found] == [(T0, T0 + 90 * MINUTE)]


def test_another_reference_and_another_day_are_another_hold() -> None:
    assert len(holds([fact("h", 0, publisher=BY_HAND, hold_ref="H1"), fact("c", 30, hold_ref="H2")])) == 2
    assert len(holds([fact("h", 0, publisher=BY_HAND), fact("c", 13 * 60, hold_ref="H2")])) == 2
    assert len(holds([fact("h", 0, publisher=BY_HAND), fact("c", 30, agency="quarantine")])) == 2
    assert len(holds([fact("a", 0), fact("c", 30, hold_ref="H2")])) == 2, "of two words of an agency itself each is its own"


# ---------------------------------------------------------------- what became of it


def test_minutes_are_no_contradiction_hours_and_seals_are() -> None:
    own = {"occurred_at": T0, "precision": "minute", "seals": "S1 S2", "vehicle": "15C-123.45", "publisher": BY_HAND}
    source = {**own, "publisher": "terminal", "seals": "S2 S1", "vehicle": "15C12345", "occurred_at": T0 + 90 * MINUTE}
    assert differences(own, [source], "occurred_at", timedelta(hours=2)) == {}
    assert differences(own, [], "occurred_at", timedelta(hours=2)) == {}
    far = {**source, "occurred_at": T0 + 121 * MINUTE, "seals": "S3"}
    assert list(differences(own, [far], "occurred_at", timedelta(hours=2))) == ["occurred_at", "seals"]
    assert differences(own, [far, source], "occurred_at", timedelta(hours=2)) == {}, "one source says the same"
    assert "occurred_at" not in differences({**own, "precision": "day"}, [far], "occurred_at", timedelta(hours=2))


def test_it_waits_until_the_sources_are_heard_again() -> None:
    after = T0 + timedelta(hours=9)
    assert state_of(False, False, T0, T0, None) == "waiting"
    assert state_of(False, False, T0, after, after) == "waiting"
    assert state_of(False, False, T0, T0, after) == "not_confirmed"
    assert [state_of(True, differs, T0, T0, None) for differs in (False, True)] == ["confirmed", "contradicted"]
    assert timedelta(hours=12) == REACH


@given(*(st.text(st.characters(exclude_characters=";"), min_size=1) for _ in range(3)), st.text())
def test_what_paper_is_told_wherever_it_is_shown(reference: str, recorded_by: str, second_reader: str, remark: str) -> None:
    paper = Paper(reference, recorded_by, second_reader, remark)
    assert paper_of(BY_HAND, paper.written()) == paper
    assert paper_of("terminal", paper.written()) is None


# ---------------------------------------------------------------- the file


def place() -> Place:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    return Place(id="port", name={}, kind="seaport", timezone="Asia/Ho_Chi_Minh", jurisdiction="x", supervised_from=since)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("22/11/2026 14:05", "2026-11-22 14:05"), ("2.1.2026 7:05", "2026-01-02 07:05"), ("2026/1/2 7h05", "2026-01-02 07:05"),
        ("22-11-2026", "2026-11-22"), ("2026-11-22T14:05+07:00", "2026-11-22T14:05+07:00"), (" soon ", "soon"),
    ],
)  # fmt: skip
def test_times_as_people_write_them(typed: str, kept: str) -> None:
    assert tidied({"occurred_at": typed})["occurred_at"] == kept


@given(st.lists(st.dictionaries(st.sampled_from((*manual_csv.TYPED, "takes_back")), st.text(max_size=70)), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_every_row_is_read_or_refused_and_carries_its_paper(rows: list[dict[str, str]]) -> None:
    kept = [tidied(row) for row in rows]
    assert [tidied(row) for row in kept] == kept
    found = looked_at(place(), "ann", kept)
    assert len(found) == len(rows)
    batch = {"batch_id": "b1", "rows": [each.typed for each in found if each.sound], "recorded_by": "ann"}
    items = [item for item in manual_csv.read(written(batch, "bob"), PORT, {}) if not hasattr(item, "columns")]
    assert all(isinstance(item, BoxRecord | FactRecord | RetractionRecord) for item in items)
    assert len(items) == len(batch["rows"])
    for item in items:
        if isinstance(item, BoxRecord | FactRecord):
            paper = paper_of(BY_HAND, item.remark)
            assert paper is not None
            assert paper.recorded_by == "ann"
            assert item.source_id.startswith("b1/")


def test_a_row_of_the_template_is_no_record() -> None:
    head = ",".join((*manual_csv.TYPED, "recorded_by", "second_reader"))
    items = list(manual_csv.read(f"{head}\n# gate_in{',' * 15}\n".encode(), PORT, {}))
    assert [item.name for item in of(items, type(items[-1]))] == ["(lines that explain)"]
    assert reasons(items) == []


def test_the_feed_of_a_place_is_there_without_being_declared() -> None:
    own = place()
    assert (own.hand.id, own.hand.publisher, own.hand.speaks_for, own.feeds) == (feed_of("port"), BY_HAND, frozenset(), ())


# ---------------------------------------------------------------- what is pasted


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_rows_of_a_spreadsheet_by_their_names_or_in_the_order_of_the_template(mark: str) -> None:
    named = mark.join(("Paper ref", "EVENT", "equipment", "weather")) + "\r\n" + mark.join(("G3", "gate_in", "ZZDU4839211", "rain"))
    assert pasted(named) == Pasted(({"paper_ref": "G3", "event": "gate_in", "equipment": "ZZDU4839211"},), ("weather",))
    bare = mark.join(("gate_in", "ZZDU4839211", "2026-11-22 14:05", "Gate 3"))
    assert pasted(bare).rows == ({"event": "gate_in", "equipment": "ZZDU4839211", "occurred_at": "2026-11-22 14:05", "gate": "Gate 3"},)


def test_what_explains_is_no_row_and_what_is_no_text_no_file() -> None:
    assert pasted("# gate_in\t# example\n\n \t \n") == pasted("") == Pasted(())
    assert decoded("\ufeffevent\r\nCổng".encode()) == "event\r\nCổng"
    assert decoded("event".encode("utf-16")) == "event"
    for raw in (b"\x89PNG\r\n\x1a\n\0\0\0", b"x" * (512 * 1024 + 1)):
        with pytest.raises(ValueError, match=r"text|large"):
            decoded(raw)


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_rows_of_our_columns(text: str) -> None:
    assert all(set(row) <= set(manual_csv.TYPED) for row in pasted(text).rows)
