"""The tables of what people decide about rules: back-tests asked for, and changes of limits and off-switches."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, String

from data.store.columns import count_, id_, metadata, text_, when_
from data.store.types import Json

_ASKED = sa.text("state IN ('waiting', 'running')")

backtest = sa.Table(                                     # a rule tried under other limits over a period; worked off by the worker
    "backtest", metadata,
    id_("backtest_id", primary_key=True), text_("rule"), Column("places", Json, nullable=False),
    when_("from_at", nullable=False), when_("to_at", nullable=False), Column("limits", Json, nullable=False),       # {limit: value}
    text_("asked_by"), when_("asked_at", nullable=False),
    text_("state"),                                      # waiting | running | done | cancelled | failed
    count_("done"), count_("total"),                     # visits (or sources) looked at, and how many there are
    count_("fence"), when_("started_at"), when_("ended_at"), text_("cancelled_by"), text_("error"),
    Column("result", Json),                              # data.backtest.run
    Index("backtest_asked", "asked_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
    Index("backtest_rule", "rule", "asked_at"),
)  # fmt: skip

rule_change = sa.Table(                                  # limits and off-switches: one proposes, another accepts; then never edited
    "rule_change", metadata,
    Column("place", String(64), primary_key=True), Column("number", Integer, primary_key=True, autoincrement=False),
    text_("rule"), text_("kind"),                        # limits | off | on
    Column("limits", Json, nullable=False),              # {limit: value}, of kind limits
    when_("from_at"), when_("to_at"),                    # as asked for; it holds from the acceptance at the earliest
    Column("instead_of", Json, nullable=False),          # what was declared then: where the declaration says otherwise by now, it stands
    id_("backtest_id"), text_("reason"), text_("proposed_by"), when_("proposed_at", nullable=False),
    text_("decision"),                                   # "" (waits) | accepted | refused
    text_("decided_by"), when_("decided_at"), text_("decision_reason"),
    Index("rule_change_decision", "decision", "place", "number"),
    sa.CheckConstraint("decision <> 'accepted' OR decided_by <> proposed_by", name="rule_change_second_person"),
)  # fmt: skip
