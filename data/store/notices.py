"""The tables of notifications: what each person wants to hear, what he is to be told, and the messages that carry it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, String

from data.store.columns import count_, id_, metadata, text_, when_

OPEN = sa.text("delivery_id = '' AND dropped = ''")
WAITING = sa.text("state = 'waiting'")

notify_wish = sa.Table(
    "notify_wish", metadata,
    Column("person", String(64), primary_key=True), Column("channel", String(64), primary_key=True),
    Column("place", String(64), primary_key=True),       # "": all places within his reach, but for those that have a wish of their own
    text_("address"),                                    # of e-mail; "" on other channels
    text_("language"), text_("least"),                   # the least severity that is told
    text_("quiet_from"), text_("quiet_to"), Column("urgent", Boolean, nullable=False, default=True),     # HH:MM at the place; "": no quiet hours
    Column("digest", Integer, nullable=False, default=0),                                              # minutes; 0: at once
    Column("version", Integer, nullable=False, default=0), when_("changed_at", nullable=False),
)  # fmt: skip

notice = sa.Table(                                       # the outbox: one thing to tell one person through one channel, written with what causes it
    "notice", metadata,
    id_("notice_id", primary_key=True),                  # hash(alert, line, what, person, channel)
    id_("alert_id"), Column("line", Integer, nullable=False), text_("what"), text_("by"), text_("severity"), text_("place"),
    text_("person"), text_("channel"), Column("direct", Boolean, nullable=False, default=False),    # it concerns the person himself
    when_("at", nullable=False), when_("due_at", nullable=False),                                  # time of the house
    id_("delivery_id"),                                  # the message it goes with; "" until there is one
    text_("dropped"),                                    # why it is not told after all
    Index("notice_open", "channel", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("notice_delivery", "delivery_id"), Index("notice_alert", "alert_id"),
)  # fmt: skip

delivery = sa.Table(                                     # one message to one person through one channel, with one notice in it or several
    "delivery", metadata,
    id_("delivery_id", primary_key=True),                # hash of its notices: the key by which a receiver drops a repeat
    text_("person"), text_("channel"), text_("kind"),    # alerts | test
    text_("severity"), text_("place"),                   # the worst; "": several places
    count_("notices"),
    when_("made_at", nullable=False), when_("not_before", nullable=False),                         # time of the house
    text_("state"),                                      # waiting | sent | dead | dropped | failed (a test)
    count_("tries"), when_("first_try_at"), when_("retry_at", nullable=False),                     # real time, as all that follows
    when_("leased_until"), count_("fence"), text_("error"),
    when_("done_at"),                                    # when it was sent or given up; time of the house
    Index("delivery_waiting", "channel", "retry_at", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("delivery_made", "made_at", "delivery_id"), Index("delivery_person", "person", "made_at"), Index("delivery_state", "state", "made_at"),
)  # fmt: skip
