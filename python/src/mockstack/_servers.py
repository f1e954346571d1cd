"""The servers of a test session: one for each release that is asked for, whatever the number of processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any, Protocol

from ._server import Server, join, start
from ._wire import MockstackError


class Servers(Protocol):
    """Gives the server of a release; without one, the server that the session is about."""

    def get(self, release: str | None) -> Server:
        """The server of ``release``."""

    def started(self) -> list[Server]:
        """The servers that this process has started."""

    def shared(self) -> tuple[Any, bytes]:
        """What another process makes a :class:`Remote` of."""

    def close(self) -> None:
        """Stops those that this process has started."""


class Own:
    """Servers that are started when they are first asked for, beside the one around the session, if there is one."""

    def __init__(self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        self._arguments, self._cwd, self._env = arguments, cwd, env
        self._started: dict[str | None, Server] = {}
        self._lock = threading.Lock()
        self._broker: Broker | None = None

    def get(self, release: str | None) -> Server:
        """The server of ``release``."""
        with self._lock:
            found = next((own for own in self._started.values() if own.release == release), None)
            found = found or self._started.get(release)
            return found or self._started.setdefault(release, self._start(release))

    def _start(self, release: str | None) -> Server:
        if None not in self._started and os.environ.get("MOCKSTACK_URL"):
            joined = self._started.setdefault(None, join())
            if release in (None, joined.release):
                return joined
        arguments = (own.replace("{release}", release or "default") for own in self._arguments)
        return start(release, *arguments, cwd=self._cwd, env=self._env)

    def shared(self) -> tuple[Any, bytes]:
        """What another process makes a :class:`Remote` of."""
        self._broker = self._broker or Broker(self)
        return self._broker.address

    def started(self) -> list[Server]:
        """The servers that were asked for and are not joined."""
        return [own for own in self._started.values() if own.is_own]

    def close(self) -> None:
        """Stops all of them."""
        for own in self._started.values():
            own.close()
        self._started.clear()


class Broker:
    """Lets other processes ask for the servers of this one."""

    def __init__(self, servers: Own) -> None:
        self._servers, self._key = servers, os.urandom(32)
        self._listener = Listener(authkey=self._key)
        self.address = (self._listener.address, self._key)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                with self._listener.accept() as asker:
                    asker.send(self._answer(asker.recv()))
            except (OSError, EOFError):
                continue

    def _answer(self, release: str | None) -> tuple[str | None, str | None]:
        try:
            return self._servers.get(release).url, None
        except (MockstackError, OSError) as error:
            return None, str(error)


class Remote:
    """The servers of the process that started this one."""

    def __init__(self, address: Any, key: bytes) -> None:
        self._address, self._key = address, key
        self._joined: dict[str | None, Server] = {}

    def get(self, release: str | None) -> Server:
        """The server of ``release``."""
        if release not in self._joined:
            with Client(self._address, authkey=self._key) as asked:
                asked.send(release)
                url, error = asked.recv()
            if url is None:
                raise MockstackError(error)
            self._joined[release] = Server(url)
        return self._joined[release]

    def started(self) -> list[Server]:
        """None: the other process starts them."""
        return []

    def shared(self) -> tuple[Any, bytes]:
        """The same way to the other process."""
        return self._address, self._key

    def close(self) -> None:
        """The other process stops them."""
