"""The journal of an alert read back, line by line, by the tables of both axes alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.store.told import D0
from zones import work as axis
from zones.alert import BEGINS, LATCHED, TURNS

Lines = list[dict[str, Any]]


def shift_over(at: datetime) -> datetime:
    """When it is next six or eighteen hours at the port."""
    hour = at.astimezone(D0.tzinfo).replace(minute=0, second=0, microsecond=0)
    return next(on for n in range(1, 14) if (on := hour + timedelta(hours=n)).hour in (6, 18))


def through(lines: Lines, latching: bool) -> tuple[str, str, str]:
    """Work, condition and severity as the lines lead to them, each held against the tables. Knows nothing of how they were written."""
    work, outcome, gave, asked, shelf = "new", "", "", "", None
    condition, severity = lines[0]["values"]["condition"], lines[0]["values"]["severity"]
    assert (lines[0]["what"], lines[0]["by"]) == ("raised", "")
    assert condition in BEGINS
    for line in lines[1:]:
        what, by, said = line["what"], line["by"], line["values"]
        if not by:
            if "condition" in said:
                was, condition = said["condition"]
                assert what == (LATCHED if latching else TURNS)[was][condition]
            severity = said["severity"][1] if isinstance(said.get("severity"), list) else severity
            if "work" in said:
                assert said["work"] == ["closed", "reopened"] == [work, "reopened"]
                assert condition in axis.REOPENED_BY[was]
                work = "reopened"
            if what == "shelf_over":
                assert shelf is not None
                assert shelf <= line["at"]
            shelf = None if what == "shelf_over" or "shelf" in said else shelf
            asked = "" if what == "shelf_lapsed" else asked
            continue
        assert what != "shelve" or severity not in axis.TAKES_TWO
        if what in ("shelve", "ask_shelf", "agree_shelf"):
            until = datetime.fromisoformat(said["until"])
            assert line["at"] < until <= (shift_over(line["at"]) if severity == "act_now" else line["at"] + timedelta(days=30))
            shelf = until if what != "ask_shelf" else shelf
        assert what != "agree_shelf" or (asked and asked != by)
        asked = {"ask_shelf": by, "agree_shelf": "", "refuse_shelf": "", "shelve": "", "close": ""}.get(what, asked)
        if what == "close":
            assert not (severity in axis.TAKES_TWO or outcome in axis.TAKES_TWO_OUTCOMES) or by != gave
        outcome, gave = (said["outcome"], by) if what == "outcome" else (outcome, gave)
        shelf = None if what in ("unshelve", "close") else shelf
        work = axis.LEADS[what][work]
    return work, condition, severity
