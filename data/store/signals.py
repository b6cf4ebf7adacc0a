"""The table of what the devices on boxes say: kept as it arrived, superseded, never edited."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, String

from data.store.columns import TOLD_ID, id_, metadata, text_, when_

signal = sa.Table(
    "signal", metadata,
    Column("equipment", String(20), primary_key=True), id_("signal_id", primary_key=True),   # hash(message, position)
    id_("message_id", index=True), id_("reading_id"), text_("position"), text_("unit"),
    text_("feed"), text_("publisher"), text_("place"),   # the place whose feed told it, wherever the box was
    text_("device"), text_("kind"),
    when_("occurred_at"), text_("occurred_text"), text_("precision"), text_("zone_from"),
    when_("received_at", nullable=False), when_("read_at", nullable=False),
    Column("lat", Integer), Column("lon", Integer),      # microdegrees
    Column("temp", Integer), Column("set_temp", Integer),                # tenths of a degree Celsius
    text_("remark"), text_("given"), text_("why"), text_("status"),
    text_("source_id"), when_("updated_at"), text_("function"),
    Column("outread", Boolean, nullable=False, default=False), when_("outread_at"),
    Index("signal_time", "equipment", "occurred_at"),
    Index("signal_source", "source_id", sqlite_where=TOLD_ID, postgresql_where=TOLD_ID),
)  # fmt: skip
