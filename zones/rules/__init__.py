"""The rules: one file each. What a rule module holds is checked here at the start and, with its examples, by tests/contract/test_rules.py.

docstring      readable by an officer
SUBJECT        stay | box | leg | plan | call | feed | area | lot | operator | alert (zones/subject.py)
STEPS          limit name, or "always" -> severity
LATCHING       the episode may end, the alert stays open until somebody gives an outcome; or the names of the steps from which on it does
NEEDS          kinds of report or fact whose absence the rule leans on (gate, quay, yard, customs, plans)
VERSION        a new number judges open and future subjects again
OWNER          who answers for its alerts: officer, supervisor, manager, admin (zones/catalogue.py)
episodes(facts, law) -> Iterable[Episode]
quiet(law)     may be left out; of a rule about stays or plans: for how long after its opening it says nothing of a stay, as long as neither
               customs nor a device has spoken of the box, nor anybody announced or declared anything of it (None: for ever). Such stays
               need not be judged
speaks_of(stay) may be left out: the stays of which it speaks in its quiet time nevertheless, told from the stay alone
watches(law)   may be left out; whether a place under this law asks for what the rule finds, where its STEPS do not tell that
FINER          may be left out; of LIMITS (further limits that it goes by) those for a part of what it looks at, as for one class of goods
OTHERWISE      may be left out; of what zones.whatif tells that it could have been otherwise: entered, left, released, told
MEASURES       may be left out; the unit of each of its limits that is no length of time: {"yard_use_high": "%"} (zones/measure.py)
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
from zones.measure import Value, value

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


@cache
def measured() -> dict[str, str]:
    """Limit -> its unit, of every limit that is no length of time. Errors: ImportError where two rules say it differently."""
    units: dict[str, str] = {}
    for rule_id, rule in rules().items():
        for name, unit in getattr(rule, "MEASURES", {}).items():
            if units.setdefault(name, unit) != unit:
                raise ImportError(f"zones/rules/{rule_id}.py measures {name} in {unit}, another rule in {units[name]}")
    return units


def amount(limit: str, text: str) -> Value:
    """The value of a limit as it is written, in the unit that the limit has. Errors: ValueError."""
    return value(text, measured().get(limit, ""))


def found(rule: ModuleType, facts: Any, law: Law) -> list[Episode]:
    """What a rule finds: as it says, but for limits that nobody has confirmed, which raise nothing to Act now."""
    return [cautious(episode) for episode in rule.episodes(facts, law)]
