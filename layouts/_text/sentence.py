"""What an alert says: a text key and typed values, rendered in the reader's language and the place's time.

Three lines: what happened (box, what, where, when, against which limit by how much; at most 30 words), how sure we are, what to do now.
Values are JSON: `{"name": {"t": type, "v": value}}` with the types box, place, gate, instant, duration_minutes, limit, holds, text,
number, quantity, feed. Instants are ISO 8601 text. What is absent or null is left out of the sentence, never invented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any

from layouts._text import has, keys, say, word
from layouts._text.forms import date, duration, instant, limit, number, when
from layouts._text.quantity import quantity
from zones.codes import spaced

Values = Mapping[str, Mapping[str, Any]]
Names = Mapping[str, Mapping[str, str]]  # place id -> language -> name


@dataclass(frozen=True, slots=True)
class Source:
    """What one source let us see when the alert was judged: its name, the kind it speaks for, and up to when it was heard (None: never)."""

    name: str
    kind: str
    heard_to: datetime | None


@dataclass(frozen=True, slots=True)
class _Telling:
    """One rendering: the values unpacked for one reader. `now` is up to when ages are counted; `today` when it is read, for the dates."""

    values: Values
    language: str
    zone: str
    now: datetime
    places: Names
    today: datetime

    def get(self, name: str) -> Any:
        return self.values.get(name, {}).get("v")

    def at(self, name: str) -> datetime | None:
        text = self.get(name)
        return datetime.fromisoformat(text) if text else None

    def when(self, name: str) -> str:
        at = self.at(name)
        return when(at, self.zone, self.language, self.today) if at else ""

    def place(self, name: str) -> str:
        names = self.places.get(self.get(name) or "", {})
        return names.get(self.language) or names.get("en") or self.get(name) or ""

    def say(self, key: str, **values: Any) -> str:
        return say(f"sentences.{key}", self.language, **values)

    def part(self, key: str, **values: Any) -> str:
        """A fragment that is left out altogether where one of its values is missing."""
        return self.say(key, **values) if all(value not in (None, "") for value in values.values()) else ""

    def did(self, event: str, place: str, moment: str) -> str:
        """ "entered Demo Zone at 10:15": what happened to the box, where and when."""
        known = event if has(f"sentences.did_{event}") else "other"
        return self.say(f"did_{known}", place=self.place(place), when=self.when(moment))


def sentence(
    because_key: str, values: Values, language: str, zone: str, now: datetime, places: Names, until: datetime | None = None
) -> str:
    """The first line. `until` is when the alert's condition ended, if it did: ages and excesses are counted up to then.

    Moments are told with their date wherever that is not the day of `now`, whenever it ended.
    """
    telling = _Telling(values, language, zone, min(now, until) if until else now, places, now)
    tell = _TELL.get(because_key)
    if tell:
        return tell(telling)
    if has(f"sentences.{because_key}"):
        return _plainly(telling, because_key)
    return telling.say("other", rule=word("rule", because_key, language))


def how_sure(
    because_key: str,
    values: Values,
    language: str,
    zone: str,
    now: datetime,
    *,
    condition: str = "active",
    known_at: datetime | None = None,
    sources: Sequence[Source] = (),
    citation_status: str = "",
) -> str:
    """The second line: what the judgement leans on, and how far we could see. Clauses without their facts are left out."""
    telling = _Telling(values, language, zone, now, {}, now)
    clauses = [telling.say(f"sure_{because_key}")] if has(f"sentences.sure_{because_key}") else []
    if because_key == "feed_silent":
        blind = [word("rule", rule, language) for rule in telling.get("blind") or ()]
        clauses = [telling.say("sure_blind", rules=telling.say("comma").join(blind))] if blind else []
    clauses += [
        telling.say("sure_heard", source=source.name, at=instant(source.heard_to, zone, language, now))
        if source.heard_to
        else telling.say("sure_never", source=source.name)
        for source in sources
    ]
    if citation_status:
        clauses.append(telling.say(f"sure_limit_{citation_status}"))
    if condition == "unverified":
        clauses.append(telling.say("sure_unverified"))
    if known_at:
        clauses.append(telling.say("sure_known", at=instant(known_at, zone, language, now)))
    joined = telling.say("semicolon").join(clauses)
    return joined[:1].upper() + joined[1:] + telling.say("stop") if joined else ""


def do_now(because_key: str, values: Values, language: str, contacts: Mapping[str, str]) -> str:
    """The third line, with the place's own contact where it declares one."""
    by = values.get("by", {}).get("v") or ""
    key = next((k for k in (f"do_{because_key}_{by}", f"do_{because_key}") if has(f"sentences.{k}")), "do_other")
    contact = contacts.get(_CONTACT.get(f"{because_key}_{by}", _CONTACT.get(because_key, "")), "")
    return say(f"sentences.{key}", language, who=contact or say(f"sentences.{key}_who", language))


