"""The program is found wherever the package is installed: those ways that a `mockstack` beside Python does not tell of.

MOCKSTACK_WHEEL is the wheel."""

import os
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

WHEEL = Path(os.environ["MOCKSTACK_WHEEL"])
VERSION = WHEEL.name.split("-")[1]
FOUND = "import mockstack; print(mockstack.find_binary())"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Neither a variable nor PATH leads to a program; home is empty."""
    for name in ("MOCKSTACK_BIN", "PYTHONPATH", "VIRTUAL_ENV", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def ran(*command, **variables):
    own = subprocess.run(list(map(str, command)), env={**os.environ, **variables}, capture_output=True, text=True)
    assert own.returncode == 0, own.stderr
    return own.stdout.strip()


def pip(*options):
    ran(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check", *options, WHEEL)


def is_found(where, *python, **variables):
    """The program is the one below ``where``, and runs by `-m`."""
    found = Path(ran(*python, "-c", FOUND, **variables))
    assert found.resolve().is_relative_to(where.resolve()), found
    assert ran(*python, "-m", "mockstack", "--version", **variables) == f"mockstack {VERSION}"
    return found


def test_wheel_is_small():
    assert WHEEL.stat().st_size < 5_000_000


def test_target(elsewhere):
    """pip moves the program after it wrote down where it is. The venv of these tests has another one."""
    target = elsewhere / "target"
    pip("--target", target)
    is_found(target, sys.executable, PYTHONPATH=str(target))


def test_prefix(elsewhere):
    prefix = elsewhere / "prefix"
    pip("--ignore-installed", "--prefix", prefix)
    [packages] = prefix.glob("l*/python*/*-packages")
    is_found(prefix, sys.executable, PYTHONPATH=str(packages))


def test_user(elsewhere):
    """Beside a Python that is in no venv, as `--user` is not for those."""
    python = Path(sys.base_prefix) / "bin" / "python3"
    home = elsewhere / "home" / ".local"
    ran(python, "-m", "pip", "install", "-q", "--user", "--no-deps", "--break-system-packages", "--disable-pip-version-check", WHEEL)
    is_found(home, python)


def test_venv_that_is_not_activated(elsewhere):
    ran(sys.executable, "-m", "venv", elsewhere / "venv")
    python = elsewhere / "venv/bin/python"
    ran(python, "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check", WHEEL)
    is_found(elsewhere / "venv", python)


def test_ephemeral_environments_of_uv(elsewhere):
    """`uvx` makes an environment for one command; `uv run --with` lays one over another."""
    uv = [Path(sys.executable).parent / "uv", "--offline", "--no-config"]
    cache = {"UV_CACHE_DIR": str(elsewhere / "cache"), "UV_PYTHON": sys.executable}
    assert ran(uv[0], "tool", "run", *uv[1:], "--from", WHEEL, "mockstack", "--version", **cache) == f"mockstack {VERSION}"
    python = [uv[0], "run", *uv[1:], "--no-project", "--with", WHEEL, "python"]
    is_found(elsewhere / "cache", *python, **cache)


def test_zipapp(elsewhere):
    """Its program is kept in the user's cache, once for each version, also if several are at it."""
    target = elsewhere / "target"
    pip("--target", target)
    archive = elsewhere / "app.pyz"
    (target / "__main__.py").write_text("import runpy; runpy.run_module('mockstack', run_name='__main__')")
    zipapp.create_archive(target, archive)
    several = [subprocess.Popen([sys.executable, archive, "--version"], stdout=subprocess.PIPE) for _ in range(4)]
    assert {own.communicate()[0] for own in several} == {f"mockstack {VERSION}\n".encode()}
    [kept] = (elsewhere / "home/.cache/mockstack").glob("*/*")
    assert kept.name == "mockstack"


def test_nothing_else_is_taken(elsewhere):
    """A package without its program does not run a stranger's."""
    target = elsewhere / "target"
    pip("--target", target)
    (target / "bin/mockstack").unlink()
    stranger = elsewhere / "mockstack"
    stranger.write_text("#!/bin/sh\necho stranger")
    stranger.chmod(0o755)
    told = subprocess.run([sys.executable, "-c", FOUND], env={**os.environ, "PYTHONPATH": str(target), "PATH": str(elsewhere)}, capture_output=True, text=True)
    assert told.returncode == 1
    assert "looked for:\n  " in told.stderr and str(target / "bin/mockstack") in told.stderr
