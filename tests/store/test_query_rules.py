"""How a rule did, what alarms come to, what passes a limit: counted from what people did and what is ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from data.people import Actor, add_account
from data.queries import alarm_health, forecast, rules
from data.store import tables as t
from tests.alert_rows import put_alert
from tests.store.told import Book, book, clock

__all__ = ["book"]
ALL, FAR = Actor("chi", "chi", "supervisor"), Actor("far", "far", "supervisor", frozenset({"zone"}))
RULE = "import_overstay"
NOW = clock("d20 00:00")


def put(book: Book, number: int, outcome: str = "", after: int = 10, **more: object) -> None:
    """An alert of d10, known one minute after the other; acknowledged and decided so many minutes after it was recorded."""
    at = clock("d10 08:00") + timedelta(minutes=number)
    alert_id = f"{number:032}"
    put_alert(book.store, alert_id, at, place="port", rule=RULE, known_at=at, recorded_at=at, **more)
    if outcome:
        decided = {"outcome_by": "an", "closed_by": "chi", "outcome": outcome, "outcome_at": at + timedelta(minutes=2 * after)}
        done = {**decided, "acknowledged_at": at + timedelta(minutes=after)}
        with book.store.write() as conn:
            conn.execute(t.alert_work.update().where(t.alert_work.c.alert_id == alert_id).values(**done, work="closed"))


def test_a_card_counts_outcomes_times_and_finds_the_last_hit(book: Book) -> None:
    for number, outcome in enumerate(["offence", "administrative", "benign_cause", "rule_too_wide", "unknown", ""]):
        put(book, number, outcome, after=10 * (number + 1))
    put(book, 50, "offence", history=True)
    put(book, 51, "offence", condition="invalidated")
    since, until = clock("d10 00:00"), clock("d11 00:00")
    port, zone = rules.card(book.store, ALL, book.world, RULE, since=since, until=until)
    assert (port.place, port.alerts, port.without, port.outcomes["unknown"]) == ("port", 6, 1, 1)
    assert (port.precision.true, port.precision.false, port.precision.unknown, port.precision.share) == (3, 1, 1, 0.75)
    assert port.acknowledge == (5, 30, 50)
    assert port.decide == (5, 60, 100)
    assert zone.alerts == 0
    assert zone.precision.share is None
    assert [card.place for card in rules.card(book.store, FAR, book.world, RULE, since=since, until=until)] == ["zone"]
    assert rules.card(book.store, ALL, book.world, RULE, since=clock("d11 00:00"), until=NOW)[0].alerts == 0
    assert port.last_hit is not None
    assert port.last_hit["outcome"] == "offence"  # of the invalidated one, too: a person said what it was


def test_alarm_health_counts_what_is_new_what_stands_and_what_comes_and_goes(book: Book) -> None:
    for name in ("an", "bao"):
        add_account(book.store, name, "officer", "a long enough pass 1", NOW, places=["port"])
    for number in range(13):
        put(book, 0, severity="today") if number == 0 else put(book, number, severity="queue")
    put(book, 60, muted_by="gate_out_on_hold")
    with book.store.write() as conn:
        back = [
            {"alert_id": f"{0:032}", "line": 50 + n, "at": clock("d10 09:00") + timedelta(minutes=20 * n), "by": "", "what": "returned"}
            for n in range(3)
        ]
        conn.execute(t.alert_line.insert(), [{**line, "values": {}, "cause": ""} for line in back])
    period = {"since": clock("d10 00:00"), "until": clock("d11 00:00")}
    port, zone = alarm_health.health(book.store, ALL, book.world, NOW, **period)
    assert (port.load.n, port.load.officers, port.load.mix["today"], port.chattering) == (13, 200, 1, 1)
    assert (port.standing, port.oldest) == (13, clock("d10 08:00"))
    assert port.load.peak_hour == 6.5
    assert (zone.load.n, zone.load.officers, zone.load.per_span) == (0, 0, None)
    assert not port.load.by_duty
    with book.store.write() as conn:
        spell = {"from_at": clock("d10 06:00"), "until_at": clock("d10 18:00"), "to_at": clock("d10 16:00")}
        conn.execute(t.duty.insert(), {"place": "port", "name": "an", **spell})
    port = alarm_health.health(book.store, ALL, book.world, NOW, **period)[0]
    assert (port.load.by_duty, port.load.officers, port.load.unmanned) == (True, round(100 * 60 / 144), 144 - 60)
    assert port.load.peak_hour == 13
    with book.store.write() as conn:
        conn.execute(sa.update(t.alert_work).values(shelved_until=NOW + timedelta(days=1)))
    assert alarm_health.health(book.store, ALL, book.world, NOW, **period)[0].standing == 0


@pytest.fixture
def ahead(book: Book) -> Book:
    """One box over its first limit, one that nothing is said of yet, one that left."""
    book.told_by("terminal", "d0 08:00 discharge", box="ZZDU0000010").told_by("terminal", "d4 08:00 discharge", box="ZZDU0000031")
    book.told_by("terminal", "d1 08:00 discharge", box="ZZDU0000052").told_by("terminal", "d5 08:00 gate_out", box="ZZDU0000052")
    book.told_by("terminal", "d5 20:00 gate_in", box="ZZDU1234565").judged("d6 00:00")
    return book


def test_a_forecast_tells_every_limit_that_is_passed_if_nothing_moves(ahead: Book) -> None:
    found = forecast.forecast(ahead.store, ALL, ahead.world, clock("d6 00:00"))
    told = [(one.equipment[-2:], one.limit, one.value, one.severity, one.at) for one in found.passes]
    assert told == [
        ("10", "import_dwell_high", "9d", found.passes[0].severity, clock("d9 08:00")),
        ("31", "import_dwell_warn", "5d", "queue", clock("d9 08:00")),
        ("31", "import_dwell_high", "9d", found.passes[2].severity, clock("d13 08:00")),
    ]
    assert [len(found.within(days)) for days in forecast.DAYS] == [0, 2, 3]
    assert (found.left_out, found.judged_at) == (0, clock("d6 00:00"))
    assert forecast.forecast(ahead.store, FAR, ahead.world, clock("d6 00:00")).passes == ()
    assert forecast.forecast(ahead.store, ALL, ahead.world, clock("d6 00:00"), rule="gate_out_on_hold").passes == ()


def test_a_forecast_tells_what_the_goods_are_declared_to_be_worth(ahead: Book) -> None:
    for bill, box in (("B1", "ZZDU0000010"), ("B1", "ZZDU0000031"), ("B2", "ZZDU0000100"), ("B3", "ZZDU0000121")):
        ahead.told_by("terminal", "d4 08:00 discharge", box=box, bill=bill) if box > "ZZDU00001" else None
        ahead.told_by("customs", "d5 09:00 inspected", box=box, bill=bill, equipment=box)
    ahead.told_by("customs", "d5 10:00 selected", bill="B1", goods_value="1000.50", currency="USD")
    ahead.told_by("customs", "d5 10:00 selected", bill="B2", goods_value="70", currency="cny")
    ahead.judged("d6 00:00")
    found = forecast.forecast(ahead.store, ALL, ahead.world, clock("d6 00:00"), rule=RULE).passes
    assert {one.equipment[-4:]: one.worth.paper for one in found if one.worth} == {
        "0010": ("bill", "B1"), "0031": ("bill", "B1"), "0100": ("bill", "B2")
    }  # fmt: skip
    assert forecast.sums(one.worth for one in found) == {"CNY": 7_000, "USD": 100_050}  # the bill of two boxes counts once


def test_a_forecast_says_what_it_left_out(ahead: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "MOST", 1)
    found = forecast._reckon(ahead.store, ahead.world, clock("d6 00:00"))
    assert found.left_out >= 1
    assert len({one.equipment for one in found.passes}) == 1
