"""Which addresses a source may reach, and for how long.

A name is resolved once, the address that came out is looked at, and that very address is connected to: a name that changes its address
between the look and the connection (DNS rebinding) gains nothing. Only public addresses, unless the feed says `private: true`: then also
those of our own network and of this machine. Link-local ones (169.254.169.254 hands out the keys of a cloud machine), multicast and
reserved ones never.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from data.sources._source import BadSource, Fetching, Unreached

_NAT64 = IPv6Network("64:ff9b::/96")
_PUBLIC6 = IPv6Network("2000::/3")  # the rest is local, reserved, or has an IPv4 address in it (::a.b.c.d, ::ffff:0:a.b.c.d)
_OWN6 = IPv6Network("fc00::/7")
Address = tuple[Any, ...]


def may_reach(address: str, private: bool) -> bool:
    """Whether a numeric address may be connected to. IPv4 addresses that hide in IPv6 ones are looked at as what they are."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            within = IPv4Address(int(ip) & 0xFFFFFFFF)
        if within is not None:
            ip = within
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    if ip.is_loopback:
        return private
    if isinstance(ip, IPv6Address) and ip not in _PUBLIC6:
        return private and ip in _OWN6
    return ip.is_global or (private and ip.is_private and not ip.is_reserved)


def resolved(host: str, port: int, private: bool) -> list[tuple[int, Address]]:
    """(family, address) of a host, only those that may be reached. Errors: BadSource."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadSource(f"{host}: no such host ({getattr(error, 'strerror', None) or error})") from None
    allowed: list[tuple[int, Address]] = [(family, address) for family, *_, address in found if may_reach(str(address[0]), private)]
    if not allowed:
        refused = ", ".join(sorted({str(address[0]) for *_, address in found}))
        why = "is never reached" if private else "is not a public address; is it ours, say `fetch: {private: true}`"
        raise BadSource(f"{host}: {refused} {why}")
    return allowed


def connected(host: str, port: int, how: Fetching) -> socket.socket:
    """A connection to the first address of a host that may be reached and answers. Errors: BadSource."""
    last: OSError | None = None
    for family, address in resolved(host, port, how.private):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(how.connect_s)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
            continue
        sock.settimeout(how.read_s)
        return sock
    said = f"no answer within {how.connect_s:g} s" if isinstance(last, TimeoutError) else getattr(last, "strerror", None) or str(last)
    raise Unreached(f"{host}:{port} cannot be reached: {said}")


class Deadline:
    """Cuts a connection after so many seconds: a server that sends a byte now and then never runs into a time-out of silence."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.sock, self.passed = sock, False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.passed = True
        _shut(self.sock)

    def over(self) -> None:
        """The connection is done with."""
        self._timer.cancel()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # closed already
        # Not SSLSocket.shutdown, which takes the encryption away under whoever is reading.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


@contextmanager
def told(where: str, deadline: Deadline | None = None, how: Fetching | None = None) -> Iterator[None]:
    """Any failure of a connection as BadSource, in words."""
    try:
        yield
    except BadSource:
        raise
    except (OSError, EOFError) as error:
        if deadline and deadline.passed and how:
            raise Unreached(f"{where}: not done within {how.total_s:g} s") from error
        if isinstance(error, TimeoutError):
            raise Unreached(f"{where}: silent for {how.read_s:g} s" if how else f"{where}: silent") from error
        raise Unreached(f"{where}: the connection broke ({getattr(error, 'strerror', None) or error or type(error).__name__})") from error
