"""The pages that stand without Dash: signing in, signing out, and what went wrong. Plain HTML by the server, in the reader's language."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from flask import Flask, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from data import clock, people
from data.settings import is_loopback
from layouts._parts import cookie
from layouts._parts.here import HTML_LANGUAGE, LANGUAGE_NAMES, language, path, settings, store, t, theme_choice

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{assets}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{assets}zonewatch.css">
<script src="{assets}look.js"></script>
</head>
<body class="alone">
<main class="card">
<p class="card-product"><span class="logo" aria-hidden="true"></span>{product}</p>
{body}
</main>
</body>
</html>
"""


def register(server: Flask, base: str) -> None:
    """Put /login and /logout on the server."""

    @server.get(f"{base}login")
    def login() -> ResponseReturnValue:
        if g.get("actor"):
            return redirect(_onward(request.args.get("next", "")))
        return form(request.args.get("next", ""))

    @server.post(f"{base}login")
    def enter() -> ResponseReturnValue:
        onward, name = request.form.get("next", ""), request.form.get("username", "")
        found = people.enter(
            store(), name, request.form.get("password", ""), request.remote_addr or "", clock.real_now(), demo=settings().demo
        )
        if found is None:
            return make_response(form(onward, name, failed=True), 401)
        response = make_response(redirect(_onward(onward), code=303))
        cookie.set_token(response, found[0])
        return response

    @server.post(f"{base}logout")
    def logout() -> ResponseReturnValue:
        people.leave(store(), cookie.token())
        response = make_response(redirect(path("/login"), code=303))
        cookie.drop_token(response)
        return response

    @server.get(f"{base}logout")
    def ask_to_leave() -> ResponseReturnValue:
        """A link cannot sign anybody out by itself: it shows the button."""
        said = escape(t("shell.sign_out"))
        button = f'<button class="button button-primary">{said}</button>'
        return _page(t("shell.sign_out"), f'<h1>{said}</h1><form method="post" action="{escape(path("/logout"))}">{button}</form>')


def form(onward: str = "", name: str = "", *, failed: bool = False) -> str:
    """The sign-in form: works before, and without, any script."""
    plain = not request.is_secure and not is_loopback(request.host.rsplit(":", 1)[0])
    wrong = f'<p class="note note-alert" role="alert" id="wrong">{escape(t("shell.sign_in_failed"))}</p>' if failed else ""
    warn = f'<p class="note note-warn">{escape(t("shell.sign_in_plain"))}</p>' if plain else ""
    demo = t("shell.sign_in_demo", names=", ".join(people.DEMO_ACCOUNTS)) if settings().demo else ""
    hint = f'<p class="muted">{escape(demo)}</p>' if demo else ""
    invalid = ' aria-invalid="true" aria-describedby="wrong"' if failed else ""
    switches = "".join(_language_button(code, said) for code, said in LANGUAGE_NAMES.items())
    body = f"""<h1>{escape(t("shell.sign_in"))}</h1>
<p class="muted">{escape(t("shell.purpose"))}</p>
{wrong}{warn}
<form method="post" action="{escape(path("/login"))}" class="card-form">
<input type="hidden" name="next" value="{escape(onward)}">
<label class="field"><span>{escape(t("shell.username"))}</span>
<input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64"
 required autofocus value="{escape(name)}"{invalid}></label>
<label class="field"><span>{escape(t("shell.password"))}</span>
<input name="password" type="password" autocomplete="current-password" maxlength="200" required{invalid}></label>
<button class="button button-primary" type="submit">{escape(t("shell.sign_in"))}</button>
</form>
{hint}
<p class="card-languages" role="group" aria-label="{escape(t("shell.language"))}">{switches}</p>"""
    return _page(t("shell.sign_in"), body)


def _language_button(code: str, said: str) -> str:
    pressed = "true" if code == language() else "false"
    return (
        f'<button type="button" class="button button-small" data-language="{code}" lang="{HTML_LANGUAGE[code]}" '
        f'aria-pressed="{pressed}">{said}</button>'
    )


def trouble(status: int, ref: str = "") -> str:
    """A page for a request that could not be answered: what it means for the reader, and the reference for whoever looks after it."""
    known = {404: "shell.not_found", 403: "shell.refused"}
    what = t(known.get(status, "shell.unavailable"))
    then = t("shell.unavailable_next", ref=ref) if ref else str(status)
    back = f'<p><a href="{escape(path("/"))}">{escape(t("shell.not_found_next"))}</a></p>'
    return _page(what, f"<h1>{escape(what)}</h1><p>{escape(then)}</p>{back}")


def _page(title: str, body: str) -> str:
    return _PAGE.format(
        lang=HTML_LANGUAGE[language()],
        theme=theme_choice(),
        title=escape(f"{title} · {t('shell.product')}"),
        assets=escape(path("/assets/")),
        product=escape(t("shell.product")),
        body=body,
    )


def _onward(asked: str) -> str:
    """Where to go after signing in: an address of this application, never another site's."""
    parts = urlsplit(asked)
    own = asked.startswith(path("/")) and not asked.startswith("//") and "\\" not in asked and not parts.scheme and not parts.netloc
    return asked if own and all(c.isprintable() for c in asked) else path("/")
