"""Which reports count: versions, documents that replace and cancel, copies; whatever the order in which they came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zones.report import STATUSES, DocumentAct, Report, Version, named_at, standing, waits_until

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(id: str, at: float | None = 0, received: float = 1, **more: object) -> Report:
    """A report of a gate-in; times in hours after T0."""
    values: dict[str, object] = {
        "report_id": id, "message_id": id, "feed": "gate", "publisher": "terminal", "place": "port", "equipment": "BOX", "event": "gate_in",
        "occurred_at": None if at is None else T0 + at * HOUR, "received_at": T0 + received * HOUR,
    }  # fmt: skip
    return Report(**(values | more))  # type: ignore[arg-type]


def act(act: str, target: str, received: float = 2, **more: object) -> DocumentAct:
    """What a document does to another."""
    values: dict[str, object] = {
        "act": act, "target": target, "document": target, "message_id": f"{act}{received}", "unit": "1", "at": None,
        "received_at": T0 + received * HOUR,
    }  # fmt: skip
    return DocumentAct(**(values | more))  # type: ignore[arg-type]


def statuses(*reports: Report, acts: tuple[DocumentAct, ...] = ()) -> list[str]:
    """The statuses in the order of the reports; told in any order."""
    found = standing(reports, acts)
    for seed in range(6):
        shuffled, other = list(reports), list(acts)
        Random(seed).shuffle(shuffled)
        Random(seed).shuffle(other)
        assert standing(shuffled, other) == found
    return [found[each.report_id] for each in reports]


@pytest.mark.parametrize(
    ("received", "status"),
    [(1, "live"), (0, "live"), (-0.25, "live"), (-0.26, "implausible"), (-1000, "implausible")],
)
def test_a_quarter_of_an_hour_ahead_is_the_most(received: float, status: str) -> None:
    assert statuses(report("a", received=received)) == [status]


def test_what_is_older_than_the_horizon_is_implausible() -> None:
    assert statuses(report("a", horizon=T0)) == ["live"]
    assert statuses(report("a", horizon=T0 + timedelta(seconds=1))) == ["implausible"]


def test_a_plan_may_lie_ahead() -> None:
    assert statuses(report("a", at=48, classifier="planned")) == ["live"]


def test_without_a_time_it_is_unclassified() -> None:
    assert statuses(report("a", at=None)) == ["unclassified"]


@pytest.mark.parametrize("given", ["test", "provisional", "unclassified", "status_only", "superseded"])
def test_what_the_reader_saw_stays(given: str) -> None:
    assert statuses(report("a", given=given)) == [given]


# ---------------------------------------------------------------- versions


def test_the_latest_version_stands_by_the_source_s_own_time() -> None:
    first = report("a", source_id="1", updated_at=T0 + 5 * HOUR, received=2)
    second = report("b", source_id="1", updated_at=T0 + 4 * HOUR, received=9)
    assert statuses(first, second) == ["live", "superseded"]


def test_without_one_by_receipt_then_by_id() -> None:
    assert statuses(report("a", source_id="1", received=3), report("b", source_id="1", received=2)) == ["live", "superseded"]
    assert statuses(report("a", source_id="1"), report("b", source_id="1")) == ["superseded", "live"]


def test_at_a_tie_a_retraction_wins() -> None:
    taken_back = report("a", source_id="1", function="cancel", updated_at=T0)
    assert statuses(taken_back, report("z", source_id="1", updated_at=T0, received=9)) == ["retracted", "retracted"]


def test_told_again_after_the_retraction_it_counts() -> None:
    taken_back = report("a", source_id="1", function="cancel", updated_at=T0)
    assert statuses(taken_back, report("b", source_id="1", updated_at=T0 + HOUR)) == ["superseded", "live"]


def test_ids_of_two_publishers_have_nothing_to_do_with_each_other() -> None:
    assert statuses(report("a", source_id="1"), report("b", source_id="1", publisher="carrier")) == ["live", "live"]


def test_a_version_told_of_another_box_supersedes_this_one() -> None:
    first = report("a", source_id="1", updated_at=T0)
    later = Version("terminal", "1", "of another box", T0 + HOUR, T0)
    assert standing([first], (), [later]) == {"a": "superseded"}
    assert standing([first], (), [Version("terminal", "1", "of another box", T0 - HOUR, T0)]) == {"a": "live"}
    assert standing([first], (), [Version("carrier", "1", "of somebody else", T0 + HOUR, T0)]) == {"a": "live"}


@pytest.mark.parametrize(("at", "status"), [(T0 - HOUR, "live"), (T0, "retracted"), (T0 + HOUR, "retracted"), (None, "retracted")])
def test_a_retraction_takes_back_what_was_told_up_to_then(at: datetime | None, status: str) -> None:
    taken_back = Version("terminal", "1", "z", at, T0 + 9 * HOUR, cancel=True)
    assert standing([report("a", source_id="1", updated_at=T0)], (), [taken_back]) == {"a": status}


def test_what_was_read_otherwise_later_is_no_version() -> None:
    assert statuses(report("z", source_id="1", updated_at=T0, given="superseded"), report("a", source_id="1", updated_at=T0)) == [
        "superseded", "live",
    ]  # fmt: skip


def test_what_one_message_says_under_one_id_is_one_telling() -> None:
    several = (report(id, source_id="1", updated_at=T0, message_id="m", equipment=id) for id in "ab")
    assert statuses(*several) == ["live", "live"]


# ---------------------------------------------------------------- occasions


def test_of_one_occasion_the_latest_stands() -> None:
    call = {"occasion": "call 7|DISC", "event": "discharge"}
    assert statuses(
        report("a", source_id="1", updated_at=T0 + HOUR, **call), report("b", 0.5, source_id="2", updated_at=T0, **call)
    ) == ["live", "superseded"]  # fmt: skip


@pytest.mark.parametrize("other", [{"publisher": "carrier"}, {"place": "zone"}, {"event": "load"}, {"occasion": "call 8|DISC"}])
def test_other_occasions_are_other_statements(other: dict[str, str]) -> None:
    call = {"occasion": "call 7|DISC", "event": "discharge"}
    assert statuses(report("a", **call), report("b", 0.5, **(call | other))) == ["live", "live"]


def test_what_was_taken_back_leaves_the_occasion_to_the_other() -> None:
    call = {"occasion": "call 7|DISC"}
    assert statuses(report("a", **call), report("b", 0.5, source_id="2", function="cancel", **call)) == ["live", "retracted"]


# ---------------------------------------------------------------- documents that are named


@pytest.mark.parametrize(
    ("given", "classifier", "named"),
    [
        ("live", "actual", T0), ("live", "planned", T0 + HOUR), ("status_only", "actual", T0 + HOUR),
        ("status_only", "requested", T0 + HOUR),
        ("unclassified", "actual", None), ("superseded", "planned", None), ("implausible", "actual", None),
    ],
)  # fmt: skip
def test_a_movement_names_its_documents_when_it_happened_a_plan_when_it_was_written(
    given: str, classifier: str, named: datetime | None
) -> None:
    assert named_at(given, classifier, T0, T0 + HOUR, T0 + 2 * HOUR) == named


def test_nothing_is_named_before_it_was_received() -> None:
    received = T0 + 2 * HOUR
    assert [named_at("live", "planned", T0, told, received) for told in (T0 + 9 * HOUR, None)] == [received, received]


# ---------------------------------------------------------------- documents


def test_a_replacement_supersedes_what_it_says_again_and_withdraws_the_rest() -> None:
    old = report("a", document="D")
    new = report("b", document="D", message_id="replace2", unit="1", received=2)
    replaced = act("replace", "D")
    assert statuses(old, new, acts=(replaced,)) == ["superseded", "live"]
    assert statuses(old, acts=(replaced,)) == ["withdrawn"]


def test_a_status_falls_with_its_document_too() -> None:
    assert statuses(report("a", document="D1", given="status_only"), acts=(act("cancel", "D1", 2),)) == ["withdrawn"]


def test_a_replacement_that_came_first_still_replaces() -> None:
    old = report("a", document="D", received=9, updated_at=T0)
    new = report("b", document="D", message_id="r", unit="1", received=2, updated_at=T0 + HOUR)
    assert statuses(old, new, acts=(act("replace", "D", message_id="r", at=T0 + HOUR),)) == ["superseded", "live"]


def test_a_chain_of_replacements_leaves_the_last() -> None:
    one = report("a", document="D")
    two = report("b", document="D", message_id="m2", unit="1", received=2)
    three = report("c", document="D", message_id="m3", unit="1", received=3)
    acts = (act("replace", "D", message_id="m2"), act("replace", "D", received=3, message_id="m3"))
    assert statuses(one, two, three, acts=acts) == ["superseded", "superseded", "live"]


def test_of_two_acts_the_first_in_time_says_what_it_counts_as() -> None:
    one = report("a", document="D")
    two = report("b", document="D", message_id="m2", unit="1", received=2)
    acts = (act("cancel", "D", received=3), act("replace", "D", message_id="m2"))
    assert statuses(one, two, acts=acts) == ["superseded", "withdrawn"]


def test_a_cancellation_of_some_boxes_leaves_the_others() -> None:
    assert statuses(report("a", document="D"), acts=(act("cancel", "D", boxes=("OTHER",)),)) == ["live"]
    assert statuses(report("a", document="D"), acts=(act("cancel", "D", boxes=("BOX", "OTHER")),)) == ["withdrawn"]


def test_an_act_does_not_reach_what_is_said_after_it() -> None:
    assert statuses(report("a", document="D", received=5), acts=(act("cancel", "D"),)) == ["live"]


def test_a_change_supersedes_what_it_names() -> None:
    assert statuses(report("a", document="D"), acts=(act("change", "D", boxes=("BOX",)),)) == ["superseded"]


def test_a_removal_withdraws() -> None:
    assert statuses(report("a", document="D"), acts=(act("remove", "D", boxes=("BOX",)),)) == ["withdrawn"]


# ---------------------------------------------------------------- cancellations without a number


def test_a_cancellation_takes_the_equal_statement_back() -> None:
    assert statuses(report("a"), report("b", function="cancel", received=2)) == ["retracted", "retracted"]
    assert statuses(report("a", at=0.5), report("b", function="cancel", received=2)) == ["live", "retracted"]
    assert statuses(report("a", publisher="carrier"), report("b", function="cancel", received=2)) == ["live", "retracted"]


def test_told_again_after_the_cancellation_it_counts() -> None:
    assert statuses(report("a", function="cancel"), report("b", received=2)) == ["retracted", "live"]


def test_a_cancellation_of_a_known_document_leaves_an_equal_statement_of_another() -> None:
    cancel = report("c", function="cancel", document="D1", message_id="m", unit="1", received=3)
    one, two = report("a", document="D1"), report("b", document="D2")
    assert statuses(one, two, cancel, acts=(act("cancel", "D1", received=3, message_id="m"),)) == ["withdrawn", "live", "retracted"]


def test_a_cancellation_under_a_number_of_its_own_takes_the_equal_statement_back() -> None:
    cancel = report("c", function="cancel", document="OWN", message_id="m", unit="1", received=3)
    assert statuses(report("a", document="D1"), cancel, acts=(act("cancel", "OWN", received=3, message_id="m"),)) == [
        "retracted",
        "retracted",
    ]


# ---------------------------------------------------------------- copies


def test_a_copy_counts_only_where_nothing_else_of_its_source_tells_the_event() -> None:
    assert statuses(report("a", function="copy")) == ["live"]
    assert statuses(report("a", function="copy"), report("b", at=11, received=20)) == ["superseded", "live"]
    assert statuses(report("a", function="copy"), report("b", at=13, received=20)) == ["live", "live"]
    assert statuses(report("a", function="copy"), report("b", publisher="carrier")) == ["live", "live"]


def test_up_to_when_a_report_bears_on_later_ones() -> None:
    assert waits_until(report("a")) is None
    assert waits_until(report("a", function="cancel")) == T0
    assert waits_until(report("a", function="copy")) == T0 + 12 * HOUR
    assert waits_until(report("a", function="copy", given="test")) is None


# ---------------------------------------------------------------- any set, any order

told = st.builds(
    report,
    st.uuids().map(lambda u: u.hex[:8]),
    st.sampled_from((None, 0, 1, 2, 20)),
    st.integers(0, 4),
    function=st.sampled_from(("original", "original", "copy", "cancel")),
    given=st.sampled_from(("live", "live", "live", "test", "provisional")),
    source_id=st.sampled_from(("", "", "1")),
    document=st.sampled_from(("", "D1", "D2")),
    publisher=st.sampled_from(("terminal", "carrier")),
    message_id=st.sampled_from(("m1", "m2", "m3")),
    unit=st.just("1"),
    updated_at=st.sampled_from((None, T0, T0 + HOUR)),
)
acting = st.builds(
    act,
    st.sampled_from(("replace", "cancel", "change", "remove")),
    st.sampled_from(("D1", "D2")),
    st.integers(0, 4),
    message_id=st.sampled_from(("m1", "m2", "m3")),
    at=st.sampled_from((None, T0, T0 + HOUR)),
    boxes=st.sampled_from(((), ("BOX",), ("OTHER",))),
)


@given(st.lists(told, max_size=7, unique_by=lambda r: r.report_id), st.lists(acting, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_any_set_in_any_order(reports: list[Report], acts: list[DocumentAct], rng: Random) -> None:
    found = standing(reports, acts)
    assert set(found) == {each.report_id for each in reports}
    assert set(found.values()) <= set(STATUSES) | {"superseded"}
    for each in reports:
        if each.function == "cancel" or each.given != "live":
            assert found[each.report_id] != "live"
    shuffled, other = list(reports), list(acts)
    rng.shuffle(shuffled)
    rng.shuffle(other)
    assert standing(shuffled, other) == found
