"""The first start of the demo: its port written, its history taken in as if it had been heard all along, its clock set going.

Each step can be done again: a start that was interrupted goes on where it stopped (the file `demo/ready` is written last).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from data import actions, clock, declared, people
from data.actions import duty
from data.demo import write
from data.judge import judge
from data.pull import ingest
from data.settings import Settings
from data.sources import Folder, open_source
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

SEED, DAYS = 1, 30
OUTCOMES = {  # the rest ends by itself when the box leaves
    "gate_out_on_hold": "offence",
    "two_places_at_once": "data_error",
    "exit_without_permit": "offence",
    "released_without_inspection_result": "administrative",
    "statutory_limit_approaching": "administrative",
    "bad_or_unknown_box_number": "data_error",
    "orphan_exit": "data_error",
    "handling_under_hold": "offence",
    "seal_number_changed": "offence",
    "left_port": "administrative",
    "seal_missing_or_wrong_kind": "administrative",
    "weight_mismatch": "administrative",
    "moved_but_not_on_plan": "administrative",
    "over": "administrative",
    "shortage": "administrative",
    "overage": "administrative",
    "negative_stock": "data_error",
    "withdrawal_not_traceable_to_admission": "data_error",
    "seal_opened": "offence",
    "off_route": "benign_cause",
    "bonded": "administrative",
    "temporary_import_for_re_export_overdue": "administrative",
    "processing_yield_out_of_band": "administrative",
    "origin_or_description_changed_in_zone_with_no_processing": "offence",
}
UNTIL_GONE = ("statutory_limit_approaching", "bonded", "temporary_import_for_re_export_overdue")  # nobody closes these while it is inside
SAID, NOBODY = "Dealt with before the demo began.", "The people of the demo are invented."
Say = Callable[[str], None]


def needed(settings: Settings) -> bool:
    """Whether this HOME is still to get its demo port. A HOME with places of its own never does."""
    if _ready(settings).exists():
        return False
    return (settings.home / "demo").exists() or not any((settings.home / "places").glob("*/place.yaml"))


def write_demo(settings: Settings, say: Say) -> None:
    """Write places, law and feeds of the demo port up to this hour."""
    ending = clock.real_now().replace(minute=0, second=0, microsecond=0)
    mark = settings.home / "demo" / "ending"
    if mark.exists():
        return
    mark.parent.mkdir(parents=True, exist_ok=True)  # before the first place: an interrupted start is known by it
    say(f"writing the demo port ({DAYS} days)")
    write(settings.home, seed=SEED, days=DAYS, ending=ending)
    clock.start_demo(settings.home, ending)
    mark.write_text(ending.isoformat())


def take_history(settings: Settings, store: Store, world: World, say: Say) -> None:
    """Read all that the demo's feeds have told so far, each file received at its own time; then judge."""
    now = clock.now()
    with store.act() as conn:
        # In force since the demo began, not since this minute: its history is judged by them.
        declared.remember(conn, world, now - timedelta(days=DAYS))
    for number, feed in enumerate(world.feeds, 1):
        source = open_source(feed.source)
        assert isinstance(source, Folder)  # noqa: S101 - the demo's own declarations
        files = sorted((path for path in source.base.glob(source.pattern) if path.is_file()), key=lambda path: path.stat().st_mtime_ns)
        counts = ingest(store, world, feed.id, files, "mtime", now, settings)["total"]
        say(f"reading feed {number} of {len(world.feeds)}, {feed.id}: {counts['messages']:,} messages, {counts['reports']:,} reports")
    say("judging what was told")
    judge(store, world, now)
    if settings.demo:
        people.make_demo_accounts(store, now)
        for name in ("officer", "supervisor"):
            for place in world.places:
                duty.sign_on(store, world, people.actor_named(store, name), place, now)
        say("closing what the demo's officers have dealt with")
        close_old(store, now)
    _ready(settings).write_text(now.isoformat())


def close_old(store: Store, now: datetime) -> None:
    """Leave the queue as a working office leaves it: what is older than a day is closed, by two people, at the demo's beginning."""
    a, w = t.alert.c, t.alert_work.c
    old = sa.select(a.alert_id, a.rule, w.work, a.ended_at).join_from(t.alert, t.alert_work, w.alert_id == a.alert_id)
    old = old.where(a.condition == "active", a.known_at < now - timedelta(days=1), sa.not_(a.history), w.work != "closed")
    with store.read() as conn:
        alerts = conn.execute(old.order_by(a.known_at, a.alert_id)).all()
    officer, supervisor = people.actor_named(store, "officer"), people.actor_named(store, "supervisor")
    for alert_id, rule, work, ended_at in alerts:
        if rule not in OUTCOMES or (rule in UNTIL_GONE and ended_at is None):
            continue
        if work == "new":
            actions.acknowledge(store, officer, alert_id, now)
        if work != "confirmed":
            actions.outcome(store, officer, alert_id, now, outcome=OUTCOMES[rule], text=SAID, not_heard=NOBODY)
        actions.close(store, supervisor, alert_id, now)


def _ready(settings: Settings) -> Path:
    return settings.home / "demo" / "ready"
