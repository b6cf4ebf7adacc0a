"""What a statement counts as by itself: how far ahead of its receipt it may be dated, and how long before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from zones.place import Place
from zones.report import AHEAD


def fact_status(given: str, effective_at: datetime | None, received_at: datetime, horizon: timedelta) -> str:
    """What a customs fact or a signal counts as: dated ahead of its receipt, long before it, or not at all, it counts nowhere."""
    if given == "live" and (effective_at is None or effective_at > received_at + AHEAD or effective_at < received_at - horizon):
        return "implausible"
    return given


def list_status(listed_at: datetime, received_at: datetime) -> str:
    """What a yard list counts as."""
    return "implausible" if listed_at > received_at + AHEAD else "live"


def span(place: Place) -> timedelta:
    """The place's horizon as a length of time: what is older at its receipt is implausible."""
    return _days(place.horizon)


_UNIT_DAYS = {"m": 1 / 1440, "h": 1 / 24, "wh": 1 / 8, "d": 1, "wd": 1.4, "mo": 30.4, "y": 365.25}


def _days(duration: Any) -> timedelta:
    return timedelta(days=duration.n * _UNIT_DAYS[duration.unit])
