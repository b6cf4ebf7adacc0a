"""The catalogue of rules: every number, its rule, and where that is not built, what it needs first.

The numbers and names are those of the alert catalogue that the customs administrations of the region drew up for free zones and ports
(R01 to R43); a rule's id is its name in lower case up to the first slash, comma or bracket. A contract test holds that each entry is either
a module of `zones.rules` or says what is missing: a rule that is not there must not pass for one that found nothing.

`MUTES` says which alert makes which other one superfluous: the second is kept, counted and shown on request, not queued.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

OWNERS = ("officer", "supervisor", "manager", "admin")  # roles that answer for a rule's alerts; admin keeps the sources


class Entry(Struct, frozen=True):
    """One rule of the catalogue. `needs`: what has to be there before it can be built (a word `needs_...`); "" if it is built."""

    number: str
    rule: str
    needs: str = ""


CATALOGUE = (
    Entry("R01", "import_overstay"),
    Entry("R02", "statutory_limit_approaching"),
    Entry("R03", "bonded"),
    Entry("R04", "temporary_import_for_re_export_overdue"),
    Entry("R05", "released"),
    Entry("R06", "release_time_target_missed"),
    Entry("R07", "gate_out_on_hold"),
    Entry("R08", "exit_without_permit"),
    Entry("R09", "selected"),
    Entry("R10", "released_without_inspection_result"),
    Entry("R11", "handling_under_hold"),
    Entry("R12", "seal_number_changed"),
    Entry("R13", "seal_opened"),
    Entry("R14", "seal_missing_or_wrong_kind"),
    Entry("R15", "seal_device_silent"),
    Entry("R16", "shortage"),
    Entry("R17", "overage"),
    Entry("R18", "negative_stock"),
    Entry("R19", "withdrawal_not_traceable_to_admission"),
    Entry("R20", "suspense_account_ageing"),
    Entry("R21", "reconciliation"),
    Entry("R22", "processing_yield_out_of_band"),
    Entry("R23", "orphan_exit"),
    Entry("R24", "two_places_at_once"),
    Entry("R25", "bad_or_unknown_box_number"),
    Entry("R26", "over"),
    Entry("R27", "contradicted_or_retracted_event_that_closed_an_alert"),
    Entry("R28", "left_port"),
    Entry("R29", "off_route"),
    Entry("R30", "unusual_stop"),
    Entry("R31", "moved_but_not_on_plan"),
    Entry("R32", "weight_mismatch"),
    Entry("R33", "dangerous_goods_limit"),
    Entry("R34", "reefer_out_of_range"),
    Entry("R35", "low_value_splitting", "parcels"),
    Entry("R36", "risk_goods_in_risk_regime"),
    Entry("R37", "origin_or_description_changed_in_zone_with_no_processing"),
    Entry("R38", "scan_result_not_followed", "scans"),
    Entry("R39", "quarantine_not_closed", "quarantine"),
    Entry("R40", "capacity_and_queue"),
    Entry("R41", "feed_silent"),
    Entry("R42", "operator", "behaviour"),
    Entry("R43", "revenue", "receipts"),
)
BY_RULE: Mapping[str, Entry] = {entry.rule: entry for entry in CATALOGUE}


class Muting(Struct, frozen=True):
    """`by` mutes `mutes` where both are about the same `key`: anchor (the same occasion), box, or source (a place and a kind that a feed
    speaks for and the other rule leans on)."""

    by: str
    mutes: str
    key: str


MUTES = (
    Muting("gate_out_on_hold", "exit_without_permit", "anchor"),
    Muting("bad_or_unknown_box_number", "two_places_at_once", "box"),
    Muting("dangerous_goods_limit", "import_overstay", "box"),
    Muting("feed_silent", "orphan_exit", "source"),
    Muting("feed_silent", "left_port", "source"),
    Muting("feed_silent", "seal_device_silent", "source"),
    Muting("feed_silent", "moved_but_not_on_plan", "source"),
)
EXCUSED_BY_CLOSURE = frozenset({"import_overstay", "release_time_target_missed", "selected"})  # while the place is closed by its calendar
