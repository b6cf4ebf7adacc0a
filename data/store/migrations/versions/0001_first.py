"""The first version: every table, and the triggers that hold the audit journal.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.store.types import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit journal is never changed'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit journal is never changed'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit journal is never changed'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.Column("to_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("place", "name", "from_at"),
    )
    op.create_index("duty_until", "duty", ["until_at"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("clock", sa.String(length=12), nullable=False),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("to", sa.Text(), server_default="", nullable=False),
        sa.Column("called", Json, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "clock", "since_at", "step"),
    )
    op.create_index("escalation_at", "escalation", ["at"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "number"),
    )
    op.create_index("attachment_content", "attachment", ["alert_id", "sha256"], unique=True)
    op.create_table(
        "entry",
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("book", sa.Text(), server_default="", nullable=False),
        sa.Column("operator", sa.Text(), server_default="", nullable=False),
        sa.Column("act", sa.Text(), server_default="", nullable=False),
        sa.Column("side", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("at_text", sa.Text(), server_default="", nullable=False),
        sa.Column("precision", sa.Text(), server_default="", nullable=False),
        sa.Column("zone_from", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("lot", sa.Text(), server_default="", nullable=False),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("hs", sa.Text(), server_default="", nullable=False),
        sa.Column("hs_edition", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("uom", sa.Text(), server_default="", nullable=False),
        sa.Column("gross_mg", sa.BigInteger(), nullable=True),
        sa.Column("net_mg", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("to_status", sa.Text(), server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("to_owner", sa.Text(), server_default="", nullable=False),
        sa.Column("to_place", sa.Text(), server_default="", nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("to_area", sa.Text(), server_default="", nullable=False),
        sa.Column("declaration", sa.Text(), server_default="", nullable=False),
        sa.Column("permit", sa.Text(), server_default="", nullable=False),
        sa.Column("process", sa.Text(), server_default="", nullable=False),
        sa.Column("operation", sa.Text(), server_default="", nullable=False),
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.Column("counted", sa.Text(), server_default="", nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("given", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("function", sa.Text(), server_default="", nullable=False),
        sa.Column("outread", sa.Boolean(), nullable=False),
        sa.Column("outread_at", UtcDateTime(), nullable=True),
        sa.Column("pool", sa.Text(), server_default="", nullable=False),
        sa.Column("standing", sa.Text(), server_default="", nullable=False),
        sa.Column("effective_at", UtcDateTime(), nullable=True),
        sa.Column("faults", sa.Text(), server_default="", nullable=False),
        sa.Column("traces", sa.Text(), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("known_at", UtcDateTime(), nullable=False),
        sa.Column("changes_from", UtcDateTime(), nullable=False),
        sa.Column("lag", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.create_index(
        "entry_counted",
        "entry",
        ["place", "operator", "at"],
        unique=False,
        sqlite_where=sa.text("act IN ('count', 'reconciliation')"),
        postgresql_where=sa.text("act IN ('count', 'reconciliation')"),
    )
    op.create_index(
        "entry_declaration",
        "entry",
        ["declaration"],
        unique=False,
        sqlite_where=sa.text("declaration <> ''"),
        postgresql_where=sa.text("declaration <> ''"),
    )
    op.create_index(
        "entry_equipment",
        "entry",
        ["equipment"],
        unique=False,
        sqlite_where=sa.text("equipment <> ''"),
        postgresql_where=sa.text("equipment <> ''"),
    )
    op.create_index(
        "entry_faulty",
        "entry",
        ["place", "at"],
        unique=False,
        sqlite_where=sa.text("faults <> ''"),
        postgresql_where=sa.text("faults <> ''"),
    )
    op.create_index(
        "entry_goes_with_its_box",
        "entry",
        ["place", "at", "effective_at", "standing"],
        unique=False,
        sqlite_where=sa.text("book = 'customs' AND equipment <> ''"),
        postgresql_where=sa.text("book = 'customs' AND equipment <> ''"),
    )
    op.create_index("entry_lag", "entry", ["place", "lag", "known_at"], unique=False)
    op.create_index(
        "entry_lot",
        "entry",
        ["lot"],
        unique=False,
        sqlite_where=sa.text("lot <> '' AND lot <> pool"),
        postgresql_where=sa.text("lot <> '' AND lot <> pool"),
    )
    op.create_index(
        "entry_outread",
        "entry",
        ["place", "outread_at"],
        unique=False,
        sqlite_where=sa.text("outread_at IS NOT NULL"),
        postgresql_where=sa.text("outread_at IS NOT NULL"),
    )
    op.create_index(
        "entry_permit", "entry", ["permit"], unique=False, sqlite_where=sa.text("permit <> ''"), postgresql_where=sa.text("permit <> ''")
    )
    op.create_index("entry_pool", "entry", ["place", "operator", "pool", "at"], unique=False)
    op.create_index(
        "entry_process",
        "entry",
        ["place", "process"],
        unique=False,
        sqlite_where=sa.text("process <> ''"),
        postgresql_where=sa.text("process <> ''"),
    )
    op.create_index(
        "entry_source",
        "entry",
        ["source_id"],
        unique=False,
        sqlite_where=sa.text("source_id <> ''"),
        postgresql_where=sa.text("source_id <> ''"),
    )
    op.create_index(
        "entry_takes_back",
        "entry",
        ["place", "operator", "pool"],
        unique=False,
        sqlite_where=sa.text("function = 'cancel' AND source_id = ''"),
        postgresql_where=sa.text("function = 'cancel' AND source_id = ''"),
    )
    op.create_index(op.f("ix_entry_message_id"), "entry", ["message_id"], unique=False)
    op.create_table(
        "pool",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", "book", "operator", "pool"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "holding",
        sa.Column("holding_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("book", sa.Text(), server_default="", nullable=False),
        sa.Column("operator", sa.Text(), server_default="", nullable=False),
        sa.Column("pool", sa.Text(), server_default="", nullable=False),
        sa.Column("lot", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("admitted_at", UtcDateTime(), nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("uom", sa.Text(), server_default="", nullable=False),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("hs", sa.Text(), server_default="", nullable=False),
        sa.Column("hs_edition", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("declaration", sa.Text(), server_default="", nullable=False),
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("holding_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posting",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holding_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("gross_mg", sa.BigInteger(), nullable=False),
        sa.Column("net_mg", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place", "book", "at", "entry_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opening",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("month", UtcDateTime(), nullable=False),
        sa.Column("holding_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("gross_mg", sa.BigInteger(), nullable=False),
        sa.Column("net_mg", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place", "book", "month", "holding_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opened",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("month", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("place", "book", "month"),
    )
    op.create_table(
        "handover",
        sa.Column("handover_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("shift", sa.Text(), server_default="", nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("signed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("accepted_by", sa.Text(), server_default="", nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("accepted_by <> signed_by", name="handover_second_person"),
        sa.PrimaryKeyConstraint("handover_id"),
    )
    op.create_index("handover_place", "handover", ["place", "began_at"], unique=False)
    op.create_table(
        "handover_line",
        sa.Column("handover_id", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("ref", sa.Text(), server_default="", nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("taken", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("handover_id", "line"),
    )
    op.create_table(
        "receipt",
        sa.Column("receipt_id", sa.String(length=64), nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("run_id", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("receipt_id"),
    )
    op.create_index("receipt_file", "receipt", ["feed", "file_sha256", "received_at"], unique=False)
    op.create_index("receipt_heard", "receipt", ["feed", "received_at"], unique=False)
    op.create_table(
        "member",
        sa.Column("archive_sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("archive_sha256", "number"),
    )
    op.create_index(op.f("ix_member_file_sha256"), "member", ["file_sha256"], unique=False)
    op.create_table(
        "message",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("start", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("prepared_at", UtcDateTime(), nullable=True),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("outdone_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("taken", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("records", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reports", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("facts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("duplicate", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("signals", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("entries", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("message_feed", "message", ["feed", "received_at"], unique=False)
    op.create_index("message_reference", "message", ["feed", "sender", "recipient", "reference"], unique=False)
    op.create_index("message_state", "message", ["state", "feed"], unique=False)
    op.create_index(
        "message_waiting",
        "message",
        ["feed", "received_at", "reason", "state"],
        unique=False,
        sqlite_where=sa.text("state IN ('unreadable', 'partly', 'pending')"),
        postgresql_where=sa.text("state IN ('unreadable', 'partly', 'pending')"),
    )
    op.create_table(
        "reading",
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("options_sha256", sa.String(length=64), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("reading_id"),
    )
    op.create_index(op.f("ix_reading_message_id"), "reading", ["message_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("location", sa.Text(), server_default="", nullable=False),
        sa.Column("terminal", sa.Text(), server_default="", nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("equipment_valid", sa.Boolean(), nullable=False),
        sa.Column("event", sa.Text(), server_default="", nullable=False),
        sa.Column("classifier", sa.Text(), server_default="", nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=True),
        sa.Column("occurred_text", sa.Text(), server_default="", nullable=False),
        sa.Column("precision", sa.Text(), server_default="", nullable=False),
        sa.Column("zone_from", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("mode", sa.Text(), server_default="", nullable=False),
        sa.Column("vehicle", sa.Text(), server_default="", nullable=False),
        sa.Column("gate", sa.Text(), server_default="", nullable=False),
        sa.Column("lane", sa.Text(), server_default="", nullable=False),
        sa.Column("vessel", sa.Text(), server_default="", nullable=False),
        sa.Column("voyage", sa.Text(), server_default="", nullable=False),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.Column("bill", sa.Text(), server_default="", nullable=False),
        sa.Column("declaration", sa.Text(), server_default="", nullable=False),
        sa.Column("direction", sa.Text(), server_default="", nullable=False),
        sa.Column("full_empty", sa.Text(), server_default="", nullable=False),
        sa.Column("size_type", sa.Text(), server_default="", nullable=False),
        sa.Column("teu", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seals", sa.Text(), server_default="", nullable=False),
        sa.Column("sealed", sa.Text(), server_default="", nullable=False),
        sa.Column("gross_g", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("listed_at", UtcDateTime(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=True),
        sa.Column("booking", sa.Text(), server_default="", nullable=False),
        sa.Column("cargo", sa.Text(), nullable=True),
        sa.Column("occasion", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("function", sa.Text(), server_default="", nullable=False),
        sa.Column("outread", sa.Boolean(), nullable=False),
        sa.Column("outread_at", UtcDateTime(), nullable=True),
        sa.Column("given", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("movement_id", sa.Text(), server_default="", nullable=False),
        sa.Column("canonical", sa.Boolean(), nullable=False),
        sa.Column("effect", sa.Text(), server_default="", nullable=False),
        sa.Column("stay_id", sa.Text(), server_default="", nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("publishers", sa.Text(), server_default="", nullable=False),
        sa.Column("disagreement", Json, nullable=True),
        sa.Column("first_received_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("equipment", "report_id"),
    )
    op.create_index(
        "movement_time",
        "report",
        ["place", "occurred_at"],
        unique=False,
        sqlite_where=sa.text("canonical = 1"),
        postgresql_where=sa.text("canonical"),
    )
    op.create_index(
        "movement_vehicle",
        "report",
        [sa.literal_column("upper(replace(replace(replace(vehicle, ' ', ''), '-', ''), '.', ''))"), "occurred_at"],
        unique=False,
        sqlite_where=sa.text("canonical = 1 AND vehicle <> ''"),
        postgresql_where=sa.text("canonical AND vehicle <> ''"),
    )
    op.create_index(
        "report_announced",
        "report",
        ["equipment"],
        unique=False,
        sqlite_where=sa.text("classifier <> 'actual' AND status = 'live'"),
        postgresql_where=sa.text("classifier <> 'actual' AND status = 'live'"),
    )
    op.create_index(
        "report_call",
        "report",
        [
            "place",
            sa.literal_column("upper(replace(replace(replace(replace(vessel || '/', ' ', '') || voyage, ' ', ''), '-', ''), '.', ''))"),
        ],
        unique=False,
        sqlite_where=sa.text("event = 'discharge' AND vessel <> '' AND voyage <> ''"),
        postgresql_where=sa.text("event = 'discharge' AND vessel <> '' AND voyage <> ''"),
    )
    op.create_index(
        "report_document",
        "report",
        ["document"],
        unique=False,
        sqlite_where=sa.text("document <> ''"),
        postgresql_where=sa.text("document <> ''"),
    )
    op.create_index(
        "report_last_seal",
        "report",
        [sa.literal_column("upper(replace(seals, rtrim(seals, replace(seals, ' ', '')), ''))")],
        unique=False,
        sqlite_where=sa.text("seals <> replace(seals, ' ', '')"),
        postgresql_where=sa.text("seals <> replace(seals, ' ', '')"),
    )
    op.create_index(
        "report_late",
        "report",
        ["place", "received_at", "occurred_at", "equipment"],
        unique=False,
        sqlite_where=sa.text("received_at - occurred_at > 3600000000"),
        postgresql_where=sa.text("received_at - occurred_at > interval '1 hour'"),
    )
    op.create_index(
        "report_list",
        "report",
        ["feed", "listed_at"],
        unique=False,
        sqlite_where=sa.text("listed_at is not null"),
        postgresql_where=sa.text("listed_at is not null"),
    )
    op.create_index("report_message", "report", ["message_id"], unique=False)
    op.create_index(
        "report_occasion",
        "report",
        ["equipment", "occasion"],
        unique=False,
        sqlite_where=sa.text("occasion <> ''"),
        postgresql_where=sa.text("occasion <> ''"),
    )
    op.create_index(
        "report_planned",
        "report",
        ["place", "occurred_at"],
        unique=False,
        sqlite_where=sa.text("classifier <> 'actual' AND status = 'live'"),
        postgresql_where=sa.text("classifier <> 'actual' AND status = 'live'"),
    )
    op.create_index(
        "report_seals",
        "report",
        [sa.literal_column("upper(seals)")],
        unique=False,
        sqlite_where=sa.text("seals <> ''"),
        postgresql_where=sa.text("seals <> ''"),
    )
    op.create_index(
        "report_seals_after_first",
        "report",
        [sa.literal_column("upper(ltrim(ltrim(seals, replace(seals, ' ', ''))))")],
        unique=False,
        sqlite_where=sa.text("seals <> replace(seals, ' ', '')"),
        postgresql_where=sa.text("seals <> replace(seals, ' ', '')"),
    )
    op.create_index(
        "report_ship",
        "report",
        ["place", "occurred_at"],
        unique=False,
        sqlite_where=sa.text("event IN ('arrive', 'depart')"),
        postgresql_where=sa.text("event IN ('arrive', 'depart')"),
    )
    op.create_index(
        "report_source",
        "report",
        ["source_id"],
        unique=False,
        sqlite_where=sa.text("source_id <> ''"),
        postgresql_where=sa.text("source_id <> ''"),
    )
    op.create_index(
        "report_unclassified",
        "report",
        ["feed", "received_at"],
        unique=False,
        sqlite_where=sa.text("status = 'unclassified'"),
        postgresql_where=sa.text("status = 'unclassified'"),
    )
    op.create_index(
        "report_undone",
        "report",
        ["place", "received_at", "occurred_at", "equipment"],
        unique=False,
        sqlite_where=sa.text("(status IN ('superseded', 'retracted', 'withdrawn') OR outread)"),
        postgresql_where=sa.text("(status IN ('superseded', 'retracted', 'withdrawn') OR outread)"),
    )
    op.create_table(
        "document_act",
        sa.Column("act_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("act", sa.Text(), server_default="", nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("boxes", Json, nullable=False),
        sa.PrimaryKeyConstraint("act_id"),
    )
    op.create_index(op.f("ix_document_act_message_id"), "document_act", ["message_id"], unique=False)
    op.create_index(op.f("ix_document_act_target"), "document_act", ["target"], unique=False)
    op.create_table(
        "fact",
        sa.Column("fact_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.Column("bill", sa.Text(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("booking", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("hold_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("effective_at", UtcDateTime(), nullable=True),
        sa.Column("effective_text", sa.Text(), server_default="", nullable=False),
        sa.Column("precision", sa.Text(), server_default="", nullable=False),
        sa.Column("zone_from", sa.Text(), server_default="", nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("given", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("function", sa.Text(), server_default="", nullable=False),
        sa.Column("outread", sa.Boolean(), nullable=False),
        sa.Column("outread_at", UtcDateTime(), nullable=True),
        sa.Column("to", sa.Text(), server_default="", nullable=False),
        sa.Column("risk", sa.Text(), server_default="", nullable=False),
        sa.Column("goods_value", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("fact_id"),
    )
    op.create_index(
        "fact_source",
        "fact",
        ["source_id"],
        unique=False,
        sqlite_where=sa.text("source_id <> ''"),
        postgresql_where=sa.text("source_id <> ''"),
    )
    op.create_index(op.f("ix_fact_bill"), "fact", ["bill"], unique=False)
    op.create_index(op.f("ix_fact_booking"), "fact", ["booking"], unique=False)
    op.create_index(op.f("ix_fact_declaration"), "fact", ["declaration"], unique=False)
    op.create_index(op.f("ix_fact_equipment"), "fact", ["equipment"], unique=False)
    op.create_index(op.f("ix_fact_message_id"), "fact", ["message_id"], unique=False)
    op.create_table(
        "yard_list",
        sa.Column("list_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("terminal", sa.Text(), server_default="", nullable=False),
        sa.Column("listed_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("lines", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("list_id"),
    )
    op.create_index(op.f("ix_yard_list_message_id"), "yard_list", ["message_id"], unique=False)
    op.create_index("yard_list_feed", "yard_list", ["feed", "listed_at"], unique=False)
    op.create_table(
        "reject",
        sa.Column("reject_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("excerpt", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("reject_id"),
    )
    op.create_index(op.f("ix_reject_message_id"), "reject", ["message_id"], unique=False)
    op.create_table(
        "leftover",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("example", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("message_id", "reading_id", "name"),
    )
    op.create_table(
        "heading",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "reading_id"),
    )
    op.create_index("heading_feed", "heading", ["feed", "received_at"], unique=False)
    op.create_index("heading_layout", "heading", ["feed", "layout", "received_at"], unique=False)
    op.create_table(
        "reference_choice",
        sa.Column("reference_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("standing", Json, nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("reference_id", "number"),
    )
    op.create_table(
        "backtest",
        sa.Column("backtest_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("places", Json, nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("to_at", UtcDateTime(), nullable=False),
        sa.Column("limits", Json, nullable=False),
        sa.Column("asked_by", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("result", Json, nullable=True),
        sa.PrimaryKeyConstraint("backtest_id"),
    )
    op.create_index(
        "backtest_asked",
        "backtest",
        ["asked_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_index("backtest_rule", "backtest", ["rule", "asked_at"], unique=False)
    op.create_table(
        "rule_change",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("limits", Json, nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=True),
        sa.Column("to_at", UtcDateTime(), nullable=True),
        sa.Column("instead_of", Json, nullable=False),
        sa.Column("backtest_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("decision <> 'accepted' OR decided_by <> proposed_by", name="rule_change_second_person"),
        sa.PrimaryKeyConstraint("place", "number"),
    )
    op.create_index("rule_change_decision", "rule_change", ["decision", "place", "number"], unique=False)
    op.create_table(
        "notify_wish",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("least", sa.Text(), server_default="", nullable=False),
        sa.Column("quiet_from", sa.Text(), server_default="", nullable=False),
        sa.Column("quiet_to", sa.Text(), server_default="", nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", "channel", "place"),
    )
    op.create_table(
        "notice",
        sa.Column("notice_id", sa.String(length=64), nullable=False),
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("severity", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("delivery_id", sa.String(length=64), nullable=False),
        sa.Column("dropped", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("notice_id"),
    )
    op.create_index("notice_alert", "notice", ["alert_id"], unique=False)
    op.create_index("notice_delivery", "notice", ["delivery_id"], unique=False)
    op.create_index(
        "notice_open",
        "notice",
        ["channel", "due_at"],
        unique=False,
        sqlite_where=sa.text("delivery_id = '' AND dropped = ''"),
        postgresql_where=sa.text("delivery_id = '' AND dropped = ''"),
    )
    op.create_table(
        "delivery",
        sa.Column("delivery_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("severity", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("notices", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_try_at", UtcDateTime(), nullable=True),
        sa.Column("retry_at", UtcDateTime(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id"),
    )
    op.create_index("delivery_made", "delivery", ["made_at", "delivery_id"], unique=False)
    op.create_index("delivery_person", "delivery", ["person", "made_at"], unique=False)
    op.create_index("delivery_state", "delivery", ["state", "made_at"], unique=False)
    op.create_index(
        "delivery_waiting",
        "delivery",
        ["channel", "retry_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "saved_view",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name"),
    )
    op.create_table(
        "by_hand",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("rows", Json, nullable=False),
        sa.Column("recorded_by", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("kept_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state <> 'accepted' OR decided_by <> recorded_by", name="by_hand_second_person"),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_index("by_hand_message", "by_hand", ["message_id"], unique=False)
    op.create_index(
        "by_hand_not_kept",
        "by_hand",
        ["batch_id"],
        unique=False,
        sqlite_where=sa.text("state = 'accepted' AND kept_at IS NULL"),
        postgresql_where=sa.text("state = 'accepted' AND kept_at IS NULL"),
    )
    op.create_index("by_hand_place", "by_hand", ["place", "recorded_at"], unique=False)
    op.create_index(
        "by_hand_waits",
        "by_hand",
        ["place"],
        unique=False,
        sqlite_where=sa.text("state = 'waits'"),
        postgresql_where=sa.text("state = 'waits'"),
    )
    op.create_table(
        "signal",
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.Column("signal_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("device", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=True),
        sa.Column("occurred_text", sa.Text(), server_default="", nullable=False),
        sa.Column("precision", sa.Text(), server_default="", nullable=False),
        sa.Column("zone_from", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("lat", sa.Integer(), nullable=True),
        sa.Column("lon", sa.Integer(), nullable=True),
        sa.Column("temp", sa.Integer(), nullable=True),
        sa.Column("set_temp", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("given", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("function", sa.Text(), server_default="", nullable=False),
        sa.Column("outread", sa.Boolean(), nullable=False),
        sa.Column("outread_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("equipment", "signal_id"),
    )
    op.create_index(op.f("ix_signal_message_id"), "signal", ["message_id"], unique=False)
    op.create_index(
        "signal_source",
        "signal",
        ["source_id"],
        unique=False,
        sqlite_where=sa.text("source_id <> ''"),
        postgresql_where=sa.text("source_id <> ''"),
    )
    op.create_index("signal_time", "signal", ["equipment", "occurred_at"], unique=False)
    op.create_table(
        "stay",
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.Column("stay_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("terminal", sa.Text(), server_default="", nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("direction", sa.Text(), server_default="", nullable=False),
        sa.Column("direction_from", sa.Text(), server_default="", nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=True),
        sa.Column("entered_not_after", UtcDateTime(), nullable=True),
        sa.Column("entered_by", sa.Text(), server_default="", nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("opened_by_list", sa.Boolean(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("left_by", sa.Text(), server_default="", nullable=False),
        sa.Column("exit", sa.Text(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("dwell_minutes", sa.BigInteger(), nullable=True),
        sa.Column("held", sa.Text(), server_default="", nullable=False),
        sa.Column("held_since", UtcDateTime(), nullable=True),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.Column("bill", sa.Text(), server_default="", nullable=False),
        sa.Column("declaration", sa.Text(), server_default="", nullable=False),
        sa.Column("size_type", sa.Text(), server_default="", nullable=False),
        sa.Column("teu", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("full_empty", sa.Text(), server_default="", nullable=False),
        sa.Column("seals", sa.Text(), server_default="", nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column("lightest", sa.BigInteger(), nullable=True),
        sa.Column("heaviest", sa.BigInteger(), nullable=True),
        sa.Column("dangerous", sa.Text(), server_default="", nullable=False),
        sa.Column("stood", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("equipment", "stay_id"),
    )
    op.create_index(
        "stay_dangerous",
        "stay",
        ["place", "opened_at"],
        unique=False,
        sqlite_where=sa.text("dangerous <> ''"),
        postgresql_where=sa.text("dangerous <> ''"),
    )
    op.create_index(
        "stay_dangerous_inside",
        "stay",
        ["place"],
        unique=False,
        sqlite_where=sa.text("dangerous <> '' AND left_at IS NULL"),
        postgresql_where=sa.text("dangerous <> '' AND left_at IS NULL"),
    )
    op.create_index(
        "stay_held",
        "stay",
        ["place", "held_since"],
        unique=False,
        sqlite_where=sa.text("held <> '' and left_at is null"),
        postgresql_where=sa.text("held <> '' and left_at is null"),
    )
    op.create_index(
        "stay_inside",
        "stay",
        ["place", "opened_at"],
        unique=False,
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )
    op.create_index(
        "stay_left",
        "stay",
        ["place", "left_at"],
        unique=False,
        sqlite_where=sa.text("left_at is not null"),
        postgresql_where=sa.text("left_at is not null"),
    )
    op.create_index(
        "stay_unmeasured",
        "stay",
        ["place", "left_at"],
        unique=False,
        sqlite_where=sa.text("dwell_minutes is null and left_at is not null"),
        postgresql_where=sa.text("dwell_minutes is null and left_at is not null"),
    )
    op.create_table(
        "tip",
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("recent", sa.Text(), nullable=False),
        sa.Column("stay_id", sa.Text(), server_default="", nullable=False),
        sa.Column("size_type", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("equipment", "place"),
        postgresql_with={"fillfactor": 70},
        sqlite_with_rowid=False,
    )
    op.create_index("tip_tail", "tip", [sa.literal_column("substr(equipment, 8, 4)")], unique=False)
    op.create_table(
        "box_link",
        sa.Column("equipment", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("spoken", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("equipment", "kind", "reference"),
        sqlite_with_rowid=False,
    )
    op.create_index("box_link_reference", "box_link", ["kind", "reference"], unique=False)
    op.create_index(
        "box_link_spoken", "box_link", ["equipment"], unique=False, sqlite_where=sa.text("spoken = 1"), postgresql_where=sa.text("spoken")
    )
    op.create_table(
        "hourly",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("full_empty", sa.String(length=8), nullable=False),
        sa.Column("movements", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("teu", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("place", "hour", "terminal", "event", "mode", "direction", "full_empty"),
    )
    op.create_table(
        "occupancy",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("boxes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("teu", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("opening", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("came", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("went", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("corrected", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("place", "hour", "terminal"),
    )
    op.create_table(
        "area_hour",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("boxes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("teu", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("place", "area", "hour"),
    )
    op.create_table(
        "inside",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("full_empty", sa.String(length=8), nullable=False),
        sa.Column("boxes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("teu", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("held", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("place", "terminal", "area", "direction", "full_empty"),
    )
    op.create_table(
        "dwell_bucket",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("full_empty", sa.String(length=8), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("stays", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("minutes", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("place", "day", "terminal", "direction", "mode", "full_empty", "bucket"),
    )
    op.create_table(
        "lag",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("reports", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feed", "day", "bucket"),
    )
    op.create_table(
        "agreement",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("told", sa.String(length=8), nullable=False),
        sa.Column("movements", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("place", "day", "event", "told"),
    )
    op.create_table(
        "hearing",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column("receipt_id", sa.String(length=64), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("pause_s", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "heard_at"),
    )
    op.create_index("hearing_pause", "hearing", ["feed", "pause_s"], unique=False)
    op.create_table(
        "alert",
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("equipment", sa.Text(), server_default="", nullable=False),
        sa.Column("anchor", sa.Text(), server_default="", nullable=False),
        sa.Column("anchor_reports", Json, nullable=False),
        sa.Column("severity", sa.Text(), server_default="", nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("lowered", sa.Boolean(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("spells", Json, nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("because_key", sa.Text(), server_default="", nullable=False),
        sa.Column("because_values", Json, nullable=False),
        sa.Column("known_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("condition", sa.Text(), server_default="", nullable=False),
        sa.Column("latching", sa.Boolean(), nullable=False),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("limit", sa.Text(), server_default="", nullable=False),
        sa.Column("limit_version", sa.Text(), server_default="", nullable=False),
        sa.Column("limit_status", sa.Text(), server_default="", nullable=False),
        sa.Column("muted_by", sa.Text(), server_default="", nullable=False),
        sa.Column("leans", Json, nullable=False),
        sa.PrimaryKeyConstraint("alert_id"),
    )
    op.create_index("alert_equipment", "alert", ["equipment"], unique=False)
    op.create_index("alert_known", "alert", ["place", "known_at"], unique=False)
    op.create_index("alert_rule", "alert", ["rule", "place", "known_at"], unique=False)
    op.create_index(
        "alert_so",
        "alert",
        ["alert_id"],
        unique=False,
        sqlite_where=sa.text("condition IN ('active', 'unverified')"),
        postgresql_where=sa.text("condition IN ('active', 'unverified')"),
    )
    op.create_index(op.f("ix_alert_unit"), "alert", ["unit"], unique=False)
    op.create_table(
        "alert_line",
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "line"),
    )
    op.create_index(
        "alert_line_returned",
        "alert_line",
        ["at"],
        unique=False,
        sqlite_where=sa.text("what = 'returned'"),
        postgresql_where=sa.text("what = 'returned'"),
    )
    op.create_table(
        "alert_work",
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("work", sa.Text(), server_default="", nullable=False),
        sa.Column("assignee", sa.Text(), server_default="", nullable=False),
        sa.Column("acknowledged_by", sa.Text(), server_default="", nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome_text", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome_by", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("shelved_until", UtcDateTime(), nullable=True),
        sa.Column("shelved_by", sa.Text(), server_default="", nullable=False),
        sa.Column("shelf_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Text(), server_default="", nullable=False),
        sa.Column("not_heard", sa.Text(), server_default="", nullable=False),
        sa.Column("shelf_agreed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_until", UtcDateTime(), nullable=True),
        sa.Column("asked_by", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("asked_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("clock_from", UtcDateTime(), nullable=True),
        sa.CheckConstraint("shelf_agreed_by = '' OR shelf_agreed_by <> shelved_by", name="alert_work_second_person_shelf"),
        sa.CheckConstraint("work <> 'closed' OR outcome <> 'rule_too_wide' OR closed_by <> outcome_by", name="alert_work_second_person"),
        sa.PrimaryKeyConstraint("alert_id"),
    )
    op.create_index(
        "alert_work_asked",
        "alert_work",
        ["asked_until"],
        unique=False,
        sqlite_where=sa.text("asked_until IS NOT NULL"),
        postgresql_where=sa.text("asked_until IS NOT NULL"),
    )
    op.create_index(
        "alert_work_shelf",
        "alert_work",
        ["shelved_until"],
        unique=False,
        sqlite_where=sa.text("shelved_until IS NOT NULL"),
        postgresql_where=sa.text("shelved_until IS NOT NULL"),
    )
    op.create_index("alert_work_work", "alert_work", ["work", "closed_at", "alert_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("object", sa.Text(), server_default="", nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "expectation",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expect", Json, nullable=False),
        sa.Column("instead_of", Json, nullable=False),
        sa.Column("reckoned", Json, nullable=False),
        sa.Column("proposed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("decision <> 'accepted' OR decided_by <> proposed_by", name="expectation_second_person"),
        sa.PrimaryKeyConstraint("feed", "number"),
    )
    op.create_table(
        "breaker",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("records", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("unread_from", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("through_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "number"),
    )
    op.create_index(
        "breaker_stopped",
        "breaker",
        ["feed"],
        unique=False,
        sqlite_where=sa.text("through_at IS NULL"),
        postgresql_where=sa.text("through_at IS NULL"),
    )
    op.create_table(
        "rejected_lately",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("recent", Json, nullable=False),
        sa.Column("in_a_row", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("longest", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
    op.create_table(
        "seen",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("failed", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feed", "name"),
    )
    op.create_table(
        "bookmark",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
    op.create_table(
        "run",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("job", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("counts", Json, nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_index("run_feed", "run", ["feed", "started_at"], unique=False)
    op.create_index("run_job", "run", ["job", "started_at"], unique=False)
    op.create_index("run_outcome", "run", ["feed", "state", "started_at"], unique=False)
    op.create_table(
        "run_count",
        sa.Column("job", sa.String(length=100), nullable=False),
        sa.Column("missed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("overlapped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failed", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("job"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("renewed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "not_looking",
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("to_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("from_at"),
    )
    op.create_table(
        "touched",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("unit"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "due",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("look_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("unit"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_due_look_at"), "due", ["look_at"], unique=False)
    op.create_table(
        "judged",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("up_to", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "identity",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("held_at", UtcDateTime(), nullable=True),
        sa.Column("difference", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "declared",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "sha256"),
    )
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("places", Json, nullable=True),
        sa.Column("password", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "sign_in",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.execute(
        """CREATE VIEW movement AS SELECT report.equipment, report.movement_id, report.place, report.terminal,
