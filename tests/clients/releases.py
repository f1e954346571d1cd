"""releases.py [--write]: three clients boot a server in every release that they can speak to, and the newer two in every cloud
of a vendor that a fixture describes, two at a time. What they sent, as the recordings have it, must be the tables in
docs/releases.md; --write makes it so. Exit codes: 0 the same, 1 another table
or a client that failed, 77 a client that cannot be installed."""
import concurrent.futures
import difflib
import os
import re
import subprocess
import sys
import tempfile

from driving import HERE, MOCKSTACK, QUIET, ROOT, build, install
from one_clean_boot import interactions, the_boot

PAGE = ROOT / "docs" / "releases.md"

# The client, what drives it, and the API version without which it cannot log in.
CLIENTS = [
    ("novaclient-2.17", ["bash", "novaclient-2.17.sh"], "identity-v2"),
    ("osc", ["bash", "osc.sh"], "identity"),
    ("sdk-proxy", ["python", "sdk-proxy.py"], "identity"),
]
# The command lines take seconds a command: they boot and delete, nothing else.
ONLY = {"novaclient-2.17": "networks,boot to ACTIVE,delete", "osc": "boot to ACTIVE,delete"}
HEAD = [
    "| client | cloud | logs in at | looks for Nova's versions at | boots at | microversion | keys of `server` |\n",
    "|---|---|---|---|---|---|---|\n",
]


def table(page, name):
    """Where the table `name` stands in the page."""
    start = page.index(f"<!-- table: {name} -->\n") + len(f"<!-- table: {name} -->\n")
    end = page.find("\n\n", start)
    return start, len(page) if end < 0 else end + 1


def releases():
    """Every release, how it is chosen, and the API versions that it offers."""
    page = PAGE.read_text(encoding="utf-8")
    start, end = table(page, "releases")
    rows = [re.match(r"\| (\S+) \| .* \| (.*) \|", line) for line in page[start:end].splitlines()[2:]]
    return [(row[1], ["--release", row[1]], {offer.split()[0] for offer in row[2].split(", ")}) for row in rows]


def vendors():
    """The same of the clouds of fixtures/scenarios/vendor-*.yaml."""
    files = sorted((ROOT / "fixtures" / "scenarios").glob("vendor-*.yaml"))
    return [(file.stem, ["--fixtures", str(file)], {"identity"}) for file in files]


def run(name, steps, venv, cloud, chosen):
    """Takes a client through `cloud`; the row of what it sent."""
    with tempfile.TemporaryDirectory() as home:
        recording = os.path.join(home, "recording.jsonl")
        told = {"HOME": home, "PATH": f"{venv}/bin:{os.environ['PATH']}", "ONLY": ONLY.get(name, "")}
        command = [MOCKSTACK, "run", *chosen, "--record", recording, "--", steps[0], str(HERE / steps[1])]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(command, env={**os.environ, **told, **QUIET}, **pipes, text=True, timeout=300)
        if done.returncode or "verdict       clean (exit code 0)" not in done.stdout:
            raise RuntimeError(f"{name} against {cloud}: exit code {done.returncode}\n{done.stdout}")
        return row(name, cloud, interactions(recording))


def row(name, cloud, lines):
    login = next(line for line in lines if ".tokens." in line["operation"])
    boot = the_boot(lines)
    headers = dict(boot["request"]["headers"])
    sent = {headers.get("openstack-api-version", "").replace("compute ", ""), headers.get("x-openstack-nova-api-version", "")}
    documents = {path(line): None for line in lines if re.match(r"compute.*\.versions\.", line["operation"])}
    cells = [name, cloud, path(login), ", ".join(documents) or "nowhere", path(boot)]
    cells += [" and ".join(sorted(sent - {""})) or "none", keys(boot["shape"])]
    return "| " + " | ".join(cells) + " |\n"


def keys(shape):
    """`server.name server.networks.uuid server.networks.port` as `name, networks (uuid, port)`."""
    inner = {}
    for place in shape.replace("server.", "").split():
        key, _, below = place.partition(".")
        inner.setdefault(key, []).append(below)
    return ", ".join(f"{key} ({', '.join(below)})" if below[0] else key for key, below in inner.items())


def path(line):
    """`POST /identity/v3/auth/tokens`; an id that it holds is the project's."""
    target = re.sub(r"/[0-9a-f]{32}/", "/{project}/", line["request"]["target"])
    return f"{line['request']['method']} {target}"


def main():
    venvs = {name: install(name) for name, *_ in CLIENTS}
    build()
    try:
        results = {name: rows(clouds, venvs) for name, clouds in [("clients", releases()), ("vendors", vendors())]}
    except RuntimeError as error:
        print(f"FAIL {error}")
        return 1
    kept = page = PAGE.read_text(encoding="utf-8")
    for name, found in results.items():
        start, end = table(page, name)
        page = page[:start] + "".join(found) + page[end:]
    if page != kept and "--write" not in sys.argv:
        lines = difflib.unified_diff(kept.splitlines(True), page.splitlines(True), "docs/releases.md", "what the clients sent")
        sys.stdout.writelines(lines)
        print("FAIL: tests/clients/releases.py --write puts it right")
        return 1
    PAGE.write_text(page, encoding="utf-8")
    print(f"PASS {sum(len(found) - len(HEAD) for found in results.values())} runs, as docs/releases.md has them")
    return 0


def rows(clouds, venvs):
    """The table of what each client sent to each of the clouds that it can log in to."""
    jobs = [
        (name, steps, venvs[name], cloud, chosen)
        for name, steps, needed in CLIENTS
        for cloud, chosen, offers in clouds
        if needed in offers
    ]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [*HEAD, *pool.map(lambda job: run(*job), jobs)]


if __name__ == "__main__":
    sys.exit(main())
