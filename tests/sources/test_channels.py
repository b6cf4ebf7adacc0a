"""The three kinds of channel against real servers: what is taken, refused, silent, redirected, and what their errors tell."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.notify import send as sender
from data.notify.channel import Channel
from data.notify.message import Message, NotSent, Words
from data.sources._source import Fetching
from tests.mailbox import Mailbox, mailbox
from tests.sources.web import Reply, Site, certificate, web

AT = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
SECRET = "a-secret-of-more-than-32-characters"
MESSAGE = Message(key="k" * 32, to="an@port.example", person="an", language="en", words=Words("Subject", "Text", ()), at=AT)


@pytest.fixture
def hook() -> Iterator[Site]:
    with web() as site:
        yield site


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


def to(site: Site, path: str = "/in?token=tokentoken") -> Channel:
    return Channel(id="hook", url=site.url + path, secret=SECRET)


def by(box: Mailbox, scheme: str = "smtp", **more: str) -> Channel:
    return Channel(id="mail", url=f"{scheme}://127.0.0.1:{box.port}", sender="zonewatch@port.example", **more)


def test_a_webhook_is_posted_signed(hook: Site) -> None:
    hook.says = lambda asked: Reply(status=204)
    sender.send(to(hook), MESSAGE)
    (asked,) = hook.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/in", {"token": "tokentoken"})
    assert asked.headers["Zonewatch-Key"] == MESSAGE.key
    assert asked.headers["Zonewatch-Signature"].startswith("v1=")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=500), "answered 500"),
        (Reply(status=302, headers={"Location": "/elsewhere"}), "answered 302: a redirect, which is not followed"),
        (Reply(hang=True), "silent for|not done within"),
    ],
)
def test_a_webhook_that_does_not_take_it(hook: Site, reply: Reply, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "HOW", Fetching(private=True, read_s=0.3, total_s=1.0))
    hook.says = lambda asked: reply
    with pytest.raises(NotSent, match=said) as told:
        sender.send(to(hook), MESSAGE)
    assert len(hook.asked) == 1
    assert "tokentoken" not in str(told.value)


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "smtp://[fe80::1]", "mmost://169.254.169.254/aaaaaaaaaaaa"])
def test_link_local_addresses_are_never_reached(url: str) -> None:
    with pytest.raises(NotSent, match="is never reached"):
        sender.send(Channel(id="x", url=url, secret=SECRET, sender="z@port.example"), MESSAGE)


def test_an_email_is_taken_with_its_key(mail: Mailbox) -> None:
    sender.send(by(mail), MESSAGE)
    (got,) = mail.got
    assert (got["To"], got["Zonewatch-Key"], got["Message-ID"]) == ("an@port.example", MESSAGE.key, f"<{MESSAGE.key}@port.example>")


def test_what_a_mail_server_says_is_told(mail: Mailbox) -> None:
    mail.says = "451 Greylisted, come back"
    with pytest.raises(NotSent, match="451 Greylisted"):
        sender.send(by(mail), MESSAGE)
    with pytest.raises(NotSent, match="STARTTLS"):
        sender.send(by(mail, "smtp+starttls"), MESSAGE)
    channel = by(mail)
    mail.stop()
    with pytest.raises(NotSent, match="cannot be reached"):
        sender.send(channel, MESSAGE)


def test_a_certificate_is_verified(tmp_path: Path) -> None:
    tls, authority = certificate(tmp_path)
    with web(tls) as site:
        site.says = lambda asked: Reply()
        with pytest.raises(NotSent, match="certificate"):
            sender.send(to(site), MESSAGE)
        sender.send(Channel(id="hook", url=f"{site.url}/in", secret=SECRET, ca_file=str(authority)), MESSAGE)
        assert len(site.asked) == 1
    with mailbox(starttls=tls) as box:
        url = f"smtp+starttls://localhost:{box.port}"
        own = {"sender": "z@port.example", "user": "u", "password": "hush-hush"}
        with pytest.raises(NotSent, match="certificate") as told:
            sender.send(Channel(id="mail", url=url, **own), MESSAGE)
        assert "hush-hush" not in str(told.value)
        sender.send(Channel(id="mail", url=url, ca_file=str(authority), **own), MESSAGE)
        assert len(box.got) == 1
        assert isinstance(tls, ssl.SSLContext)


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What would stand in our log if all of it were wanted. Not caplog, which hears what is kept from the log, too."""
    lines: list[str] = []
    root, handler = logging.getLogger(), logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


def test_chat_goes_through_apprise(hook: Site, logged: list[str]) -> None:
    channel = Channel(id="chat", url=f"mmost://127.0.0.1:{hook.port}/aaaaaaaaaaaabbbb")
    hook.says = lambda asked: Reply(b"ok")
    sender.send(channel, MESSAGE)
    assert [asked.path for asked in hook.asked] == ["/hooks/aaaaaaaaaaaabbbb"]
    hook.says = lambda asked: Reply(b"no such hook aaaaaaaaaaaabbbb", status=404)
    with pytest.raises(NotSent) as told:
        sender.send(channel, MESSAGE)
    assert "aaaaaaaaaaaabbbb" not in str(told.value)
    with pytest.raises(NotSent, match="does not know this URL"):
        sender.send(Channel(id="chat", url="nosuch://127.0.0.1/x"), MESSAGE)
    logging.getLogger("zonewatch").info("heard")
    assert "heard" in logged
    assert "aaaaaaaaaaaabbbb" not in "".join(logged)
