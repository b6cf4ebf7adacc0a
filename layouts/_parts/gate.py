"""The gate: nobody gets past it without a session, whatever the route. Public is what stands in PUBLIC, by rule, not by the look of it.

A login on the page alone protects nothing: Dash answers callbacks, its layout and its dependencies to whoever asks (measured). So this
runs before Dash's own hooks. It also holds what else is true for every request: where a change may come from, how large it may be,
the security headers, and what an error looks like from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, g, jsonify, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from data import clock, people
from layouts._parts import cookie, sign_in
from layouts._parts.callback import reference
from layouts._parts.here import path, store

PUBLIC = frozenset(
    {
        "/login",
        "/logout",
        "/healthz",
        "/readyz",
        "/assets/<path:filename>",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "/_favicon.ico",
    }
)
UNCHANGING = ("/assets/", "/_dash-component-suites/")  # may be kept by a browser; everything else is data
BY_ITSELF = frozenset({"live.data"})  # what a page asks because of these inputs is not somebody at work
LARGEST_BODY = 1024 * 1024
LARGEST_FILE = 12 * 1024 * 1024  # a body with a file in it (base64), to be tried or attached, from those alone who may

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(server: Flask, base: str, hashes: Callable[[], Sequence[str]]) -> None:
    """Put the gate on a server, before anything else is. `hashes` gives the CSP hashes of Dash's inline scripts."""
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    server.before_request(lambda: _let_in(base))
    server.after_request(lambda response: _with_headers(response, base, hashes))
    server.register_error_handler(Exception, _refuse_politely)


def _let_in(base: str) -> ResponseReturnValue | None:
    """What runs before every request: None lets it pass."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and not same_origin():
        return _answer(403, "cross_site")
    size, callback = request.content_length or 0, request.path == f"{base}_dash-update-component"
    if size > (LARGEST_FILE if callback else LARGEST_BODY):
        return _answer(413, "too_large")
    rule = request.url_rule.rule if request.url_rule else ""
    below = "/" + rule.removeprefix(base) if rule.startswith(base) else rule
    active = size > LARGEST_BODY or _is_use()
    g.actor = people.who(store(), cookie.token(), clock.real_now(), active=active, address=request.remote_addr or "")
    if g.actor is None and below not in PUBLIC:
        if request.method == "GET" and not request.path.removeprefix(base).startswith(("_", "live", "basemap")):
            asked = request.full_path.removesuffix("?")
            return redirect(path("/login") + ("" if asked == base else f"?next={quote(asked, safe='')}"))
        return _answer(401, "signed_out")
    if size > LARGEST_BODY:
        if g.actor is None or not (g.actor.may("try_file") or g.actor.may("attach")):
            return _answer(413, "too_large")
        request.max_content_length = LARGEST_FILE
    if callback and not _is_callback(request.get_json(silent=True)):
        return _answer(400, "not_a_callback")
    return None


def same_origin() -> bool:
    """Whether a change comes from our own pages. Browsers say so in Sec-Fetch-Site, older ones in Origin; what says neither is no browser
    and has no other site's cookie to misuse."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _is_use() -> bool:
    """Whether somebody is at work, or the page asks by itself: polling must not keep a session alive."""
    if request.path.endswith("/live"):
        return False
    if request.method == "POST" and request.path.endswith("/_dash-update-component"):
        body = request.get_json(silent=True)
        changed = body.get("changedPropIds") if isinstance(body, dict) else None
        return not (isinstance(changed, list) and changed and BY_ITSELF.issuperset(map(str, changed)))
    return True


def _is_callback(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("output"), str) and isinstance(body.get("inputs"), list) and ("outputs" in body)


def _with_headers(response: Response, base: str, hashes: Callable[[], Sequence[str]]) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = policy(hashes())
    if not request.path.removeprefix(base.rstrip("/")).startswith(UNCHANGING):
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    elif "Cache-Control" not in response.headers:  # what Dash fetches when needed, Plotly's 5 MB among it: asked about, not sent again
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def policy(hashes: Sequence[str]) -> str:
    """The content security policy: nothing from elsewhere, no eval. Inline styles for AG Grid and Plotly; blob workers for MapLibre."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _refuse_politely(error: Exception) -> ResponseReturnValue:
    """What an error looks like from outside: a status, and for our own faults a reference that stands in the log; never what broke."""
    if isinstance(error, HTTPException):
        return _answer(error.code or 500, error.name.lower().replace(" ", "_"))
    return _answer(500, "failed", reference(error))


def _answer(status: int, what: str, ref: str = "") -> ResponseReturnValue:
    if request.method == "GET" and "text/html" in request.headers.get("Accept", "") and status != 401:
        return make_response(sign_in.trouble(status, ref), status)
    body = jsonify({"error": what, "reference": ref} if ref else {"error": what})
    return make_response(body, status)
