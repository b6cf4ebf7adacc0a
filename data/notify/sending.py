"""Out of the outbox: notices that are due become one message; a message is leased, sent, and noted as sent, or tried again, or given up.

Any number of senders may be at it. A lease makes one of them the sender of a message, its fence keeps one that overslept from noting
anything; between sending and noting stands nothing that can be undone, so what is sent twice carries the same key.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.notify import send as sender
from data.notify.channel import Channel
from data.notify.message import Asking, Message, NotSent, Tell, Told
from data.notify.outbox import zone_of
from data.notify.wishes import Listener, Listeners
from data.store.bulk import in_chunks, insert_new
from data.store.engine import Store
from data.store.tables import alert, delivery, notice
from zones.episode import SEVERITIES
from zones.movement import content_id
from zones.notice import GIVE_UP_AFTER, MOST_TRIES, given_up, next_try
from zones.world import World

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # longer than any sending may take (send.HOW)
AT_ONCE = 5000  # notices that are bundled in one transaction
UNDECLARED = "no such channel is declared"
Row = Mapping[str, Any]
Times = Callable[[], tuple[datetime, datetime]]  # the time of the house, and real time
_n, _d = notice.c, delivery.c


@dataclass(slots=True)
class Sender:
    """One sender of one channel. `times` is asked before each step: a message may take its time."""

    store: Store
    world: World
    channel: Channel
    tell: Tell
    public_url: str
    times: Times
    language: str = "en"
    stopping: Callable[[], bool] = bool

    def send_due(self) -> dict[str, int]:
        """Send what is due. After a failure the rest waits for the next time: a channel that is down is not asked for every message.

        Gives how many messages were sent, failed, dropped, held back.
        """
        said = {"sent": 0, "failed": 0, "dropped": 0, "held": 0}
        self.bundle()
        while not self.stopping() and (row := self.claim()) is not None:
            outcome = self.carry(row)
            said[outcome] += 1
            if outcome == "failed":
                break
        return said

    def bundle(self) -> int:
        """Notices that are due become messages, one for each person (and address, and language); gives how many. What may not be told (any
        more) is dropped.

        While an earlier message to the same person waits, what is due waits with the next one, so that a channel that comes back after an
        hour brings one message, not sixty. Act now waits for nothing.
        """
        now, real = self.times()
        waiting = sa.select(_d.person).where(_d.channel == self.channel.id, _d.state == "waiting", _d.kind == "alerts", _d.tries > 0)
        due = sa.select(notice).where(_n.channel == self.channel.id, _n.delivery_id == "", _n.dropped == "", _n.due_at <= now)
        due = due.where(sa.or_(_n.severity == "act_now", _n.person.not_in(waiting)))
        with self.store.read() as conn:  # asked every few seconds: nobody who writes is to wait for that
            if conn.execute(due.limit(1)).first() is None:
                return 0
        with self.store.act() as conn:
            rows = conn.execute(due.order_by(_n.due_at, _n.notice_id).limit(AT_ONCE).with_for_update(skip_locked=True)).mappings().all()
            listeners = Listeners(conn, {row["person"] for row in rows})
            together: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
            not_now: dict[tuple[str, Any], list[str]] = defaultdict(list)
            for row in rows:
                if why := listeners.barred(row["person"], self.channel.id, row["place"]):
                    not_now["dropped", why].append(row["notice_id"])
                    continue
                listener = listeners.nearest(row["person"], self.channel.id, row["place"])
                if until := self._held(dict(row), listener, now):
                    not_now["due_at", until].append(row["notice_id"])
                else:
                    together[row["person"], listener.address, listener.actor.language].append(dict(row))
            for (name, value), ids in not_now.items():
                for some in in_chunks(ids, 400):
                    conn.execute(notice.update().where(_n.notice_id.in_(some)).values({name: value}))
            made = 0
            for (person, _, _), own in together.items():
                for part in in_chunks(own, sender.MOST[self.channel.kind]):
                    made += insert_new(conn, delivery, [_delivery(person, self.channel.id, part, now, real)])
                    _join(conn, part)
        return made

    def claim(self) -> Row | None:
        """Lease the message that waited longest, or None. A try counts from its beginning: so does one that kills the sender."""
        now, real = self.times()
        free = sa.or_(_d.leased_until.is_(None), _d.leased_until <= real)
        ready = (_d.channel == self.channel.id, _d.state == "waiting", _d.kind == "alerts", _d.retry_at <= real, _d.not_before <= now, free)
        question = sa.select(delivery).where(*ready).order_by(_d.retry_at, _d.delivery_id).limit(1)
        with self.store.read() as conn:  # as above
            if conn.execute(question).first() is None:
                return None
        with self.store.act() as conn:
            row = conn.execute(question.with_for_update(skip_locked=True)).mappings().one_or_none()
            if row is None:
                return None
            if row["tries"] >= MOST_TRIES:  # it ends whoever sends it
                ends = {"state": "dead", "error": row["error"] or "every try was broken off", "done_at": now, "leased_until": None}
                conn.execute(delivery.update().where(_d.delivery_id == row["delivery_id"]).values(ends))
                return None
            taken = {
                "fence": row["fence"] + 1,
                "tries": row["tries"] + 1,
                "leased_until": real + LEASE,
                "first_try_at": row["first_try_at"] or real,
            }
            conn.execute(delivery.update().where(_d.delivery_id == row["delivery_id"]).values(taken))
            return {**row, **taken}

    def carry(self, row: Row) -> str:
        """Send a message that is leased and note what came of it: sent, failed (it waits, or is given up), dropped, held (quiet hours)."""
        now, _ = self.times()
        try:
            prepared = self._prepared(row, now)
            if isinstance(prepared, dict):
                self._note(row, **prepared)
                return "dropped" if prepared.get("state") == "dropped" else "held"
            sender.send(self.channel, prepared)
        except NotSent as error:
            return self._failed(row, str(error))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # no words for it: it must not hold up the others
            log.exception("message %s cannot be put into words", row["delivery_id"])
            return self._failed(row, sender.cleaned(f"{type(error).__name__}: {error}", self.channel))
        now, _ = self.times()
        self._note(row, state="sent", error="", done_at=now)
        return "sent"

    def _failed(self, row: Row, error: str) -> str:
        """It waits for the next try, or is given up."""
        now, real = self.times()
        if given_up(row["tries"], row["first_try_at"], real):
            self._note(row, state="dead", error=error, done_at=now)
            log.error("given up: a message to %s through %s, after %d tries: %s", row["person"], row["channel"], row["tries"], error)
        else:
            self._note(row, error=error, retry_at=real + next_try(row["delivery_id"], row["tries"]))
        return "failed"

    def _prepared(self, row: Row, now: datetime) -> Message | dict[str, Any]:
        """The message as it is now to be sent; or what to note instead: nobody may have it any more, or it is quiet again."""
        with self.store.read() as conn:
            question = sa.select(notice).where(_n.delivery_id == row["delivery_id"], _n.dropped == "")
            notices = conn.execute(question.order_by(_n.at.desc(), _n.notice_id)).mappings().all()
            listeners = Listeners(conn, [row["person"]])
            alerts: dict[str, Row] = {}
            for ids in in_chunks({each["alert_id"] for each in notices}, 400):
                alerts |= {one["alert_id"]: one for one in conn.execute(sa.select(alert).where(alert.c.alert_id.in_(ids))).mappings()}
        why = {each["notice_id"]: listeners.barred(row["person"], row["channel"], each["place"]) for each in notices}
        may = [dict(each) for each in notices if not why[each["notice_id"]]]
        if not may:
            return {"state": "dropped", "error": next(iter(why.values()), "no_wish"), "done_at": now}
        hears = {each["place"]: listeners.nearest(row["person"], row["channel"], each["place"]) for each in may}
        held = [self._held(each, hears[each["place"]], now) for each in may]
        if all(held):  # a try that was none
            tried = {"tries": row["tries"] - 1, "first_try_at": row["first_try_at"] if row["tries"] > 1 else None}
            return {"not_before": min(until for until in held if until), **tried}
        may.sort(key=lambda each: SEVERITIES.index(each["severity"]))  # stable: the newest of the worst first
        told = [Told(each["notice_id"], each["what"], each["at"], each["by"], alerts[each["alert_id"]]) for each in may]
        first = hears[may[0]["place"]]
        return self.message(row["delivery_id"], row["person"], first.address, first.actor.language or self.language, told, now)

    def message(self, key: str, person: str, address: str, language: str, told: list[Told], now: datetime) -> Message:
        """What goes out, in the words that were handed in."""
        most = sender.LISTED[self.channel.kind]
        asking = Asking(
            language=language, world=self.world, now=now, public_url=self.public_url, most=most, key=key, channel=self.channel.id
        )
        notices = [_for_programs(each, self.public_url) for each in told]
        _, real = self.times()
        return Message(key=key, to=address, person=person, language=language, words=self.tell(told, asking), at=real, notices=notices)

    def _held(self, row: Row, listener: Listener, now: datetime) -> datetime | None:
        return listener.wish.held_until(now, row["severity"], zone_of(self.world, row["place"]))

    def _note(self, row: Row, **values: Any) -> None:
        """Write what came of it, unless another sender has leased it since."""
        mine = sa.and_(_d.delivery_id == row["delivery_id"], _d.fence == row["fence"], _d.state == "waiting")
        with self.store.act() as conn:
            if not conn.execute(delivery.update().where(mine).values(leased_until=None, **values)).rowcount:
                log.warning("message %s was leased by another sender meanwhile", row["delivery_id"])


def new_delivery(key: str, person: str, channel: str, now: datetime, real: datetime, **more: Any) -> dict[str, Any]:
    """A row of `delivery` that waits."""
    waits = {"made_at": now, "not_before": now, "retry_at": real, "state": "waiting", "tries": 0, "fence": 0, "error": ""}
    nothing = {"first_try_at": None, "leased_until": None, "done_at": None, "severity": "", "place": "", "notices": 0, "kind": "alerts"}
    return {"delivery_id": key, "person": person, "channel": channel, **waits, **nothing, **more}


def sweep(store: Store, channels: Mapping[str, Channel], now: datetime, real: datetime) -> int:
    """What no sender looks at: messages of channels that are declared no more are given up after a day, tests that were broken off end.

    Gives how many messages were given up.
    """
    old = now - GIVE_UP_AFTER
    ends = {"done_at": now, "leased_until": None}
    with store.act() as conn:
        undeclared = sa.and_(_d.state == "waiting", _d.kind == "alerts", _d.channel.not_in(list(channels)), _d.made_at <= old)
        given = conn.execute(delivery.update().where(undeclared).values(state="dead", error=UNDECLARED, **ends)).rowcount
        lost = sa.select(notice).where(_n.channel.not_in(list(channels)), _n.delivery_id == "", _n.dropped == "", _n.due_at <= old)
        by_person: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in conn.execute(lost.limit(AT_ONCE)).mappings():
            by_person[row["person"], row["channel"]].append(dict(row))
        for (person, channel), rows in by_person.items():
            dead = {**_delivery(person, channel, rows, now, real), "state": "dead", "error": UNDECLARED, "done_at": now}
            given += insert_new(conn, delivery, [dead])
            _join(conn, rows)
        broken = sa.and_(_d.state == "waiting", _d.kind == "test", _d.leased_until <= real)
        conn.execute(delivery.update().where(broken).values(state="failed", error="broken off", **ends))
    return int(given)


def _delivery(person: str, channel: str, rows: list[Row], now: datetime, real: datetime) -> dict[str, Any]:
    places = {row["place"] for row in rows}
    worst = min((row["severity"] for row in rows), key=SEVERITIES.index)
    place = places.pop() if len(places) == 1 else ""
    return new_delivery(_key(rows), person, channel, now, real, notices=len(rows), severity=worst, place=place)


def _join(conn: Connection, rows: list[Row]) -> None:
    """These notices go with one message."""
    for ids in in_chunks([row["notice_id"] for row in rows], 400):
        conn.execute(notice.update().where(_n.notice_id.in_(ids)).values(delivery_id=_key(rows)))


def _key(rows: list[Row]) -> str:
    """The key of a message: what it is made of."""
    return content_id("delivery", *sorted(row["notice_id"] for row in rows))


def _for_programs(told: Told, public_url: str) -> dict[str, Any]:
    row = told.alert
    return {
        "key": told.key,
        "what": told.what,
        "at": told.at.isoformat(),
        "by": told.by,
        "alert_id": row["alert_id"],
        "rule": row["rule"],
        "severity": row["severity"],
        "condition": row["condition"],
        "place": row["place"],
        "subject": row["subject"],
        "began_at": row["began_at"].isoformat(),
        "url": f"{public_url}/alerts/{row['alert_id']}" if public_url else "",
    }
