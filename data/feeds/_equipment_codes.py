"""What the codes of a message mean: message type and sender profile before the code itself, and what would contradict it."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from data.feeds._equipment_facts import USUAL, Counted, Facts, Takes
from data.feeds._when import BadOptions, times
from zones.codes import EVENTS

if TYPE_CHECKING:
    from zones.place import Place

PLANS = frozenset({"25", "118", "121", "126", "129", "145", "146", "183", "184", "43", "45", "11", "12"})
# BGM 1225 -> (act on the earlier document, function of each box, given)
FUNCTIONS = {
    "": ("", "original", "live"), "9": ("", "original", "live"), "22": ("", "original", "live"), "47": ("", "original", "live"),
    "2": ("", "original", "live"), "5": ("replace", "original", "live"), "4": ("change", "original", "live"),
    "36": ("change", "original", "live"), "1": ("cancel", "cancel", "live"), "3": ("remove", "cancel", "live"),
    "7": ("", "copy", "live"), "35": ("", "copy", "live"), "31": ("", "copy", "live"), "43": ("", "copy", "live"),
    "46": ("", "original", "provisional"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """How one message type is read. `codes`: BGM 1001 -> event, empty where BGM does not say what happened. `ports` names the LOC of header
    and box that stand in for a missing place of activity: given the event and the direction, the 3227 to look at (several separated by
    blanks), "" for none. `witness` gives the event that free text or the header's ports show. `plans`: it tells what is to happen, never
    what happened; `requested`: those of its codes that are an order; `unnumbered`: boxes may have no number yet."""

    kind: str
    codes: Mapping[str, str]
    status: frozenset[str]
    several: frozenset[str]
    ports: Callable[[str, str], str]
    witness: Callable[[str], str]
    by_ship: bool
    takes: Takes = USUAL
    plans: bool = False
    requested: frozenset[str] = frozenset()
    unnumbered: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one file: the form, the place, and what the options say."""

    form: Form
    zone: tzinfo
    zone_from: str
    codes: Mapping[str, object]
    kinds: frozenset[str]
    own: frozenset[str]  # UN/LOCODEs by which messages name this place
    terminals: Mapping[str, str]  # this place's: {"DT1": "XXDMO:DT1"}
    left: Counted


def reading_of(place: Place, options: Mapping[str, object], form: Form) -> tuple[Reading, str]:
    clock, encoding = times(options, place.zone), str(options.get("encoding") or "")
    try:
        if encoding:
            codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise BadOptions(f"encoding {encoding!r} is not known") from error
    codes = options.get("codes") or {}
    if not isinstance(codes, Mapping):
        raise BadOptions("codes is not a table of codes and events")
    for value in (v for entry in codes.values() for v in (entry.values() if isinstance(entry, Mapping) else (entry,))):
        if value not in EVENTS and value not in ("status_only", "unclassified"):
            raise BadOptions(f"codes: {value!r} is not an event")
    also = options.get("also_count") or ()
    kinds = frozenset({"CN", *((also,) if isinstance(also, str) else map(str, also) if isinstance(also, list | tuple) else ())})
    own = frozenset(code.split(":")[0].upper() for code in (*place.codes, place.unlocode or "") if code)
    terminals = {code.upper().partition(":")[2]: code.upper() for code in place.codes if ":" in code}
    return Reading(form, clock.zone, clock.zone_from, codes, kinds, own, terminals, Counted()), encoding


def event_of(code: str, sender: str, also: str, reading: Reading) -> tuple[str, str, list[str], str, bool]:
    """(event, given, why, classifier, whether the sender profile said so)."""
    form = reading.form
    told = profiled(code, (sender, also), reading)
    sure = told is not None
    classifier = "requested" if code in form.requested else "planned" if form.plans else "actual"
    if not form.codes:
        return "other", "live", [], classifier, False
    event = form.codes.get(code, "") if told is None else told
    if event == "status_only" or (not event and code in form.status):
        return "other", "status_only", [f"status_code: {code}"], classifier, sure
    if event in EVENTS:
        return event, "live", [], classifier, sure
    if code in PLANS and not sure:
        return "other", "unclassified", [f"plan_code: {code}"], "planned", sure
    return "other", "unclassified", [f"{'several_moves' if code in form.several else 'unknown_code'}: {code[:20]}"], classifier, sure


def profiled(code: str, names: tuple[str, ...], reading: Reading) -> str | None:
    """What the feed's options say of a code: of this sender first, then of all."""
    codes = reading.codes
    profiles = [profile for name in names if name and isinstance(profile := codes.get(name), Mapping)]
    for table in (*profiles, codes):
        for key, event in table.items():
            if str(key).upper() == code and isinstance(event, str):
                return event
    return None


def witness_of(form: Form, facts: Facts, title: str, own: frozenset[str]) -> str:
    """The one event that title, free text and the header's ports speak of; "" if none does, or not clearly."""
    seen = {found for text in (title, *facts.texts) if (found := form.witness(text))}
    if form.by_ship:
        load, discharge = (facts.locode(q) in own for q in ("9", "11"))
        if load != discharge and facts.locode("9") and facts.locode("11"):
            seen.add("load" if load else "discharge")
    return seen.pop() if len(seen) == 1 else " and ".join(sorted(seen))
