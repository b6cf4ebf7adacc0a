"""The export of alerts: the journal replayed to a moment where one is asked for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.keep import Row
from data.store import tables as t

if TYPE_CHECKING:
    from data.export import Question


def alerts(asked: Question) -> Iterator[Row]:
    """Every alert, invalidated ones too. As of a moment: those that had begun by then, with condition, severity and work as the journal has
    them then; known at a moment: those recorded by then.
    """
    lines: dict[str, list[Row]] = defaultdict(list)
    moment = asked.known_at or asked.as_of
    if moment is not None:
        for found_line in asked.conn.execute(
            sa.select(t.alert_line).order_by(t.alert_line.c.alert_id, t.alert_line.c.line.desc())
        ).mappings():
            if found_line["at"] > moment:
                lines[found_line["alert_id"]].append(dict(found_line))
    work = t.alert_work.c
    question = sa.select(t.alert, work.work, work.assignee, work.outcome, work.shelved_until).outerjoin_from(
        t.alert, t.alert_work, work.alert_id == t.alert.c.alert_id
    )
    if asked.place:
        question = question.where(t.alert.c.place == asked.place)
    for found in asked.conn.execute(question.order_by(t.alert.c.began_at, t.alert.c.alert_id)).mappings():
        row = dict(found)
        if asked.known_at is not None and row["recorded_at"] > asked.known_at:
            continue
        if asked.as_of is not None and row["began_at"] > asked.as_of:
            continue
        if not asked.within(row["began_at"]):
            continue
        for line in lines.get(row["alert_id"], ()):  # back from the latest: what each line changed is taken back
            for name, values in line["values"].items():
                if name in row and isinstance(values, list) and len(values) == 2:
                    row[name] = values[0]
        values = row["because_values"]
        yield {
            **row,
            "because_en": asked.say(row) if asked.say else _bare(row["because_key"], values),
            "because_values": json.dumps(values, sort_keys=True, ensure_ascii=False),
            "evidence": " ".join(row["evidence"]),
            "spells": json.dumps(row["spells"]),
        }


def _bare(key: str, values: dict[str, Any]) -> str:
    return f"{key}: " + ", ".join(f"{name} {value['v']}" for name, value in values.items())
