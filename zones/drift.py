"""What has changed between the column names of a file and those of the one before: new, missing, renamed, or only in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

NEAR = 0.7


@dataclass(frozen=True, slots=True)
class Drift:
    """`renamed`: (name before, name now)."""

    new: tuple[str, ...]
    missing: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    moved: bool


def compare(before: Sequence[str], after: Sequence[str]) -> Drift:
    """A column that went is taken for renamed where one that came stands in its place, or has a name like it."""
    gone = [name for name in before if name not in after]
    came = [name for name in after if name not in before]
    renamed = []
    for name in list(gone):
        at = before.index(name)
        here = after[at] if at < len(after) and len(before) == len(after) else None
        like = max(came, key=lambda other: _alike(name, other), default=None)
        now = here if here in came else like if like is not None and _alike(name, like) >= NEAR else None
        if now is not None:
            renamed.append((name, now))
            gone.remove(name)
            came.remove(now)
    stayed = [name for name in before if name in after], [name for name in after if name in before]
    return Drift(tuple(came), tuple(gone), tuple(renamed), stayed[0] != stayed[1])


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()
