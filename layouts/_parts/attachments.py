"""The files attached to an alert: their list, the form, and the route that hands one out to who may see the alert."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from flask import Flask, Response, abort

from data.actions import Conflict, NotPermitted, NotPossible, attach
from data.queries import attachment as ask
from data.queries.alert import Dossier
from layouts._parts.alert import at_place
from layouts._parts.callback import can, reference
from layouts._parts.here import actor, language, now, path, settings, store, t
from layouts._parts.marks import note
from layouts._parts.table import Column, table
from layouts._text import forms
from zones.attachment import KINDS, LARGEST

# Whatever is in it: it is not shown in our name, runs nothing, loads nothing, and is taken for nothing else.
SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


def register(server: Flask, base: str) -> None:
    """Put the route on the server. The gate has refused whoever is not signed in."""

    @server.get(f"{base}alerts/<alert_id>/attachments/<int:number>")
    def attached(alert_id: str, number: int) -> Response:
        """One attachment, as a download."""
        try:
            found = ask.content(store(), actor(), settings(), alert_id, number)
        except ask.Damaged as error:
            return Response(t("attached.damaged", ref=reference(error)), 410, mimetype="text/plain")
        if found is None:
            abort(404)
        named = {"Content-Disposition": f'attachment; filename="{found.name}"'}
        return Response(found.data, 200, {**SAFE, **named}, mimetype=found.mime)


def listed(dossier: Dossier) -> Component:
    """What is attached, oldest first."""
    if not dossier.attachments:
        return html.P(t("attached.none"), className="muted")
    alert_id, place = dossier.alert["alert_id"], dossier.alert["place"]
    columns = [
        Column("file", t("attached.file"), "node", wide=True),
        Column("kind", t("attached.kind")),
        Column("size", t("attached.size")),
        Column("by", t("alerts.who")),
        Column("at", t("alerts.when"), "node"),
        Column("sha256", "SHA-256"),
    ]
    rows = []
    for row in dossier.attachments:
        name = row["name"] or t("attached.nameless", n=row["number"])
        link = html.A(name, href=path(f"/alerts/{alert_id}/attachments/{row['number']}"), download="")
        at = row["at"]
        size = t("attached.kb", n=max(1, row["bytes"] // 1024))
        own = {"kind": row["kind"].upper(), "size": size, "by": row["by"], "sha256": row["sha256"][:12]}
        rows.append({"file": link, "file_text": name, "at": at_place(at, place), "at_text": at.isoformat(), **own})
    return table(columns, rows, caption=t("attached.title"), csv=f"alert-{alert_id[:8]}-attachments", sort=False)


def form() -> Component | None:
    """Where a file is dropped, for those who may. Larger ones are refused before they are sent."""
    if not can("attach"):
        return None
    inner = [html.Button(t("attached.choose"), type="button", className="button"), html.Span(t("attached.drop", mb=LARGEST >> 20))]
    drop = dcc.Upload(
        html.Div(inner, className="try-drop-in"),
        id="attach-upload",
        accept=",".join(KINDS.values()),
        max_size=LARGEST,
        className="try-drop",
        className_active="try-drop try-drop-over",
    )
    return html.Div(drop, **{"data-upload": t("attached.choose")})


def take(alert_id: str, name: str | None, contents: str) -> tuple[Any, bool]:
    """Attach what was dropped; gives what to say of it, and whether anything is otherwise now."""
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        return note(t("attached.not_an_attachment"), "warn"), False
    try:
        done = attach(store(), settings(), actor(), alert_id, now(), name=str(name or ""), data=data)
    except NotPossible as error:
        return note(t(f"attached.{error.reason}", **error.values), "warn"), False
    except (NotPermitted, Conflict):
        return note(t("alerts.not_permitted"), "alert"), False
    except OSError as error:
        return note(t("attached.not_kept", ref=reference(error)), "alert"), False
    said = t("attached.done", kb=forms.number(max(1, len(data) // 1024), language())) if done.changed else t("alerts.unchanged")
    return note(said), True
