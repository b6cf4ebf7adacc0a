"""Tables of hand-overs: what one shift told the next, signed by one person and taken line by line by another. Never edited once signed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, String

from data.store.columns import id_, metadata, text_, when_
from data.store.types import Json

handover = sa.Table(
    "handover", metadata,
    id_("handover_id", primary_key=True),                # hash(place, beginning of the shift)
    Column("place", String(64), nullable=False), text_("shift"), when_("began_at", nullable=False), when_("ended_at", nullable=False),
    text_("signed_by"), when_("signed_at", nullable=False), text_("note"),
    Column("content", Json, nullable=False),             # as it stood when it was signed (data.queries.handover)
    text_("accepted_by"), when_("accepted_at"),
    Index("handover_place", "place", "began_at"),
    sa.CheckConstraint("accepted_by <> signed_by", name="handover_second_person"),
)  # fmt: skip

handover_line = sa.Table(
    "handover_line", metadata,
    id_("handover_id", primary_key=True), Column("line", Integer, primary_key=True, autoincrement=False),
    text_("kind"), text_("ref"),                         # alert | shelved | source | note, and which
    text_("step"),                                       # the next step that was promised
    text_("taken"),                                      # "" (waits) | accepted | questioned
    text_("remark"), text_("by"), when_("at"),
)  # fmt: skip
