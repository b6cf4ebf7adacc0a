"""What may be declared of an API of pages, and the bookmark that is kept with each page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data.sources._http import Web
from zones.calendar import Duration

LARGEST_PAGE_MB = 64


def _moment(value: Any) -> Any:
    text = str(value)
    found = datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00+00:00")
    if found.tzinfo is None:
        raise ValueError("a time needs its offset (2026-03-01T00:00:00Z), or is a date")
    return found.astimezone(UTC)


def _elapsed(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else Duration.parse(str(value)).elapsed()


class PagesForm(BaseModel):
    """What may stand under `fetch.pages`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    style: Literal["dcsa22", "dcsa30", "link", "cursor", "once"]
    limit: int = Field(100, ge=0, le=10_000)  # of a page; 0: not asked for
    limit_parameter: str = "limit"
    cursor_parameter: str = "cursor"
    at: str = ""  # style cursor: where in the body the next cursor stands
    since: str = ""  # the parameter that asks for what is new, e.g. eventCreatedDateTime:gte
    overlap: Annotated[timedelta, BeforeValidator(_elapsed)] = timedelta(hours=1)
    from_: Annotated[datetime | None, BeforeValidator(_moment)] = Field(None, alias="from")  # of the very first poll
    per_minute: int = Field(60, ge=1, le=6000)
    most: int = Field(10_000, ge=1)  # pages of one pull; the next goes on

    @model_validator(mode="after")
    def _fits(self) -> PagesForm:
        if (self.style == "cursor") != bool(self.at):
            raise ValueError("`at` and style cursor belong together")
        if self.from_ and not self.since:
            raise ValueError("`from` needs `since`: the parameter it is asked with")
        return self


class PagedWeb(Web):
    """What may stand under `fetch` of an API."""

    accept: str = "application/json"
    largest_mb: int = Field(LARGEST_PAGE_MB, gt=0, le=1024)
    pages: PagesForm


class Bookmark(msgspec.Struct, omit_defaults=True):
    """Where to go on. `since`: from when to ask (None: everything); `began`, `page`, `next`: of a poll that is under way."""

    since: datetime | None = None
    began: datetime | None = None
    page: int = 0
    next: str = ""

    @classmethod
    def read(cls, text: str, first: datetime | None) -> Bookmark:
        """As it was kept; what cannot be read counts as never kept: everything is asked again, and nothing lost."""
        try:
            return msgspec.json.decode(text, type=cls) if text else cls(since=first)
        except msgspec.MsgspecError:
            return cls(since=first)

    def text(self) -> str:
        """As it is kept."""
        return msgspec.json.encode(self).decode()
