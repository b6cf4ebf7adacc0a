"""When a person is told of an alert: what is worth telling, how long it waits (digest, quiet hours), when it is tried anew.

A notice is one thing told to one person through one channel: "this alert was raised". What becomes of it is `data/notify`. Wall times are
those of the alert's place. Nothing here reads a clock; what is random elsewhere (the jitter between two tries) is a hash here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from zones.episode import SEVERITIES

TOLD = ("raised", "verified", "returned", "worse", "unmuted", "invalidated", "assigned", "overdue", "unshelved")
DIGESTS = (0, 15, 30, 60, 120, 240, 480)  # minutes; each divides the day, so that digests come at the same times every day
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
GIVE_UP_AFTER, LEAST_TRIES, MOST_TRIES = timedelta(hours=24), 10, 200
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How one person wants to hear of the alerts of a place ("": of all his places) through one channel.

    `quiet`: ("22:00", "06:00"), or None. `urgent`: Act now is told in quiet hours too. `digest`: minutes; Queue waits for the next digest.
    """

    place: str = ""
    least: str = "act_now"
    quiet: tuple[str, str] | None = None
    urgent: bool = True
    digest: int = 0

    def wants(self, severity: str) -> bool:
        """Whether alerts of a severity are told at all. What concerns the person himself (assigned to him) is not asked here."""
        return SEVERITIES.index(severity) <= SEVERITIES.index(self.least)

    def due_at(self, at: datetime, severity: str, zone: ZoneInfo, *, direct: bool = False) -> datetime:
        """When it is to be told. `direct`: it concerns the person himself, and waits for no digest."""
        due = next_digest(at, self.digest, zone) if self.digest and severity == "queue" and not direct else at
        return self.held_until(due, severity, zone) or due

    def held_until(self, at: datetime, severity: str, zone: ZoneInfo) -> datetime | None:
        """The end of the quiet hours that `at` lies in, unless it is told all the same; None outside them."""
        if self.quiet is None or (self.urgent and severity == "act_now"):
            return None
        return quiet_end(at, *self.quiet, zone)


def is_clock(text: str) -> bool:
    """Whether it is a wall time, HH:MM."""
    return _CLOCK.fullmatch(text) is not None


def quiet_end(at: datetime, begins: str, ends: str, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that `at` lies in are over, or None where it lies in none. From 22:00 to 06:00 goes over midnight.

    A wall time that occurs twice is the earlier one: in the hour that is repeated it is quiet the first time only.
    """
    local = at.astimezone(zone)
    here, first, last = local.hour * 60 + local.minute, _minutes(begins), _minutes(ends)
    within = first <= here < last if first < last else here >= first or here < last
    if not within:
        return None
    day = local.date() if here < last else local.date() + timedelta(days=1)
    end = datetime.combine(day, time(last // 60, last % 60), zone).astimezone(at.tzinfo)
    return end if end > at else None


def next_digest(at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """The next time of day, counted in steps of so many minutes from midnight, that lies after `at`."""
    local = at.astimezone(zone)
    days, into = divmod((local.hour * 60 + local.minute) // minutes * minutes + minutes, 1440)
    then = datetime.combine(local.date() + timedelta(days=days), time(into // 60, into % 60), zone).astimezone(at.tzinfo)
    return then if then > at else at + timedelta(minutes=minutes)


def next_try(key: str, tries: int) -> timedelta:
    """How long after the try of that number (from 1) the next one comes: doubling from 10 s to 15 min, of which between half and all.

    The part is drawn from the key: what failed together is not tried again together, and a test knows what comes.
    """
    whole: timedelta = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    drawn = int(sha256(f"{key}:{tries}".encode()).hexdigest()[:8], 16)
    return whole / 2 + (whole / 2) * drawn // 0xFFFFFFFF


def given_up(tries: int, first_try: datetime, at: datetime) -> bool:
    """Whether it is not tried any more: after 24 hours (and ten tries, since a worker may have stood still meanwhile), or 200 tries."""
    return tries >= MOST_TRIES or (tries >= LEAST_TRIES and at - first_try >= GIVE_UP_AFTER)


def told_as(what: str, says: Mapping[str, Any], alert: Mapping[str, Any]) -> str:
    """What a line of an alert's journal is told as (of TOLD), or "" where it is not told.

    Not told: history, what is muted, what is not verified (shown at once, told once it is), what was over before anybody could look, and
    what leaves people nothing to do. An alert of which the severity rose is told anew, as "worse": the lower one may not have reached them.
    """
    if alert["history"] or alert["muted_by"]:
        return ""
    if what == "invalidated":
        return what
    if alert["condition"] != "active":
        return ""
    if what in ("raised", "verified", "returned", "unmuted"):
        return what
    before, now = says.get("severity", ["", ""]) if what == "changed" else ("", "")
    known = before in SEVERITIES and now in SEVERITIES
    return "worse" if known and SEVERITIES.index(now) < SEVERITIES.index(before) else ""


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
