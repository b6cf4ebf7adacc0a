"""Overdue: what the worker writes when nobody answers, who is on duty, and what a list asks of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from data import actions
from data.actions import NotPermitted, NotPossible
from data.attend import attend
from data.people import Actor, add_account, disable_account
from data.queries import live
from data.queries import response as ask
from data.store.engine import Store
from data.store.tables import alert, alert_line, alert_work, audit, escalation, notice
from tests.alert_rows import put_alert
from tests.sources.web import web
from tests.store.notified import people, wish
from tests.store.told import PORT, small_world

MINUTE = timedelta(minutes=1)
WORLD = small_world(
    PORT
    + """
shifts: [{name: day, from: "06:00", to: "18:00"}, {name: night, from: "18:00", to: "06:00"}]
response: {act_now: {acknowledge: 20m, decide: 4h}, today: {decide: 1d}}
phones: [{name: Duty line, number: "110"}]
"""
)
AN = Actor("an", "an", "officer")
CHI = Actor("chi", "chi", "supervisor")
MAI = Actor("mai", "mai", "manager")
VIEWER = Actor("viewer", "viewer", "viewer")
ELSEWHERE = Actor("dung", "dung", "supervisor", frozenset({"zone"}))


@pytest.fixture
def raised(store: Store, now: datetime) -> str:
    """An Act-now alert, raised now."""
    for who in (AN, CHI, MAI, ELSEWHERE):
        add_account(store, who.name, who.role, "long enough 7x", now, places=who.places)
    return put_alert(store, "a" * 32, now, place="port", recorded_at=now)


def steps(store: Store) -> list[tuple[str, int, str, list[str]]]:
    with store.read() as conn:
        rows = conn.execute(sa.select(escalation).order_by(escalation.c.at))
        return [(row.clock, row.step, row.to, row.called) for row in rows]


def lines(store: Store) -> list[str]:
    with store.read() as conn:
        return list(conn.execute(sa.select(alert_line.c.what).order_by(alert_line.c.line)).scalars())


def test_it_goes_up_while_nobody_answers_each_step_once(store: Store, raised: str, now: datetime) -> None:
    actions.sign_on(store, WORLD, CHI, "port", now)
    for minutes, escalated in ((19, 0), (20, 1), (20, 0), (39, 0), (41, 1), (300, 0)):
        assert attend(store, WORLD, now + minutes * MINUTE)["escalated"] == escalated
    assert steps(store) == [("acknowledge", 1, "supervisor", ["chi"]), ("acknowledge", 2, "phones", ["Duty line: 110"])]
    assert lines(store) == ["raised", "escalated", "escalated"]


def test_an_answer_stops_it_and_the_next_clock_runs_from_the_same_moment(store: Store, raised: str, now: datetime) -> None:
    actions.acknowledge(store, AN, raised, now + 19 * MINUTE)
    assert attend(store, WORLD, now + 239 * MINUTE)["escalated"] == 0
    actions.sign_on(store, WORLD, MAI, "port", now + 239 * MINUTE)
    assert attend(store, WORLD, now + 240 * MINUTE)["escalated"] == 1
    assert steps(store) == [("decide", 1, "manager", ["mai"])]
    actions.outcome(store, AN, raised, now + 241 * MINUTE, outcome="offence", text="So it was.", heard="The driver.")
    assert attend(store, WORLD, now + timedelta(days=9))["escalated"] == 0


def test_shelved_it_has_no_clock_and_back_a_new_one(store: Store, raised: str, now: datetime) -> None:
    until = now + 60 * MINUTE
    actions.shelve(store, AN, raised, now, world=WORLD, until=until, reason="The crane is down.")
    actions.agree_shelf(store, CHI, raised, now, world=WORLD)
    assert attend(store, WORLD, now + 59 * MINUTE) == {"returned": 0, "lapsed": 0, "escalated": 0}
    assert attend(store, WORLD, until + 19 * MINUTE) == {"returned": 1, "lapsed": 0, "escalated": 0}
    assert attend(store, WORLD, until + 20 * MINUTE) == {"returned": 0, "lapsed": 0, "escalated": 1}


def test_what_is_over_before_anybody_took_it_up_or_is_not_declared_is_left_alone(store: Store, now: datetime) -> None:
    for number, values in enumerate((
        {"condition": "cleared"}, {"condition": "invalidated"}, {"muted_by": "b" * 32}, {"history": True}, {"work": "confirmed"},
        {"work": "closed"}, {"severity": "queue"}, {"severity": "today"}, {"place": "zone"},
    )):  # fmt: skip
        put_alert(store, f"{number:032}", now, **{"place": "port", "recorded_at": now, **values})
    assert attend(store, WORLD, now + timedelta(hours=5))["escalated"] == 0


def test_a_hundred_are_as_one(store: Store, now: datetime) -> None:
    for number in range(205):
        put_alert(store, f"{number:032}", now, place="port", recorded_at=now)
    assert attend(store, WORLD, now + 20 * MINUTE)["escalated"] == 205


def test_a_list_is_told_what_is_overdue_and_that_nobody_is_there(store: Store, raised: str, now: datetime) -> None:
    later = now + 10 * MINUTE
    both = sa.select(alert, *(c for c in alert_work.c if c.name != "alert_id")).join(alert_work, alert_work.c.alert_id == alert.c.alert_id)
    for at, stage, overdue in ((now, "ok", 0), (later, "half", 0), (now + 20 * MINUTE, "full", 1)):
        with store.read() as conn:
            rows = [dict(row) for row in conn.execute(both).mappings()]
            found = ask.of(conn, WORLD, rows, at)[raised]
            late = conn.execute(both.where(ask.is_overdue(WORLD, at))).all()
        assert (found.reading.stage, found.nobody, found.gone_to, len(late)) == (stage, True, "", overdue)
        assert ask.count_overdue(store, CHI, WORLD, at) == ({("port", "act_now"): 1} if overdue else {})
    attend(store, WORLD, now + 20 * MINUTE)
    actions.sign_on(store, WORLD, AN, "port", now)
    with store.read() as conn:
        found = ask.of(conn, WORLD, rows, now + 20 * MINUTE)[raised]
        board = ask.board(conn, AN, WORLD, "port", now)
    assert (found.nobody, found.gone_to) == (False, "phones")
    assert ([one.name for one in board.people], board.own_until, board.phones) == (["an"], now + timedelta(hours=6), ("Duty line: 110",))
    assert ask.count_overdue(store, ELSEWHERE, WORLD, later + 10 * MINUTE) == {}


def test_duty_ends_with_the_shift_or_before_and_is_audited(store: Store, raised: str, now: datetime) -> None:
    def there(at: datetime) -> list[str]:
        with store.read() as conn:
            return [one.name for one in ask.board(conn, CHI, WORLD, "port", at).people]

    ends = now + timedelta(hours=6)  # 18:00 at the port
    for _ in range(2):
        assert actions.sign_on(store, WORLD, AN, "port", now) == ends
    actions.sign_on(store, WORLD, CHI, "port", now)
    assert there(now) == ["an", "chi"]
    actions.sign_off(store, WORLD, CHI, "port", now + MINUTE)
    with pytest.raises(NotPossible, match="not_on_duty"):
        actions.sign_off(store, WORLD, CHI, "port", now + MINUTE)
    assert there(now + MINUTE) == ["an"]
    assert there(ends) == []
    actions.sign_on(store, WORLD, MAI, "port", now + MINUTE)
    disable_account(store, "mai", now)
    assert there(now + MINUTE) == ["an"]
    for who, place in ((VIEWER, "port"), (ELSEWHERE, "port"), (AN, "nowhere")):
        with pytest.raises(NotPermitted):
            actions.sign_on(store, WORLD, who, place, now)
    with store.read() as conn:
        acts = conn.execute(sa.select(audit.c.actor, audit.c.action).where(audit.c.action.like("sign%")).order_by(audit.c.seq)).all()
    assert [tuple(act) for act in acts] == [("an", "sign_on"), ("chi", "sign_on"), ("chi", "sign_off"), ("mai", "sign_on")]


def test_who_an_overdue_alert_comes_to_is_told_and_whose_shelf_is_over(store: Store, now: datetime) -> None:
    """Whatever they asked to hear of; each once."""
    with web() as site:
        people(store, AN, CHI)
        for who in (AN, CHI):
            wish(store, who, site, least="act_now")
    late = put_alert(store, "l" * 32, now, place="port", recorded_at=now)
    actions.sign_on(store, WORLD, CHI, "port", now)
    shelved = put_alert(store, "s" * 32, now, place="port", severity="queue", recorded_at=now)
    actions.shelve(store, AN, shelved, now, world=WORLD, until=now + 10 * MINUTE, reason="Waits for the agent.")
    for minutes in (10, 20, 21):
        attend(store, WORLD, now + minutes * MINUTE)
    n = notice.c
    with store.read() as conn:
        told = [tuple(row) for row in conn.execute(sa.select(n.alert_id, n.what, n.person).order_by(n.at))]
    assert told == [(shelved, "unshelved", "an"), (late, "overdue", "chi")]


def test_a_page_hears_by_itself_that_half_of_the_time_is_used_up(store: Store, raised: str, now: datetime) -> None:
    tokens = [live.look(store, AN, now + minutes * MINUTE, WORLD).token for minutes in (1, 9, 10, 11, 19, 20, 21)]
    assert [one != before for before, one in pairwise(tokens)] == [False, True, False, False, True, False]


def test_nobody_on_duty_is_told_where_an_alert_waits_for_a_role_of_which_nobody_is(store: Store, raised: str, now: datetime) -> None:
    def told(minutes: int = 0, who: Actor = MAI) -> dict[str, dict[str, int]]:
        return ask.nobody_there(store, who, WORLD, now + minutes * MINUTE)

    assert told() == {"port": {"officer": 1}}
    assert told(who=ELSEWHERE) == {}
    actions.sign_on(store, WORLD, CHI, "port", now)
    assert told() == {"port": {"officer": 1}}
    attend(store, WORLD, now + 20 * MINUTE)  # it goes to the supervisor
    assert told(20) == {}
    actions.sign_off(store, WORLD, CHI, "port", now + 25 * MINUTE)
    assert told(26) == {"port": {"supervisor": 1}}
    attend(store, WORLD, now + 40 * MINUTE)
    assert told(41) == {"port": {"phones": 1}}
    actions.sign_on(store, WORLD, MAI, "port", now + 42 * MINUTE)
    assert told(43) == {}
    actions.acknowledge(store, AN, raised, now + 44 * MINUTE)
    assert told(45) == {"port": {"officer": 1}}, "another clock, from the first role on"
    actions.sign_on(store, WORLD, AN, "port", now + 46 * MINUTE)
    assert told(47) == {}
