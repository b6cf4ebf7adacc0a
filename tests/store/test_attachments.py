"""Files attached to alerts: kept byte for byte under their hash, once, with line and audit row; handed out whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest
import sqlalchemy as sa

from data import actions, audit
from data.actions import NotPermitted, NotPossible
from data.people import Actor
from data.queries import attachment as ask
from data.raw import Raw
from data.settings import Settings
from data.store.engine import Store
from data.store.tables import alert_line, attachment
from data.verify import verify
from tests.alert_rows import put_alert
from tests.pure.test_attachment import JPEG, PDF, PNG
from zones.attachment import LARGEST, MOST
from zones.world import World

AN = Actor("an", "an", "officer")
BINH = Actor("binh", "binh", "officer")
VIEWER = Actor("viewer", "viewer", "viewer")
ELSEWHERE = Actor("dung", "dung", "supervisor", frozenset({"second-port"}))


@pytest.fixture
def alert(store: Store, now: datetime) -> str:
    return put_alert(store, "a" * 32, now)


def count(store: Store) -> tuple[int, int, int]:
    """Attachments, lines, audit rows."""
    with store.read() as conn:
        assert audit.verify(conn) is None
        of = (attachment, alert_line, audit.audit)
        one, two, three = (conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in of)
        return one, two, three


def test_it_is_kept_as_it_is_with_a_line_and_an_audit_row(store: Store, settings: Settings, alert: str, now: datetime) -> None:
    done = actions.attach(store, settings, AN, alert, now, name="C:\\photos\\seal.png", data=JPEG, text="The seal.")
    assert (done.changed, done.version) == (True, 0)
    sha256 = hashlib.sha256(JPEG).hexdigest()
    assert Raw(settings.home).path(sha256).read_bytes() == JPEG
    with store.read() as conn:
        (row,) = ask.of(conn, alert)
        line = conn.execute(sa.select(alert_line).order_by(alert_line.c.line.desc())).mappings().first()
        (said,) = conn.execute(sa.select(audit.audit)).mappings()
    assert (row["number"], row["kind"], row["name"], row["bytes"], row["by"]) == (1, "jpeg", "seal.png", len(JPEG), "an")
    assert line is not None
    assert (line["what"], line["by"], line["values"]["sha256"]) == ("attach", "an", sha256)
    assert (said["action"], said["object"], said["after"]["sha256"], said["reason"]) == ("attach", f"alert:{alert}", sha256, "The seal.")
    found = ask.content(store, VIEWER, settings, alert, 1)
    assert found is not None
    assert (found.data, found.mime, found.name) == (JPEG, "image/jpeg", f"alert-{alert[:8]}-1.jpg")


def test_the_same_file_again_is_one(store: Store, settings: Settings, alert: str, now: datetime) -> None:
    for changed in (True, False):
        assert actions.attach(store, settings, AN, alert, now, name="a.pdf", data=PDF).changed is changed
    with pytest.raises(NotPossible, match="attached_already"):
        actions.attach(store, settings, BINH, alert, now, name="b.pdf", data=PDF)
    actions.note(store, BINH, alert, now, text="Seen.")
    assert not actions.attach(store, settings, AN, alert, now, name="again.pdf", data=PDF).changed
    assert count(store) == (1, 3, 2)


def test_what_it_is_not_how_much_and_by_whom(store: Store, settings: Settings, alert: str, now: datetime) -> None:
    for data, reason in ((b"<html>", "not_an_attachment"), (b"", "not_an_attachment"), (PNG + bytes(LARGEST), "too_large")):
        with pytest.raises(NotPossible, match=reason):
            actions.attach(store, settings, AN, alert, now, name="photo.png", data=data)
    for who in (VIEWER, ELSEWHERE):
        with pytest.raises(NotPermitted):
            actions.attach(store, settings, who, alert, now, name="photo.png", data=PNG)
    assert not (settings.home / "raw").exists()
    assert count(store) == (0, 1, 2)  # two refusals
    for number in range(MOST):
        actions.attach(store, settings, AN, alert, now, name="", data=PNG + bytes([number]))
    with pytest.raises(NotPossible, match="too_many"):
        actions.attach(store, settings, AN, alert, now, name="", data=PNG)


def test_only_who_may_see_the_alert_gets_it(store: Store, settings: Settings, alert: str, now: datetime) -> None:
    actions.attach(store, settings, AN, alert, now, name="a.png", data=PNG)
    assert ask.content(store, ELSEWHERE, settings, alert, 1) is None
    assert ask.content(store, AN, settings, alert, 2) is None
    assert ask.content(store, AN, settings, "b" * 32, 1) is None


def test_what_is_missing_or_altered_is_found_and_not_handed_out(
    store: Store, settings: Settings, world: World, alert: str, now: datetime
) -> None:
    actions.attach(store, settings, AN, alert, now, name="a.png", data=PNG)
    path = Raw(settings.home).path(hashlib.sha256(PNG).hexdigest())

    def found(deep: bool) -> list[str]:
        said = verify(store, world, deep, home=settings.home)
        return [each["about"] for each in said if each["identity"] == "attachments"]

    assert found(deep=True) == []
    for content, light in ((PNG[:-1] + b"!", []), (PNG[:-1], [f"alert {alert} attachment 1"])):
        path.write_bytes(content)
        assert found(deep=False) == light
        assert found(deep=True) == [f"alert {alert} attachment 1"]
        with pytest.raises(ask.Damaged):
            ask.content(store, AN, settings, alert, 1)
    path.unlink()
    assert found(deep=False) == [f"alert {alert} attachment 1"]
    with pytest.raises(ask.Damaged):
        ask.content(store, AN, settings, alert, 1)
