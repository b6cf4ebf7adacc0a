"""Chat, and whatever else Apprise knows, by the URL that is declared. Loaded only where such a channel is: it need not be installed.

Apprise makes its own connections, so the address is looked at before it is handed on, where the URL names one; redirects are not followed.
"""

from __future__ import annotations

import logging
from typing import Any

from data.notify.channel import Channel
from data.notify.message import Message, NotSent
from data.sources._reach import resolved
from data.sources._source import Fetching

INSTALL = "Apprise is not installed here: pip install -r requirements-chat.txt"


def send(channel: Channel, message: Message, how: Fetching) -> None:
    """Hand it to the service. Errors: NotSent, BadSource."""
    service, entries = opened(channel, how), []
    if getattr(service[0], "host", None):
        resolved(str(service[0].host), int(service[0].port or 443), how.private)

    def heard(entry: Any, _service: Any) -> None:
        entries.append(str(getattr(entry, "message", entry)))

    result = service.notify(
        body=message.words.text, title=message.words.subject, body_format="text", timeout=how.total_s, log_callback=heard
    )
    if not result:
        raise NotSent(f"{entries[-1] if entries else 'the service did not take it'}")


def opened(channel: Channel, how: Fetching) -> Any:
    """The service of the declared URL. Errors: NotSent where Apprise is not there, or does not know the URL."""
    try:
        import apprise
    except ImportError:
        raise NotSent(INSTALL) from None
    _quietly()
    asset = apprise.AppriseAsset(
        app_id="Zonewatch", async_mode=False, http_redirects=False, storage_mode="memory", service_timeout=how.total_s
    )
    service = apprise.Apprise(asset=asset)
    if not service.add(channel.url):
        raise NotSent("Apprise does not know this URL")
    return service


def _quietly() -> None:
    """What the libraries log themselves has the URL in it, and its keys; what came of a message is told by ours."""
    own = logging.getLogger("apprise")
    own.propagate = False
    if not own.handlers:
        own.addHandler(logging.NullHandler())
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
