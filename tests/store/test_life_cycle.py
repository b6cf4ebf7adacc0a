"""The life of alerts, driven at random: several people act, late facts and retractions are judged, time passes, commits fail, programs die
and start again. After each step the journal, the work, the audit and the steps of the response are held against each other and against
the tables of both axes.

ZW_DEEP=N runs N times as many examples.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from data import actions, audit
from data.actions import Conflict, NotPermitted, NotPossible, duty
from data.attend import attend
from data.export_alerts import NO_WORK, as_it_stood
from data.people import Actor, add_account
from data.store import tables as t
from data.store.engine import Store, open_store
from data.verify import verify
from tests.pure.test_attachment import PNG
from tests.store.read_back import Lines, through
from tests.store.test_kill import KILLED, apart, ended
from tests.store.told import D0, PORT, Book, book, clock, hasty, small_world
from zones import work as axis
from zones.response import LADDER, NOBODY, PHONES

__all__ = ["book", "hasty"]

DEEP = int(os.environ.get("ZW_DEEP", "1"))
EXAMPLES, STEPS = {"sqlite": 10, "postgresql": 6}, 30
MINUTE = timedelta(minutes=1)
WORLD = small_world(
    PORT
    + """
shifts: [{name: day, from: "06:00", to: "18:00"}, {name: night, from: "18:00", to: "06:00"}]
response:
  act_now: {acknowledge: 30m, decide: 4h}
  today: {acknowledge: 2h, decide: 1d}
  queue: {acknowledge: 8h, decide: 5d}
phones: [{name: Duty line, number: "110"}]
"""
)
PEOPLE = [
    Actor("an", "an", "officer"),
    Actor("binh", "binh", "officer"),
    Actor("chi", "chi", "supervisor"),
    Actor("mai", "mai", "manager"),
    Actor("dung", "dung", "supervisor", frozenset({"zone"})),
]
WORKERS = PEOPLE[:3]
BOXES = ("ZZDU4839211", "ZZDU1234565")
FACTS = ("discharge", "hold", "release", "gate_out", "yard_move", "retract")
MUTABLE = ("hold", "release")


class Struck(Exception):
    """The commit did not come about."""


def at_commit(store: Store, die: Callable[[], None]) -> Callable[[], None]:
    """From now on the writer's commits come to this instead; gives what ends it."""

    def strike(*_: object) -> None:
        die()

    sa.event.listen(store.writer, "commit", strike)
    return lambda: sa.event.remove(store.writer, "commit", strike)


def strike() -> None:
    raise Struck


