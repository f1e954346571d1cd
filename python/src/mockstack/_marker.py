"""What ``@pytest.mark.mockstack(…)`` says about the cloud of a test."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ._cloud import Cloud
    from ._server import Fixture, Server


@dataclass
class Wanted:
    """The cloud that a test wants. Of several markers the one closest to the test says what it says."""

    release: str | Sequence[str] | None = None
    fixtures: Fixture | Sequence[Fixture] = ()
    faults: str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]] = ()
    allow: str | Sequence[str] = ()
    expect: str | Sequence[str] = ()
    answers: str | None = None

    @staticmethod
    def of(node: pytest.Item) -> Wanted:
        """What the markers of ``node`` say."""
        known = {own.name for own in fields(Wanted)}
        said: dict[str, Any] = {}
        for marker in node.iter_markers("mockstack"):
            wrong = [*map(repr, marker.args), *(key for key in marker.kwargs if key not in known)]
            if wrong:
                keys = ", ".join(f"{key}=" for key in sorted(known))
                raise pytest.UsageError(f"{node.nodeid}: the marker mockstack takes {keys} and no {wrong[0]}")
            said = {**marker.kwargs, **said}
        return Wanted(**said)

    def open(self, server: Server, node: pytest.Item) -> Cloud:
        """Makes the cloud on ``server``."""
        folder = node.path.parent
        fixtures = [own if isinstance(own, Mapping) else folder / own for own in _several(self.fixtures)]
        more: dict[str, Any] = {"answers": self.answers} if self.answers else {}
        cloud = server.project(_free(server, _name(node)), fixtures=fixtures, **more)
        file, line, _ = node.location
        place = {"file": file, "line": None if line is None else line + 1}
        cloud.label(node.nodeid, **place, allow=_several(self.allow), expect=_several(self.expect))  # type: ignore[arg-type]
        for fault in _several(self.faults):
            cloud.fault(fault)
        return cloud


def _several(value: Any) -> list[Any]:
    return [value] if isinstance(value, (str, Path, Mapping)) else list(value)


def _name(node: pytest.Item) -> str:
    """A name that is the same in every run, so that ids are, too, and no other test has."""
    plain = re.sub(r"[^A-Za-z0-9_.]+", "-", node.name).strip("-")
    return f"{plain[:48]}-{hashlib.sha256(node.nodeid.encode()).hexdigest()[:8]}"


def _free(server: Server, name: str) -> str:
    """``name``, or with a number if the same test runs elsewhere at this server."""
    taken = server.projects()
    number = 1
    found = name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
