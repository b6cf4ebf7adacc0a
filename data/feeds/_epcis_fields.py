"""What a ledger has a field for and EPCIS has not: taken from extensions, as a feed's option `fields` names them.

A name is written as in the data (`ex:hsCode`), without its prefix (`hsCode`), or whole (`https://ns.example/hsCode`). Texts hold for all
lines of an event. A figure is of one line: of several it is not taken, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from data.feeds._dcsa_take import LONG, Bad, Taker
from data.feeds._epcis_goods import decimal
from data.feeds._lines import excerpt
from zones.entry import MONEY, QUANTITY, WEIGHT

TEXTS = (
    "description", "hs", "hs_edition", "origin", "currency", "status", "to_status", "owner", "to_owner", "operator", "area", "to_area",
    "declaration", "permit", "process", "operation", "equipment", "lot", "item", "remark",
)  # fmt: skip
FIGURES = {"value": ("value", MONEY), "gross_kg": ("gross_mg", WEIGHT), "net_kg": ("net_mg", WEIGHT), "balance": ("balance", QUANTITY)}
_SCALED = {"gross_kg": 6, "net_kg": 6}  # a kilogram is a million milligrams

REASONS: dict[str, str] = {
    "bad_field": "A field cannot be used and was left out: {detail}.",
    "one_for_several": "One figure for several lines was left out: {detail}.",
}


def extensions(taker: Taker, wanted: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Target -> text of the extensions that the option names; they are taken out of `taker`."""
    found: dict[str, str] = {}
    if not wanted:
        return found
    for name in list(taker.data):
        target = _target(name, wanted, names)
        if target and target not in found and isinstance(value := taker.data[name], str) and value.strip():
            found[target] = taker.text(name)
    return found


def told(found: Mapping[str, str], several: bool, why: list[str]) -> dict[str, Any]:
    """The fields of a record that extensions tell; what cannot be used is said in `why`."""
    out: dict[str, Any] = {}
    for target, text in found.items():
        if target in FIGURES:
            name, places = FIGURES[target]
            if several:
                why.append(f"one_for_several: {target} {excerpt(text)}")
                continue
            try:
                out[name] = decimal(text, _SCALED.get(target, places))[0]
            except (ValueError, ArithmeticError):
                why.append(f"bad_field: {target} {excerpt(text)}")
            continue
        out[target] = _written(target, text)
    return out


def _target(name: str, wanted: Mapping[str, str], names: Mapping[str, str]) -> str:
    prefix, colon, local = name.rpartition(":")
    whole = names.get(prefix, "") + local if colon else name
    return wanted.get(name) or wanted.get(whole) or (wanted.get(local, "") if colon else "")


def _written(target: str, text: str) -> str:
    """A text as the ledger writes it. Whether it is a code that there is, zones.line says."""
    if len(text) > LONG:
        raise Bad("long_text", f"{target} has {len(text)} characters")
    if target == "hs":
        text = re.sub(r"[ .]", "", text)
    elif target in ("origin", "currency"):
        text = text.upper()
    return text
