"""The columns of every export, as the public contract has them; new ones are added at the end, and readers go by name."""

from __future__ import annotations

from zones.statement import PARTS, TOTALS

TOLD = {
    "reports": """
        report_id movement_id canonical message_id position feed publisher place terminal area equipment equipment_valid event
        classifier occurred_at occurred_text occurred_precision zone_from received_at mode vehicle gate lane vessel voyage line
        bill declaration full_empty size_type teu seals gross_kg direction status why given document source_id listed_at read_at
        remark location
    """,
    "movements": """
        movement_id place terminal area equipment event occurred_at mode direction full_empty size_type teu canonical_report
        reports publishers disagreement precision stay_id received_at
    """,
    "customs": """
        fact_id message_id feed place about reference equipment kind agency hold_ref effective_at issued_at received_at status
        reason bill declaration result to
    """,
    "signals": """
        signal_id message_id feed publisher place equipment device kind occurred_at received_at lat lon temp set_temp status why
        remark source_id read_at
    """,
    "stays": """
        stay_id place terminal equipment direction direction_from entered_at entered_not_after entered_by left_at left_by
        dwell_minutes age_minutes held area line bill size_type teu full_empty movements declaration held_since
    """,
    "inventory": """
        place area equipment size_type teu full_empty entered_at age_minutes held limit limit_at terminal direction limit_status
    """,
    "throughput": """
        place terminal hour event mode direction full_empty movements teu
    """,
    "dwell": """
        place day direction n median_minutes p90_minutes p95_minutes over_limit limit limit_status
    """,
    "alerts": """
        alert_id rule rule_version severity place subject began_at ended_at known_at recorded_at condition work assignee outcome
        muted_by shelved_until limit limit_version because_en because_values evidence anchor spells history limit_status lowered
        outcome_text heard not_heard acknowledged_at outcome_at closed_at
    """,
    "messages": """
        message_id file_sha256 name position feed sha256 bytes reference received_at stored_at state reports rejected reason
        sender recipient facts records duplicate test signals
    """,
    "receipts": """
        receipt_id feed name file_sha256 bytes received_at stored_at run_id
    """,
    "rejects": """
        message_id position reason excerpt scope detail feed
    """,
    "entries": """
        entry_id message_id position feed publisher place book operator act side occurred_at occurred_text occurred_precision zone_from
        received_at lot item description hs hs_edition quantity uom gross_kg net_kg value currency origin status to_status owner
        to_owner to_place area to_area declaration permit process operation equipment counted balance remark function source_id
        updated_at given why counts_as effective_at faults traces expected pool read_at known_at
    """,
}
GOODS = """
    place operator owner status lot item description hs hs_edition origin uom quantity net_kg gross_kg value currency area admitted_at
    age_minutes declaration equipment limit limit_at limit_status pool source as_of known_at
"""  # of `inventory --of goods`
OF_STATEMENT = ("place", "since", "until", "known_at", "operator", "owner", "status", "hs", "uom", "currency")
TOLD["statement"] = " ".join(
    [*OF_STATEMENT, *(name + ending for ending in ("", "_net_kg", "_value") for name in TOTALS),
     *(name + ending for ending in ("", "_net_kg", "_value") for name in PARTS)]
)  # fmt: skip
COLUMNS = {what: names.split() for what, names in TOLD.items()}
STAYS = COLUMNS["stays"]
COLUMNS_OF_GOODS = GOODS.split()
