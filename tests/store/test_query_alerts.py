"""The queue: which list an alert is in, worst first, what filters hide, whose places. One alert: nothing beyond the reader's places."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.people import Actor
from data.queries import alert as dossier
from data.queries import alerts as ask
from data.queries._excerpt import GAP, around
from data.queries.alerts import Asked
from data.raw import Raw
from data.settings import Settings
from data.store.engine import Store
from data.store.tables import alert_work, message, receipt, report
from tests.alert_rows import put_alert
from zones.rules import rules
from zones.world import World

ALL = Actor("chi", "chi", "supervisor")
PORT = Actor("an", "an", "officer", frozenset({"demo-port"}))
NOWHERE = Actor("ly", "ly", "officer", frozenset())
VIEWER = Actor("viewer", "viewer", "viewer")


def ids(store: Store, actor: Actor, now: datetime, asked: Asked | None = None) -> list[str]:
    return [row["alert_id"] for row in ask.queue(store, actor, now, asked or Asked()).rows]


@pytest.fixture
def many(store: Store, now: datetime) -> Store:
    """One alert of each kind there is, named after what it is."""
    hour = timedelta(hours=1)
    put_alert(store, "unsure", now, began_at=now - 9 * hour, condition="unverified")
    put_alert(store, "old", now, began_at=now - 8 * hour, rule="two_places_at_once")
    put_alert(store, "new", now, began_at=now - hour)
    put_alert(store, "today", now, severity="today", place="second-port", rule="two_places_at_once")
    put_alert(store, "low", now, severity="queue", rule="import_overstay")
    put_alert(store, "mine", now, severity="queue", rule="import_overstay", work="assigned", assignee="an")
    put_alert(store, "owing", now, severity="today", condition="cleared", work="in_progress")
    put_alert(store, "gone", now, condition="cleared")
    put_alert(store, "shelved", now, work="acknowledged", shelved_until=now + hour)
    put_alert(store, "back", now, severity="today", work="acknowledged", shelved_until=now)
    put_alert(store, "closed", now, work="closed", closed_at=now)
    put_alert(store, "before", now, history=True)
    put_alert(store, "muted", now, muted_by="old")
    put_alert(store, "again", now, condition="invalidated", work="reopened", severity="queue")
    return store


def test_worst_first_then_unverified_then_what_is_over_then_oldest(many: Store, now: datetime) -> None:
    assert ids(many, ALL, now) == ["old", "new", "unsure", "back", "today", "owing", "low", "mine", "again"]


def test_every_alert_is_in_exactly_one_list(many: Store, now: datetime) -> None:
    lists = {name: ids(many, ALL, now, Asked(list=name)) for name in ask.LISTS}
    assert lists["shelved"] == ["shelved"]
    assert (lists["ended"], lists["muted"]) == (["gone"], ["muted"])
    assert lists["closed"] == ["closed"]
    assert lists["history"] == ["before"]
    assert len({i for each in lists.values() for i in each}) == sum(map(len, lists.values())) == 14


def test_what_is_shelved_returns_by_itself(many: Store, now: datetime) -> None:
    assert "shelved" in ids(many, ALL, now + timedelta(hours=1))
    assert ask.queue(many, ALL, now + timedelta(hours=1), Asked()).shelved == 0


def test_counts_and_what_the_filters_hide(many: Store, now: datetime) -> None:
    whole = ask.queue(many, ALL, now, Asked())
    assert (whole.open, whole.shelved, whole.hidden, whole.total, whole.mine) == (9, 1, 0, 9, 0)
    one = ask.queue(many, ALL, now, Asked(rule="two_places_at_once"))
    assert (one.total, one.hidden, one.open) == (2, 7, 9)
    assert sum(one.tally.values()) == 9
    narrow = ask.queue(many, ALL, now, Asked(place="second-port", severity="queue"))
    assert (narrow.total, narrow.hidden, sum(narrow.tally.values())) == (0, 9, 1)
    own = ask.queue(many, PORT, now, Asked(mine=True))
    assert ([row["alert_id"] for row in own.rows], own.mine, own.hidden) == (["mine"], 1, 7)


def test_nobody_sees_beyond_their_places(many: Store, now: datetime) -> None:
    assert "today" not in ids(many, PORT, now)
    assert ids(many, PORT, now, Asked(place="second-port")) == []
    assert ask.queue(many, PORT, now, Asked()).open == 8
    assert [ids(many, NOWHERE, now, Asked(list=name)) for name in ask.LISTS] == [[]] * len(ask.LISTS)
    assert ask.queue(many, NOWHERE, now, Asked()).open == 0


def test_pages_hide_nothing(store: Store, now: datetime) -> None:
    for number in range(ask.PAGE + 7):
        put_alert(store, f"{number:04}", now, began_at=now - timedelta(minutes=number))
    first, second = (ask.queue(store, ALL, now, Asked(page=page)) for page in (1, 2))
    assert (len(first.rows), first.more, len(second.rows), second.more, first.total) == (ask.PAGE, True, 7, False, ask.PAGE + 7)
    assert len({row["alert_id"] for row in (*first.rows, *second.rows)}) == ask.PAGE + 7


def test_one_alert_only_within_reach(many: Store, settings: Settings, world: World, now: datetime) -> None:
    assert dossier.one(many, PORT, world, settings, "today", now) is None
    assert dossier.one(many, ALL, world, settings, "nothing", now) is None
    found = dossier.one(many, ALL, world, settings, "old", now)
    assert found is not None
    assert (found.alert["alert_id"], found.work["work"], [line["what"] for line in found.lines]) == ("old", "new", ["raised"])
    assert "today" in {row["alert_id"] for row in found.related}
    seen = dossier.one(many, PORT, world, settings, "old", now)
    assert seen is not None
    assert "today" not in {row["alert_id"] for row in seen.related}


EDI = b"UNB+UNOA:2+DT1+ZW+1'UNH+1+CODECO:D:95B:UN'BGM+36+7+9'EQD+CN+ZZDU1111111'LOC+165+A'EQD+CN+ZZDU4839211'DTM+7:1:203'UNT+7+1'UNZ+1+1'"


def put_report(store: Store, settings: Settings, now: datetime, place: str, raw: bytes, position: str, name: str) -> str:
    keep = Raw(settings.home)
    file = settings.home / "given"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    with file.open("rb") as source:
        sha256, size = keep.keep(source)
    keep.settle()
    times = {"received_at": now, "read_at": now}
    with store.write() as conn:
        row = {"message_id": name, "feed": "dt1-gate", "file_sha256": sha256, "sha256": sha256, "name": f"{name}.edi", "start": 0}
        conn.execute(message.insert(), {**row, "bytes": size, "received_at": now, "stored_at": now, "state": "read", "test": False})
        told = {"equipment": "ZZDU4839211", "report_id": f"r-{name}", "message_id": name, "position": position, "place": place}
        more = {"equipment_valid": True, "event": "gate_out", "occurred_at": now, "status": "live", "outread": False}
        conn.execute(report.insert(), {**told, **times, **more, "canonical": True})
    return f"r-{name}"


def test_the_proof_shows_its_own_words(store: Store, settings: Settings, world: World, now: datetime) -> None:
    here = put_report(store, settings, now, "demo-port", EDI, "UNH 1/EQD 2", "m1")
    there = put_report(store, settings, now, "second-port", EDI + b"\n", "UNH 1/EQD 2", "m2")
    put_alert(store, "proved", now, evidence=[here, there])
    found = dossier.one(store, ALL, world, settings, "proved", now)
    assert found is not None
    assert [proof.row["report_id"] for proof in found.proofs] == [here, there]
    # The world of this test does not declare the feed, so the words are lines; the reader of segments is asked by itself.
    words = around(settings, found.proofs[0].message or {}, True, "UNH 1/EQD 2")
    assert [piece.text[:3] for piece in words if piece.meant] == ["EQD", "DTM"]
    assert words[5].text == "EQD+CN+ZZDU4839211"
    near = dossier.one(store, PORT, world, settings, "proved", now)
    assert near is not None
    assert ([proof.row["report_id"] for proof in near.proofs], near.out_of_reach) == ([here], 1)
    plain = dossier.one(store, VIEWER, world, settings, "proved", now)
    assert plain is not None
    assert [proof.words for proof in plain.proofs] == [(), ()]


def test_words_around_a_line_of_a_long_file(settings: Settings) -> None:
    lines = ["Box;In", *(f"ZZDU{n:07};{n}" for n in range(1, 200))]
    file = settings.home / "given"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes("\n".join(lines).encode())
    with file.open("rb") as source:
        sha256, size = Raw(settings.home).keep(source)
    row = {"file_sha256": sha256, "start": 0, "bytes": size}
    words = around(settings, row, False, "line 101 gate_in")
    assert [piece.text for piece in words if piece.meant] == ["ZZDU0000100;100"]
    assert (words[0].text, words[4], len(words)) == ("Box;In", GAP, 4 + 1 + 4 + 1 + 4)
    assert around(settings, row, False, "line 4000")[-1] == GAP
    assert around(settings, {**row, "file_sha256": "0" * 64}, False, "line 1") == ()


def test_a_receipt_is_proof_too(store: Store, settings: Settings, world: World, now: datetime) -> None:
    with store.write() as conn:
        row = {"receipt_id": "rc", "feed": "dt1-gate", "name": "a.edi", "file_sha256": "0" * 64, "bytes": 1}
        conn.execute(receipt.insert(), {**row, "received_at": now, "stored_at": now, "run_id": ""})
    put_alert(store, "silent", now, rule="feed_silent", equipment="", subject="feed:dt1-gate", evidence=["rc"])
    found = dossier.one(store, ALL, world, settings, "silent", now)
    assert found is not None
    assert [(proof.kind, proof.counts, proof.message) for proof in found.proofs] == [("receipt", True, None)]


def test_the_queue_is_found_by_what_is_open_not_by_all_that_ever_was(many: Store, now: datetime) -> None:
    if many.dialect != "sqlite":
        return
    question = sa.select(ask._a.alert_id).join(alert_work, alert_work.c.alert_id == ask._a.alert_id).where(*ask.is_open(now))
    with many.read() as conn:
        text = str(question.compile(conn, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
    assert "SCAN alert\n" not in plan + "\n", plan


@pytest.mark.parametrize("rule", sorted(rules()))
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_rule_has_its_runbook(rule: str, language: str) -> None:
    found = dossier.runbook(rule, language)
    assert found is not None
    assert found.language == language
    assert len(found.sections) == 4
    assert all(said for _, said in found.sections)
    assert replace(found, language="en") is not None


def test_a_runbook_is_found_by_rule_only(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# X\n\n## Meaning\n\nOne\ntwo.\n\n- a\n- b\n  c\n")
    assert dossier.runbook("x", "vi", tmp_path) == dossier.Runbook("en", (("Meaning", ("One two.", "- a", "- b c")),))
    assert dossier.runbook("../x", "en", tmp_path / "sub") is None
