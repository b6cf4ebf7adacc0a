"""The rules: one file each. What a rule module holds is checked here at the start and, with its examples, by tests/contract/test_rules.py.

docstring      readable by an officer
SUBJECT        stay | box | leg | feed | alert (zones/subject.py)
STEPS          limit name, or "always" -> severity
LATCHING       the episode may end, the alert stays open until somebody gives an outcome; or the names of the steps from which on it does
NEEDS          kinds of report or fact whose absence the rule leans on (gate, quay, yard, customs)
VERSION        a new number judges open and future subjects again
OWNER          who answers for its alerts: officer, supervisor, manager, admin (zones/catalogue.py)
episodes(facts, law) -> Iterable[Episode]
quiet(law)     may be left out; of a rule about stays: for how long after its opening it says nothing of a stay, as long as customs has
               not spoken of the box (None: for ever). Such stays need not be judged
speaks_of(stay) may be left out: the stays of which it speaks in its quiet time nevertheless, told from the stay alone
OTHERWISE      may be left out; of what zones.whatif tells that it could have been otherwise: entered, left, released, told
ACROSS         may be left out; of a rule about a box: it speaks only of one known at two places or more
EXAMPLES       a small notation: `d0 08:00 discharge; d5 09:00 gate_out -> spells`
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from zones.episode import Episode, cautious
from zones.limits import Law

PARTS = ("SUBJECT", "STEPS", "LATCHING", "NEEDS", "VERSION", "OWNER", "episodes", "EXAMPLES")


@cache
def rules() -> dict[str, ModuleType]:
    """Every rule by id, sorted. A module that lacks a part of the contract stops the start."""
    found: dict[str, ModuleType] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        if info.name.startswith("_"):
            continue
        module = import_module(f"{__name__}.{info.name}")
        missing = [part for part in PARTS if not hasattr(module, part)]
        if missing or not module.__doc__:
            raise ImportError(f"zones/rules/{info.name}.py lacks {', '.join(missing) or 'a docstring'}")
        found[info.name] = module
    return found


def found(rule: ModuleType, facts: Any, law: Law) -> list[Episode]:
    """What a rule finds: as it says, but for limits that nobody has confirmed, which raise nothing to Act now."""
    return [cautious(episode) for episode in rule.episodes(facts, law)]
