"""An SFTP server on loopback of another making than our client (asyncssh), that a test can have misbehave."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
USER, PASSWORD = "zone", "correct horse"


class Ssh:
    """The server, its folder (`root`), its key, and what it does at each read (`at_read`)."""

    def __init__(self, root: Path, own_key: Path) -> None:
        self.root, self.key = root, asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key.write_private_key(own_key)
        self.own_key = own_key
        self.at_read: Callable[[int], Any] = lambda offset: None  # may return an awaitable, or an exception to raise
        self.names: list[bytes] | None = None  # what a listing says instead of what is there
        self.files: list[Any] = []
        self.loop = asyncio.new_event_loop()
        self.connections: list[asyncssh.SSHServerConnection] = []
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self._start(), self.loop).result(10)
        self.port: int = self.server.sockets[0].getsockname()[1]

    @property
    def host_key(self) -> str:
        """As ssh-keyscan tells it."""
        return " ".join(self.key.export_public_key().decode().split()[:2])

    @property
    def fingerprint(self) -> str:
        return str(self.key.get_fingerprint())

    def drop(self) -> None:
        """Break every connection off."""
        for connection in self.connections:
            self.loop.call_soon_threadsafe(connection.abort)

    async def _start(self) -> Any:
        ours = self

        class Server(asyncssh.SSHServer):
            def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
                ours.connections.append(conn)

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                return (username, password) == (USER, PASSWORD)

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
                return username == USER and key == ours.client_key.convert_to_public()

        class Files(asyncssh.SFTPServer):
            def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
                super().__init__(channel, chroot=str(ours.root))

            def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
                ours.files.append(super().open(path, pflags, attrs))
                return ours.files[-1]

            async def read(self, file_obj: object, offset: int, size: int) -> bytes:
                said = ours.at_read(offset)
                if asyncio.iscoroutine(said):
                    await said
                elif isinstance(said, Exception):
                    raise said
                return super().read(file_obj, offset, size)  # type: ignore[no-any-return,return-value]

            async def scandir(self, path: bytes) -> Any:
                async for entry in super().scandir(path):
                    if ours.names is None:
                        yield entry
                for name in ours.names or ():
                    attrs = asyncssh.SFTPAttrs(size=3, permissions=0o100644, atime=0, mtime=0, type=1)
                    yield asyncssh.SFTPName(name, b"", attrs)

        return await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=[self.key], sftp_factory=Files)

    async def _stop(self) -> None:
        self.server.close()
        for connection in self.connections:
            connection.abort()
        await self.server.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self.loop).result(10)
        for file in self.files:
            file.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


@contextmanager
def ssh(root: Path, own_key: Path) -> Iterator[Ssh]:
    """A server for the length of a block."""
    server = Ssh(root, own_key)
    try:
        yield server
    finally:
        server.stop()
