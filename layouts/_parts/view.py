"""What a page looks at: the filters, as they stand in the URL. The URL is the only place where they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from layouts._parts.here import path

NAMES = ("place", "terminal", "mode", "direction", "full_empty", "since", "until", "agency", "line")
"""The common filters, in the order in which every page shows them."""


@dataclass(frozen=True, slots=True)
class View:
    """The common filters, "" where not set; dates as YYYY-MM-DD, both days included. `more` is what a page keeps for itself."""

    place: str = ""
    terminal: str = ""
    mode: str = ""
    direction: str = ""
    full_empty: str = ""
    since: str = ""
    until: str = ""
    agency: str = ""
    line: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_url(cls, url: Mapping[str, Any]) -> View:
        """From a layout function's keyword arguments. A key given twice counts once (the first); a date that is none is left out."""
        given = {name: (value[0] if isinstance(value, list) else value) for name, value in url.items()}
        given = {name: str(value).strip() for name, value in given.items() if value not in (None, "")}
        for name in ("since", "until"):
            if name in given and not day_of(given[name]):
                del given[name]
        common = {name: given.pop(name) for name in NAMES if name in given}
        return cls(**common, more=given)

    def data(self) -> dict[str, Any]:
        """As JSON for the page's Store; `View(**data)` is the way back."""
        return asdict(self)

    def items(self) -> list[tuple[str, str]]:
        """The filters that are set, in order, then the page's own."""
        common = [(f.name, getattr(self, f.name)) for f in fields(self) if f.name != "more"]
        return [(name, value) for name, value in (*common, *sorted(self.more.items())) if value]

    def get(self, name: str, default: str = "") -> str:
        """A filter or one of the page's own keys."""
        return (getattr(self, name) if name in NAMES else self.more.get(name, "")) or default

    def set(self, **values: str) -> View:
        """The same view with other values; "" takes one away."""
        common = {name: value for name, value in values.items() if name in NAMES}
        own = {**self.more, **{name: value for name, value in values.items() if name not in NAMES}}
        return replace(self, **common, more={name: value for name, value in own.items() if value})

    def without(self, *names: str) -> View:
        """The same view without some filters."""
        return self.set(**dict.fromkeys(names, ""))

    def query(self) -> str:
        """As it stands in an address: "?place=demo-port&mode=truck", or "" where nothing is set."""
        items = self.items()
        return f"?{urlencode(items)}" if items else ""

    def href(self, address: str) -> str:
        """The address of a page with this view."""
        return path(address) + self.query()

    def places(self, actor: Any, world: Any) -> tuple[str, ...]:
        """The ids of the places to be looked at: the one chosen, or all; never one the reader has no business with."""
        known = [place for place in world.places if actor.places is None or place in actor.places]
        return tuple(place for place in known if self.place in ("", place))

    def between(self, zone: str | ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """[since, until) in UTC: whole days of the place's zone."""
        zone = ZoneInfo(zone) if isinstance(zone, str) else zone
        first, last = day_of(self.since), day_of(self.until)
        return _midnight(first, zone), _midnight(last + timedelta(days=1) if last else None, zone)


def day_of(text: str) -> date | None:
    """A day written as YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None
