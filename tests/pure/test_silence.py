"""Feed silent over long times: hours that begin and end, and what comes after the days that are looked ahead."""

from __future__ import annotations

import pytest

from tests import story
from zones.alert import occasions
from zones.rules import feed_silent as rule


@pytest.mark.parametrize("said", ["expect 30m 06:00-22:00; d0 12:00 receipt", "expect 2h 08:00-10:00; expect 24h; d0 12:00 receipt"])
@pytest.mark.parametrize("day", ["1", "12", "39", "41", "60", "200"])
def test_silent_for_long_it_does_not_end_by_itself(said: str, day: str) -> None:
    at = story.clock(day, "09", "00")
    (one,) = occasions(story.episodes(rule, story.told(said)), at, rule.LATCHING, rule.NEEDS, lambda place, kind: at)
    assert one.condition == "active"


def test_by_night_it_may_be_over_until_the_morning() -> None:
    spelled = story.spelled(story.episodes(rule, story.told("expect 30m 06:00-22:00; d0 12:00 receipt; d2 12:00 receipt")))
    assert spelled.startswith("d0 12:30..d0 22:00, d1 06:00..d1 22:00, d2 06:00..d2 12:00, d2 12:30..d2 22:00, ")


def test_a_receipt_ends_it() -> None:
    found = story.episodes(rule, story.told("expect 1h; d0 12:00 receipt; d0 15:00 receipt"))
    assert story.spelled(found) == "d0 13:00..d0 15:00, d0 16:00.."
    assert story.known_at(found) == ["d0 13:00", "d0 16:00"]


def test_without_anything_expected_nothing_is_silent() -> None:
    assert story.episodes(rule, story.told("d0 12:00 receipt")) == []
