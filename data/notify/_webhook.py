"""A signed webhook: one POST, and the receiver can prove who sent it, when, and that nothing of it was changed.

Zonewatch-Key        the same whenever it is sent again: drop what you have
Zonewatch-Timestamp  seconds since 1970, of this sending: refuse what is older than five minutes
Zonewatch-Signature  v1=HEX, HMAC-SHA256 with the channel's secret over TIMESTAMP "." BODY: compare in constant time
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from typing import Any

from data.notify.channel import Channel
from data.notify.message import Message, NotSent
from data.sources._reach import Deadline, connected, told
from data.sources._source import Fetching, Unreached

VERSION = 1


def send(channel: Channel, message: Message, how: Fetching) -> None:
    """Post it; only an answer of 200 to 299 is taking it. No redirect is followed. Errors: NotSent, BadSource."""
    parts = channel.parts
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    payload = body(message)
    asked = headers(channel.secret, message, payload)
    context = _context(channel)
    sock = connected(host, port, how)
    deadline = Deadline(sock, how.total_s)
    connection = http.client.HTTPConnection(host, port)
    try:
        with told(f"{host}:{port}", deadline, how):
            try:
                if context:
                    sock = deadline.sock = context.wrap_socket(sock, server_hostname=host)
                connection.sock = sock
                connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), payload, asked)
                status = connection.getresponse().status
            except ssl.SSLCertVerificationError as error:
                raise NotSent(f"the certificate of {host} is not accepted: {error.verify_message}") from None
            except http.client.HTTPException as error:
                raise Unreached(f"{host}: not an answer of HTTP ({type(error).__name__})") from None
            if deadline.passed:
                raise EOFError  # cut in the middle of the headers, which the library takes for their end
    finally:
        deadline.over()
        connection.close()
        sock.close()
    if not 200 <= status < 300:
        raise NotSent(f"{host} answered {status}" + (": a redirect, which is not followed" if 300 <= status < 400 else ""))


def body(message: Message) -> bytes:
    """The document that is posted; its form is in docs/guide/notify.md."""
    document: dict[str, Any] = {
        "version": VERSION,
        "key": message.key,
        "sent_at": message.at.isoformat(),
        "person": message.person,
        "language": message.language,
        "subject": message.words.subject,
        "notices": [{**notice, "sentence": said} for notice, said in zip(message.notices, message.words.sentences, strict=True)],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def headers(secret: str, message: Message, payload: bytes) -> dict[str, str]:
    """What goes with it, signed."""
    stamp = str(int(message.at.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "zonewatch",
        "Connection": "close",
        "Zonewatch-Key": message.key,
        "Zonewatch-Timestamp": stamp,
        "Zonewatch-Signature": f"v1={signature(secret, stamp, payload)}",
    }


def signature(secret: str, stamp: str, payload: bytes) -> str:
    """HMAC-SHA256 over TIMESTAMP "." BODY, as hexadecimal digits."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + payload, hashlib.sha256).hexdigest()


def _context(channel: Channel) -> ssl.SSLContext | None:
    if channel.parts.scheme == "http":
        return None
    try:
        return ssl.create_default_context(cafile=channel.ca_file or None)
    except OSError as error:
        raise NotSent(f"CA_FILE cannot be used: {error.strerror or error}") from None
