"""Rows of the alert journal for tests that need alerts, not the reports behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from data.store.engine import Store
from data.store.tables import alert, alert_line, alert_work


def put_alert(store: Store, alert_id: str, now: datetime, *, lines: int = 1, work: str = "new", **values: Any) -> str:
    """An alert with its work and first journal line. `values`: columns of alert, or of alert_work where they are named so."""
    row, of_work = alert_row(alert_id, now, work=work, **values)
    with store.act() as conn:
        conn.execute(alert.insert(), row)
        conn.execute(alert_work.insert(), of_work)
        for number in range(1, lines + 1):
            what = "raised" if number == 1 else "changed"
            line = {"alert_id": alert_id, "line": number, "at": row["recorded_at"], "by": "", "what": what}
            conn.execute(alert_line.insert(), {**line, "values": {"severity": "act_now"}, "cause": ""})
    return alert_id


def put_many(store: Store, now: datetime, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Many alerts at once, by their ids; all with the same columns."""
    rows = [alert_row(alert_id, now, **values) for alert_id, values in told.items()]
    with store.act() as conn:
        conn.execute(alert.insert(), [row for row, _ in rows])
        conn.execute(alert_work.insert(), [of_work for _, of_work in rows])


def alert_row(alert_id: str, now: datetime, *, work: str = "new", **values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of an alert, and that of its work."""
    box = values.pop("equipment", "ZZDU4839211")
    began = values.pop("began_at", now - timedelta(minutes=20))
    hold = {"agency": "customs", "reason": "inspection", "since": (began - timedelta(hours=5)).isoformat()}
    of_work = {name: values.pop(name) for name in list(values) if name in alert_work.c and name != "alert_id"}
    row: dict[str, Any] = {
        "alert_id": alert_id,
        "rule": "gate_out_on_hold",
        "rule_version": 1,
        "subject": f"stay:demo-port/{box}",
        "unit": f"box:{box}",
        "place": "demo-port",
        "equipment": box,
        "anchor": f"anchor-{alert_id}",
        "anchor_reports": [],
        "severity": "act_now",
        "step": "always",
        "began_at": began,
        "ended_at": None,
        "spells": [[began.isoformat(), None]],
        "steps": [{"name": "always", "severity": "act_now", "at": began.isoformat(), "certain": True}],
        "evidence": [],
        "because_key": "gate_out_on_hold",
        "because_values": {
            "box": {"t": "box", "v": box},
            "place": {"t": "place", "v": "demo-port"},
            "by": {"t": "text", "v": "gate_out"},
            "gate": {"t": "gate", "v": "Gate 3"},
            "at": {"t": "instant", "v": began.isoformat()},
            "holds": {"t": "holds", "v": [hold]},
        },
        "known_at": began + timedelta(minutes=4),
        "recorded_at": began + timedelta(minutes=5),
        "changed_at": began + timedelta(minutes=5),
        "condition": "active",
        "latching": True,
        "leans": [["demo-port", "customs"]],
    }
    return row | values, {"alert_id": alert_id, "work": work, "version": 0, **of_work}
