"""/live: is there anything new, what time is it, is anybody looking. Asked by assets/live.js every few seconds; the token
goes into Store "live".

Why not a dcc.Interval with a callback: a callback that takes longer than its interval is pruned and the page stands still without a word
(measured on this version); and the banner must work when nothing answers. A plain request with a time limit has neither fault, and one that
is no callback cannot keep a session alive by mistake.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from data import clock
from layouts._parts.alert import place_name
from layouts._parts.here import actor, ground, language, now, store, world
from layouts._text import word
from zones.codes import spaced

EVERY_SECONDS = 5
log = logging.getLogger("zonewatch.layouts")


def register(server: Flask, base: str) -> None:
    """Put the route on the server."""

    @server.get(f"{base}live")
    def live() -> ResponseReturnValue:
        return jsonify(answer())


def answer() -> dict[str, Any]:
    """token: changes when there is something new for this reader; act_now: how many alerts need action; latest: [id, what to say of it] of
    those that changed last, for assets/aloud.js; not_looking: when the worker stopped ("" if it runs); now: the time of the house;
    rate: how fast it runs."""
    seen = ground().look(store(), actor(), now(), world())
    since = seen.not_looking_since
    return {
        "token": seen.token,
        "act_now": seen.act_now,
        "latest": [[alert_id, _said(rule, place, box)] for alert_id, rule, place, box in seen.latest],
        "not_looking": since.isoformat() if since else "",
        "never_looked": bool(seen.never_looked),
        "now": now().isoformat(),
        "rate": clock.simulated() or 1,
    }


def _said(rule: str, place: str, box: str) -> str:
    """What an alert is, short enough to be read aloud: "Gate-out on hold, ZZDU 483921 1, Demo Port"."""
    parts = (word("rule", rule, language()), spaced(box) if box else "", place_name(place))
    return ", ".join(part for part in parts if part)
