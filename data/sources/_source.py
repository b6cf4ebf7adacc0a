"""What every source is: a thing that lists what lies there and gives the bytes of what it listed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from pydantic import BaseModel, ConfigDict, Field

UNFINISHED = (".part", ".tmp", ".filepart", ".partial", ".crdownload", ".swp", "~")
BETWEEN_LOOKS_S = 2.0  # what may still be written must look the same twice, so far apart
NAME_LENGTH = 300


class BadSource(Exception):
    """The source cannot be used or reached; the message says why, in words for an operator."""


class Unreached(BadSource):
    """It did not answer, or not to the end: asking again may help."""


class StillWriting(Exception):
    """The file changed while it was read: leave it alone until the next look."""


class Stopped(Exception):
    """Whoever asks is to end: what a source waits for, it does not wait for any longer."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file or page that lies at a source: its name there (printable, at most 300 characters), size in bytes, time of last change.

    `version`: what else the source tells versions apart by (an ETag); it then decides alone whether the file is a new one.
    `bookmark`: where to go on from once this is kept (JSON, the source's own business); committed in the same transaction.
    """

    name: str
    size: int
    modified_at: datetime
    version: str = ""
    bookmark: str = ""

    def same(self, known: Found | None) -> bool:
        """Whether it was fetched already: a page never was, for its bookmark must be kept."""
        if known is None or self.bookmark:
            return False
        if self.version or known.version:
            return self.version == known.version
        return (self.size, self.modified_at) == (known.size, known.modified_at)


@dataclass(frozen=True, slots=True)
class Known:
    """What a feed has of its source already. `at`: now."""

    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    files: Mapping[str, Found] = field(default_factory=dict)
    bookmark: str = ""


NOTHING = Known()


class Source(Protocol):
    """What a feed's bytes are taken from. Errors of all: BadSource."""

    def list(self, known: Known = NOTHING) -> Iterable[Found]:
        """Complete files, oldest first; or pages, each asked for when the one before was taken."""

    def fetch(self, found: Found) -> BinaryIO:
        """The bytes of what `list` gave, to be read and closed. Reading may raise BadSource; errors also: StillWriting."""

    def whole(self, found: Found, file: BinaryIO) -> bool:
        """Whether, now that its last byte was read, it is still what was listed."""

    def look(self) -> str:
        """What lies there, in a few words, with nothing read."""

    def close(self) -> None:
        """Let go of every connection."""


class Fetching(BaseModel):
    """What may stand under `fetch` of a feed, whatever the source. Times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    private: bool = False  # the address may be one of our own network, or of this machine
    connect_s: float = Field(10.0, gt=0, le=300)
    read_s: float = Field(30.0, gt=0, le=600)  # without a single byte
    total_s: float = Field(900.0, gt=0, le=86_400)  # of one connection
    largest_mb: int = Field(2048, gt=0)


def shown_name(path: PurePosixPath | Path, taken: Container[str] | None = None) -> str:
    """A file's name as it may be kept and shown: nothing but printable characters, not too long, different from those `taken`."""
    name = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in path.as_posix())
    if len(name) > NAME_LENGTH:
        name = f"{name[: NAME_LENGTH - 20]}...{name[-16:]}"
    shown, n = name, 1
    while taken and shown in taken:
        n += 1
        shown = f"{name} ({n})"
    return shown


def filled(form: type[Any], fetch: Mapping[str, Any]) -> Any:
    """The form filled in from a feed's `fetch`. Errors: BadSource, naming what is wrong."""
    from pydantic import ValidationError

    try:
        return form.model_validate(dict(fetch))
    except ValidationError as error:
        said = []
        for one in error.errors():
            where = ".".join(map(str, ("fetch", *one["loc"])))
            known = ", ".join(f.alias or n for n, f in form.model_fields.items())
            words = f"not known here; known: {known}" if one["type"] == "extra_forbidden" and len(one["loc"]) == 1 else one["msg"]
            said.append(f"{where}: {words.removeprefix('Value error, ')}")
        raise BadSource("; ".join(said)) from None
