"""Muting: which alerts say nothing that another does not say already, or that the calendar excuses. A second pass, over what was found.

The table is `zones.catalogue.MUTES`. A muted alert exists, is counted and can be looked at; it is not queued and nobody is notified. It
comes back when what mutes it is over. The key that both must share:

    anchor   the same occasion (a box that left on hold left without a permit, too)
    box      the same box (a number that is wrong may well seem to be in two places)
    source   a place and kind that the silent feed speaks for and the muted alert leans on

Besides, while a place is closed by its declared calendar, what nobody could have done there is excused (`EXCUSED_BY_CLOSURE`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from zones.alert import Occasion, Spell
from zones.catalogue import EXCUSED_BY_CLOSURE, MUTES

CLOSED = "closure"  # what mutes where it is no rule
SOURCE = frozenset(muting.mutes for muting in MUTES if muting.key == "source")  # rules that a silent feed mutes
Lean = tuple[str, str]  # place, kind


class Stood(Struct, frozen=True):
    """What stands of one rule's alert at T, as far as muting goes. Not those that are cleared: what is over mutes nothing."""

    rule: str
    anchor: tuple[str, ...]
    reports: frozenset[str]


def stood(rule: str, occasions: Iterable[Occasion]) -> list[Stood]:
    """What of a rule can mute others."""
    return [Stood(rule, one.anchor, one.anchor_reports) for one in occasions if one.condition in ("active", "unverified")]


def muted_by(
    rule: str, occasion: Occasion, of_box: Sequence[Stood], silent: Mapping[Lean, str], closures: Iterable[Spell], at: datetime
) -> str:
    """The rule that mutes an occasion at T, CLOSED, or "".

    `of_box`: what stands of all rules about the same box; `silent`: (place, kind) -> a feed that is silent now.
    """
    if occasion.condition not in ("active", "unverified"):
        return ""
    for muting in MUTES:
        if muting.mutes != rule:
            continue
        match muting.key:
            case "anchor":
                if any(one.rule == muting.by and one.reports & occasion.anchor_reports for one in of_box):
                    return muting.by
            case "box":
                if any(one.rule == muting.by for one in of_box):
                    return muting.by
            case "source":
                if any(lean in silent for lean in occasion.leans):
                    return muting.by
    if rule in EXCUSED_BY_CLOSURE and any(began <= at and (ended is None or at < ended) for began, ended in closures):
        return CLOSED
    return ""


def next_turn(rule: str, closures: Iterable[Spell], at: datetime) -> datetime | None:
    """When the calendar next changes what is excused."""
    if rule not in EXCUSED_BY_CLOSURE:
        return None
    edges = [edge for spell in closures for edge in spell if edge is not None and edge > at]
    return min(edges, default=None)
