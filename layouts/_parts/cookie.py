"""The session token in the browser: one cookie, never readable by scripts, never sent by other sites."""

from __future__ import annotations

from flask import Response, request

from data.settings import is_loopback

NAME = "zonewatch"


def token() -> str:
    """The session token the browser sent, under either name of the cookie."""
    return request.cookies.get(f"__Host-{NAME}", "") or request.cookies.get(NAME, "")


def set_token(response: Response, value: str) -> None:
    """Give the browser its session: not for scripts, not for other sites; over plain http only on loopback."""
    plain = not request.is_secure and is_loopback(request.host.rsplit(":", 1)[0])
    response.set_cookie(NAME if plain else f"__Host-{NAME}", value, secure=not plain, httponly=True, samesite="Lax", path="/")


def drop_token(response: Response) -> None:
    """Take the session from the browser."""
    for name in (NAME, f"__Host-{NAME}"):
        response.set_cookie(name, "", max_age=0, secure=name.startswith("__Host-"), httponly=True, samesite="Lax", path="/")
