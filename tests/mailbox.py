"""A real SMTP server on loopback that keeps what it is sent, or answers as a test tells it to."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class Mailbox:
    """`got`: every e-mail taken; `says`: the answer to the next ones instead of taking them; `then`: called when one was taken."""

    got: list[EmailMessage] = field(default_factory=list)
    says: str = ""
    then: Callable[[], None] = lambda: None
    controller: Controller | None = None

    @property
    def port(self) -> int:
        assert self.controller is not None
        assert self.controller.server is not None
        port: int = self.controller.server.sockets[0].getsockname()[1]
        return port

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """What aiosmtpd calls with an e-mail."""
        if self.says:
            return self.says
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.got.append(mail)
        self.then()
        return "250 taken"

    def stop(self) -> None:
        """No more answers."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


class _Controller(Controller):
    """Port 0, one that is free: it is not known before the server listens."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        socket.create_connection(self.server.sockets[0].getsockname(), 1.0).close()


@contextmanager
def mailbox(starttls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """A server for the length of a block; with `starttls` it takes nothing without TLS and a password, any password."""
    box = Mailbox()
    asks = (
        {"tls_context": starttls, "require_starttls": True, "auth_required": True, "authenticator": lambda *_: AuthResult(success=True)}
        if starttls
        else {}
    )
    box.controller = _Controller(box, hostname="127.0.0.1", port=0, **asks)
    box.controller.start()
    try:
        yield box
    finally:
        box.stop()
