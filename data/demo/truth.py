"""truth.json: every planted offence that can be known by the ending, for whoever checks that all of them and nothing else is found.

Each is {rule, subject, began_at, ended_at, known_at, evidence, note}: times UTC; ended_at null while it lasts (a box that left on hold has
left for ever); known_at the later of its beginning and the receipt of the last of its evidence; evidence the files that told of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise, zip_longest
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from data.demo import ground, reefers, road
from data.demo.box import Fact, Life, Move, Offence, Reading, Signal
from data.demo.calls import DAY
from data.demo.goods import truth as goods
from data.demo.goods.ledger import kept
from data.demo.plan import Plan
from data.demo.silences import window
from data.demo.tell import File, feed_of, key, source_of
from zones.landing import unit

Expected = tuple[timedelta, tuple[time, time] | None]


def offences(plan: Plan, files: Sequence[File]) -> list[dict[str, Any]]:
    """All planted offences known by the plan's ending from the files delivered until then, by known_at."""
    by_key: dict[tuple[str, tuple[object, ...]], File] = {}
    for file in sorted(files, key=lambda file: file.at, reverse=True):
        for said in file.says:
            by_key[file.feed, said] = file
    found = [
        told for life in plan.lives(plan.origin, plan.ending) for offence in life.offences for told in _told(plan, life, offence, by_key)
    ]
    found += _silences(plan, files)
    for about, began, ended, known, heard in goods.offences(kept(plan), by_key):
        proof = [{"feed": file.feed, "file": file.name, "received_at": _text(file.at), "says": goods.words(line)} for file, line in heard]
        found.append(row(about.rule, about.subject, began, ended, known, proof, about.note))
    return sorted(found, key=lambda told: (told["known_at"], told["rule"], told["subject"]))


def _told(plan: Plan, life: Life, offence: Offence, by_key: dict[tuple[str, tuple[object, ...]], File]) -> Iterator[dict[str, Any]]:
    proof: list[dict[str, str]] = []
    heard: list[datetime] = []
    told_of: list[Move | Fact | Reading | Signal] = [*offence.moves, *offence.facts, *offence.readings, *offence.signals]
    for item in told_of:
        file = by_key.get((_feed(item), key(item)))
        if file is None:
            return
        proof.append({"feed": file.feed, "file": file.name, "received_at": _text(file.at), "says": _words(item)})
        heard.append(file.at)
    first = offence.moves[0]
    over = [item.at for item in offence.ended_by if (_feed(item), key(item)) in by_key]
    began = offence.begins() if offence.begins else first.at
    ended = min(over, default=None)
    if offence.ends and (over or not offence.ended_by):
        ended = offence.ends()
    subject = {
        "stay": f"stay:{first.place}/{life.box.number}",
        "plan": f"plan:{first.place}/{life.box.number}",
        "call": f"{unit(first.place, first.vessel[0], first.vessel[2])}/{life.box.number}",
    }.get(offence.subject, offence.subject if offence.subject.startswith("area:") else f"{offence.subject}:{life.box.number}")
    known = max(began, *heard)
    if known <= plan.ending:
        yield row(offence.rule, subject, began, ended, known, proof, offence.note)


def _feed(item: Move | Fact | Reading | Signal) -> str:
    if isinstance(item, Reading):
        return reefers.FEED
    if isinstance(item, Signal):
        return road.FEED
    return source_of(item) if isinstance(item, Move) else feed_of(item)


def _words(item: Move | Fact | Reading | Signal) -> str:
    if isinstance(item, Reading):
        return f"{item.kind} {item.box} {_text(item.at)}"
    if isinstance(item, Signal):
        return f"{item.kind} {item.device} {item.box} {_text(item.at)}"
    if isinstance(item, Move):
        return f"{item.event} {item.box.number} {_text(item.at)}"
    return f"{item.kind} {item.agency} {item.box or item.bill} {_text(item.at)}"


def row(
    rule: str, subject: str, began: datetime, ended: datetime | None, known: datetime, evidence: list[dict[str, str]], note: str
) -> dict[str, Any]:
    """One offence as truth.json has it."""
    return {
        "rule": rule,
        "subject": subject,
        "began_at": _text(began),
        "ended_at": _text(ended) if ended else None,
        "known_at": _text(known),
        "evidence": evidence,
        "note": note,
    }


def _silences(plan: Plan, files: Sequence[File]) -> list[dict[str, Any]]:
    receipts: dict[str, list[File]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.at):
        receipts[file.feed].append(file)
    declared, found = expected(), []
    for day in range(plan.index(plan.ending) + 1):
        planted = window(plan, day)
        if planted is None:
            continue
        feed, since, until = planted
        zone, allowed = declared[feed]
        for last, following in zip_longest(receipts[feed], receipts[feed][1:]):  # the same bytes again may break the silence
            if last.at >= until or (following is not None and following.at < since):
                continue
            for began, ended in spells(last.at, following.at if following else None, plan.ending, allowed, zone):
                proof = [{"feed": feed, "file": last.name, "received_at": _text(last.at), "says": "the last before the silence"}]
                found.append(row("feed_silent", f"feed:{feed}", began, ended, began, proof, "told nothing for hours"))
    return found


def expected() -> dict[str, tuple[ZoneInfo, list[Expected]]]:
    """What the places of the demo expect of each feed that they expect something of: its place's zone, and (within, hours) pairs."""
    found: dict[str, tuple[ZoneInfo, list[Expected]]] = {}
    for place in ground.PLACES:
        told = yaml.safe_load((ground.HERE / "places" / place / "place.yaml").read_text("utf-8").replace("@", ""))
        for feed in told["feeds"]:
            pairs: list[Expected] = []
            for entry in feed.get("expect", ()):
                within = timedelta(**{{"m": "minutes", "h": "hours"}[entry["within"][-1]]: int(entry["within"][:-1])})
                since, _, until = entry.get("hours", "").partition("-")
                pairs.append((within, (time.fromisoformat(since), time.fromisoformat(until)) if until else None))
            if pairs:
                found[feed["id"]] = ZoneInfo(told["timezone"]), pairs
    return found


def spells(
    last: datetime, following: datetime | None, now: datetime, allowed: Sequence[Expected], zone: ZoneInfo
) -> list[tuple[datetime, datetime | None]]:
    """When a source last heard at `last` and next at `following` was silent: [began, ended), ended None while it lasts."""
    end = following or now
    if end - last <= min(within for within, _ in allowed):
        return []
    edges = {end} | {last + within for within, _ in allowed}
    for days in range(-1, (end - last).days + 3):
        day = last.astimezone(zone).date() + days * DAY
        edges |= {datetime.combine(day, hour, zone).astimezone(last.tzinfo) for _, hours in allowed for hour in hours or ()}
    cuts = sorted(edge for edge in edges if last < edge <= end)
    found: list[tuple[datetime, datetime | None]] = []
    for start, stop in pairwise(cuts):
        local = start.astimezone(zone).time()
        least = min((within for within, hours in allowed if hours is None or hours[0] <= local < hours[1]), default=None)
        if least is None or start - last < least:
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    if found and following is None and found[-1][1] == end:
        found[-1] = (found[-1][0], None)
    return found


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
