"""E-mail by SMTP: one connection a message, TLS verified, every wait bounded."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from data.notify.channel import MAIL, Channel
from data.notify.message import Message, NotSent
from data.sources._reach import Deadline, connected, told
from data.sources._source import Fetching


class _Smtp(smtplib.SMTP):
    """SMTP over a connection that is there already: the address was looked at when it was made."""

    def __init__(self, given: socket.socket, host: str, port: int, name: str) -> None:
        self._given = given
        super().__init__(host, port, local_hostname=name)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._given


def send(channel: Channel, message: Message, how: Fetching) -> None:
    """Hand the message to the declared server. Errors: NotSent, BadSource."""
    parts = channel.parts
    host, port = parts.hostname or "", parts.port or MAIL[parts.scheme]
    context = None if parts.scheme == "smtp" else _context(channel)
    sock = connected(host, port, how)
    deadline = Deadline(sock, how.total_s)
    try:
        with told(f"{host}:{port}", deadline, how), _answers(host):
            if context and parts.scheme == "smtps":
                sock = deadline.sock = context.wrap_socket(sock, server_hostname=host)
            smtp = _Smtp(sock, host, port, channel.sender.rpartition("@")[2])
            if context and parts.scheme == "smtp+starttls":
                smtp.starttls(context=context)
                if smtp.sock is not None:
                    sock = deadline.sock = smtp.sock
            if channel.user:
                smtp.login(channel.user, channel.password)
            smtp.send_message(written(channel, message), channel.sender, [message.to])
        with suppress(OSError, smtplib.SMTPException):  # it is taken: what goes wrong now makes it no less so
            smtp.quit()
    finally:
        deadline.over()
        sock.close()


def written(channel: Channel, message: Message) -> EmailMessage:
    """The e-mail. Its Message-ID and Zonewatch-Key are the same whenever it is sent again."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = channel.sender, message.to
    mail["Subject"] = " ".join(message.words.subject.split())
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.key}@{channel.sender.rpartition('@')[2]}>"
    mail["Zonewatch-Key"] = message.key
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.words.text)
    mail["Content-Language"] = message.language  # after the content, which takes what begins with Content- away
    return mail


def _context(channel: Channel) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=channel.ca_file or None)
    except OSError as error:
        raise NotSent(f"CA_FILE cannot be used: {error.strerror or error}") from None


@contextmanager
def _answers(host: str) -> Iterator[None]:
    """What a server answers instead of taking it, in words."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        raise NotSent(f"the recipient is refused: {code} {said.decode(errors='replace')}") from None
    except smtplib.SMTPResponseException as error:
        answer = error.smtp_error
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        raise NotSent(f"{host} answered {error.smtp_code} {text}") from None
    except ssl.SSLCertVerificationError as error:
        raise NotSent(f"the certificate of {host} is not accepted: {error.verify_message}") from None
    except smtplib.SMTPServerDisconnected as error:
        raise EOFError(str(error)) from None
    except smtplib.SMTPException as error:
        raise NotSent(f"{host}: {error}") from None
