"""Finds the program that was installed with this package, and never that of another installation."""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

NAME = "mockstack" + (sysconfig.get_config_var("EXE") or "")

# The folder, or the archive, from which this package was imported.
ROOT = Path(__file__).parent.parent


def version() -> str | None:
    """The version of this package; ``None`` if it is not installed as one."""
    return next((own.version for own in _distributions()), None)


def find_binary() -> str:
    """The path of the program: that in ``MOCKSTACK_BIN``, or else the one that came with this package."""
    told = os.environ.get("MOCKSTACK_BIN")
    if told:
        if not _is_program(Path(told)):
            raise FileNotFoundError(f"MOCKSTACK_BIN is not a program: {told}")
        return told
    if zipfile.is_zipfile(ROOT):
        return _unpacked(ROOT)
    places = list(dict.fromkeys(_places()))
    found = next(filter(_is_program, places), None)
    if found is None:
        looked = "".join(f"\n  {place}" for place in places)
        raise FileNotFoundError(f"mockstack's program was not installed with its package; set MOCKSTACK_BIN\nlooked for:{looked}")
    return str(found)


def _distributions() -> Iterator[Distribution]:
    yield from Distribution.discover(name="mockstack", path=[str(ROOT)])


def _places() -> Iterator[Path]:
    """Where the program may be, the surest first."""
    # What the installer wrote down: a venv, --user, --prefix, and the layered environments of uv.
    for own in _distributions():
        for file in own.files or []:
            if file.name == NAME and file.parent.name in ("bin", "Scripts"):
                yield Path(os.path.normpath(str(own.locate_file(file))))
    # `pip install --target` moves the program after that was written; pex and shiv unpack in the same way.
    yield ROOT / "bin" / NAME
    # Packages of a distribution come without what the installer wrote down.
    for scheme in sysconfig.get_scheme_names():
        if ROOT in (Path(sysconfig.get_path(kind, scheme)) for kind in ("purelib", "platlib")):
            yield Path(sysconfig.get_path("scripts", scheme)) / NAME
    if ROOT == Path("/usr/lib/python3/dist-packages"):
        yield Path("/usr/bin") / NAME


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _unpacked(archive: Path) -> str:
    """The program out of a zipapp, which cannot be run from there: it is kept in the user's cache, by its checksum."""
    with zipfile.ZipFile(archive) as opened:
        member = next((own for own in opened.infolist() if own.filename == f"bin/{NAME}"), None)
        if member is None:
            raise FileNotFoundError(f"{archive} has no bin/{NAME}; was it made of a folder of `pip install --target`?")
        path = _cache() / f"{member.CRC:08x}-{member.file_size}" / NAME
        if not _is_program(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Others may be at it, too: who finds the file finds all of it.
            handle, new = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(opened.read(member))
            os.chmod(new, 0o755)
            os.replace(new, path)
    return str(path)


def _cache() -> Path:
    told = os.environ.get("XDG_CACHE_HOME")
    if sys.platform == "darwin" and not told:
        return Path.home() / "Library" / "Caches" / "mockstack"
    return (Path(told) if told else Path.home() / ".cache") / "mockstack"
