"""The demo goes on: writes the files due since it last looked, where it stopped, in the time it is told.

`follow.json` says which demo this is and up to when it is written. A step that was interrupted is done again and gives the same files.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.demo.calls import DAY
from data.demo.plan import Plan
from data.demo.tell import File, Telling

STATE = "follow.json"


class NotADemo(Exception):
    """The folder holds no demo that could go on; the message says which file is missing or broken."""


def step(to: Path, now: datetime) -> int:
    """Write the files due in (last, now]; how many. Each has its delivery as its time.

    Errors: NotADemo; ValueError for a `now` without zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    told = state(to)
    last, now, written = datetime.fromisoformat(told["last"]), now.astimezone(UTC), 0
    telling = _telling(told["seed"], told["origin"], told["scale"], told["ending"])
    while last < now:
        until = min(now, last + DAY)  # a day at a time: whoever slept for weeks is not a thousand files behind at once
        for file in telling.delivered(last, until):
            put(to, file)
            written += 1
        last = until
        keep(to, told | {"last": last.isoformat()})
    return written


follow = step


def reached(to: Path) -> datetime:
    """Up to when the demo is written. Errors: NotADemo."""
    return datetime.fromisoformat(state(to)["last"])


def state(to: Path) -> dict[str, Any]:
    """What follow.json says. Errors: NotADemo."""
    path = to / STATE
    try:
        told = json.loads(path.read_text("utf-8"))
        return {name: told[name] for name in ("seed", "days", "scale", "origin", "ending", "last")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotADemo(f"{path}: {error}; write the demo first") from error


@lru_cache(maxsize=2)
def _telling(seed: int, origin: str, scale: float, ending: str) -> Telling:
    return Telling(Plan(seed, datetime.fromisoformat(origin), scale, datetime.fromisoformat(ending)))


def put(to: Path, file: File) -> None:
    """One delivery, whole or not at all: written beside under a name no source reads, then renamed."""
    path = to / "feeds" / file.feed / file.name
    whole(path, file.content, file.at)


def keep(to: Path, told: dict[str, Any]) -> None:
    whole(to / STATE, (json.dumps(told, indent=1) + "\n").encode(), datetime.fromisoformat(told["last"]))


def whole(path: Path, content: bytes, at: datetime) -> None:
    """Write a file so that nobody ever sees half of it; its time is `at`."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(content)
    seconds = int(at.timestamp())
    os.utime(beside, (seconds, seconds))
    beside.replace(path)
