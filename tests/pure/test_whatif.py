"""What would have had to be otherwise: only ever what the rule itself answers, to the minute."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import story
from zones import whatif
from zones.asking import Known, asked
from zones.episode import Episode
from zones.rules import rules
from zones.whatif import Otherwise, otherwise

TRAVEL = {("port", "zone"): timedelta(minutes=75)}
AT = story.clock("20", "00", "00")


def asked_of(rule_id: str, said: str) -> dict[str, Otherwise]:
    told = story.told(said)
    rule = rules()[rule_id]
    (episode,) = story.episodes(rule, told)
    box = told.known()
    found = otherwise(box, rule, episode.anchor_reports, episode.began_at, AT, lambda place: told.law, TRAVEL)
    return {one.what: one for one in found}


def local(one: Otherwise) -> str:
    return f"{one.what} {one.side} {story._when(one.at)}"


def test_an_overstay_that_lasts_would_not_be_had_it_left_by_the_deadline() -> None:
    found = asked_of("import_overstay", "d0 08:00 discharge")
    assert local(found["left"]) == "left by d5 08:00"
    assert found["left"].was is None
    assert local(found["entered"]) == "entered from d15 00:01", "five days before it is judged"


def test_an_overstay_that_ended_would_not_be_had_it_left_sooner_or_come_later() -> None:
    found = asked_of("import_overstay", "d0 08:00 discharge; d6 09:00 gate_out")
    assert local(found["left"]) == "left by d5 08:00"
    assert found["left"].off == timedelta(days=1, hours=1)
    assert local(found["entered"]) == "entered from d1 09:00"


def test_gone_on_hold_would_not_be_had_it_left_before_the_hold_or_been_released() -> None:
    found = asked_of("gate_out_on_hold", "d0 08:00 discharge; d1 09:00 hold customs; d2 14:00 gate_out")
    assert local(found["left"]) == "left by d1 08:59"
    assert local(found["released"]) == "released by d2 14:00"
    assert found["released"].agency == "customs"


def test_two_holds_cannot_be_helped_by_one_release() -> None:
    said = "d0 08:00 discharge; d1 09:00 hold customs; d1 10:00 hold quarantine; d2 14:00 gate_out"
    assert "released" not in asked_of("gate_out_on_hold", said)


def test_too_soon_elsewhere_would_not_be_had_it_come_later() -> None:
    found = asked_of("two_places_at_once", "d0 08:00 gate_in @port; d1 09:00 gate_out @port; d1 09:30 gate_in @zone")
    assert local(found["entered"]) == "entered from d1 10:15"
    assert local(found["left"]) == "left by d1 08:15"


@pytest.mark.parametrize(
    "rule_id", [rule for rule, module in rules().items() if module.SUBJECT not in ("feed", "call", "area", "alert", "lot", "operator")]
)
def test_what_it_says_is_what_the_rule_answers(rule_id: str) -> None:
    """In every firing example of every rule: at the time that is told there is no alert, a minute nearer to what was there is."""
    rule, looked = rules()[rule_id], 0
    for _, said, result in story.examples(rule):
        told = story.told(said)
        spells = story.episodes(rule, told)
        if result == "none" or len(spells) != 1 or spells[0].began_at > AT:
            continue
        box, spell = told.known(), spells[0]

        def stands(changed: Known, told: story.Story = told, spell: Episode = spell) -> bool:
            found = [e for *_, es in asked(changed, lambda place: told.law, TRAVEL, {rule_id: rule}) for e in es]
            return any(set(e.anchor_reports) & set(spell.anchor_reports) and e.began_at <= AT for e in found)

        assert stands(box)
        ways = {(what, place, agency, was): moved for what, was, place, agency, moved in whatif._variations(box, spell.began_at, AT)}
        for one in otherwise(box, rule, spell.anchor_reports, spell.began_at, AT, lambda place, told=told: told.law, TRAVEL):  # type: ignore[misc]
            moved = ways[one.what, one.place, one.agency, one.was]
            minutes = (one.at - (one.was or spell.began_at)) // timedelta(minutes=1)
            there, nearer = moved(minutes), moved(minutes + (1 if one.side == "by" else -1))
            assert there is not None
            assert not stands(there)
            assert nearer is None or stands(nearer)
            looked += 1
    assert bool(looked) == bool(getattr(rule, "OTHERWISE", True))


@pytest.mark.parametrize(
    ("rule_id", "said", "nearest"),
    [
        ("selected", "limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs", "released by d1 21:00"),
        ("release_time_target_missed", "limit release_target 48h; d0 08:00 discharge; d1 09:00 hold customs", "released by d3 09:00"),
        (
            "release_time_target_missed",
            "limit release_target 48h; d0 08:00 discharge; d1 09:00 hold customs; d3 15:00 release customs",
            "released by d3 09:00",
        ),
        (
            "exit_without_permit",
            "limit permit_validity_storage 1d; d0 08:00 gate_in @zone; d1 13:59 permit customs; d2 14:00 gate_out @zone",
            "told from d1 14:00",
        ),
        (
            "released",
            "limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d6 09:30 gate_out @zone",
            "left by d6 09:00",
        ),
        ("statutory_limit_approaching", "limit temporary_storage 15d; d0 08:00 discharge", "left by d15 08:00"),
    ],
)
def test_what_customs_could_have_done(rule_id: str, said: str, nearest: str) -> None:
    found = asked_of(rule_id, said)
    assert local(found[nearest.split()[0]]) == nearest


def test_a_rule_tells_only_what_makes_sense_of_it() -> None:
    late = "limit transit_time 72h; d1 08:00 permit customs to=zone; d1 09:00 gate_out; d4 10:00 gate_in @zone"
    assert {name: local(one) for name, one in asked_of("left_port", late).items()} == {"entered": "entered by d4 09:00"}
    assert asked_of("orphan_exit", "d3 09:00 gate_out; limit orphan_window 24h") == {}
    changed = "d0 08:00 discharge seals=A1; d3 09:00 gate_out seals=B2; d3 11:00 inspected customs"
    assert {name: local(one) for name, one in asked_of("seal_number_changed", changed).items()} == {"told": "told by d3 09:00"}
    handled = asked_of("handling_under_hold", "d0 08:00 discharge; d1 09:00 hold customs; d1 12:00 strip")
    assert {name: local(one) for name, one in handled.items()} == {"released": "released by d1 12:00"}
