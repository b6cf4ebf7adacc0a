"""An archive: its first file is tried, and what of the archive cannot be had is rejected, as a pull would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from data.feeds import Leftover
from data.feeds._zip import CHUNK
from data.tryout.reading import SHOWN
from data.tryout.told import Finding, Ignored, Reject, Tried
from data.unpack import Member, members
from zones.place import Place


def opened(file: BinaryIO, name: str, first: Callable[[BinaryIO, str], Tried], home: Place, feed: str) -> Tried:
    """What `first` says of the first file of an archive, and what is wrong with the archive besides."""
    size, kept = file.seek(0, 2), _Kept()
    file.seek(0)
    inside: list[Member[None]] = []
    rejects: list[Reject] = []
    ignored: list[Ignored] = []
    try:
        for each in members(file, name, kept):
            if isinstance(each, Member):
                inside.append(each)
                kept.done = True
            elif isinstance(each, Leftover):
                ignored.append(Ignored(each.name, each.count, each.example[:60]))
            else:
                rejects.append(Reject(each.reason, each.position, each.scope, each.detail, each.excerpt))
        if inside:
            tried, key = first(kept.file, inside[0].name), "archive_member" if len(inside) == 1 else "archive_members"
            found = Finding("archive", name, "seen", key, {"name": inside[0].name, "n": len(inside)})
        else:
            tried = Tried(name=name, size=size, format="", place=home.id, timezone=home.timezone, feed=feed, options={})
            found = Finding("archive", name, "seen", "archive_none")
    finally:
        kept.file.close()
    return replace(
        tried, findings=(found, *tried.findings), rejected=tried.rejected + len(rejects), rejects=(*rejects, *tried.rejects)[:SHOWN],
        reasons=dict((Counter(each.reason for each in rejects) + Counter(tried.reasons)).most_common()),
        ignored=(*ignored, *tried.ignored),
    )  # fmt: skip


class _Kept:
    """Takes the bytes of members, within the limits of unpacking; has those of the first that came to its end."""

    def __init__(self) -> None:
        self.file, self.done = cast(BinaryIO, TemporaryFile()), False  # noqa: SIM115 - closed by `opened`

    def __call__(self, member: BinaryIO) -> None:
        if not self.done:
            self.file.seek(0)
            self.file.truncate()
        while piece := member.read(CHUNK):
            if not self.done:
                self.file.write(piece)
