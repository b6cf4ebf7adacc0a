"""Every table, in the order of the flow. What a column means stands here; what a word means stands in `zones/__init__.py`.

Kept      receipt, member, message, reading, report, document_act, fact, signal, entry, yard_list, reject, leftover, heading
          what arrived; superseded, never edited
          reference_choice                                                                        what people decided about what arrived
Derived   stay, tip, box_link, hourly, occupancy, area_hour, inside, dwell_bucket, lag, agreement, hearing, pool, holding, posting,
          opening, opened                                                                        can be folded again, equal row for row
Journal   alert, alert_line, alert_work, escalation, attachment, duty, handover, handover_line, by_hand, expectation, rule_change, breaker, audit
          what the system saw and what people did
Outbox    notify_wish, notice, delivery                                                            what people are to be told, and whether they were
Personal  saved_view                                                                              what people keep for themselves
Running   backtest, rejected_lately, seen, bookmark, run, run_count, lease, not_looking, touched, due, judged, declared, account, session, sign_in

Tables in DISTRIBUTED are the ones a national installation would spread over machines by `equipment`: every primary key and unique
constraint on them contains it, they have no trigger, identity or foreign key (tests/contract/test_metadata.py holds them to it).
Counts are integers: movements, hundredths of TEU, minutes, grams. Times are UTC.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String

from data.store.acted import attachment as attachment
from data.store.acted import duty as duty
from data.store.acted import escalation as escalation
from data.store.columns import ASKED as ASKED
from data.store.columns import DANGEROUS as DANGEROUS
from data.store.columns import DANGEROUS_INSIDE as DANGEROUS_INSIDE
from data.store.columns import LATE as LATE
from data.store.columns import LATE_AFTER as LATE_AFTER
from data.store.columns import OF_SHIPS as OF_SHIPS
from data.store.columns import OFF_A_SHIP as OFF_A_SHIP
from data.store.columns import ON_OCCASION as ON_OCCASION
from data.store.columns import PLANNED as PLANNED
from data.store.columns import RETURNED as RETURNED
from data.store.columns import SEALED as SEALED
from data.store.columns import SEVERAL_SEALS as SEVERAL_SEALS
from data.store.columns import SHELVED as SHELVED
from data.store.columns import SO as SO
from data.store.columns import STOPPED as STOPPED
from data.store.columns import TOLD_ID as TOLD_ID
from data.store.columns import UNDONE as UNDONE
from data.store.columns import UNREAD as UNREAD
from data.store.columns import count_, id_, text_, when_
from data.store.columns import last_seal as last_seal
from data.store.columns import metadata as metadata
from data.store.columns import plain as plain
from data.store.columns import seals_after_first as seals_after_first
from data.store.columns import ship as ship
from data.store.columns import tail as tail
from data.store.goods import COUNTED as COUNTED
from data.store.goods import DECLARED as DECLARED
from data.store.goods import FAULTY as FAULTY
from data.store.goods import GOES_WITH_ITS_BOX as GOES_WITH_ITS_BOX
from data.store.goods import IN_A_BOX as IN_A_BOX
from data.store.goods import OF_ITEM as OF_ITEM
from data.store.goods import OF_PROCESS as OF_PROCESS
from data.store.goods import OUTREAD as OUTREAD
from data.store.goods import PERMITTED as PERMITTED
from data.store.goods import TAKES_BACK as TAKES_BACK
from data.store.goods import entry as entry
from data.store.goods import holding as holding
from data.store.goods import opened as opened
from data.store.goods import opening as opening
from data.store.goods import pool as pool
from data.store.goods import posting as posting
from data.store.handed import handover as handover
from data.store.handed import handover_line as handover_line
from data.store.kept import document_act as document_act
from data.store.kept import fact as fact
from data.store.kept import heading as heading
from data.store.kept import leftover as leftover
from data.store.kept import member as member
from data.store.kept import message as message
from data.store.kept import reading as reading
from data.store.kept import receipt as receipt
from data.store.kept import reference_choice as reference_choice
from data.store.kept import reject as reject
from data.store.kept import report as report
from data.store.kept import yard_list as yard_list
from data.store.law_tables import backtest as backtest
from data.store.law_tables import rule_change as rule_change
from data.store.notices import delivery as delivery
from data.store.notices import notice as notice
from data.store.notices import notify_wish as notify_wish
from data.store.personal import saved_view as saved_view
from data.store.recorded import NOT_KEPT as NOT_KEPT
from data.store.recorded import WAITS as WAITS
from data.store.recorded import by_hand as by_hand
from data.store.signals import signal as signal
from data.store.types import Json, Told, UtcDateTime
from zones.stay import Mark

DISTRIBUTED = ("report", "signal", "stay", "tip", "box_link")

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
    Column("equipment", String(20), primary_key=True), id_("stay_id", primary_key=True),       # hash(equipment, place, opening report)
    text_("place"), text_("terminal"), text_("area"),
    text_("direction"), text_("direction_from"),
    when_("entered_at"), when_("entered_not_after"), text_("entered_by"), Column("opening", Told(Mark), nullable=False),
    Column("opened_by_list", Boolean, nullable=False, default=False),
    when_("left_at"), text_("left_by"), Column("exit", Told(Mark)),
    when_("opened_at", nullable=False),                  # entered_at, else entered_not_after: what the stay sorts by
    Column("dwell_minutes", BigInteger), text_("held"), when_("held_since"),
    text_("line"), text_("bill"), text_("declaration"), text_("size_type"), count_("teu"), text_("full_empty"), text_("seals"),
    Column("movements", Integer, nullable=False), when_("heard_at", nullable=False),     # latest received_at among what it is folded from
    Column("lightest", BigInteger), Column("heaviest", BigInteger), text_("dangerous"),  # grams told of it full; what its movements tell is in it
    Column("stood", Told(tuple[tuple[Mark, str], ...])),                 # what told of which area, of a box that was moved about
    Index("stay_inside", "place", "opened_at", sqlite_where=sa.text("left_at is null"), postgresql_where=sa.text("left_at is null")),
    Index("stay_left", "place", "left_at", sqlite_where=sa.text("left_at is not null"), postgresql_where=sa.text("left_at is not null")),
    Index("stay_dangerous", "place", "opened_at", sqlite_where=DANGEROUS, postgresql_where=DANGEROUS),
    Index("stay_dangerous_inside", "place", sqlite_where=DANGEROUS_INSIDE, postgresql_where=DANGEROUS_INSIDE),
    Index("stay_held", "place", "held_since", sqlite_where=sa.text("held <> '' and left_at is null"),
          postgresql_where=sa.text("held <> '' and left_at is null")),
    Index("stay_unmeasured", "place", "left_at", sqlite_where=sa.text("dwell_minutes is null and left_at is not null"),
          postgresql_where=sa.text("dwell_minutes is null and left_at is not null")),     # left, but an end of it is not known
)  # fmt: skip

tip = sa.Table(                                          # where the fold of one box at one place stands: what the next movement resumes from
    "tip", metadata,
    Column("equipment", String(20), primary_key=True), Column("place", String(64), primary_key=True),
    when_("last_at", nullable=False), Column("recent", Told(dict[str, tuple[datetime, tuple[str, ...]]]), nullable=False), text_("stay_id"),
    text_("size_type"),                                                  # as told at its latest visit that told it
    sqlite_with_rowid=False, postgresql_with={"fillfactor": 70},         # changed again and again, no index of it with it
)  # fmt: skip
Index("tip_tail", tail(tip.c.equipment))  # the last four characters of a number, by which people look for it

box_link = sa.Table(                                     # which box goes with which document, and from when
    "box_link", metadata,
    Column("equipment", String(20), primary_key=True), Column("kind", String(12), primary_key=True), Column("reference", sa.Text, primary_key=True),
    when_("at", nullable=False),
    Column("spoken", Boolean, nullable=False, default=False),     # customs has spoken of the document: whoever goes with it must be looked at
    Index("box_link_reference", "kind", "reference"),
    Index("box_link_spoken", "equipment", sqlite_where=sa.text("spoken = 1"), postgresql_where=sa.text("spoken")),
    sqlite_with_rowid=False,
)  # fmt: skip

hourly = sa.Table(
    "hourly", metadata,
    Column("place", String(64), primary_key=True), Column("hour", UtcDateTime, primary_key=True), Column("terminal", String(64), primary_key=True),
    Column("event", String(16), primary_key=True), Column("mode", String(8), primary_key=True), Column("direction", String(16), primary_key=True),
    Column("full_empty", String(8), primary_key=True), count_("movements"), count_("teu"),
)  # fmt: skip

occupancy = sa.Table(                                    # net change an hour; `inside` holds the level now (decision record on occupancy)
    "occupancy", metadata,
    Column("place", String(64), primary_key=True), Column("hour", UtcDateTime, primary_key=True), Column("terminal", String(64), primary_key=True),
    count_("boxes"), count_("teu"),
    count_("opening"), count_("came"), count_("went"), count_("corrected"),     # the identity: boxes = opening + came - went + corrected
)  # fmt: skip

area_hour = sa.Table(                                    # net change an hour of what stands in an area, where areas declare a capacity
    "area_hour", metadata,
    Column("place", String(64), primary_key=True), Column("area", String(64), primary_key=True), Column("hour", UtcDateTime, primary_key=True),
    count_("boxes"), count_("teu"),
)  # fmt: skip

inside = sa.Table(                                       # how many are inside now, by where and what
    "inside", metadata,
    Column("place", String(64), primary_key=True), Column("terminal", String(64), primary_key=True), Column("area", String(64), primary_key=True),
    Column("direction", String(16), primary_key=True), Column("full_empty", String(8), primary_key=True), count_("boxes"), count_("teu"), count_("held"),
)  # fmt: skip

dwell_bucket = sa.Table(                                 # completed stays with both ends known; bucket = zones.stay.bucket(minutes), error at most 1%
    "dwell_bucket", metadata,
    Column("place", String(64), primary_key=True), Column("day", sa.Date, primary_key=True), Column("terminal", String(64), primary_key=True),
    Column("direction", String(16), primary_key=True), Column("mode", String(8), primary_key=True), Column("full_empty", String(8), primary_key=True),
    Column("bucket", Integer, primary_key=True), count_("stays"), count_("minutes"),
)  # fmt: skip

lag = sa.Table(                                          # how long after the fact a source tells of it; bucket = zones.lag.bucket(seconds), error at most 2.5%
    "lag", metadata,
    Column("feed", String(64), primary_key=True), Column("day", sa.Date, primary_key=True),      # the UTC day of the receipt
    Column("bucket", Integer, primary_key=True), count_("reports"),
)  # fmt: skip

agreement = sa.Table(                                    # of how many movements one publisher tells, or several that agree, or differ
    "agreement", metadata,
    Column("place", String(64), primary_key=True), Column("day", sa.Date, primary_key=True), Column("event", String(16), primary_key=True),
    Column("told", String(8), primary_key=True), count_("movements"),                            # told: one | agree | differ | hand
)  # fmt: skip

hearing = sa.Table(                                      # pauses of a feed: one row a receipt instant, with the time to the next
    "hearing", metadata,
    Column("feed", String(64), primary_key=True), Column("heard_at", UtcDateTime, primary_key=True),
    id_("receipt_id"), when_("next_at"), Column("pause_s", BigInteger),      # null while nothing came after it
    Index("hearing_pause", "feed", "pause_s"),
)  # fmt: skip

# ---------------------------------------------------------------- journal

alert = sa.Table(
    "alert", metadata,
    id_("alert_id", primary_key=True),                   # hash(rule, subject, first anchor)
    text_("rule"), Column("rule_version", Integer, nullable=False), text_("subject"), Column("unit", sa.Text, nullable=False, index=True),
    text_("place"), text_("equipment"), text_("anchor"), Column("anchor_reports", Json, nullable=False),
    text_("severity"), text_("step"), Column("lowered", Boolean, nullable=False, default=False),
    when_("began_at", nullable=False), when_("ended_at"), Column("spells", Json, nullable=False), Column("steps", Json, nullable=False),
    Column("evidence", Json, nullable=False), text_("because_key"), Column("because_values", Json, nullable=False),
    when_("known_at", nullable=False), when_("recorded_at", nullable=False), when_("changed_at", nullable=False),
    text_("condition"),                                  # active | unverified | cleared | invalidated
    Column("latching", Boolean, nullable=False, default=False), Column("history", Boolean, nullable=False, default=False),
    text_("limit"), text_("limit_version"), text_("limit_status"), text_("muted_by"), Column("leans", Json, nullable=False),
    Index("alert_equipment", "equipment"),
    Index("alert_rule", "rule", "place", "known_at"), Index("alert_known", "place", "known_at"),
    Index("alert_so", "alert_id", sqlite_where=SO, postgresql_where=SO),            # what is so now, among all that ever was
)  # fmt: skip

alert_line = sa.Table(                                   # the journal: one line a change, never edited
    "alert_line", metadata,
    id_("alert_id", primary_key=True), Column("line", Integer, primary_key=True, autoincrement=False),
    when_("at", nullable=False), text_("by"), text_("what"), Column("values", Json, nullable=False), text_("cause"),
    Index("alert_line_returned", "at", sqlite_where=RETURNED, postgresql_where=RETURNED),
)  # fmt: skip

alert_work = sa.Table(                                   # what people decided; its own table, so that an officer never waits for a pull
    "alert_work", metadata,
    id_("alert_id", primary_key=True), text_("work"), text_("assignee"), text_("acknowledged_by"), when_("acknowledged_at"),
    text_("outcome"), text_("outcome_text"), text_("outcome_by"), when_("outcome_at"), text_("closed_by"), when_("closed_at"),
    when_("shelved_until"), text_("shelved_by"), text_("shelf_reason"), Column("version", Integer, nullable=False, default=0),
    text_("heard"), text_("not_heard"),                  # with the outcome: who was heard, and why somebody or nobody was
    text_("shelf_agreed_by"),                            # the second person, where the shelf takes two
    when_("asked_until"), text_("asked_by"), when_("asked_at"), text_("asked_reason"),           # a shelf that waits for the second person
    when_("clock_from"),                                 # from when it is to be answered; null: since it was raised
    Index("alert_work_work", "work", "closed_at", "alert_id"),      # the closed ones, latest first
    Index("alert_work_shelf", "shelved_until", sqlite_where=SHELVED, postgresql_where=SHELVED),
    Index("alert_work_asked", "asked_until", sqlite_where=ASKED, postgresql_where=ASKED),
    sa.CheckConstraint("work <> 'closed' OR outcome <> 'rule_too_wide' OR closed_by <> outcome_by", name="alert_work_second_person"),
    sa.CheckConstraint("shelf_agreed_by = '' OR shelf_agreed_by <> shelved_by", name="alert_work_second_person_shelf"),
)  # fmt: skip

audit = sa.Table(
    "audit", metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False), when_("at", nullable=False), text_("actor"), text_("role"), text_("address"),
    text_("action"), text_("object"), Column("before", Json), Column("after", Json), text_("reason"), id_("prev_hash"), id_("hash"),
)  # fmt: skip

expectation = sa.Table(                                  # how often a source is expected, as proposed by one person and accepted by another; never edited after that
    "expectation", metadata,
    Column("feed", String(64), primary_key=True), Column("number", Integer, primary_key=True, autoincrement=False),
    Column("expect", Json, nullable=False),              # [{"seconds": 1800, "hours": ["06:00", "22:00"]}, {"seconds": 21600, "hours": null}]
    Column("instead_of", Json, nullable=False),          # what was declared then: where the declaration says otherwise by now, it stands
    Column("reckoned", Json, nullable=False),            # from what it was proposed
    text_("proposed_by"), when_("proposed_at", nullable=False), text_("reason"),
    text_("decision"),                                   # "" (waits) | accepted | refused
    text_("decided_by"), when_("decided_at"), text_("decision_reason"),
    sa.CheckConstraint("decision <> 'accepted' OR decided_by <> proposed_by", name="expectation_second_person"),
)  # fmt: skip

breaker = sa.Table(                                      # when the reading of a source was stopped, since too much of it was rejected, and who let it go on
    "breaker", metadata,
    Column("feed", String(64), primary_key=True), Column("number", Integer, primary_key=True, autoincrement=False),
    when_("opened_at", nullable=False), text_("why"),    # share | in_a_row
    count_("records"), count_("rejected"), id_("message_id"),              # of the last records; the message that was the last to be read
    when_("unread_from"),                                # the least receipt of what is kept and not read; null while there is nothing
    when_("closed_at"), text_("closed_by"), text_("closed_reason"),
    when_("through_at"),                                 # when all that was kept meanwhile had been read
    Index("breaker_stopped", "feed", sqlite_where=STOPPED, postgresql_where=STOPPED),
)  # fmt: skip

# ---------------------------------------------------------------- running

rejected_lately = sa.Table(                              # the last records of a feed, message by message: what the breaker goes by
    "rejected_lately", metadata,
    Column("feed", String(64), primary_key=True), Column("recent", Json, nullable=False),
    count_("in_a_row"), count_("longest"),               # rejected one after the other now, and at the most in the message that is being read
)  # fmt: skip

seen = sa.Table(                                         # files of a folder already fetched
    "seen", metadata,
    Column("feed", String(64), primary_key=True), Column("name", String(400), primary_key=True), count_("size"), when_("modified_at", nullable=False),
    text_("version"),                                    # what else the source tells its versions apart by (an ETag)
    when_("fetched_at", nullable=False), text_("failed"), count_("tries"),
)  # fmt: skip

bookmark = sa.Table(                                     # where a source that is read page by page, or asked only for what is new, is to be gone on from
    "bookmark", metadata, Column("feed", String(64), primary_key=True), text_("value"), when_("changed_at", nullable=False),
)  # fmt: skip

run = sa.Table(
    "run", metadata,
    id_("run_id", primary_key=True), text_("job"), text_("feed"), when_("started_at", nullable=False), when_("ended_at"),
    text_("state"),                                      # running | done | failed
    Column("counts", Json), text_("error"), count_("fence"),
    Index("run_job", "job", "started_at"), Index("run_feed", "feed", "started_at"), Index("run_outcome", "feed", "state", "started_at"),
)  # fmt: skip

run_count = sa.Table(
    "run_count", metadata, Column("job", String(100), primary_key=True), count_("missed"), count_("overlapped"), count_("failed")
)

lease = sa.Table(
    "lease", metadata,
    Column("name", String(32), primary_key=True), text_("holder"), count_("fence"), when_("expires_at", nullable=False), when_("renewed_at", nullable=False),
)  # fmt: skip

not_looking = sa.Table(
    "not_looking", metadata,
    Column("from_at", UtcDateTime, primary_key=True), when_("to_at", nullable=False), text_("reason"),
)  # fmt: skip

touched = sa.Table(                                      # what changed since it was last judged: unit = "box:EQUIPMENT", "call:PLACE/SHIP/VOYAGE", "feed:FEED", "area:PLACE/AREA/DAY" or "alert:ALERT" (a closed one)
    "touched", metadata, Column("unit", sa.Text, primary_key=True), text_("cause"), sqlite_with_rowid=False,
)  # fmt: skip

due = sa.Table(                                          # when to look at a unit though nothing is told of it
    "due", metadata,
    Column("unit", sa.Text, primary_key=True), Column("look_at", UtcDateTime, nullable=False, index=True), sqlite_with_rowid=False,
)  # fmt: skip

judged = sa.Table("judged", metadata, Column("one", Integer, primary_key=True, autoincrement=False), when_("up_to", nullable=False))

identity = sa.Table(                                     # when each conservation identity last held
    "identity", metadata, Column("name", String(40), primary_key=True), when_("checked_at", nullable=False), when_("held_at"), text_("difference"),
)  # fmt: skip

declared = sa.Table(
    "declared", metadata,
    Column("kind", String(16), primary_key=True), Column("id", String(64), primary_key=True), id_("sha256", primary_key=True),
    when_("loaded_at", nullable=False), text_("text"),
)  # fmt: skip

account = sa.Table(
    "account", metadata,
    Column("name", String(64), primary_key=True), text_("role"), Column("places", Json), text_("password"), text_("language"),
    Column("disabled", Boolean, nullable=False, default=False), Column("demo", Boolean, nullable=False, default=False), when_("created_at", nullable=False),
)  # fmt: skip

session = sa.Table(
    "session", metadata,
    id_("token_hash", primary_key=True), text_("name"), when_("created_at", nullable=False), when_("last_seen_at", nullable=False), text_("address"),
)  # fmt: skip

sign_in = sa.Table(                                      # failed attempts, for back-off
    "sign_in", metadata, Column("key", String(128), primary_key=True), count_("failures"), when_("last_at", nullable=False),
)  # fmt: skip

ALL_TABLES: dict[str, sa.Table] = dict(metadata.tables)
