"""Who is notified in tests, through what, and when: a real mailbox, a real webhook, and a clock in the test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from data.actions import notices
from data.actions.notices import Wanted
from data.notify import sending
from data.notify.channel import Channel
from data.notify.outbox import tell_lines
from data.people import Actor
from data.store import tables as t
from data.store.engine import Store
from layouts._text.notice import tell
from tests.alert_rows import put_alert
from tests.mailbox import Mailbox, mailbox
from tests.sources.web import Reply, Site, web
from tests.store.told import clock, small_world

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
