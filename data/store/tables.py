"""Every table, in the order of the flow. What a column means stands here; what a word means stands in `zones/__init__.py`.

Kept      receipt, message, reading, report, document_act, fact, yard_list, reject, leftover      what arrived; superseded, never edited
          reference_choice                                                                        what people decided about what arrived
Derived   stay, tip, box_link, hourly, occupancy, inside, dwell_bucket, hearing         can be folded again, equal row for row
Journal   alert, alert_line, alert_work, audit                                                    what the system saw and what people did
Running   seen, run, run_count, lease, not_looking, touched, due, judged, declared, account, session, sign_in

Tables in DISTRIBUTED are the ones a national installation would spread over machines by `equipment`: every primary key and unique
constraint on them contains it, they have no trigger, identity or foreign key (tests/contract/test_metadata.py holds them to it).
Counts are integers: movements, hundredths of TEU, minutes, grams. Times are UTC.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Text

from data.store.types import Json, Told, UtcDateTime
from zones.stay import Mark

metadata = sa.MetaData()

DISTRIBUTED = ("report", "stay", "tip", "box_link")


def _id(name: str, **kw: object) -> Column[str]:
    return Column(name, String(64), nullable=False, default="", **kw)  # type: ignore[arg-type]


def _text(name: str, **kw: object) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", default="", **kw)  # type: ignore[arg-type]


def _when(name: str, nullable: bool = True) -> Column[object]:
    return Column(name, UtcDateTime, nullable=nullable)


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0", default=0)


def plain(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A text in capitals without blanks, dashes and dots, as an expression that is indexed: no bound values, which match no index."""
    for sign in ("' '", "'-'", "'.'"):
        column = sa.func.replace(column, sa.text(sign), sa.text("''"))
    return sa.func.upper(column)


