"""Notifications from the journal to a real mailbox and a real webhook: who is told what, once; an hour without the channel, kill -9
between sending and noting it, two senders at once: nothing is lost, and what is told twice carries the same key.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from data import actions, audit
from data.actions import Conflict, NotPermitted, NotPossible, notices
from data.actions.notices import Wanted
from data.notify import send as sender
from data.notify import sending
from data.notify.channel import Channel
from data.notify.outbox import tell_lines
from data.people import Actor
from data.queries import notices as ask
from data.queries.notices import Asked
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store, open_store
from layouts._text.notice import tell
from tests.alert_rows import put_alert
from tests.mailbox import Mailbox, mailbox
from tests.sources.web import Reply, Site, web
from tests.store.told import Book, book, clock, small_world

__all__ = ["book"]
AN, CHI = Actor("an", "an", "officer"), Actor("chi", "chi", "supervisor")
HERE = Actor("ha", "ha", "officer", frozenset({"zone"}))
WORLD = small_world()
NOW = clock("d5 14:00")  # 14:00 at the place
REAL = datetime(2026, 6, 1, tzinfo=UTC)
SECRET = "a-secret-of-more-than-32-characters"


@pytest.fixture
def hook() -> Iterator[Site]:
    with web() as site:
        site.says = lambda asked: Reply(status=204)
        yield site


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


def channel(to: Site | Mailbox) -> Channel:
    if isinstance(to, Mailbox):
        domains = frozenset({"port.example"})
        return Channel(id="mail", url=f"smtp://127.0.0.1:{to.port}", sender="zonewatch@port.example", domains=domains)
    return Channel(id="hook", url=f"{to.url}/in", secret=SECRET)


def people(store: Store, *actors: Actor) -> None:
    rows = [
        {"name": each.name, "role": each.role, "places": each.places and sorted(each.places), "password": "", "created_at": NOW}
        for each in actors
    ]
    with store.act() as conn:
        conn.execute(t.account.insert(), rows)


def wish(store: Store, actor: Actor, to: Site | Mailbox, **more: Any) -> None:
    own = channel(to)
    wanted = Wanted(channel=own.id, address=f"{actor.name}@port.example" if own.kind == "mail" else "", **{"least": "queue", **more})
    notices.wish(store, WORLD, {own.id: own}, actor, NOW, wanted)


def raised(store: Store, name: str, at: datetime = NOW, *, what: str = "raised", **more: Any) -> str:
    """An alert of the port and its line, told as judging tells it."""
    alert_id = put_alert(store, name.ljust(32, "0"), at, **{"place": "port", **more})
    with store.act() as conn:
        row = dict(conn.execute(sa.select(t.alert).where(t.alert.c.alert_id == alert_id)).mappings().one())
        line = {"alert_id": alert_id, "line": 1, "at": at, "by": "", "what": what, "values": {}}
        tell_lines(conn, WORLD, [line], [row])
    return alert_id


class Hands:
    """A clock in a test's hands."""

    def __init__(self) -> None:
        self.now, self.real = NOW, REAL

    def __call__(self) -> tuple[datetime, datetime]:
        return self.now, self.real

    def on(self, **by: float) -> Hands:
        self.now, self.real = self.now + timedelta(**by), self.real + timedelta(**by)
        return self


@pytest.fixture
def hands() -> Hands:
    return Hands()


def sending_to(store: Store, to: Site | Mailbox | Channel, hands: Hands) -> sending.Sender:
    own = to if isinstance(to, Channel) else channel(to)
    return sending.Sender(store, WORLD, own, tell, "https://zonewatch.example", hands)


def rows(store: Store, table: sa.Table) -> list[dict[str, Any]]:
    with store.read() as conn:
        return [dict(row) for row in conn.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()]


# ---------------------------------------------------------------- what is told


def test_what_judging_writes_is_told_to_whom_it_concerns(book: Book, hook: Site) -> None:
    """In the transaction of the line: not verified is not told until it is, and invalidated is told to the assignee."""
    people(book.store, AN, CHI, HERE)
    for actor in (AN, CHI, HERE):
        wish(book.store, actor, hook)
    book.told_by("customs", "d1 09:00 hold", hold_ref="H1").told_by("terminal", "d0 08:00 discharge")
    book.told_by("terminal", "d2 08:00 gate_out", number="OUT1").judged("d2 09:00")
    assert book.alert("gate_out_on_hold")["condition"] == "unverified"  # customs was not heard since
    assert not rows(book.store, t.notice)
    book.told_by("customs", "d2 09:30 hold", box="ZZDU0000010", equipment="ZZDU0000010").judged("d2 10:00")
    told = rows(book.store, t.notice)
    assert sorted((row["person"], row["what"]) for row in told) == [("an", "verified"), ("chi", "verified")]
    actions.assign(book.store, CHI, told[0]["alert_id"], clock("d2 10:30"), to="an")
    book.cancelled("d2 08:00 gate_out", number="OUT1", received="d2 11:00").judged("d2 11:30")
    told = [row for row in rows(book.store, t.notice) if row["what"] != "verified"]
    assert sorted((row["person"], row["what"], row["by"]) for row in told) == [("an", "assigned", "chi"), ("an", "invalidated", "")]
    book.judged("d2 12:00")
    assert len(rows(book.store, t.notice)) == 4


