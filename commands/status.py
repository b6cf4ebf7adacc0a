"""status: what is heard, who works, what is in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from commands._shared import House, as_json, house, tell
from data import clock, lease
from data.store import tables as t
from zones.place import Feed


@click.command()
@as_json
def status(as_json: bool) -> None:
    """Feeds, worker, what is due, which declarations are in force."""
    with house() as ours:
        document = standing(ours)

    def text() -> Iterator[str]:
        yield f"now {document['now'].isoformat()}" + (
            f" (simulated, {document['simulated']:g} times as fast)" if document["simulated"] else ""
        )
        for feed in document["feeds"]:
            heard = feed["last_received_at"]
            said = heard.isoformat() if heard else "never heard"
            halted = f", stopped since {feed['stopped_since'].isoformat()}" if feed["stopped_since"] else ""
            yield f"feed {feed['feed']:20} {said:27} {feed['pending']} pending, {feed['unreadable']} unreadable{halted}"
        worker = document["worker"]
        yield f"worker {worker['holder']} {'works' if worker['alive'] else 'has stopped'}" if worker else "worker: there never was one"
        outbox = document["notifications"]
        waits = f" since {outbox['waiting_since'].isoformat()}" if outbox["waiting_since"] else ""
        declared = ", ".join(outbox["channels"]) or "none"
        yield f"notifications: {outbox['waiting']} waiting{waits}, {outbox['given_up']} given up; channels: {declared}"
        yield f"judged up to {document['judged_up_to'] or 'never'}; next due {document['next_due'] or 'nothing'}"
        for job, counts in document["run_counts"].items():
            yield f"job {job}: {counts}"
        for file in document["declarations"]:
            yield f"in force {file['kind']:7} {file['id']:20} {file['sha256'][:12]} {file['path']}"

    tell(document, as_json, text)


def standing(ours: House) -> dict[str, Any]:
    """The whole of it as one document; worker times are real, all others of the house."""
    from data.work import next_due

    worker = lease.standing(ours.store)
    if worker:
        worker["alive"] = worker["expires_at"] > clock.real_now()
    with ours.store.read() as conn:
        return {
            "now": ours.now,
            "simulated": clock.simulated(),
            "feeds": [_feed(conn, feed, ours) for feed in ours.world.feeds],
            "worker": worker,
            "notifications": _notifications(conn, ours),
            "judged_up_to": conn.execute(sa.select(sa.func.max(t.judged.c.up_to))).scalar(),
            "next_due": next_due(ours.store, ours.world, ours.now),
            "run_counts": {
                row["job"]: {k: v for k, v in row.items() if k != "job"} for row in conn.execute(sa.select(t.run_count)).mappings()
            },
            "not_looking": [
                dict(row) for row in conn.execute(sa.select(t.not_looking).order_by(t.not_looking.c.from_at.desc()).limit(10)).mappings()
            ],
            "declarations": [{"kind": f.kind, "id": f.id, "sha256": f.sha256, "path": f.path} for f in ours.world.files],
            "declarations_version": ours.world.version,
        }


def _notifications(conn: Connection, ours: House) -> dict[str, Any]:
    from data.queries.notices import standing

    found = standing(conn)
    channels = sorted(ours.settings.channels)
    return {"channels": channels, "waiting": found.waiting, "waiting_since": found.since, "given_up": found.dead}


def _feed(conn: Connection, feed: Feed, ours: House) -> dict[str, Any]:
    heard = conn.execute(sa.select(sa.func.max(t.receipt.c.received_at)).where(t.receipt.c.feed == feed.id)).scalar()
    states = sa.select(t.message.c.state, sa.func.count()).where(
        t.message.c.feed == feed.id, t.message.c.state.in_(("pending", "unreadable"))
    )
    counts = {row[0]: row[1] for row in conn.execute(states.group_by(t.message.c.state))}
    last = (
        conn.execute(sa.select(t.run).where(t.run.c.feed == feed.id).order_by(t.run.c.started_at.desc()).limit(1)).mappings().one_or_none()
    )
    from data import breaker

    halted = breaker.stopped(conn).get(feed.id)
    return {
        "feed": feed.id,
        "place": feed.place,
        "publisher": feed.publisher,
        "last_received_at": heard,
        "silent_minutes": int((ours.now - heard).total_seconds() // 60) if heard else None,
        "stopped_since": halted["opened_at"] if halted else None,
        "pending": counts.get("pending", 0),
        "unreadable": counts.get("unreadable", 0),
        "last_run": {"started_at": last["started_at"], "state": last["state"], "error": last["error"]} if last else None,
    }
