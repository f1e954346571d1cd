#!/usr/bin/env python3
"""compare.py URL COMMAND…: how long COMMAND takes until URL is answered, and how much memory it and its children then take: the best of ten
starts, as a busy machine adds time and takes none away. What docs/why.md has was measured with it."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


def children(pid: int) -> list[int]:
    """The process and all below it."""
    try:
        own = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in own for one in children(int(child)))]


def memory(pid: int) -> int:
    """KiB, what is shared counted once."""
    lines = (line for own in children(pid) for line in Path(f"/proc/{own}/smaps_rollup").read_text().splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def start(url: str, command: list[str]) -> tuple[float, int]:
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(url):
            assert process.poll() is None and time.monotonic() < begun + 120, f"{command} does not answer"
            time.sleep(0.001)
        took = time.monotonic() - begun
        time.sleep(0.5)
        return took, memory(process.pid)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    url, *command = sys.argv[1:]
    assert not answers(url), f"something answers at {url} already"
    measured = [start(url, command) for _ in range(10)]
    took, taken = (min(column) for column in zip(*measured, strict=True))
    print(f"{took * 1000:.0f} ms, {taken / 1024:.1f} MiB: {' '.join(command)}")


main()