report.area, report.event, report.occurred_at, report.precision, report.mode, report.direction,
report.full_empty, report.size_type, report.teu, report.vehicle, report.gate, report.lane, report.line,
report.bill, report.declaration, report.reports, report.publishers, report.disagreement, report.stay_id,
report.effect, report.report_id AS canonical_report, report.first_received_at AS received_at  FROM report
WHERE report.canonical"""
        if _on_postgresql()
        else """CREATE VIEW movement AS SELECT report.equipment, report.movement_id, report.place, report.terminal,
report.area, report.event, report.occurred_at, report.precision, report.mode, report.direction,
report.full_empty, report.size_type, report.teu, report.vehicle, report.gate, report.lane, report.line,
report.bill, report.declaration, report.reports, report.publishers, report.disagreement, report.stay_id,
report.effect, report.report_id AS canonical_report, report.first_received_at AS received_at  FROM report
WHERE report.canonical = 1"""
    )
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW movement")
    op.drop_table("sign_in")
    op.drop_table("session")
    op.drop_table("account")
    op.drop_table("declared")
    op.drop_table("identity")
    op.drop_table("judged")
    op.drop_table("due")
    op.drop_table("touched")
    op.drop_table("not_looking")
    op.drop_table("lease")
    op.drop_table("run_count")
    op.drop_table("run")
    op.drop_table("bookmark")
    op.drop_table("seen")
    op.drop_table("rejected_lately")
    op.drop_table("breaker")
    op.drop_table("expectation")
    op.drop_table("audit")
    op.drop_table("alert_work")
    op.drop_table("alert_line")
    op.drop_table("alert")
    op.drop_table("hearing")
    op.drop_table("agreement")
    op.drop_table("lag")
    op.drop_table("dwell_bucket")
    op.drop_table("inside")
    op.drop_table("area_hour")
    op.drop_table("occupancy")
    op.drop_table("hourly")
    op.drop_table("box_link")
    op.drop_table("tip")
    op.drop_table("stay")
    op.drop_table("signal")
    op.drop_table("by_hand")
    op.drop_table("saved_view")
    op.drop_table("delivery")
    op.drop_table("notice")
    op.drop_table("notify_wish")
    op.drop_table("rule_change")
    op.drop_table("backtest")
    op.drop_table("reference_choice")
    op.drop_table("heading")
    op.drop_table("leftover")
    op.drop_table("reject")
    op.drop_table("yard_list")
    op.drop_table("fact")
    op.drop_table("document_act")
    op.drop_table("report")
    op.drop_table("reading")
    op.drop_table("message")
    op.drop_table("member")
    op.drop_table("receipt")
    op.drop_table("handover_line")
    op.drop_table("handover")
    op.drop_table("opened")
    op.drop_table("opening")
    op.drop_table("posting")
    op.drop_table("holding")
    op.drop_table("pool")
    op.drop_table("entry")
    op.drop_table("attachment")
    op.drop_table("escalation")
    op.drop_table("duty")
    if _on_postgresql():
        op.execute("DROP FUNCTION audit_refuse()")


def _on_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"
