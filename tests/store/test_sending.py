"""Notifications to a real mailbox and a real webhook: an hour without the channel, kill -9 between sending and noting it, two senders at
once: nothing is lost, and what is told twice carries the same key.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.actions import NotPermitted, NotPossible, notices
from data.actions.notices import Wanted
from data.notify import send as sender
from data.notify import sending
from data.notify.channel import Channel
from data.people import Actor
from data.queries import notices as ask
from data.queries.notices import Asked
from data.store import tables as t
from data.store.engine import Store, open_store
from tests.mailbox import Mailbox
from tests.sources.web import Reply, Site
from tests.store.notified import (
    AN,
    CHI,
    HERE,
    NOW,
    REAL,
    WORLD,
    Hands,
    channel,
    hands,
    hook,
    mail,
    people,
    raised,
    rows,
    sending_to,
    wish,
)

__all__ = ["hands", "hook", "mail"]


@pytest.mark.parametrize("kind", ["hook", "mail"])
def test_a_channel_that_is_down_for_an_hour_loses_nothing(store: Store, kind: str, request: pytest.FixtureRequest, hands: Hands) -> None:
    to = request.getfixturevalue(kind)
    people(store, AN, CHI)
    for actor in (AN, CHI):
        wish(store, actor, to)
    down: Any = (lambda asked: Reply(status=503)) if isinstance(to, Site) else "451 try again later"
    up = to.says if isinstance(to, Site) else ""
    to.says, own, raised_ = down, sending_to(store, to, hands), []
    for minute in range(60):
        if minute % 6 == 0:
            raised_.append(raised(store, f"m{minute}", hands.now, severity="act_now" if minute == 30 else "today"))
        own.send_due()
        hands.on(minutes=1)
    assert not any(row["state"] == "sent" for row in rows(store, t.delivery))
    assert 4 <= max(row["tries"] for row in rows(store, t.delivery)) <= 20
    to.says = up
    for _ in range(20):
        own.send_due()
        hands.on(minutes=2)
    assert {row["state"] for row in rows(store, t.delivery)} == {"sent"}
    assert len(rows(store, t.delivery)) == 6  # each: the first, what had come by the Act now one, and all the rest
    if isinstance(to, Site):
        taken = [asked for asked in to.asked if json.loads(asked.body)["sent_at"] >= (REAL + timedelta(hours=1)).isoformat()]
        told = Counter(
            (json.loads(asked.body)["person"], each["alert_id"]) for asked in taken for each in json.loads(asked.body)["notices"]
        )
        assert {key[1] for key in told} == set(raised_)
        before = {asked.headers["Zonewatch-Key"] for asked in to.asked if asked not in taken}
        assert before <= {asked.headers["Zonewatch-Key"] for asked in taken}  # what was refused came again under the same key
        assert len({asked.headers["Zonewatch-Signature"] for asked in to.asked}) == len(to.asked)
    else:
        told = Counter((mail["To"].partition("@")[0], each) for mail in to.got for each in raised_ if each in mail.get_content())
    assert told == Counter({(person, each): 1 for person in ("an", "chi") for each in raised_})


def test_killed_between_sending_and_noting_it_comes_again_under_the_same_key(
    store: Store, database_url: str, hook: Site, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(store, AN)
    wish(store, AN, hook)
    raised(store, "a")
    send, own = sender.send, channel(hook)

    def killed(to: Channel, message: Any) -> None:
        send(to, message)
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(sender, "send", killed)
        sending_to(open_store(database_url), own, hands).send_due()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert len(hook.asked) == 1
    mine = sending_to(store, own, hands)
    assert mine.send_due()["sent"] == 0  # its lease still holds
    hands.on(minutes=3)
    assert mine.send_due()["sent"] == 1
    assert mine.send_due()["sent"] == 0
    assert len(hook.asked) == 2
    assert len({asked.headers["Zonewatch-Key"] for asked in hook.asked}) == 1
    (row,) = rows(store, t.delivery)
    assert (row["state"], row["tries"], row["fence"]) == ("sent", 2, 2)


def test_two_senders_at_once_send_each_message_once(store: Store, database_url: str, hook: Site, hands: Hands) -> None:
    many = [Actor(f"p{n}", f"p{n}", "officer") for n in range(12)]
    people(store, *many)
    for actor in many:
        wish(store, actor, hook)
    raised(store, "a")
    raised(store, "b")
    own, other = channel(hook), open_store(database_url)
    both = [threading.Thread(target=sending_to(each, own, hands).send_due) for each in (store, other)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    other.close()
    assert Counter(json.loads(asked.body)["person"] for asked in hook.asked) == Counter(actor.name for actor in many)
    assert {len(json.loads(asked.body)["notices"]) for asked in hook.asked} == {2}
    assert {row["state"] for row in rows(store, t.delivery)} == {"sent"}


def test_a_sender_that_overslept_notes_nothing(store: Store, hook: Site, hands: Hands) -> None:
    people(store, AN)
    wish(store, AN, hook)
    raised(store, "a")
    slow, quick = (sending_to(store, hook, hands) for _ in range(2))
    slow.bundle()
    late = slow.claim()
    assert late is not None
    hands.on(minutes=3)
    taken = quick.claim()
    assert taken is not None
    hook.says = lambda asked: Reply(status=503)
    assert quick.carry(taken) == "failed"
    before = rows(store, t.delivery)
    hook.says = lambda asked: Reply(status=500)
    slow.carry(late)
    assert rows(store, t.delivery) == before
    assert (before[0]["state"], before[0]["error"], before[0]["fence"]) == ("waiting", "127.0.0.1 answered 503", 2)


def test_queue_comes_as_a_digest_and_nights_are_quiet(store: Store, mail: Mailbox, hands: Hands) -> None:
    people(store, AN)
    wish(store, AN, mail, digest=60, quiet_from="22:00", quiet_to="06:00", language="vi")
    own = sending_to(store, mail, hands)
    hands.on(minutes=10)
    for n in range(3):
        raised(store, f"q{n}", hands.now, severity="queue")
    own.send_due()
    assert not mail.got
    assert ask.sent(store, AN, NOW, Asked()).held[0]["n"] == 3
    hands.on(minutes=50)  # 15:00
    own.send_due()
    (digest,) = mail.got
    assert digest["Subject"].startswith("[Chờ xử lý] 3 cảnh báo")
    assert digest.get_content().count("https://zonewatch.example/alerts/q") == 3
    hands.on(hours=8)  # 23:00
    raised(store, "n1", hands.now, severity="today")
    raised(store, "n2", hands.now, severity="act_now")
    own.send_due()
    assert [each["Subject"].partition("]")[0] for each in mail.got[1:]] == ["[Xử lý ngay"]
    hands.on(hours=6, minutes=59)
    own.send_due()
    assert len(mail.got) == 2
    hands.on(minutes=1)  # 06:00
    own.send_due()
    assert mail.got[2]["Subject"].startswith("[Trong ngày]")


def test_what_waits_in_quiet_hours_waits_also_where_it_was_tried_before(store: Store, mail: Mailbox, hands: Hands) -> None:
    people(store, AN)
    wish(store, AN, mail, quiet_from="14:05", quiet_to="15:00")
    own = sending_to(store, mail, hands)
    raised(store, "a", severity="today")
    mail.says = "451 later"
    own.send_due()
    mail.says = ""
    hands.on(minutes=6)
    assert own.send_due()["held"] == 1
    assert rows(store, t.delivery)[0]["tries"] == 1
    hands.on(minutes=54)
    assert own.send_due()["sent"] == 1


def test_places_may_go_to_addresses_and_languages_of_their_own(store: Store, mail: Mailbox, hands: Hands) -> None:
    people(store, AN)
    own = channel(mail)
    for wanted in (
        Wanted(channel="mail", address="an@port.example"),
        Wanted(channel="mail", place="zone", address="z@port.example", language="zh"),
    ):
        notices.wish(store, WORLD, {"mail": own}, AN, NOW, wanted)
    raised(store, "a")
    raised(store, "b", place="zone")
    sending_to(store, mail, hands).send_due()
    assert sorted((got["To"], got["Content-Language"]) for got in mail.got) == [("an@port.example", "en"), ("z@port.example", "zh")]


def test_a_flood_is_one_message(store: Store, mail: Mailbox, hands: Hands) -> None:
    people(store, AN)
    wish(store, AN, mail)
    first = raised(store, "a")
    (own,) = rows(store, t.notice)
    with store.act() as conn:
        conn.execute(t.notice.insert(), [{**own, "notice_id": f"{n:032}", "line": n + 2} for n in range(899)])
    sending_to(store, mail, hands).send_due()
    (got,) = mail.got
    assert got["Subject"] == "[Act now] 900 alerts, 900 of this severity"
    assert got.get_content().count(first) == 50
    assert ask.sent(store, AN, NOW, Asked()).rows[0]["notices"] == 900


def test_what_waits_for_one_person_holds_up_no_other(store: Store, hook: Site, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where so much waits for him that it fills what is looked at at once."""
    monkeypatch.setattr(sending, "AT_ONCE", 3)
    people(store, AN, CHI)
    wish(store, AN, hook)
    raised(store, "a")
    own = sending_to(store, hook, hands)
    hook.says = lambda asked: Reply(status=500)
    own.send_due()
    for n in range(5):
        raised(store, f"b{n}", NOW + timedelta(seconds=n), severity="today")
    wish(store, CHI, hook)
    raised(store, "c", NOW + timedelta(seconds=9), severity="today")
    hook.asked.clear()
    hook.says = lambda asked: Reply()
    hands.on(seconds=9)
    own.send_due()
    assert "chi" in [json.loads(asked.body)["person"] for asked in hook.asked]


