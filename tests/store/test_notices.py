"""Notifications from the journal: who is told what, once; and what people ask for and see of it. How it is sent: test_sending.py."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from data import actions, audit
from data.actions import Conflict, NotPermitted, NotPossible, notices
from data.actions.notices import Wanted
from data.notify.outbox import tell_lines
from data.people import Actor
from data.queries import notices as ask
from data.queries.notices import Asked
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store
from layouts._text.notice import tell
from tests.alert_rows import put_alert
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
from tests.store.told import Book, book, clock

__all__ = ["book", "hands", "hook", "mail"]


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
