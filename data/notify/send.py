"""Handing one message to a channel: the only place that reaches out. Never inside a transaction; every wait has an end."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from data.notify.channel import MAIL, Channel
from data.notify.message import Message, NotSent
from data.sources import BadSource
from data.sources._reach import connected
from data.sources._source import Fetching

# Declared by whoever runs the installation, so an address of our own network may be meant; link-local ones are never reached.
HOW = Fetching(private=True, connect_s=10.0, read_s=20.0, total_s=30.0)
PORTS = {**MAIL, "http": 80, "https": 443}
LONGEST_ERROR = 300
MOST = {"mail": 1000, "webhook": 100, "chat": 1000}  # notices in one message
LISTED = {"mail": 50, "webhook": 100, "chat": 10}  # of which so many are told one by one


def send(channel: Channel, message: Message) -> None:
    """Send it now. Errors: NotSent, whatever went wrong; the text is short and has no secret in it."""
    own: Callable[[Channel, Message, Fetching], None] = import_module(f"data.notify._{channel.kind}").send
    try:
        own(channel, message, HOW)
    except (NotSent, BadSource) as error:
        raise NotSent(cleaned(str(error), channel)) from None
    except Exception as error:  # a library's own: whatever it is, the message waits and is tried again
        raise NotSent(cleaned(f"{type(error).__name__}: {error}", channel)) from None


def look(channel: Channel, online: bool) -> str:
    """What is wrong with a channel, "" where nothing is; `online`: whether its server can be reached, with nothing sent."""
    try:
        if channel.kind == "chat":
            import_module("data.notify._chat").opened(channel, HOW)
        elif online:
            host, port = channel.parts.hostname or "", channel.parts.port or PORTS[channel.parts.scheme]
            connected(host, port, HOW).close()
    except (NotSent, BadSource) as error:
        return cleaned(str(error), channel)
    return ""


def cleaned(text: str, channel: Channel) -> str:
    """An error's text as it may be kept and shown: one line, printable, not too long, without the channel's secrets."""
    for secret in channel.secrets:
        text = text.replace(secret, "***")
    said = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return said if len(said) <= LONGEST_ERROR else f"{said[: LONGEST_ERROR - 3]}..."
