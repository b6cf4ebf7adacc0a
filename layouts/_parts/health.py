"""/healthz: the process answers. /readyz: and so does the database. For whoever runs it; they tell nothing else, since anybody may ask."""

from __future__ import annotations

import logging

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

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
            with store().read():
                return jsonify({"ok": True})
        except Exception:
            log.exception("not ready: the database does not answer")
            return jsonify({"ok": False}), 503