def tail(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The eighth to eleventh character of a container number, as an expression that is indexed."""
    return sa.func.substr(column, sa.text("8"), sa.text("4"))


def seals_after_first(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Of several seals with blanks between them all but the first, in capitals, as an expression that is indexed on both databases: the
    signs that are no blanks are stripped from the left, then the blanks.
    """
    return sa.func.upper(sa.func.ltrim(sa.func.ltrim(column, _signs(column))))


def last_seal(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Of several seals the last, in capitals, as an expression that is indexed: what is before it is taken away."""
    return sa.func.upper(sa.func.replace(column, sa.func.rtrim(column, _signs(column)), sa.text("''")))


def _signs(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.replace(column, sa.text("' '"), sa.text("''"))


UNREAD = sa.text("state IN ('unreadable', 'partly', 'pending')")
SO = sa.text("condition IN ('active', 'unverified')")
SEALED = sa.text("seals <> ''")                          # word for word as in the questions: a partial index answers no other
SEVERAL_SEALS = sa.text("seals <> replace(seals, ' ', '')")

# ---------------------------------------------------------------- kept

receipt = sa.Table(
    "receipt", metadata,
    _id("receipt_id", primary_key=True),          # hash(feed, file sha256, name, received_at): the same delivery told again is the same row
    _text("feed"), _text("name"), _id("file_sha256"), _count("bytes"),
    _when("received_at", nullable=False),         # when the site got it
    _when("stored_at", nullable=False),           # when we kept it: ours alone
    _text("run_id"),
    Index("receipt_heard", "feed", "received_at"),
    Index("receipt_file", "feed", "file_sha256"),
)  # fmt: skip

message = sa.Table(
    "message", metadata,
    _id("message_id", primary_key=True),          # hash(feed, sha256)
    _text("feed"), _id("sha256"), _id("file_sha256"), _text("name"),
    _count("position"), _count("start"), _count("bytes"),     # which message of the file, and where it stands in it
    _text("sender"), _text("recipient"), _text("reference"), _when("prepared_at"), Column("test", Boolean, nullable=False, default=False),
    _when("received_at", nullable=False),         # the least of its receipts
    _when("stored_at", nullable=False),
    _text("state"),                               # pending | read | partly | unreadable
    _text("reason"),                              # of the worst fault, a text key
    _text("outdone_by"),                          # message whose use of the same reference stands (least received_at, hash; or as decided)
    _id("reading_id"),                            # the reading that counts; "" while pending
    _count("taken"),                              # records the reading has committed so far: where to go on after a crash
    _count("records"), _count("reports"), _count("facts"), _count("rejected"), _count("duplicate"),
    Index("message_state", "state", "feed"),
    Index("message_waiting", "feed", "received_at", "reason", sqlite_where=UNREAD, postgresql_where=UNREAD),
    Index("message_feed", "feed", "received_at"),
    Index("message_reference", "feed", "sender", "recipient", "reference"),
)  # fmt: skip

reading = sa.Table(
    "reading", metadata,
    _id("reading_id", primary_key=True),          # hash(message, reader, version, options)
    _id("message_id", index=True), _text("reader"), Column("version", Integer, nullable=False), _id("options_sha256"),
    _when("read_at", nullable=False), Column("current", Boolean, nullable=False, default=True), _text("why"),
)  # fmt: skip

report = sa.Table(
    "report", metadata,
    Column("equipment", String(20), primary_key=True), _id("report_id", primary_key=True),    # hash(message, position)
    _id("message_id"), _id("reading_id"), _text("position"), _text("unit"),
    _text("feed"), _text("publisher"), _text("place"), _text("location"), _text("terminal"), _text("area"),
    Column("equipment_valid", Boolean, nullable=False),
    _text("event"), _text("classifier"),
    _when("occurred_at"), _text("occurred_text"), _text("precision"), _text("zone_from"),
    _when("received_at", nullable=False), _when("read_at", nullable=False),
    _text("mode"), _text("vehicle"), _text("gate"), _text("lane"), _text("vessel"), _text("voyage"),
    _text("line"), _text("bill"), _text("declaration"), _text("direction"), _text("full_empty"), _text("size_type"),
    _count("teu"), _text("seals"), Column("gross_g", BigInteger), _text("remark"),
    _when("listed_at"), _when("entered_at"),
    _text("source_id"), _when("updated_at"), _text("document"), _text("function"),
    Column("outread", Boolean, nullable=False, default=False), _when("outread_at"),     # a later reading of the message stands instead, from then on
    _text("given"), _text("why"),                 # what the reader saw: live, unclassified, provisional, test, status_only
    _text("status"),                              # what it counts as among all others (zones.report.STATUSES)
    _text("movement_id"), Column("canonical", Boolean, nullable=False, default=False),
    # of the canonical report of a movement: what the movement does to a stay, to which, how many reports of whom tell of it, how they differ
    _text("effect"), _text("stay_id"), Column("reports", Integer, nullable=False, default=0), _text("publishers"),
    Column("disagreement", Json), _when("first_received_at"),
    Index("report_message", "message_id"),
    Index("report_document", "document", sqlite_where=sa.text("document <> ''"), postgresql_where=sa.text("document <> ''")),
    Index("report_list", "feed", "listed_at", sqlite_where=sa.text("listed_at is not null"), postgresql_where=sa.text("listed_at is not null")),
    Index("report_unclassified", "feed", "received_at", sqlite_where=sa.text("status = 'unclassified'"),
          postgresql_where=sa.text("status = 'unclassified'")),
    Index("movement_time", "place", "occurred_at", sqlite_where=sa.text("canonical = 1"), postgresql_where=sa.text("canonical")),
)  # fmt: skip
Index(                                                   # a plate as people write it: any case, with or without dots, dashes and blanks
    "movement_vehicle", plain(report.c.vehicle),
    sqlite_where=sa.text("canonical = 1 AND vehicle <> ''"), postgresql_where=sa.text("canonical AND vehicle <> ''"),
)  # fmt: skip
Index("report_seals", sa.func.upper(report.c.seals), sqlite_where=SEALED, postgresql_where=SEALED)
Index("report_seals_after_first", seals_after_first(report.c.seals), sqlite_where=SEVERAL_SEALS, postgresql_where=SEVERAL_SEALS)
Index("report_last_seal", last_seal(report.c.seals), sqlite_where=SEVERAL_SEALS, postgresql_where=SEVERAL_SEALS)

document_act = sa.Table(
    "document_act", metadata,
    _id("act_id", primary_key=True), _id("message_id", index=True), _id("reading_id"), _text("position"), _text("unit"),
    _text("feed"), _text("act"), Column("target", Text, nullable=False, index=True), _text("document"),
    _when("at"), _when("received_at", nullable=False), _when("read_at", nullable=False), Column("boxes", Json, nullable=False),
)  # fmt: skip

fact = sa.Table(
    "fact", metadata,
    _id("fact_id", primary_key=True), _id("message_id", index=True), _id("reading_id"), _text("position"), _text("unit"),
    _text("feed"), _text("publisher"), _text("place"),
    _text("kind"), _text("about"), _text("reference"), Column("equipment", String(20), nullable=False, index=True),
    Column("bill", Text, nullable=False, index=True), Column("declaration", Text, nullable=False, index=True),
    _text("agency"), _text("reason"), _text("hold_ref"),
    _when("effective_at"), _text("effective_text"), _text("precision"), _text("zone_from"), _when("issued_at"),
    _when("received_at", nullable=False), _when("read_at", nullable=False),
    _text("result"), _text("remark"), _text("given"), _text("why"), _text("status"),
    Column("outread", Boolean, nullable=False, default=False), _when("outread_at"),
)  # fmt: skip

yard_list = sa.Table(
    "yard_list", metadata,
    _id("list_id", primary_key=True), _id("message_id", index=True), _id("reading_id"), _text("unit"), _text("feed"), _text("place"), _text("terminal"),
    _when("listed_at", nullable=False), _when("received_at", nullable=False), _when("read_at", nullable=False), _count("lines"), _text("status"),
    Index("yard_list_feed", "feed", "listed_at"),
)  # fmt: skip

reject = sa.Table(
    "reject", metadata,
    _id("reject_id", primary_key=True), _id("message_id", index=True), _id("reading_id"), _text("unit"),
    _text("scope"), _text("reason"), _text("position"), _text("detail"), _text("excerpt"),
)  # fmt: skip

leftover = sa.Table(
    "leftover", metadata,
    _id("message_id", primary_key=True), _id("reading_id", primary_key=True), Column("name", Text, primary_key=True), _count("count"), _text("example"),
)  # fmt: skip

reference_choice = sa.Table(                             # which messages stand under a reference used more than once, where a person decided; the last one counts
    "reference_choice", metadata,
    _id("reference_id", primary_key=True),               # hash(feed, sender, recipient, reference)
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("standing", Json, nullable=False),            # message ids; the others under this reference are outdone by the first of them
    _id("message_id"), _text("choice"),                  # the message it was decided on: instead | both
    _when("decided_at", nullable=False), _text("decided_by"), _text("reason"),
)  # fmt: skip

# ---------------------------------------------------------------- derived

# What happened: the canonical reports, each with what `data.derive` found that it tells of. A view, since one report tells of nearly every
# movement, and a table of its own would keep all of it twice.
MOVEMENT = sa.CreateView(
    sa.select(
        *(report.c[name] for name in (
            "equipment", "movement_id", "place", "terminal", "area", "event", "occurred_at", "precision", "mode", "direction", "full_empty",
            "size_type", "teu", "vehicle", "gate", "lane", "line", "bill", "declaration", "reports", "publishers", "disagreement", "stay_id", "effect",
        )),
        report.c.report_id.label("canonical_report"), report.c.first_received_at.label("received_at"),
    ).where(report.c.canonical),
    "movement",
)  # fmt: skip
movement = MOVEMENT.table
sa.event.listen(report, "after_create", lambda table, conn, **_: conn.execute(MOVEMENT))
sa.event.listen(report, "before_drop", lambda table, conn, **_: conn.execute(sa.DropView(movement)))

stay = sa.Table(
    "stay", metadata,
    Column("equipment", String(20), primary_key=True), _id("stay_id", primary_key=True),       # hash(equipment, place, opening report)
    _text("place"), _text("terminal"), _text("area"),
    _text("direction"), _text("direction_from"),
    _when("entered_at"), _when("entered_not_after"), _text("entered_by"), Column("opening", Told(Mark), nullable=False),
    Column("opened_by_list", Boolean, nullable=False, default=False),
    _when("left_at"), _text("left_by"), Column("exit", Told(Mark)),
    _when("opened_at", nullable=False),                  # entered_at, else entered_not_after: what the stay sorts by
    Column("dwell_minutes", BigInteger), _text("held"), _when("held_since"),
    _text("line"), _text("bill"), _text("declaration"), _text("size_type"), _count("teu"), _text("full_empty"), _text("seals"),
    Column("movements", Integer, nullable=False), _when("heard_at", nullable=False),     # latest received_at among what it is folded from
    Index("stay_inside", "place", "opened_at", sqlite_where=sa.text("left_at is null"), postgresql_where=sa.text("left_at is null")),
    Index("stay_left", "place", "left_at", sqlite_where=sa.text("left_at is not null"), postgresql_where=sa.text("left_at is not null")),
    Index("stay_held", "place", "held_since", sqlite_where=sa.text("held <> '' and left_at is null"),
          postgresql_where=sa.text("held <> '' and left_at is null")),
    Index("stay_unmeasured", "place", "left_at", sqlite_where=sa.text("dwell_minutes is null and left_at is not null"),
          postgresql_where=sa.text("dwell_minutes is null and left_at is not null")),     # left, but an end of it is not known
)  # fmt: skip

tip = sa.Table(                                          # where the fold of one box at one place stands: what the next movement resumes from
    "tip", metadata,
    Column("equipment", String(20), primary_key=True), Column("place", String(64), primary_key=True),
    _when("last_at", nullable=False), Column("recent", Told(dict[str, tuple[datetime, tuple[str, ...]]]), nullable=False), _text("stay_id"),
    sqlite_with_rowid=False, postgresql_with={"fillfactor": 70},         # changed again and again, no index of it with it
)  # fmt: skip
Index("tip_tail", tail(tip.c.equipment))                 # the last four characters of a number, by which people look for it

box_link = sa.Table(                                     # which box goes with which document, and from when
    "box_link", metadata,
    Column("equipment", String(20), primary_key=True), Column("kind", String(12), primary_key=True), Column("reference", String(80), primary_key=True),
    _when("at", nullable=False),
    Column("spoken", Boolean, nullable=False, default=False),     # customs has spoken of the document: whoever goes with it must be looked at
    Index("box_link_reference", "kind", "reference"),
    Index("box_link_spoken", "equipment", sqlite_where=sa.text("spoken = 1"), postgresql_where=sa.text("spoken")),
    sqlite_with_rowid=False,
)  # fmt: skip

hourly = sa.Table(
    "hourly", metadata,
    Column("place", String(64), primary_key=True), Column("hour", UtcDateTime, primary_key=True), Column("terminal", String(64), primary_key=True),
    Column("event", String(16), primary_key=True), Column("mode", String(8), primary_key=True), Column("direction", String(16), primary_key=True),
    Column("full_empty", String(8), primary_key=True), _count("movements"), _count("teu"),
)  # fmt: skip

occupancy = sa.Table(                                    # net change an hour; `inside` holds the level now (decision record on occupancy)
    "occupancy", metadata,
    Column("place", String(64), primary_key=True), Column("hour", UtcDateTime, primary_key=True), Column("terminal", String(64), primary_key=True),
    _count("boxes"), _count("teu"),
    _count("opening"), _count("came"), _count("went"), _count("corrected"),     # the identity: boxes = opening + came - went + corrected
)  # fmt: skip

inside = sa.Table(                                       # how many are inside now, by where and what
    "inside", metadata,
    Column("place", String(64), primary_key=True), Column("terminal", String(64), primary_key=True), Column("area", String(64), primary_key=True),
    Column("direction", String(16), primary_key=True), Column("full_empty", String(8), primary_key=True), _count("boxes"), _count("teu"), _count("held"),
)  # fmt: skip

dwell_bucket = sa.Table(                                 # completed stays with both ends known; bucket = zones.stay.bucket(minutes), error at most 1%
    "dwell_bucket", metadata,
    Column("place", String(64), primary_key=True), Column("day", sa.Date, primary_key=True), Column("terminal", String(64), primary_key=True),
    Column("direction", String(16), primary_key=True), Column("mode", String(8), primary_key=True), Column("full_empty", String(8), primary_key=True),
    Column("bucket", Integer, primary_key=True), _count("stays"), _count("minutes"),
)  # fmt: skip

hearing = sa.Table(                                      # pauses of a feed: one row a receipt instant, with the time to the next
    "hearing", metadata,
    Column("feed", String(64), primary_key=True), Column("heard_at", UtcDateTime, primary_key=True),
    _id("receipt_id"), _when("next_at"), Column("pause_s", BigInteger),      # null while nothing came after it
    Index("hearing_pause", "feed", "pause_s"),
)  # fmt: skip

# ---------------------------------------------------------------- journal

alert = sa.Table(
    "alert", metadata,
    _id("alert_id", primary_key=True),                   # hash(rule, subject, first anchor)
    _text("rule"), Column("rule_version", Integer, nullable=False), _text("subject"), Column("unit", String(90), nullable=False, index=True),
    _text("place"), _text("equipment"), _text("anchor"), Column("anchor_reports", Json, nullable=False),
    _text("severity"), _text("step"), Column("lowered", Boolean, nullable=False, default=False),
    _when("began_at", nullable=False), _when("ended_at"), Column("spells", Json, nullable=False), Column("steps", Json, nullable=False),
    Column("evidence", Json, nullable=False), _text("because_key"), Column("because_values", Json, nullable=False),
    _when("known_at", nullable=False), _when("recorded_at", nullable=False), _when("changed_at", nullable=False),
    _text("condition"),                                  # active | unverified | cleared | invalidated
    Column("latching", Boolean, nullable=False, default=False), Column("history", Boolean, nullable=False, default=False),
    _text("limit"), _text("limit_version"), _text("limit_status"), _text("muted_by"), Column("leans", Json, nullable=False),
    Index("alert_so", "alert_id", sqlite_where=SO, postgresql_where=SO),            # what is so now, among all that ever was
)  # fmt: skip

alert_line = sa.Table(                                   # the journal: one line a change, never edited
    "alert_line", metadata,
    _id("alert_id", primary_key=True), Column("line", Integer, primary_key=True, autoincrement=False),
    _when("at", nullable=False), _text("by"), _text("what"), Column("values", Json, nullable=False), _text("cause"),
)  # fmt: skip

alert_work = sa.Table(                                   # what people decided; its own table, so that an officer never waits for a pull
    "alert_work", metadata,
    _id("alert_id", primary_key=True), _text("work"), _text("assignee"), _text("acknowledged_by"), _when("acknowledged_at"),
    _text("outcome"), _text("outcome_text"), _text("outcome_by"), _when("outcome_at"), _text("closed_by"), _when("closed_at"),
    _when("shelved_until"), _text("shelved_by"), _text("shelf_reason"), Column("version", Integer, nullable=False, default=0),
    Index("alert_work_work", "work", "closed_at", "alert_id"),      # the closed ones, latest first
)  # fmt: skip

audit = sa.Table(
    "audit", metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False), _when("at", nullable=False), _text("actor"), _text("role"), _text("address"),
    _text("action"), _text("object"), Column("before", Json), Column("after", Json), _text("reason"), _id("prev_hash"), _id("hash"),
)  # fmt: skip

# ---------------------------------------------------------------- running

seen = sa.Table(                                         # files of a folder already fetched
    "seen", metadata,
    Column("feed", String(64), primary_key=True), Column("name", String(400), primary_key=True), _count("size"), _when("modified_at", nullable=False),
    _when("fetched_at", nullable=False), _text("failed"), _count("tries"),
)  # fmt: skip

run = sa.Table(
    "run", metadata,
    _id("run_id", primary_key=True), _text("job"), _text("feed"), _when("started_at", nullable=False), _when("ended_at"),
    _text("state"),                                      # running | done | failed
    Column("counts", Json), _text("error"), _count("fence"),
    Index("run_job", "job", "started_at"), Index("run_feed", "feed", "started_at"), Index("run_outcome", "feed", "state", "started_at"),
)  # fmt: skip

run_count = sa.Table("run_count", metadata, Column("job", String(100), primary_key=True), _count("missed"), _count("overlapped"), _count("failed"))

lease = sa.Table(
    "lease", metadata,
    Column("name", String(32), primary_key=True), _text("holder"), _count("fence"), _when("expires_at", nullable=False), _when("renewed_at", nullable=False),
)  # fmt: skip

not_looking = sa.Table(
    "not_looking", metadata,
    Column("from_at", UtcDateTime, primary_key=True), _when("to_at", nullable=False), _text("reason"),
)  # fmt: skip

touched = sa.Table(                                      # what changed since it was last judged: unit = "box:EQUIPMENT" or "feed:FEED"
    "touched", metadata, Column("unit", String(90), primary_key=True), _text("cause"), sqlite_with_rowid=False,
)  # fmt: skip

due = sa.Table(                                          # when to look at a unit though nothing is told of it
    "due", metadata,
    Column("unit", String(90), primary_key=True), Column("look_at", UtcDateTime, nullable=False, index=True), sqlite_with_rowid=False,
)  # fmt: skip

judged = sa.Table("judged", metadata, Column("one", Integer, primary_key=True, autoincrement=False), _when("up_to", nullable=False))

identity = sa.Table(                                     # when each conservation identity last held
    "identity", metadata, Column("name", String(40), primary_key=True), _when("checked_at", nullable=False), _when("held_at"), _text("difference"),
)  # fmt: skip

declared = sa.Table(
    "declared", metadata,
    Column("kind", String(16), primary_key=True), Column("id", String(64), primary_key=True), _id("sha256", primary_key=True),
    _when("loaded_at", nullable=False), _text("text"),
)  # fmt: skip

account = sa.Table(
    "account", metadata,
    Column("name", String(64), primary_key=True), _text("role"), Column("places", Json), _text("password"), _text("language"),
    Column("disabled", Boolean, nullable=False, default=False), Column("demo", Boolean, nullable=False, default=False), _when("created_at", nullable=False),
)  # fmt: skip

session = sa.Table(
    "session", metadata,
    _id("token_hash", primary_key=True), _text("name"), _when("created_at", nullable=False), _when("last_seen_at", nullable=False), _text("address"),
)  # fmt: skip

sign_in = sa.Table(                                      # failed attempts, for back-off
    "sign_in", metadata, Column("key", String(128), primary_key=True), _count("failures"), _when("last_at", nullable=False),
)  # fmt: skip

ALL_TABLES: dict[str, sa.Table] = dict(metadata.tables)