class Life(RuleBasedStateMachine):
    """One port with two boxes and five people."""

    book: Book

    def __init__(self) -> None:
        super().__init__()
        self.book.emptied()
        self.now = clock("d0 07:00")
        self.told: list[tuple[str, str, str]] = []  # of a terminal: box, what it said, under which number
        self.remembered: dict[str, Lines] = {}
        self.deaths = 0
        with self.book.store.read() as conn:
            self.first = audit.head(conn)[0]

    # ---------------------------------------------------------------- what happens

    @initialize()
    def two_boxes(self) -> None:
        """One that stays too long, and one that left while it was held."""
        self._tell(BOXES[1], "discharge")
        self.now += timedelta(days=5, hours=1)
        for fact in ("discharge", "hold", "gate_out"):
            self._tell(BOXES[0], fact)
        for who in PEOPLE[2:4]:
            duty.sign_on(self.book.store, WORLD, who, "port", self.now)
        self.book.judged_at(self.now)

    @rule(box=st.sampled_from(BOXES), fact=st.sampled_from(FACTS), late=st.sampled_from((0, 0, 1, 30, 200)))
    def tell(self, box: str, fact: str, late: int) -> None:
        """A source tells something, up to days late; and it is judged, as after every pull."""
        self._tell(box, fact, late if fact in MUTABLE else 0)
        self.book.judged_at(self.now)

    @rule(minutes=st.sampled_from((1, 20, 90, 7 * 60, 26 * 60, 4 * 24 * 60)), looks=st.sampled_from((True, True, False)))
    def pass_time(self, minutes: int, looks: bool) -> None:
        """Time passes; where a worker runs it judges, and looks at what time has done."""
        self.now += minutes * MINUTE
        if looks:
            self.book.judged_at(self.now)
            attend(self.book.store, WORLD, self.now)

    @rule(who=st.sampled_from(PEOPLE), on=st.booleans())
    def change_duty(self, who: Actor, on: bool) -> None:
        """Somebody signs on or off."""
        with suppress(NotPermitted, NotPossible):
            (duty.sign_on if on else duty.sign_off)(self.book.store, WORLD, who, "port", self.now)

    # ---------------------------------------------------------------- what people do

    @rule(data=st.data(), acts=st.integers(1, 5))
    def work_on(self, data: st.DataObject, acts: int) -> None:
        """People do what the page offers, having seen how it stands: it is done, or it takes a second person."""
        alert, work = self._pick(data)
        for _ in range(acts):
            who, work = data.draw(st.sampled_from(WORKERS)), self.book.work(alert["alert_id"])
            shelved, asked = (axis.is_shelved(work[name], self.now) for name in ("shelved_until", "asked_until"))
            offered = axis.offered(work["work"], shelved=shelved, asked=asked)
            onwards = [act for act in ("start", "outcome", "close", "agree_shelf", "shelve", "reopen") if act in offered]
            name = data.draw(st.sampled_from([*onwards * 2, *offered]))
            why = self._refused(lambda who=who, name=name, work=work: self._do(who, alert, name, data, work["version"]))  # type: ignore[misc]
            if why not in ("", "unchanged", "second_person", "second_person_rule", "second_person_shelf", "shelf_long", "attached_already"):
                assert (why, name, who.role) == ("not_permitted", "assign", "officer")

    @rule(data=st.data(), who=st.sampled_from(PEOPLE), act=st.sampled_from(axis.ACTS), seen=st.sampled_from((None, -1, 0)))
    def try_anything(self, data: st.DataObject, who: Actor, act: str, seen: int | None) -> None:
        """Somebody does anything, seen or not, permitted or not."""
        alert, work = self._pick(data)
        if act == "ask_shelf":
            return
        with suppress(NotPossible, NotPermitted, Conflict):
            self._do(who, alert, act, data, None if seen is None else work["version"] + seen)

    @rule(data=st.data(), act=st.sampled_from(("acknowledge", "start", "outcome", "close", "shelve", "agree_shelf", "reopen", "unshelve")))
    def two_at_once(self, data: st.DataObject, act: str) -> None:
        """Two who saw the same do the same: at most one wins, and the other is told who."""
        alert, work = self._pick(data)
        before = len(self.remembered[alert["alert_id"]])
        first, second = (self._refused(lambda who=who: self._do(who, alert, act, data, work["version"])) for who in WORKERS[:2])  # type: ignore[misc]
        assert len(self._lines()[alert["alert_id"]]) - before <= 1
        if first == "":
            assert second == f"after {WORKERS[0].name}"

    # ---------------------------------------------------------------- what goes wrong

    @rule(data=st.data(), who=st.sampled_from(WORKERS), what=st.sampled_from(("act", "judge", "attend")))
    def commit_fails(self, data: st.DataObject, who: Actor, what: str) -> None:
        """A commit does not come about: nothing of it is there."""
        alert, work = self._pick(data)
        before, mend = self._all(), at_commit(self.book.store, strike)
        with suppress(Struck, NotPossible, NotPermitted, Conflict):
            self._one_of(what, who, alert, work, data)
        mend()
        assert self._all() == before

    @rule(data=st.data(), dies=st.booleans())
    def start_again(self, data: st.DataObject, dies: bool) -> None:
        """The program ends, or dies right before its commit (then nothing of it is there), and starts anew on the same database."""
        url, before = self.book.store.url, self._all()
        if dies and self.deaths < 2:
            alert, self.deaths = self._pick(data)[0], self.deaths + 1

            def die() -> None:
                self.book.store = open_store(url)
                at_commit(self.book.store, lambda: os._exit(KILLED))
                actions.note(self.book.store, WORKERS[0], alert["alert_id"], self.now, text="It dies of this.")

            assert ended(apart(die)) == KILLED
            assert self._all() == before
        self.book.store.close()
        self.book.store = open_store(url)

    # ---------------------------------------------------------------- what always holds

    @invariant()
    def holds(self) -> None:
        """What is said of every step."""
        self.nothing_is_lost()
        self.every_line_is_legal_and_comes_to_what_stands()
        self.every_act_is_one_row_of_the_audit()
        self.what_goes_further_goes_up_the_ladder()

    def nothing_is_lost(self) -> None:
        """Alerts, lines and attachments only come to be; no line is ever another. Numbers go up by one, times never back."""
        lines = self._lines()
        assert self.remembered.keys() <= lines.keys()
        for alert_id, before in self.remembered.items():
            assert lines[alert_id][: len(before)] == before
        for own in lines.values():
            assert [line["line"] for line in own] == list(range(1, len(own) + 1))
            assert [line["at"] for line in own] == sorted(line["at"] for line in own)
        said = sorted((alert_id, line["values"]["sha256"]) for alert_id, own in lines.items() for line in own if line["what"] == "attach")
        assert said == sorted((row["alert_id"], row["sha256"]) for row in self.book.rows(t.attachment))
        self.remembered = lines

    def every_line_is_legal_and_comes_to_what_stands(self) -> None:
        """The journal read from its first line, by the tables of both axes and the rule of the second person, is the work as it is."""
        works = {row["alert_id"]: row for row in self.book.rows(t.alert_work)}
        alerts = {row["alert_id"]: row for row in self.book.rows(t.alert)}
        assert works.keys() == alerts.keys() == self.remembered.keys()
        for alert_id, lines in self.remembered.items():
            alert, work = alerts[alert_id], works[alert_id]
            assert through(lines, alert["latching"]) == (work["work"], alert["condition"], alert["severity"])
            stood = as_it_stood({**alert, **work}, lines, self.now)
            assert {name: stood[name] for name in NO_WORK} == {name: work[name] for name in NO_WORK}

    def every_act_is_one_row_of_the_audit(self) -> None:
        """In the same order, and nothing else but refusals and signing on and off."""
        with self.book.store.read() as conn:
            rows = conn.execute(sa.select(t.audit).where(t.audit.c.seq > self.first).order_by(t.audit.c.seq)).mappings().all()
        acts: dict[str, list[tuple[str, str, datetime]]] = {alert_id: [] for alert_id in self.remembered}
        for row in rows:
            if row["object"].startswith("alert:") and row["action"] != "denied":
                acts[row["object"][6:]].append((row["actor"], row["action"], row["at"]))
        for alert_id, lines in self.remembered.items():
            assert acts[alert_id] == [(line["by"], line["what"], line["at"]) for line in lines if line["by"]]
        assert {row["action"] for row in rows if not row["object"].startswith("alert:")} <= {"sign_on", "sign_off", "denied"}

    def what_goes_further_goes_up_the_ladder(self) -> None:
        """Each step is a line, comes when the time is used up, and leads to a higher role, the phones, or nobody; then no further."""
        steps = self.book.rows(t.escalation, "alert_id", "clock", "since_at", "step")
        lines = [line for own in self.remembered.values() for line in own if line["what"] == "escalated"]
        assert sorted((s["alert_id"], s["clock"], s["step"], s["at"]) for s in steps) == sorted(
            (line["alert_id"], line["values"]["clock"], line["values"]["step"], line["at"]) for line in lines
        )
        way = (*LADDER, PHONES, NOBODY)
        for number, step in enumerate(steps):
            assert step["since_at"] < step["due_at"] <= step["at"]
            before = steps[number - 1] if number and step["step"] > 1 else None
            assert (step["step"] == 1) is (before is None)
            if before:
                assert (before["clock"], before["since_at"], before["step"]) == (step["clock"], step["since_at"], step["step"] - 1)
                assert way.index(before["to"]) < way.index(step["to"])
                assert before["to"] in LADDER

    def teardown(self) -> None:
        """At the end: the books add up, the chain holds, and what was judged is what would be judged."""
        self.book.judged_at(self.now)
        assert verify(self.book.store, WORLD, deep=True, home=self.book.settings.home) == []

    # ---------------------------------------------------------------- how

    def _tell(self, box: str, fact: str, late: int = 0) -> None:
        self.now += MINUTE
        self.book.box, received, said = box, self._when(self.now), self._when(self.now - timedelta(hours=late))
        if fact == "retract":
            mine = [each for each in self.told if each[0] == box]
            if mine:
                self.told.remove(mine[-1])
                self.book.cancelled(mine[-1][1], number=mine[-1][2], received=received)
        elif fact in MUTABLE:
            self.book.told_by("customs", f"{said} {fact}", received=received)
        else:
            number = f"D{self.book.number}"
            self.told.append((box, f"{said} {fact}", number))
            self.book.told_by("terminal", f"{said} {fact}", number=number, received=received)

    @staticmethod
    def _when(at: datetime) -> str:
        local = at.astimezone(D0.tzinfo)
        return f"d{(local.date() - D0.date()).days} {local:%H:%M}"

    def _pick(self, data: st.DataObject) -> tuple[dict[str, Any], dict[str, Any]]:
        alert = data.draw(st.sampled_from(self.book.rows(t.alert, "began_at", "alert_id")))
        return alert, self.book.work(alert["alert_id"])

    def _one_of(self, what: str, who: Actor, alert: dict[str, Any], work: dict[str, Any], data: st.DataObject) -> None:
        if what == "act":
            self._do(who, alert, data.draw(st.sampled_from(("acknowledge", "start", "note", "shelve", "outcome"))), data, work["version"])
        elif what == "judge":
            self.book.judged_at(self.now)
        else:
            attend(self.book.store, WORLD, self.now)

    def _do(self, who: Actor, alert: dict[str, Any], act: str, data: st.DataObject, seen: int | None) -> actions.Done:
        store, id_, now = self.book.store, alert["alert_id"], self.now
        match act:
            case "outcome":
                told = {"outcome": data.draw(st.sampled_from(axis.OUTCOMES)), "text": "So it was.", "heard": "The driver."}
                return actions.outcome(store, who, id_, now, seen=seen, **told)
            case "assign":
                return actions.assign(store, who, id_, now, to=data.draw(st.sampled_from(("an", "binh", "chi"))), seen=seen)
            case "shelve":
                until = now + data.draw(st.sampled_from((20, 120, 11 * 60))) * MINUTE
                return actions.shelve(store, who, id_, now, world=WORLD, until=until, reason="Later.", seen=seen)
            case "agree_shelf":
                return actions.agree_shelf(store, who, id_, now, world=WORLD, seen=seen)
            case "refuse_shelf":
                return actions.refuse_shelf(store, who, id_, now, seen=seen)
            case "reopen":
                return actions.reopen(store, who, id_, now, reason="Not yet.", seen=seen)
            case "attach":
                photo = PNG + data.draw(st.sampled_from((b"1", b"2")))
                return actions.attach(store, self.book.settings, who, id_, now, name="a.png", data=photo)
            case "note":
                return actions.note(store, who, id_, now, text=data.draw(st.sampled_from(("One.", "Two."))))
            case _:
                return getattr(actions, act)(store, who, id_, now, seen=seen)  # type: ignore[no-any-return]

    @staticmethod
    def _refused(act: Callable[[], actions.Done]) -> str:
        """Do it; gives why it was refused, or after whom it came."""
        try:
            return "" if act().changed else "unchanged"
        except NotPossible as told:
            return told.reason
        except NotPermitted:
            return "not_permitted"
        except Conflict as told:
            return f"after {told.by}"

    def _lines(self) -> dict[str, Lines]:
        found: dict[str, Lines] = {}
        for line in self.book.rows(t.alert_line, "alert_id", "line"):
            found.setdefault(line["alert_id"], []).append(line)
        return found

    def _all(self) -> dict[str, list[dict[str, Any]]]:
        """All that acts, judging and time write, but for the refusals."""
        tables = (t.alert, t.alert_line, t.alert_work, t.escalation, t.attachment, t.judged)
        found = {table.name: self.book.rows(table) for table in tables}
        return found | {"audit": [row for row in self.book.rows(t.audit) if row["action"] != "denied"]}


@pytest.mark.usefixtures("hasty")
def test_the_life_of_alerts(book: Book, database: str) -> None:
    book.world = WORLD
    for who in PEOPLE:
        add_account(book.store, who.name, who.role, "long enough 7x", clock("d0 00:00"), places=who.places)
    book.store.close()
    book.store = open_store(book.store.url)  # hasty
    machine = type("Machine", (Life,), {"book": book})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    how = settings(max_examples=EXAMPLES[database] * DEEP, stateful_step_count=STEPS, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(machine, settings=how)