def _plainly(t: _Telling, key: str) -> str:
    """The text of the key with each value written as its type is. A value `name` for which there is a text `<key>_<name>` is told by that,
    and left out with it where it is missing. `{did}` tells the event `by` with `place` and `at`, `{other_did}` that of `other_by`."""
    written = {name: _written(t, name) for name in t.values}
    for other in ("", "other_"):
        written[f"{other}did"] = t.did(t.get(f"{other}by") or "other", f"{other}place", f"{other}at")
    parts = {name[len(key) + 1 :]: name for name in keys("sentences", key + "_")}
    told = {name: t.part(text, **{name: written.get(name)}) for name, text in parts.items()}
    return t.say(key, **{**written, **told})


def _written(t: _Telling, name: str) -> Any:
    kind, value = t.values[name].get("t"), t.get(name)
    match kind:
        case "box":
            return spaced(value)
        case "place":
            return t.place(name)
        case "instant":
            return t.when(name)
        case "duration_minutes":
            return duration(timedelta(minutes=value), t.language)
        case "limit":
            return limit(value, t.language)
        case "holds":
            return t.say("semicolon").join(_hold(t, hold) for hold in value)
        case "list":
            return t.say("comma").join(value)
        case "names":
            return value.get(t.language) or value.get("en") or next(iter(value.values()), "")
        case "day":
            return date(Day.fromisoformat(value), t.language)
        case "event":
            return word("event", value, t.language)
        case "gate":
            return t.say("gate_number", gate=value) if str(value).isdigit() else value
        case "agency" | "fact" | "rule" | "outcome" | "weight" | "act":
            return word(kind, value, t.language)
        case "grams":
            return f"{number(value // 1000, t.language)} kg"
        case "quantity":
            return quantity(value["n"], value["uom"], t.language)
        case _:
            return value


def _overstay(t: _Telling) -> str:
    entered, over = t.at("entered"), t.at("over_since")
    by = t.get("by") or "entry"
    how = t.say(f"since_{by}" if has(f"sentences.since_{by}") else "since_entry", when=t.when("entered")) if entered else ""
    allowed = limit(t.get("limit") or "", t.language)
    words = {"box": spaced(t.get("box")), "place": t.place("place"), "how": t.part("how", how=how)}
    if over and over > t.now:
        return t.say("overstay_ahead", **words, limit=allowed, when=t.when("over_since"), left=_rough(over - t.now, t.language))
    age = t.now - entered if entered else timedelta(minutes=t.get("age") or 0)
    passed = t.part("passed", limit=allowed, over=duration(t.now - over, t.language) if over else "")
    return t.say("overstay", **words, age=duration(age, t.language), limit=passed)


def _on_hold(t: _Telling) -> str:
    gate, by_gate = t.get("gate"), "by_gate_named"
    if gate and str(gate).isdigit():
        gate, by_gate = t.say("gate_number", gate=gate), "by_gate"
    holds = [_hold(t, hold) for hold in t.get("holds") or ()]
    by = t.get("by") if t.get("by") in ("gate_out", "load") else "gate_out"
    return t.say(
        f"on_hold_{by}",
        box=spaced(t.get("box")),
        place=t.place("place"),
        gate=t.part(by_gate, gate=gate, lane=t.get("lane")) or t.part("by_gate_only", gate=gate),
        when=t.when("at"),
        vehicle=t.part(f"vehicle_{by}", vehicle=t.get("vehicle")),
        count=t.say("holds", n=len(holds)),
        holds=t.part("held", holds=t.say("semicolon").join(holds)),
    )


