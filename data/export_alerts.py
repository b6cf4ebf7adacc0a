"""The export of alerts: the journal replayed to a moment where one is asked for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.keep import Row
from data.store import tables as t
from zones.uom import Quantity
from zones.work import leads_to

if TYPE_CHECKING:
    from data.export import Question


# The work as it begins: the columns of alert_work that an export has.
NO_WORK: Row = {
    "work": "new",
    "assignee": "",
    "outcome": "",
    "shelved_until": None,
    "outcome_text": "",
    "heard": "",
    "not_heard": "",
    "acknowledged_at": None,
    "outcome_at": None,
    "closed_at": None,
}


def alerts(asked: Question) -> Iterator[Row]:
    """Every alert, invalidated ones too. As of a moment: those that had begun by then, with condition, severity and work as the journal has
    them then; known at a moment: those recorded by then.
    """
    lines: dict[str, list[Row]] = defaultdict(list)
    moment = asked.known_at or asked.as_of
    if moment is not None:
        for line in asked.conn.execute(sa.select(t.alert_line).order_by(t.alert_line.c.alert_id, t.alert_line.c.line)).mappings():
            lines[line["alert_id"]].append(dict(line))
    work = t.alert_work.c
    question = sa.select(t.alert, *(work[name] for name in NO_WORK)).outerjoin_from(
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
        if moment is not None:
            row |= as_it_stood(row, lines[row["alert_id"]], moment)
        values = row["because_values"]
        yield {
            **row,
            "because_en": asked.say(row, asked.moment) if asked.say else _bare(row["because_key"], values),
            "because_values": json.dumps(values, sort_keys=True, ensure_ascii=False),
            "evidence": " ".join(row["evidence"]),
            "spells": json.dumps(row["spells"]),
        }


def as_it_stood(row: Row, lines: list[Row], moment: datetime) -> Row:
    """What the journal says of an alert at a moment: what later lines changed is taken back, what people had done by then is done again."""
    stood: Row = {name: row[name] for name in ("anchor", "severity", "lowered", "spells", "condition", "known_at", "history")}
    done: Row = dict(NO_WORK)
    for line in reversed(lines):
        if line["at"] > moment:
            stood |= {name: values[0] for name, values in line["values"].items() if name in stood and isinstance(values, list)}
    for line in lines:
        if line["at"] <= moment:
            done |= _done(line, done)
    if isinstance(stood["known_at"], str):
        stood["known_at"] = datetime.fromisoformat(stood["known_at"])
    spells = [[datetime.fromisoformat(at) if at else None for at in spell] for spell in stood["spells"]]
    return stood | done | {"began_at": spells[0][0], "ended_at": spells[-1][1]}


def _done(line: Row, before: Row) -> Row:
    """What a line of the journal did to the work."""
    act, said = line["what"], line["values"]
    if not line["by"]:
        return _by_itself(act, said)
    done: Row = {"work": leads_to(act, before["work"]) or before["work"]}
    if act in ("assign", "start"):
        done["assignee"] = said["assignee"]
    if act in ("acknowledge", "start") and (act == "acknowledge" or before["acknowledged_at"] is None):
        done["acknowledged_at"] = line["at"]
    elif act == "outcome":
        told = {"outcome": said["outcome"], "outcome_text": said["text"], "outcome_at": line["at"]}
        done |= told | {name: said.get(name, "") for name in ("heard", "not_heard")}
    elif act == "reopen":
        done |= {name: NO_WORK[name] for name in ("outcome", "outcome_text", "outcome_at", "heard", "not_heard", "closed_at")}
    elif act in ("shelve", "agree_shelf"):
        done["shelved_until"] = datetime.fromisoformat(said["until"])
    elif act == "close":
        done["closed_at"] = line["at"]
    if act in ("unshelve", "close"):
        done["shelved_until"] = None
    return done


def _by_itself(what: str, said: Row) -> Row:
    """What the system did to the work: opened it again, took it off the shelf, or saw a shelf end."""
    done: Row = {"work": said["work"][1]} if isinstance(said.get("work"), list) else {}
    return done | ({"shelved_until": None} if what == "shelf_over" or "shelf" in said else {})


def _bare(key: str, values: dict[str, Any]) -> str:
    return f"{key}: " + ", ".join(f"{name} {_value(value)}" for name, value in values.items())


def _value(value: dict[str, Any]) -> Any:
    return Quantity(**value["v"]) if value.get("t") == "quantity" else value["v"]
