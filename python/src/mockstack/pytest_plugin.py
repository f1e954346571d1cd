"""The plugin for pytest. It is found by itself: a test takes the fixture ``openstack_cloud``."""

from __future__ import annotations

import shlex
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

# Nothing else is imported before a test needs a cloud: pytest loads this file in every project that has the package.
if TYPE_CHECKING:
    from . import Cloud, Server, Verdict
    from ._servers import Servers


@dataclass
class Watched:
    """The clouds of a test, and whether their verdict is still awaited: not before the test ran, nor once it failed."""

    clouds: list[Cloud] = field(default_factory=list)
    is_awaited: bool = False
    report: str | None = None


WATCHED = pytest.StashKey[Watched]()
SERVERS = pytest.StashKey["Servers"]()
OUTSIDE = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("mockstack", "fake OpenStack clouds")
    group.addoption(
        "--mockstack-release", metavar="RANGE",
        help="run each test that uses a cloud on this OpenStack release, or on each of a range: train..2026.2",
    )  # fmt: skip
    group.addoption(
        "--mockstack-serve", metavar="OPTIONS", default="",
        help="more options of `mockstack serve`, such as '--report junit=clouds.xml'",
    )  # fmt: skip
    group.addoption(
        "--mockstack-snapshots", metavar="DIR",
        help="compare the requests of each test with its snapshots in DIR; also in pytest.ini, mockstack_snapshots",
    )  # fmt: skip
    group.addoption("--mockstack-update", action="store_true", help="write the snapshots anew")
    parser.addini("mockstack_snapshots", "folder of the snapshots", default="")
    parser.addini("mockstack_serve", "options of `mockstack serve`", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Announces the marker."""
    keys = "release, fixtures, faults, allow, expect, answers"
    config.addinivalue_line("markers", f"mockstack({keys}): what the cloud of a test is like, and what it is to complain about")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a process of pytest-xdist where to ask for servers."""
    node.workerinput["mockstack"] = _servers(node.config).shared()


def _servers(config: pytest.Config) -> Servers:
    from ._servers import Own, Remote

    if SERVERS not in config.stash:
        shared = getattr(config, "workerinput", {}).get("mockstack")
        options = [*config.getini("mockstack_serve"), *shlex.split(config.getoption("--mockstack-serve"))]
        folder = _snapshots(config)
        # Who runs a part of the tests misses no snapshots of the others; a difference fails, unless it is wanted.
        options += ["--snapshots", folder, "--partial"] if folder else []
        env = {"CI": "false" if config.getoption("--mockstack-update") else "true"} if folder else {}
        config.stash[SERVERS] = Remote(*shared) if shared else Own(options, config.rootpath, env)
    return config.stash[SERVERS]


def _snapshots(config: pytest.Config) -> str | None:
    """The folder of the snapshots, if they are compared."""
    told = config.getoption("--mockstack-snapshots") or config.getini("mockstack_snapshots")
    usual = "snapshots" if config.getoption("--mockstack-update") else None
    return str(config.rootpath / told) if told else usual and str(config.rootpath / usual)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each release: that of its marker, or else that of the option."""
    if "mockstack" not in metafunc.fixturenames:
        return
    from ._marker import Wanted, _several

    wanted = Wanted.of(metafunc.definition).release or metafunc.config.getoption("--mockstack-release")
    if wanted:
        names = [name for own in _several(wanted) for name in _releases(own)]
        metafunc.parametrize("mockstack", list(dict.fromkeys(names)), indirect=True, scope="session")


@lru_cache
def _releases(range: str) -> list[str]:
    from . import MockstackError, releases

    try:
        return releases(range)
    except (MockstackError, OSError) as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture(scope="session")
def mockstack(request: pytest.FixtureRequest) -> Server:
    """The server of clouds: the one around the tests (`mockstack run -- pytest`), or one that is started. There is one for all
    processes of pytest-xdist."""
    return _servers(request.config).get(getattr(request, "param", None))


@pytest.fixture
def openstack_cloud(request: pytest.FixtureRequest, mockstack: Server) -> Generator[Cloud]:
    """An OpenStack cloud of the test's own. The test fails if one of its requests breaks its contract."""
    from ._marker import Wanted

    watched = request.node.stash.setdefault(WATCHED, Watched())
    cloud = Wanted.of(request.node).open(mockstack, request.node)
    watched.clouds.append(cloud)
    yield cloud
    watched.clouds.remove(cloud)
    report = cloud.report()
    verdict = cloud.close()
    # What fixtures did after the test.
    if watched.is_awaited and verdict["exit_code"] != 0:
        watched.is_awaited, watched.report = False, report + _differences(verdict)
        pytest.fail(_summary(verdict), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fails a test that passed, if the verdict of a cloud of its is not clean; explains one that failed."""
    watched = item.stash.get(WATCHED, None)
    if watched is None:
        return (yield)
    try:
        result = yield
    except Exception:
        _look(watched)
        raise
    watched.is_awaited = True
    verdict = _look(watched)
    if verdict is not None:
        watched.is_awaited = False
        pytest.fail(_summary(verdict), pytrace=False)
    return result


def _look(watched: Watched) -> Verdict | None:
    """The first verdict that is not clean; its report is kept."""
    for cloud in watched.clouds:
        verdict = cloud.verdict()
        if verdict["exit_code"] != 0:
            watched.report = cloud.report()
            return verdict
    return None


def _differences(verdict: Verdict) -> str:
    """What is not as the snapshots have it."""
    snapshots = verdict["snapshots"]
    changes = [*snapshots["missing"], *snapshots["changed"]] if snapshots else []
    return "".join(f"\n{own['file']}   {own['operation']}\n{own['diff']}" for own in changes)


def _summary(verdict: Verdict) -> str:
    reasons = "; ".join(reason["text"] for reason in verdict["reasons"])
    texts = [complaint["text"].strip() for complaint in verdict["complaints"] if complaint["fails"]]
    return f"mockstack: {reasons}" + "".join(f"\n{text}" for text in texts[:1])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the verdict to the report of a test that fails."""
    report = yield
    watched = item.stash.get(WATCHED, None)
    if watched is not None and watched.report is not None and report.outcome == "failed":
        report.sections.append(("mockstack verdict", watched.report))
        watched.report = None
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a session in which something was wrong that belongs to no test, such as a path that leads nowhere."""
    servers = session.config.stash.get(SERVERS, None)
    for server in servers.started() if servers else []:
        if any(own["fails"] and own["test"] is None for own in server.verdict()["complaints"]):
            session.config.stash.setdefault(OUTSIDE, []).append(server.report())
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Prints what belongs to no test."""
    for report in config.stash.get(OUTSIDE, []):
        terminalreporter.section("mockstack: outside of all tests", red=True)
        terminalreporter.write_line(report)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the servers that were started."""
    servers = config.stash.get(SERVERS, None)
    if servers is not None:
        servers.close()
        _accept(config)


def _accept(config: pytest.Config) -> None:
    """Keeps the snapshots that the servers have left, if that is wanted; the process that has started them does."""
    from . import MockstackError
    from ._server import accept

    folder = _snapshots(config)
    if folder and config.getoption("--mockstack-update") and not hasattr(config, "workerinput"):
        try:
            told = accept(folder)
        except MockstackError as error:
            told = str(error)
        config.get_terminal_writer().line(f"mockstack: snapshots: {told.splitlines()[-1] if told else 'none'}")