def test_what_may_not_be_seen_any_more_is_not_sent(store: Store, hook: Site, hands: Hands) -> None:
    gone = (replace(AN, id="x1", name="x1"), replace(AN, id="x2", name="x2"), replace(AN, id="x3", name="x3"))
    people(store, *gone, CHI)
    for actor in (*gone, CHI):
        wish(store, actor, hook)
    raised(store, "a")
    own = sending_to(store, hook, hands)
    own.bundle()
    with store.act() as conn:
        conn.execute(t.account.update().where(t.account.c.name == "x1").values(places=["zone"]))
        conn.execute(t.account.update().where(t.account.c.name == "x2").values(disabled=True))
    notices.forget(store, gone[2], NOW, "hook", "", seen=1)
    own.send_due()
    assert [json.loads(asked.body)["person"] for asked in hook.asked] == ["chi"]
    said = {row["person"]: (row["state"], row["error"]) for row in rows(store, t.delivery)}
    assert said == {"x1": ("dropped", "no_place"), "x2": ("dropped", "no_account"), "x3": ("dropped", "no_wish"), "chi": ("sent", "")}


def test_it_is_given_up_after_a_day_is_seen_and_may_be_sent_again(store: Store, hook: Site, hands: Hands) -> None:
    people(store, AN)
    wish(store, AN, hook)
    raised(store, "a")
    hook.says = lambda asked: Reply(status=500)
    own = sending_to(store, hook, hands)
    while rows(store, t.delivery)[:1] == [] or rows(store, t.delivery)[0]["state"] == "waiting":
        own.send_due()
        hands.on(hours=1)
    (row,) = rows(store, t.delivery)
    assert (row["state"], row["error"]) == ("dead", "127.0.0.1 answered 500")
    assert row["done_at"] - NOW >= timedelta(hours=24)
    with store.read() as conn:
        assert (ask.standing(conn).dead, ask.standing(conn).waiting) == (1, 0)
    hook.says = lambda asked: Reply()
    with pytest.raises(NotPermitted):
        notices.send_again(store, HERE, hands.now, hands.real, row["delivery_id"])
    notices.send_again(store, CHI, hands.now, hands.real, row["delivery_id"])
    with pytest.raises(NotPossible, match="not_dead"):
        notices.send_again(store, CHI, hands.now, hands.real, row["delivery_id"])
    assert own.send_due()["sent"] == 1
    assert len({asked.headers["Zonewatch-Key"] for asked in hook.asked}) == 1


def test_what_no_channel_takes_any_more_is_given_up(store: Store, hook: Site, hands: Hands) -> None:
    people(store, AN, CHI)
    wish(store, AN, hook)
    raised(store, "a")
    sending_to(store, hook, hands).bundle()
    wish(store, CHI, hook)
    raised(store, "b")
    assert sending.sweep(store, {}, *hands.on(hours=23)()) == 0
    assert sending.sweep(store, {}, *hands.on(hours=1)()) == 3
    assert [row["error"] for row in rows(store, t.delivery)] == [sending.UNDECLARED] * 3
    assert sending.sweep(store, {}, *hands()) == 0
