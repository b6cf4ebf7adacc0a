"""Where the goods of an event were, and went; whose they were and are; and what that makes of the act.

What goes to another declared place, or comes from one, is a half of a transfer. The option `sites` says which identifiers are declared
places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.feeds._dcsa_take import Taker
from data.feeds._epcis_acts import Act, status
from data.feeds._epcis_ids import canonical, code
from data.feeds._epcis_reading import Reading, kept
from data.feeds._epcis_words import bare
from data.feeds._lines import excerpt

REASONS: dict[str, str] = {
    "no_place_after": "Where the goods are afterwards is not told.",
}


@dataclass(slots=True)
class Sides:
    """Where goods came from and went, and whose they were and are; "" where not told."""

    place_from: tuple[str, str] = ("", "")
    place_to: tuple[str, str] = ("", "")
    owner_from: str = ""
    owner_to: str = ""


def _place(taker: Taker, name: str) -> str:
    """The URI of readPoint or bizLocation."""
    inner = taker.inner(name)
    if inner is None:
        return taker.text(name)
    uri = inner.text("id", "@id")
    inner.rest()
    return uri


def _site(uri: str, reading: Reading) -> tuple[str, str]:
    """The place and area that a URI is declared to be, ("", "") where it is not declared."""
    return reading.sites.get(canonical(uri), ("", "")) if uri else ("", "")


def sides_of(taker: Taker, reading: Reading) -> Sides:
    """What sourceList and destinationList tell; what they tell of others is counted as left."""
    sides = Sides()
    for name, key, end in (("sourceList", "source", "from"), ("destinationList", "destination", "to")):
        for each in taker.inners(name):
            sort, uri = bare("SDT", each.text("type")), each.text(key)
            each.rest()
            site = _site(uri, reading)
            if sort == "location" and site != ("", "") and getattr(sides, f"place_{end}") == ("", ""):
                setattr(sides, f"place_{end}", site)
            elif sort == "owning_party" and uri and not getattr(sides, f"owner_{end}"):
                setattr(sides, f"owner_{end}", _party(uri, reading))
            elif uri:
                taker.left.append((f"{name}.{excerpt(sort) or key}", uri))
    return sides


def _party(uri: str, reading: Reading) -> str:
    return reading.parties.get(canonical(uri)) or kept("owning_party", code(uri))


def placed(act: Act, taker: Taker, reading: Reading, sides: Sides, common: dict[str, Any], why: list[str]) -> Act:
    """Where it happened, and what that makes of it: what goes to, or comes from, another declared place is a transfer."""
    read, business = _place(taker, "readPoint"), _place(taker, "bizLocation")
    order = [("readPoint.id", read), ("bizLocation.id", business)]
    told = [(name, uri) for name, uri in (order if act.out else reversed(order)) if uri]
    chosen = next((each for each in told if _site(each[1], reading) != ("", "")), told[0] if told else ("", ""))
    for each in told:
        if each != chosen and each[1] != chosen[1]:
            taker.left.append(each)
    place, area = _site(chosen[1], reading)
    common["location"], common["area"] = place or ("" if area else kept("place", code(chosen[1]))), area
    act = _between(act, common, sides, (place, area))
    if not business and act.act != "destruction" and "to_location" not in common:
        why.append("no_place_after")
    return act


def _between(act: Act, common: dict[str, Any], sides: Sides, here: tuple[str, str]) -> Act:
    """Between whom, and between which places."""
    before, after = sides.owner_from, sides.owner_to
    if act.act == "transfer":
        if before == after or not after:
            return status("status_step", "accepting")
        common |= {"owner": before, "to_owner": after}
        return act
    common["owner"] = (after or before) if act.act in ("admission", "return") else (before or after)
    if act.out and before and after and before != after:
        common["to_owner"] = after
    return _moved(act, common, sides, here)


def _moved(act: Act, common: dict[str, Any], sides: Sides, here: tuple[str, str]) -> Act:
    """A withdrawal or an admission between declared places is a half of a transfer; within one place it moves goods between areas."""
    there = sides.place_to if act.act == "withdrawal" else sides.place_from if act.act == "admission" else ("", "")
    if there == ("", ""):
        return act
    if there[0] == here[0]:
        common["area"], common["to_area"] = (here[1], there[1]) if act.out else (there[1], here[1])
        return Act("manipulation")
    if act.out:
        common["to_location"] = there[0]
        return Act("transfer", side="sent", out=True)
    common["remark"] = f"from {there[0] or 'here'}"
    return Act("transfer", side="received")
