"""The tables of what arrived, and of what people decided about what arrived: superseded, never edited."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Text

from data.store.columns import (
    LATE,
    OF_SHIPS,
    OFF_A_SHIP,
    ON_OCCASION,
    PLANNED,
    SEALED,
    SEVERAL_SEALS,
    TOLD_ID,
    UNDONE,
    UNREAD,
    count_,
    id_,
    last_seal,
    metadata,
    plain,
    seals_after_first,
    ship,
    text_,
    when_,
)  # fmt: skip
from data.store.types import Json, Told
from zones.report import Cargo

receipt = sa.Table(
    "receipt", metadata,
    id_("receipt_id", primary_key=True),          # hash(feed, file sha256, name, received_at): the same delivery told again is the same row
    text_("feed"), text_("name"), id_("file_sha256"), count_("bytes"),
    when_("received_at", nullable=False),         # when the site got it
    when_("stored_at", nullable=False),           # when we kept it: ours alone
    text_("run_id"),
    Index("receipt_heard", "feed", "received_at"),
    Index("receipt_file", "feed", "file_sha256", "received_at"),     # with the time: else the planner goes through all of the feed by time
)  # fmt: skip

member = sa.Table(                                       # what an archive holds: the message of a member lies in the member's own file
    "member", metadata,
    id_("archive_sha256", primary_key=True), Column("number", Integer, primary_key=True, autoincrement=False),     # which of the archive, from 1
    id_("file_sha256", index=True), text_("name"), count_("bytes"),
)  # fmt: skip

message = sa.Table(
    "message", metadata,
    id_("message_id", primary_key=True),          # hash(feed, sha256)
    text_("feed"), id_("sha256"), id_("file_sha256"), text_("name"),
    count_("position"), count_("start"), count_("bytes"),     # which message of the file, and where it stands in it
    text_("sender"), text_("recipient"), text_("reference"), when_("prepared_at"), Column("test", Boolean, nullable=False, default=False),
    when_("received_at", nullable=False),         # the least of its receipts
    when_("stored_at", nullable=False),
    text_("state"),                               # pending | read | partly | unreadable
    text_("reason"),                              # of the worst fault, a text key
    text_("outdone_by"),                          # message whose use of the same reference stands (least received_at, hash; or as decided)
    id_("reading_id"),                            # the reading that counts; "" while pending
    count_("taken"),                              # records the reading has committed so far: where to go on after a crash
    count_("records"), count_("reports"), count_("facts"), count_("rejected"), count_("duplicate"), count_("signals"), count_("entries"),
    Index("message_state", "state", "feed"),
    Index("message_waiting", "feed", "received_at", "reason", "state", sqlite_where=UNREAD, postgresql_where=UNREAD),
    Index("message_feed", "feed", "received_at"),
    Index("message_reference", "feed", "sender", "recipient", "reference"),
)  # fmt: skip

reading = sa.Table(
    "reading", metadata,
    id_("reading_id", primary_key=True),          # hash(message, reader, version, options)
    id_("message_id", index=True), text_("reader"), Column("version", Integer, nullable=False), id_("options_sha256"),
    when_("read_at", nullable=False), Column("current", Boolean, nullable=False, default=True), text_("why"),
)  # fmt: skip

report = sa.Table(
    "report", metadata,
    Column("equipment", String(20), primary_key=True), id_("report_id", primary_key=True),    # hash(message, position)
    id_("message_id"), id_("reading_id"), text_("position"), text_("unit"),
    text_("feed"), text_("publisher"), text_("place"), text_("location"), text_("terminal"), text_("area"),
    Column("equipment_valid", Boolean, nullable=False),
    text_("event"), text_("classifier"),
    when_("occurred_at"), text_("occurred_text"), text_("precision"), text_("zone_from"),
    when_("received_at", nullable=False), when_("read_at", nullable=False),
    text_("mode"), text_("vehicle"), text_("gate"), text_("lane"), text_("vessel"), text_("voyage"),
    text_("line"), text_("bill"), text_("declaration"), text_("direction"), text_("full_empty"), text_("size_type"),
    count_("teu"), text_("seals"), text_("sealed"), Column("gross_g", BigInteger), text_("remark"),
    when_("listed_at"), when_("entered_at"),
    text_("booking"), Column("cargo", Told(Cargo)), text_("occasion"),
    text_("source_id"), when_("updated_at"), text_("document"), text_("function"),
    Column("outread", Boolean, nullable=False, default=False), when_("outread_at"),     # a later reading of the message stands instead, from then on
    text_("given"), text_("why"),                 # what the reader saw: live, unclassified, provisional, test, status_only
    text_("status"),                              # what it counts as among all others (zones.report.STATUSES)
    text_("movement_id"), Column("canonical", Boolean, nullable=False, default=False),
    # of the canonical report of a movement: what the movement does to a stay, to which, how many reports of whom tell of it, how they differ
    text_("effect"), text_("stay_id"), Column("reports", Integer, nullable=False, default=0), text_("publishers"),
    Column("disagreement", Json), when_("first_received_at"),
    Index("report_message", "message_id"),
    Index("report_document", "document", sqlite_where=sa.text("document <> ''"), postgresql_where=sa.text("document <> ''")),
    Index("report_list", "feed", "listed_at", sqlite_where=sa.text("listed_at is not null"), postgresql_where=sa.text("listed_at is not null")),
    Index("report_unclassified", "feed", "received_at", sqlite_where=sa.text("status = 'unclassified'"),
          postgresql_where=sa.text("status = 'unclassified'")),
    Index("report_source", "source_id", sqlite_where=TOLD_ID, postgresql_where=TOLD_ID),
    Index("report_occasion", "equipment", "occasion", sqlite_where=ON_OCCASION, postgresql_where=ON_OCCASION),
    Index("report_late", "place", "received_at", "occurred_at", "equipment", sqlite_where=LATE["sqlite"], postgresql_where=LATE["postgresql"]),
    Index("report_undone", "place", "received_at", "occurred_at", "equipment", sqlite_where=UNDONE, postgresql_where=UNDONE),
    Index("report_planned", "place", "occurred_at", sqlite_where=PLANNED, postgresql_where=PLANNED),
    Index("report_announced", "equipment", sqlite_where=PLANNED, postgresql_where=PLANNED),
    Index("report_ship", "place", "occurred_at", sqlite_where=OF_SHIPS, postgresql_where=OF_SHIPS),
    Index("movement_time", "place", "occurred_at", sqlite_where=sa.text("canonical = 1"), postgresql_where=sa.text("canonical")),
)  # fmt: skip
Index(                                                   # a plate as people write it: any case, with or without dots, dashes and blanks
    "movement_vehicle", plain(report.c.vehicle), report.c.occurred_at,
    sqlite_where=sa.text("canonical = 1 AND vehicle <> ''"), postgresql_where=sa.text("canonical AND vehicle <> ''"),
)  # fmt: skip
Index(                                                   # what was to come off a ship at a call, and what did
    "report_call", report.c.place, ship(report.c.vessel, report.c.voyage), sqlite_where=OFF_A_SHIP, postgresql_where=OFF_A_SHIP,
)  # fmt: skip
Index("report_seals", sa.func.upper(report.c.seals), sqlite_where=SEALED, postgresql_where=SEALED)
Index("report_seals_after_first", seals_after_first(report.c.seals), sqlite_where=SEVERAL_SEALS, postgresql_where=SEVERAL_SEALS)
Index("report_last_seal", last_seal(report.c.seals), sqlite_where=SEVERAL_SEALS, postgresql_where=SEVERAL_SEALS)

document_act = sa.Table(
    "document_act", metadata,
    id_("act_id", primary_key=True), id_("message_id", index=True), id_("reading_id"), text_("position"), text_("unit"),
    text_("feed"), text_("act"), Column("target", Text, nullable=False, index=True), text_("document"),
    when_("at"), when_("received_at", nullable=False), when_("read_at", nullable=False), Column("boxes", Json, nullable=False),
)  # fmt: skip

fact = sa.Table(
    "fact", metadata,
    id_("fact_id", primary_key=True), id_("message_id", index=True), id_("reading_id"), text_("position"), text_("unit"),
    text_("feed"), text_("publisher"), text_("place"),
    text_("kind"), text_("about"), text_("reference"), Column("equipment", String(20), nullable=False, index=True),
    Column("bill", Text, nullable=False, index=True), Column("declaration", Text, nullable=False, index=True),
    Column("booking", Text, nullable=False, index=True), text_("agency"), text_("reason"), text_("hold_ref"),
    when_("effective_at"), text_("effective_text"), text_("precision"), text_("zone_from"), when_("issued_at"),
    when_("received_at", nullable=False), when_("read_at", nullable=False),
    text_("result"), text_("remark"), text_("given"), text_("why"), text_("status"),
    text_("source_id"), when_("updated_at"), text_("function"),
    Column("outread", Boolean, nullable=False, default=False), when_("outread_at"),
    text_("to"),                                                         # of a transit permit: the place it is for
    text_("risk"),                                                       # how risky the agency takes the box to be
    Column("goods_value", BigInteger), text_("currency"),                # what the goods are declared to be worth, in hundredths
    Index("fact_source", "source_id", sqlite_where=TOLD_ID, postgresql_where=TOLD_ID),
)  # fmt: skip

yard_list = sa.Table(
    "yard_list", metadata,
    id_("list_id", primary_key=True), id_("message_id", index=True), id_("reading_id"), text_("unit"), text_("feed"), text_("place"), text_("terminal"),
    when_("listed_at", nullable=False), when_("received_at", nullable=False), when_("read_at", nullable=False), count_("lines"), text_("status"),
    Index("yard_list_feed", "feed", "listed_at"),
)  # fmt: skip

reject = sa.Table(
    "reject", metadata,
    id_("reject_id", primary_key=True), id_("message_id", index=True), id_("reading_id"), text_("unit"),
    text_("scope"), text_("reason"), text_("position"), text_("detail"), text_("excerpt"),
)  # fmt: skip

leftover = sa.Table(
    "leftover", metadata,
    id_("message_id", primary_key=True), id_("reading_id", primary_key=True), Column("name", Text, primary_key=True), count_("count"), text_("example"),
)  # fmt: skip

heading = sa.Table(                                      # the names of the columns of a file
    "heading", metadata,
    id_("message_id", primary_key=True), id_("reading_id", primary_key=True), text_("feed"), when_("received_at", nullable=False),
    Column("columns", Json, nullable=False), id_("layout"),              # hash(columns)
    Index("heading_feed", "feed", "received_at"), Index("heading_layout", "feed", "layout", "received_at"),
)  # fmt: skip

reference_choice = sa.Table(                             # which messages stand under a reference used more than once, where a person decided; the last one counts
    "reference_choice", metadata,
    id_("reference_id", primary_key=True),               # hash(feed, sender, recipient, reference)
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("standing", Json, nullable=False),            # message ids; the others under this reference are outdone by the first of them
    id_("message_id"), text_("choice"),                  # the message it was decided on: instead | both
    when_("decided_at", nullable=False), text_("decided_by"), text_("reason"),
)  # fmt: skip
