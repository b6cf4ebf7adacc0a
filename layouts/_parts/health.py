"""/healthz: the process answers. /readyz: and so does the database; and how many notifications were given up, where any were.

For whoever runs it; they tell nothing else, since anybody may ask.
"""

from __future__ import annotations

import logging

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from data.queries.notices import standing
from layouts._parts.here import store

log = logging.getLogger("zonewatch.layouts")


def register(server: Flask, base: str) -> None:
    """Put both routes on the server."""

    @server.get(f"{base}healthz")
    def healthz() -> ResponseReturnValue:
        return jsonify({"ok": True})

    @server.get(f"{base}readyz")
    def readyz() -> ResponseReturnValue:
        try:
            with store().read() as conn:
                dead = standing(conn).dead
            return jsonify({"ok": True} | ({"notifications_given_up": dead} if dead else {}))
        except Exception:
            log.exception("not ready: the database does not answer")
            return jsonify({"ok": False}), 503
