"""Which alerts say nothing new; and how much of what is watched for cannot be seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from tests import story
from zones.alert import Occasion, occasions
from zones.blind import Blindness, Unseen, blindness, watching
from zones.limits import Law
from zones.muting import CLOSED, muted_by, next_turn, stood
from zones.required import Apart, Required, Seals
from zones.rules import rules

AT = datetime(2026, 11, 10, tzinfo=UTC)
HELD = "d0 08:00 discharge; d1 09:00 hold customs; d2 14:00 gate_out"


def found(rule: str, said: str, at: datetime = AT) -> list[Occasion]:
    module: ModuleType = rules()[rule]
    return occasions(story.episodes(module, story.told(said)), at, module.LATCHING, module.NEEDS, lambda place, kind: at)


def test_what_left_on_hold_left_without_a_permit_too() -> None:
    (held,) = found("gate_out_on_hold", HELD)
    beside = stood("gate_out_on_hold", [held])
    assert muted_by("exit_without_permit", held, beside, {}, (), AT) == "gate_out_on_hold"
    assert muted_by("gate_out_on_hold", held, beside, {}, (), AT) == "", "only the other"
    (again,) = found("gate_out_on_hold", f"d0 06:00 inspect; d0 07:00 inspect; {HELD}")  # another exit: reports are named by their turn
    assert muted_by("exit_without_permit", held, stood("gate_out_on_hold", [again]), {}, (), AT) == ""


def test_a_wrong_number_is_in_two_places() -> None:
    (twice,) = found("two_places_at_once", "d0 08:00 gate_in @port; d1 09:00 gate_in @zone")
    wrong = stood("bad_or_unknown_box_number", [twice])
    assert muted_by("two_places_at_once", twice, wrong, {}, (), AT) == "bad_or_unknown_box_number"
    assert muted_by("two_places_at_once", twice, [], {}, (), AT) == ""


def test_who_leans_on_a_silent_source_is_muted_while_it_is_silent() -> None:
    (one,) = found("import_overstay", "d0 08:00 discharge")
    assert one.leans == (("port", "gate"),)
    silent = {("port", "gate"): "dt1-gate"}
    assert muted_by("orphan_exit", one, [], silent, (), AT) == "feed_silent"
    assert muted_by("orphan_exit", one, [], {("zone", "gate"): "z"}, (), AT) == ""
    assert muted_by("import_overstay", one, [], silent, (), AT) == "", "an overstay is not excused by silence: it is not verified"


@pytest.mark.parametrize(("hours", "by"), [(-1, ""), (0, CLOSED), (23, CLOSED), (24, "")])
def test_what_nobody_could_have_done_is_excused(hours: int, by: str) -> None:
    (one,) = found("import_overstay", "d0 08:00 discharge")
    shut = [(AT, AT + timedelta(hours=24))]
    at = AT + timedelta(hours=hours)
    assert muted_by("import_overstay", one, [], {}, shut, at) == by
    assert muted_by("gate_out_on_hold", one, [], {}, shut, at) == ""
    assert next_turn("gate_out_on_hold", shut, at) is None
    assert next_turn("import_overstay", shut, at) == (AT if hours < 0 else AT + timedelta(hours=24) if hours < 24 else None)


def test_what_is_over_neither_mutes_nor_is_muted() -> None:
    (over,) = found("import_overstay", "d0 08:00 discharge; d6 09:00 gate_out")
    assert over.condition == "cleared"
    assert stood("import_overstay", [over]) == []
    assert muted_by("import_overstay", over, [], {}, [(AT - timedelta(days=1), None)], AT) == ""


# ---------------------------------------------------------------- blindness

LAW = story.told("d0 08:00 discharge").law


def test_a_rule_without_its_limit_does_not_watch() -> None:
    on = watching(rules(), LAW, AT)
    assert {"import_overstay", "gate_out_on_hold", "two_places_at_once"} <= set(on)
    assert "feed_silent" not in on, "it sees by the silence"
    assert "import_overstay" not in watching(rules(), type(LAW)([], LAW.zone), AT)


def three() -> dict[str, ModuleType]:
    return {rule: rules()[rule] for rule in ("gate_out_on_hold", "import_overstay", "two_places_at_once")}


def test_a_rule_watches_where_the_place_asks_for_what_it_finds() -> None:
    asked = Law([], LAW.zone, required=Required(Seals("customs"), (Apart(("3", "5.1")),)))
    both = {"seal_missing_or_wrong_kind", "dangerous_goods_limit"}
    assert both <= watching(rules(), asked, AT).keys()
    assert not both & watching(rules(), LAW, AT).keys()


def test_all_is_seen_where_all_is_heard() -> None:
    assert blindness(three(), "seaport", {"gate", "quay", "customs"}, {}) == Blindness(3)


def test_who_leans_on_what_is_not_heard_is_blind() -> None:
    since = AT - timedelta(hours=3)
    seen = blindness(three(), "seaport", {"gate", "quay", "customs"}, {"customs": since})
    assert seen.blind == (Unseen("gate_out_on_hold", ("customs",), since),)
    assert (round(seen.share, 2), seen.since) == (0.33, since)


def test_a_kind_that_nobody_tells_blinds_only_those_who_lean_on_it() -> None:
    """A free zone has no quay; a place without a customs source cannot see who leaves on hold."""
    seen = blindness(three(), "free_zone", {"gate"}, {})
    assert seen.blind == (Unseen("gate_out_on_hold", ("customs",), None),)
    assert seen.since is None


def test_who_sees_by_devices_is_blind_while_they_are_not_heard() -> None:
    """Where nobody tells of devices they are taken not to be in use."""
    opened = {"seal_opened": rules()["seal_opened"]}
    assert not blindness(opened, "seaport", {"gate", "quay", "customs"}, {}).blind
    assert not blindness(opened, "seaport", {"gate", "quay", "customs", "devices"}, {}).blind
    silent = blindness(opened, "seaport", {"gate", "quay", "customs", "devices"}, {"devices": AT})
    assert silent.blind == (Unseen("seal_opened", ("devices",), AT),)


def test_without_the_gate_nothing_is_seen() -> None:
    seen = blindness(three(), "seaport", {"gate", "customs"}, {"gate": AT, "customs": None})
    assert {one.rule for one in seen.blind} == set(three())
    assert seen.share == 1
    assert blindness({}, "seaport", {"gate"}, {}).share == 1, "where nothing is watched for, nothing is seen"


def test_goods_are_watched_where_a_ledger_is_told_or_declared() -> None:
    goods = {"negative_stock": rules()["negative_stock"], "bonded": rules()["bonded"]}
    assert blindness(goods, "seaport", {"gate"}, {}) == Blindness(0)
    assert blindness(goods, "free_zone", {"gate", "ledger"}, {}) == Blindness(2)
    assert [unseen.kinds for unseen in blindness(goods, "free_zone", {"gate"}, {}, keeps_goods=True).blind] == [("ledger",)] * 2
    silent = blindness(goods, "free_zone", {"gate", "ledger"}, {"ledger": AT})
    assert [(unseen.rule, unseen.since) for unseen in silent.blind] == [("negative_stock", AT), ("bonded", AT)]
