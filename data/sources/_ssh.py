"""A connection to an SFTP server that is known by its key, signed in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from typing import Any

import paramiko
from pydantic import Field, field_validator

from data.settings import Credentials
from data.sources._reach import Deadline, connected
from data.sources._source import BadSource, Fetching

_UTF8 = "utf-8", "surrogateescape"  # a name is bytes: one that is not UTF-8 is a name all the same, and comes back as those bytes
logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # what goes wrong is raised, and told in our words
_RSA = ("rsa-sha2-512", "rsa-sha2-256")


class SftpForm(Fetching):
    """What may stand under `fetch` of an SFTP source."""

    host_key: tuple[str, ...] = Field(())

    @field_validator("host_key", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list | tuple):
            raise ValueError("a key, or a list of keys")
        return tuple(_key(str(one)) for one in keys)


def _key(text: str) -> str:
    """ "TYPE BASE64" or "SHA256:..." in one form. Errors: ValueError."""
    parts = text.split()
    if len(parts) == 1 and parts[0].startswith("SHA256:"):
        if len(base64.b64decode(parts[0][7:] + "=" * (-len(parts[0][7:]) % 4))) != 32:
            raise ValueError(f"{text!r} is not a fingerprint: SHA256: and 43 letters")
        return parts[0].rstrip("=")
    try:
        blob = base64.b64decode(parts[1], validate=True)
        if blob[4 : 4 + int.from_bytes(blob[:4], "big")].decode() != parts[0]:
            raise ValueError
    except (IndexError, ValueError, binascii.Error):
        raise ValueError(f"{text!r} is not a host key: `ssh-ed25519 AAAA...` (as ssh-keyscan tells it) or SHA256:...") from None
    return f"{parts[0]} {parts[1]}"


class Names(paramiko.SFTPClient):  # type: ignore[misc]
    """A client that takes every name as it stands (the library gives up a whole listing for one name that is not UTF-8), and that never
    takes a connection which broke for the end of a file."""

    def _request(self, t: Any, *args: Any) -> Any:
        kind, said = super()._request(t, *args)
        said.get_text = lambda: said.get_string().decode(*_UTF8)
        return kind, said

    def _async_request(self, *args: Any) -> Any:
        try:
            return super()._async_request(*args)
        except EOFError as error:  # of sending; to whoever reads a file it would say that there is no more
            raise paramiko.SSHException("the connection broke") from error


def as_sent(path: str) -> bytes:
    """A path made of such names as the server knows it."""
    return path.encode(*_UTF8)


def signed_in(host: str, port: int, how: SftpForm, who: Credentials) -> tuple[paramiko.SFTPClient, Deadline]:
    """A client, and the deadline that cuts it. Errors: BadSource, OSError, paramiko.SSHException."""
    sock = connected(host, port, how)
    deadline = Deadline(sock, how.total_s)
    try:
        transport = paramiko.Transport(sock)
    except BaseException:
        deadline.over()
        sock.close()
        raise
    try:
        transport.banner_timeout = transport.auth_timeout = transport.channel_timeout = how.connect_s
        if all(not key.startswith("SHA256:") for key in how.host_key):
            # A server has keys of several sorts: have it show one of those declared.
            sorts = dict.fromkeys(key.split()[0] for key in how.host_key)
            transport.get_security_options().key_types = [s for sort in sorts for s in (_RSA if sort == "ssh-rsa" else (sort,))]
        transport.start_client(timeout=how.connect_s)
        _known(transport, host, how)
        _let_in(transport, host, who)
        client = Names.from_transport(transport)
        if client is None:
            raise BadSource(f"{host}: the server offers no SFTP")
        client.get_channel().settimeout(how.read_s)
    except BaseException:
        deadline.over()
        transport.close()
        raise
    return client, deadline


def _known(transport: paramiko.Transport, host: str, how: SftpForm) -> None:
    if not transport.initial_kex_done:
        raise TimeoutError
    shown = transport.get_remote_server_key()
    mark = "SHA256:" + base64.b64encode(hashlib.sha256(shown.asbytes()).digest()).decode().rstrip("=")
    if not {mark, f"{shown.get_name()} {shown.get_base64()}"} & set(how.host_key):
        raise BadSource(
            f"{host}: shows another key than the one declared ({shown.get_name()} {mark}): nothing was sent to it. "
            "Ask the other side whether it changed; only then change `fetch.host_key`"
        )


def _let_in(transport: paramiko.Transport, host: str, who: Credentials) -> None:
    if not who.user:
        raise BadSource(f"{host}: no user; set ZONEWATCH_FEED_<ID>_USER and _PASSWORD or _KEY_FILE")
    try:
        if who.key_file:
            transport.auth_publickey(who.user, _own_key(who))
        else:
            transport.auth_password(who.user, who.password)
    except paramiko.AuthenticationException as error:
        raise BadSource(f"{host}: does not let {who.user!r} in ({'key' if who.key_file else 'password'} refused)") from error


def _own_key(who: Credentials) -> paramiko.PKey:
    try:
        return paramiko.PKey.from_path(who.key_file, who.password.encode() if who.password else None)
    except (OSError, ValueError, TypeError, paramiko.SSHException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise BadSource(f"the key file {who.key_file} cannot be used: {why}") from error
