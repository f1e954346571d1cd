"""A server of clouds: started here, or joined."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ._binary import find_binary, version
from ._cloud import Cloud, Verdict
from ._wire import MockstackError, Wire

_READY = re.compile(r"mockstack is ready at (\S+)/identity\n")

Fixture = Mapping[str, Any] | str | Path


class Server:
    """A server of clouds. Every test can have one of its own on it: :meth:`project`."""

    #: Where it is: ``http://HOST:PORT``.
    url: str
    #: The OpenStack release of its clouds.
    release: str

    def __init__(self, url: str, process: Process | None = None) -> None:
        self._wire, self._process = Wire(url), process
        self.url = self._wire.url
        told = self._wire.root()
        own = version()
        if own is not None and told.get("mockstack") != own:
            raise MockstackError(f"the server at {url} is mockstack {told.get('mockstack')}, but this package is {own}")
        self.release = told["release"]

    @property
    def is_own(self) -> bool:
        """Was it started here?"""
        return self._process is not None

    def __repr__(self) -> str:
        return f"<mockstack.Server {self.release} at {self.url}>"

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def project(
        self, name: str | None = None, *, fixtures: Fixture | Sequence[Fixture] = (), quotas: Mapping[str, int] | None = None,
        clock: str | None = None, env_for: str | None = None, **more: Any,
    ) -> Cloud:  # fmt: skip
        """A project with a cloud of its own. A fixture is an object, or the path of a file; docs/admin.md has all keys."""
        several = [fixtures] if isinstance(fixtures, (Mapping, str, Path)) else fixtures
        keys = {
            "name": name, "fixtures": [_fixture(own) for own in several] or None, "quotas": quotas,
            "clock": clock, "env_for": env_for, **more,
        }  # fmt: skip
        body = {key: value for key, value in keys.items() if value is not None}
        return Cloud(self._wire, self._wire.post("projects", body))

    def projects(self) -> list[str]:
        """The names of the projects that there are."""
        return [own["name"] for own in self._wire.get("projects")["projects"]]

    def verdict(self) -> Verdict:
        """What all requests came to so far."""
        verdict: Verdict = self._wire.get("verdict")
        return verdict

    def report(self, format: str = "text") -> str:
        """The same as a report, in a format of `mockstack serve --report`."""
        return self._wire.text("GET", "verdict", format=format)

    def close(self) -> int | None:
        """Stops the server, if it was started here; returns the exit code of its verdict."""
        return self._process.close() if self._process else None


class Process:
    """A server that was started here. It ends with whoever started it, however that ends: its standard input does, too."""

    def __init__(self, arguments: Sequence[str], cwd: Path | None, env: Mapping[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mockstack-"))
        record = [] if _records(arguments, cwd) else ["--record", str(self._folder / "recording.jsonl")]
        command = [find_binary(), "serve", "--until-eof", *record, *arguments]
        self._errors: IO[bytes] = (self._folder / "stderr").open("w+b")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._errors}
        own = {**os.environ, **env}
        self._process = subprocess.Popen(command, cwd=cwd, env=own, **pipes)  # type: ignore[call-overload]
        ready = _READY.fullmatch(self._process.stdout.readline().decode())
        if ready is None:
            self._process.communicate()
            told = self.errors()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise MockstackError(f"mockstack did not start:\n{told}")
        self.url = ready[1]

    def errors(self) -> str:
        """What it has written to standard error."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def close(self) -> int:
        """Stops it."""
        try:
            self._process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        code: int = self._process.returncode
        return code


def _records(arguments: Sequence[str], cwd: Path | None) -> bool:
    """Is there a recording already, by an option or by mockstack.yaml?"""
    config = (cwd or Path()) / "mockstack.yaml"
    is_configured = config.is_file() and re.search(r"^record\s*:", config.read_text(), re.MULTILINE)
    return bool(is_configured) or any(own.split("=")[0] == "--record" for own in arguments)


def _fixture(fixture: Fixture) -> Mapping[str, Any] | str:
    return fixture if isinstance(fixture, Mapping) else Path(fixture).read_text()


def start(
    release: str | None = None, *arguments: str,
    cwd: str | os.PathLike[str] | None = None, env: Mapping[str, str] | None = None,
) -> Server:  # fmt: skip
    """Starts a server on a free port. ``arguments`` are options of ``mockstack serve``, ``env`` further variables for it."""
    given = [*(["--release", release] if release else []), *arguments]
    process = Process(given, Path(cwd) if cwd else None, env or {})
    try:
        return Server(process.url, process)
    except MockstackError:
        process.close()
        raise


def join(url: str | None = None) -> Server:
    """The server at ``url``, or the one of ``mockstack run`` or of an openrc: that in ``MOCKSTACK_URL``."""
    found = url or os.environ.get("MOCKSTACK_URL")
    if not found:
        raise MockstackError("no mockstack runs around this: MOCKSTACK_URL is not set")
    return Server(found)


def releases(range: str = "..") -> list[str]:
    """The releases of a range, the oldest first: ``train..2026.2``, ``pike..``, ``train``."""
    told = subprocess.run([find_binary(), "releases", range], capture_output=True, text=True)
    if told.returncode != 0:
        raise MockstackError(told.stderr.strip())
    return told.stdout.split()


def accept(snapshots: str | os.PathLike[str]) -> str:
    """Accepts the pending snapshots in that folder; returns what was accepted."""
    told = subprocess.run([find_binary(), "accept", "--snapshots", str(snapshots)], capture_output=True, text=True)
    if told.returncode != 0:
        raise MockstackError(told.stderr.strip())
    return told.stdout