def _hold(t: _Telling, hold: Mapping[str, Any]) -> str:
    since = datetime.fromisoformat(hold["since"]) if hold.get("since") else None
    what = t.say(
        "hold_by", agency=word("agency", hold.get("agency") or "", t.language), reason=word("hold", hold.get("reason") or "", t.language)
    ).strip()
    return t.say("hold_since", what=what, since=instant(since, t.zone, t.language, t.today)) if since else what


def _two_places(t: _Telling) -> str:
    travel, apart = t.get("travel"), t.get("overlap")
    return t.say(
        "two_places_overlap" if apart else "two_places_travel",
        box=spaced(t.get("box")),
        first=t.did(t.get("other_by") or "other", "other_place", "other_at"),
        second=t.did(t.get("by") or "other", "place", "at"),
        road=t.part("road", travel=duration(travel, t.language) if travel else None),
    )


def _silent(t: _Telling) -> str:
    since, allowed = t.at("since"), t.get("allowed")
    words = {
        "feed": t.get("feed"),
        "place": t.place("place"),
        "allowed": t.part("allowed", allowed=duration(allowed, t.language) if allowed else ""),
    }
    if since is None:
        return t.say("silent_never", **words)
    return t.say("silent", **words, since=instant(since, t.zone, t.language, t.today), silence=duration(t.now - since, t.language))


def _rough(length: timedelta, language: str) -> str:
    """Days where it is days, else hours and minutes: a limit seven days off needs no minutes."""
    return duration(timedelta(days=length.days) if length.days >= 2 else length, language)


_TELL: dict[str, Callable[[_Telling], str]] = {
    "import_overstay": _overstay,
    "gate_out_on_hold": _on_hold,
    "two_places_at_once": _two_places,
    "feed_silent": _silent,
}
_CONTACT = {
    "gate_out_on_hold": "gate",
    "gate_out_on_hold_load": "quay",
    "import_overstay": "yard",
    "two_places_at_once": "gate",
    "feed_silent": "edi",
    "selected": "yard",
    "released": "yard",
    "released_without_inspection_result": "customs",
    "release_time_target_missed": "customs",
    "statutory_limit_approaching": "customs",
    "temporary_import_for_re_export_overdue": "customs",
    "exit_without_permit": "gate",
    "exit_without_permit_load": "quay",
    "bad_or_unknown_box_number": "edi",
    "orphan_exit": "edi",
    "orphan_entry": "edi",
    "handling_under_hold": "yard",
    "seal_number_changed": "gate",
    "seal_number_changed_load": "quay",
    "left_port": "customs",
    "dangerous_stay": "yard",
    "dangerous_boxes": "yard",
    "dangerous_neighbours": "yard",
    "seal_missing": "gate",
    "seal_missing_load": "quay",
    "seal_wrong_kind": "gate",
    "seal_wrong_kind_load": "quay",
    "yard_use": "yard",
    "turn_time": "gate",
    "trucks_inside": "gate",
    "surge": "yard",
    "arrived_late": "customs",
    "weight_mismatch": "yard",
    "weight_mismatch_load": "quay",
    "moved_but_not_on_plan": "gate",
    "moved_but_not_on_plan_load": "quay",
    "announced_too_late": "edi",
    "announced_not_left": "yard",
    "announced_not_come": "edi",
    "over_landed": "customs",
    "short_landed": "quay",
    "reefer_out_of_range": "yard",
    "reefer_unplugged": "yard",
    "reefer_abandoned": "yard",
    "overage": "customs",
    "overage_to_customs": "customs",
    "overage_written_on": "customs",
    "never_admitted": "customs",
    "negative_stock": "gate",
    "negative_stock_still": "gate",
    "seal_opened": "customs",
    "seal_tampered": "customs",
    "seal_device_silent": "customs",
    "off_route": "customs",
    "unusual_stop": "customs",
    "processing_yield_out_of_band": "customs",
    "came_out_more_than_went_in": "customs",
    "went_in_unaccounted_for": "customs",
    "risk_goods_in_risk_regime": "customs",
    "origin_or_description_changed_in_zone_with_no_processing": "customs",
    "closed_on_taken_back": "edi",
    "closed_on_corrected": "edi",
}
__all__ = ["Source", "do_now", "how_sure", "sentence"]
