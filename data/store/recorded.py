"""The table of what people recorded from paper: it waits here until a second person has read it against the paper."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index

from data.store.columns import id_, metadata, text_, when_
from data.store.types import Json

NOT_KEPT = sa.text("state = 'accepted' AND kept_at IS NULL")
WAITS = sa.text("state = 'waits'")

by_hand = sa.Table(
    "by_hand", metadata,
    id_("batch_id", primary_key=True),                   # hash(place, who, when, rows)
    text_("place"), Column("rows", Json, nullable=False),                    # as typed, by the columns of data/feeds/manual_csv.py
    text_("recorded_by"), when_("recorded_at", nullable=False), text_("note"),
    text_("state"),                                      # waits | accepted | refused | withdrawn (by who recorded it)
    text_("decided_by"), when_("decided_at"), text_("reason"),
    id_("message_id"),                                   # what was accepted becomes this message
    when_("claimed_at"),                                 # real time: somebody is making it a message; for a minute nobody else does
    when_("kept_at"),                                    # when it had become that; null: the next who looks makes it so
    sa.CheckConstraint("state <> 'accepted' OR decided_by <> recorded_by", name="by_hand_second_person"),
    Index("by_hand_place", "place", "recorded_at"),
    Index("by_hand_waits", "place", sqlite_where=WAITS, postgresql_where=WAITS),
    Index("by_hand_not_kept", "batch_id", sqlite_where=NOT_KEPT, postgresql_where=NOT_KEPT),
    Index("by_hand_message", "message_id"),
)  # fmt: skip
