"""The offences planted in the demo: one file a rule, named as the rule is.

lives(plan, day, serial) -> list[Life]    the offending lives that begin on a day of the demo's history or future, each with its `offence`
goods(ledger, day) -> list[Lot]           of a rule about goods instead: the lots with an offence that begin on a day, before the origin too

What is planted must be the only thing that its rule finds: tests/pure/test_demo.py reads everything and compares. silences.py lays down
what `feed_silent` finds; lively.py what a watcher of the demo's future sees.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.demo.box import Life
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot
    from data.demo.plan import Plan


NOT_PLANTED = {  # rule -> why nothing can be planted for it
    "contradicted_or_retracted_event_that_closed_an_alert": "a person must have closed an alert before the correction came",
}


@cache
def plants() -> dict[str, ModuleType]:
    """Rule -> the module that plants for it, sorted."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    return {name: import_module(f"{__name__}.{name}") for name in names}


def planted(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """All offending lives that begin on a day; none before the origin."""
    modules = [module for module in plants().values() if hasattr(module, "lives")] if day >= 0 else []
    return [life for module in modules for life in module.lives(plan, day, serial)]


def planted_goods(ledger: Ledger, day: int) -> list[Lot]:
    """All lots with an offence that begin on a day; some lie there before the origin."""
    return [lot for module in plants().values() if hasattr(module, "goods") for lot in module.goods(ledger, day)]
