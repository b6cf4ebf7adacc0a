"""Blindness: what is watched for at a place, and how much of it cannot be seen now. No alert of a blind rule means nothing.

A rule watches at a place where one of its limits is declared there, or where it needs none. It is blind where a kind of news that it
leans on (NEEDS) is told by nobody, or was not heard for too long; and where a kind that it looks at was not heard that somebody tells.
A place that is no seaport has no quay, and misses no news of one. Goods are watched where somebody tells a ledger, or the place declares
who keeps one.
Rules about sources themselves see by the silence, and those about what people closed need no news; neither are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import ModuleType

from msgspec import Struct

from zones.episode import ALWAYS
from zones.limits import ALWAYS as ALWAYS_ON
from zones.limits import Law
from zones.subject import ALERT, FEED, LOT, OPERATOR
from zones.switch import Off

SEES = frozenset({"gate", "quay"})  # what a rule about boxes looks at, unless it says otherwise (SEES)


class Unseen(Struct, frozen=True):
    """One rule that is blind: the kinds of news that are missing, and since when the first of them is. None: it never was there.

    `off`: it sees nothing because somebody switched it off.
    """

    rule: str
    kinds: tuple[str, ...]
    since: datetime | None
    off: Off | None = None


class Blindness(Struct, frozen=True):
    """How many rules watch at a place, and which of them are blind."""

    watching: int
    blind: tuple[Unseen, ...] = ()

    @property
    def share(self) -> float:
        """The share of what is watched for that cannot be seen; 1 where nothing is watched for."""
        return len(self.blind) / self.watching if self.watching else 1.0

    @property
    def since(self) -> datetime | None:
        """Since when the first of them is blind; None where one always was."""
        since = [unseen.since for unseen in self.blind]
        return None if None in since else min((at for at in since if at is not None), default=None)


def watching(rules: Mapping[str, ModuleType], law: Law, at: datetime) -> dict[str, ModuleType]:
    """The rules about goods that are on under a law at an instant."""
    return {
        rule_id: rule
        for rule_id, rule in rules.items()
        if rule.SUBJECT not in (ALERT, FEED) and (rule.watches(law) if hasattr(rule, "watches") else _declared(rule, law, at))
    }


def _declared(rule: ModuleType, law: Law, at: datetime) -> bool:
    return any(name == ALWAYS or law.at(name, at) is not None for name in rule.STEPS)


def blindness(
    on: Mapping[str, ModuleType],
    place_kind: str,
    told: Iterable[str],
    unheard: Mapping[str, datetime | None],
    off: Mapping[str, Off] | None = None,
    keeps_goods: bool = False,
) -> Blindness:
    """What of the rules that are on is blind at a place of this kind. `told`: the kinds of news that some feed speaks for; `unheard`: those
    of them that are not heard now, and when they last were (None: never); `off`: rules that are switched off now; `keeps_goods`: the place
    declares who keeps a ledger of goods there.
    """
    known = frozenset(told)
    there = known | {"gate", "customs", "yard", "plans"} | ({"quay"} if place_kind == "seaport" else set())  # not every place has devices
    if keeps_goods:
        there |= {"ledger"}
    elif "ledger" not in known:
        on = {rule_id: rule for rule_id, rule in on.items() if rule.SUBJECT not in (LOT, OPERATOR)}
    found = []
    for rule_id, rule in on.items():
        if off and rule_id in off:
            found.append(Unseen(rule_id, (), off[rule_id].since if off[rule_id].since > ALWAYS_ON else None, off[rule_id]))
            continue
        sees = getattr(rule, "SEES", SEES)
        wanted = (rule.NEEDS & there) | (sees & known or sees & there)
        missing = {kind for kind in wanted if kind not in known or kind in unheard}
        if missing:
            since = [unheard.get(kind) for kind in missing]
            found.append(Unseen(rule_id, tuple(sorted(missing)), None if None in since else min(at for at in since if at)))
    return Blindness(len(on), tuple(found))
