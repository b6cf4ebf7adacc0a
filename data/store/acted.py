"""Tables of the journal beside the alerts': who was on duty, where an alert went when its time was used up, what was attached to it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, String

from data.store.columns import id_, metadata, text_, when_
from data.store.types import Json, UtcDateTime

duty = sa.Table(                                         # who signed on where; never edited but for the signing off
    "duty", metadata,
    Column("place", String(64), primary_key=True), Column("name", String(64), primary_key=True),
    Column("from_at", UtcDateTime, primary_key=True),
    when_("until_at", nullable=False),                   # when it ends by itself: somebody who forgot to sign off is not called for ever
    when_("to_at"),                                      # when he or she signed off
    Index("duty_until", "until_at"),
)  # fmt: skip

escalation = sa.Table(                                   # one step a row: the time was used up, so it went further; never edited
    "escalation", metadata,
    id_("alert_id", primary_key=True), Column("clock", String(12), primary_key=True),            # acknowledge | decide
    Column("since_at", UtcDateTime, primary_key=True), Column("step", Integer, primary_key=True, autoincrement=False),
    when_("at", nullable=False), when_("due_at", nullable=False),
    text_("to"), Column("called", Json, nullable=False),                   # a role, phones or nobody; the names, or the phone list then
    Index("escalation_at", "at"),
)  # fmt: skip

attachment = sa.Table(                                   # what people put to an alert; the bytes lie in the raw store under their hash
    "attachment", metadata,
    id_("alert_id", primary_key=True), Column("number", Integer, primary_key=True, autoincrement=False),
    id_("sha256"), Column("bytes", BigInteger, nullable=False), text_("kind"),     # png | jpeg | webp | pdf, as its content says
    text_("name"), text_("text"), when_("at", nullable=False), text_("by"),
    Index("attachment_content", "alert_id", "sha256", unique=True),
)  # fmt: skip
