"""When a person is told: quiet hours, digests, tries; what of a journal is told at all; what a message says; how a webhook is signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.notify import _mail, _webhook
from data.notify.channel import Channel
from data.notify.message import Asking, Message, Told, Words
from data.notify.send import LONGEST_ERROR, MOST, cleaned
from data.queries.notices import STATES
from layouts._parts.notify_list import ERRORS
from layouts._text import LANGUAGES, has
from layouts._text.notice import tell
from zones.episode import SEVERITIES
from zones.notice import DIGESTS, GIVE_UP_AFTER, LONGEST_WAIT, MOST_TRIES, TOLD, Wish, given_up, next_digest, next_try, quiet_end, told_as

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 21, 7, 40, tzinfo=UTC)  # 14:40 at the place
MOMENTS = st.integers(0, 525_599).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
CLOCKS = st.integers(0, 1439).map(lambda m: f"{m // 60:02}:{m % 60:02}")


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-21 21:59", None),
        ("2026-11-21 22:00", "2026-11-22 06:00"),
        ("2026-11-22 05:59", "2026-11-22 06:00"),
        ("2026-11-22 06:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(now: str, ends: str | None) -> None:
    assert quiet_end(at(now), "22:00", "06:00", ZONE) == (at(ends) if ends else None)


def test_quiet_hours_end_by_the_clock_on_the_wall_also_when_it_is_put_forward() -> None:
    assert quiet_end(at("2026-03-07 23:00", NEW_YORK), "22:00", "06:00", NEW_YORK) == at("2026-03-08 06:00", NEW_YORK)
    assert at("2026-03-08 06:00", NEW_YORK) - at("2026-03-07 23:00", NEW_YORK) == timedelta(hours=6)


@given(MOMENTS, CLOCKS, CLOCKS, st.sampled_from((ZONE, NEW_YORK)))
def test_after_quiet_hours_it_is_not_quiet(now: datetime, begins: str, ends: str, zone: ZoneInfo) -> None:
    if begins == ends or (end := quiet_end(now, begins, ends, zone)) is None:
        return
    assert now < end <= now + timedelta(hours=25)
    assert quiet_end(end, begins, ends, zone) is None


@given(MOMENTS, st.sampled_from(DIGESTS[1:]), st.sampled_from((ZONE, NEW_YORK)))
def test_a_digest_comes_soon_and_at_its_times_of_day(now: datetime, minutes: int, zone: ZoneInfo) -> None:
    then = next_digest(now, minutes, zone)
    assert now < then <= now + timedelta(minutes=minutes + 60)
    local = then.astimezone(ZONE)
    assert zone is not ZONE or (local.hour * 60 + local.minute) % minutes == 0


def test_only_queue_waits_for_a_digest_and_only_act_now_breaks_the_quiet() -> None:
    wish = Wish(least="queue", quiet=("14:00", "15:00"), digest=60)
    due = {severity: wish.due_at(NOW, severity, ZONE) for severity in SEVERITIES}
    assert due == {"act_now": NOW, "today": at("2026-11-21 15:00"), "queue": at("2026-11-21 15:00")}
    assert Wish(quiet=("14:00", "15:00"), urgent=False).due_at(NOW, "act_now", ZONE) == at("2026-11-21 15:00")
    assert Wish(digest=60).due_at(NOW, "queue", ZONE, direct=True) == NOW
    assert [Wish(least="today").wants(severity) for severity in SEVERITIES] == [True, True, False]


@given(st.text(max_size=40), st.integers(1, 300))
def test_tries_come_later_and_later_up_to_a_quarter_of_an_hour(key: str, tries: int) -> None:
    wait = next_try(key, tries)
    assert timedelta(seconds=5) <= wait <= LONGEST_WAIT
    assert wait == next_try(key, tries)
    assert tries < 8 or wait >= LONGEST_WAIT / 2


def test_an_hour_is_not_the_end_and_a_day_is() -> None:
    tries, then = 1, NOW
    while not given_up(tries, NOW, then):
        then, tries = then + next_try("k", tries), tries + 1
    assert GIVE_UP_AFTER <= then - NOW < GIVE_UP_AFTER + LONGEST_WAIT
    assert tries < MOST_TRIES
    assert not given_up(2, NOW, NOW + timedelta(days=3))  # the worker stood still meanwhile
    assert given_up(MOST_TRIES, NOW, NOW)


ALERT: dict[str, Any] = {"history": False, "muted_by": "", "condition": "active"}


@pytest.mark.parametrize(
    ("what", "says", "alert", "told"),
    [
        ("raised", {}, {}, "raised"),
        ("raised", {}, {"condition": "unverified"}, ""),
        ("raised", {}, {"condition": "cleared"}, ""),
        ("raised", {}, {"history": True}, ""),
        ("raised", {}, {"muted_by": "x"}, ""),
        ("verified", {"condition": ["unverified", "active"]}, {}, "verified"),
        ("returned", {}, {}, "returned"),
        ("unmuted", {"muted_by": ["x", ""]}, {}, "unmuted"),
        ("muted", {"muted_by": ["", "x"]}, {"muted_by": "x"}, ""),
        ("returned", {}, {"condition": "unverified"}, ""),
        ("invalidated", {}, {"condition": "invalidated"}, "invalidated"),
        ("invalidated", {}, {"condition": "invalidated", "history": True}, ""),
        ("changed", {"severity": ["queue", "today"]}, {}, "worse"),
        ("changed", {"severity": ["act_now", "today"]}, {}, ""),
        ("changed", {"spells": [[], []]}, {}, ""),
        ("cleared", {"severity": ["queue", "today"]}, {}, ""),
    ],
)
def test_what_of_the_journal_is_told(what: str, says: dict[str, Any], alert: dict[str, Any], told: str) -> None:
    assert told_as(what, says, ALERT | alert) == told


# ---------------------------------------------------------------- words


def world() -> Any:
    names = {"en": "Demo Port", "vi": "Cảng Mẫu", "zh": "示范港"}
    return SimpleNamespace(places={"demo-port": SimpleNamespace(timezone="Asia/Ho_Chi_Minh", title=names.__getitem__)})


def told(what: str = "raised", n: int = 1, **alert: Any) -> list[Told]:
    began = NOW - timedelta(minutes=8)
    values = {"box": {"t": "box", "v": "ZZDU4839211"}, "place": {"t": "place", "v": "demo-port"}, "by": {"t": "text", "v": "gate_out"},
              "at": {"t": "instant", "v": began.isoformat()}, "holds": {"t": "holds", "v": []}}  # fmt: skip
    row = {"alert_id": "a1", "because_key": "gate_out_on_hold", "because_values": values, "place": "demo-port", "severity": "act_now",
           "condition": "active", "ended_at": None, "rule": "gate_out_on_hold"}  # fmt: skip
    return [Told(f"n{number}", what, NOW, "lan" if what == "assigned" else "", row | alert) for number in range(n)]


def asking(language: str, **more: Any) -> Asking:
    given = {"public_url": "https://z.example/w", "most": 2, "key": "k" * 32, "channel": "mail", "now": NOW}
    return Asking(**{"language": language, "world": world(), **given, **more})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_whole_in_every_language(language: str) -> None:
    for what in TOLD:
        said = tell(told(what), asking(language))
        whole = said.subject + said.text
        assert "{" not in whole
        assert "notify." not in whole
        assert "https://z.example/w/alerts/a1" in said.text
        assert "14:40 (Asia/Ho_Chi_Minh)" in said.text
        assert world().places["demo-port"].title(language) in said.text
        assert "k" * 32 in said.text
        assert len(said.subject) <= 160
    assert tell([], asking(language)).subject


def test_what_a_message_says_in_english() -> None:
    said = tell(told(), asking("en"))
    assert said.subject.startswith("[Act now] New: ZZDU 483921 1")
    lines = said.text.splitlines()
    assert lines[0] == "Act now · Demo Port"
    assert lines[1] == said.sentences[0]
    assert lines[2] == "Raised 21 Nov 2026 14:40 (Asia/Ho_Chi_Minh)."
    assert "Meanwhile: Cleared." in tell(told(condition="cleared", ended_at=NOW), asking("en")).text
    assert "Assigned to you by lan" in tell(told("assigned"), asking("en")).text
    assert "http" not in tell(told(), asking("en", public_url="")).text


def test_a_flood_is_one_message_that_lists_a_few() -> None:
    said = tell(told(n=5000), asking("en"))
    assert said.subject == "[Act now] 5,000 alerts, 5,000 of this severity"
    assert said.text.count("https://z.example/w/alerts/a1") == 2
    assert "And 4,998 more alerts." in said.text
    assert len(said.sentences) == 5000


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_may_be_said_has_its_words(language: str) -> None:
    reasons = ("no_such_channel", "no_place", "bad_address", "bad_quiet", "bad_choice", "no_wish", "too_soon", "not_dead")
    keys = [*(f"state_{state}" for state in STATES), *ERRORS.values(), *reasons]
    keys += [f"{head}_{what}" for head in ("what", "told") for what in TOLD] + [f"kind_{kind}" for kind in MOST]
    assert [key for key in keys if not has(f"notify.{key}", language)] == []


# ---------------------------------------------------------------- channels

HOOK = Channel(id="hook", url="https://duty.example/services/T0123456/BXYZXYZ?token=abcdefghij", secret="s" * 40)
MESSAGE = Message(
    key="k1", to="an@port.example", person="an", language="vi", words=Words("Đã giao\r\nBcc: x@y.example", "Nội dung", ("Câu",)), at=NOW,
    notices=[{"key": "n1", "alert_id": "a1"}],
)  # fmt: skip


def test_a_webhook_can_be_verified_as_the_guide_says() -> None:
    payload = _webhook.body(MESSAGE)
    asked = _webhook.headers(HOOK.secret, MESSAGE, payload)
    stamp = asked["Zonewatch-Timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    mine = hmac.new(HOOK.secret.encode(), f"{stamp}.".encode() + payload, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(asked["Zonewatch-Signature"], f"v1={mine}")
    assert asked["Zonewatch-Key"] == "k1"
    document = json.loads(payload)
    assert (document["key"], document["notices"]) == ("k1", [{"key": "n1", "alert_id": "a1", "sentence": "Câu"}])


def test_an_email_carries_its_key_and_takes_no_header_from_a_text() -> None:
    channel = Channel(id="mail", url="smtp://mail.example", sender="zonewatch@port.example", domains=frozenset({"port.example"}))
    mail = _mail.written(channel, MESSAGE)
    assert (mail["Zonewatch-Key"], mail["Message-ID"]) == ("k1", "<k1@port.example>")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Đã giao Bcc: x@y.example"
    assert mail.get_content().strip() == "Nội dung"


@given(st.text(max_size=400))
def test_an_error_is_short_printable_and_has_no_secret(text: str) -> None:
    said = cleaned(f"{text}{HOOK.secret}{text} https://duty.example/services/T0123456/BXYZXYZ?token=abcdefghij", HOOK)
    assert len(said) <= LONGEST_ERROR
    assert said.isprintable()
    assert not any(secret in said for secret in (HOOK.secret, "T0123456", "BXYZXYZ", "abcdefghij"))