def test_not_told_is_what_is_not_wanted_shelved_or_beyond_reach(store: Store, hook: Site) -> None:
    people(store, AN, HERE)
    wish(store, AN, hook, least="today")
    wish(store, HERE, hook)
    raised(store, "a", severity="queue")
    raised(store, "b", shelved_until=NOW + timedelta(hours=1))
    raised(store, "c", history=True)
    raised(store, "d", muted_by="x")
    assert not rows(store, t.notice)
    raised(store, "e", severity="today")
    raised(store, "f", shelved_until=NOW)
    assert [row["person"] for row in rows(store, t.notice)] == ["an", "an"]


def test_nobody_asked_costs_one_question_and_writes_nothing(store: Store) -> None:
    asked: list[str] = []
    sa.event.listen(store.writer, "before_cursor_execute", lambda *args: asked.append(args[2]))
    alert_id = put_alert(store, "a" * 32, NOW)
    with store.act() as conn:
        row = dict(conn.execute(sa.select(t.alert)).mappings().one())
        asked.clear()
        lines = [{"alert_id": alert_id, "line": n, "at": NOW, "by": "", "what": "raised", "values": {}} for n in range(500)]
        assert tell_lines(conn, WORLD, lines, [row]) == 0
    assert len([statement for statement in asked if "notify_wish" in statement]) == len(asked) == 1


# ---------------------------------------------------------------- how it is sent


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


# ---------------------------------------------------------------- what people do


def test_a_wish_is_ones_own_and_audited_and_one_wins(store: Store, mail: Mailbox) -> None:
    people(store, AN, HERE)
    own = channel(mail)
    wanted = Wanted(channel="mail", address="an@port.example", least="today")
    ours = store, WORLD, {"mail": own}
    assert notices.wish(*ours, AN, NOW, wanted) == 1
    assert notices.wish(*ours, AN, NOW, replace(wanted, digest=30), seen=1) == 2
    with pytest.raises(Conflict):
        notices.wish(*ours, AN, NOW, wanted, seen=1)
    with pytest.raises(Conflict):
        notices.forget(store, AN, NOW, "mail", "", seen=1)
    wrong = {
        "no_channel": replace(wanted, channel="pigeon"),
        "no_place": replace(wanted, place="port"),
        "bad_address": replace(wanted, address="an@elsewhere.example"),
        "bad_quiet": replace(wanted, quiet_from="22:00"),
        "bad_choice": replace(wanted, digest=7),
    }
    for reason, each in wrong.items():
        with pytest.raises(NotPossible) as told:
            notices.wish(*ours, HERE, NOW, each)
        assert told.value.reason == reason
    with pytest.raises(NotPermitted):
        notices.wish(*ours, Actor("x", "x", "nobody"), NOW, wanted)
    notices.forget(store, AN, NOW, "mail", "", seen=2)
    assert ask.mine(store, AN) == []
    with store.read() as conn:
        assert audit.verify(conn) is None
        said = [row.action for row in conn.execute(sa.select(t.audit).order_by(t.audit.c.seq))]
    assert said == ["notify", "notify", "denied", "notify_forget"]


def test_the_test_button_says_what_came_of_it(store: Store, settings: Settings, hook: Site) -> None:
    people(store, AN)
    wish(store, AN, hook)
    own = replace(settings, channels={"hook": channel(hook)}, public_url="https://zonewatch.example")

    def pressed(**later: float) -> str:
        return notices.try_channel(store, WORLD, own, AN, NOW, REAL + timedelta(**later), "hook", "", tell)

    assert pressed() == ""
    with pytest.raises(NotPossible, match="too_soon"):
        pressed(seconds=5)
    hook.says = lambda asked: Reply(status=404)
    assert pressed(minutes=1) == "127.0.0.1 answered 404"
    assert [json.loads(asked.body)["subject"] for asked in hook.asked] == ["Zonewatch: test message"] * 2
    assert sorted((row["kind"], row["state"]) for row in rows(store, t.delivery)) == [("test", "failed"), ("test", "sent")]
    with store.read() as conn:
        assert ask.standing(conn).dead == 0
    with pytest.raises(NotPossible, match="no_wish"):
        notices.try_channel(store, WORLD, own, CHI, NOW, REAL, "hook", "", tell)


def test_who_sees_which_messages(store: Store, hook: Site, hands: Hands) -> None:
    everywhere, here = Actor("lan", "lan", "supervisor", frozenset({"port"})), Actor("minh", "minh", "supervisor", frozenset({"zone"}))
    people(store, AN, CHI)
    for actor in (AN, CHI):
        wish(store, actor, hook)
    alert_id = raised(store, "a")
    sending_to(store, hook, hands).send_due()
    seen = {actor.name: [row["person"] for row in ask.sent(store, actor, NOW, Asked()).rows] for actor in (AN, CHI, everywhere, here, HERE)}
    assert {name: sorted(people) for name, people in seen.items()} == {
        "an": ["an"], "chi": ["an", "chi"], "lan": ["an", "chi"], "minh": [], "ha": [],
    }  # fmt: skip
    found = ask.sent(store, CHI, NOW, Asked(alert=alert_id, person="an", state="sent", channel="hook", place="port"))
    (row,) = found.rows
    assert [each["alert_id"] for each in found.alerts[row["delivery_id"]]] == [alert_id]
    assert (found.counts, found.people) == ({"sent": 2}, ("an", "chi"))
    assert ask.sent(store, CHI, NOW + timedelta(hours=25), Asked()).counts == {}
    assert ask.sent(store, AN, NOW, Asked()).people == ("an",)
    for asked in (Asked(state="dead"), Asked(channel="mail"), Asked(place="zone"), Asked(alert="x"), Asked(page=2)):
        assert not ask.sent(store, CHI, NOW, asked).rows
