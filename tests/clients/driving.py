"""What the scripts that drive several clients share: where things are, and the clients' installation."""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MOCKSTACK = os.environ.get("MOCKSTACK") or str(pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "mockstack")
# What keeps Python clients from warnings and caches.
QUIET = {"PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1"}


def install(name):
    """The folder of the client; ends the script with 77, or with 1 in CI, if it cannot be installed."""
    done = subprocess.run([HERE / "install.sh", name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"SKIP {name}: {done.stderr.strip().splitlines()[-1]}")
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    return done.stdout.strip()


def build():
    """Builds the program, if none is named."""
    if "MOCKSTACK" not in os.environ:
        subprocess.run(["cargo", "build", "--quiet", "--release"], cwd=ROOT, check=True)
