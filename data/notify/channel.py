"""The channels that an installation declares in its environment: ZONEWATCH_NOTIFY_<ID>_URL and what goes with it.

    smtps://HOST, smtp+starttls://HOST, smtp://HOST     e-mail, from _FROM, with _USER and _PASSWORD where asked for
    https://HOST/PATH, http://...                       a webhook, signed with _SECRET
    any other URL                                       Apprise: slack://..., mattermost://..., msteams://..., tgram://...

URL, secret and password are credentials: they are kept in the environment alone, and shown nowhere. A channel is known by its id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

NAME = re.compile(r"NOTIFY_([A-Z0-9][A-Z0-9_]*?)_(URL|SECRET|USER|PASSWORD|FROM|DOMAINS|CA_FILE)")
MAIL = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}
SHORTEST_SECRET = 32
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@({_LABEL}(?:\.{_LABEL})*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One declared channel. `domains`: to which an e-mail may go; unless declared, that of the sender alone."""

    id: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    domains: frozenset[str] = frozenset()
    ca_file: str = ""

    @property
    def kind(self) -> str:
        """mail, webhook or chat."""
        scheme = self.parts.scheme
        return "mail" if scheme in MAIL else "webhook" if scheme in ("http", "https") else "chat"

    @property
    def parts(self) -> SplitResult:
        """The URL, taken apart."""
        return urlsplit(self.url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may stand in no error text: the URL, all of its parts that could be a key, the passwords."""
        parts = [self.url, self.secret, self.password]
        if self.kind != "mail":
            parts += [piece for piece in re.split(r"[/?&=@:#]+", self.url) if len(piece) >= 6 and piece != self.parts.hostname]
        return tuple(sorted({part for part in parts if part}, key=len, reverse=True))

    def takes(self, address: str) -> bool:
        """Whether an e-mail address may be written to."""
        found = _ADDRESS.fullmatch(address) if len(address) <= 254 else None
        return found is not None and found[1].lower() in self.domains


def channels(values: Mapping[str, str], faults: list[str], prefix: str) -> dict[str, Channel]:
    """The channels of settings given by name without prefix; what is wrong goes to `faults`, never with a value that may be secret."""
    parts: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        if found := NAME.fullmatch(name):
            parts.setdefault(found[1], {})[found[2]] = value.strip()
    return {key.lower(): channel for key, own in sorted(parts.items()) if (channel := _channel(key, own, faults, f"{prefix}NOTIFY_{key}"))}


def _channel(key: str, own: Mapping[str, str], faults: list[str], name: str) -> Channel | None:
    before = len(faults)
    try:
        url = urlsplit(own.get("URL", ""))
        host, _ = url.hostname, url.port
    except ValueError:
        url, host = urlsplit(""), None
    if not own.get("URL"):
        faults.append(f"{name}_URL: not set; a channel needs one")
    elif not url.scheme or not url.netloc:
        faults.append(f"{name}_URL: not a URL")
    elif url.scheme in MAIL or url.scheme in ("http", "https"):
        if not host:
            faults.append(f"{name}_URL: names no server")
        if url.username or url.password:
            faults.append(f"{name}_URL: no user may stand in it; " + ("use _USER and _PASSWORD" if url.scheme in MAIL else "use _SECRET"))
    sender = own.get("FROM", "")
    if url.scheme in MAIL and not _ADDRESS.fullmatch(sender):
        faults.append(f"{name}_FROM: the address that e-mail comes from is missing, or is none")
    if url.scheme == "smtp" and own.get("PASSWORD"):
        faults.append(f"{name}_PASSWORD: no password is sent over smtp://; use smtps:// or smtp+starttls://")
    if url.scheme in ("http", "https") and len(own.get("SECRET", "")) < SHORTEST_SECRET:
        faults.append(f"{name}_SECRET: a webhook is signed with a secret of {SHORTEST_SECRET} characters or more")
    if len(faults) > before:
        return None
    domains = frozenset(part.strip().lower().lstrip("@") for part in own.get("DOMAINS", "").split(",") if part.strip())
    return Channel(
        id=key.lower(),
        url=own["URL"],
        secret=own.get("SECRET", ""),
        user=own.get("USER", ""),
        password=own.get("PASSWORD", ""),
        sender=sender,
        domains=domains or frozenset({sender.rpartition("@")[2].lower()} - {""}),
        ca_file=own.get("CA_FILE", ""),
    )
