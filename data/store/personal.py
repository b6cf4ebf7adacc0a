"""What people keep for themselves: no part of what happened, and gone with nobody's alert."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, String

from data.store.columns import metadata, text_, when_

saved_view = sa.Table(                                   # a look at the queue under a name of one's own; its address is what is shared
    "saved_view", metadata,
    Column("person", String(64), primary_key=True), Column("name", String(80), primary_key=True),
    text_("address"), when_("at", nullable=False),
)  # fmt: skip
