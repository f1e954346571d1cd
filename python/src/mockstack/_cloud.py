"""A project with a cloud of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from ._wire import Wire

if TYPE_CHECKING:
    from openstack.connection import Connection


class Reason(TypedDict):
    """Why a verdict is not clean."""

    name: str
    text: str


class Complaint(TypedDict):
    """What is wrong with a request; docs/report.schema.json has all keys."""

    operation: str
    test: str | None
    fails: bool
    violations: list[dict[str, Any]]
    text: str


class Verdict(TypedDict):
    """What the requests came to; docs/report.schema.json has all keys."""

    verdict: str
    exit_code: int
    reasons: list[Reason]
    requests: int
    accepted: int
    complaints: list[Complaint]
    snapshots: dict[str, Any] | None


class Cloud:
    """A cloud of its own: state, quotas, ids, clock, faults and verdict are nobody else's."""

    #: The name of the project, and of its user.
    name: str
    #: The id of the project.
    id: str
    user: str
    password: str
    #: The variables of an openrc, for a client that is started.
    env: dict[str, str]
    #: The text of a clouds.yaml with the cloud ``mockstack``.
    clouds_yaml: str

    def __init__(self, wire: Wire, made: Mapping[str, Any]) -> None:
        self._wire = wire
        self._connections: list[Connection] = []
        self.name, self.id = made["name"], made["id"]
        self.user, self.password = made["user"], made["password"]
        self.env, self.clouds_yaml = dict(made["env"]), made["clouds_yaml"]

    def __repr__(self) -> str:
        return f"<mockstack.Cloud {self.name!r} at {self._wire.url}>"

    def __enter__(self) -> Cloud:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connection(self, **options: Any) -> Connection:
        """A connection of openstacksdk, which has to be installed; ``options`` are those of ``openstack.connect``."""
        import openstack

        own = json.loads(self.clouds_yaml)["clouds"]["mockstack"]
        made = openstack.connect(load_envvars=False, load_yaml_config=False, **{**own, **options})
        # Proxies of the environment do not lead to this machine.
        made.session.session.trust_env = False
        self._connections.append(made)
        return made

    def state(self) -> dict[str, list[dict[str, str | None]]]:
        """What it holds: a list for each collection (``servers``, ``images`` …) of id, name, status and project."""
        state: dict[str, list[dict[str, str | None]]] = self._wire.get("state", project=self.name)
        return state

    def requests(self) -> list[dict[str, Any]]:
        """What it was asked: an interaction each, as a recording has them (docs/recording-format.md)."""
        lines = self._wire.text("GET", "recording", project=self.name).splitlines()
        return [line for line in map(json.loads, lines) if "request" in line]

    def fault(self, fault: str | Mapping[str, Any] | None = None, **keys: Any) -> int:
        """Has something go wrong from now on: ``fault("boot-503", times=2)``, or any keys of docs/faults.md. Returns its
        number, by which it can be ended."""
        row = {"fault": fault} if isinstance(fault, str) else dict(fault or {})
        number: int = self._wire.post("faults", {**row, **keys, "project": self.name})["fault"]["id"]
        return number

    def end_fault(self, number: int | None = None) -> None:
        """Ends the fault of that number, or all of them."""
        self._wire.delete("faults", project=self.name, id=None if number is None else str(number))

    def advance(self, seconds: float) -> str:
        """Sets the clock ahead: tokens end, builds are done. Returns the time there."""
        now: str = self._wire.post("clock", {"advance": seconds}, project=self.name)["now"]
        return now

    def reset(self) -> None:
        """Goes back to the beginning, and forgets what was asked."""
        self._wire.post("reset", project=self.name)

    def label(
        self, test: str | None, *, file: str | None = None, line: int | None = None,
        allow: Sequence[str] = (), expect: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """From now on it is ``test`` that asks. ``allow`` and ``expect`` are of the form ``CODE@OPERATION``."""
        place = {key: value for key, value in (("file", file), ("line", line)) if value is not None}
        rules = {"allow": list(allow), "expect": list(expect)}
        self._wire.post("label", {"project": self.name, "test": test, **place, **rules})

    def verdict(self) -> Verdict:
        """What its requests came to so far."""
        verdict: Verdict = self._wire.get(f"projects/{self.name}")
        return verdict

    def report(self, format: str = "text") -> str:
        """The same as a report, in a format of `mockstack serve --report`."""
        return self._wire.text("GET", f"projects/{self.name}", format=format)

    def assert_clean(self) -> None:
        """Fails unless every request so far was right."""
        if self.verdict()["exit_code"] != 0:
            raise AssertionError(self.report())

    def close(self) -> Verdict:
        """Takes the project away with all that is in it. Returns the last verdict."""
        for made in self._connections:
            made.close()
        verdict: Verdict = self._wire.delete(f"projects/{self.name}")
        return verdict
