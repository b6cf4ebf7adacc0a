"""What is wrong with one line of a goods ledger by itself: what it says cannot be, or says too little to count.

A line with a fault is kept, counted as it stands and shown with its faults: nothing is dropped and nothing put right. What is wrong with
a line only beside others (more leaves than was there, a lot that never came in, a withdrawal without a permit) is a finding of a rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zones import uom
from zones._iso import COUNTRIES, CURRENCIES, FORMER_CURRENCIES, OTHER_ORIGINS
from zones.entry import Entry
from zones.hs import EDITIONS, NATIONAL, HsList, has_form

FAULTS = (
    "unknown_uom", "unknown_hs", "national_hs", "unknown_hs_edition", "unknown_status", "unknown_currency", "unknown_origin",
    "unknown_operator", "net_over_gross", "negative", "no_quantity", "no_lot", "bad_side",
)  # fmt: skip
"""Every fault, in the order in which they are told; the texts of `ledger.fault_<key>`."""

_SIDES: dict[str, tuple[str, ...]] = {
    "transfer": ("", "sent", "received"), "manipulation": ("", "input", "output"), "manufacture": ("input", "output", "scrap"),
}  # fmt: skip


def faults(
    entry: Entry,
    statuses: Collection[str] = (),
    operators: Collection[str] = (),
    hs: HsList | None = None,
) -> tuple[str, ...]:
    """The faults of a line, of FAULTS. `statuses` and `operators`: those that are declared, where any are. `hs`: the list of codes of
    the place's jurisdiction; without one a code is only looked at for its form. What takes a line back has none."""
    return () if entry.function == "cancel" else tuple(_found(entry, statuses, operators, hs))


def _found(entry: Entry, statuses: Collection[str], operators: Collection[str], hs: HsList | None) -> Iterator[str]:
    if not uom.known(entry.uom) if entry.uom else entry.quantity is not None or entry.balance is not None:
        yield "unknown_uom"
    if entry.hs:
        if not has_form(entry.hs) or (hs is not None and not hs.holds(entry.hs, entry.hs_edition)):
            yield "unknown_hs"
        elif entry.hs[:2] in NATIONAL:
            yield "national_hs"
    if entry.hs_edition and entry.hs_edition not in EDITIONS:
        yield "unknown_hs_edition"
    if statuses and any(status and status not in statuses for status in (entry.status, entry.to_status)):
        yield "unknown_status"
    if not _currency(entry.currency) if entry.currency else entry.value is not None:
        yield "unknown_currency"
    if entry.origin and entry.origin not in COUNTRIES and entry.origin not in OTHER_ORIGINS:
        yield "unknown_origin"
    if operators and entry.operator not in operators:
        yield "unknown_operator"
    if entry.gross_mg is not None and entry.net_mg is not None and abs(entry.net_mg) > abs(entry.gross_mg):
        yield "net_over_gross"
    if entry.act != "adjustment" and any(n is not None and n < 0 for n in (entry.quantity, entry.gross_mg, entry.net_mg, entry.value)):
        yield "negative"
    if entry.quantity is None and (entry.effect or entry.act == "count" or entry.side == "scrap"):
        yield "no_quantity"
    if not (entry.lot or entry.item) and entry.act != "reconciliation":  # which is of the whole book
        yield "no_lot"
    if entry.side not in _SIDES.get(entry.act, ("",)):
        yield "bad_side"


def _currency(code: str) -> bool:
    return code in CURRENCIES or code in FORMER_CURRENCIES
